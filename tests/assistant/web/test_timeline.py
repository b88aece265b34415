"""The days of quotes and the course of events: in the API, on the page, in what is copied and in the terminal's answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import grave
from tests.support.browser import Open, ask
from tests.support.server import Server

PLAN = """---
title: Die Schleuse von Ahrensforde
date: 2026-05-05
---

Der Rat hat gestern den Bau der Schleuse von Ahrensforde beschlossen. Die Schleuse kostet zwei Millionen Euro.

Am 14. Januar 2026 war der Plan für die Schleuse von Ahrensforde noch abgelehnt worden.
"""
NOTES = "# Notizen\n\nDer Wärter der Schleuse von Ahrensforde wurde gestern verabschiedet.\n"
ASKED = "Wann wurde der Bau der Schleuse von Ahrensforde beschlossen?"
INFERRED = {"expression": "gestern", "first": "2026-05-04", "last": "2026-05-04", "how": "inferred"}


@pytest.fixture(scope="module")
def documents(server: Server) -> list[str]:
    return [str(job["document_id"]) for job in server.add(ahrensforde=PLAN, notes=NOTES)]


def test_a_citation_tells_its_days(server: Server, documents: list[str]) -> None:
    body = {"question": ASKED, "documents": documents[:1]}
    answer = server.call("POST", "/api/ask", json=body).json()
    assert answer["citations"][0]["days"] == [INFERRED]
    body = {
        "question": "Wer wurde an der Schleuse von Ahrensforde verabschiedet?",
        "documents": documents[1:],
    }
    (citation,) = server.call("POST", "/api/ask", json=body).json()["citations"]
    assert citation["days"] == [{"expression": "gestern", "first": None, "last": None, "how": "unresolved"}]


def test_a_corrected_date_changes_the_days(server: Server, documents: list[str]) -> None:
    body = {"question": ASKED, "documents": documents[:1]}
    path = f"/api/documents/{documents[0]}"
    server.call("PATCH", path, json={"published": "2026-01-01"})
    (days,) = server.call("POST", "/api/ask", json=body).json()["citations"][0]["days"]
    assert days["first"] == "2025-12-31"
    server.call("PATCH", path, json={"withdraw": ["published"]})
    assert server.call("POST", "/api/ask", json=body).json()["citations"][0]["days"] == [INFERRED]


def test_the_api_gives_the_course_of_events(server: Server, documents: list[str]) -> None:
    body = {"question": ASKED, "documents": documents, "timeline": True}
    answer = server.call("POST", "/api/ask", json=body).json()
    assert answer["listing"]["kind"] == "timeline"
    assert [group["label"] for group in answer["listing"]["groups"]] == ["14. Januar 2026", "4. Mai 2026"]
    assert answer["question"] == ASKED


def test_the_tools_give_the_course_of_events(server: Server, documents: list[str]) -> None:
    arguments = {"question": ASKED, "documents": documents, "timeline": True}
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": arguments},
    }
    headers = {"Accept": "application/json, text/event-stream"}
    result = server.call("POST", "/mcp", json=call, headers=headers).json()["result"]
    assert result["structuredContent"]["listing"]["kind"] == "timeline"
    assert "4. Mai 2026 („gestern“, veröffentlicht am 5. Mai 2026)" in result["content"][0]["text"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "caption", "unknown", "button"),
    [
        ("de-DE", "„gestern“ = 4. Mai 2026 (veröffentlicht am 5. Mai 2026)", "kein Datum", "Zeitlicher Ablauf"),
        ("en-GB", "„gestern“ = 4 May 2026 (published 5 May 2026)", "has no date", "Timeline"),
    ],
)  # fmt: skip
def test_the_page_tells_the_days_and_has_a_button_for_their_order(
    visit: Open, documents: list[str], locale: str, caption: str, unknown: str, button: str
) -> None:
    page = visit(locale=locale)
    ask(page, ASKED)
    quote = page.locator(".answer blockquote", has_text="beschlossen")
    expect(quote).to_contain_text(caption)
    expect(page.locator("#sources .card .where").first).to_contain_text(caption)
    assert caption in str(page.locator("[data-copy]").first.get_attribute("data-copy"))
    page.get_by_role("button", name=button, exact=True).click()
    course = page.locator(".course > li")
    expect(course).to_have_count(2, timeout=60_000)
    expect(course.nth(0)).to_contain_text("14. Januar 2026")
    expect(course.nth(1)).to_contain_text("4. Mai 2026")
    assert grave(page) == []
    ask(page, "Wer wurde an der Schleuse von Ahrensforde verabschiedet?")
    expect(page.locator(".answer blockquote", has_text="verabschiedet").last).to_contain_text(unknown)
