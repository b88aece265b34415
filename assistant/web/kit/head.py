"""What the pages' head holds from the first byte on.

Gradio adds what it is given for the head only once its scripts run: too late for the language, the theme and the
styles, which then would change under the reader's eyes.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Only Gradio's pages hold this.
_OURS = b"window.gradio_config"


class HeadMiddleware:
    """ASGI middleware that puts ``head`` first into the head of every page of Gradio's."""

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        self._app = app
        self._head = b"<head>" + head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
                return
            if held:
                message = self._completed(held[0], message)
                await send(held.pop())
            await send(message)

        await self._app(scope, receive, sent)

    def _completed(self, start: Message, first: Message) -> Message:
        """The first piece of a page's body, and the headers that fit."""
        body: bytes = first.get("body", b"")
        if _OURS not in body:
            return first
        whole = body.replace(b"<head>", self._head, 1)
        headers = MutableHeaders(scope=start)
        if "content-length" in headers:
            headers["content-length"] = str(int(headers["content-length"]) + len(whole) - len(body))
        return {**first, "body": whole}


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
