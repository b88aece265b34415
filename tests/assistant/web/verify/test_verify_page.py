"""Quotes are exported from the pages, and verified on one, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.accessibility import grave
from tests.support.browser import Open, ask
from tests.support.server import Server

pytestmark = pytest.mark.browser

HACK = "<img src=x onerror=window.hacked=1>"
MOOR = f"""---
title: 'Das Moor von Wendelsiek {HACK}'
date: 2024-05-01
---

Das Moor von Wendelsiek ist neun Hektar groß. Es sei trocken, sagte der Förster Jochen Ebbinghusen am Montag.

Das Moor von Wendelsiek wird seit 1987 geschützt. Auf einer Tafel steht {HACK} am Rand.
"""
QUESTION = "Was ist das Moor von Wendelsiek?"
NARROW = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def moor(server: Server) -> Iterator[str]:
    (job,) = server.add(moor=MOOR)
    yield str(job["document_id"])
    server.call("DELETE", f"/api/documents/{job['document_id']}")


def exported(page: Page, menu: Locator, form: str, folder: Path) -> Path:
    """The file that a menu gives; it is closed, and its summary has the focus."""
    menu.locator("summary").click()
    with page.expect_download() as download:
        menu.get_by_role("button", name=form, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    return path


def verify(page: Page, path: Path) -> Locator:
    page.locator("#verify input[type=file]").set_input_files(path)
    expect(page.locator("#verify .found")).not_to_have_attribute("aria-busy", "true")
    return page.locator("#verify .verdicts > li")


def test_quotes_answers_and_conversations_are_exported_and_stand(
    visit: Open, moor: str, tmp_path: Path
) -> None:
    page = visit("/")
    ask(page, QUESTION)
    menu = page.locator("#conversation details.export")
    answer = exported(page, menu, "Word", tmp_path)
    assert answer.name == "Was-ist-das-Moor-von-Wendelsiek.docx"
    card = page.locator("#sources .card").first
    quote = exported(page, card.locator("details.export"), "RIS", tmp_path)
    assert quote.read_text("utf-8").count("TY  - ") == 1
    files = [answer, quote]
    boxes = page.locator("#sources .card input[name=picked]")
    if boxes.count() > 1:
        picked = page.locator("#sources .picking details")
        picked.locator("summary").click()
        expect(picked.get_by_role("button", name="BibTeX")).to_be_disabled()
        picked.locator("summary").click()
        boxes.nth(0).check()
        boxes.nth(1).press("Space")
        expect(page.locator(".picked-number")).to_have_text("2 quotes chosen")
        both = exported(page, picked, "BibTeX", tmp_path)
        assert both.read_text("utf-8").count("@misc{") == 2
        files.append(both)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        menu.locator("summary").click()
        assert grave(page) == []
        page.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")
    page.get_by_role("button", name="Conversations").click()
    row = page.locator("#history li").first
    row.locator("summary").first.click()
    files.append(exported(page, row.locator("details.export"), "CSL-JSON", tmp_path))
    assert json.loads(files[-1].read_text("utf-8"))[0]["custom"]["document_id"] == moor
    page.goto(f"{page.url.split('?')[0]}verify")
    for path in files:
        found = verify(page, path)
        expect(found.first).to_contain_text("Stands, word for word")
        expect(page.locator("#verify .verdicts > li:not(.stands)")).to_have_count(0)
    with page.context.expect_page() as opened:
        found.first.get_by_role("link", name="Open in the source").click()
    expect(opened.value.locator("mark.current").first).to_be_visible()


def test_what_was_altered_is_shown_and_hostile_text_stays_text(
    visit: Open, server: Server, moor: str
) -> None:
    text = server.call("GET", f"/api/documents/{moor}/text").json()["text"]
    start = text.index("Es sei")
    place = {"document_id": moor, "start": start, "end": text.index("Montag.") + 7}
    content = server.call("POST", "/api/export", json={"form": "md", "citations": [place]}).text
    page = visit("/verify", viewport=NARROW, locale="de-DE")
    page.get_by_role("button", name="Nachschlagen").click()
    expect(page.locator("#verify .found")).to_have_text(
        "Wählen Sie eine Datei, oder fügen Sie einen Text ein."
    )
    field = page.get_by_label("Oder ihren Text einfügen")
    field.fill(content.replace("trocken", f"feucht {HACK}".replace("<", "\\<"), 1))
    page.get_by_role("button", name="Nachschlagen").press("Enter")
    found = page.locator("#verify .verdicts > li")
    expect(found).to_have_count(1)
    expect(found.locator(".verdict")).to_have_text("Diese Worte hat das Dokument nicht")
    expect(found.locator("ins").first).to_have_text("trocken")
    expect(found.locator("del").first).to_contain_text("feucht")
    expect(found.locator("blockquote")).to_contain_text(HACK)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    page.reload()
    expect(field).to_have_value(re.compile("feucht"))
    field.fill("Nothing is quoted here.")
    page.get_by_role("button", name="Nachschlagen").click()
    expect(page.locator("#verify .count")).to_contain_text("keine Zitate")


def test_chosen_statements_are_exported(visit: Open, moor: str, tmp_path: Path) -> None:
    page = visit("/statements?speaker=Ebbinghusen")
    page.get_by_role("checkbox", name="All shown").check()
    path = exported(page, page.locator("#statements .tools details.export"), "HTML", tmp_path)
    written = path.read_text("utf-8")
    assert "Jochen Ebbinghusen" in written
    assert "Wendelsiek &lt;img" in written
    assert HACK not in written
    page.goto(page.url.replace("/statements", "/verify").split("?")[0])
    expect(verify(page, path).first).to_have_class("stands")
