// Language and theme as the reader has switched them, before anything is drawn. Without a choice, browser and system decide.
// The language is a cookie, for the server speaks it too; the theme is kept for this browser. In a frame of another site
// neither may be kept: then they hold until the page is left.
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
  const spoken = (language ?? navigator.language).slice(0, 2) === 'de' ? 'de' : 'en'
  document.documentElement.lang = spoken

  // Gradio reads the theme from the address, once. The viewer is no page of Gradio's: it has its own address and styles.
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const address = new URL(location.href)
  const asked = address.searchParams.get('__theme')
  let theme = ['light', 'dark'].includes(asked) ? asked : store.get('theme')
  const viewer = document.currentScript.dataset.viewer !== undefined
  if (theme && !asked && !viewer) {
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
      button.setAttribute('aria-label', button.dataset[spoken === 'de' ? 'labelDe' : 'labelEn'])
      button.title = button.getAttribute('aria-label')
      paint()
    }
    for (const button of document.querySelectorAll('button[data-language]:not([aria-pressed])')) {
      button.setAttribute('aria-pressed', button.dataset.language === spoken)
      button.closest('#settings')?.removeAttribute('hidden') // without a script they would do nothing
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
