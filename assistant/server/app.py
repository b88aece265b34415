"""The web application: the API, its description, and the pages. `run.py` serves it."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from assistant.server import api, problems, shapes
from assistant.server.docs import page
from assistant.server.guard import Guard
from assistant.server.ui import Ui
from assistant.service import Service
from assistant.settings import Settings

_DESCRIPTION = "Ask questions about your articles and get answers whose every citation can be checked."


def create_app(service: Service, settings: Settings, *, pages: bool = True) -> FastAPI:
    """The application over ``service``, which begins to load when the application starts; without ``pages``
    it is the API only.

    The pages are imported before the model, in one thread, so that they are there first: two threads that import
    large packages at once slow each other down.
    """
    ui = Ui(service, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if pages:
            async with ui.run(after=service.start):
                yield
        else:
            service.start()
            yield

    app = FastAPI(
        title="Article assistant",
        description=_DESCRIPTION,
        version=shapes.VERSION,
        docs_url=None,  # FastAPI's own page loads scripts from the Internet
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    app.add_middleware(Guard, loopback=is_loopback(settings.host), embed_origins=settings.embed_origins)
    problems.install(app)
    app.include_router(api.router)
    app.add_api_route("/docs", lambda: HTMLResponse(page(app.openapi())), include_in_schema=False)
    if pages:
        app.router.default = ui
    return app


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what is bound to ``host``."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
