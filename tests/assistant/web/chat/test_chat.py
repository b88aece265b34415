"""The chat as people use it, in a real browser: conversations, copies, verdicts, suggestions, restrictions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.service.feedback import FeedbackLog
from assistant.types import Statement
from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import Conversation, Exchange
from assistant.web.chat import conversation_history
from assistant.web.kit.localisation import words
from tests.support.browser import Open, ask, becoming, remember
from tests.support.conversations import TEXT, citation, quoting
from tests.support.server import Server

pytestmark = pytest.mark.browser

TERRITORY = "What did Ushakov say about the territory?"
WIDE = {"width": 1600, "height": 900}
PHONE = {"width": 390, "height": 844}
# How far what is on the page has moved since it was drawn, by the browser's own measure.
SHIFTS = """() => { window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({ type: 'layout-shift', buffered: false }) }"""


def conversations(page: Page) -> Locator:
    return page.locator("#history .open")


def choose(page: Page, name: str) -> None:
    """One of what can be done with the first conversation of the list."""
    page.locator("#history summary").first.click()
    page.locator(f"#history li .{name}").first.click()


# The plain and the rich text of the clipboard.
CLIPBOARD = """async () => {
  const [item] = await navigator.clipboard.read()
  return Promise.all(['text/plain', 'text/html'].map(async (type) => (await item.getType(type)).text()))
}"""


def copy(button: Locator, label: str) -> None:
    expect(button).to_have_text(label)
    with becoming(button, "Copied"):
        button.click()


def quoted(page: Page) -> str:
    """What the answer quotes first."""
    return page.locator(".answer blockquote > span").first.inner_text()


def exported(page: Page, kind: str) -> tuple[str, str]:
    """The name and the text of the file that an export saves."""
    with page.expect_download() as download:
        choose(page, kind)
    return download.value.suggested_filename, Path(download.value.path()).read_text("utf-8")


def test_conversations_are_kept_found_renamed_exported_and_deleted(visit: Open) -> None:
    page = visit(viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate(SHIFTS)
    ask(page, TERRITORY)
    assert page.evaluate("window.shifted") < 0.1
    said = quoted(page)
    page.reload()
    expect(page.locator(".asked")).to_have_text(TERRITORY, timeout=30_000)
    expect(page.locator("#sources .card mark").first).to_be_visible()
    expect(conversations(page)).to_have_attribute("aria-current", "true")
    page.locator("#fresh").click()
    expect(page.locator(".asked")).to_have_count(0)
    ask(page, "How long did the talks last?")
    expect(conversations(page)).to_have_text(["How long did the talks last?", TERRITORY])
    page.locator("#history input[type=search]").fill(said.upper())
    expect(conversations(page)).to_have_text([TERRITORY])
    choose(page, "rename")
    page.get_by_label("Name of the conversation").fill("Moskau, *Dezember*")
    for _ in range(3):  # a key that is held down
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(conversations(page)).to_have_text(["Moskau, *Dezember*"])
    expect(page.locator(".asked")).to_have_text("How long did the talks last?")  # Enter has opened nothing
    name, text = exported(page, "markdown")
    assert name == "Moskau-Dezember.md"
    assert text.startswith(f"# Moskau, \\*Dezember\\*\n\n## {TERRITORY}\n\n„{said[:12]}")
    assert re.search(
        r"\[1\] .*\[Moskauer Gespräche .*\]\(<http://127.0.0.1:\d+/documents/\w+\?start=\d+&end=\d+&version=\w{16}&quote=[^>]+#cited>\)",
        text,
    )
    with becoming(page.locator("#history li .copy-rich").first, "Copied"):
        choose(page, "copy-rich")
    plain, rich = page.evaluate(CLIPBOARD)
    assert plain.startswith(f"Moskau, *Dezember*\n\n{TERRITORY}\n\n„{said[:12]}")
    assert rich.startswith(f"<h1>Moskau, *Dezember*</h1><h2>{TERRITORY}</h2><p>„{said[:12]}")
    expect(page.locator("#history details[open]")).to_have_count(0)
    kept = json.loads(exported(page, "json")[1])
    assert kept["exchanges"][0]["reply"]["sources"][0]["number"] == 1
    choose(page, "delete")
    expect(conversations(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    conversations(page).click()
    expect(page.locator(".asked")).to_have_text(TERRITORY)


def test_answers_are_copied_read_out_asked_again_and_questions_edited(visit: Open) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, TERRITORY)
    said = quoted(page)
    expect(page.locator("#news").get_by_role("status")).to_contain_text(
        re.compile(re.escape(said) + r".*\d sources?\.")
    )
    expect(page.locator("#conversation [role=log]")).to_have_attribute("aria-live", "off")
    copy(page.locator(".acts .copies button").nth(1), "Copy Markdown")
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"„{said[:12]}")
    copy(page.locator(".acts .copies button").nth(0), "Copy")
    plain, rich = page.evaluate(CLIPBOARD)
    assert re.search(r"\n\[1\] .*Moskauer Gespräche.*, accessed on .* 20\d\d\nhttp", plain)
    assert rich.count('<a href="http') == plain.count("\nhttp") >= 1
    copy(page.locator("#sources .group.active .card .copies button").first, "Copy quote")
    plain, rich = page.evaluate(CLIPBOARD)
    assert plain.startswith(f"„{said[:12]}")
    assert (
        "Gebietsfrage</a>, moskauer-gespraeche.md, 3 Dec 2025, said by Juri Uschakow, indirect speech, accessed on"
        in rich
    )
    page.get_by_role("button", name="Good answer").click()
    expect(page.locator(".thumb.up")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".thumb.up")).to_have_attribute("aria-pressed", "false", timeout=30_000)
    expect(page.locator("#send")).to_be_visible()
    expect(page.locator(".asked")).to_have_count(1)
    page.locator(".edit").focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your question").first
    expect(field).to_have_value(TERRITORY)
    page.keyboard.press("Escape")
    expect(page.locator(".edit")).to_be_focused()
    page.keyboard.press("Enter")
    field.fill("Who is Jane Rigby?")
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_text("Who is Jane Rigby?")
    expect(page.locator(".answer .about")).to_have_count(1, timeout=30_000)
    expect(page.locator(".answer")).to_contain_text("before breakfast")


def test_a_verdict_and_its_note_are_kept_in_the_data_folder(visit: Open, server: Server) -> None:
    page = visit(viewport=PHONE, locale="de-DE", color_scheme="dark")
    ask(page, "Wie lang war die Wahlbeteiligung?")
    page.get_by_role("button", name="Schlechte Antwort").click()
    expect(page.get_by_role("button", name="Schlechte Antwort")).to_have_attribute("aria-pressed", "true")
    page.locator(".why").fill("Die Frage <b>ist</b> unsinnig")
    page.keyboard.press("Enter")
    expect(page.locator(".thanks")).to_be_visible()
    judged = [one for one in FeedbackLog(server.data).all() if "Wahlbeteiligung" in one.question]
    assert [(one.verdict, one.note) for one in judged] == [("down", "Die Frage <b>ist</b> unsinnig")]
    page.reload()
    expect(page.get_by_role("button", name="Schlechte Antwort")).to_have_attribute(
        "aria-pressed", "true", timeout=30_000
    )
    page.get_by_role("button", name="Schlechte Antwort").click()
    expect(page.get_by_role("button", name="Schlechte Antwort")).to_have_attribute("aria-pressed", "false")
    assert not [one for one in FeedbackLog(server.data).all() if "Wahlbeteiligung" in one.question]


def test_suggested_questions_have_answers_and_lead_on(visit: Open) -> None:
    page = visit(viewport=PHONE, locale="de-DE")
    first = page.locator("#ideas button").first
    expect(first).to_be_visible(timeout=60_000)
    question = first.inner_text()
    first.click()
    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator(".answer blockquote").first).to_be_visible(timeout=30_000)
    expect(page.locator(".refused")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_restriction_is_seen_changed_and_taken_away(visit: Open, server: Server) -> None:
    records = server.call("GET", "/api/documents", params={"limit": 500}).json()["documents"]
    webb = next(one["id"] for one in records if one["source"] == "samples/webb-first-images.md")
    page = visit(f"/?documents={webb},gone&from=2020-01-31&to=nonsense")
    chips = page.locator("#chips li:not(.undated)")
    expect(chips).to_contain_text(["Webb telescope", "not here", "from 31 Jan 2020"], timeout=30_000)
    page.locator("#restrict .label-wrap").click()
    expect(page.locator("#chosen")).to_contain_text("Webb telescope")
    ask(page, TERRITORY)
    expect(page.locator(".refused")).to_be_visible()
    expect(page.locator(".about")).to_contain_text("1 document searched")
    expect(page.locator(".tips")).to_contain_text("restricted")
    for left in (2, 1, 0):
        chips.get_by_role("button").first.click()
        expect(chips).to_have_count(left)
    page.get_by_label("Published from").fill("2025-12-01")
    expect(chips).to_have_text(["from 1 Dec 2025×"])
    ask(page, TERRITORY)
    expect(page.locator(".answer blockquote").last).to_be_visible()


def doubtful() -> dict[str, Any]:
    """A kept conversation with a model's answer, one sentence of which is not borne out."""
    statements = (
        Statement(text="He travels to Moscow on Friday [1].", citations=(1,), supported="yes"),
        Statement(
            text="It takes 12 days [1].", citations=(1,), supported="no", reason="12 is not in the quote"
        ),
    )
    answer = replace(
        quoting(citation()), mode="generated", model="small", statements=statements, searched=("When?",)
    )
    given = view_answer(answer, lambda _: TEXT, 3)
    one = Exchange(question="And when?", reply=given, sources=given.sources)
    kept = conversation_history.to_json(Conversation(exchanges=(one,), id="d"), "", words("en"))
    return {"name": "Doubtful", "at": 1, "kept": kept, "markdown": ""}


