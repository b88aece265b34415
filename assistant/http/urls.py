"""The addresses in a request: this server's own, the path under which a proxy offers it, the origin of the page that sent it."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def root_of(scope: Scope) -> str:
    """The path under which a proxy offers this server; empty where it is the site's root."""
    return str(scope.get("root_path", "")).rstrip("/")


def address_of(scope: Scope) -> str:
    """This server's address as the browser knows it, without a slash at the end; the host is from `AuthenticationMiddleware`."""
    return f"{scope['scheme']}://{scope['state']['host']}{root_of(scope)}"


def route_path(scope: Scope) -> str:
    """The path as routes are written: without the path under which a proxy offers this server."""
    path, root = str(scope["path"]), root_of(scope)
    below = root and (path == root or path.startswith(f"{root}/"))
    return path[len(root) :] or "/" if below else path


def foreign_origin(scope: Scope, headers: Headers) -> str:
    """The origin of the page that sent the request, where the page is of another site; empty otherwise."""
    origin = headers.get("origin")
    if origin is None:
        return ""
    hosts = [headers.get("host", ""), *headers.getlist("x-forwarded-host")]
    return "" if any(_same_site(origin, host) for host in hosts) else origin


def _same_site(origin: str, host: str) -> bool:
    """Whether an ``Origin`` header names the same site as a ``Host`` header, the port included."""
    try:
        ours, theirs = urlsplit(f"//{host}"), urlsplit(origin)
        default = _PORTS.get(theirs.scheme)
        return bool(theirs.hostname) and (theirs.hostname, theirs.port or default) == (
            ours.hostname,
            ours.port or default,
        )
    except ValueError:
        return False


class RootPathMiddleware:
    """Takes requests under the path ``root``, whether or not the proxy has removed it. The outermost middleware."""

    def __init__(self, app: ASGIApp, *, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == self._root:
            # Pages have relative links: their address must end with a slash.
            await RedirectResponse(_folder(scope, self._root), 308)(scope, receive, send)
        else:
            await self._app({**scope, **self._with_root(scope), "root_path": self._root}, receive, send)

    def _with_root(self, scope: Scope) -> dict[str, str | bytes]:
        """The path as ASGI has it: with the root."""
        path = str(scope["path"])
        if path.startswith(f"{self._root}/"):
            return {}
        raw = scope.get("raw_path") or quote(path).encode()
        return {"path": self._root + path, "raw_path": self._root.encode() + raw}


def _folder(scope: Scope, root: str) -> str:
    query = bytes(scope.get("query_string", b"")).decode("latin-1")
    return f"{root}/" + (f"?{query}" if query else "")
