// From the viewer's page of one citation to those of the same answer before and after it, also in other documents.
// The chat leaves the links of an answer's sources in the browser when one of them is opened: see citations.js.
const KEY = 'answer-citations'

const path = (link) => {
  const address = new URL(link, location.href)
  address.searchParams.delete('__theme')
  return address.pathname + address.search
}

/** The links of the answer that this page was opened from; empty if unknown. */
const links = () => {
  try {
    const answers = JSON.parse(localStorage.getItem(KEY)) ?? []
    return answers.find((answer) => answer.some((link) => path(link) === path(location.href))) ?? []
  } catch {
    return [] // not allowed here, or not ours
  }
}

export const start = (filled) => {
  const group = document.querySelector('.of-answer'), all = links()
  if (!group || all.length < 2) return
  const now = all.findIndex((link) => path(link) === path(location.href))
  const position = group.querySelector('span')
  position.textContent = filled(position.dataset.words, now + 1, all.length)
  const steps = ['previous', 'next'].map((name) => group.querySelector(`.${name}`))
  for (const [at, step] of [-1, 1].entries()) {
    const link = new URL(all[(now + step + all.length) % all.length], location.href)
    if (link.origin !== location.origin) return
    steps[at].href = link.pathname + link.search + link.hash
  }
  for (const other of document.querySelectorAll('.citations:not(.of-answer)')) other.hidden = true
  group.hidden = false
  addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    steps[event.key === 'ArrowUp' ? 0 : 1].click()
  }, true)
}
