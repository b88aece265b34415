// The followed sources: the form and the buttons become events, moments are shown in the reader's time zone, and the focus and
// what is open stay when the list is replaced.
export const start = (element, trigger) => {
  const form = () => document.querySelector('#follow-form form')
  let pressed = null, sent = false, open = new Set()

  const localise = () => {
    const language = element.querySelector('ul')?.dataset.language
    for (const time of element.querySelectorAll('time')) {
      time.textContent = new Date(time.dateTime).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })
    }
  }

  document.addEventListener('submit', (event) => {
    if (event.target !== form()) return
    event.preventDefault()
    const source = form().elements.source.value.trim()
    if (!source) return
    sent = true
    trigger('input', { act: 'follow', value: source })
  })
  element.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act]')
    if (!button) return
    pressed = button.value
    trigger('input', { act: button.dataset.act, value: button.value })
  })
  element.addEventListener('toggle', (event) => {
    const key = event.target.dataset?.key
    if (key) event.target.open ? open.add(key) : open.delete(key)
  }, true)

  if (form()?.closest('[data-early]')) form().requestSubmit()

  const focused = () => element.contains(document.activeElement) || document.activeElement === document.body

  localise()
  return () => {
    localise()
    for (const details of element.querySelectorAll('details')) details.open = open.has(details.dataset.key)
    if (sent && !element.querySelector('.wrong[role=alert]')) form()?.reset()
    if (sent) form()?.elements.source.focus()
    else if (pressed && focused()) {
      const buttons = [...element.querySelectorAll('button[data-act]')]
      const again = buttons.find((button) => button.value === pressed) ?? form()?.elements.source
      again?.focus()
    }
    sent = false
    pressed = null
  }
}