def test_what_a_model_says_without_support_is_seen_and_explained(visit: Open) -> None:
    page = visit(color_scheme="dark")
    remember(page, {"d": doubtful()})
    doubt = page.locator(".doubt")
    expect(doubt).to_contain_text("not supported by its sources: 12 is not in the quote", timeout=30_000)
    expect(page.locator(".said")).to_have_text(["He travels to Moscow on Friday.", "It takes 12 days."])
    expect(page.locator(".grounded")).to_have_text(
        "figures, names and negations match in 1 of 2 sentences; what happened was not checked"
    )
    expect(page.locator(".standalone")).to_have_text("Searched for: When?")
    doubt.focus()
    expect(page.get_by_role("tooltip")).to_have_text("12 is not in the quote")
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    page.locator("a.cite").last.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Am Freitag reist Uschakow")


def test_language_and_theme_are_switched_and_stay(visit: Open) -> None:
    page = visit(locale="en-US", color_scheme="light", viewport={"width": 1024, "height": 768})
    page.get_by_role("button", name="Dark colours").click(timeout=30_000)
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    page.get_by_role("button", name="German").or_(page.get_by_role("button", name="Deutsch")).click()
    expect(page.locator("#send")).to_have_text("Fragen", timeout=30_000)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#sources")).to_contain_text("Quellen")
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_the_chat_works_in_a_frame(visit: Open, server: Server) -> None:
    page = visit("/web/chat.css")
    page.evaluate("""() => { const frame = document.createElement('iframe')
      Object.assign(frame, { src: '/', title: 'chat', width: 700, height: 700 }); document.body.append(frame) }""")
    frame = page.frame_locator("iframe")
    frame.locator("#question textarea").fill(TERRITORY, timeout=30_000)
    frame.locator("#send").click()
    expect(frame.locator(".answer .about")).to_be_visible(timeout=30_000)
    frame.locator("a.cite").first.click()
    expect(frame.locator(".card.current")).to_be_in_viewport()
