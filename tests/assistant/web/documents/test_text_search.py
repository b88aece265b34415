"""Search in the texts on the documents page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import grave
from tests.support.browser import Open
from tests.support.server import Server

pytestmark = pytest.mark.browser

TOWER = "---\ntitle: {title}\n{day}---\n\nThe tower stands on <b>quernstone</b>. {more}\n"


@pytest.fixture(scope="module")
def towers(server: Server) -> Iterator[dict[str, str]]:
    """The ids of two documents by their names; one has 25 places of one word, the other no date."""
    many = "\n\n".join(f"In year {number} the quernstone was cleaned." for number in range(24))
    texts = {
        "tower one": TOWER.format(title="The first tower", day="date: 2024-05-01\n", more=many),
        "tower two": TOWER.format(title="The second tower", day="", more="It is eighty-two\nmetres high."),
    }
    jobs = server.add(**texts)
    yield dict(zip(texts, (job["document_id"] for job in jobs), strict=True))
    for job in jobs:
        server.call("DELETE", f"/api/documents/{job['document_id']}")


def seek(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="Find in the texts").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("towers")
def test_words_are_found_by_keyboard_and_the_address_keeps_them(visit: Open) -> None:
    page = visit("/documents")
    seek(page, '"eighty-two metres"')
    expect(page.locator("#texts .count")).to_have_text("1 place in 1 document")
    expect(page.locator("#texts mark")).to_have_text("eighty-two metres")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    seek(page, "quernstones")
    expect(page.locator("#texts .count")).to_have_text("These words stand in no text.")
    page.go_back()
    expect(page.locator("#texts mark")).to_have_text("eighty-two metres")
    expect(page.get_by_role("searchbox", name="Find in the texts")).to_have_value('"eighty-two metres"')
    page.reload()
    expect(page.locator("#texts mark")).to_have_text("eighty-two metres")
    with page.context.expect_page() as opened:
        page.locator("#texts li a").click()
    expect(opened.value.locator("mark.current")).to_have_text("eighty-two metres")
    page.get_by_role("searchbox", name="Find in the texts").press("Escape")
    expect(page.locator("#texts .count")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("find="))


@pytest.mark.usefixtures("towers")
def test_more_hits_go_on_in_their_list_and_days_restrict(visit: Open) -> None:
    page = visit("/documents?find=quernstone&source=tower")
    expect(page.locator("#texts .count")).to_have_text("26 places in 2 documents")
    expect(page.locator("#texts li")).to_have_count(20)
    expect(page.locator("#texts li").first).to_contain_text("The tower stands on")
    page.get_by_role("button", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#texts li")).to_have_count(26)
    expect(page.locator("#texts section")).to_have_count(2)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    page.get_by_label("Published from").last.fill("2024-01-01")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("#texts .count")).to_have_text("25 places in 1 document")
    page.get_by_label("these too").click()
    expect(page.locator("#texts .count")).to_have_text("26 places in 2 documents")
    expect(page).to_have_url(re.compile("undated=true"))
