// How many findings of standing questions nobody has looked at, beside the link to their page.
(() => {
  const link = () => [...document.querySelectorAll('#head a.nav')].find((one) => /\/questions$/.test(new URL(one.href, document.baseURI).pathname))

  const show = async () => {
    const place = link()
    if (!place) return
    let count = 0
    try {
      const response = await fetch(new URL('api/questions', document.baseURI))
      if (response.ok) count = (await response.json()).new
    } catch { /* the server is away: nothing is shown */ }
    let badge = place.querySelector('.badge')
    if (!count) return badge?.remove()
    badge ??= place.appendChild(Object.assign(document.createElement('span'), { className: 'badge' }))
    badge.textContent = count > 99 ? '99+' : count
  }

  document.addEventListener('questions-changed', show)
  const seen = new MutationObserver(() => {
    if (!link()) return
    seen.disconnect()
    show()
    setInterval(() => document.hidden || show(), 60_000)
  })
  seen.observe(document.documentElement, { childList: true, subtree: true })
})()
