"""Correcting what is known of a document on its page: by keyboard, with errors beside the fields, undone, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import grave
from tests.support.browser import Open
from tests.support.server import Server

pytestmark = pytest.mark.browser

TEXT = "# Wehr\n\nStand: 14. März 2026\n\nDas Wehr von Adlerbach ist gesperrt, sagte der Wehrwart Milan Kestrel.\n"


def opened(page: Page, server: Server) -> str:
    """Tick the document and open the dialogue by its button; returns the document's id."""
    (job,) = server.add(wehr=TEXT)
    page.locator("#search input, #search textarea").fill("wehr")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#correct")).to_be_disabled()
    page.locator("tbody input").check()
    expect(page.locator("#correct")).to_be_enabled()
    page.locator("#correct").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    return str(job["document_id"])


def test_what_is_wrong_is_said_beside_its_field_and_what_is_right_is_shown_and_undone(
    visit: Open, server: Server
) -> None:
    page = visit("/documents", locale="de-DE")
    expect(page.locator("#table table")).to_be_visible()
    key = opened(page, server)
    dialog = page.get_by_role("dialog")
    expect(page.locator("td.date")).to_contain_text("14. März 2026")
    expect(page.locator("td.date .origin")).to_have_text("im Text")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    title, day = dialog.get_by_label("Titel"), dialog.get_by_label("Erschienen am")
    expect(title).to_be_focused()
    expect(day).to_have_value("2026-03-14")
    title.fill(" ")
    day.fill("2999-01-01")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Bitte ausfüllen.")).to_be_visible()
    expect(dialog.get_by_text("Dieser Tag liegt in der Zukunft.")).to_be_visible()
    expect(title).to_be_focused()
    expect(day).to_have_value("2999-01-01")
    title.fill("Wehrbericht <b>Februar</b>")
    day.fill("2026-02-28")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("tbody td.title")).to_have_text("Wehrbericht <b>Februar</b>")
    expect(page.locator("td.date .origin")).to_have_text("korrigiert")
    known = server.call("GET", f"/api/documents/{key}").json()
    assert (known["published"], known["title"]) == ("2026-02-28", "Wehrbericht <b>Februar</b>")
    page.locator("#undo .removed", has_text="wurde korrigiert").get_by_role("button").click()
    expect(page.locator("td.date .origin")).to_have_text("im Text")
    assert server.call("GET", f"/api/documents/{key}").json()["corrections"] == []


def test_a_correction_is_withdrawn_and_escape_changes_nothing(visit: Open, server: Server) -> None:
    page = visit("/documents")
    expect(page.locator("#table table")).to_be_visible()
    key = opened(page, server)
    page.get_by_role("dialog").get_by_label("Title").fill("Never stored")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#correct")).to_be_focused()
    server.call("PATCH", f"/api/documents/{key}", json={"published": None, "language": "en"})
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Title")).to_have_value("Wehr")
    expect(dialog.get_by_label("Published on")).to_have_value("")
    dialog.get_by_label("Back to what the file says: 14 Mar 2026").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("td.date .origin")).to_have_text("in the text")
    known = server.call("GET", f"/api/documents/{key}").json()
    assert (known["published_from"], known["language"]) == ("text", "en")
