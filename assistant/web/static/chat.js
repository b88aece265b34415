// What Gradio's pages lack: following a citation to its source and back, the language of the page, and names.
(() => {
  const language = navigator.language.slice(0, 2)
  if (language === 'de') document.documentElement.lang = language

  let followed = null

  const show = (card) => {
    for (const group of document.querySelectorAll('#sources .group')) group.classList.toggle('active', group.contains(card))
    for (const other of document.querySelectorAll('#sources .card')) other.classList.toggle('current', other === card)
    card.focus({ preventScroll: true })
    card.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' })
  }

  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.cite, a.back')
    if (!link) return
    event.preventDefault()
    if (link.matches('.back')) return followed?.isConnected ? followed.focus() : undefined
    const card = document.getElementById(link.hash.slice(1))
    if (!card) return
    followed = link
    show(card)
  })

  // Gradio labels every message with its whole HTML source, which screen readers would read out.
  new MutationObserver(() => {
    for (const message of document.querySelectorAll('[data-testid="user"][aria-label], [data-testid="bot"][aria-label]')) {
      message.removeAttribute('aria-label')
    }
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ['aria-label'] })
})()
