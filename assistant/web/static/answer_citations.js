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
  const targets = [-1, 1].map((step) => new URL(all[(now + step + all.length) % all.length], location.href))
  if (targets.some((target) => target.origin !== location.origin)) return
  const steps = targets.map((target, at) => {
    const name = ['previous', 'next'][at], label = group.dataset[name]
    const link = Object.assign(document.createElement('a'), {
      href: target.pathname + target.search + target.hash, className: `step ${name}`, textContent: '↑↓'[at], title: label,
    })
    link.setAttribute('aria-label', label)
    return link
  })
  const position = Object.assign(document.createElement('span'), {
    textContent: filled(group.dataset.words, now + 1, all.length),
  })
  group.append(position, ...steps)
  for (const other of document.querySelectorAll('.citations')) other.hidden = true // those of this document alone
  group.hidden = false
  addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    steps[event.key === 'ArrowUp' ? 0 : 1].click()
  }, true)
}
