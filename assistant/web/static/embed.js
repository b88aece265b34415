// The embedded chat: asks, shows the HTML that the server renders, and sends events to the embedding page.
(() => {
  const root = document.documentElement
  const phrase = (key) => root.dataset[`say${key}`]

  // -- colours, before the first paint ----------------------------------------------------

  const dark = matchMedia('(prefers-color-scheme: dark)')
  const paint = () => {
    const isDark = root.dataset.theme === 'auto' ? dark.matches : root.dataset.theme === 'dark'
    root.classList.toggle('dark', isDark)
    root.style.colorScheme = isDark ? 'dark' : 'light'
  }
  dark.addEventListener('change', paint)
  paint()
  if (root.dataset.accent) {
    root.style.setProperty('--accent', root.dataset.accent)
    root.style.setProperty('--on-accent', root.dataset.onAccent)
  }

  // -- the embedding page, and the token from it --------------------------------

  const TOKEN_TIMEOUT = 10_000 // milliseconds for the embedding page to fetch a token
  const embeddingOrigin = root.dataset.parent && parent !== window ? root.dataset.parent : ''
  let token = ''
  let tokenArrived = () => {}

  const notify = (type, detail = {}) => {
    if (embeddingOrigin) parent.postMessage({ source: 'article-assistant', type, ...detail }, embeddingOrigin)
  }

  // The token after the # is removed from the address, so that nobody copies it with the address.
  const takeFromAddress = () => {
    const inAddress = new URLSearchParams(location.hash.slice(1)).get('token')
    if (!inAddress) return
    token = inAddress
    history.replaceState(null, '', location.pathname + location.search)
  }
  takeFromAddress()
  addEventListener('hashchange', takeFromAddress)

  addEventListener('message', (event) => {
    if (!embeddingOrigin || event.source !== parent || event.origin !== embeddingOrigin || event.data?.source !== 'article-assistant') return
    if (event.data.type === 'token') {
      token = String(event.data.token ?? '')
      tokenArrived(Boolean(token))
    }
    if (event.data.type === 'focus') box?.focus()
  })

  // Asks the embedding page for a new token; resolves to whether one has arrived.
  const renewToken = () => new Promise((resolve) => {
    if (!embeddingOrigin) return resolve(false)
    setTimeout(resolve, TOKEN_TIMEOUT, false)
    tokenArrived = resolve
    notify('token')
  })

  // -- asking --------------------------------------------------------------------------------

  const MOST_TURNS = 20 // turns of history sent with a question
  let earlier = []
  let cited = new Map()
  const judged = new Map() // by turn, what a verdict on its answer is sent with
  let turns = 0
  let running = null
  let box, messages, news

  const send = (question, turn, signal) => fetch('embed/ask', {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({
      question,
      turn,
      history: earlier.slice(-MOST_TURNS),
      documents: root.dataset.documents ? root.dataset.documents.split(',') : [],
      language: root.lang,
    }),
  })

  // Yields name and data of each server-sent event.
  async function* events(body) {
    const decoder = new TextDecoder()
    const reader = body.getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      const complete = text.split('\n\n')
      text = complete.pop()
      for (const block of complete) {
        const [, name, data] = block.match(/^event: (\w+)\ndata: (.*)$/) ?? []
        if (name) yield [name, JSON.parse(data)]
      }
    }
  }

  const problemOf = (response) => {
    if (response.status === 401) return phrase('EmbedSignedOut')
    if (response.status === 403) return phrase('EmbedRefused')
    if (response.status === 422) return phrase('TooLong')
    const wait = response.headers.get('Retry-After')
    if (response.status === 429 || (response.status === 503 && wait)) return phrase('EmbedBusy').replace('{n}', wait ?? '60')
    return phrase('Unexpected')
  }

  const make = (tag, className, text = '') => Object.assign(document.createElement(tag), { className, textContent: text })

  const begin = (question) => {
    const turn = make('div', 'turn')
    const user = make('div', 'user')
    const asked = make('div', 'asked', question)
    asked.dir = 'auto'
    user.append(asked)
    const bot = make('div', 'bot')
    turn.append(user, bot)
    messages.querySelector('.welcome')?.remove()
    messages.append(turn)
    turn.scrollIntoView({ block: 'start' })
    return bot
  }

  const fail = (bot, words) => {
    bot.querySelector('.status')?.remove()
    bot.append(make('div', 'problem', words))
    news.textContent = words
  }

  const finish = (bot, turn, { answer, judged: answered, news: spoken }) => {
    judged.set(String(turn), answered)
    if (!answer) return void (news.textContent = bot.querySelector('.problem')?.textContent ?? '')
    news.innerHTML = spoken
    earlier.push({ question: answer.question, answer: answer.answer })
    const citations = answer.citations.map((one) => ({ ...one, url: new URL(one.url, location.href).href }))
    for (const one of citations) cited.set(`s-${turn}-${one.number}`, one)
    notify('answer', { ...answer, citations })
  }

  const follow = async (body, bot, turn) => {
    for await (const [name, data] of events(body)) {
      if (name === 'error') return fail(bot, phrase('Unexpected'))
      const open = bot.querySelector('.sources')?.open
      bot.innerHTML = data.html
      if (open && bot.querySelector('.sources')) bot.querySelector('.sources').open = true
      if (name === 'done') return finish(bot, turn, data)
    }
    fail(bot, phrase('EmbedLost'))
  }

  const ask = async (question) => {
    const controller = new AbortController()
    const turn = ++turns
    const bot = begin(question)
    busy(controller)
    try {
      let response = await send(question, turn, controller.signal)
      if (response.status === 401 && await renewToken()) response = await send(question, turn, controller.signal)
      if (response.ok) await follow(response.body, bot, turn)
      else fail(bot, problemOf(response))
    } catch (error) {
      if (bot.isConnected) fail(bot, error.name === 'AbortError' ? phrase('Stopped') : phrase('EmbedLost'))
    } finally {
      if (running === controller) busy(null)
      if (bot.isConnected && bot.querySelector(':scope > .problem:only-child') && !box.value) box.value = question
    }
  }

  const busy = (controller) => {
    const stop = document.getElementById('stop')
    const asking = document.getElementById('send')
    const hadFocus = document.activeElement === stop || document.activeElement === asking
    running = controller
    stop.hidden = !controller
    asking.hidden = Boolean(controller)
    if (hadFocus) box.focus()
  }

  const submit = () => {
    const question = box.value.trim()
    if (!question || running) return
    box.value = ''
    fit()
    ask(question)
  }

  const beginAnew = () => {
    running?.abort()
    busy(null)
    earlier = []
    cited = new Map()
    messages.replaceChildren(welcome)
    news.textContent = ''
    box.value = ''
    fit()
    box.focus()
  }

  // A verdict: pressing a thumb again withdraws it.
  const judge = async ({ turn, verdict }) => {
    const body = judged.get(turn)
    if (!body) return
    const response = await fetch('embed/feedback', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ ...body, verdict }),
    }).catch(() => null)
    if (!response?.ok) return void (news.textContent = response ? problemOf(response) : phrase('EmbedLost'))
    for (const thumb of document.querySelectorAll(`.thumb[data-turn="${turn}"]`)) {
      const own = thumb.matches('.up') ? 'up' : 'down'
      thumb.setAttribute('aria-pressed', verdict === own)
      thumb.dataset.verdict = verdict === own ? 'none' : own
    }
  }
  document.addEventListener('act', ({ detail }) => { if (detail.act === 'judge') judge(detail) })

  const fit = () => {
    box.style.height = ''
    box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`
  }

  // -- opening a cited document -----------------------------------------------------------------

  // A link cannot send the token to a new tab: a form posts it, so that it is in no address.
  const openDocument = (address) => {
    if (!token) return void open(address, '_blank', 'noopener')
    const form = Object.assign(document.createElement('form'), {
      method: 'post', action: `embed/${address}`, target: '_blank', rel: 'noopener', hidden: true,
    })
    form.append(Object.assign(document.createElement('input'), { name: 'token', value: token }))
    document.body.append(form)
    form.submit()
    form.remove()
  }

  const followLink = (event) => {
    const link = event.target.closest?.('#conversation a[href]')
    if (!link || event.button > 1) return
    const card = link.matches('.cite') ? document.getElementById(link.hash.slice(1)) : link.closest('.card')
    const address = link.matches('.cite') ? card?.querySelector('.links a')?.getAttribute('href') : link.getAttribute('href')
    if (!address?.startsWith('documents/')) return
    event.preventDefault()
    event.stopPropagation() // citations.js would show the card beside the conversation, where there is no panel
    document.getElementById('peek')?.toggleAttribute('hidden', true)
    openDocument(address)
    if (cited.has(card?.id)) notify('citation', cited.get(card.id))
  }
  document.addEventListener('click', followLink, true)
  document.addEventListener('auxclick', followLink, true)

  // -- start -------------------------------------------------------------------------

  let welcome
  document.addEventListener('DOMContentLoaded', () => {
    box = document.querySelector('#question textarea')
    if (!box) return // the page only says why there is no chat
    messages = document.getElementById('conversation')
    news = document.getElementById('news')
    welcome = messages.firstElementChild
    box.addEventListener('input', fit)
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      submit()
    })
    document.getElementById('ask').addEventListener('submit', (event) => {
      event.preventDefault()
      submit()
    })
    document.getElementById('stop').addEventListener('click', () => running?.abort())
    document.getElementById('fresh').addEventListener('click', beginAnew)
    notify('ready')
  })

  // The first Escape hides the tooltip, as on the other pages; the next one closes the embedding page's panel.
  document.addEventListener('keydown', (event) => {
    const tooltip = document.querySelector(':is(#peek, #gloss):not([hidden])')
    if (event.key === 'Escape' && !event.isComposing && !tooltip) notify('close')
  }, true)
})()
