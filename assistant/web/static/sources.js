// The page source by source: a form, and below it a table of what each source says. The address keeps what is asked.
import { foundList } from './found_list.js'

const NAMES = ['question', 'by', 'order', 'from', 'to', 'undated']

export const start = (element) => {
  const append = (content, button) => {
    const rows = [...content.querySelectorAll('tbody > tr')]
    const another = content.querySelector('button.more')
    found().querySelector('tbody').append(...rows)
    button.replaceWith(...(another ? [another] : []))
    rows[0]?.querySelector('a')?.focus()
  }

  const { form, found, asked, inAddress, keep, search, more } = foundList(element, {
    names: NAMES, path: 'by-source', append, empty: (values) => !values.get('question'),
  })

  const ask = () => {
    const values = asked()
    keep(values)
    search(values)
  }

  /** The fields as the address has them; what was `typed` before this script came stays. */
  const fill = (typed = false) => {
    const values = inAddress()
    for (const field of form().querySelectorAll('[name]')) {
      if (field.type === 'checkbox') field.checked = values.has(field.name)
      else field.value = values.get(field.name) ?? (typed ? field.value : field.matches('select') ? field.options[0].value : '')
    }
    form().querySelector('details').open = ['from', 'to'].some((name) => values.has(name))
    search(values)
  }

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    ask()
  })
  element.addEventListener('change', ({ target }) => {
    if (target.form === form() && target.name !== 'question' && form().elements.question.value.trim()) ask()
  })
  element.addEventListener('click', ({ target }) => {
    const button = target.closest('button.more')
    if (button) more(button)
  })
  window.addEventListener('popstate', () => form() && fill())

  if (form()) fill(true)
  return () => form() && fill(true)
}
