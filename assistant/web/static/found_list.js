// A form, what it finds below it, and the address, which keeps what is asked for, so that it can be shared and gone back to.
const AGAIN = 1_000 // milliseconds

/**
 * `names` are those of the fields in the address, `path` is where HTML is fetched from; `append` adds the content that a button for
 * more has fetched in the button's place, and of values that are `empty` nothing is fetched. The form's further fields are unfolded
 * where the address has one of those `unfolded`.
 */
export const foundList = (element, { names, path, append, unfolded, empty = () => false }) => {
  const form = () => element.querySelector('form')
  const found = () => element.querySelector('.found')
  let turn = 0, current = new URLSearchParams()

  /** What the fields hold, without those that are empty. */
  const asked = () => {
    const values = new URLSearchParams(new FormData(form()))
    for (const [name, value] of [...values]) if (!value.trim()) values.delete(name)
    return values
  }

  const inAddress = () => {
    const address = new URLSearchParams(location.search)
    return new URLSearchParams(names.filter((name) => address.get(name)).map((name) => [name, address.get(name)]))
  }

  const keep = (values) => {
    const address = new URL(location.href)
    for (const name of names) address.searchParams.delete(name)
    for (const [name, value] of values) address.searchParams.set(name, value)
    if (address.href !== location.href) history.pushState(history.state, '', address)
  }

  const fetched = async (values, offset) => {
    const address = new URL(path, document.baseURI)
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
    if (empty(values)) {
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
    append(next.content, button)
  }

  /** The fields as the address has them, and what is found by them; what was `typed` before the script came stays. */
  const fill = (typed) => {
    const values = inAddress()
    for (const field of form().querySelectorAll('[name]')) {
      if (field.type === 'checkbox') field.checked = values.has(field.name)
      else field.value = values.get(field.name) ?? (typed ? field.value : field.options?.[0].value ?? '')
    }
    form().querySelector('details').open = unfolded.some((name) => values.has(name))
    search(values)
  }

  /** Fill the form now, if it is there, and whenever the address changes; returns what to do when it is put there. */
  const begin = () => {
    window.addEventListener('popstate', () => form() && fill(false))
    const put = () => form() && fill(true)
    put()
    return put
  }

  return { form, found, asked, keep, search, more, begin }
}
