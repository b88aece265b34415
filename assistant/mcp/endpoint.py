"""/mcp: its library takes seconds to import, which is done at the first request."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from assistant.service.service import Service

if TYPE_CHECKING:
    from assistant.mcp.transports import McpHandler


class McpEndpoint:
    """An ASGI application; `run` must be entered before it is called."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._requested: asyncio.Event
        self._handler: asyncio.Future[McpHandler]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._requested.set()
        handler = await asyncio.shield(self._handler)
        await handler(scope, receive, send)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Accept requests until the context ends."""
        self._requested = asyncio.Event()
        self._handler = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        task = asyncio.create_task(self._serve(stop))
        try:
            yield
        finally:
            stop.set()
            self._requested.set()
            await task

    async def _serve(self, stop: asyncio.Event) -> None:
        await self._requested.wait()
        if stop.is_set():
            return
        try:
            handler = await asyncio.to_thread(self._import_handler)
        except Exception as error:  # every request that waits for the handler raises it
            self._handler.set_exception(error)
            return
        async with handler.run():
            self._handler.set_result(handler)
            await stop.wait()

    def _import_handler(self) -> McpHandler:
        transports = importlib.import_module("assistant.mcp.transports")
        handler: McpHandler = transports.McpHandler(self._service)
        return handler
