"""Following a source on the documents page: by keyboard, with its errors in sight, in both themes and on a narrow screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import grave
from tests.support.browser import Open
from tests.support.server import Server

pytestmark = pytest.mark.browser


def test_a_source_is_followed_paused_and_given_up(visit: Open, server: Server) -> None:
    page = visit("/documents", locale="de-DE", viewport={"width": 390, "height": 844})
    section = page.get_by_role("button", name="Feed, Sitemap, Seite oder Ordner verfolgen")
    section.focus()
    page.keyboard.press("Enter")
    listed, field = page.locator("#follow-list"), page.get_by_label("Adresse eines Feeds")
    expect(listed).to_contain_text("Noch nichts.")
    field.fill("<b>nothing</b>")
    page.keyboard.press("Enter")
    expect(listed.get_by_role("alert")).to_contain_text("<b>nothing</b> ist keine Webadresse")
    expect(field).to_have_value("<b>nothing</b>")
    field.fill("http://127.0.0.1:9/feed")
    page.keyboard.press("Enter")
    expect(listed).to_contain_text("Der letzte Besuch:")
    expect(listed).to_contain_text("ASSISTANT_ALLOW_PRIVATE_URLS")
    expect(field).to_have_value("")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    listed.get_by_role("button", name="Anhalten").click()
    expect(listed).to_contain_text("Angehalten")
    (one,) = server.call("GET", "/api/followed").json()["followed"]
    assert one["paused"]
    listed.get_by_role("button", name="Nicht mehr verfolgen").click()
    expect(listed).to_contain_text("Noch nichts.")
    expect(field).to_be_focused()
