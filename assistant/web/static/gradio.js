// What Gradio leaves out of its own parts of the pages: names and states for screen readers, and its words in German,
// which it has in English only. Nothing that readers or documents wrote is changed: only exact words, in Gradio's places.
(() => {
  const NAMES = {
    de: {
      'Clear': 'Leeren',
      'Close': 'Schließen',
      'Copied': 'Kopiert',
      'Copy': 'Kopieren',
      'Dismiss': 'Schließen',
      'Loading Progress': 'Wird geladen',
      'Loading response': 'Die Antwort wird geladen',
      'Remove file': 'Datei entfernen',
      'Remove this file': 'Diese Datei entfernen',
      'Scroll to bottom': 'Ans Ende',
      'Uploading': 'Wird hochgeladen',
      'chatbot conversation': 'Gespräch',
    },
    en: { 'chatbot conversation': 'Conversation' },
  }
  const MESSAGES = {
    de: {
      'Connection Lost': 'Verbindung verloren',
      'Connection errored out.': 'Die Verbindung ist abgebrochen.',
      'Connection to the server was lost. Attempting reconnection...': 'Der Server ist nicht zu erreichen. Es wird weiter versucht …',
      'Error': 'Fehler',
      'Info': 'Hinweis',
      'Success': 'Erledigt',
      'This application is currently busy. Please try again.': 'Der Server ist gerade ausgelastet. Bitte versuchen Sie es noch einmal.',
      'Warning': 'Hinweis',
    },
    en: { 'Connection Lost': 'Connection lost' },
  }
  const language = document.documentElement.lang === 'de' ? 'de' : 'en'
  const names = NAMES[language], messages = MESSAGES[language]

  const set = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value) // else the observer would see a change
  }

  const rename = () => {
    for (const kind of ['aria-label', 'title']) {
      for (const element of document.querySelectorAll(`.gradio-container [${kind}], .toast-wrap [${kind}]`)) {
        const name = element.getAttribute(kind)
        if (Object.hasOwn(names, name) && !element.closest('.prose, .html-container')) set(element, kind, names[name])
      }
    }
    for (const part of document.querySelectorAll('.toast-title, .toast-text')) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) {
        const said = walker.currentNode.data.trim()
        if (Object.hasOwn(messages, said)) walker.currentNode.data = messages[said]
      }
    }
  }

  /** Folds say whether they are open, and which part of the page they open; lists have the name of their field. */
  const state = () => {
    for (const button of document.querySelectorAll('.gr-accordion > button.label-wrap')) {
      set(button, 'aria-expanded', String(button.classList.contains('open')))
      const fold = button.parentElement, content = fold.querySelector('[data-testid="accordion-content"]')
      if (!content || !fold.id) continue
      if (!content.id) content.id = `${fold.id}-content`
      set(button, 'aria-controls', content.id)
    }
    for (const box of document.querySelectorAll('[role="combobox"][aria-controls]')) {
      const list = document.getElementById(box.getAttribute('aria-controls'))
      if (list && box.ariaLabel) set(list, 'aria-label', box.ariaLabel)
    }
  }

  let due = false
  const mend = () => {
    if (due) return
    due = true
    requestAnimationFrame(() => {
      due = false
      rename()
      state()
    })
  }
  new MutationObserver(mend).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributeFilter: ['aria-label', 'title', 'class'],
  })
})()
