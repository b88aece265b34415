// The table of documents: clicks on buttons and boxes become events, the search box is followed, and the focus stays when
// rows are replaced.
const PAUSE = 150 // milliseconds after the last key
const PATIENCE = 3_000 // milliseconds after which a search that nothing has answered is asked for again
const MOST_ASKED = 5 // times for the same text, so that it ends where text and answer never agree

// Keeps the table to the text of the search box. Gradio loses what is typed before it listens, and answers may overtake
// each other; so the text is compared with the search that the table was made for whenever there is a new table.
const follow = (element, ask) => {
  const inBox = '#search :is(input, textarea)'
  let last = null, times = 0, typing = 0, waiting = 0

  const compare = () => {
    const text = document.querySelector(inBox)?.value
    const search = element.querySelector('[data-search]')?.dataset.search
    if (typing || waiting || text === undefined || search === undefined) return
    if (text === search) last = null
    if (text === search || (text === last && times === MOST_ASKED)) return
    times = text === last ? times + 1 : 1
    last = text
    waiting = setTimeout(renewed, PATIENCE)
    ask(text)
  }

  const renewed = () => {
    clearTimeout(waiting)
    waiting = 0
    compare()
  }

  const typed = () => {
    clearTimeout(typing)
    typing = 0
    compare()
  }

  document.addEventListener('input', (event) => {
    if (!event.target.matches(inBox)) return
    clearTimeout(typing)
    typing = setTimeout(typed, PAUSE)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches(inBox)) typed()
  })
  compare()
  return renewed
}

export const start = (element, trigger) => {
  const boxes = () => [...element.querySelectorAll('td input')]
  const selectAll = () => element.querySelector('th input')
  const ticked = () => boxes().filter((box) => box.checked).map((box) => box.value)
  let pressed = null

  // All selected documents, also those on other pages of the table. The server learns of ticks a moment later, so a
  // click on a button counts what is ticked now.
  const selected = () => [...(element.querySelector('table')?.dataset.elsewhere ?? '').split(',').filter(Boolean), ...ticked()]

  const settle = () => {
    const all = selectAll(), count = ticked().length
    if (!all) return
    all.checked = count > 0 && count === boxes().length
    all.indeterminate = count > 0 && count < boxes().length
  }

  element.addEventListener('change', (event) => {
    if (event.target === selectAll()) for (const box of boxes()) box.checked = event.target.checked
    settle()
    trigger('input', { act: 'tick', value: { shown: boxes().map((box) => box.value), ticked: ticked() } })
  })
  element.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act]')
    if (!button) return
    pressed = [button.dataset.act, button.dataset.key ?? button.value]
    trigger('input', { act: button.dataset.act, value: button.value })
  })

  document.addEventListener('click', (event) => {
    const ask = event.target.closest('a#ask-about')
    if (ask) ask.href = `./?documents=${selected().join(',')}`
    if (event.target.closest('#delete') && selected().length) trigger('input', { act: 'delete', value: selected() })
  }, true)

  const searchAgain = follow(element, (value) => trigger('input', { act: 'search', value }))

  // New boxes take the state that the server sends, not that of the boxes that they replace.
  return () => {
    searchAgain()
    for (const box of boxes()) box.checked = box.hasAttribute('checked')
    settle()
    if (!pressed) return
    const [act, key] = pressed
    const again = [...element.querySelectorAll(`button[data-act="${act}"]`)].filter(
      (button) => (button.dataset.key ?? button.value) === key,
    )
    again.find((button) => !button.disabled)?.focus()
    if (act === 'page') element.querySelector('table')?.scrollIntoView({ block: 'nearest' })
    pressed = null
  }
}
