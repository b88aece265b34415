// The theme that the reader has switched to on the other pages, before anything is drawn.
(() => {
  const root = document.documentElement
  if (root.dataset.theme) return
  try {
    const theme = localStorage.getItem('theme')
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  } catch { /* not allowed in a frame of another site */ }
})()
