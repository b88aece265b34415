"""A real browser, shared by all tests, with a context for each; errors in any of its pages fail the test."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from ingest.embedding.models import SentenceTransformerEmbedder
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

# What a page may have stored, as Chromium's developer tools protocol calls it.
STORED = "local_storage,indexeddb,websql,cache_storage,service_workers"
# What Gradio says of its own connections whenever a page is reloaded or left.
LEAVING = (
    "AbortError: signal is aborted",
    "Unexpected error Connection errored out",
    "Unexpected error 404: Not Found",
    "Failed to load resource: net::ERR_INCOMPLETE_CHUNKED_ENCODING",
    "TypeError: network error",
)


@pytest.fixture(scope="session")
def embedder(tiny_embedder: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
    """The small model: what the pages show of an index in this process doesn't depend on the model."""
    return tiny_embedder


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


class Contexts:
    """Browser contexts by their options. A context is emptied before its next use; only its cache of scripts stays.

    A page of Gradio takes a second longer in a new context, which loads and compiles the scripts anew.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}

    def take(self, options: dict[str, Any]) -> BrowserContext:
        free = self._free.get(_key(options))
        return free.pop() if free else self._browser.new_context(**options)

    def give_back(self, context: BrowserContext, options: dict[str, Any], origins: set[str]) -> None:
        """Close the context's pages, and delete its cookies and what pages of these origins have stored."""
        for page in context.pages:
            page.close()
        page = context.new_page()
        session = context.new_cdp_session(page)
        for origin in origins:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORED})
        context.clear_cookies()
        page.close()
        self._free.setdefault(_key(options), []).append(context)


def _key(options: dict[str, Any]) -> str:
    return json.dumps(options, sort_keys=True)


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


Open = Callable[..., Page]


@pytest.fixture
def visit(contexts: Contexts, server: Server) -> Iterator[Open]:
    """Opens a page of the server in a browser context of its own, and at the end says what went wrong in any of them."""
    wrong: list[str] = []
    origins: set[str] = set()
    taken: list[tuple[BrowserContext, dict[str, Any]]] = []

    def request_sent(request: Request) -> None:
        wrong.extend(_leaving(request))
        address = urlsplit(request.url)
        origins.add(f"{address.scheme}://{address.netloc}")

    listeners: dict[Any, Callable[[Any], None]] = {
        "console": lambda message: wrong.extend(_complaint(message)),
        "request": request_sent,
        "weberror": lambda error: wrong.append(str(error.error)),
        "dialog": lambda dialog: wrong.append(f"dialog {dialog.message}"),
    }

    def visit(path: str = "/", **options: Any) -> Page:
        options = {"locale": "en-GB"} | options
        context = contexts.take(options)
        taken.append((context, options))
        for event, listener in listeners.items():
            context.on(event, listener)
        page = context.new_page()
        page.goto(server.url + path)
        return page

    yield visit
    hacked = [
        page.url for context, _ in taken for page in context.pages if page.evaluate("'hacked' in window")
    ]
    for context, options in taken:
        for event, listener in listeners.items():
            context.remove_listener(event, listener)
        contexts.give_back(context, options, {origin for origin in origins if origin.startswith("http")})
    assert not wrong
    assert not hacked


def _complaint(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" and not message.text.startswith(LEAVING) else []


def _leaving(request: Request) -> list[str]:
    address = urlsplit(request.url)
    stays = address.scheme in ("data", "blob") or address.hostname == "127.0.0.1"
    return [] if stays else [f"request to {request.url}"]
