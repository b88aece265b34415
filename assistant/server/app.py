"""The web application: the API, its description, and the pages. `run.py` serves it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.access.identification import Authenticator
from assistant.access.local import is_loopback
from assistant.access.shared_limits import CountedLimits
from assistant.access.store import CachedStore, Store, open_store
from assistant.api import embed_tokens, keys, login, openai, status
from assistant.api.docs import page
from assistant.api.schemas.status import VERSION
from assistant.http import problems
from assistant.http.authentication import AuthenticationMiddleware
from assistant.http.body_limits import BodyLimitMiddleware
from assistant.http.error_pages import ErrorPageMiddleware
from assistant.http.logs import LoggingMiddleware
from assistant.http.metrics import Metrics
from assistant.http.security import SecurityMiddleware
from assistant.http.urls import RootPathMiddleware
from assistant.mcp.endpoint import McpEndpoint
from assistant.server.lazy_pages import LazyPages
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import Answer

_DESCRIPTION = "Ask questions about your articles and get answers whose every citation can be checked."
_log = logging.getLogger(__name__)


def create_app(
    service: Service, settings: Settings, *, metrics: Metrics | None = None, pages: bool = True
) -> FastAPI:
    """The application over ``service``, which begins to load when the application starts.

    ``metrics`` counts what the service answers where the service was given `recorder` of them.

    Without ``pages`` it is the API only. The pages are imported before the model, in one thread, so that they are
    there first: two threads that import large packages at the same time slow each other down.
    """
    ui = LazyPages(service, settings)
    store = CachedStore(open_store(settings))
    access = Authenticator(settings, service.trusts, store)
    service.standing.may_ask = access.owner_exists
    limits = CountedLimits(service.database)
    mcp = McpEndpoint(service)
    metrics = metrics or Metrics()
    metrics.watch(service)

    async def started() -> AsyncIterator[None]:
        limits.start()
        try:
            async with mcp.run():
                if pages:
                    async with ui.run(after=service.start):
                        yield
                else:
                    service.start()
                    yield
        finally:
            limits.close()

    app = FastAPI(
        title="Article assistant",
        description=_DESCRIPTION,
        version=VERSION,
        docs_url=None,  # FastAPI's own page loads scripts from the Internet
        redoc_url=None,
        lifespan=asynccontextmanager(lambda _: started()),
    )
    app.state.service = service
    _add_middleware(app, settings, access, limits, metrics)
    _add_routes(app, access, store, limits, metrics)
    app.router.routes.append(Route("/mcp", mcp, methods=["GET", "POST", "DELETE"]))
    if pages:
        app.router.default = ui
    return app


def _add_middleware(
    app: FastAPI, settings: Settings, access: Authenticator, limits: CountedLimits, metrics: Metrics
) -> None:
    """Add the middleware, from the inside out: the last one added sees a request first."""
    app.add_middleware(AuthenticationMiddleware, access=access, settings=settings, limits=limits)
    app.add_middleware(BodyLimitMiddleware, max_file_bytes=settings.max_upload_mb * 1_000_000)
    app.add_middleware(
        SecurityMiddleware, loopback=is_loopback(settings.host), embed_origins=settings.embed_origins
    )
    app.add_middleware(LoggingMiddleware, metrics=metrics)
    app.add_middleware(ErrorPageMiddleware)
    if settings.root_path:
        app.add_middleware(RootPathMiddleware, root=settings.root_path)
    problems.install(app)


def _add_routes(
    app: FastAPI, access: Authenticator, store: Store, limits: CountedLimits, metrics: Metrics
) -> None:
    """The routes beside the pages and /mcp."""
    app.include_router(status.router)
    app.include_router(embed_tokens.router(access), prefix="/api", responses=problems.DESCRIBED)
    app.include_router(keys.router(store), prefix="/api", responses=problems.DESCRIBED)
    app.include_router(openai.router)
    app.include_router(login.router(access, limits))
    app.add_api_route("/docs", lambda: HTMLResponse(page(app.openapi())), include_in_schema=False)

    def measured(request: Request) -> Response:
        content, media_type = metrics.text(request.headers.get("Accept", ""))
        return Response(content, media_type=media_type, headers={"Vary": "Accept"})

    app.add_api_route("/metrics", measured, include_in_schema=False)


def recorder(metrics: Metrics, settings: Settings) -> Callable[[Answer], object]:
    """The callback that counts and logs the answers of a service."""
    return partial(_record, metrics, log_question=settings.log_questions)


def _record(metrics: Metrics, answer: Answer, *, log_question: bool) -> None:
    """Count an answer and log it, its question only where that is asked for."""
    metrics.answered(answer)
    question = {"question": answer.question} if log_question else {}
    _log.info(
        "answered",
        extra={
            "mode": answer.mode,
            "refused": answer.refused,
            "ms": answer.timings_ms.get("total"),
            **question,
        },
    )
