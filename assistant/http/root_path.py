"""The path under which a proxy offers this server: ``/assistant`` in https://intranet.example.org/assistant/."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class RootPathMiddleware:
    """ASGI middleware, the outermost. It does not matter whether the proxy takes the path off before it hands requests on."""

    def __init__(self, app: ASGIApp, *, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == self._root:
            # Pages link relative to where they are, which has to be a folder.
            await RedirectResponse(_folder(scope, self._root), 308)(scope, receive, send)
        else:
            await self._app({**scope, **self._under(scope), "root_path": self._root}, receive, send)

    def _under(self, scope: Scope) -> dict[str, str | bytes]:
        """The path as ASGI has it: with the root, whatever the proxy has done."""
        path = str(scope["path"])
        if path.startswith(f"{self._root}/"):
            return {}
        raw = scope.get("raw_path") or quote(path).encode()
        return {"path": self._root + path, "raw_path": self._root.encode() + raw}


def _folder(scope: Scope, root: str) -> str:
    query = bytes(scope.get("query_string", b"")).decode("latin-1")
    return f"{root}/" + (f"?{query}" if query else "")
