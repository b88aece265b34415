// Quotes that are verified: a file, or pasted text, which the tab keeps, is sent, and what comes back is shown below.
const KEPT = 'verify-text'
const MOST = 4_000_000 // bytes that the server takes
const AGAIN = 1_000 // milliseconds

export const start = (element) => {
  const form = () => element.querySelector('form')
  const found = () => element.querySelector('.found')
  let under = null // the request under way

  const keep = (text) => { try { sessionStorage.setItem(KEPT, text) } catch { /* not allowed here, or too long */ } }
  const kept = () => { try { return sessionStorage.getItem(KEPT) ?? '' } catch { return '' } }

  const line = (said, name = 'count problem') => Object.assign(document.createElement('p'), { className: name, textContent: said })
  const busy = (on) => {
    form().querySelector('.check').disabled = on
    form().querySelector('.cancel').hidden = !on
    if (on) found().setAttribute('aria-busy', 'true')
    else found().removeAttribute('aria-busy')
  }

  const sent = () => {
    const [file] = form().elements.file.files
    const text = form().elements.text.value
    if (!file && !text.trim()) return null
    const body = new FormData()
    body.set('file', file ?? new File([text], 'pasted'))
    return body
  }

  const check = async () => {
    const body = sent()
    if (!body) return found().replaceChildren(line(found().dataset.nothing))
    if (body.get('file').size > MOST) return found().replaceChildren(line(found().dataset.large))
    under?.abort()
    const mine = under = new AbortController()
    busy(true)
    found().replaceChildren(line(found().dataset.busy, 'count busy'))
    try {
      const response = await fetch(new URL('verified', document.baseURI), { method: 'POST', body, signal: mine.signal })
      if (!response.ok) throw new Error(response.statusText)
      const html = await response.text()
      if (mine !== under) return
      found().innerHTML = html
      if (found().querySelector('[data-again]')) setTimeout(() => mine === under && check(), AGAIN) // it is still starting
    } catch (error) {
      if (mine === under) found().replaceChildren(...(error.name === 'AbortError' ? [] : [line(found().dataset.failed)]))
    } finally {
      if (mine === under) busy(false)
    }
  }

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    check()
  })
  element.addEventListener('input', ({ target }) => {
    if (target.name === 'text') keep(target.value)
  })
  element.addEventListener('change', ({ target }) => {
    if (target.name === 'file' && target.files.length) check()
  })
  element.addEventListener('click', ({ target }) => {
    if (target.closest('.cancel')) under?.abort()
  })

  const fill = () => {
    if (form() && !form().elements.text.value) form().elements.text.value = kept()
    if (form()?.elements.file.files.length) check() // it was chosen before this script came
  }
  fill()
  return fill
}
