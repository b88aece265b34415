// The table of documents: buttons and boxes become events, and the focus stays where it was when rows are exchanged.
export const start = (element, trigger) => {
  const boxes = () => [...element.querySelectorAll('td input')]
  const every = () => element.querySelector('th input')
  let pressed = null

  const settle = () => {
    const ticked = boxes().filter((box) => box.checked).length
    const all = every()
    if (!all) return
    all.checked = ticked > 0 && ticked === boxes().length
    all.indeterminate = ticked > 0 && ticked < boxes().length
  }

  element.addEventListener('change', (event) => {
    if (event.target === every()) for (const box of boxes()) box.checked = event.target.checked
    settle()
    const ids = (some) => some.map((box) => box.value)
    trigger('input', { act: 'tick', value: { shown: ids(boxes()), ticked: ids(boxes().filter((box) => box.checked)) } })
  })
  element.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act]')
    if (!button) return
    pressed = [button.dataset.act, button.dataset.key ?? button.value]
    trigger('input', { act: button.dataset.act, value: button.value })
  })

  // Boxes must show what the server says, not what the boxes that stood there before were ticked to.
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
