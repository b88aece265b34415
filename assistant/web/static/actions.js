// Buttons in messages, chips and lists: a click on one with data-act becomes an event for Python; copying and editing happen here.
(() => {
  const act = (detail) => document.dispatchEvent(new CustomEvent('act', { detail }))

  // The clipboard gets the text, and with `html` the rich text beside it. Without a secure context (plain http), or where
  // a frame is not allowed to, there is no navigator.clipboard: then the browser's own copying is given both.
  const copy = async (text, html) => {
    try {
      if (!html) return await navigator.clipboard.writeText(text)
      const parts = { 'text/plain': text, 'text/html': html }
      const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })])
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))])
    } catch {
      const give = (event) => {
        event.preventDefault()
        event.stopImmediatePropagation()
        event.clipboardData.setData('text/plain', text)
        if (html) event.clipboardData.setData('text/html', html)
      }
      document.addEventListener('copy', give, true)
      const field = Object.assign(document.createElement('textarea'), { value: text }) // something must be selected
      const focused = document.activeElement
      document.body.append(field)
      field.select()
      document.execCommand('copy')
      field.remove()
      focused?.focus({ preventScroll: true })
      document.removeEventListener('copy', give, true)
    }
  }
  document.addEventListener('copy-text', ({ detail }) => copy(detail.text, detail.html).then(detail.done))

  const copied = async (button) => {
    await copy(button.dataset.copy, button.dataset.html)
    const label = button.textContent
    if (label === button.dataset.done) return
    button.textContent = button.dataset.done
    setTimeout(() => { button.textContent = label }, 1500)
  }

  const edit = (button) => {
    const question = button.parentElement.querySelector('.asked')
    const form = document.createElement('form')
    const field = Object.assign(document.createElement('textarea'), { value: question.textContent, rows: 3 })
    field.setAttribute('aria-label', button.dataset.label)
    const save = Object.assign(document.createElement('button'), { textContent: button.dataset.save })
    const cancel = Object.assign(document.createElement('button'), { type: 'button', textContent: button.dataset.cancel })
    form.className = 'editing'
    form.append(field, save, cancel)
    const close = () => {
      form.remove()
      question.hidden = button.hidden = false
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
    question.hidden = button.hidden = true
    question.after(form)
    field.focus()
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act], button[data-copy], button.edit')
    if (!button || button.closest('#jobs')) return // uploads.js handles the buttons of jobs
    if (button.dataset.copy !== undefined) copied(button)
    else if (button.matches('.edit')) edit(button)
    else act({ ...button.dataset, note: button.parentElement.querySelector('.why')?.value ?? '' })
  })

  // A box with data-act says with its event whether it is ticked.
  document.addEventListener('change', (event) => {
    const box = event.target.closest?.('input[type=checkbox][data-act]')
    if (box) act({ ...box.dataset, undated: box.checked })
  })

  // A question without an answer goes back into the question box, unless there is text already.
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
