// Requests that wait by themselves while the server is still loading, as it says by 503 and when to ask again.
const SOONEST = 0.5, LATEST = 30 // seconds between two requests

/** As fetch; `waiting` is called each time that the server asks for patience. A signal in the options ends the waiting, too. */
export const patiently = async (address, options = {}, waiting = () => {}) => {
  for (;;) {
    const response = await fetch(address, options)
    const again = response.headers.get('Retry-After')
    if (response.status !== 503 || again === null) return response
    waiting()
    await pause(Math.min(Math.max(Number(again) || SOONEST, SOONEST), LATEST), options.signal)
  }
}

const pause = (seconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, seconds * 1000)
  signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason) }, { once: true })
})
