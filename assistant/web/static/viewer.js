// The viewer's page: loads the parts of long texts, steps through citations.
import { start as startAnswer } from './answer_citations.js'
import { start as startFind } from './find.js'
import * as picture from './page_picture.js'

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
  for (const mark of section.querySelectorAll('.page')) picture.follow(mark)
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
  picture.mark('cited', all[number - 1])
  await reach(all[number - 1][0])
  where.dataset.now = number
  where.textContent = filled(where.dataset.words, number, total)
  cited()?.removeAttribute('id')
  for (const mark of document.querySelectorAll('mark')) mark.classList.toggle('current', Number(mark.dataset.cite) === number)
  const mark = document.querySelector(`mark[data-cite="${number}"]`)
  if (!mark) return
  mark.id = 'cited'
  mark.scrollIntoView({ block: 'center', behavior: reducedMotion ? 'auto' : 'smooth' })
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

// -- start --------------------------------------------------------------------------

makeRoom()
// Not every browser scrolls to #cited when a page is reloaded.
cited()?.scrollIntoView({ block: 'center' })
for (const section of document.querySelectorAll('.part[data-part]')) nearing.observe(section)
picture.start(filled)
startAnswer(filled)
startFind(reach, filled, (span) => picture.mark('found', span))
