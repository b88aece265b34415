// Checking a draft: sent with the form, shown as it comes, kept by the server, and shown again by its address.
import { placesOf, view } from './check_view.js'
import { patiently } from './patience.js'

const KEPT_TEXT = 'check-draft' // what was typed, for this tab
const PAINT = 400 // milliseconds between two paintings while a check goes on

export const start = (element) => {
  let words, show, check, places, points, citations, chosen, filter, under, painting, since, wanted

  const find = (selector) => element.querySelector(selector)
  const api = (path) => new URL(`api/${path}`, document.baseURI)
  const field = () => find('#draft-text')
  const chooser = () => find('#draft-file')

  const complain = (text) => {
    find('.problem').textContent = text
    find('.problem').hidden = !text
  }

  // -- what is shown -----------------------------------------------------------------------

  const empty = (draft) => ({ ...draft, id: '', sentences: [], quotations: [], citations: [], changed: [], complete: false, documents: null })

  const begin = (draft) => {
    clearTimeout(painting)
    check = draft
    points = Array.from(draft.text)
    citations = new Map(draft.citations.map((one) => [one.number, one]))
    places = placesOf(check, words)
    chosen = null
    filter = ''
    find('.result').hidden = false
    find('.result .name').textContent = draft.name || words.unnamed
    find('.result .about').textContent = ''
    find('.result .since').hidden = true
    find('.result').classList.toggle('kept', Boolean(draft.id))
    find('.found ol').replaceChildren()
    paint()
  }

  /** Paint the draft anew, and add to the list what is not there yet. */
  const paint = () => {
    painting = null
    places = placesOf(check, words)
    find('.draft .text').replaceChildren(show.draft(points, places))
    const listed = new Map([...find('.found ol').children].map((one) => [one.dataset.key, one]))
    find('.found ol').replaceChildren(...places.map((one) => listed.get(one.key) ?? show.item(one, points, citations)))
    find('.filters').replaceChildren(...show.filters(places, check.changed.length))
    sift(filter)
    const [first] = tags()
    if (!chosen && first) first.tabIndex = 0
    const [head] = heads()
    if (!chosen && head) head.tabIndex = 0
    if (chosen) mark(chosen)
  }

  const whole = (kept) => {
    begin(kept)
    find('.result .about').textContent = [
      show.filled(words.searched, { n: show.number(kept.documents), when: show.moment(kept.checked_at) }), kept.complete ? '' : words.stopped,
      places.some((one) => one.gravity !== 'none') ? '' : words.nothing].filter(Boolean).join(' ')
    const [first, second] = words.changed
    find('.result .since').hidden = !kept.earlier
    if (kept.earlier) {
      const changed = show.filled(kept.changed.length === 1 ? first : second, { n: show.number(kept.changed.length) })
      find('.result .since').textContent = `${show.filled(words.compared, { when: show.moment(kept.earlier) })} ${changed}`
    }
    for (const link of element.querySelectorAll('[data-export]')) {
      if (!kept.id) continue
      const form = link.dataset.export
      link.href = form === 'json' ? api(`checks/${kept.id}`) : api(`checks/${kept.id}/report.${form}?language=${element.querySelector('.desk').dataset.language}`)
      link.download = form === 'json' ? `${kept.name || 'check'}.json` : ''
    }
    if (kept.id) address(kept.id)
  }

  const address = (id) => {
    const here = new URL(location.href)
    id ? here.searchParams.set('check', id) : here.searchParams.delete('check')
    if (here.href !== location.href) history.pushState(history.state, '', here)
  }

  // -- from place to place -----------------------------------------------------------------

  const shown = (one) => filter ? (filter === 'new' ? one.before !== null : one.verdict === filter) : one.gravity !== 'none'
  const tags = () => [...element.querySelectorAll('.draft .tag:not([hidden])')]
  const heads = () => [...element.querySelectorAll('.found li:not([hidden]) .head')]

  const sift = (value) => {
    filter = value
    const kept = new Set(places.filter(shown).map((one) => one.key))
    for (const one of element.querySelectorAll('.found li, .draft .tag')) one.hidden = !kept.has(one.dataset.key)
    for (const one of element.querySelectorAll('.draft .at')) one.classList.toggle('faint', !kept.has(one.dataset.key))
    for (const one of element.querySelectorAll('.filters button')) one.ariaPressed = String(one.dataset.filter === value)
    find('.found .none').hidden = kept.size > 0 || !places.length
    find('.found .none').textContent = words.none_shown
  }

  const mark = (key) => {
    for (const one of element.querySelectorAll('.result [data-key]')) one.classList.toggle('current', one.dataset.key === key)
    for (const one of [...tags(), ...heads()]) one.tabIndex = (one.dataset.key ?? one.parentElement.dataset.key) === key ? 0 : -1
  }

  /** Open what was found at a place; `from` is where the reader is: "list", "draft", or nowhere. */
  const choose = (key, from) => {
    const item = find(`.found li[data-key="${key}"]`)
    if (!item) return
    const body = item.querySelector('.body')
    for (const other of element.querySelectorAll('.found .body:not([hidden])')) {
      other.hidden = other !== body
      other.parentElement.querySelector('.head').ariaExpanded = String(other === body)
    }
    body.fill()
    body.hidden = false
    item.querySelector('.head').ariaExpanded = 'true'
    chosen = key
    mark(key)
    const there = find(`.draft .at[data-key="${key}"]`) ?? find(`.draft .tag[data-key="${key}"]`)
    if (from === 'list') {
      item.querySelector('.head').focus({ preventScroll: true })
      if (wide()) there?.scrollIntoView({ block: 'nearest' })
      item.scrollIntoView({ block: 'nearest' })
    } else {
      item.querySelector('.head').focus({ preventScroll: true })
      item.scrollIntoView({ block: wide() ? 'nearest' : 'start' })
    }
  }

  const wide = () => matchMedia('(min-width: 1000px)').matches

  const step = (by) => {
    const keys = heads().map((one) => one.parentElement.dataset.key)
    const at = keys.indexOf(chosen)
    const next = at < 0 ? (by > 0 ? 0 : keys.length - 1) : Math.min(Math.max(at + by, 0), keys.length - 1)
    if (keys.length) choose(keys[next], 'list')
  }

  // -- checking ----------------------------------------------------------------------------

  const run = async (body) => {
    under?.abort()
    const mine = under = new AbortController()
    let done = 0, total = 0
    complain('')
    find('.progress').hidden = false
    find('.progress progress').removeAttribute('value')
    find('.progress .said').textContent = words.reading
    element.querySelector('form button[type=submit]').disabled = true
    try {
      const json = !(body instanceof FormData)
      const response = await patiently(new URL('checked', document.baseURI), {
        method: 'POST', signal: mine.signal, body: json ? JSON.stringify(body) : body, headers: json ? { 'Content-Type': 'application/json' } : {},
      }, () => { find('.progress .said').textContent = words.still_loading })
      find('.progress .said').textContent = words.reading
      if (!response.ok) throw Object.assign(new Error(), { detail: (await response.json().catch(() => ({}))).detail })
      let ended = false
      for await (const [name, data] of events(response.body)) {
        if (name === 'draft') begin(empty(data))
        else if (name === 'error') throw Object.assign(new Error(), { detail: data.detail })
        else if (name === 'cutting') {
          find('.progress progress').max = data.total
          find('.progress progress').value = data.done
          find('.progress .said').textContent = show.filled(words.cutting, { percent: show.number(Math.round(100 * data.done / data.total)) })
        } else if (name === 'claims') find('.progress .said').textContent = words.claims
        else if (name === 'done') {
          ended = true
          since = null
          whole(data)
          find('.result .name').focus({ preventScroll: true })
          find('.result').scrollIntoView({ block: 'start' })
          sessionStorage.removeItem(KEPT_TEXT)
          list()
        } else {
          const one = data.sentence ?? data.quotation
          check[data.sentence ? 'sentences' : 'quotations'].push(one)
          for (const citation of data.citations) citations.set(citation.number, citation)
          ;({ done, total } = data)
          find('.progress progress').max = total
          find('.progress progress').value = done
          find('.progress .said').textContent = show.filled(words.progress, { done: show.number(done), total: show.number(total) })
          painting ??= setTimeout(paint, PAINT)
        }
      }
      if (!ended) throw new Error('broken off')
    } catch (error) {
      if (under !== mine) return // another check has begun
      if (mine.signal.aborted) {
        if (check && !check.id) paint()
        complain(total ? show.filled(words.cancelled, { done: show.number(done), total: show.number(total) }) : words.cancelled_early)
      } else complain(error.detail || words.failed)
    } finally {
      clearTimeout(painting)
      painting = null
      if (under === mine) {
        under = null
        find('.progress').hidden = true
        element.querySelector('form button[type=submit]').disabled = false
      }
    }
  }

  const events = async function * (stream) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
    let rest = '', name = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (rest + value).split('\n')
      rest = lines.pop()
      for (const one of lines) {
        if (one.startsWith('event: ')) name = one.slice(7)
        else if (one.startsWith('data: ')) yield [name, JSON.parse(one.slice(6))]
      }
    }
  }

  const submit = () => {
    const [file] = chooser().files
    if (file) {
      const body = new FormData()
      body.append('file', file)
      body.append('stream', 'true')
      if (check?.id && check.name === file.name) body.append('again', check.id)
      run(body)
    } else if (field().value.trim()) run({ text: field().value, stream: true, ...since })
    else {
      complain(words.empty)
      field().focus()
    }
  }

  // -- what is kept ------------------------------------------------------------------------

  const list = async () => {
    const response = await fetch(api('checks')).catch(() => null)
    if (!response?.ok) return
    const { checks } = await response.json()
    find('.earlier').hidden = !checks.length
    find('.earlier ul').replaceChildren(...checks.map((one) => show.earlier(one, one.id === check?.id)))
  }

  const open = async (id) => {
    wanted = id
    const response = await fetch(api(`checks/${id}`)).catch(() => null)
    if (wanted !== id) return
    if (!response?.ok) {
      complain(response?.status === 404 ? words.gone : words.failed)
      address('')
      return
    }
    complain('')
    whole(await response.json())
    list()
  }

  const remove = async (button) => {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = ''
      button.textContent = words.delete_really
      setTimeout(() => { if (button.isConnected) { delete button.dataset.sure; button.textContent = '×' } }, 4000)
      return
    }
    const id = button.dataset.delete
    const response = await fetch(api(`checks/${id}`), { method: 'DELETE' }).catch(() => null)
    if (!response || (!response.ok && response.status !== 404)) { complain(words.failed); return }
    if (check?.id === id) clear()
    await list()
    ;(find('.earlier .delete') ?? field()).focus()
  }

  const clear = () => {
    under?.abort()
    clearTimeout(painting)
    painting = null
    check = null
    since = null
    find('.result').hidden = true
    address('')
    compared()
  }

  const compared = () => {
    const line = find('form .compared')
    line.hidden = !since
    if (since) line.textContent = show.filled(words.compared, { when: show.moment(check.checked_at) })
  }

  const keep = () => {
    try { field().value ? sessionStorage.setItem(KEPT_TEXT, field().value) : sessionStorage.removeItem(KEPT_TEXT) } catch { /* too long to keep */ }
  }

  const begun = () => {
    if (!find('.desk') || find('.desk').dataset.begun) return
    find('.desk').dataset.begun = 'yes'
    words = JSON.parse(find('.desk').dataset.words)
    show = view(words, find('.desk').dataset.language)
    field().value ||= sessionStorage.getItem(KEPT_TEXT) ?? '' // what was typed before the script came stays
    const id = new URLSearchParams(location.search).get('check')
    id ? open(id) : list()
  }

  // -- what the reader does ----------------------------------------------------------------

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  element.addEventListener('input', (event) => { if (event.target === field()) keep() })
  element.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-check]')
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault()
      open(link.dataset.check).then(() => { find('.result .name').focus({ preventScroll: true }); find('.result').scrollIntoView({ block: 'start' }) })
      return
    }
    const button = event.target.closest('button')
    if (button?.matches('.cancel')) under?.abort()
    else if (button?.matches('.again')) run({ again: check.id, stream: true })
    else if (button?.matches('.rework')) {
      field().value = check.text
      since = check.id ? { again: check.id, name: check.name } : null
      chooser().value = ''
      keep()
      compared()
      field().focus()
      find('form').scrollIntoView({ block: 'start' })
    } else if (button?.matches('.other')) {
      clear()
      field().value = ''
      chooser().value = ''
      keep()
      field().focus()
    } else if (button?.dataset.step) step(Number(button.dataset.step))
    else if (button?.dataset.filter !== undefined) sift(button.dataset.filter)
    else if (button?.dataset.delete) remove(button)
    else if (button?.matches('.head')) {
      const { parentElement: item, ariaExpanded } = button
      if (ariaExpanded === 'true') {
        item.querySelector('.body').hidden = true
        button.ariaExpanded = 'false'
      } else choose(item.dataset.key, 'list')
    } else if (button?.matches('.back')) {
      const key = button.closest('li').dataset.key
      const there = find(`.draft .tag[data-key="${key}"]`)
      there?.focus({ preventScroll: true })
      there?.scrollIntoView({ block: 'center' })
    } else if (event.target.closest('.draft [data-key]')) choose(event.target.closest('.draft [data-key]').dataset.key, 'draft')
  })
  element.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches('.head, .tag')) return
    event.preventDefault()
    step(by)
  })
  for (const [name, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
    element.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      element.classList.toggle('dropping', over)
      if (name !== 'drop' || !event.dataTransfer.files.length) return
      chooser().files = event.dataTransfer.files
      submit()
    })
  }
  window.addEventListener('popstate', () => {
    const id = new URLSearchParams(location.search).get('check')
    if (id && id !== check?.id) open(id)
    else if (!id && find('.result')) { check = null; find('.result').hidden = true }
  })

  begun()
  return begun
}
