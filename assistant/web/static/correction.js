// The dialogue to correct a document: opened by its button for the one that is selected, sent as an event, closed by Escape.
export const start = (element, trigger) => {
  let opener = null

  const selected = () => {
    const here = [...document.querySelectorAll('#table td input:checked')].map((box) => box.value)
    return [...here, ...(document.querySelector('#table table')?.dataset.elsewhere ?? '').split(',').filter(Boolean)]
  }

  const close = () => {
    element.querySelector('dialog')?.close()
    opener?.focus()
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('#correct')
    if (!button || selected().length !== 1) return
    opener = button
    trigger('input', { act: 'open', value: { id: selected()[0] } })
  })
  element.addEventListener('submit', (event) => {
    event.preventDefault()
    const data = new FormData(event.target)
    trigger('input', { act: 'save', value: { ...Object.fromEntries(data), withdraw: data.getAll('withdraw') } })
  })
  element.addEventListener('click', (event) => {
    if (event.target.closest('.cancel')) close()
  })
  element.addEventListener('cancel', () => opener?.focus(), true) // Escape; the browser closes it

  return () => {
    const dialog = element.querySelector('dialog')
    if (!dialog) return opener?.focus()
    dialog.querySelector('form').reset() // what was typed before and given up outlives the new values
    if (!dialog.open) dialog.showModal()
    const first = dialog.querySelector('[aria-invalid]') ?? dialog.querySelector('input:not([type=hidden])')
    first?.focus()
  }
}
