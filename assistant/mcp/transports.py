"""The Model Context Protocol over HTTP, and over standard input and output."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import cast

import anyio
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from assistant.access.callers import caller_of
from assistant.client.interface import AssistantClient
from assistant.client.local import LocalClient
from assistant.errors import NotSignedIn
from assistant.http.authentication import place_name
from assistant.http.urls import address_of
from assistant.mcp.tools import ToolContext, server
from assistant.service.service import Service


class McpHandler:
    """An ASGI application, once `run` has been entered."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._manager = StreamableHTTPSessionManager(server(self._client), json_response=True, stateless=True)

    def run(self) -> AbstractAsyncContextManager[None]:
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)

    def _client(self, context: ToolContext) -> tuple[AssistantClient, bool]:
        request = cast("Request", context.request)
        caller = caller_of(request)
        if caller is None:  # no rule has let the request in
            raise NotSignedIn("Sign in, or send an API key.")
        service, url = self._service, address_of(request.scope)
        asked_by = place_name(caller, request.scope)
        return LocalClient(service.settings, service, caller, url, asked_by), caller.may("editor")


def serve(client: AssistantClient, *, may_add: bool) -> None:
    """Serve until standard input ends."""
    anyio.run(_serve, client, may_add)


async def _serve(client: AssistantClient, may_add: bool) -> None:
    protocol = server(lambda context: (client, may_add))
    async with stdio_server() as (incoming, outgoing):
        await protocol.run(incoming, outgoing, protocol.create_initialization_options())
