"""A file that fails in the sandbox: the page gives the reason in the reader's language, the API in English."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from assistant.web.kit.localisation import words
from ingest.errors import REASONS
from tests.support.browser import Open, upload
from tests.support.server import Server

pytestmark = pytest.mark.browser


def test_a_failed_upload_has_its_reason_on_the_page_and_in_the_api(visit: Open, server: Server) -> None:
    page = visit("/documents", locale="de-DE")
    upload(page, "kaputt.pdf", b"%PDF-1.7\nnothing of the kind")
    row = page.locator(".job.failed", has_text="kaputt.pdf")
    expect(row.locator(".reason")).to_have_text(words("de")("reason_pdf_damaged"), timeout=60_000)
    job = server.call("GET", f"/api/jobs/{row.get_attribute('data-job')}").json()
    assert (job["state"], job["error"].removeprefix("kaputt.pdf: ")) == ("failed", REASONS["pdf_damaged"])
