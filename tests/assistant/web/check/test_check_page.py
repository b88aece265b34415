"""The page on which a draft is checked, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.ingest.loaders.test_docx_comments import covered, saved
from tests.ingest.loaders.test_sandbox import readers
from tests.support.accessibility import grave
from tests.support.browser import Open
from tests.support.hostile import ENDLESS, STRINGS
from tests.support.server import Server
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

HACK = "<img src=x onerror=window.hacked=1>"
MILL = f"""---
title: 'Die Schleuse {HACK}'
date: 2025-04-02
---

Die Schleuse von Harmswiek hat 14 Tore und steht seit 1821 am Fluss. Im Herbst wird ihr Rad erneuert.

„Wir geben das Wasser niemals ab“, sagte die Schleusenwärterin Ottilie Brandauer am Freitag.
"""
TRUE = "Die Schleuse von Harmswiek hat 14 Tore."
FALSE = "Die Schleuse von Harmswiek hat 17 Tore."
NOWHERE = "Ein Zirkus aus Quandovia gastiert im Januar auf dem Marktplatz von Elmsbüttel."
DRAFT = f"{TRUE} {FALSE} {NOWHERE}\n\n„Wir geben das Wasser immer ab“, sagte Ottilie Brandauer."
# What the parts that show text may not hold: elements that load or run, and handlers.
PROBE = """() => [...document.querySelectorAll('#check *')]
  .filter((one) => /^(script|img|iframe|object|embed|svg|style|base|video|audio|math)$/i.test(one.localName)
    || [...one.attributes].some(({ name }) => name.startsWith('on')))
  .map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def lock(server: Server) -> Iterator[str]:
    (job,) = server.add(lock=MILL)
    yield str(job["document_id"])
    server.call("DELETE", f"/api/documents/{job['document_id']}")


@pytest.fixture(autouse=True)
def _no_earlier_checks(server: Server) -> None:
    for one in server.call("GET", "/api/checks").json()["checks"]:
        server.call("DELETE", f"/api/checks/{one['id']}")


def check(page: Page, text: str) -> None:
    page.locator("#draft-text").fill(text)
    page.locator("#check button.start").click()
    expect(page.locator("#check .result.kept")).to_be_visible()
    expect(page.locator("#check .progress")).to_be_hidden()


def headings(page: Page) -> list[str]:
    return [one.strip() for one in page.locator("#check .found li:visible .verdict").all_inner_texts()]


LOADING = """(times) => {
  const asked = window.fetch
  window.tries = 0
  window.fetch = (address, options) => String(address).endsWith('/checked') && ++window.tries <= times
    ? Promise.resolve(new Response('{}', { status: 503, headers: { 'Retry-After': '1' } })) : asked(address, options)
}"""


def test_while_the_server_loads_the_page_waits_and_goes_on(visit: Open, lock: str) -> None:
    page = visit("/check")
    page.evaluate(LOADING, 2)
    page.locator("#draft-text").fill(TRUE)
    page.locator("#check button.start").click()
    expect(page.locator("#check .progress .said")).to_contain_text("still loading")
    expect(page.locator("#check .result.kept")).to_be_visible()
    assert page.evaluate("window.tries") == 3


def test_waiting_for_the_server_can_be_given_up(visit: Open, lock: str) -> None:
    page = visit("/check")
    page.evaluate(LOADING, 1_000)
    page.locator("#draft-text").fill(TRUE)
    page.locator("#check button.start").click()
    expect(page.locator("#check .progress .said")).to_contain_text("still loading")
    page.locator("#check .progress .cancel").click()
    expect(page.locator("#check .progress")).to_be_hidden()
    expect(page.locator("#check button.start")).to_be_enabled()


def test_a_draft_is_marked_and_every_mark_leads_to_its_source(visit: Open, lock: str) -> None:
    page = visit("/")
    page.get_by_role("link", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="Check a draft")).to_be_visible()
    check(page, DRAFT)
    assert page.locator("#check .draft .at.wrong").first.inner_text().startswith(FALSE)
    assert "≠ differs" in page.locator("#check .draft .text").inner_text()
    page.locator("#check .draft .at.wrong").first.click()
    opened = page.locator("#check .found .body:visible")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("hat 14 Tore")
    expect(opened).to_contain_text(f"Source: Die Schleuse {HACK} · 2 Apr 2025")
    with page.context.expect_page() as source:
        opened.get_by_role("link").first.click()
    expect(source.value.locator("mark.current").first).to_contain_text("14 Tore")
    source.value.close()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    expect(page).to_have_url(re.compile("check="))
    address = page.url
    page.reload()
    expect(page.locator("#check .draft .at.wrong").first).to_contain_text("17 Tore")
    page.goto(address.split("?")[0])
    page.locator("#check .earlier a").click()
    expect(page.locator("#check .draft .at.wrong").first).to_contain_text("17 Tore")


def test_the_list_is_sifted_and_walked_by_keys(visit: Open, lock: str) -> None:
    page = visit("/check", locale="de-DE")
    check(page, DRAFT)
    assert len(headings(page)) >= 4
    several = page.locator("#check .filters").get_by_role("button", name="Nichts gefunden")
    several.click()
    count = int(several.locator("strong").inner_text())
    expect(page.locator("#check .found li:visible")).to_have_count(count)
    assert headings(page) == ["? Nichts gefunden"] * count
    page.get_by_role("button", name="Alle").press("Enter")
    page.get_by_role("button", name="Weiter").press("Enter")
    first = page.locator("#check .found .head:visible").first
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    second = page.locator("#check .found .head:visible").nth(1)
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-expanded", "true")
    expect(first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page.locator("#check .found .body:visible")).to_have_count(0)
    expect(page.locator("#check .draft .tag.current")).to_have_count(1)


