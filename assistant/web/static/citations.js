// Citations: following a marker to its source card and back, and the tooltip with its quote; also names for screen readers.
(() => {
  let followed = null

  const reducedMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches

  let current = null // the card that was followed: id and quote, because ids repeat in other conversations

  const quoteOf = (card) => card.querySelector('mark')?.textContent

  const show = (card) => {
    current = { id: card.id, quote: quoteOf(card) }
    for (const group of document.querySelectorAll('#sources .group')) group.classList.toggle('active', group.contains(card))
    for (const other of document.querySelectorAll('#sources .card')) other.classList.toggle('current', other === card)
    card.focus({ preventScroll: true })
    card.scrollIntoView({ block: 'nearest', behavior: reducedMotion() ? 'auto' : 'smooth' })
  }

  const follow = (link) => {
    hide()
    if (link.matches('.back')) return presentLink(followed)?.focus()
    const card = document.getElementById(link.hash.slice(1))
    if (!card) return
    followed = link
    show(card)
  }

  /** To the card before or after the current one, and round at both ends. */
  const step = (by) => {
    const cards = [...document.querySelectorAll('#sources .group.active .card')]
    if (!cards.length) return
    const now = cards.findIndex((card) => card.matches('.current'))
    show(cards[now < 0 ? (by > 0 ? 0 : cards.length - 1) : (now + by + cards.length) % cards.length])
  }
  document.addEventListener('click', (event) => {
    const button = event.target.closest('#sources [data-step]')
    if (!button) return
    step(Number(button.dataset.step))
    button.focus({ preventScroll: true }) // to be pressed again
  })
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return
    if (event.target.matches('textarea, input') || !event.target.closest('#sources, #conversation')) return
    event.preventDefault()
    step(event.key === 'ArrowUp' ? -1 : 1)
  })

  // The viewer goes on to the other sources of an answer by what is left for it here when one of them is opened.
  const MOST_ANSWERS = 10
  const leave = ({ target }) => {
    const opened = target.closest?.('.card .links a[target]')
    if (!opened) return
    const of = (card) => card.querySelector('.links a[target]').href
    const links = [...opened.closest('.group').querySelectorAll('.card')].map(of)
    try {
      const before = JSON.parse(localStorage.getItem('answer-citations')) ?? []
      const others = before.filter((answer) => !answer.includes(opened.href))
      localStorage.setItem('answer-citations', JSON.stringify([links, ...others].slice(0, MOST_ANSWERS)))
    } catch { /* not allowed here, or full: the viewer goes without */ }
  }
  for (const kind of ['click', 'auxclick']) document.addEventListener(kind, leave)

  // Every piece of an answer replaces its links: the link to the same source that is on the page now.
  const presentLink = (link) => link?.isConnected ? link : document.querySelector(`a.cite[href="${link?.hash}"]`)

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.cite, a.back')
    if (!link) return
    event.preventDefault()
    follow(link)
  })

  // A link that is replaced between pointerdown and pointerup gets no click, so it is clicked here. Some browsers send
  // a click of their own after a touch: that second one is ignored.
  const SECOND_CLICK_WITHIN = 700 // milliseconds
  let pressed = null
  let clicked = { hash: '', until: 0 }
  addEventListener('pointerdown', (event) => { pressed = event.target.closest?.('a.cite') })
  addEventListener('pointerup', (event) => {
    const link = event.target.closest?.('a.cite')
    if (!link || !pressed || event.button !== 0 || pressed.isConnected || link.hash !== pressed.hash) return
    link.click()
    clicked = { hash: link.hash, until: event.timeStamp + SECOND_CLICK_WITHIN }
  })
  addEventListener('click', (event) => {
    if (!event.isTrusted || event.timeStamp > clicked.until || event.target.closest?.('a.cite')?.hash !== clicked.hash) return
    event.preventDefault()
    event.stopPropagation()
  }, true)

  // Every piece of an answer replaces links and cards: the followed card is marked again, and the focus restored.
  let focused = null
  document.addEventListener('focusin', (event) => { focused = event.target })
  document.addEventListener('focusout', ({ target }) => {
    setTimeout(() => { if (focused === target && target.isConnected) focused = null }) // a replaced element loses the focus too
  })
  const focusedNow = () => focused?.matches('a.cite') ? presentLink(focused) : focused?.matches('.card') ? document.getElementById(focused.id) : null

  const restore = () => {
    const card = current && document.getElementById(current.id)
    if (!card || quoteOf(card) !== current.quote) current = null
    else card.classList.add('current')
    if (focused && !focused.isConnected && document.activeElement === document.body) focusedNow()?.focus({ preventScroll: true })
  }

  // The tooltip with a citation's quote or the reason of a doubt, while its marker has the pointer or the focus.
  const peek = document.createElement('div')
  peek.id = 'peek'
  peek.setAttribute('role', 'tooltip')
  peek.hidden = true
  let leaving = 0

  const tooltipContent = (mark) => {
    if (mark.dataset.peek) return [document.createTextNode(mark.dataset.peek)]
    const card = document.getElementById(mark.hash?.slice(1))
    if (!card) return []
    const quote = document.createElement('blockquote')
    quote.textContent = quoteOf(card)
    return [...card.querySelectorAll('strong, .where')].map((part) => part.cloneNode(true)).concat(quote)
  }

  const reveal = (mark) => {
    const parts = tooltipContent(mark)
    if (!parts.length) return
    clearTimeout(leaving)
    peek.replaceChildren(...parts)
    if (!peek.isConnected) document.body.append(peek)
    peek.hidden = false
    peek.tabIndex = peek.scrollHeight > peek.clientHeight ? 0 : -1 // what is cut off can be scrolled to by keyboard too
    mark.setAttribute('aria-describedby', 'peek')
    const { left, top, bottom } = mark.getBoundingClientRect()
    const above = top > peek.offsetHeight + 12
    peek.style.left = `${Math.max(8, Math.min(left, innerWidth - peek.offsetWidth - 8))}px`
    peek.style.top = `${above ? top - peek.offsetHeight - 6 : bottom + 6}px`
  }

  const hide = () => {
    peek.hidden = true
    document.querySelector('[aria-describedby="peek"]')?.removeAttribute('aria-describedby')
  }

  const marked = (event) => event.target.closest?.('a.cite, .doubt[data-peek]')
  const arrive = (event) => {
    const mark = marked(event)
    if (mark) reveal(mark)
    else if (peek.contains(event.target)) clearTimeout(leaving)
  }
  const depart = (event) => {
    if (!marked(event) && !peek.contains(event.target)) return
    clearTimeout(leaving)
    leaving = setTimeout(hide, 150)
  }
  document.addEventListener('pointerover', arrive)
  document.addEventListener('focusin', arrive)
  document.addEventListener('pointerout', depart)
  document.addEventListener('focusout', depart)
  // Focus may scroll its marker into view: the tooltip moves along.
  document.addEventListener('scroll', (event) => {
    if (event.target === peek) return
    const mark = document.activeElement
    if (mark?.getAttribute('aria-describedby') === 'peek') reveal(mark)
    else hide()
  }, true)
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide() })

  // Gradio labels every message with its HTML source and announces every piece of an answer;
  // the page announces the complete answer itself, in #news.
  new MutationObserver(() => {
    restore()
    for (const message of document.querySelectorAll('[data-testid="user"][aria-label], [data-testid="bot"][aria-label]')) {
      message.removeAttribute('aria-label')
    }
    for (const log of document.querySelectorAll('#conversation [role="log"]:not([aria-live="off"])')) log.setAttribute('aria-live', 'off')
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ['aria-label', 'aria-live'] })
})()
