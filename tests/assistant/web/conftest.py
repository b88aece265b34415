"""A real browser for every test, and what goes wrong in it without anybody looking."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.server import Server

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)

# Milliseconds to wait for what is expected: on a slow machine five seconds, the default, decide by the clock.
expect.set_options(timeout=30_000)

# What Gradio says of its own connections whenever a page is reloaded or left.
LEAVING = ("AbortError: signal is aborted", "Unexpected error Connection errored out")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "Chromium is missing: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Open]:
    """Opens a page of the server in a browser of its own, and at the end says what went wrong in any of them."""
    wrong: list[str] = []
    contexts = []

    def visit(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(**({"locale": "en-GB"} | options))
        contexts.append(context)
        context.on("console", lambda message: wrong.extend(_complaint(message)))
        context.on("request", lambda request: wrong.extend(_leaving(request)))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))
        page = context.new_page()
        page.goto(server.url + path)
        return page

    yield visit
    hacked = [
        page.url for context in contexts for page in context.pages if page.evaluate("'hacked' in window")
    ]
    for context in contexts:
        context.close()
    assert not wrong
    assert not hacked


def _complaint(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" and not message.text.startswith(LEAVING) else []


def _leaving(request: Request) -> list[str]:
    address = urlsplit(request.url)
    stays = address.scheme in ("data", "blob") or address.hostname == "127.0.0.1"
    return [] if stays else [f"request to {request.url}"]
