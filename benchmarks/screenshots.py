"""Pictures of the pages in every state, taken from a running server.

    assistant serve --port 7998 &
    python -m benchmarks.screenshots http://127.0.0.1:7998 OUT

The server should be new: the first pictures show it loading and without documents; the sample articles are added for the
others. A statement that its sources do not support comes from a second server, whose language model has been told to say one.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.support.files import pdf
from tests.support.language_model import MODEL, ScriptedModel, right
from tests.support.server import started

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
AT_REST = ".welcome, table.shelf"
QUESTION = "What did Ushakov say about territory?"
UNANSWERABLE = "Who won the 1974 football world cup?"


class Camera:
    """Takes pictures of a server's pages into a folder."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser = browser
        self._url = url
        self._folder = folder

    @contextmanager
    def page(
        self, path: str = "/", size: dict[str, int] = WIDE, at_rest: str = AT_REST, **options: str
    ) -> Iterator[Page]:
        """A page in a browser of its own, loaded and at rest."""
        settings = {"locale": "en-GB", "color_scheme": "light"} | options
        context = self._browser.new_context(viewport=size, reduced_motion="reduce", **settings)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(self._url + path)
        expect(page.locator(at_rest).first).to_be_visible(timeout=60_000)
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
        expect(page.locator("#ideas button").first).to_be_visible(timeout=60_000)
        camera.shoot(page, f"welcome{suffix}")
        ask(page, QUESTION)
        expect(page.locator("#ideas button").first).to_be_visible(timeout=60_000)
        camera.shoot(page, f"answer{suffix}")
        page.locator("a.cite").first.click()
        camera.shoot(page, f"source{suffix}")
        link = page.locator(".card.current a").first.get_attribute("href")
        ask(page, UNANSWERABLE)
        page.locator(".nearest summary").click()
        page.locator(".refused").scroll_into_view_if_needed()
        camera.shoot(page, f"refusal{suffix}")
        page.goto(f"{page.url}{link}")
        camera.shoot(page, f"viewer{suffix}")


def documents(camera: Camera, suffix: str = "", size: dict[str, int] = WIDE, **options: str) -> None:
    with camera.page("/documents", size=size, **options) as page:
        expect(page.locator("table.shelf")).to_be_visible(timeout=30_000)
        page.locator("table.shelf td input").first.check()
        camera.shoot(page, f"documents{suffix}")


def deleted(camera: Camera) -> None:
    """A document deleted, and back again."""
    with camera.page("/documents") as page:
        page.locator("table.shelf td input").first.check()
        expect(page.locator("#delete")).to_be_enabled()
        page.locator("#delete").click()
        expect(page.locator("#undo button").first).to_be_visible(timeout=30_000)
        camera.shoot(page, "deleted")
        page.locator("#undo button").first.click()
        expect(page.locator("#undo button")).to_have_count(0, timeout=30_000)


def pdf_viewer(
    camera: Camera, url: str, suffix: str = "", size: dict[str, int] = WIDE, **options: str
) -> None:
    """A PDF with two citations, its own page beside it."""
    pages = [
        [f"# Chapter {n}", *[f"Pier {i} of bridge {n} stands in the Elbe." for i in range(30)]]
        for n in (1, 2, 3)
    ]
    files = [("files", ("bridges.pdf", pdf(pages, about={"Title": "Bridges of the Elbe"})))]
    job = httpx.post(f"{url}/api/documents", files=files, timeout=60).json()["jobs"][0]["id"]
    while state(url, job) in ("queued", "running"):
        time.sleep(0.2)
    document = httpx.get(f"{url}/api/jobs/{job}", timeout=60).json()["document_id"]
    text = httpx.get(f"{url}/api/documents/{document}/text", timeout=60).json()["text"]
    spans = [
        (text.index(words), text.index(words) + len(words))
        for words in ("Pier 3 of bridge 2", "Pier 9 of bridge 3")
    ]
    cites = "".join(f"&cite={start}-{end}" for start, end in spans)
    path = f"/documents/{document}?start={spans[0][0]}&end={spans[0][1]}{cites}#cited"
    with camera.page(path, size=size, at_rest="#cited", **options) as page:
        page.wait_for_timeout(3_000)
        camera.shoot(page, f"viewer-pdf{suffix}")
        page.locator("#sought").fill("pier 2")
        expect(page.locator("#found")).to_contain_text("1", timeout=30_000)
        camera.shoot(page, f"viewer-found{suffix}")


def uploads(camera: Camera) -> None:
    with camera.page("/documents") as page:
        upload(page, ("pegel.txt", long_article()), ("broken.pdf", b"%PDF-1.7 is not one"))
        running = page.locator("#jobs .job.running", has_text="pegel")
        expect(running).to_be_visible(timeout=30_000)
        camera.shoot(page, "upload-in-progress")
        running.get_by_role("button").click()
        expect(page.locator(".job.failed")).to_be_visible(timeout=300_000)
        camera.shoot(page, "upload-failed")


def loading(url: str, camera: Camera) -> None:
    """The chat while the models load: only a server that has just been started shows it."""
    if httpx.get(f"{url}/api/status", timeout=60).json()["state"] == "loading":
        with camera.page() as page:
            camera.shoot(page, "loading")


def unsupported(browser: Browser, folder: Path) -> None:
    """An answer with a statement that its sources do not bear out, from a model that has been told to say one."""
    said = "He named territory as the hardest question {}. A compromise was found after 12 hours {}."
    with (
        tempfile.TemporaryDirectory() as data,
        tempfile.TemporaryFile("w+") as errors,
        ScriptedModel() as model,
        started(Path(data), errors, "--samples", **scripted(model)) as server,
    ):
        model.answer = right("Kompromissvariante", said)
        camera = Camera(browser, server.url, folder)
        with camera.page() as page:
            ask(page, QUESTION)
            expect(page.locator(".doubt")).to_have_count(1)
            page.locator(".doubt").hover()
            camera.shoot(page, "unsupported")


def scripted(model: ScriptedModel) -> dict[str, str]:
    """What a server needs to answer through the scripted model."""
    return {
        "ASSISTANT_LLM": f"openai:{MODEL}",
        "ASSISTANT_LLM_BASE_URL": model.url,
        "ASSISTANT_LLM_API_KEY": "a-key",
    }


def chromium(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)


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
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        camera = Camera(browser, url, options.folder)
        loading(url, camera)
        wait_until_ready(url)
        if not httpx.get(f"{url}/api/documents", timeout=60).json()["total"]:
            empty(camera)
        add_samples(url)
        chat(camera)
        unsupported(browser, options.folder)
        chat(camera, "-dark", color_scheme="dark")
        chat(camera, "-german", locale="de-DE")
        chat(camera, "-phone", PHONE)
        documents(camera)
        documents(camera, "-dark", color_scheme="dark")
        documents(camera, "-phone", PHONE)
        documents(camera, "-german", locale="de-DE")
        deleted(camera)
        pdf_viewer(camera, url)
        pdf_viewer(camera, url, "-dark", color_scheme="dark")
        pdf_viewer(camera, url, "-phone", PHONE)
        uploads(camera)


if __name__ == "__main__":
    main()
