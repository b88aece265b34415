"""The page of statements, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.accessibility import grave
from tests.support.browser import Open, ask, becoming
from tests.support.server import Server

pytestmark = pytest.mark.browser

HACK = "<img src=x onerror=window.hacked=1>"
MILL = """---
title: 'The mill <img src=x onerror=window.hacked=1>'
date: {day}
---

{many}

Henrik Oldenbrook, the miller, said that the wheel is broken. "We will mend it {HACK} in autumn," Oldenbrook said.

"Henrik Oldenbrook forgets everything," said Wilma Tangermann, who bakes bread. A visitor said that she heard nothing.
"""
TALKS = [
    f"Wilma Tangermann, the baker, said that oven {number} is cold on this day of the year."
    for number in range(21)
]


@pytest.fixture(scope="module")
def mill(server: Server) -> Iterator[dict[str, str]]:
    texts = {
        "mill": MILL.format(day="2024-05-01", many="", HACK=HACK),
        "ovens": "---\ntitle: Ovens\ndate: 2025-01-01\n---\n\n" + "\n\n".join(TALKS) + "\n",
    }
    jobs = server.add(**texts)
    yield dict(zip(texts, (job["document_id"] for job in jobs), strict=True))
    for job in jobs:
        server.call("DELETE", f"/api/documents/{job['document_id']}")


def statements(page: Page) -> list[str]:
    return page.locator("#statements ol.statements blockquote").all_inner_texts()


@pytest.mark.usefixtures("mill")
def test_a_speaker_is_chosen_and_the_address_keeps_the_choice(visit: Open) -> None:
    page = visit("/")
    page.get_by_role("link", name="Statements").click()
    expect(page.locator("#statements .count")).to_contain_text("statements")
    page.get_by_label("Who speaks", exact=True).fill("oldenbrook")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Henrik Oldenbrook")).to_be_visible()
    expect(page.locator("#statements .count")).to_have_text("2 statements")
    assert statements(page) == [
        "that the wheel is broken",
        f'"We will mend it {HACK} in autumn,"',
    ]
    expect(page.locator(".spoken-of summary")).to_have_text("Others speak of Henrik Oldenbrook in 1 document")
    page.locator(".spoken-of summary").click()
    expect(page.locator(".spoken-of")).to_contain_text("Wilma Tangermann: ")
    expect(page).to_have_url(re.compile("speaker=oldenbrook"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
        assert grave(page) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="that the wheel is broken").click()
    expect(opened.value.locator("mark.current")).to_have_text("that the wheel is broken")
    opened.value.close()
    page.get_by_role("link", name="Henrik Oldenbrook").first.click()
    expect(page).to_have_url(re.compile(r"speaker=Henrik\+Oldenbrook"))
    page.go_back()
    expect(page.get_by_label("Who speaks", exact=True)).to_have_value("oldenbrook")
    page.reload()
    expect(page.locator("#statements .count")).to_have_text("2 statements")


@pytest.mark.usefixtures("mill")
def test_topic_kind_and_days_restrict_and_nobody_is_named(visit: Open) -> None:
    page = visit("/statements?speaker=Wilma+Tangermann&kind=direct", locale="de-DE")
    expect(page.locator("#statements .count")).to_have_text("1 Aussage")
    assert statements(page) == ['"Henrik Oldenbrook forgets everything,"']
    expect(page.locator("#statements form details")).to_have_attribute("open", "")
    page.locator("select[name=kind]").select_option("")
    expect(page.locator("#statements .count")).to_have_text("22 Aussagen")
    page.get_by_label("bis", exact=True).fill("2024-12-31")
    expect(page.locator("#statements .count")).to_have_text("1 Aussage")
    page.get_by_label("Wer spricht", exact=True).fill("")
    page.keyboard.press("Enter")
    expect(page.locator("#statements .who.nobody", has_text="A visitor")).to_have_text(
        "nicht genannt (A visitor)"
    )
    page.goto(page.url.split("?")[0] + f"?speaker={HACK}")
    expect(page.locator("#statements .count")).to_have_text(
        f"Niemand mit dem Namen „{HACK}“ spricht in den Dokumenten."
    )


@pytest.mark.usefixtures("mill")
def test_more_are_shown_and_the_chosen_are_copied_and_exported(visit: Open, tmp_path: Path) -> None:
    page = visit("/statements?speaker=Wilma+Tangermann&order=newest")
    expect(page.locator("#statements .count")).to_have_text("22 statements")
    expect(page.locator("ol.statements > li")).to_have_count(20)
    page.get_by_role("button", name="Show more").press("Enter")
    expect(page.locator("ol.statements > li")).to_have_count(22)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    expect(page.locator("ol.statements > li").nth(20).locator("blockquote a")).to_be_focused()
    assert len({*statements(page)}) == 22
    menu = page.locator("#statements .tools details.export")
    menu.locator("summary").click()
    save = menu.get_by_role("button", name="Markdown")
    expect(save).to_be_disabled()
    page.get_by_role("checkbox", name="Choose statement 2, Wilma Tangermann").check()
    page.get_by_role("checkbox", name="Choose statement 22, Wilma Tangermann").check()
    menu.locator("summary").click()
    with page.expect_download() as download:
        save.click()
    download.value.save_as(tmp_path / "one.md")
    assert download.value.suggested_filename == "Quotes.md"
    _, first, second, *notes = (tmp_path / "one.md").read_text("utf-8").strip().split("\n\n")
    assert re.fullmatch(r"> that oven \d+ is cold on this day of the year\[\^1\]", first)
    assert "Henrik Oldenbrook forgets everything" in second
    assert all("speech: Wilma Tangermann" in note and "SHA-256" in note for note in notes)
    menu.locator("summary").click()
    with page.expect_download() as download:
        menu.get_by_role("button", name="HTML").click()
    download.value.save_as(tmp_path / "one.html")
    html = (tmp_path / "one.html").read_text("utf-8")
    assert html.count("<blockquote") == 2
    assert "<img" not in html
    page.get_by_label("All shown").check()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy", exact=True)
    with becoming(copy, "Copied"):
        copy.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.count("said by Wilma Tangermann") == 22


@pytest.mark.parametrize("width", [320, 390, 700, 1600])
def test_nothing_is_cut_off_at_any_width(visit: Open, mill: dict[str, str], width: int) -> None:
    page = visit("/statements?speaker=Oldenbrook", locale="de-DE", viewport={"width": width, "height": 800})
    expect(page.locator("#statements .count")).to_have_text("2 Aussagen")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('#head button, #head a, #said *')].map((one) => one.getBoundingClientRect().right))"
    )
    assert right <= width + 1
    assert grave(page) == []


@pytest.mark.usefixtures("mill")
def test_what_is_sent_before_the_script_has_come_waits_for_it(visit: Open, server: Server) -> None:
    page = visit("/api/health")
    held: list[Route] = []
    page.route("**/web/statements.js", lambda route: held.append(route))
    page.goto(f"{server.url}/statements")
    page.get_by_label("Who speaks", exact=True).fill("oldenbrook")
    page.keyboard.press("Enter")
    (script,) = held
    script.continue_()
    expect(page.locator("#statements .count")).to_have_text("2 statements")
    expect(page).to_have_url(re.compile("speaker=oldenbrook"))


def test_names_are_offered_while_one_types(visit: Open, mill: dict[str, str]) -> None:
    page = visit("/statements")
    expect(page.locator("#statements .count")).to_contain_text("statements")  # the page listens
    page.get_by_label("Who speaks", exact=True).press_sequentially("wil tan")
    expect(page.locator("#speaker-names option")).to_have_count(1)
    expect(page.locator("#speaker-names option")).to_have_attribute("value", "Wilma Tangermann")


def test_a_citation_of_somebodys_words_leads_to_more_of_theirs(visit: Open, mill: dict[str, str]) -> None:
    page = visit("/")
    ask(page, "What did Oldenbrook say about the wheel?")
    link = page.locator("#sources .card.current, #sources .group.active .card").first.get_by_role(
        "link", name="More by Henrik Oldenbrook"
    )
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", name="Henrik Oldenbrook")).to_be_visible()
