"""The web pages, imported in the background: that takes seconds, and until then a page that reloads itself is served."""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.http import problems
from assistant.http.urls import route_path
from assistant.service.service import Service
from assistant.settings import Settings

_STARTING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>Starting…</title><body style="font: 1.1rem system-ui; margin: 20vh auto; max-width: 30rem; text-align: center">
<p>The assistant is starting. This page opens by itself.</p></body></html>
"""
_log = logging.getLogger(__name__)


class LazyPages:
    """An ASGI application that serves the web pages once `run` has imported them."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service = service
        self._settings = settings
        self._app: ASGIApp = _starting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and route_path(scope).startswith(("/api/", "/v1/")):
            raise HTTPException(404)  # the pages answer for all other paths
        await self._app(scope, receive, send)

    @asynccontextmanager
    async def run(self, after: Callable[[], object]) -> AsyncIterator[None]:
        """Import the pages in a thread, call ``after`` in it, and serve the pages until the context ends."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._serve(after, stop))
        try:
            yield
        finally:
            stop.set()
            await task

    async def _serve(self, after: Callable[[], object], stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        built: asyncio.Future[FastAPI] = loop.create_future()

        def work() -> None:
            app = self._build()
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(built.set_result, app)
            after()

        threading.Thread(target=work, name="ui", daemon=True).start()
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((built, stopped), return_when=asyncio.FIRST_COMPLETED)
        if built.done():
            app = built.result()
            async with app.router.lifespan_context(app):  # Gradio's queue lives in it
                self._app = app
                await stop.wait()

    def _build(self) -> FastAPI:
        """The pages; an application that answers 404 where they cannot be imported."""
        app = FastAPI(openapi_url=None)
        problems.install(app)
        app.state.service = self._service
        try:
            mounting = importlib.import_module("assistant.web.mounting")
            return cast("FastAPI", mounting.mount(app, self._service, self._settings))
        except Exception:  # whatever is wrong with the pages, the API works
            _log.exception("The web pages cannot be served")
        return app


async def _starting(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        response = HTMLResponse(_STARTING, 503, {"Retry-After": "1", "Cache-Control": "no-store"})
        await response(scope, receive, send)
