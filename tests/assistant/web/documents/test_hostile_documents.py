"""Documents whose names, titles and texts are attacks, on the documents page: all of it is text, and nothing runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from assistant.web.kit.html import showable
from tests.support.browser import Open, give, seek
from tests.support.hostile import ATTACKS, naughty, together
from tests.support.server import KEYS, Server

pytestmark = pytest.mark.browser

AS_ADMIN = {"Authorization": f"Bearer {KEYS['admin']}"}
PROBE = """() => [...document.querySelectorAll(':is(#jobs, .sending, #table, #undo, #glance, main) *:not(form[role=search])')]
  .filter((one) => /^(script|img|iframe|object|embed|style|base|form|video|audio|math)$/i.test(one.localName)
    || [...one.attributes].some(({ name }) => name.startsWith('on')))
  .map((one) => one.outerHTML)"""


@pytest.fixture
def server(guarded: Server) -> Server:
    """The pages of this module are those of the server with the small model, which embeds so much in no time."""
    return guarded


@pytest.fixture
def hostile(server: Server) -> Iterator[list[dict[str, Any]]]:
    """Documents whose file names, titles and texts are attacks; the last one holds all strings."""
    groups = [" ".join(one.split()) for one in together(map(showable, (*ATTACKS, *naughty())), 750)]
    files = [
        ("files", (f"{group[:60]} rumpel{number}.md", f"# Rumpel {group}\n\nRumpel sagte {group}".encode()))
        for number, group in enumerate(groups)
    ]
    every = "\n\n".join([*ATTACKS, *naughty()]).encode("utf-8", "replace")
    files.append(("files", ("rumpel all.txt", every)))
    jobs = server.call("POST", "/api/documents", files=files).json()["jobs"]
    done = [server.finished(job["id"], 300) for job in jobs]
    yield [job for job in done if job["state"] == "done"]
    for job in done:
        server.call("DELETE", f"/api/documents/{job['document_id']}")


def test_hostile_names_titles_texts_and_addresses_are_only_text(
    visit: Open, server: Server, hostile: list[dict[str, Any]]
) -> None:
    assert len(hostile) > 50
    page = visit("/documents", extra_http_headers=AS_ADMIN)
    seek(page, "rumpel")
    expect(page.locator(".pages")).to_contain_text(f"1–50 of {len(hostile)}", timeout=30_000)
    titles: list[str] = []
    for number in range(-(-len(hostile) // 50)):
        expect(page.locator(".pages")).to_contain_text(f"{number * 50 + 1}–")
        titles += page.locator("td.title a").all_text_contents()
        assert page.evaluate(PROBE) == []
        if page.get_by_role("button", name="Next page").is_enabled():
            page.get_by_role("button", name="Next page").click()
    assert sorted(" ".join(title.split()) for title in titles) == sorted(
        " ".join(one["title"].split()) for one in hostile
    )
    page.get_by_role("checkbox", name="Select all").check()
    page.locator("#delete").click()
    deleted = page.locator("#undo .removed", has_text="were deleted").get_by_role("button")
    expect(deleted).to_be_visible()
    assert page.evaluate(PROBE) == []
    deleted.click()
    expect(deleted).to_have_count(0)
    hostile_addresses_and_names(page)
    for one in (*hostile[::20], hostile[-1]):
        page = visit(f"/documents/{one['document_id']}", extra_http_headers=AS_ADMIN)
        expect(page.locator("article")).to_contain_text(
            "umpel" if one is not hostile[-1] else "window.hacked=1"
        )
        assert page.evaluate(PROBE) == []
    assert urlsplit(page.url).hostname == "127.0.0.1"


def hostile_addresses_and_names(page: Page) -> None:
    """Every string as a web address, and as the name of a file; none can be added, and all are shown."""
    strings = ["".join(showable(one).split()) for one in (*ATTACKS, *naughty())]
    raw = " ".join(strings[:: len(strings) // 30])
    within = " ".join(f"http://127.0.0.1:9/?{one.replace(' ', '')}" for one in together(strings, 1_500))
    page.locator("#address input, #address textarea").fill(f"{raw} {within}")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".job.failed").nth(45)).to_be_attached(timeout=60_000)
    assert page.evaluate(PROBE) == []
    page.get_by_role("button", name="Hide what is finished").click()
    expect(page.locator(".job")).to_have_count(0)
    names = [f"{one}.exe" for one in together(strings, 1_000)]
    give(page, "drop", [(name, str(number)) for number, name in enumerate(names)])
    expect(page.locator(".job.failed")).to_have_count(len(names), timeout=60_000)
    assert page.evaluate(PROBE) == []
