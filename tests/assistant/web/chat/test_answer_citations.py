"""From one citation of an answer to the next: in the source panel, and in the viewer also to another document."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import Conversation, Exchange
from assistant.web.chat import conversation_history
from assistant.web.kit.localisation import words
from tests.support.browser import Open, remember
from tests.support.conversations import citation, quoting, record
from tests.support.server import Server

pytestmark = pytest.mark.browser

TEXTS = {
    "pier": "# The pier of Quellmar\n\nThe pier of Quellmar is 90 metres long.\n\nOlga Brand drew it.\n",
    "lamp": "# The lamp of Quellmar\n\nThe lamp of Quellmar was lit in 1931.\n",
}
QUOTES = [
    ("pier", "The pier of Quellmar is 90 metres long."),
    ("lamp", "The lamp of Quellmar was lit in 1931."),
    ("pier", "Olga Brand drew it."),
]


def kept(server: Server) -> dict[str, Any]:
    """A conversation with an answer that cites two documents in turn."""
    jobs = zip(TEXTS, server.add(**TEXTS), strict=True)
    ids = {name: str(job["document_id"]) for name, job in jobs}
    said = {
        name: server.call("GET", f"/api/documents/{one}/text").json()["text"] for name, one in ids.items()
    }
    cited = [
        citation(said[name], quote, number, record(id=ids[name], title=name, language="en"))
        for number, (name, quote) in enumerate(QUOTES, 1)
    ]
    reply = view_answer(quoting(*cited), lambda document: said[document.title], 2)
    exchange = Exchange(question="And Quellmar?", reply=reply, sources=reply.sources)
    conversation = Conversation(exchanges=(exchange,), id="q")
    stored = conversation_history.to_json(conversation, "", words("en"))
    return {"name": "Quellmar", "at": 1, "kept": stored, "markdown": ""}


def test_the_citations_of_an_answer_follow_each_other(visit: Open, server: Server) -> None:
    page = visit()
    remember(page, {"q": kept(server)})
    cards = page.locator("#sources .card")
    expect(cards).to_have_count(3)
    following = page.locator("#sources").get_by_role("button", name="Next citation")
    following.click()
    following.click()
    expect(page.locator("#sources .card.current mark")).to_have_text(QUOTES[1][1])
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#sources .card.current mark")).to_have_text(QUOTES[0][1])
    with page.expect_popup() as opening:
        cards.first.get_by_role("link", name="Open in document").click()
    viewer = opening.value
    expect(viewer.get_by_role("group", name="Citations of this answer")).to_contain_text("Citation 1 of 3")
    viewer.keyboard.press("Alt+ArrowDown")
    expect(viewer.locator("#cited")).to_have_text(QUOTES[1][1])
    viewer.get_by_role("link", name="Next citation").click()
    expect(viewer.locator("#cited")).to_have_text(QUOTES[2][1])
    expect(viewer.locator(".of-answer")).to_contain_text("Citation 3 of 3")
    elsewhere = visit("/documents/" + viewer.url.partition("/documents/")[2])
    expect(elsewhere.locator("#cited")).to_have_text(QUOTES[2][1])
    expect(elsewhere.locator(".of-answer")).to_be_hidden()