def test_what_is_new_is_shown_when_checked_again(visit: Open, server: Server, lock: str) -> None:
    page = visit("/check")
    check(page, f"{NOWHERE} {TRUE}")
    (job,) = server.add(circus=f"# Zirkus\n\n{NOWHERE}\n")
    page.get_by_role("button", name="Check again", exact=True).click()
    expect(page.locator("#check .since")).to_contain_text("1 place has another verdict than before")
    server.call("DELETE", f"/api/documents/{job['document_id']}")
    page.locator("#check .filters").get_by_role("button", name="New").click()
    expect(page.locator("#check .found li:visible .before")).to_have_text("Before: Nothing found")
    page.get_by_role("button", name="Edit and check again").click()
    expect(page.locator("#draft-text")).to_have_value(f"{NOWHERE} {TRUE}")
    check(page, f"{TRUE} {FALSE}")
    expect(page.locator("#check .found li .before", has_text="New in the draft")).to_have_count(1)
    expect(page.locator("#check .earlier li")).to_have_count(2)
    # It is asked once more, for a few seconds: the second click comes with the first.
    page.get_by_role("button", name=re.compile("Delete the check")).last.dblclick()
    expect(page.locator("#check .earlier li")).to_have_count(1)
    page.get_by_role("button", name="Check another draft").click()
    expect(page.locator("#check .result")).to_be_hidden()
    expect(page.locator("#draft-text")).to_have_value("")


def test_a_word_file_is_dropped_and_comes_back_with_comments(visit: Open, lock: str, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(f"{TRUE} {FALSE}")
    page = visit("/check", accept_downloads=True)
    page.locator("#draft-file").set_input_files(
        {"name": "Leitartikel.docx", "mimeType": "application/octet-stream", "buffer": saved(document)}
    )
    page.locator("#check button.start").click()
    expect(page.get_by_role("heading", name="Leitartikel.docx")).to_be_visible()
    expect(page.locator("#check .result.kept")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Word with comments").click()
    download.value.save_as(tmp_path / "out.docx")
    found = covered((tmp_path / "out.docx").read_bytes())
    assert FALSE in {words for said, words in found.items() if said.startswith("Differs from the source")}
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    download.value.save_as(tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["name"] == "Leitartikel.docx"


def test_what_fails_and_what_is_cancelled_keeps_the_text(visit: Open, lock: str) -> None:
    page = visit("/check", locale="de-DE")
    page.locator("#check button.start").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Fügen Sie zuerst einen Text ein, oder wählen Sie eine Datei."
    )
    page.locator("#draft-text").fill(
        " ".join(f"Das Dorf {n} hat {n * 7} Einwohner und eine Mühle." for n in range(400))
    )
    page.locator("#check button.start").click()
    expect(page.locator("#check .progress .said")).to_have_text(re.compile(r"^\d+ von \d+ Stellen geprüft$"))
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.get_by_role("alert")).to_contain_text("Angehalten: ")
    expect(page.locator("#draft-text")).to_have_value(re.compile("^Das Dorf 0"))
    assert page.locator("#check .found li").count() > 0
    page.reload()
    expect(page.locator("#draft-text")).to_have_value(re.compile("^Das Dorf 0"))


def test_reading_a_file_is_cancelled(visit: Open, server: Server) -> None:
    page, own = visit("/check"), readers(server.process.pid)
    page.locator("#draft-file").set_input_files(
        {"name": "endless.md", "mimeType": "text/markdown", "buffer": ENDLESS}
    )
    page.locator("#check button.start").click()
    expect(page.locator("#check .progress .said")).to_have_text("Reading the draft…")
    wait_until(lambda: readers(server.process.pid) - own)
    page.locator("#check .progress .cancel").click()
    expect(page.get_by_role("alert")).to_have_text("Stopped before anything was checked. The draft stays.")
    expect(page.locator("#check button.start")).to_be_enabled()
    wait_until(lambda: readers(server.process.pid) <= own, 20)


def test_a_file_that_cannot_be_read_is_named_in_the_readers_language(visit: Open) -> None:
    page = visit("/check", locale="de-DE")
    page.locator("#draft-file").set_input_files(
        {"name": "a.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    )
    page.locator("#check button.start").click()
    expect(page.get_by_role("alert")).to_contain_text("a.exe: Dateien mit der Endung .exe")


@pytest.mark.parametrize(
    ("width", "theme"), [(320, "dark"), (390, "light"), (390, "dark"), (1000, "light"), (1600, "dark")]
)
def test_nothing_is_cut_off_at_any_width(visit: Open, lock: str, width: int, theme: str) -> None:
    page = visit("/check", locale="de-DE", viewport={"width": width, "height": 800}, color_scheme=theme)
    check(page, DRAFT)
    page.locator("#check .found .head:visible").nth(1).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('#head button, #head a, #check *')].map((one) => one.getBoundingClientRect().right))"
    )
    assert right <= width + 1
    assert grave(page) == []


def test_hostile_text_stays_text(visit: Open, lock: str) -> None:
    page = visit("/check")
    hostile = [one for one in STRINGS if len(one) < 300 and "\r" not in one][::9]
    check(page, "\n\n".join([f"{TRUE} {HACK}", *hostile]))
    assert page.evaluate(PROBE) == []
    assert HACK in page.locator("#check .draft .text").inner_text()
    for head in page.locator("#check .found .head:visible").all()[:10]:
        head.click()
    assert page.evaluate(PROBE) == []
    page.reload()
    expect(page.locator("#check .result.kept")).to_be_visible()
    assert page.evaluate(PROBE) == []
