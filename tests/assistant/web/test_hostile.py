"""Whatever a question, a model, a document or a name says: it is shown as text, and nothing runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import expect

from assistant.types import Statement
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Conversation, Exchange
from assistant.web.answer.source_view import SourceView
from assistant.web.chat import conversation_history
from assistant.web.kit.html import showable
from assistant.web.kit.localisation import words
from tests.support.browser import Open, ask, remember
from tests.support.hostile import ATTACKS, CHAT_PROBE, STRINGS, naughty, together
from tests.support.server import Server

pytestmark = pytest.mark.browser

TOGETHER = 60


def exchange(strings: Sequence[str]) -> Exchange:
    """An exchange with hostile strings wherever text comes in."""
    sources = tuple(
        SourceView(
            number=number, title=one, place=one, published=None, page=None, language="", before=one,
            quote=one, after=one, document_id=one, start=0, end=1,
        )
        for number, one in enumerate(strings, 1)
    )  # fmt: skip
    said = [
        Statement(text=one, citations=(number,), supported="no", reason=one)
        for number, one in enumerate(strings, 1)
    ]
    whole = "\n".join(strings)
    reply = AnswerView(
        text=whole, statements=tuple(said), sources=sources, nearest=(), refused=False, mode="generated",
        language="en", model=strings[0], notice=whole, searched=(whole,), seconds=1.0, documents=1,
    )  # fmt: skip
    return Exchange(question=whole, reply=reply, sources=sources, note=whole, verdict="down")


def kept(strings: Sequence[str]) -> dict[str, Any]:
    """What the browser would have kept of a conversation of such exchanges."""
    batches = [strings[at : at + TOGETHER] for at in range(0, len(strings), TOGETHER)]
    exchanges = tuple(exchange(batch) for batch in batches)
    text = conversation_history.to_json(Conversation(exchanges=exchanges, id="hostile"), "", words("en"))
    return {"name": strings[0], "at": 1, "kept": text, "markdown": ""}


def test_hostile_answers_sources_and_names_are_only_text(visit: Open) -> None:
    strings = STRINGS
    assert len(set(ATTACKS)) >= 300
    assert len(naughty()) >= 500
    page = visit(viewport={"width": 1600, "height": 900})
    names = {
        f"n{number}": {"name": one, "at": 0, "kept": "{}", "markdown": one}
        for number, one in enumerate(strings)
    }
    remember(page, {"hostile": kept(strings), **names})
    expect(page.locator(".said").nth(len(strings) - 1)).to_be_attached(timeout=180_000)
    shown = page.locator(".said").all_text_contents()
    bare = [unnumbered(one) for one in strings]
    assert [" ".join(one.split()) for one in shown] == [" ".join(one.split()) for one in bare]
    listed = page.locator("#history .open").all_text_contents()
    assert sorted(listed) == sorted([strings[0], *strings])
    page.locator("#history input").fill(strings[0])
    expect(page.locator("#history .open").first).to_have_text(strings[0])
    page.locator(".doubt").first.focus()
    expect(page.get_by_role("tooltip")).to_have_text(strings[0])
    assert page.evaluate(CHAT_PROBE) == []


def unnumbered(said: str) -> str:
    """A statement as it is shown: without what reads as a number of ours."""
    return exchange([said]).reply.wording(Statement(text=said, citations=(), supported="no"))  # type: ignore[union-attr]  # there is one


def test_hostile_documents_and_questions_are_only_text(visit: Open, server: Server) -> None:
    lines = [
        f"Der Kobold Zwackelmann rief als Nummer {number}: {showable(one)} ."
        for number, one in enumerate(ATTACKS, 1)
    ]
    body = "\n\n".join(" ".join(line.split()) for line in lines)
    files = [("files", (f"{ATTACKS[0]}.txt", body.encode()))]
    (job,) = server.call("POST", "/api/documents", files=files).json()["jobs"]
    document = server.finished(job["id"], 300)
    assert document["state"] == "done", document
    page = visit(f"/?documents={document['document_id']}")
    expect(page.locator("#chips li")).to_have_count(1, timeout=30_000)
    questions = [f"Was rief Zwackelmann? {one}" for one in together(STRINGS[::4], 3_900)]
    for question in questions:
        ask(page, question)
    shown = page.locator(".asked").all_text_contents()
    assert [" ".join(one.split()) for one in shown] == [" ".join(one.split()) for one in questions]
    ask(page, "Was rief Zwackelmann als Nummer 1?")
    page.locator("a.cite").first.click()
    expect(page.locator(".card.current mark")).to_contain_text("Zwackelmann")
    assert page.evaluate(CHAT_PROBE) == []
    page.goto(f"{server.url}/documents/{document['document_id']}")
    text = " ".join(page.locator("main").text_content().split())  # type: ignore[union-attr]  # there is one
    for line in lines:
        assert " ".join(line.split()) in text
    server.call("DELETE", f"/api/documents/{document['document_id']}")


def test_a_conversation_that_is_none_is_not_opened(visit: Open) -> None:
    page = visit()
    remember(page, {"x": {"name": "made up", "at": 1, "kept": json.dumps({"id": "x"}), "markdown": ""}})
    expect(page.get_by_text("cannot be read any more")).to_be_visible(timeout=30_000)
    ask(page, "What did Ushakov say about the territory?")
