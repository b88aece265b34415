"""A long text in the viewer, which loads the parts of it that are read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Open
from tests.support.server import KEYS, Server

pytestmark = pytest.mark.browser

AS_ADMIN = {"Authorization": f"Bearer {KEYS['admin']}"}
LINE = "Am {0}. Tag des Jahres fiel der Pegel, und das Amt schrieb die Zahl {0} auf."


@pytest.fixture
def server(guarded: Server) -> Server:
    """The server with the small model, which embeds so much in no time."""
    return guarded


def test_a_long_text_comes_as_it_is_read(visit: Open, server: Server) -> None:
    """What is found in its fourth part is shown without the second and the third."""
    (job,) = server.add(pegel="\n\n".join(LINE.format(n) for n in range(1_500)))
    assert job["state"] == "done", job
    document = job["document_id"]
    page = visit(f"/documents/{document}", extra_http_headers=AS_ADMIN)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "/parts/" in request.url else None)
    expect(page.locator(".part[data-part]")).not_to_have_count(0)
    page.get_by_role("searchbox").fill("zahl 1410 auf")
    expect(page.locator("#found")).to_have_text("1 of 1", timeout=30_000)
    expect(page.get_by_text("Am 1410. Tag")).to_be_in_viewport()
    expect(page.locator(".part[data-part]")).to_have_count(2)
    page.get_by_role("searchbox").fill("zahl 1400 auf")
    expect(page.get_by_text("Am 1400. Tag")).to_be_in_viewport()
    assert loaded == [f"{server.url}/documents/{document}/parts/3"]
    server.call("DELETE", f"/api/documents/{document}")
