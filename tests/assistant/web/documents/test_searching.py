"""The search on the documents page in a real browser: whatever comes first or last, the table is that of the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import Open
from tests.support.server import Server

pytestmark = pytest.mark.browser

NAMES = ("falter eins", "falter zwei", "falter drei")
# Lets the first answer for one search reach the page only after the first answer for another one.
OVERTAKE = """
const held = [], fetched = window.fetch
window.arrived = []
window.fetch = async (...request) => {
  const response = await fetched(...request)
  if (!String(request[0].url ?? request[0]).includes('queue/data')) return response
  let rest = ''
  const searchOf = (message) => message.match(/data-search=..([^"\\\\]*)/)?.[1]
  const pass = (message, stream) => {
    if (searchOf(message)) window.arrived.push(searchOf(message))
    stream.enqueue(message + '\\n\\n')
  }
  const reorder = (chunk, stream) => {
    const messages = (rest + chunk).split('\\n\\n')
    rest = messages.pop()
    for (const message of messages) {
      const search = searchOf(message)
      if (search === 'falter zwei' && !window.arrived.length) held.push(message)
      else pass(message, stream)
      if (search === 'falter drei') while (held.length) pass(held.pop(), stream)
    }
  }
  const body = response.body.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TransformStream({ transform: reorder })).pipeThrough(new TextEncoderStream())
  return new Response(body, response)
}
"""


@pytest.fixture
def falter(server: Server) -> Iterator[None]:
    """Three documents, found by their names."""
    jobs = server.add(**{name: f"Ein Artikel über Falter, {name}." for name in NAMES})
    yield
    for job in jobs:
        server.call("DELETE", f"/api/documents/{job['document_id']}")


def seek(page: Page, words: str) -> None:
    page.locator("#search input, #search textarea").fill(words)


@pytest.mark.usefixtures("falter")
def test_what_is_typed_before_the_page_listens_is_searched_for(visit: Open, server: Server) -> None:
    page = visit("/api/health")
    asked: list[Route] = []
    page.route("**/web/documents_table.js", lambda route: asked.append(route))  # Playwright marks it
    page.goto(f"{server.url}/documents")
    expect(page.locator("tbody tr").nth(3)).to_be_visible()
    seek(page, "falter")
    (script,) = asked
    script.continue_()
    expect(page.locator("tbody tr")).to_have_count(3)


@pytest.mark.usefixtures("falter")
def test_an_older_answer_that_comes_late_does_not_stay(visit: Open, server: Server) -> None:
    page = visit("/api/health")
    page.add_init_script(OVERTAKE)
    page.goto(f"{server.url}/documents")
    expect(page.locator("tbody tr").nth(3)).to_be_visible()
    with page.expect_request(lambda request: "falter zwei" in (request.post_data or "")):
        seek(page, "falter zwei")
    seek(page, "falter drei")
    page.wait_for_function(
        "() => JSON.stringify(arrived) === JSON.stringify(['falter drei', 'falter zwei', 'falter drei'])"
    )
    expect(page.locator("tbody tr")).to_contain_text("falter drei")
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.usefixtures("falter")
def test_enter_searches_and_what_is_deleted_from_the_box_is_searched_for_no_more(visit: Open) -> None:
    page = visit("/documents")
    expect(page.locator("tbody tr").nth(3)).to_be_visible()
    everything = page.locator("tbody tr").count()
    page.locator("#search input, #search textarea").press_sequentially("Falter ZWEI")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    seek(page, '<b data-search="">\'&amp; \\ {x}')
    expect(page.locator(".unmatched")).to_be_visible()
    seek(page, "")
    expect(page.locator("tbody tr")).to_have_count(everything)
