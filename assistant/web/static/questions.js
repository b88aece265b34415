// Standing questions: kept, changed and removed through the API; the list is fetched anew after each change, and now and then.
const AGAIN = 1_000, NOW_AND_THEN = 20_000, UNDO = 20_000 // milliseconds

export const start = (element) => {
  const form = () => element.querySelector('form.keep')
  const kept = () => element.querySelector('.kept')
  const removed = new Map() // by id: the timer of a removal that can be undone
  let turn = 0
  let limit = 0 // of the questions; 0: as many as the server shows at first

  const say = (words) => { element.querySelector('.said').replaceChildren(words) }

  const call = async (method, path, body) => {
    const response = await fetch(new URL(`api/questions${path}`, document.baseURI), {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    const answer = response.status === 204 ? {} : await response.json().catch(() => ({}))
    if (!response.ok) throw new Error(answer.detail ?? '')
    return answer
  }

  const failed = (error) => say(error.message || element.querySelector('.said').dataset.failed)

  const dated = () => {
    for (const time of kept().querySelectorAll('time[datetime*=T]')) {
      time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang || undefined, { dateStyle: 'medium', timeStyle: 'short' })
    }
  }

  const show = (html) => {
    const open = new Set([...kept().querySelectorAll('details[open]')].map((one) => one.dataset.key))
    const focused = document.activeElement?.closest?.('.question')
    const act = document.activeElement?.dataset?.act
    kept().innerHTML = html
    for (const details of kept().querySelectorAll('details')) details.open = open.has(details.dataset.key)
    for (const id of removed.keys()) section(id)?.remove()
    if (focused) {
      const again = section(focused.dataset.id)
      ;(again?.querySelector(`[data-act="${act}"]`) ?? again?.querySelector('.acts button') ?? form()?.elements.question)?.focus({ preventScroll: true })
    }
    dated()
  }

  const section = (id) => kept().querySelector(`.question[data-id="${CSS.escape(id)}"]`)

  const load = async () => {
    if (!kept()) return // Gradio has not put the form there yet
    const mine = ++turn
    try {
      const response = await fetch(new URL(limit ? `kept?limit=${limit}` : 'kept', document.baseURI))
      if (!response.ok) throw new Error(response.statusText)
      const html = await response.text()
      if (mine === turn) show(html)
    } catch {
      if (mine === turn && kept() && !kept().children.length) kept().textContent = kept().dataset.failed
    }
    document.dispatchEvent(new Event('questions-changed'))
    if (kept().querySelector('[data-again]')) setTimeout(() => mine === turn && load(), AGAIN)
  }

  const busy = () => !kept() || kept().contains(document.activeElement) && document.activeElement.matches('input:not([readonly]), textarea')
  const looked = setInterval(() => {
    if (!element.isConnected) clearInterval(looked)
    else if (!document.hidden && !busy() && !kept().querySelector('form.editing') && !dirty()) load()
  }, NOW_AND_THEN)
  const dirty = () => [...kept().querySelectorAll('.places input')].some((field) => field.value !== field.defaultValue)

  // -- changing ------------------------------------------------------------------------------

  const change = async (act) => {
    try {
      await act()
      say('')
    } catch (error) {
      failed(error)
    }
    await load()
  }

  const edit = (question) => {
    const title = question.querySelector('h2')
    const editing = document.createElement('form')
    const field = Object.assign(document.createElement('textarea'), { value: question.dataset.question, rows: 2 })
    field.setAttribute('aria-label', question.dataset.label)
    const save = Object.assign(document.createElement('button'), { textContent: question.dataset.save })
    const cancel = Object.assign(document.createElement('button'), { type: 'button', textContent: question.dataset.cancel })
    editing.className = 'editing'
    editing.append(field, save, cancel)
    const close = () => {
      editing.remove()
      title.hidden = false
      question.querySelector('[data-act=edit]')?.focus()
    }
    editing.addEventListener('submit', (event) => {
      event.preventDefault()
      event.stopPropagation()
      if (!field.value.trim()) return
      close()
      change(() => call('PATCH', `/${question.dataset.id}`, { question: field.value }))
    })
    editing.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && event.target === field) { event.preventDefault(); editing.requestSubmit() }
      if (event.key === 'Escape') close()
    })
    cancel.addEventListener('click', close)
    title.hidden = true
    title.after(editing)
    field.focus()
  }

  // A removal waits a while so that it can be undone; leaving the page does not undo it.
  const remove = (question) => {
    const { id } = question.dataset
    const undo = Object.assign(document.createElement('button'), { type: 'button', textContent: question.dataset.undo })
    const line = document.createElement('span')
    line.append(`${question.dataset.removed} `, undo)
    say(line)
    const timer = setTimeout(() => finish(id), UNDO)
    removed.set(id, timer)
    question.remove()
    undo.focus()
    undo.addEventListener('click', () => {
      clearTimeout(timer)
      removed.delete(id)
      say('')
      load().then(() => section(id)?.querySelector('.acts button')?.focus())
    })
  }
  const finish = async (id, keepalive = false) => {
    try {
      await fetch(new URL(`api/questions/${id}`, document.baseURI), { method: 'DELETE', keepalive })
    } catch (error) {
      failed(error)
    }
    clearTimeout(removed.get(id))
    removed.delete(id)
    if (!keepalive) { say(''); load() }
  }
  addEventListener('pagehide', () => { for (const id of removed.keys()) finish(id, true) })

  const test = async (question, button) => {
    button.disabled = true
    try {
      const { results } = await call('POST', `/${question.dataset.id}/test`)
      const wrong = Object.entries(results).filter(([, reason]) => reason)
      say(wrong.length ? wrong.map(([way, reason]) => `${way}: ${reason}`).join(' ') : button.dataset.done)
    } catch (error) {
      failed(error)
    }
    button.disabled = false
  }

  element.addEventListener('click', (event) => {
    const further = event.target.closest('button[data-limit]')
    if (further) {
      const shown = kept().querySelectorAll('.question').length
      event.stopPropagation()
      limit = Number(further.dataset.limit)
      further.disabled = true
      load().then(() => kept().querySelectorAll('.question')[shown]?.querySelector('.acts button')?.focus())
      return
    }
    const button = event.target.closest('button[data-act]')
    const question = button?.closest('.question')
    if (!question) return
    event.stopPropagation() // it is no event for Python
    const path = `/${question.dataset.id}`
    const acts = {
      seen: () => change(() => call('POST', `${path}/seen`, {})),
      edit: () => edit(question),
      pause: () => change(() => call('PATCH', path, { paused: true })),
      go_on: () => change(() => call('PATCH', path, { paused: false })),
      remove: () => remove(question),
      renew: () => change(() => call('POST', `${path}/token`)),
      test: () => test(question, button),
    }
    acts[button.dataset.act]?.()
  })

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    const target = event.target
    if (target === form()) {
      const question = target.elements.question.value.trim()
      if (question) change(async () => { await call('POST', '', { question }); target.reset() })
    } else if (target.matches('.places')) {
      const { webhook, mail } = target.elements
      const language = document.documentElement.lang.startsWith('de') ? 'de' : 'en'
      const places = { webhook: webhook.value, language, ...(mail && { mail: mail.value }) }
      for (const field of [webhook, mail]) if (field) field.defaultValue = field.value
      change(() => call('PATCH', `/${target.closest('.question').dataset.id}`, places))
    }
  })

  load()
  return load
}
