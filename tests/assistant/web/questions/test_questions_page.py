"""The page of standing questions in a browser: kept, changed, removed, by mouse and keyboard, in both languages and themes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from assistant.web.questions.question_list import MOST_QUESTIONS
from tests.support.accessibility import grave
from tests.support.browser import Open
from tests.support.server import Server
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=window.hacked=1> storks"
NEST = "The storks of Talheim nest on the old water tower."


@pytest.fixture
def kept(server: Server) -> Iterator[dict[str, Any]]:
    """A question with one finding, whose document and title are hostile."""
    asked = {"question": f"Where do the storks of Talheim nest? {HOSTILE}"}
    question = server.call("POST", "/api/questions", json=asked).json()
    (job,) = server.add(**{f"s{uuid4()}": f"# {HOSTILE}\n\n{NEST}"})
    wait_until(lambda: server.call("GET", f"/api/questions/{question['id']}").json()["findings"])
    yield question
    server.call("DELETE", f"/api/documents/{job['document_id']}")
    server.call("DELETE", f"/api/questions/{question['id']}")


def test_what_is_new_is_shown_counted_and_seen(visit: Open, server: Server, kept: dict[str, Any]) -> None:
    page = visit("/questions")
    section = page.locator(f".question[data-id='{kept['id']}']")
    expect(section.locator("h2")).to_have_text(kept["question"])
    link = section.locator("blockquote a", has_text="old water tower").first
    expect(link).to_be_visible()
    expect(page.locator("#head a .badge")).to_be_visible()
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 390, "height": 700})
    expect(page.locator("#more .badge")).to_be_visible()  # the link is in the menu now
    page.set_viewport_size(size)
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.locator("mark").first).to_contain_text("old water tower")
    opened.value.close()
    section.locator("[data-act=seen]").press("Enter")
    expect(section.locator("details[data-key^=seen]")).to_be_visible()
    assert server.call("GET", f"/api/questions/{kept['id']}").json()["question"]["new"] == 0


def test_a_question_is_kept_changed_and_removed_with_undo(visit: Open, server: Server) -> None:
    page = visit("/questions", locale="de-DE")
    wording = f"Wer füttert sie? {uuid4()}"
    field = page.locator("form.keep input")
    field.fill(wording)
    field.press("Enter")
    section = page.locator(".question", has_text=wording)
    expect(section).to_be_visible()
    section.get_by_role("button", name="Anhalten").click()
    expect(section).to_contain_text("angehalten")
    section.get_by_role("button", name="Bearbeiten").click()
    section.locator("textarea").fill(f"{wording} Wirklich?")
    section.locator("textarea").press("Enter")
    changed = page.locator(".question", has_text="Wirklich?")
    expect(changed.locator("h2")).to_have_text(f"{wording} Wirklich?")
    changed.get_by_role("button", name="Entfernen").click()
    expect(changed).to_have_count(0)
    page.locator(".said button").click()
    expect(page.locator(".question", has_text="Wirklich?")).to_be_visible()
    page.locator(".question", has_text="Wirklich?").get_by_role("button", name="Entfernen").click()
    page.goto("about:blank")  # leaving does not undo it
    wait_until(lambda: not [one for one in kept_by(server) if wording in one])


def test_further_questions_are_shown_on_demand(visit: Open, server: Server) -> None:
    mark = str(uuid4())
    asked = [{"question": f"Who feeds pair {n} of {mark}?"} for n in range(MOST_QUESTIONS + 1)]
    keys = [server.call("POST", "/api/questions", json=one).json()["id"] for one in asked]
    page = visit("/questions", viewport={"width": 390, "height": 900}, color_scheme="dark")
    expect(page.locator(".question")).to_have_count(MOST_QUESTIONS)
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Show more").press("Enter")
    expect(page.locator(".question", has_text=mark)).to_have_count(len(keys))
    assert page.evaluate("document.activeElement.closest('.question') !== null")
    for key in keys:
        server.call("DELETE", f"/api/questions/{key}")


def kept_by(server: Server) -> list[str]:
    return [one["question"] for one in server.call("GET", "/api/questions").json()["questions"]]


def test_a_refused_webhook_says_why_and_one_is_saved(
    visit: Open, server: Server, kept: dict[str, Any]
) -> None:
    page = visit("/questions")
    section = page.locator(f".question[data-id='{kept['id']}']")
    section.locator("details[data-key^=tell] summary").click()
    field = section.locator("input[name=webhook]")
    field.fill("http://127.0.0.1:9/hook")
    section.locator(".places button[type=submit]").click()
    section.locator("[data-act=test]").click()
    expect(page.locator(".said")).to_contain_text("inside your network")
    feed = section.locator("input[readonly]").first.input_value()
    assert server.call("GET", feed.removeprefix(server.url)).is_success


@pytest.mark.parametrize("width", [390, 1600])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(
    visit: Open, kept: dict[str, Any], width: int
) -> None:
    for scheme in ("light", "dark"):
        page = visit("/questions", viewport={"width": width, "height": 900}, color_scheme=scheme)
        expect(page.locator(".question").first).to_be_visible()
        for summary in page.locator(".question summary").all():
            summary.click()
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_question_of_the_chat_is_kept_from_its_refusal(visit: Open, server: Server) -> None:
    page = visit("/")
    asked = f"Who won the regatta of {uuid4()}?"
    page.locator("#question textarea").fill(asked)
    page.locator("#question textarea").press("Enter")
    page.locator(".acts button.keep").first.click()
    wait_until(lambda: asked in kept_by(server))
    for one in server.call("GET", "/api/questions").json()["questions"]:
        if one["question"] == asked:
            server.call("DELETE", f"/api/questions/{one['id']}")
