// The picture of the original page beside the text: which page it shows, and boxes over the words that are cited or found.
// Offsets are code points of the document's text.
const LATE = 2_000 // milliseconds after which boxes of before are taken away, if the new ones have not come

const original = document.querySelector('.original')
const image = original?.querySelector('img')
const marks = original?.querySelector('.marks')
const note = original?.querySelector('.placing')
const starts = original?.dataset.starts.split(' ').map(Number) ?? []
const span = (pair) => pair ? pair.split('-').map(Number) : null

const marked = { cited: span(original?.dataset.cited), found: null } // the ranges of the text that have boxes
const asked = new Map() // by address: what the server says of the words on a page
let filled = (words) => words, turn = 0
let following = false // whether the picture follows the reader's scrolling

const number = () => Number(image.dataset.page)

/** The page, counted from 1, on which an offset of the text stands. */
const pageOf = (offset) => Math.max(1, starts.findLastIndex((start) => start <= offset) + 1)

/** Whether a range has characters on a page. */
const touches = (range, page) => range[0] < (starts[page] ?? Infinity) && range[1] > starts[page - 1]

const places = (range, page) => {
  const address = `${original.dataset.pages}/${page}/places?start=${range[0]}&end=${range[1]}&version=${original.dataset.version}`
  if (!asked.has(address)) {
    const answer = fetch(address).then((response) => response.ok ? response.json() : null).catch(() => null)
    asked.set(address, answer)
    answer.then((found) => found || asked.delete(address))
  }
  return asked.get(address)
}

const boxed = (kind, box) => {
  const mark = document.createElement('i')
  mark.className = kind
  for (const side of ['left', 'top', 'width', 'height']) mark.style[side] = `${box[side]}%`
  return mark
}

/** Draws the boxes of what is marked, on the page that is shown. */
const draw = async () => {
  if (!image || !original.open) return
  const now = ++turn, page = number()
  const kinds = Object.keys(marked).filter((kind) => marked[kind] && touches(marked[kind], page))
  if (!kinds.length) marks.replaceChildren()
  const late = setTimeout(() => { if (now === turn) marks.replaceChildren() }, LATE)
  const answers = await Promise.all(kinds.map((kind) => places(marked[kind], page)))
  clearTimeout(late)
  if (now !== turn) return
  const boxes = answers.map((answer) => answer?.boxes ?? [])
  marks.replaceChildren(...kinds.flatMap((kind, at) => boxes[at].map((box) => boxed(kind, box))))
  const lacking = answers.some((answer, at) => !boxes[at].length) ? 'none' : answers.some((answer) => !answer.whole) ? 'some' : ''
  note.textContent = lacking ? note.dataset[lacking] : ''
  note.hidden = !lacking
  if (marks.lastChild) reveal(marks.lastElementChild.className)
}

/** Scrolls the column of the picture, where it has a scroll bar of its own, to the first box. */
const reveal = (kind) => {
  if (original.scrollHeight <= original.clientHeight + 1) return
  const box = marks.querySelector(`.${kind}`).getBoundingClientRect(), around = original.getBoundingClientRect()
  if (box.top < around.top || box.bottom > around.bottom) original.scrollTop += box.top - around.top - around.height / 3
}

const settle = () => {
  original.querySelector('.previous').disabled = number() <= 1
  original.querySelector('.next').disabled = number() >= Number(image.dataset.total)
}

const show = (page) => {
  if (!image || !page) return
  if (page !== number()) {
    image.dataset.page = page
    image.hidden = false
    original.querySelector('.failed').hidden = true
    marks.replaceChildren()
    image.src = image.src.replace(/\d+\.png$/, `${page}.png`)
    image.alt = filled(image.dataset.alt, page)
    original.querySelector('summary').textContent = filled(image.dataset.words, page, image.dataset.total)
    settle()
  }
  draw()
}

/** Marks a range of the text as cited or found, null for none, and shows the page on which it begins. */
export const mark = (kind, range) => {
  marked[kind] = range
  following = false // until the reader scrolls: the jump to the words would turn the page as well
  if (range) show(pageOf(range[0]))
  else draw()
}

// While the reader scrolls: shows the last page that begins above the middle of the window.
const reading = original && new IntersectionObserver((entries) => {
  if (!following) return
  const passed = entries.filter((entry) => entry.boundingClientRect.top < innerHeight / 2)
  const left = entries.filter((entry) => !entry.isIntersecting && entry.boundingClientRect.top >= innerHeight / 2)
  if (passed.length) show(Number(passed.at(-1).target.dataset.page))
  if (left.length) show(Math.max(1, Number(left[0].target.dataset.page) - 1))
}, { rootMargin: '0px 0px -50% 0px' })

/** Turns the picture's page when the mark of a page, an element of the text, passes. */
export const follow = (pageMark) => reading?.observe(pageMark)

const scrolling = (event) => {
  if (!event.target.closest?.('input, .original')) following = true
}

export const start = (fill) => {
  if (!original) return
  filled = fill
  for (const kind of ['wheel', 'touchmove', 'keydown']) addEventListener(kind, scrolling, { passive: true })
  original.open = matchMedia('(min-width: 64rem)').matches
  original.addEventListener('toggle', draw)
  original.querySelector('.steps').hidden = false
  image.addEventListener('error', () => {
    image.hidden = true
    marks.replaceChildren()
    original.querySelector('.failed').hidden = false
  })
  for (const [name, step] of [['previous', -1], ['next', 1]]) {
    original.querySelector(`.${name}`).addEventListener('click', () => {
      show(number() + step)
      document.getElementById(`page-${number()}`)?.scrollIntoView({ block: 'start' })
    })
  }
  settle()
  for (const pageMark of document.querySelectorAll('.page')) follow(pageMark)
  draw()
}
