// The menu of the header: where there is no room for the links to all pages, the button opens those that are used more rarely.
(() => {
  const button = () => document.querySelector('#head #more')
  const menu = () => document.querySelector('#head #rarer')
  const isOpen = () => menu()?.classList.contains('open')
  const open = (wanted) => {
    menu()?.classList.toggle('open', wanted)
    button()?.setAttribute('aria-expanded', String(wanted))
  }

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('#head #more')) open(!isOpen())
    else if (isOpen() && !event.target.closest?.('#head #rarer')) open(false)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen()) return
    open(false)
    button().focus()
  })
  document.addEventListener('focusin', (event) => {
    if (isOpen() && !event.target.closest?.('#head :is(#rarer, #more)')) open(false)
  })
  const built = new MutationObserver(() => {
    if (!button() || !menu()) return
    built.disconnect()
    button().setAttribute('aria-controls', 'rarer')
    open(false)
  })
  built.observe(document.documentElement, { childList: true, subtree: true })
})()
