// Past conversations, stored in this browser only: one entry of localStorage each, so that two tabs do not overwrite each other's.
(() => {
  const PREFIX = 'conversation:'
  const OPEN = 'open-conversation'
  const wide = matchMedia('(min-width: 1360px)')

  let memory = new Map() // used where storage is not allowed, as in some frames; lost when the page is left
  const read = (id) => {
    try { return JSON.parse(localStorage.getItem(PREFIX + id)) ?? memory.get(id) } catch { return memory.get(id) }
  }
  const write = (id, entry) => {
    try {
      localStorage.setItem(PREFIX + id, JSON.stringify(entry))
      return true
    } catch (error) {
      memory.set(id, entry)
      return error.name !== 'QuotaExceededError'
    }
  }
  const forget = (id) => {
    memory.delete(id)
    try { localStorage.removeItem(PREFIX + id); localStorage.removeItem('answer-citations') } catch { /* not allowed here */ }
  }
  const ids = () => {
    try { return [...new Set([...Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)), ...memory.keys()])] } catch { return [...memory.keys()] }
  }
  const openId = (id) => {
    try { id === undefined || sessionStorage.setItem(OPEN, id); return sessionStorage.getItem(OPEN) ?? '' } catch { return id ?? '' }
  }

  const act = (detail) => document.dispatchEvent(new CustomEvent('act', { detail }))
  const panel = () => document.querySelector('#history .past')
  const inPanel = (selector) => panel()?.querySelector(selector)

  // The list: conversations whose name or text contains every word of the search, newest first.
  const folded = (text) => text.toLowerCase().replace(/[„“”‚‘’«»‹›"']/g, '') // quotes have other marks in an export
  let listed = ''
  const list = (anew = false) => {
    if (!panel()) return
    const searched = folded(inPanel('input').value).split(/\s+/)
    const entries = ids().map((id) => ({ id, ...read(id) })).filter((entry) => entry.name !== undefined)
    const matches = entries.filter(({ name, markdown }) => searched.every((word) => folded(`${name}\n${markdown}`).includes(word)))
    matches.sort((a, b) => b.at - a.at)
    const content = JSON.stringify([openId(), matches.map(({ id, name }) => [id, name])])
    if (content === listed && !anew) return // an open menu stays open
    listed = content
    inPanel('ul').replaceChildren(...matches.map(row))
    inPanel('.none').hidden = matches.length > 0
  }

  const row = ({ id, name }) => {
    const item = inPanel('template').content.firstElementChild.cloneNode(true)
    const button = item.querySelector('.open')
    button.textContent = name
    button.dir = 'auto'
    item.dataset.id = id
    item.querySelector('summary .unseen').textContent += `: ${name}`
    item.querySelector('.menu').setAttribute('aria-label', name)
    if (id === openId()) button.setAttribute('aria-current', 'true')
    return item
  }

  const open = (id, restriction = {}) => {
    const entry = read(id)
    if (!entry) return
    openId(id)
    act({ act: 'open', conversation: entry.kept, ...restriction })
    if (!wide.matches) toggle(false)
  }

  // A key that is held down repeats itself, now on the button that has got the focus.
  let held = false
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && held && event.repeat) event.preventDefault()
    else held = false
  }, true)

  const rename = (item) => {
    const entry = read(item.dataset.id)
    const field = Object.assign(document.createElement('input'), { value: entry.name })
    field.setAttribute('aria-label', panel().dataset.name)
    let done = false
    const close = (keep) => {
      if (done) return
      done = true
      if (keep && field.value.trim()) write(item.dataset.id, { ...entry, name: field.value.trim() })
      list(true)
      panel().querySelector(`[data-id="${item.dataset.id}"] .open`)?.focus()
    }
    field.addEventListener('keydown', (event) => {
      if (event.isComposing) return
      if (event.key === 'Enter') { // else the key also presses the button that gets the focus
        event.preventDefault()
        event.stopPropagation()
        held = true
        close(true)
      }
      if (event.key === 'Escape') { event.stopPropagation(); close(false) }
    })
    field.addEventListener('blur', () => close(true))
    item.querySelector('.open').replaceWith(field)
    item.querySelector('details').remove()
    field.select()
  }

  let undoRemoval = null
  const remove = (id) => {
    const entry = read(id)
    const current = id === openId()
    forget(id)
    if (current) act({ act: 'fresh' })
    inPanel('.undone').hidden = false
    inPanel('.undone span').textContent = `${panel().dataset.deleted} ${entry.name} `
    undoRemoval = () => {
      write(id, entry)
      if (current) open(id)
    }
    list()
    inPanel('.undone .undo').focus()
  }

  const save = (name, type, text) => {
    const link = Object.assign(document.createElement('a'), { download: name, href: URL.createObjectURL(new Blob([text], { type })) })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  const fileName = (name) => name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60) || 'conversation'
  const inLine = (name) => name.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|~#$]/g, '\\$&')
  const inHtml = (name) => Object.assign(document.createElement('p'), { textContent: name }).innerHTML
  const copy = (text, html) => new Promise((done) => document.dispatchEvent(new CustomEvent('copy-text', { detail: { text, html, done } })))
  const exported = {
    markdown: ({ name, markdown }) => save(`${fileName(name)}.md`, 'text/markdown', `# ${inLine(name)}\n\n${markdown}\n`),
    'copy-rich': ({ name, html, plain, markdown }) => copy(`${name}\n\n${plain || markdown}`, html && `<h1>${inHtml(name)}</h1>${html}`),
    'copy-markdown': ({ name, markdown }) => copy(`# ${inLine(name)}\n\n${markdown}\n`),
    json: ({ name, at, kept }) => {
      const { id, exchanges, filters } = JSON.parse(kept)
      save(`${fileName(name)}.json`, 'application/json', JSON.stringify({ name, at: new Date(at).toISOString(), id, filters, exchanges }, null, 2))
    },
  }

  const confirm = (button) => {
    if (button.textContent === panel().dataset.done) return
    const label = button.textContent
    button.textContent = panel().dataset.done
    setTimeout(() => { button.textContent = label; button.closest('details').open = false }, 1200)
  }

  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('#history details[open]')) if (!menu.contains(event.target)) menu.open = false
    const button = event.target.closest('#history button')
    if (!button) return
    const item = button.closest('li')
    const [name] = button.classList
    if (name === 'undo') { undoRemoval?.(); inPanel('.undone').hidden = true; list() }
    if (name === 'open') open(item.dataset.id)
    if (name === 'rename') rename(item)
    if (name === 'delete') remove(item.dataset.id)
    if (exported[name]) {
      const done = exported[name](read(item.dataset.id))
      if (done) done.then(() => confirm(button))
      else item.querySelector('details').open = false
    }
  })

  // The list is open on wide screens unless closed, and closed on narrow ones unless opened; set before the first paint.
  const root = document.documentElement
  const remembered = () => { try { return localStorage.getItem('past') } catch { return null } }
  const toggle = (open) => {
    root.dataset.past = open ? 'open' : 'closed'
    const button = document.getElementById('past-toggle')
    button?.setAttribute('aria-expanded', open)
    button?.setAttribute('aria-controls', 'past')
  }
  toggle(wide.matches && remembered() !== 'closed' && (ids().length > 0 || remembered() === 'open'))
  document.addEventListener('past', () => {
    toggle(root.dataset.past !== 'open')
    if (wide.matches) { try { localStorage.setItem('past', root.dataset.past) } catch { /* not allowed here */ } }
    if (root.dataset.past === 'open') inPanel('input')?.focus()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || wide.matches || root.dataset.past !== 'open') return
    toggle(false)
    document.getElementById('past-toggle')?.focus()
  })

  // The bridge passes the open conversation whenever it has changed; an empty string if none is open. The first one
  // may arrive before the page has settled, if the reader asks at once.
  let asked = false
  document.addEventListener('kept', ({ detail }) => {
    if (detail === undefined) return
    if (!detail) { openId(''); return list() }
    const { markdown, html, plain, ...conversation } = JSON.parse(detail)
    const { id, exchanges } = conversation
    if (!id) return
    const kept = JSON.stringify(conversation)
    asked = true
    openId(id)
    const known = read(id)
    const name = known?.name ?? exchanges[0].question.trim().slice(0, 80)
    const changed = known?.kept !== kept
    const fits = !changed || write(id, { name, at: Date.now(), kept, markdown, html, plain })
    if (panel()) inPanel('.full').hidden = fits
    list()
  })

  // Once the page is complete: reopen what was open before a reload, and apply the filters of the address.
  document.addEventListener('settled', () => {
    inPanel('input').addEventListener('input', () => list())
    inPanel('.undone').hidden = true
    toggle(root.dataset.past === 'open')
    list(true)
    const query = new URL(location.href).searchParams
    const [documents, since, until] = ['documents', 'from', 'to'].map((name) => query.get(name) ?? '')
    const restriction = documents || since || until ? { documents, since, until } : undefined
    // A single event, because the order of two is not certain.
    if (!asked && openId() && read(openId())) open(openId(), restriction)
    else if (restriction) act({ act: 'narrow', ...restriction })
  })
  addEventListener('storage', () => list())
})()
