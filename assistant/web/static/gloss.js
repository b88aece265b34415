// What a word of a quote means in the reader's language: a tooltip at the word that has the pointer or the focus, or was tapped.
(() => {
  const tooltip = Object.assign(document.createElement('div'), { id: 'gloss', hidden: true })
  const label = Object.assign(document.createElement('span'), { className: 'label' })
  const meaning = document.createElement('span')
  tooltip.setAttribute('role', 'tooltip')
  tooltip.append(label, meaning)
  let shown = null
  let leaving = 0

  const wordOf = (target) => target.closest?.('[data-gloss]')
  const isFocused = () => shown !== null && shown === document.activeElement

  // A word that is broken over two lines has the tooltip at its first piece.
  const place = () => {
    const [first] = shown.getClientRects()
    if (!first) return hide() // its card is folded away
    const { left, top, bottom } = first
    const above = top > tooltip.offsetHeight + 8
    tooltip.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - tooltip.offsetWidth - 8))}px`
    tooltip.style.top = `${above ? top - tooltip.offsetHeight - 4 : bottom + 4}px`
  }

  const reveal = (word, byKey = false) => {
    hide()
    document.getElementById('peek')?.toggleAttribute('hidden', true) // one tooltip at a time: see citations.js
    const quote = word.closest('.glossed')
    label.textContent = quote.dataset.label
    meaning.textContent = word.dataset.gloss
    meaning.lang = quote.dataset.reader
    tooltip.classList.toggle('keys', byKey)
    if (!tooltip.isConnected) document.body.append(tooltip)
    tooltip.hidden = false
    word.setAttribute('aria-describedby', 'gloss')
    shown = word
    replaced.observe(document.body, { subtree: true, childList: true })
    place()
  }

  const hide = () => {
    clearTimeout(leaving)
    tooltip.hidden = true
    shown?.removeAttribute('aria-describedby')
    shown = null
    replaced.disconnect()
  }

  // Every piece of an answer may replace the quotes.
  const replaced = new MutationObserver(() => { if (!shown?.isConnected) hide() })

  const hideSoon = () => {
    clearTimeout(leaving)
    leaving = setTimeout(() => { if (!isFocused()) hide() }, 150)
  }

  // -- the pointer --------------------------------------------------------------------------

  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch' || event.buttons) return // a tap has a click; with a button down, text is selected
    const word = wordOf(event.target)
    if (word && word !== shown) reveal(word)
    else if (word || tooltip.contains(event.target)) clearTimeout(leaving)
    else if (shown && event.target.closest?.('a.cite, .doubt')) hide() // they have a tooltip of their own
    else if (shown) hideSoon()
  })
  document.documentElement.addEventListener('pointerleave', (event) => { if (event.pointerType !== 'touch' && shown) hideSoon() })

  document.addEventListener('click', (event) => {
    const word = wordOf(event.target)
    if (word && getSelection().isCollapsed) reveal(word)
    else if (shown && !word && !tooltip.contains(event.target)) hide()
  })
  document.addEventListener('selectstart', hide)

  // -- the keyboard ---------------------------------------------------------------------------

  document.addEventListener('focusin', (event) => {
    const word = wordOf(event.target)
    if (word?.matches(':focus-visible')) reveal(word, true)
    else if (!word && shown) hide()
  })
  document.addEventListener('focusout', (event) => { if (event.target === shown) hide() })

  const KEYS = {
    ArrowRight: (at) => at + 1, ArrowDown: (at) => at + 1, ArrowLeft: (at) => at - 1, ArrowUp: (at) => at - 1,
    Home: () => 0, End: (_, last) => last,
  }

  // Only one word of a quote can be reached by the Tab key: the one that had the focus last.
  const move = (word, next) => {
    const words = [...word.closest('.glossed').querySelectorAll('[data-gloss]')]
    const other = words[next(words.indexOf(word), words.length - 1)]
    if (!other) return
    for (const one of words) one.tabIndex = one === other ? 0 : -1
    other.focus()
    if (other === word) reveal(word, true)
  }

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return hide()
    const word = wordOf(event.target)
    const next = Object.hasOwn(KEYS, event.key) && KEYS[event.key]
    if (!word || !next || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    move(word, next)
  })

  // -- what moves ----------------------------------------------------------------------------

  document.addEventListener('scroll', () => {
    if (isFocused()) place()
    else if (shown) hide()
  }, true)
  addEventListener('resize', hide)
})()
