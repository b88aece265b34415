// Files and addresses from anywhere on the page to the server: chosen, dropped or pasted. Each file is a row from the moment
// that it is named; once it has arrived, the row of its job takes over. Words and limit stand in the element `#sending`.
const AT_ONCE = 3
const TOGETHER = 250 // milliseconds in which files that have arrived are told of together
const AGAIN = 2_000 // milliseconds after which the rows are asked for once more: Gradio now and then loses the last answer of many

const filled = (words, value) => words.replace('%1', value)
const make = (tag, name, text = '') => Object.assign(document.createElement(tag), { className: name, textContent: text })

export const start = (element, trigger, upload) => {
  const words = () => element.querySelector('#sending')?.dataset ?? {}
  const rows = make('ul', 'jobs sending')
  const cover = make('div', 'dropping')
  const live = make('p', 'unseen')
  live.setAttribute('role', 'status')
  cover.hidden = true
  const total = make('p', 'summary') // instead of the server's, where files have failed before they arrived
  total.hidden = true
  element.before(total, rows, live)
  document.body.append(cover)
  let early = [], waiting = [], sending = 0, arrived = [], timer = 0, again = 0

  const look = () => {
    again = 0
    trigger('input', { act: 'look', value: '' })
  }

  const tell = () => {
    trigger('input', { act: 'files', value: arrived })
    arrived = []
    timer = 0
    clearTimeout(again)
    again = setTimeout(look, AGAIN)
  }

  const sum = () => {
    const given = element.querySelector('.summary')
    const lost = rows.querySelectorAll('.failed').length
    const good = given?.dataset.good ?? ''
    const failed = lost + Number(given?.dataset.failed ?? 0)
    total.textContent = [good, filled(words().sumFailed ?? '', failed)].filter(Boolean).join(', ')
    total.hidden = !lost || (failed === 1 && !good)
    if (given && lost) given.hidden = true
  }

  const row = (file) => {
    const one = { file, line: make('li', 'job queued'), state: make('span', 'state', words().waiting) }
    const name = make('bdi', 'name', file.name)
    one.button = make('button', '', words().cancel)
    one.button.type = 'button'
    one.button.setAttribute('aria-label', filled(words().cancelOf, file.name))
    one.button.addEventListener('click', () => {
      one.cancelled = true
      waiting = waiting.filter((other) => other !== one)
      one.line.remove()
      sum()
    })
    one.line.append(name, one.state, one.button)
    rows.append(one.line)
    return one
  }

  const fail = (one, reason) => {
    one.line.className = 'job failed'
    one.state.textContent = words().failed
    one.line.append(make('span', 'reason', reason))
    one.button.textContent = words().dismiss
    one.button.setAttribute('aria-label', filled(words().dismissOf, one.file.name))
    live.textContent = `${one.file.name}: ${reason}`
    sum()
  }

  const send = async (one) => {
    one.state.textContent = words().sending
    one.line.className = 'job running'
    const bar = make('progress', '')
    bar.setAttribute('aria-label', one.file.name)
    one.line.insertBefore(bar, one.button)
    try {
      const { path } = await upload(one.file)
      if (one.cancelled) return
      arrived.push({ path, name: one.file.name })
      timer ||= setTimeout(tell, TOGETHER)
      one.line.remove()
    } catch {
      bar.remove()
      if (!one.cancelled) fail(one, words().lost)
    }
  }

  const next = async () => {
    if (sending >= AT_ONCE || !waiting.length) return
    sending += 1
    await send(waiting.shift())
    sending -= 1
    next()
  }

  // What comes before the words and the limit do waits for them.
  const take = (files) => {
    if (!words().most) {
      early.push(...files)
      again ||= setTimeout(look, AGAIN)
      return
    }
    for (const file of files) {
      const one = row(file)
      if (file.size > Number(words().most)) {
        fail(one, words().tooLarge)
      } else {
        waiting.push(one)
        next()
      }
    }
  }

  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files')
  const editable = (target) => target.closest?.('input, textarea, [contenteditable="true"]')

  const choose = (field) => {
    take([...field.files])
    field.value = ''
  }
  document.querySelectorAll('#files input[type="file"]').forEach(choose) // the field may be there before this script is
  document.addEventListener('change', (event) => {
    if (event.target.matches?.('#files input[type="file"]')) choose(event.target)
  })
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    cover.textContent = words().drop
    cover.hidden = false
  })
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) cover.hidden = true
  })
  addEventListener('drop', (event) => {
    cover.hidden = true
    if (!hasFiles(event)) return
    event.preventDefault()
    take(event.dataTransfer.files)
  })
  addEventListener('paste', (event) => {
    const files = event.clipboardData?.files ?? []
    if (files.length) {
      event.preventDefault()
      take(files)
    } else if (!editable(event.target)) {
      const addresses = (event.clipboardData?.getData('text') ?? '').split(/\s+/).filter((word) => /^https?:\/\//i.test(word))
      if (addresses.length) trigger('input', { act: 'address', value: addresses.join(' ') })
    }
  })
  element.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act]')
    if (button) trigger('input', { act: button.dataset.act, value: button.value })
  })

  // What has come to an end since is said once, for those who do not see the rows.
  let ended = new Set()
  return () => {
    if (early.length) take(early.splice(0))
    const now = [...element.querySelectorAll('.job.done, .job.unchanged, .job.failed, .job.cancelled')]
    const fresh = now.filter((line) => !ended.has(line.dataset.job))
    ended = new Set(now.map((line) => line.dataset.job))
    sum()
    const summary = total.hidden ? element.querySelector('.summary')?.textContent : total.textContent
    const told = fresh.slice(0, 5).map((line) => line.dataset.told)
    if (fresh.length) live.textContent = (now.length > 1 ? [summary, ...told] : told).join('. ')
  }
}
