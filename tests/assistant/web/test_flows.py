"""The way through the pages from an upload to a deletion: at two widths, in each theme and language."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.web.kit.localisation import Words, words
from tests.support.accessibility import grave
from tests.support.browser import Open, ask, becoming, upload

pytestmark = pytest.mark.browser

WAYS = [
    (390, "light", "en", "Quallmoor"),
    (1600, "dark", "de", "Trubenfels"),
]
ARTICLE = """---
title: Der Leuchtturm von {name}
date: 2024-05-17
---

# Der Leuchtturm von {name}

Der Leuchtturm von {name} ist 52 Meter hoch. Gebaut hat ihn die Baumeisterin Ida Kranz aus {name}.

Seit 1911 weist er Schiffen den Weg in den Hafen von {name}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Someone on a page of some width, and what it says in their language."""

    page: Page
    said: Words
    width: int
    name: str

    @property
    def narrow(self) -> bool:
        return self.width <= 900

    @property
    def quote(self) -> str:
        return f"Der Leuchtturm von {self.name} ist 52 Meter hoch."

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.said(key), exact=True)

    def fold(self, key: str) -> None:
        """Open what is folded away under that heading, or close it."""
        self.page.locator(".label-wrap", has_text=self.said(key)).click()

    def fits(self) -> None:
        """Nothing sticks out, and nothing keeps anybody from using the page."""
        assert self.page.evaluate("document.documentElement.scrollWidth") == self.width
        found = grave(self.page)
        assert found == [], found


@pytest.mark.parametrize(("width", "theme", "language", "name"), WAYS)
def test_from_an_upload_to_its_deletion(
    visit: Open, width: int, theme: str, language: str, name: str
) -> None:
    page = visit(
        viewport={"width": width, "height": 844},
        color_scheme=theme,
        locale={"en": "en-GB", "de": "de-DE"}[language],
        permissions=["clipboard-read", "clipboard-write"],
    )
    reader = Reader(page=page, said=words(language), width=width, name=name)
    expect(page.locator("#question textarea")).to_be_focused(timeout=30_000)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("body.dark")).to_have_count(1 if theme == "dark" else 0)
    add(reader)
    ask(page, f"Wie hoch ist der Leuchtturm von {name}?")
    reader.fits()
    follow_by_pointer(reader)
    follow_by_keyboard(reader)
    read_the_document(reader, theme)
    copy_judge_and_ask_again(reader)
    edit(reader)
    restrict_by_date(reader)
    delete_and_reopen_the_conversation(reader)
    delete_and_undo(reader)
    ask_about_it_alone(reader)


def add(reader: Reader) -> None:
    page = reader.page
    reader.fold("add_documents")
    upload(page, f"{reader.name}.md", ARTICLE.format(name=reader.name).encode())
    added = page.locator(".job.done", has_text=f"Der Leuchtturm von {reader.name}")
    expect(added).to_be_visible(timeout=60_000)
    reader.button("clear_jobs").click()
    reader.fold("add_documents")


def marker(reader: Reader) -> Locator:
    return reader.page.locator("blockquote", has_text=reader.quote).locator("a.cite").first


def follow_by_pointer(reader: Reader) -> None:
    page = reader.page
    marker(reader).hover()
    shown = f"Der Leuchtturm von {reader.name}{reader.name}.md · .*2024{reader.quote}"
    expect(page.get_by_role("tooltip")).to_have_text(re.compile(shown))
    marker(reader).click()
    card = page.locator(".card.current")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(card.locator("mark")).to_contain_text(reader.quote)


def follow_by_keyboard(reader: Reader) -> None:
    page = reader.page
    marker(reader).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card.current")).to_be_focused()
    back = page.locator(".card.current a.back")
    expect(back).to_be_visible(visible=reader.narrow)
    if reader.narrow:
        back.focus()
        page.keyboard.press("Enter")
        expect(marker(reader)).to_be_focused()


def read_the_document(reader: Reader, theme: str) -> None:
    link = reader.page.locator(".card.current").get_by_role("link", name=reader.said("open_document"))
    link.focus()
    with reader.page.expect_popup() as popup:
        reader.page.keyboard.press("Enter")
    page = popup.value
    expect(page.locator("#cited")).to_contain_text(reader.quote)
    expect(page.locator("#cited")).to_be_in_viewport()
    expect(page.locator("html")).to_have_attribute("lang", reader.said.language)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    Reader(page=page, said=reader.said, width=reader.width, name=reader.name).fits()
    original = page.get_by_role("link", name=reader.said("original")).evaluate("link => link.href")
    assert page.request.get(original).text() == ARTICLE.format(name=reader.name)
    page.close()


def copy_judge_and_ask_again(reader: Reader) -> None:
    page = reader.page
    copy = reader.button("copy_answer_markdown")
    with becoming(copy, reader.said("copied")):
        copy.click()
    assert f"„{reader.quote}" in page.evaluate("navigator.clipboard.readText()")
    reader.button("thumb_up").click()
    expect(page.locator(".thumb.up")).to_have_attribute("aria-pressed", "true")
    reader.button("again").click()
    expect(page.locator(".thumb.up")).to_have_attribute("aria-pressed", "false", timeout=30_000)
    expect(page.locator("#send")).to_be_visible(timeout=30_000)


def edit(reader: Reader) -> None:
    page, question = reader.page, f"Wer hat den Leuchtturm von {reader.name} gebaut?"
    page.locator(".edit").focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name=reader.said("question")).first.fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator(".answer")).to_contain_text("Ida Kranz", timeout=30_000)
    expect(page.locator("#send")).to_be_visible(timeout=30_000)


def restrict_by_date(reader: Reader) -> None:
    page = reader.page
    reader.fold("restrict")
    page.get_by_label(reader.said("from_day")).fill("2024-05-17")
    chip = page.locator("#chips li:not(.undated)")
    expect(chip).to_contain_text("2024")
    chip.get_by_role("button").click()
    expect(chip).to_have_count(0)
    reader.fold("restrict")


def delete_and_reopen_the_conversation(reader: Reader) -> None:
    page, listed = reader.page, reader.page.locator("#history .open")
    if page.locator("html").get_attribute("data-past") != "open":
        page.locator("#past-toggle").click()
    name = listed.inner_text()
    page.locator("#history summary").first.click()
    page.locator("#history .delete").click()
    expect(listed).to_have_count(0)
    expect(page.locator(".asked")).to_have_count(0)
    page.locator("#history .undo").click()
    expect(listed).to_have_text(name)
    expect(page.locator(".answer")).to_contain_text("Ida Kranz")


def delete_and_undo(reader: Reader) -> None:
    page = reader.page
    page.locator("#head .nav", has_text=reader.said("documents")).click()
    expect(page.locator("table.shelf")).to_be_visible(timeout=30_000)
    search, row = page.locator("#search input, #search textarea"), page.locator("tbody tr")
    search.fill(reader.name)
    expect(row).to_have_count(1)
    expect(row).to_contain_text(f"Der Leuchtturm von {reader.name}")
    row.get_by_role("checkbox").check()
    expect(page.locator("#delete")).to_be_enabled()
    reader.fits()
    page.locator("#delete").click()
    expect(row).to_have_count(0)
    undo = page.locator("#undo .removed", has_text=reader.name).get_by_role("button")
    undo.click()
    expect(row).to_have_count(1)


def ask_about_it_alone(reader: Reader) -> None:
    page = reader.page
    page.locator("tbody tr").get_by_role("checkbox").check()
    expect(page.locator("#ask-about")).to_be_enabled()
    page.locator("#ask-about").click()
    expect(page.locator("#chips li")).to_contain_text(reader.name, timeout=30_000)
    ask(page, "Which striker scored most goals in the 1974 football championship?")
    expect(page.locator(".refused")).to_be_visible()
    # A refusal and what it advises come in the language of the question.
    expect(page.locator(".tips")).to_contain_text(words("en")("try_all"))
    page.locator(".nearest summary").click()
    expect(page.locator(".nearest blockquote").first).to_contain_text(reader.name)
    expect(page.locator(".answer .about").last).to_contain_text(reader.said.count("searched", 1))
