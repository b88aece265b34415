"""ASGI middleware that adds elements to the head of Gradio's pages before they are sent.

Gradio adds its own ``head`` option only once its scripts run: language, theme and styles would visibly change then.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Only Gradio's pages contain this.
_GRADIO = b"window.gradio_config"


class HeadMiddleware:
    """Inserts ``head`` at the start of the head of every Gradio page."""

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        self._app = app
        self._head = b"<head>" + head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        starts: list[Message] = []

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                starts.append(message)
                return
            if starts:
                message = self._completed(starts[0], message)
                await send(starts.pop())
            await send(message)

        await self._app(scope, receive, send_completed)

    def _completed(self, start: Message, first: Message) -> Message:
        """The first body message with the head inserted; ``start`` gets the new content length."""
        body: bytes = first.get("body", b"")
        if _GRADIO not in body:
            return first
        completed = body.replace(b"<head>", self._head, 1)
        headers = MutableHeaders(scope=start)
        if "content-length" in headers:
            headers["content-length"] = str(int(headers["content-length"]) + len(completed) - len(body))
        return {**first, "body": completed}


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
