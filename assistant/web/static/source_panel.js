// Source cards of stored conversations: one request says whether their documents have changed since. Answers that have
// just been given are not asked about; those on the page are when the reader comes back to it.
(() => {
  const PAUSE = 300 // milliseconds without a change of the page, after which the cards of an opened conversation are there
  const AGAIN = 30_000 // milliseconds between two requests when the reader comes back
  const MOST = 200 // documents in one request

  const known = new Map() // by document and version: what is to be said, empty if nothing
  let opened = false, due = false, timer = 0, last = 0

  const cards = () => [...document.querySelectorAll('#sources .card[data-document]')]
  const key = ({ dataset }) => `${dataset.document} ${dataset.version ?? ''}`

  const show = () => {
    for (const card of cards()) {
      const note = card.querySelector('.since')
      const words = note?.dataset[known.get(key(card)) || 'none'] ?? ''
      if (!note || note.textContent === words) continue // else the page would change, and be looked at again
      note.textContent = words
      note.hidden = !words
    }
  }

  const ask = async () => {
    due = false
    const asked = cards()
    if (!asked.length) return
    last = Date.now()
    const ids = [...new Set(asked.map((card) => card.dataset.document))].slice(0, MOST)
    const response = await fetch(`api/versions?${new URLSearchParams(ids.map((id) => ['document', id]))}`).catch(() => null)
    if (!response?.ok) return
    const { versions } = await response.json()
    for (const card of asked) {
      const now = versions[card.dataset.document], then = card.dataset.version
      if (now !== undefined) known.set(key(card), now === null ? 'missing' : then && then !== now ? 'changed' : '')
    }
    show()
  }

  document.addEventListener('act', ({ detail }) => { opened = detail.act === 'open' })
  document.addEventListener('kept', () => { // the conversation comes with its cards
    due = due || opened
    opened = false
    wait()
  })
  const wait = () => {
    clearTimeout(timer)
    if (due) timer = setTimeout(ask, PAUSE)
  }
  addEventListener('focus', () => { if (Date.now() - last > AGAIN) ask() })
  new MutationObserver(() => {
    show()
    wait()
  }).observe(document.documentElement, { subtree: true, childList: true })
})()
