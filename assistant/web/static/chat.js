// What Gradio's pages lack: following a citation to its source and back, its quote in sight before that, and names.
(() => {
  let followed = null

  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

  let current = null // the card that was followed, by its id and what it quotes: ids come again in other conversations

  const quoted = (card) => card.querySelector('mark')?.textContent

  const show = (card) => {
    current = { id: card.id, quote: quoted(card) }
    for (const group of document.querySelectorAll('#sources .group')) group.classList.toggle('active', group.contains(card))
    for (const other of document.querySelectorAll('#sources .card')) other.classList.toggle('current', other === card)
    card.focus({ preventScroll: true })
    card.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' })
  }

  const follow = (link) => {
    hide()
    if (link.matches('.back')) return standing(followed)?.focus()
    const card = document.getElementById(link.hash.slice(1))
    if (!card) return
    followed = link
    show(card)
  }

  // Every piece of an answer replaces its links: the one that stands for this one now.
  const standing = (link) => link?.isConnected ? link : document.querySelector(`a.cite[href="${link?.hash}"]`)

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.cite, a.back')
    if (!link) return
    event.preventDefault()
    follow(link)
  })

  // A link that is replaced while it is being pressed gets no click, but for some browsers' after a touch: that is left out.
  const TWICE = 700 // milliseconds
  let pressed = null
  let clicked = { hash: '', until: 0 }
  addEventListener('pointerdown', (event) => { pressed = event.target.closest?.('a.cite') })
  addEventListener('pointerup', (event) => {
    const link = event.target.closest?.('a.cite')
    if (!link || !pressed || event.button !== 0 || pressed.isConnected || link.hash !== pressed.hash) return
    link.click()
    clicked = { hash: link.hash, until: event.timeStamp + TWICE }
  })
  addEventListener('click', (event) => {
    if (!event.isTrusted || event.timeStamp > clicked.until || event.target.closest?.('a.cite')?.hash !== clicked.hash) return
    event.preventDefault()
    event.stopPropagation()
  }, true)

  // Every piece of an answer replaces its links, and further sources replace the cards that are there: what was followed
  // stays marked, and what had the focus keeps it.
  let focused = null
  document.addEventListener('focusin', (event) => { focused = event.target })
  document.addEventListener('focusout', ({ target }) => {
    setTimeout(() => { if (focused === target && target.isConnected) focused = null }) // what is replaced loses the focus, too
  })
  const replaced = () => focused?.matches('a.cite') ? standing(focused) : focused?.matches('.card') ? document.getElementById(focused.id) : null

  const restore = () => {
    const card = current && document.getElementById(current.id)
    if (!card || quoted(card) !== current.quote) current = null
    else card.classList.add('current')
    if (focused && !focused.isConnected && document.activeElement === document.body) replaced()?.focus({ preventScroll: true })
  }

  // A peek at the quote, or at why a sentence is doubted: while the pointer or the focus rests on the mark.
  const peek = document.createElement('div')
  peek.id = 'peek'
  peek.setAttribute('role', 'tooltip')
  peek.hidden = true
  let leaving = 0

  const within = (mark) => {
    if (mark.dataset.peek) return [document.createTextNode(mark.dataset.peek)]
    const card = document.getElementById(mark.hash?.slice(1))
    if (!card) return []
    const quote = document.createElement('blockquote')
    quote.textContent = quoted(card)
    return [...card.querySelectorAll('strong, .where')].map((part) => part.cloneNode(true)).concat(quote)
  }

  const reveal = (mark) => {
    const parts = within(mark)
    if (!parts.length) return
    clearTimeout(leaving)
    peek.replaceChildren(...parts)
    if (!peek.isConnected) document.body.append(peek)
    peek.hidden = false
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
  const leave = (event) => {
    if (!marked(event) && !peek.contains(event.target)) return
    clearTimeout(leaving)
    leaving = setTimeout(hide, 150)
  }
  document.addEventListener('pointerover', arrive)
  document.addEventListener('focusin', arrive)
  document.addEventListener('pointerout', leave)
  document.addEventListener('focusout', leave)
  // Focus may scroll its mark into view: the peek goes along with it.
  document.addEventListener('scroll', () => {
    const mark = document.activeElement
    if (mark?.getAttribute('aria-describedby') === 'peek') reveal(mark)
    else hide()
  }, true)
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide() })

  // Gradio labels every message with its whole HTML source, and reads every piece of an answer out as it comes;
  // the page announces answers itself, whole, in #news.
  new MutationObserver(() => {
    restore()
    for (const message of document.querySelectorAll('[data-testid="user"][aria-label], [data-testid="bot"][aria-label]')) {
      message.removeAttribute('aria-label')
    }
    for (const log of document.querySelectorAll('#conversation [role="log"]:not([aria-live="off"])')) log.setAttribute('aria-live', 'off')
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ['aria-label', 'aria-live'] })
})()
