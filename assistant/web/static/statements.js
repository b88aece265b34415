// Statements: whose, about what, when.
import { foundList } from './found_list.js'

const NAMES = ['speaker', 'about', 'from', 'to', 'undated', 'kind', 'order']
const TYPING = 200 // milliseconds

export const start = (element) => {
  let typing

  const append = (content, button) => {
    const added = [...content.children].filter((child) => child.matches('li'))
    const another = content.querySelector('.more')
    found().querySelector('ol.statements').append(...added)
    button.replaceWith(...(another ? [another] : []))
    added[0]?.querySelector('a')?.focus()
    picked()
  }

  const { form, found, asked, keep, search, more, begin } = foundList(element, {
    names: NAMES, path: 'said', append, unfolded: ['from', 'to', 'kind', 'order'],
  })

  const ask = () => {
    const values = asked()
    keep(values)
    search(values)
  }

  const choose = (name, value) => {
    form().elements[name].value = value
    ask()
  }

  // -- names that are offered while one is typed -------------------------------------------

  const offer = async (typed) => {
    const address = new URL('api/speakers', document.baseURI)
    address.search = new URLSearchParams({ query: typed, limit: 12 })
    const response = await fetch(address)
    if (!response.ok || form().elements.speaker.value.trim() !== typed) return
    const { speakers } = await response.json()
    const options = speakers.map(({ name, quotations }) => Object.assign(document.createElement('option'), { value: name, label: `${name} · ${quotations}` }))
    element.querySelector('datalist').replaceChildren(...options)
  }

  // -- what is ticked ----------------------------------------------------------------------

  const boxes = () => [...found().querySelectorAll('input[name=picked]')]

  const picked = () => {
    const ticked = boxes().filter((box) => box.checked)
    for (const button of found().querySelectorAll('[data-copies], [data-form]')) button.disabled = !ticked.length
    const every = found().querySelector('.every')
    if (every) {
      every.checked = ticked.length > 0 && ticked.length === boxes().length
      every.indeterminate = ticked.length > 0 && !every.checked
    }
    return ticked
  }

  const copy = (text, html) => new Promise((done) => document.dispatchEvent(new CustomEvent('copy-text', { detail: { text, html, done } })))

  const give = async (button) => {
    const all = (name) => picked().map((box) => box.dataset[name])
    if (button.dataset.copies === 'copy') await copy(all('plain').join('\n\n'), all('html').join(''))
    else await copy(`${all('markdown').join('\n\n')}\n`)
    const label = button.textContent
    if (label === button.dataset.done) return
    button.textContent = button.dataset.done
    setTimeout(() => { button.textContent = label }, 1500)
  }

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    ask()
  })
  element.addEventListener('change', (event) => {
    const field = event.target
    if (field.name === 'picked') picked()
    else if (field.matches('.every')) {
      for (const box of boxes()) box.checked = field.checked
      picked()
    } else if (field.form === form() && field.name !== 'about') ask()
  })
  element.addEventListener('input', (event) => {
    if (event.target.name !== 'speaker') return
    const typed = event.target.value.trim()
    clearTimeout(typing)
    if (typed) typing = setTimeout(() => offer(typed).catch(() => {}), TYPING)
  })
  element.addEventListener('click', (event) => {
    const button = event.target.closest('button')
    if (button?.matches('.more')) more(button)
    else if (button?.dataset.about !== undefined) choose('about', button.dataset.about)
    else if (button?.dataset.copies) give(button)
    const link = event.target.closest('a[href^="statements?"]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault() // the fields stay, and nothing is loaded anew
    form().elements.about.value = ''
    choose('speaker', new URL(link.href).searchParams.get('speaker'))
    scrollTo({ top: 0 })
  })

  return begin()
}
