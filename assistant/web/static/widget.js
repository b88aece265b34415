// A button that opens the chat on any page: <script src="https://chat.example.org/widget.js" data-…></script>
// It is in a shadow tree and a frame, so the page's styles do not reach it; docs/embedding.md lists the attributes.
(() => {
  const script = document.currentScript
  if (!script.isConnected) return // the page has removed the script before it ran
  const options = script.dataset
  const page = new URL('embed', script.src)
  const WORDS = {
    en: { open: 'Ask our documents', close: 'Close the chat' },
    de: { open: 'Unsere Dokumente fragen', close: 'Chat schließen' },
  }
  const words = WORDS[(options.language || navigator.language).slice(0, 2).toLowerCase()] ?? WORDS.en
  const label = options.label || words.open
  const accent = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(options.accent ?? '') ? options.accent : '#1d4ed8'

  // Important declarations of a shadow tree override those of the page, also those for `*`.
  // No rem: its size is that of the page's text.
  const STYLE = `
    :host { all: initial !important; position: fixed !important; z-index: 2147483000 !important; inset: auto 20px 20px auto !important; display: block !important;
      width: 56px !important; height: 56px !important; font-size: 16px !important; }
    :host([data-side="left"]) { inset: auto auto 20px 20px !important; }
    @media print { :host { display: none !important; } }
    button { all: initial; display: grid; place-items: center; width: 56px; height: 56px; border-radius: 50%; cursor: pointer;
      background: var(--assistant-accent); color: var(--assistant-ink); box-shadow: 0 4px 16px #0005; }
    button:focus-visible { outline: 3px solid var(--assistant-accent); outline-offset: 3px; }
    svg { width: 25.6px; height: 25.6px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    button[aria-expanded="true"] .open, button[aria-expanded="false"] .shut, section[hidden] { display: none; }
    section { position: fixed; inset: auto 20px 88px auto; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100vh - 112px)); }
    :host([data-side="left"]) section { inset: auto auto 88px 20px; }
    @media (max-width: 480px) { :host section, :host([data-side="left"]) section { inset: 8px 8px 84px; width: auto; height: auto; } }
    iframe { all: initial; display: block; width: 100%; height: 100%; border: 1px solid #8886; border-radius: 16px; box-sizing: border-box;
      background: Canvas; box-shadow: 0 12px 40px #0005; }`
  const ICONS = ['M4 5h16v11H9l-5 4z', 'M6 6l12 12M18 6L6 18']

  const make = (tag, attributes = {}, ...children) => {
    const one = tag === 'svg' || tag === 'path' ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value)
    one.append(...children)
    return one
  }

  // White or black, whichever has the higher contrast to the accent.
  const ink = () => {
    const digits = accent.length === 4 ? [...accent.slice(1)].map((sign) => sign + sign).join('') : accent.slice(1)
    const linear = [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16) / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? '#000' : '#fff'
  }

  const address = () => {
    const query = new URLSearchParams({ origin: location.origin })
    for (const name of ['language', 'theme', 'accent', 'documents', 'greeting']) if (options[name]) query.set(name, options[name])
    return `${page}?${query}`
  }

  // The token: from a function of the page, from the page's back end, or from the attribute.
  const token = async () => {
    const own = window[options.tokenFunction]
    if (typeof own === 'function') return own()
    if (!options.tokenUrl) return options.token
    const response = await fetch(options.tokenUrl, { cache: 'no-store', headers: { Accept: 'application/json' } })
    return response.ok ? (await response.json()).token : ''
  }

  const icon = (name, path) => make('svg', { class: name, viewBox: '0 0 24 24', 'aria-hidden': 'true' }, make('path', { d: path }))
  const button = make('button', { type: 'button', 'aria-expanded': 'false', 'aria-label': label, title: label }, icon('open', ICONS[0]), icon('shut', ICONS[1]))
  const panel = make('section', { role: 'dialog', 'aria-label': label, hidden: '' })
  const host = make('article-assistant', { 'data-side': options.position === 'left' ? 'left' : 'right' })
  const shadow = host.attachShadow({ mode: 'open' })
  const style = new CSSStyleSheet() // allowed by every content security policy
  style.replaceSync(STYLE)
  shadow.adoptedStyleSheets = [style]
  for (const one of [button, panel]) {
    one.style.setProperty('--assistant-accent', accent)
    one.style.setProperty('--assistant-ink', ink())
  }
  shadow.append(button, panel)

  let frame = null
  let ready = false
  const post = (message) => frame.contentWindow?.postMessage({ source: 'article-assistant', ...message }, page.origin)
  const focus = () => {
    frame.focus()
    if (ready) post({ type: 'focus' })
  }

  const sendToken = () => token().catch(() => '').then((value) => post({ type: 'token', token: value || '' }))

  const show = (open, automatic = false) => {
    if (open && !frame) {
      frame = make('iframe', { src: address(), title: label, allow: 'clipboard-write', referrerpolicy: 'no-referrer' })
      panel.append(frame)
    }
    panel.hidden = !open
    button.setAttribute('aria-expanded', open)
    button.setAttribute('aria-label', open ? words.close : label)
    button.title = open ? words.close : label
    if (!open) button.focus()
    else if (!automatic) focus()
  }

  const receive = (event) => {
    if (!host.isConnected) return removeEventListener('message', receive) // the page has removed the chat
    if (!frame || event.source !== frame.contentWindow || event.origin !== page.origin || event.data?.source !== 'article-assistant') return
    if (event.data.type === 'ready') {
      ready = true
      if (shadow.activeElement === frame) focus()
      if (options.token || options.tokenUrl || options.tokenFunction) sendToken()
    }
    if (event.data.type === 'close') show(false)
    if (event.data.type === 'token') sendToken()
  }
  button.addEventListener('click', () => show(panel.hidden))
  shadow.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !panel.hidden) show(false) })

  const place = () => {
    document.body.append(host)
    addEventListener('message', receive)
    if (options.open === 'true') show(true, true)
  }
  if (document.body) place()
  else addEventListener('DOMContentLoaded', place)
})()
