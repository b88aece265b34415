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

  const { form, found, asked, keep, search, more, begin } = foundList(element, {
    names: NAMES, path: 'by-source', append, unfolded: ['from', 'to'], empty: (values) => !values.get('question'),
  })

  const ask = () => {
    const values = asked()
    keep(values)
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

  return begin()
}
