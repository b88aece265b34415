// The compact chat in a frame: asks, shows what the server has rendered, and tells the page around it, if that is its own.
(() => {
  const root = document.documentElement
  const say = (key) => root.dataset[`say${key}`]

  // -- colours, before anything is drawn ----------------------------------------------------

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

  // -- the page around this one, and the token that it gives --------------------------------

  const PATIENCE = 10_000 // milliseconds that the page around this one gets to fetch a token
  const around = root.dataset.parent && parent !== window ? root.dataset.parent : ''
  let token = ''
  let given = () => {}

  const tell = (type, detail = {}) => {
    if (around) parent.postMessage({ source: 'article-assistant', type, ...detail }, around)
  }

  // What stands behind the # is taken off the address, so that it is not copied along with it.
  const takeFromAddress = () => {
    const found = new URLSearchParams(location.hash.slice(1)).get('token')
    if (!found) return
    token = found
    history.replaceState(null, '', location.pathname + location.search)
  }
  takeFromAddress()
  addEventListener('hashchange', takeFromAddress)

  addEventListener('message', (event) => {
    if (!around || event.source !== parent || event.origin !== around || event.data?.source !== 'article-assistant') return
    if (event.data.type === 'token') {
      token = String(event.data.token ?? '')
      given(Boolean(token))
    }
    if (event.data.type === 'focus') box?.focus()
  })

  // Whether the page around this one has given a fresh token.
  const renewed = () => new Promise((resolve) => {
    if (!around) return resolve(false)
    setTimeout(resolve, PATIENCE, false)
    given = resolve
    tell('token')
  })

  // -- asking --------------------------------------------------------------------------------

  const MOST_TURNS = 20 // of the conversation that are sent along
  let earlier = []
  let cited = new Map()
  let turns = 0
  let running = null
  let box, talk, news

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

  // Server-sent events: name and data of each, as they come.
  async function* events(body) {
    const decoder = new TextDecoder()
    const reader = body.getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      const whole = text.split('\n\n')
      text = whole.pop()
      for (const one of whole) {
        const [, name, data] = one.match(/^event: (\w+)\ndata: (.*)$/) ?? []
        if (name) yield [name, JSON.parse(data)]
      }
    }
  }

  const why = (response) => {
    if (response.status === 401) return say('EmbedSignedOut')
    if (response.status === 403) return say('EmbedRefused')
    if (response.status === 422) return say('TooLong')
    if (response.status === 429) return say('EmbedBusy').replace('{n}', response.headers.get('Retry-After') ?? '60')
    return say('Unexpected')
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
    talk.querySelector('.welcome')?.remove()
    talk.append(turn)
    turn.scrollIntoView({ block: 'start' })
    return bot
  }

  const fail = (bot, words) => {
    bot.querySelector('.status')?.remove()
    bot.append(make('div', 'problem', words))
    news.textContent = words
  }

  const finish = (bot, turn, { answer, news: spoken }) => {
    if (!answer) return void (news.textContent = bot.querySelector('.problem')?.textContent ?? '')
    news.innerHTML = spoken
    earlier.push({ question: answer.question, answer: answer.answer })
    const citations = answer.citations.map((one) => ({ ...one, url: new URL(one.url, location.href).href }))
    for (const one of citations) cited.set(`s-${turn}-${one.number}`, one)
    tell('answer', { ...answer, citations })
  }

  const follow = async (body, bot, turn) => {
    for await (const [name, data] of events(body)) {
      if (name === 'error') return fail(bot, say('Unexpected'))
      const open = bot.querySelector('.sources')?.open
      bot.innerHTML = data.html
      if (open && bot.querySelector('.sources')) bot.querySelector('.sources').open = true
      if (name === 'done') return finish(bot, turn, data)
    }
    fail(bot, say('EmbedLost'))
  }

  const ask = async (question) => {
    const controller = new AbortController()
    const turn = ++turns
    const bot = begin(question)
    busy(controller)
    try {
      let response = await send(question, turn, controller.signal)
      if (response.status === 401 && await renewed()) response = await send(question, turn, controller.signal)
      if (response.ok) await follow(response.body, bot, turn)
      else fail(bot, why(response))
    } catch (error) {
      if (bot.isConnected) fail(bot, error.name === 'AbortError' ? say('Stopped') : say('EmbedLost'))
    } finally {
      if (running === controller) busy(null)
      if (bot.isConnected && bot.querySelector(':scope > .problem:only-child') && !box.value) box.value = question
    }
  }

  const busy = (controller) => {
    const stop = document.getElementById('stop')
    const asking = document.getElementById('send')
    const held = document.activeElement === stop || document.activeElement === asking
    running = controller
    stop.hidden = !controller
    asking.hidden = Boolean(controller)
    if (held) box.focus()
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
    talk.replaceChildren(welcome)
    news.textContent = ''
    box.value = ''
    fit()
    box.focus()
  }

  const fit = () => {
    box.style.height = ''
    box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`
  }

  // -- opening what is cited -----------------------------------------------------------------

  // A new tab can show no token of its own accord: a form carries it there, so that it stands in no address.
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

  const followed = (event) => {
    const link = event.target.closest?.('#conversation a[href]')
    if (!link || event.button > 1) return
    const card = link.matches('.cite') ? document.getElementById(link.hash.slice(1)) : link.closest('.card')
    const address = link.matches('.cite') ? card?.querySelector('.links a')?.getAttribute('href') : link.getAttribute('href')
    if (!address?.startsWith('documents/')) return
    event.preventDefault()
    event.stopPropagation() // chat.js shows the card beside the conversation, which is not there
    document.getElementById('peek')?.toggleAttribute('hidden', true)
    openDocument(address)
    if (cited.has(card?.id)) tell('citation', cited.get(card.id))
  }
  document.addEventListener('click', followed, true)
  document.addEventListener('auxclick', followed, true)

  // -- to begin with -------------------------------------------------------------------------

  let welcome
  document.addEventListener('DOMContentLoaded', () => {
    box = document.querySelector('#question textarea')
    talk = document.getElementById('conversation')
    news = document.getElementById('news')
    welcome = talk.firstElementChild
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
    tell('ready')
  })

  // The first Escape takes a peek away, as everywhere; the next one closes the panel around this page.
  document.addEventListener('keydown', (event) => {
    const peek = document.getElementById('peek')
    if (event.key === 'Escape' && !event.isComposing && (!peek || peek.hidden)) tell('close')
  }, true)
})()
