// A check as it is shown: the draft with its marks, and the list of what was found. All text goes in as text, never as HTML.

const make = (tag, properties = {}, ...children) => {
  const { dataset, ...others } = properties
  const made = Object.assign(document.createElement(tag), others)
  for (const [name, value] of Object.entries(dataset ?? {})) made.dataset[name] = value
  made.append(...children.filter((child) => child !== null && child !== ''))
  return made
}
const CLOSING = /["”“»«›‹’']/ // a quotation's tag stands behind its mark
const filled = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
const line = (text) => text.split(/\s+/).join(' ').trim()

/** Sentences and quotations as one list: what each is called, how grave it is, and its evidence. */
export const placesOf = (check, words) => {
  const before = new Map(check.changed.map((one) => [`${one.of}${one.start}`, one.before]))
  const place = (of, one) => {
    const misattributed = of === 'quotation' && one.verdict === 'verbatim' && one.speaker_verdict === 'wrong'
    const verdict = misattributed ? 'misattributed' : `${of}_${one.verdict}`
    const key = `${of}${one.start}`
    return {
      ...one, of, key, verdict,
      gravity: words.gravities[verdict] ?? (verdict === 'sentence_no_claim' ? 'none' : 'unknown'),
      before: before.has(key) ? before.get(key) : null,
      evidence: of === 'sentence'
        ? [...one.citations.map((number) => ['source', number]), ...one.nearest.map((number) => ['nearest', number])]
        : [...(one.citation === null ? [] : [['source', one.citation]]), ...one.also_in.map((number) => ['also_in', number])],
    }
  }
  return [...check.sentences.map((one) => place('sentence', one)), ...check.quotations.map((one) => place('quotation', one))]
    .sort((one, other) => one.start - other.start || other.end - one.end)
}

export const view = (words, spoken) => {
  const language = spoken === 'en' ? 'en-GB' : spoken // as dates are written elsewhere on these pages
  const day = (written) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(written))
  const moment = (written) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(written))
  const number = (value) => new Intl.NumberFormat(language).format(value)
  const sign = (gravity) => make('span', { className: 'sign', ariaHidden: 'true', textContent: words.signs[gravity] ?? '·' })

  // -- the draft ---------------------------------------------------------------------------

  /** Points of code `from` to `to`, with the stretches marked that differ. */
  const marked = (points, from, to, stretches) => {
    const parts = []
    let at = from
    for (const [start, end] of stretches.filter(([start, end]) => start < end).sort((one, other) => one[0] - other[0])) {
      const [first, last] = [Math.max(start, at), Math.min(end, to)]
      if (first >= last) continue
      parts.push(points.slice(at, first).join(''), make('mark', { className: 'differs', textContent: points.slice(first, last).join('') }))
      at = last
    }
    return [...parts, points.slice(at, to).join('')]
  }

  const draft = (points, places) => {
    const shown = places.filter((one) => one.gravity !== 'none')
    const ends = new Map(shown.map((one) => [one.key, one.of === 'quotation' && CLOSING.test(points[one.end] ?? '') ? one.end + 1 : one.end]))
    const borders = [...new Set([0, points.length, ...shown.flatMap((one) => [one.start, one.end, ends.get(one.key)])])].sort((one, other) => one - other)
    const content = document.createDocumentFragment()
    let open = 0 // the first place that is not passed yet
    for (let turn = 0; turn + 1 < borders.length; turn++) {
      const [start, end] = [borders[turn], borders[turn + 1]]
      while (open < shown.length && shown[open].end <= start && shown[open].of === 'sentence') open++
      const over = shown.slice(open).filter((one) => one.start <= start && end <= one.end)
      const differing = over.flatMap((one) => one.differences.map((difference) => [difference.start, difference.end]))
      let piece = make('span', {}, ...marked(points, start, end, differing))
      for (const one of over.toReversed()) piece = make('span', { className: `at ${one.of} ${one.gravity}`, dataset: { key: one.key } }, piece)
      content.append(piece)
      for (const one of shown) if (ends.get(one.key) === end && one.start < end) content.append(tag(one))
    }
    return content
  }

  const tag = (one) => make('button', {
    type: 'button', className: `tag ${one.gravity}`, tabIndex: -1, dataset: { key: one.key }, title: words[one.verdict],
  }, sign(one.gravity), ` ${words[`short_${one.verdict}`] ?? words[one.verdict]}`)

  // -- the list ----------------------------------------------------------------------------

  const item = (one, points, citations) => {
    const body = make('div', { className: 'body', id: `found-${one.key}`, hidden: true })
    const head = make('button', { type: 'button', className: 'head', tabIndex: -1, ariaExpanded: 'false' },
      make('span', { className: 'verdict' }, sign(one.gravity), ` ${words[one.verdict]}`),
      one.before === null ? '' : make('span', { className: 'before', textContent: one.before ? filled(words.before, { verdict: words[`${one.of}_${one.before}`] }) : words.before_nothing }),
      make('span', { className: 'words', dir: 'auto', textContent: line(one.text) }))
    head.setAttribute('aria-controls', body.id)
    body.fill = () => { if (!body.hasChildNodes()) body.append(...evidence(one, points, citations)) }
    return make('li', { className: one.gravity, dataset: { key: one.key } }, head, body)
  }

  const evidence = (one, points, citations) => {
    const parts = []
    if (one.reason) parts.push(make('p', { textContent: one.reason }))
    for (const difference of one.differences) parts.push(make('p', { className: 'difference', textContent: differing(difference) }))
    const [, first] = one.evidence[0] ?? []
    if (one.differences.some((difference) => difference.written)) {
      parts.push(make('p', { className: 'label', textContent: words.in_draft }))
      const stretches = one.differences.map((difference) => [difference.start, difference.end])
      parts.push(make('blockquote', { dir: 'auto' }, ...marked(points, one.start, one.end, stretches)))
    }
    for (const [label, cited] of one.evidence) {
      const citation = citations.get(cited)
      if (citation) parts.push(...source(words[label], citation, cited === first ? one.differences : []))
    }
    parts.push(make('button', { type: 'button', className: 'back', textContent: words.back }))
    return parts
  }

  const differing = (difference) => {
    const side = difference.written && difference.in_source ? '' : difference.written ? '_draft' : '_source'
    return filled(words[`difference${side}`], { ...difference, kind: words[difference.kind] })
  }

  const source = (label, citation, differences) => {
    const quote = Array.from(citation.quote)
    const stretches = differences.map((one) => [one.source_start - citation.start, one.source_end - citation.start])
    const where = [citation.published && day(citation.published), citation.page && filled(words.page, { n: citation.page }), citation.time,
      citation.attribution?.speaker && filled(words.by, { name: citation.attribution.speaker })].filter(Boolean)
    return [
      make('p', { className: 'label' }, `${label}: `, make('bdi', { textContent: citation.title || words.no_title }), where.length ? ` · ${where.join(' · ')}` : ''),
      make('blockquote', { dir: 'auto', lang: citation.language },
        make('a', { href: citation.url, target: '_blank' }, ...marked(quote, 0, quote.length, stretches))),
    ]
  }

  // -- around them -------------------------------------------------------------------------

  const filters = (places, changed) => {
    const counts = new Map()
    for (const one of places) counts.set(one.verdict, (counts.get(one.verdict) ?? 0) + 1)
    const button = (key, label, count, gravity) => make('button', {
      type: 'button', className: gravity, dataset: { filter: key }, ariaPressed: String(!key),
    }, gravity ? sign(gravity) : '', ` ${label} `, make('strong', { textContent: number(count) }))
    const order = ['sentence_differs', 'quotation_altered', 'quotation_not_found', 'misattributed', 'sentence_claim', 'sentence_not_found',
      'sentence_supported', 'quotation_verbatim', 'sentence_no_claim']
    return [
      button('', words.all, places.filter((one) => one.gravity !== 'none').length, ''),
      ...(changed ? [button('new', words.new, changed, '')] : []),
      ...order.filter((verdict) => counts.has(verdict)).map((verdict) =>
        button(verdict, words[verdict], counts.get(verdict), places.find((one) => one.verdict === verdict).gravity)),
    ]
  }

  const earlier = (one, current) => {
    const name = one.name || one.beginning || words.unnamed
    const wrong = ['sentence_differs', 'quotation_altered', 'quotation_not_found'].filter((key) => {
      const [of, ...verdict] = key.split('_')
      return (of === 'sentence' ? one.counts : one.quotation_counts)[verdict.join('_')]
    }).map((key) => {
      const [of, ...verdict] = key.split('_')
      return `${words[key]}: ${number((of === 'sentence' ? one.counts : one.quotation_counts)[verdict.join('_')])}`
    })
    const link = make('a', { href: `check?check=${one.id}`, dataset: { check: one.id } }, make('bdi', { textContent: name }))
    if (current) link.setAttribute('aria-current', 'true')
    const about = [moment(one.checked_at), ...wrong, ...(one.changed ? [`${words.new}: ${number(one.changed)}`] : [])]
    const remove = make('button', { type: 'button', className: 'delete', textContent: '×', ariaLabel: filled(words.delete, { name }), dataset: { delete: one.id } })
    return make('li', {}, make('span', {}, link, make('span', { className: 'hint', textContent: about.join(' · ') })), remove)
  }

  return { draft, item, filters, earlier, moment, number, filled, make }
}
