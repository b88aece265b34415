"""Ask, correct the file, add it again, reload, open the citation: the page says what has become of the words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import Open, ask
from tests.support.server import Server

pytestmark = pytest.mark.browser

ARTICLE = (
    "# The weir of Zackelsund\n\nThe weir of Zackelsund is 31 metres wide.\n\nIda Kranz built it in 1911.\n"
)
QUOTE = "The weir of Zackelsund is 31 metres wide."


def test_a_kept_conversation_says_that_its_document_has_changed(visit: Open, server: Server) -> None:
    server.add(weir=ARTICLE)
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "api/versions" in request.url else None)
    ask(page, "How wide is the weir of Zackelsund?")
    since = page.locator("#sources .card .since").first
    expect(page.locator("#sources .card mark").first).to_have_text(QUOTE)
    expect(since).to_be_hidden()
    assert asked == []
    server.add(weir=ARTICLE.replace("31", "34"))
    page.reload()
    expect(since).to_have_text("The document has changed since.", timeout=60_000)
    assert len(asked) == 1
    with page.expect_popup() as opening:
        page.locator("#sources .card").first.get_by_role("link", name="Open in document").click()
    viewer = opening.value
    expect(viewer.locator("aside")).to_contain_text("no longer stand in this document")
    expect(viewer.locator("mark")).to_have_count(0)
    viewer.get_by_role("link", name="Open the version that was quoted").click()
    expect(viewer.locator("#cited")).to_have_text(QUOTE)
    expect(viewer.locator("#cited")).to_be_in_viewport()
    expect(viewer.locator("aside")).to_contain_text("This is an earlier version.")
    expect(viewer.locator(".changes ins")).to_have_text(re.compile("34 metres wide"))
