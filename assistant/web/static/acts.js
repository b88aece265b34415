// Buttons within messages, chips and lists: those with data-act become events of the page, the others act here.
(() => {
  const act = (detail) => document.dispatchEvent(new CustomEvent('act', { detail }))

  // Where a page is no secure context, there is no clipboard but the old way.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      const field = Object.assign(document.createElement('textarea'), { value: text })
      document.body.append(field)
      field.select()
      document.execCommand('copy')
      field.remove()
    }
  }

  const copied = async (button) => {
    await copy(button.dataset.copy)
    const label = button.textContent
    if (label === button.dataset.done) return
    button.textContent = button.dataset.done
    setTimeout(() => { button.textContent = label }, 1500)
  }

  const edit = (button) => {
    const asked = button.parentElement.querySelector('.asked')
    const form = document.createElement('form')
    const field = Object.assign(document.createElement('textarea'), { value: asked.textContent, rows: 3 })
    field.setAttribute('aria-label', button.dataset.label)
    const save = Object.assign(document.createElement('button'), { textContent: button.dataset.save })
    const cancel = Object.assign(document.createElement('button'), { type: 'button', textContent: button.dataset.cancel })
    form.className = 'editing'
    form.append(field, save, cancel)
    const close = () => {
      form.remove()
      asked.hidden = button.hidden = false
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!field.value.trim()) return
      close()
      act({ act: 'edit', turn: button.dataset.turn, question: field.value })
    })
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && event.target === field) { event.preventDefault(); form.requestSubmit() }
      if (event.key === 'Escape') { close(); button.focus() }
    })
    cancel.addEventListener('click', () => { close(); button.focus() })
    asked.hidden = button.hidden = true
    asked.after(form)
    field.focus()
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act], button[data-copy], button.edit')
    if (!button || button.closest('#jobs')) return // those of documents on their way have a script of their own
    if (button.dataset.copy !== undefined) copied(button)
    else if (button.matches('.edit')) edit(button)
    else act({ ...button.dataset, note: button.parentElement.querySelector('.why')?.value ?? '' })
  })

  // A question that got no answer goes back into the box, unless the next one is being typed there.
  document.addEventListener('unanswered', ({ detail }) => {
    const box = document.querySelector('#question textarea')
    if (box.value) return
    box.value = detail
    box.dispatchEvent(new Event('input', { bubbles: true }))
  })

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches?.('.why')) event.target.parentElement.querySelector('[data-act]').click()
  })
})()
