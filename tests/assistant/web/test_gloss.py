"""What the words of a quote mean is shown to a reader of the other language by pointer, keyboard and touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.web.kit.localisation import words
from tests.support.accessibility import grave
from tests.support.browser import Open, ask
from tests.support.server import Server

pytestmark = pytest.mark.browser

EN, DE = words("en"), words("de")
PHONE = {"width": 390, "height": 844}
ARTICLE = """# Der Brunnen von Kallmoor

Die Gemeinde Kallmoor hat den Brunnen im Sommer mit Granitplatten gepflastert.

Danach floss wieder Wasser.
"""
SENTENCE = "Die Gemeinde Kallmoor hat den Brunnen im Sommer mit Granitplatten gepflastert."
QUESTION = "What did the municipality of Kallmoor pave in summer?"
# Select what is in an element, as a reader does with the mouse.
SELECT = "(one) => getSelection().selectAllChildren(one)"
# Where an element stands in its answer, and how large it is.
PLACE = """(one) => { const { left, top, width, height } = one.getBoundingClientRect(), around = one.closest('.answer').getBoundingClientRect()
  return [left - around.left, top - around.top, width, height] }"""
WITHIN = """(one) => { const { left, right, top, bottom } = one.getBoundingClientRect()
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && document.documentElement.scrollWidth <= innerWidth }"""


@pytest.fixture(scope="module")
def fountain(server: Server) -> str:
    """The path of a German article at the sentence."""
    (job,) = server.add(kallmoor=ARTICLE)
    assert job["state"] == "done", job
    text = server.call("GET", f"/api/documents/{job['document_id']}/text").json()["text"]
    start = text.index(SENTENCE)
    return f"/documents/{job['document_id']}?start={start}&end={start + len(SENTENCE)}#cited"


def word(quote: Locator, written: str) -> Locator:
    return quote.get_by_text(written, exact=True)


def shown(page: Page, meaning: str) -> None:
    """The one tooltip says so, within the window."""
    expect(page.get_by_role("tooltip")).to_contain_text(f"{EN('word_by_word')}{meaning}")
    assert page.get_by_role("tooltip").evaluate(WITHIN)


def hidden(page: Page) -> None:
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_a_quote_in_an_answer_is_read_by_pointer_and_keyboard_and_copied_as_it_is(
    visit: Open, fountain: str
) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    quote = page.locator(".answer blockquote .glossed", has_text=SENTENCE)
    expect(page.locator(".answer .about")).to_contain_text(EN("gloss_hint"))
    before = quote.evaluate(PLACE)
    word(quote, "Brunnen").hover()
    shown(page, "fountain, well")
    assert quote.evaluate(PLACE) == before
    expect(word(quote, "Brunnen")).to_have_attribute("aria-describedby", "gloss")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    page.get_by_role("tooltip").hover()
    shown(page, "fountain, well")
    page.keyboard.press("Escape")
    hidden(page)
    word(quote, "Sommer").hover()
    page.locator("#question textarea").hover()
    hidden(page)
    read_by_keyboard(page, quote)
    quote.evaluate(SELECT)
    page.keyboard.press("ControlOrMeta+c")
    assert page.evaluate("navigator.clipboard.readText()") == SENTENCE
    card = page.locator("#sources .card mark", has_text=SENTENCE)
    word(card, "Granitplatten").hover()
    shown(page, "Granit: granite · Platten: ")


def read_by_keyboard(page: Page, quote: Locator) -> None:
    """The Tab key comes to a quote once; the arrow keys lead from word to word."""
    stops = quote.locator("[tabindex='0']")
    expect(stops).to_have_count(1)
    page.locator("#conversation .edit").last.focus()
    page.keyboard.press("Tab")
    expect(word(quote, "Gemeinde")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(word(quote, "Brunnen")).to_be_focused()
    shown(page, "fountain, well")
    page.keyboard.press("End")
    expect(word(quote, "gepflastert")).to_be_focused()
    shown(page, "pave")
    page.keyboard.press("ArrowRight")
    expect(word(quote, "gepflastert")).to_be_focused()
    expect(stops).to_have_text(["gepflastert"])
    page.keyboard.press("Escape")
    hidden(page)
    page.keyboard.press("ArrowLeft")
    shown(page, "Granit: granite")
    page.keyboard.press("Tab")
    expect(page.locator("#conversation a.cite").first).to_be_focused()
    expect(page.locator("#gloss")).to_be_hidden()


def test_the_viewer_and_the_embedded_chat_are_read_by_touch(
    visit: Open, server: Server, fountain: str
) -> None:
    page = visit("/embed?theme=dark", viewport=PHONE, has_touch=True)
    page.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    quote = page.locator(".answer blockquote .glossed", has_text=SENTENCE)
    word(quote, "Sommer").tap()
    shown(page, "summer")
    word(quote, "Granitplatten").tap()
    shown(page, "Granit: granite · Platten: ")
    assert grave(page) == []
    page.locator("#bar h1").tap()
    hidden(page)
    page.locator(".sources summary").tap()
    word(page.locator(".card mark"), "gepflastert").first.tap()
    shown(page, "pave")
    page.goto(server.url + fountain)
    mark = page.locator("mark.current")
    expect(mark).to_have_text(SENTENCE)
    expect(page.locator("main")).to_contain_text(EN("gloss_hint"))
    assert page.locator("[data-gloss]").count() == mark.locator("[data-gloss]").count()
    word(mark, "gepflastert").tap()
    shown(page, "pave")
    assert grave(page) == []
    page.locator("h1").tap()
    hidden(page)


def test_who_reads_the_language_sees_none(visit: Open, server: Server, fountain: str) -> None:
    page = visit(fountain, locale="de-DE")
    expect(page.locator("mark.current")).to_have_text(SENTENCE)
    expect(page.locator("[data-gloss]")).to_have_count(0)
    page.goto(f"{server.url}/embed")
    page.get_by_role("textbox").fill("Was hat die Gemeinde Kallmoor gepflastert?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .about")).to_have_text(re.compile("durchsucht"))
    expect(page.locator("[data-gloss]")).to_have_count(0)
    expect(page.locator(".answer")).not_to_contain_text(DE("gloss_hint"))
