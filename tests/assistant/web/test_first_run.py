"""A server that was killed with files in its queue, and one that holds nothing yet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ingest.settings import ENGLISH_MODEL
from tests.support.accessibility import grave
from tests.support.server import Server, environment, started

pytestmark = pytest.mark.browser

TEXTS = {f"wasser {number}.txt": f"Das Wasser des Flusses {number} ist klar." for number in range(4)}


def serve(folder: Path) -> Server:
    """A server process over that data folder, as soon as it answers, with a model that reads English only."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", "0"],
        cwd=folder,
        env=environment(ASSISTANT_DATA_DIR=str(folder / "data"), ASSISTANT_EMBEDDING_MODEL=ENGLISH_MODEL),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
    return Server(url, folder / "data", process)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[str]]]:
    """A server whose predecessor was killed while it still loaded its model, and the ids of that one's jobs."""
    folder = tmp_path_factory.mktemp("killed")
    first = serve(folder)
    files = [("files", (name, text.encode())) for name, text in TEXTS.items()]
    jobs = first.call("POST", "/api/documents", files=files).json()["jobs"]
    assert first.call("DELETE", f"/api/jobs/{jobs[-1]['id']}").json()["state"] == "cancelled"
    first.process.kill()
    first.process.wait()
    assert first.process.stdout
    first.process.stdout.close()
    with (
        (folder / "errors.txt").open("w") as errors,
        started(folder, errors, ASSISTANT_EMBEDDING_MODEL=ENGLISH_MODEL) as second,
    ):
        yield second, [job["id"] for job in jobs[:-1]]


def test_what_waited_when_the_server_was_killed_is_there(again: tuple[Server, list[str]]) -> None:
    server, jobs = again
    assert [server.finished(job)["state"] for job in jobs] == ["done"] * 3
    found = server.call("GET", "/api/documents").json()["documents"]
    texts = {
        one["source"]: server.call("GET", f"/api/documents/{one['id']}/text").json()["text"] for one in found
    }
    assert texts == dict(list(TEXTS.items())[:-1])
    assert list(server.data.glob("uploads/*")) == []
    assert (
        server.call("GET", "/api/status").json()["hint"].startswith("Most documents are in a language (de)")
    )


def test_an_empty_index_says_what_to_do_and_samples_come_and_go(
    again: tuple[Server, list[str]], browser: Browser
) -> None:
    server, _ = again
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{server.url}/documents")
    expect(page.locator("#advice")).to_contain_text("Most documents are in German", timeout=30_000)
    page.get_by_role("checkbox", name="Select all").check()
    expect(page.locator("#delete")).to_be_enabled()
    page.locator("#delete").click()
    expect(page.locator("#table .lead")).to_have_text("There are no documents yet")
    for path in ("/", "/documents"):
        page.goto(server.url + path)
        expect(page.locator(".welcome").first).to_be_visible(timeout=30_000)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
            assert grave(page) == []
    page.get_by_role("button", name="Add the sample articles").click()
    expect(page.locator("tbody tr")).to_have_count(6, timeout=60_000)
    expect(page.locator(".glance svg")).to_be_visible()
    page.get_by_role("button", name="Remove the sample articles").click()
    expect(page.locator("#table .lead")).to_have_text("There are no documents yet")
    page.locator("#undo button").first.click()
    expect(page.locator("tbody tr")).to_have_count(6)
    page.context.close()
