// Search in the texts of all documents. The address keeps what is searched for, so that it can be shared and gone back to.
const NAMES = ['find', 'from', 'to', 'source', 'undated']

const AGAIN = 1_000 // milliseconds

export const start = (element) => {
  const form = () => element.querySelector('form')
  const found = () => element.querySelector('.found')
  let turn = 0, current = new URLSearchParams()

  /** What the fields hold, without those that are empty. */
  const asked = () => {
    const values = new URLSearchParams(new FormData(form()))
    if (element.querySelector('[name=undated]')?.checked) values.set('undated', 'true')
    for (const [name, value] of [...values]) if (!value.trim()) values.delete(name)
    return values
  }

  const inAddress = () => {
    const address = new URLSearchParams(location.search)
    return new URLSearchParams(NAMES.filter((name) => address.get(name)).map((name) => [name, address.get(name)]))
  }

  const keep = (values) => {
    const address = new URL(location.href)
    for (const name of NAMES) address.searchParams.delete(name)
    if (values.has('find')) for (const [name, value] of values) address.searchParams.set(name, value)
    if (address.href !== location.href) history.pushState(history.state, '', address)
  }

  const fetched = async (values, offset) => {
    const address = new URL('find', document.baseURI)
    address.search = new URLSearchParams([...values, ['offset', offset]])
    const response = await fetch(address)
    if (!response.ok) throw new Error(response.statusText)
    return response.text()
  }

  const failed = () => {
    const line = document.createElement('p')
    line.className = 'count problem'
    line.textContent = found().dataset.failed
    return line
  }

  const search = async (values) => {
    const mine = ++turn
    current = values
    if (!values.has('find')) {
      found().replaceChildren()
      return
    }
    found().setAttribute('aria-busy', 'true')
    try {
      const html = await fetched(values, 0)
      if (mine === turn) found().innerHTML = html
    } catch {
      if (mine === turn) found().replaceChildren(failed())
    }
    if (mine !== turn) return
    found().removeAttribute('aria-busy')
    // The assistant is still starting.
    if (found().querySelector('[data-again]')) setTimeout(() => mine === turn && search(values), AGAIN)
  }

  /** Adds the next hits; those of the document that the last ones are of go on in its list. */
  const more = async (button) => {
    const mine = turn
    button.disabled = true
    let html
    try {
      html = await fetched(current, button.value)
    } catch {
      button.disabled = false
      return
    }
    if (mine !== turn) return
    const next = document.createElement('template')
    next.innerHTML = html
    const last = [...found().querySelectorAll('section')].at(-1)
    const [first, ...others] = next.content.querySelectorAll('section')
    const added = first?.querySelector('li a')
    if (first && first.dataset.document === last?.dataset.document) {
      last.querySelector('ol').append(...first.querySelectorAll('li'))
    } else if (first) others.unshift(first)
    const another = next.content.querySelector('.more')
    button.replaceWith(...others, ...(another ? [another] : []))
    added?.focus()
  }

  const ask = () => {
    const values = asked()
    keep(values)
    search(values)
  }

  const fill = () => {
    const values = inAddress()
    for (const field of form().querySelectorAll('[name]')) field.value = values.get(field.name) ?? ''
    form().querySelector('details').open = ['from', 'to', 'source'].some((name) => values.has(name))
    search(values)
  }

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    ask()
  })
  element.addEventListener('change', (event) => {
    if (event.target.name !== 'find' && form().elements.find.value.trim()) ask()
  })
  element.addEventListener('input', (event) => {
    if (event.target.name === 'find' && !event.target.value) ask()
  })
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.target.name !== 'find' || !event.target.value) return
    event.preventDefault()
    event.target.value = ''
    ask()
  })
  element.addEventListener('click', (event) => {
    const button = event.target.closest('button.more')
    if (button) more(button)
  })
  window.addEventListener('popstate', () => form() && fill())

  if (form()) fill()
  return () => form() && fill()
}
