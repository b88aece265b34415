"""Every page can be used by everyone: axe finds nothing serious, in both themes; the keyboard reaches everything."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import grave
from tests.support.browser import Open
from tests.support.files import pdf
from tests.support.server import Server

pytestmark = pytest.mark.browser

REPORT = [
    ["# Report on bridges", "The bridge of Meissen was closed in May."],
    ["It was opened again in June."],
]
WIDE = {"width": 1300, "height": 900}
# What Gradio shows where its server has gone.
TOAST = """() => document.body.insertAdjacentHTML('beforeend',
  '<div class="toast-wrap"><div class="toast-title">Connection Lost</div></div>')"""


@pytest.fixture(scope="module")
def report(server: Server) -> str:
    """The id of a PDF of two pages."""
    files = [("files", ("report on bridges.pdf", pdf(REPORT)))]
    (job,) = server.call("POST", "/api/documents", files=files).json()["jobs"]
    done = server.finished(job["id"], 300)
    assert done["state"] == "done", done
    return str(done["document_id"])


def test_axe_finds_nothing_serious_in_either_theme(
    visit: Open, server: Server, bridge: str, report: str
) -> None:
    """On those pages and in those states that `test_flows` does not come to."""
    text = server.call("GET", f"/api/documents/{bridge}/text").json()["text"]
    spans = [(text.index(said), text.index(said) + len(said)) for said in ("325 metres", "August 1918")]
    cites = "&".join(f"cite={start}-{end}" for start, end in spans)
    viewer = f"/documents/{bridge}?start={spans[0][0]}&end={spans[0][1]}&{cites}"
    pages = {"/": ".welcome", viewer: "#cited", f"/documents/{report}": "article", "/docs": "h2"}
    for path, there in pages.items():
        page = visit(path)
        expect(page.locator(there).first).to_be_visible(timeout=30_000)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
            assert grave(page) == []


def test_the_viewer_switches_theme_and_language_and_remembers(visit: Open, bridge: str) -> None:
    page = visit(f"/documents/{bridge}", color_scheme="light")
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("nav")).to_contain_text("Dokumente")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert "__theme" not in page.url


def test_gradios_own_parts_have_names_states_and_a_visible_focus(visit: Open) -> None:
    page = visit("/", locale="de-DE")
    expect(page.locator(".bubble-wrap")).to_have_attribute("aria-label", "Gespräch")
    page.locator("#question textarea").focus()
    assert ring(page)
    page.evaluate(TOAST)
    expect(page.locator(".toast-title")).to_have_text("Verbindung verloren")
    fold = page.get_by_role("button", name="Eingrenzen")
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    page.locator("#chosen input").click()
    expect(page.get_by_role("listbox", name="Nur diese Dokumente")).to_be_visible()
    assert grave(page) == []


def test_nothing_is_pushed_off_a_telephone(visit: Open) -> None:
    page = visit("/", viewport={"width": 390, "height": 844})
    for name in ("Restrict", "Add documents"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-expanded", "true")
    for part in ("#restrict", "#add", "#question", "#send", "#days", "#chosen"):
        box = page.locator(part).bounding_box()
        assert box is not None, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= 390, part


def test_the_documents_are_sorted_selected_and_opened_by_keyboard(visit: Open, bridge: str) -> None:
    page = visit("/documents")
    page.locator("#search input, #search textarea").fill("remagen")
    expect(page.locator("tbody tr")).to_have_count(1, timeout=30_000)
    page.locator("th.date button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th.date")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("th.date button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("th.date")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("checkbox", name="Select The bridge").focus()
    assert ring(page)
    page.keyboard.press("Space")
    expect(page.locator("#ask-about")).to_be_enabled()
    page.locator("tbody a").focus()
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    expect(popup.value.locator("h1")).to_have_text("The bridge of Remagen")


def ring(page: Page) -> bool:
    """Whether what has the focus shows it."""
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    return str(style) not in ("none", "")


def test_the_viewer_finds_and_goes_from_citation_to_citation(
    visit: Open, server: Server, bridge: str
) -> None:
    text = server.call("GET", f"/api/documents/{bridge}/text").json()["text"]
    spans = [
        (text.index(words), text.index(words) + len(words)) for words in ("August 1918", "Clara Vossberg")
    ]
    cites = "&".join(f"cite={start}-{end}" for start, end in spans)
    page = visit(f"/documents/{bridge}?start={spans[0][0]}&end={spans[0][1]}&{cites}#cited")
    expect(page.locator("#cited")).to_have_text("August 1918")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#cited")).to_have_text("Clara Vossberg")
    expect(page.locator("#citation")).to_have_text("Citation 2 of 2")
    page.get_by_role("searchbox").fill("the ")
    found = text.lower().count("the")
    expect(page.locator("#found")).to_contain_text(f"of {found}")
    assert page.evaluate("CSS.highlights.get('found').size") == found
    page.keyboard.press("Shift+Enter")
    page.get_by_role("searchbox").fill("nowhere to be found")
    expect(page.locator("#found")).to_have_text("Not found")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_have_text("")


def test_a_pdf_opens_with_its_own_page_beside_it(visit: Open, server: Server, report: str) -> None:
    text = server.call("GET", f"/api/documents/{report}/text").json()["text"]
    start = text.index("opened again")
    page = visit(f"/documents/{report}?start={start}&end={start + 12}#cited")
    image = page.locator(".original img")
    expect(image).to_have_attribute("alt", "Page 2 of the original")
    expect(page.locator(".original summary")).to_have_text("Original, page 2 of 2")
    expect(image).to_have_js_property("naturalWidth", 1_100, timeout=30_000)
    page.get_by_role("button", name="Previous page").click()
    expect(image).to_have_attribute("src", re.compile("/pages/1.png$"))
    expect(image).to_have_js_property("naturalWidth", 1_100)
    for number, status in ((1, 200), (3, 404), (0, 404)):
        assert server.call("GET", f"/documents/{report}/pages/{number}.png").status_code == status
    assert server.call("GET", f"/documents/{report}/pages/{quote('../1')}.png").status_code >= 400


def test_quoted_and_found_words_are_marked_on_the_picture_of_their_page(
    visit: Open, server: Server, report: str
) -> None:
    said = server.call("GET", f"/api/documents/{report}/text").json()
    start = said["text"].index("opened again")
    page = visit(f"/documents/{report}?start={start}&end={start + 12}#cited", viewport=WIDE)
    expect(page.locator(".original img")).to_have_js_property("naturalWidth", 1_100)
    expect(page.locator(".marks .cited")).to_have_count(1)
    assert 20 < width_of(page, ".cited") < 120
    page.get_by_role("searchbox").fill("closed in May")
    expect(page.locator(".original img")).to_have_attribute("src", re.compile("/pages/1.png$"))
    expect(page.locator(".marks .found")).to_have_count(1)
    expect(page.locator(".marks .cited")).to_have_count(0)
    assert grave(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".marks .found")).to_have_count(0)
    places = f"/documents/{report}/pages/2/places?start={start}&end={start + 12}"
    assert server.call("GET", f"{places}&version={said['version']}").json()["whole"]
    assert server.call("GET", f"{places}&version=another").json() == {"boxes": [], "whole": False}
    elsewhere = f"/documents/{report}/pages/1/places?start={start}&end={start + 12}"
    assert server.call("GET", elsewhere).json()["boxes"] == []


def width_of(page: Page, mark: str) -> float:
    box = page.locator(f".marks {mark}").bounding_box()
    return box["width"] if box else 0
