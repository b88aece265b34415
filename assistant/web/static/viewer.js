// Browsers differ in whether they follow #cited on a page that is reloaded; the cited words are always wanted in view.
document.getElementById('cited')?.scrollIntoView({ block: 'center' })
