// Search in a document's text. The server searches, because a long text is loaded in parts; offsets are code points.
const PAUSE = 200 // milliseconds after the last key
const FRAMES = 20 // for which the found place is kept at its position on the screen

/** The text nodes of the document below an element, without the page numbers and times that the viewer adds. */
const texts = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest('.page, .time') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT)
  const nodes = []
  while (walker.nextNode()) nodes.push(walker.currentNode)
  return nodes
}

/** The position of an offset in the page as [node, UTF-16 index]; null if its paragraph is not loaded. */
const place = (section, offset) => {
  const starts = section.querySelectorAll('[data-start]')
  let block = offset === 0 || !starts.length ? document.querySelector('h1') : null
  for (const start of starts) if (Number(start.dataset.start) <= offset) block = start
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
  const end = texts(block).at(-1) // between the cells of a table: the end of the one before
  return block.matches('td, th') && end ? [end, end.length] : null
}

export const start = (reach, filled, shown) => {
  const bar = document.querySelector('.find')
  if (!bar) return
  const box = bar.querySelector('input'), output = bar.querySelector('output')
  const all = globalThis.Highlight && new Highlight(), current = globalThis.Highlight && new Highlight()
  if (all) {
    CSS.highlights.set('found', all)
    CSS.highlights.set('found-now', current)
    current.priority = 1
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
    current?.clear()
    shown(spans[now] ?? null)
    if (!spans[now]) return
    const turn = asked
    const section = await reach(spans[now][0])
    if (turn !== asked) return
    const found = section && range(section, spans[now])
    if (!found) return
    current?.add(found)
    // Parts that are loaded meanwhile change the layout and move the found place.
    for (let frame = 0; frame < FRAMES && turn === asked; frame += 1) {
      const distance = found.getBoundingClientRect().top - innerHeight / 3
      if (Math.abs(distance) > 1) scrollBy({ top: distance })
      await new Promise(requestAnimationFrame)
    }
  }

  const search = async () => {
    const turn = ++asked
    const query = box.value.trim()
    const response = query ? await fetch(`${bar.dataset.find}${encodeURIComponent(query)}`) : null
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
  // The browser's own search misses parts of a long text that are not loaded; a second press opens it.
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
