// The table of documents: clicks on buttons and boxes become events, and the focus stays when rows are replaced.
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

  // New boxes take the state that the server sends, not that of the boxes that they replace.
  const renewed = () => {
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
  return renewed
}
