"""Cancelling what is being added, and trying it again, on the documents page."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import expect

from tests.support.browser import Open, seek
from tests.support.server import Server
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def server(generating_server: Server) -> Server:
    """The pages of this module are those of the server that may fetch pages of the tests' own sites."""
    return generating_server


def test_what_runs_is_cancelled_and_tried_again(visit: Open, intranet: Site) -> None:
    """The job runs until the test lets the site answer."""
    answers = threading.Event()

    def winter() -> str:
        assert answers.wait(60)
        return "<p>The winter was long, and the harbour was closed for weeks.</p>"

    intranet.pages["/winter"] = winter
    address = f"{intranet.origin}/winter"
    page = visit("/documents")
    expect(page.locator("#sending")).to_be_attached(timeout=30_000)
    page.locator("#address input, #address textarea").fill(address)
    page.get_by_role("button", name="Add", exact=True).click()
    for again in (True, False):
        expect(page.locator(".job.running progress")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name=f"Cancel {address}").click()
        answers.set()
        expect(page.locator(".job.cancelled")).to_contain_text("Cancelled", timeout=60_000)
        answers.clear()
        if again:
            page.get_by_role("button", name=f"Try {address} again").click()
    seek(page, "winter")
    expect(page.get_by_text("No document matches")).to_be_visible()
