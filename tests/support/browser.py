"""What people do on the pages, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
GERMAN = """---
title: Uschakow nennt Gebietsfragen offen
date: 2025-12-03
---

# Uschakow nennt Gebietsfragen offen

Die Unterredung im Kreml dauerte fünf Stunden. Der außenpolitische Berater Juri Uschakow sprach danach mit Reportern.

In der Frage der Territorien sei kein Kompromiss gefunden worden, sagte Uschakow.

Die Delegation reiste noch in der Nacht ab.
"""
QUOTE = "In der Frage der Territorien sei kein Kompromiss gefunden worden, sagte Uschakow."
QUESTION = "What did Ushakov say about the territories?"


def upload(page: Page, name: str, content: bytes) -> None:
    page.locator("#files input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def add(page: Page, name: str, content: bytes) -> None:
    """Add a document on the chat page and wait until it can be asked about."""
    page.get_by_role("button", name="Add documents").click()
    upload(page, name, content)
    expect(page.locator(".job.done, .job.unchanged")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Add documents").click()


# Makes the events of a drop or a paste as the browser would.
TRANSFER = """([kind, files, text]) => {
  const data = new DataTransfer()
  for (const [name, content] of files) data.items.add(new File([content], name))
  if (text) data.setData('text/plain', text)
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })
  document.body.dispatchEvent(event)
}"""
# Whether the last question is this one, asked once more than before, and every question has its answer or its problem.
ANSWERED = """([question, before]) => {
  const plain = (text) => text.split(/\\s+/).join(' ').trim()
  const asked = [...document.querySelectorAll('.asked')]
  const ended = document.querySelectorAll('.answer .about, #conversation .problem').length
  const same = asked.filter((one) => plain(one.textContent) === plain(question)).length
  return same > before && plain(asked.at(-1).textContent) === plain(question) && ended === asked.length
}"""


def ask(page: Page, question: str) -> None:
    asked = (" ".join(text.split()) for text in page.locator(".asked").all_text_contents())
    before = sum(text == " ".join(question.split()) for text in asked)
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(ANSWERED, arg=[question, before], timeout=60_000)
    expect(page.locator("#send")).to_be_visible()
    assert page.locator("#conversation .problem").all_inner_texts() == []


def remember(page: Page, entries: dict[str, Any]) -> None:
    """Put conversations into the browser, the first of them open, and load the page with them."""
    page.evaluate(
        """(entries) => {
          for (const [id, entry] of Object.entries(entries)) localStorage.setItem('conversation:' + id, JSON.stringify(entry))
          sessionStorage.setItem('open-conversation', Object.keys(entries)[0])
        }""",
        entries,
    )
    page.reload()


def give(page: Page, kind: str, files: Sequence[tuple[str, str]] = (), text: str = "") -> None:
    """Drop or paste, once the page listens."""
    expect(page.locator(".dropping")).to_be_attached()
    page.evaluate(TRANSFER, [kind, [list(one) for one in files], text])


# What an element says for a moment is seen as it changes, for whoever looks now and then may miss it.
BECOMES = """(one, words) => ({ said: new Promise((resolve, reject) => {
  new MutationObserver(() => { if (one.textContent.trim() === words) resolve() })
    .observe(one, { subtree: true, childList: true, characterData: true })
  setTimeout(reject, 30_000, `It has never said "${words}".`)
}) })"""


@contextmanager
def becoming(element: Locator, words: str) -> Iterator[None]:
    """Within, an element comes to say so, for however short a time."""
    seen = element.evaluate_handle(BECOMES, words)
    yield
    seen.evaluate("({ said }) => said")


def seek(page: Page, words: str) -> None:
    page.locator("#search input, #search textarea").fill(words)
