// The reader's choice of language and theme, applied before the first paint; without one, browser and system decide.
// The language is a cookie, because the server needs it too; the theme is in localStorage. In a frame of another site
// neither can be stored: then the choice lasts until the page is left.
(() => {
  const store = {
    get: (key) => { try { return localStorage.getItem(key) } catch { return null } },
    set: (key, value) => { try { localStorage.setItem(key, value) } catch { /* not allowed here */ } },
  }
  const language = document.cookie.match(/(?:^|; )language=(\w\w)/)?.[1]
  if (language) {
    Object.defineProperty(navigator, 'language', { get: () => language })
    Object.defineProperty(navigator, 'languages', { get: () => [language] })
  }
  const pageLanguage = (language ?? navigator.language).slice(0, 2) === 'de' ? 'de' : 'en'
  document.documentElement.lang = pageLanguage

  // Gradio reads the theme from the address, once. The viewer does not need that: it is not a page of Gradio's.
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const address = new URL(location.href)
  const inAddress = address.searchParams.get('__theme')
  let theme = ['light', 'dark'].includes(inAddress) ? inAddress : store.get('theme')
  const viewer = document.currentScript.dataset.viewer !== undefined
  if (theme && !inAddress && !viewer) {
    address.searchParams.set('__theme', theme)
    history.replaceState(history.state, '', address)
  }
  const isDark = () => (theme ? theme === 'dark' : dark.matches)
  const paint = () => {
    document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light'
    if (viewer) document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'
    document.body?.classList.toggle('dark', isDark())
    for (const button of document.querySelectorAll('button[data-theme]')) button.setAttribute('aria-pressed', isDark())
  }
  dark.addEventListener('change', paint)
  paint()

  const label = () => {
    for (const button of document.querySelectorAll('button[data-theme]:not([aria-label])')) {
      button.setAttribute('aria-label', button.dataset[pageLanguage === 'de' ? 'labelDe' : 'labelEn'])
      button.title = button.getAttribute('aria-label')
      paint()
    }
    for (const button of document.querySelectorAll('button[data-language]:not([aria-pressed])')) {
      button.setAttribute('aria-pressed', button.dataset.language === pageLanguage)
      button.closest('#settings')?.removeAttribute('hidden') // hidden without the script, which they need
    }
  }
  new MutationObserver(label).observe(document.documentElement, { subtree: true, childList: true })

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-language], button[data-theme]')
    if (!button) return
    if (button.dataset.language) {
      document.cookie = `language=${button.dataset.language}; path=/; max-age=31536000; samesite=lax`
      location.reload()
      return
    }
    theme = isDark() ? 'light' : 'dark'
    store.set('theme', theme)
    paint()
  })
})()
