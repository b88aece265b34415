// Quotes, answers and conversations as files with the passports of their quotes: a menu of forms asks the server for one.
(() => {
  let open = null // the conversation that is open, as the bridge passes it
  document.addEventListener('kept', ({ detail }) => {
    if (detail !== undefined) open = detail ? JSON.parse(detail) : null
  })

  const place = ({ document_id, start, end, version = '', quote = '', number = 0, translation = '' }) => ({ document_id, start, end, version, quote, number, translation })
  const placeOf = ({ dataset }) => ({
    document_id: dataset.place, start: Number(dataset.start), end: Number(dataset.end), version: dataset.textVersion ?? '',
    quote: dataset.quote, translation: dataset.translation ?? '',
  })
  // What is shown of an answer, as the API has it.
  const answer = ({ question, reply }) => ({
    question, answer: reply.text, refused: reply.refused, mode: reply.mode, statements: reply.statements,
    citations: reply.sources.map(place), possible: (reply.possible ?? []).map(place),
    listing: reply.listing ? { lead: reply.listing.lead, more: reply.listing.more } : null,
    disagreements: (reply.disagreements ?? []).map(({ line }) => ({ line })),
  })
  const conversation = (exchanges) => exchanges.filter(({ reply }) => reply).map(answer)

  const kept = (id) => {
    try { return JSON.parse(localStorage.getItem(`conversation:${id}`)) } catch { return null }
  }
  const ticked = (menu) => [...menu.closest('[data-picks]').querySelectorAll('input[name=picked]:checked')]
  const asked = {
    quote: (menu) => ({ citations: [placeOf(menu.closest('[data-place]'))] }),
    picked: (menu) => ({ citations: ticked(menu).map((box) => placeOf(box.closest('[data-place]'))) }),
    answer: (menu) => {
      const exchange = open.exchanges[menu.dataset.turn - 1]
      return { answers: [answer(exchange)], title: exchange.question.slice(0, 300) }
    },
    conversation: (menu) => {
      const id = menu.closest('li').dataset.id
      const entry = open?.id === id ? { ...kept(id), ...open } : { ...kept(id), ...JSON.parse(kept(id).kept) }
      return { answers: conversation(entry.exchanges), title: (entry.name ?? '').slice(0, 300) }
    },
  }

  const save = (name, blob) => {
    const link = Object.assign(document.createElement('a'), { download: name, href: URL.createObjectURL(blob) })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  const nameIn = (header) => decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(header ?? '')?.[1] ?? 'quotes')

  const tell = (menu, said) => { menu.querySelector('.told').textContent = said }
  const give = async (menu, form) => {
    tell(menu, '')
    menu.setAttribute('aria-busy', 'true')
    try {
      const body = { form, language: menu.dataset.language, leave_out_missing: true, ...asked[menu.dataset.export](menu) }
      const { patiently } = await import(new URL('web/patience.js', document.baseURI))
      const response = await patiently(new URL('api/export', document.baseURI), {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(response.statusText)
      save(nameIn(response.headers.get('content-disposition')), await response.blob())
      const left = Number(response.headers.get('x-left-out') ?? 0)
      if (left) return tell(menu, (left === 1 ? menu.dataset.leftOne : menu.dataset.leftOther).replace('{n}', left))
      menu.open = false
      menu.querySelector('summary').focus({ preventScroll: true })
    } catch {
      tell(menu, menu.dataset.failed)
    } finally {
      menu.removeAttribute('aria-busy')
    }
  }

  // Of boxes that are ticked, how many there are is known to the menu beside them.
  const count = (picks) => {
    const number = picks.querySelectorAll('input[name=picked]:checked').length
    for (const button of picks.querySelectorAll('[data-export=picked] [data-form]')) button.disabled = !number
    for (const line of picks.querySelectorAll('.picked-number')) {
      line.textContent = line.dataset[['none', 'one'][number] ?? 'other'].replace('{n}', number)
    }
  }

  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.export[open]')) if (!menu.contains(event.target)) menu.open = false
    const button = event.target.closest?.('details.export [data-form]')
    if (button) give(button.closest('details'), button.dataset.form)
  })
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' && event.target.closest?.('details.export[open]')
    if (!menu) return
    event.stopPropagation()
    menu.open = false
    menu.querySelector('summary').focus()
  })
  document.addEventListener('change', (event) => {
    const picks = event.target.matches?.('input[name=picked], .every') && event.target.closest('[data-picks]')
    if (picks) setTimeout(() => count(picks)) // after the page's own script has ticked the others
  })
})()
