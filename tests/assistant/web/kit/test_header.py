"""The header of the pages: one line at any width, with a menu where there is no room for all links."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import AT_REST, grave
from tests.support.browser import Open

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 520, 600, 768, 900, 999, 1000, 1100, 1280, 1440, 1520, 1600)
# Whether the page has heard how much is new, and put that beside its links.
COUNTED = "performance.getEntriesByType('resource').some(({ name }) => name.includes('/api/questions?'))"
# What of the header is seen, from left to right.
SEEN = """() => [...document.querySelectorAll('#head :is(h1, #tagline, a, button)')]
  .filter((one) => one.checkVisibility() && getComputedStyle(one.closest('#product') ?? one).position !== 'absolute')
  .map((one) => one.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, middle: (top + bottom) / 2 }))
  .sort((one, other) => one.left - other.left)"""


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_it_is_one_line_at_any_width_also_with_what_is_new_and_the_way_out(visit: Open, locale: str) -> None:
    page = visit("/verify", locale=locale)
    expect(page.locator("#head a.nav").first).to_be_visible()
    page.wait_for_function(COUNTED)
    page.evaluate(
        """() => {
          document.querySelector('#account').innerHTML = '<form><button class="leave" aria-label="out"></button></form>'
          for (const place of document.querySelectorAll('#head :is(#more, a[href$=questions])')) {
            place.querySelector('.badge')?.remove()
            place.insertAdjacentHTML('beforeend', '<span class="badge">99+</span>')
          }
        }"""
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 500})
        page.evaluate(AT_REST)  # Gradio's buttons take their time to become narrower
        seen = page.evaluate(SEEN)
        assert seen[0]["left"] >= 0, (width, seen)
        assert seen[-1]["right"] <= width, (width, seen)
        assert all(one["right"] <= other["left"] + 0.5 for one, other in pairwise(seen)), (width, seen)
        assert max(one["middle"] for one in seen) - min(one["middle"] for one in seen) < 4, (width, seen)


def test_the_menu_is_used_by_keyboard_and_closed_by_escape_and_elsewhere(visit: Open) -> None:
    page = visit("/verify", viewport={"width": 390, "height": 700})
    more, menu = page.locator("#more"), page.locator("#rarer")
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_hidden()
    more.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(menu.locator("a")).to_have_text(["Statements", "Check", "Quotes", "Questions"])
    assert not grave(page)
    page.keyboard.press("Tab")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    page.locator("#verify").click(position={"x": 5, "y": 400})
    expect(menu).to_be_hidden()
    more.click()
    menu.get_by_text("Statements").click()
    expect(page).to_have_url(re.compile(r"/statements\b"))
