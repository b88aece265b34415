// The viewer's page: loads the parts of long texts, steps through citations, and shows the original page beside the text.
import { start as startFind } from './find.js'

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches
const filled = (words, ...values) => values.reduce((text, value, at) => text.replace(`%${at + 1}`, value), words)
const cited = () => document.getElementById('cited')

// -- parts ----------------------------------------------------------------------------------

const loading = new Map()

const load = (section) => {
  if (!section.dataset.part) return Promise.resolve()
  if (!loading.has(section)) loading.set(section, fetched(section))
  return loading.get(section)
}

const fetched = async (section) => {
  const response = await fetch(section.dataset.part)
  if (!response.ok) return
  section.innerHTML = await response.text()
  delete section.dataset.part
  section.style.minHeight = ''
  // Until it is near the window, it keeps its height all the same: otherwise its neighbours would come near, and be loaded.
  section.style.containIntrinsicBlockSize = `${heightOf(section)}px`
  for (const mark of section.querySelectorAll('.page')) follow(mark)
  document.dispatchEvent(new CustomEvent('part', { detail: section }))
}

/** The height of a part's text, also where the browser has not laid it out because it is far from the window. */
const heightOf = (section) => {
  section.style.contentVisibility = 'visible'
  const height = section.offsetHeight
  section.style.contentVisibility = ''
  return height
}

const characters = (section) => section.dataset.to - section.dataset.from

// A part that is not loaded takes about the height that it will need, so that the scroll bar is right.
const makeRoom = () => {
  const loaded = document.querySelector('.part:not([data-part])')
  if (!loaded) return // an error page without text
  const each = heightOf(loaded) / Math.max(1, characters(loaded))
  for (const section of document.querySelectorAll('.part[data-part]')) {
    section.style.minHeight = `${Math.round(each * characters(section))}px`
  }
}

const nearing = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue
    nearing.unobserve(entry.target)
    load(entry.target)
  }
}, { rootMargin: '1500px' })

/** The part with an offset of the text, once it is loaded; null if there is none. */
export const reach = async (offset) => {
  const section = [...document.querySelectorAll('.part')].find((part) => offset >= part.dataset.from && offset < part.dataset.to)
  if (!section) return null
  await load(section)
  return section
}

// -- citations ------------------------------------------------------------------------------

const where = document.getElementById('citation')

const spans = () => where.dataset.spans.split(' ').map((pair) => pair.split('-').map(Number))

const go = async (step) => {
  const all = spans(), total = all.length
  const number = (Number(where.dataset.now) - 1 + step + total) % total + 1
  await reach(all[number - 1][0])
  where.dataset.now = number
  where.textContent = filled(where.dataset.words, number, total)
  cited()?.removeAttribute('id')
  for (const mark of document.querySelectorAll('mark')) mark.classList.toggle('current', Number(mark.dataset.cite) === number)
  const mark = document.querySelector(`mark[data-cite="${number}"]`)
  if (!mark) return
  mark.id = 'cited'
  mark.scrollIntoView({ block: 'center', behavior: reducedMotion ? 'auto' : 'smooth' })
  showPage(pageAt(mark))
}

if (where) {
  for (const [name, step] of [['previous', -1], ['next', 1]]) {
    document.querySelector(`.citations .${name}`).addEventListener('click', (event) => {
      event.preventDefault()
      go(step)
    })
  }
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return
    event.preventDefault()
    go(event.key === 'ArrowUp' ? -1 : 1)
  })
}

// -- the original page ----------------------------------------------------------------------

const original = document.querySelector('.original')
const image = original?.querySelector('img')

function showPage(number) {
  if (!image || !number || number === Number(image.dataset.page)) return
  image.dataset.page = number
  image.hidden = false
  original.querySelector('figure p').hidden = true
  image.src = image.src.replace(/\d+\.png$/, `${number}.png`)
  image.alt = filled(image.dataset.alt, number)
  original.querySelector('summary').textContent = filled(image.dataset.words, number, image.dataset.total)
  settle()
}

const settle = () => {
  const number = Number(image.dataset.page)
  original.querySelector('.previous').disabled = number <= 1
  original.querySelector('.next').disabled = number >= Number(image.dataset.total)
}

/** The page number of an element of the text: that of the last page mark before it, or of the start of its part. */
function pageAt(element) {
  const before = [...document.querySelectorAll('.page, .part[data-page]')].filter(
    (mark) => mark.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  )
  return Number(before.at(-1)?.dataset.page ?? 1)
}

// While the reader scrolls: shows the last page that begins above the middle of the window.
const reading = original && new IntersectionObserver((entries) => {
  const passed = entries.filter((entry) => scrolled && entry.boundingClientRect.top < innerHeight / 2)
  if (passed.length) showPage(Number(passed.at(-1).target.dataset.page))
  const left = entries.filter((entry) => scrolled && !entry.isIntersecting && entry.boundingClientRect.top >= innerHeight / 2)
  if (left.length) showPage(Math.max(1, Number(left[0].target.dataset.page) - 1))
}, { rootMargin: '0px 0px -50% 0px' })

let scrolled = false
for (const kind of ['wheel', 'touchmove', 'keydown']) addEventListener(kind, () => { scrolled = true }, { passive: true })

function follow(mark) {
  reading?.observe(mark)
}

if (original) {
  original.open = matchMedia('(min-width: 64rem)').matches
  original.querySelector('.steps').hidden = false
  image.addEventListener('error', () => {
    image.hidden = true
    original.querySelector('figure p').hidden = false
  })
  for (const [name, step] of [['previous', -1], ['next', 1]]) {
    original.querySelector(`.${name}`).addEventListener('click', () => {
      showPage(Number(image.dataset.page) + step)
      document.getElementById(`page-${image.dataset.page}`)?.scrollIntoView({ block: 'start' })
    })
  }
  settle()
  for (const mark of document.querySelectorAll('.page')) follow(mark)
}

// -- start --------------------------------------------------------------------------

makeRoom()
// Not every browser scrolls to #cited when a page is reloaded.
cited()?.scrollIntoView({ block: 'center' })
for (const section of document.querySelectorAll('.part[data-part]')) nearing.observe(section)
startFind(reach, filled, (element) => showPage(pageAt(element)))
