"""Pictures of the pages in every state, taken from a running server.

    assistant serve --port 7998 &
    python benchmarks/screenshots.py http://127.0.0.1:7998 OUT

The server should be new: the first pictures show it without documents; the sample articles are added for the others.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

SAMPLES = Path(__file__).resolve().parent.parent / "assistant" / "samples"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
QUESTION = "What did Ushakov say about territory?"
UNANSWERABLE = "Who won the 1974 football world cup?"


class Camera:
    """Takes pictures of a server's pages into a folder."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser = browser
        self._url = url
        self._folder = folder

    @contextmanager
    def page(self, path: str = "/", size: dict[str, int] = WIDE, **options: str) -> Iterator[Page]:
        """A page in a browser of its own, loaded and at rest."""
        settings = {"locale": "en-GB", "color_scheme": "light"} | options
        context = self._browser.new_context(viewport=size, reduced_motion="reduce", **settings)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(self._url + path)
        expect(page.locator(".welcome, table.shelf").first).to_be_visible(timeout=60_000)
        yield page
        context.close()

    def shoot(self, page: Page, name: str) -> None:
        page.wait_for_timeout(700)
        page.screenshot(path=self._folder / f"{name}.png")
        print(self._folder / f"{name}.png")


def ask(page: Page, question: str) -> None:
    answers = page.locator(".answer .about").count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer .about")).to_have_count(answers + 1, timeout=60_000)


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("#files input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    )


def long_article() -> bytes:
    """An article that takes some seconds to read."""
    sentence = "Am {0}. Tag stieg der Pegel der Elbe auf {0} Zentimeter, meldete das Amt in Dresden."
    days = "\n\n".join(sentence.format(number) for number in range(4_000))
    return f"Stand: {time.time()}.\n\n{days}".encode()  # new each time, or there would be nothing to do


def empty(camera: Camera) -> None:
    with camera.page() as page:
        camera.shoot(page, "empty")
    with camera.page("/documents") as page:
        camera.shoot(page, "documents-empty")


def chat(camera: Camera, suffix: str = "", size: dict[str, int] = WIDE, **options: str) -> None:
    with camera.page(size=size, **options) as page:
        camera.shoot(page, f"welcome{suffix}")
        ask(page, QUESTION)
        camera.shoot(page, f"answer{suffix}")
        page.locator("a.cite").first.click()
        camera.shoot(page, f"source{suffix}")
        link = page.locator(".card.current a").first.get_attribute("href")
        ask(page, UNANSWERABLE)
        page.locator(".nearest summary").click()
        camera.shoot(page, f"refusal{suffix}")
        page.goto(f"{page.url}{link}")
        camera.shoot(page, f"viewer{suffix}")


def documents(camera: Camera, suffix: str = "", size: dict[str, int] = WIDE, **options: str) -> None:
    with camera.page("/documents", size=size, **options) as page:
        expect(page.locator("table.shelf")).to_be_visible(timeout=30_000)
        page.locator("table.shelf td input").first.check()
        camera.shoot(page, f"documents{suffix}")


def uploads(camera: Camera) -> None:
    with camera.page() as page:
        page.locator("#add button.label-wrap").click()
        upload(page, ("pegel.txt", long_article()), ("broken.pdf", b"%PDF-1.7 is not one"))
        expect(page.locator(".job.running")).to_be_visible(timeout=10_000)
        camera.shoot(page, "upload-in-progress")
        expect(page.locator(".job.failed")).to_be_visible(timeout=300_000)
        camera.shoot(page, "upload-failed")


def add_samples(url: str) -> None:
    """Add the sample articles and wait for them."""
    files = [("files", (path.name, path.read_bytes())) for path in sorted(SAMPLES.glob("*.md"))]
    jobs = httpx.post(f"{url}/api/documents", files=files, timeout=60).json()["jobs"]
    while any(state(url, job["id"]) in ("queued", "running") for job in jobs):
        time.sleep(0.2)


def wait_until_ready(url: str) -> None:
    """Until the models are loaded."""
    while httpx.get(f"{url}/api/status", timeout=60).json()["state"] == "loading":
        time.sleep(0.5)


def state(url: str, job: str) -> str:
    return str(httpx.get(f"{url}/api/jobs/{job}", timeout=60).json()["state"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Take pictures of the pages in every state.")
    parser.add_argument("url", help="where the server is")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    url = options.url.rstrip("/")
    wait_until_ready(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        camera = Camera(browser, url, options.folder)
        if not httpx.get(f"{url}/api/documents", timeout=60).json()["total"]:
            empty(camera)
        add_samples(url)
        chat(camera)
        chat(camera, "-dark", color_scheme="dark")
        chat(camera, "-german", locale="de-DE")
        chat(camera, "-phone", PHONE)
        documents(camera)
        documents(camera, "-dark", color_scheme="dark")
        documents(camera, "-phone", PHONE)
        uploads(camera)


if __name__ == "__main__":
    main()
