// Search in the texts of all documents.
import { foundList } from './found_list.js'

const NAMES = ['find', 'from', 'to', 'source', 'undated']

export const start = (element) => {
  /** The next hits; those of the document that the last ones are of go on in its list. */
  const append = (content, button) => {
    const last = [...found().querySelectorAll('section')].at(-1)
    const [first, ...others] = content.querySelectorAll('section')
    const added = first?.querySelector('li a')
    if (first && first.dataset.document === last?.dataset.document) {
      last.querySelector('ol').append(...first.querySelectorAll('li'))
    } else if (first) others.unshift(first)
    const another = content.querySelector('.more')
    button.replaceWith(...others, ...(another ? [another] : []))
    added?.focus()
  }

  const empty = (values) => !values.has('find')
  const list = foundList(element, { names: NAMES, path: 'find', append, unfolded: ['from', 'to', 'source'], empty })
  const { form, found, search, more } = list

  const asked = () => {
    const values = list.asked()
    if (element.querySelector('[name=undated]')?.checked) values.set('undated', 'true')
    return values
  }

  const keep = (values) => list.keep(empty(values) ? new URLSearchParams() : values)

  const ask = () => {
    const values = asked()
    keep(values)
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

  return list.begin()
}
