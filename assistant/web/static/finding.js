// Finding in a document's text. The server searches, for a long text is not here whole; offsets are code points of the text.
const PAUSE = 200 // milliseconds after the last key
const FRAMES = 20 // for which what was found is held in its place

/** Text nodes of the document's own words below an element: page numbers are ours. */
const texts = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest('.page') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT)
  const found = []
  while (walker.nextNode()) found.push(walker.currentNode)
  return found
}

/** Where in the page an offset is, as [node, UTF-16 index]; null where that paragraph is not here. */
const place = (section, offset) => {
  const starts = section.querySelectorAll('[data-start]')
  let block = offset === 0 || !starts.length ? document.querySelector('h1') : null
  for (const one of starts) if (Number(one.dataset.start) <= offset) block = one
  if (!block) return null
  let left = offset - Number(block.dataset.start)
  for (const node of texts(block)) {
    let index = 0
    for (const sign of node.data) {
      if (left === 0) return [node, index]
      index += sign.length
      left -= 1
    }
    if (left === 0) return [node, index]
  }
  return null
}

export const start = (reach, filled, shown) => {
  const bar = document.querySelector('.find')
  if (!bar) return
  const box = bar.querySelector('input'), output = bar.querySelector('output')
  const all = globalThis.Highlight && new Highlight(), one = globalThis.Highlight && new Highlight()
  if (all) {
    CSS.highlights.set('found', all)
    CSS.highlights.set('found-now', one)
    one.priority = 1
  }
  let spans = [], total = 0, now = -1, asked = 0, timer = 0

  const range = (section, [from, to]) => {
    const first = place(section, from), last = place(section, to)
    if (!first) return null
    const found = new Range()
    found.setStart(...first)
    found.setEnd(...(last ?? [first[0], first[0].length]))
    return found
  }

  const paint = (section) => {
    if (!all) return
    for (const span of spans) {
      if (span[0] < section.dataset.from || span[0] >= section.dataset.to) continue
      const found = range(section, span)
      if (found) all.add(found)
    }
  }

  const show = async (number) => {
    now = number
    output.textContent = total ? filled(output.dataset.words, now + 1, total) : box.value.trim() ? output.dataset.none : ''
    one?.clear()
    if (!spans[now]) return
    const turn = asked
    const section = await reach(spans[now][0])
    if (turn !== asked) return
    const found = section && range(section, spans[now])
    if (!found) return
    one?.add(found)
    shown(found.startContainer.parentElement)
    // Parts that come near are drawn meanwhile, and push what was found about.
    for (let frame = 0; frame < FRAMES && turn === asked; frame += 1) {
      const away = found.getBoundingClientRect().top - innerHeight / 3
      if (Math.abs(away) > 1) scrollBy({ top: away })
      await new Promise(requestAnimationFrame)
    }
  }

  const search = async () => {
    const turn = ++asked
    const sought = box.value.trim()
    const response = sought ? await fetch(`${bar.dataset.find}?q=${encodeURIComponent(sought)}`) : null
    const answer = response?.ok ? await response.json() : { total: 0, spans: [] }
    if (turn !== asked) return
    ;({ spans, total } = answer)
    all?.clear()
    for (const section of document.querySelectorAll('.part:not([data-part])')) paint(section)
    const from = document.querySelector('mark.current')?.closest('[data-start]')?.dataset.start ?? 0
    await show(spans.length ? Math.max(0, spans.findIndex((span) => span[0] >= from)) : -1)
  }

  const step = (by) => spans.length && show((now + by + spans.length) % spans.length)

  document.addEventListener('part', (event) => paint(event.detail))
  box.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(search, PAUSE)
  })
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    if (event.key === 'Escape') {
      box.value = ''
      search()
    }
  })
  bar.querySelector('.previous').addEventListener('click', () => step(-1))
  bar.querySelector('.next').addEventListener('click', () => step(1))
  // The browser's own search does not know the parts of a long text that are not here; a second press opens it.
  if (bar.hasAttribute('data-long')) {
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || document.activeElement === box) return
      event.preventDefault()
      box.focus()
      box.select()
    })
  }
  bar.hidden = false
}
