// How many findings of standing questions nobody has looked at, beside the link to their page and beside the menu that it may be in.
(() => {
  const link = () => [...document.querySelectorAll('#head a.nav')].find((one) => /\/questions$/.test(new URL(one.href, document.baseURI).pathname))

  const put = (place, count) => {
    let badge = place.querySelector('.badge')
    if (!count) return badge?.remove()
    badge ??= place.appendChild(Object.assign(document.createElement('span'), { className: 'badge' }))
    badge.textContent = count > 99 ? '99+' : count
  }
  const show = async () => {
    let count = 0
    try {
      const response = await fetch(new URL('api/questions?limit=0', document.baseURI))
      if (response.ok) count = (await response.json()).new
    } catch { /* the server is away: nothing is shown */ }
    for (const place of [link(), document.querySelector('#head #more')]) if (place) put(place, count)
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
