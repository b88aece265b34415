"""How long until a page can be used, and until a model's first word is seen, by the browser's own clock?

    python -m benchmarks.page_speed [--loads N] [--questions N]

Starts a warm server of its own on loopback, with the sample articles, and a scripted language model in this process. A page
is usable once its field can be typed into or its text is there, counted from the start of the navigation; every load is in a
browser with nothing in its cache. The model writes one word and then falls silent: what counts is the time from its
sending to the first frame in which the page shows it. Both clocks are those of this machine.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.screenshots import chromium, scripted
from tests.support.language_model import Pause, Prompt, ScriptedModel, Step
from tests.support.server import Server, started

# Marks the first frame in which the selector finds something that the reader can see and use.
MARK = """(selector) => {
  const look = () => {
    const found = document.querySelector(selector)
    if (found?.checkVisibility() && !found.disabled) performance.mark('usable')
    else requestAnimationFrame(look)
  }
  look()
}"""
FIRST = """() => {
  window.seen = 0
  const look = () => {
    if (document.querySelector('.answer.told')?.textContent.trim()) window.seen = performance.timeOrigin + performance.now()
    else requestAnimationFrame(look)
  }
  look()
}"""
QUESTION = "What did Ushakov say about territory? ({})"


def usable(browser: Browser, url: str, selector: str) -> float:
    """Milliseconds from the start of the navigation until the page can be used."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(f"({MARK})({selector!r})")
    page.goto(url)
    page.wait_for_function("performance.getEntriesByName('usable').length")
    taken = float(page.evaluate("performance.getEntriesByName('usable')[0].startTime"))
    context.close()
    return taken


class Clocked:
    """Scripts the model, and remembers when it said its first word, in milliseconds since 1970."""

    def __init__(self) -> None:
        self.said = 0.0

    def __call__(self, prompt: Prompt) -> list[Step]:
        self.said = time.time() * 1000
        return ["Ushakov", Pause(0.5), f" spoke about it [{prompt.number('Uschakow') or 1}]."]


def first_word(page: Page, clock: Clocked, number: int) -> float:
    """Milliseconds from the model's first word until it is on the page."""
    page.locator("#fresh").click()
    expect(page.locator(".asked")).to_have_count(0, timeout=30_000)
    page.locator("#question textarea").fill(QUESTION.format(number))
    page.evaluate(FIRST)
    page.keyboard.press("Enter")
    page.wait_for_function("window.seen")
    taken = float(page.evaluate("window.seen")) - clock.said
    expect(page.locator(".answer .about")).to_be_visible(timeout=60_000)
    return taken


def report(what: str, taken: Sequence[float]) -> None:
    median, p95 = np.percentile(taken, [50, 95])
    print(f"{what:28} median {median:5.0f} ms, p95 {p95:5.0f} ms, of {len(taken)}")


def measure(browser: Browser, server: Server, model: ScriptedModel, loads: int, questions: int) -> None:
    document = httpx.get(f"{server.url}/api/documents", timeout=60).json()["documents"][0]["id"]
    pages = {"/": "#question textarea", "/documents": "table.shelf", f"/documents/{document}": "article p"}
    for path, selector in pages.items():
        taken = [usable(browser, server.url + path, selector) for _ in range(loads)]
        report(f"{path[:11]} usable", taken)
    model.answer = clock = Clocked()
    page = browser.new_page()
    page.goto(server.url)
    expect(page.locator("#question textarea")).to_be_visible(timeout=30_000)
    report("first word, after the model's", [first_word(page, clock, n) for n in range(questions)])


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the pages in a browser.")
    parser.add_argument("--loads", type=int, default=10)
    parser.add_argument("--questions", type=int, default=20)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile("w+") as errors,
        ScriptedModel() as model,
        started(Path(folder), errors, "--samples", **scripted(model)) as server,
        sync_playwright() as playwright,
    ):
        browser = chromium(playwright)
        measure(browser, server, model, options.loads, options.questions)
        browser.close()


if __name__ == "__main__":
    main()
