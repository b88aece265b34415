"""The pages in a real browser against a real server: from an upload to the highlighted sentence."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from tests.web.steps import GERMAN, QUESTION, QUOTE, Open, add, ask, upload

pytestmark = pytest.mark.browser

# Whatever gets through runs this; whatever does not is text on the page.
ATTACK = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>${window.hacked=1} **b** $$x$$"


def test_from_an_upload_to_the_highlighted_sentence(visit: Open) -> None:
    page = visit()
    expect(page.locator("#question textarea")).to_be_focused(timeout=30_000)
    add(page, "gespräche.md", GERMAN.encode())
    ask(page, QUESTION)
    marker = page.locator("blockquote", has_text=QUOTE).locator("a.cite").first
    marker.hover()
    expect(page.get_by_role("tooltip")).to_have_text(
        f"Uschakow nennt Gebietsfragen offengespräche.md · 3 Dec 2025{QUOTE}"
    )
    marker.click()
    card = page.locator(".card.current")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(card.locator("mark")).to_contain_text(QUOTE)
    with page.expect_popup() as popup:
        card.get_by_role("link", name="Open in document").click()
    cited = popup.value.locator("#cited")
    expect(cited).to_contain_text(QUOTE)
    expect(cited).to_be_in_viewport()
    original = popup.value.get_by_role("link", name="Open original").get_attribute("href")
    response = popup.value.request.get(urljoin(popup.value.url, original))
    assert response.text() == GERMAN


def test_a_citation_is_followed_and_left_by_keyboard_on_a_phone(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    add(page, "gespräche.md", GERMAN.encode())
    ask(page, QUESTION)
    marker = page.locator("a.cite").first
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card.current")).to_be_focused()
    expect(page.locator(".card.current")).to_be_in_viewport()
    page.locator(".card.current a.back").focus()
    page.keyboard.press("Enter")
    expect(marker).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_the_documents_do_not_hold_is_refused_with_the_nearest_passages(visit: Open) -> None:
    page = visit()
    add(page, "gespräche.md", GERMAN.encode())
    ask(page, "Which striker scored most goals in the 1974 football championship?")
    expect(page.locator(".refused")).to_have_text("The documents do not answer this.")
    nearest = page.locator(".nearest")
    expect(nearest.locator("blockquote").first).to_be_hidden()
    nearest.locator("summary").click()
    expect(nearest.locator("blockquote").first).to_be_visible()
    expect(page.locator("#sources .card")).to_have_count(0)


def test_hostile_names_titles_texts_and_questions_are_only_text(visit: Open) -> None:
    page = visit()
    body = f"# Nachricht {ATTACK}\n\nDer Zauberer Quirrelmund sagte: {ATTACK} und verschwand im Nebel.\n"
    add(page, "<img src=x onerror=window.hacked=1>.md", body.encode())
    ask(page, f"Was sagte der Zauberer Quirrelmund? {ATTACK}")
    expect(page.locator(".asked")).to_have_text(f"Was sagte der Zauberer Quirrelmund? {ATTACK}")
    page.locator("a.cite").first.click()
    expect(page.locator(".card.current mark")).to_contain_text("Quirrelmund")
    page.goto(page.url + page.locator(".card.current a").first.get_attribute("href"))  # type: ignore[operator]
    expect(page.locator("#cited")).to_be_in_viewport()
    expect(page.locator("mark", has_text="Quirrelmund")).to_be_visible()
    page.goto(urlsplit(page.url)._replace(path="/documents", query="", fragment="").geturl())
    expect(page.locator("table.shelf")).to_contain_text("Nachricht")


def test_a_broken_file_says_why_it_was_not_added(visit: Open) -> None:
    page = visit("/documents")
    upload(page, "broken.pdf", b"%PDF-1.7\nnothing of the kind")
    expect(page.locator(".job.failed .reason")).to_contain_text("is damaged or no PDF", timeout=60_000)
    expect(page.locator(".job.failed")).to_contain_text("broken.pdf")


def test_an_address_that_cannot_be_fetched_says_why(visit: Open) -> None:
    page = visit("/documents")
    page.locator("#address input, #address textarea").fill("http://127.0.0.1:9/private")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".job.failed .reason")).not_to_be_empty(timeout=60_000)


def test_a_german_browser_gets_a_german_page(visit: Open) -> None:
    page = visit(locale="de-DE")
    expect(page.locator("#send")).to_have_text("Fragen", timeout=30_000)
    expect(page.locator("#question textarea")).to_have_attribute(
        "placeholder", "Fragen Sie etwas zu Ihren Artikeln …"
    )
    expect(page.locator("#sources")).to_contain_text("Quellen")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_conversations_do_not_mix_and_end_when_asked(visit: Open) -> None:
    one, other = visit(), visit()
    add(one, "gespräche.md", GERMAN.encode())
    ask(one, QUESTION)
    ask(other, "How long did the talks last?")
    ask(one, "How long did the talks last?")
    expect(one.locator(".asked")).to_have_count(2)
    expect(other.locator(".asked")).to_have_count(1)
    one.get_by_role("button", name="New conversation").click()
    expect(one.locator(".asked")).to_have_count(0)
    expect(one.locator("#sources .card")).to_have_count(0)


def test_a_question_too_long_is_refused_and_kept(visit: Open) -> None:
    page = visit()
    question = "Warum? " * 700
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    expect(page.locator(".problem")).to_contain_text("too long", timeout=30_000)
    expect(page.locator("#question textarea")).to_have_value(question)
