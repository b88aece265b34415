"""Where a request goes, and from which site's page it comes."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def root_of(scope: Scope) -> str:
    """The path under which a proxy offers this server; empty where it is the site's root."""
    return str(scope.get("root_path", "")).rstrip("/")


def address_of(scope: Scope) -> str:
    """This server's address as the browser knows it, without a slash at the end; `Doorkeeper` has found the host out."""
    return f"{scope['scheme']}://{scope['state']['host']}{root_of(scope)}"


def route_path(scope: Scope) -> str:
    """The path as the routes are written: without the one under which a proxy offers this server."""
    path, root = str(scope["path"]), root_of(scope)
    below = root and (path == root or path.startswith(f"{root}/"))
    return path[len(root) :] or "/" if below else path


def foreign_origin(scope: Scope, headers: Headers) -> str:
    """The origin of the page that sent the request where that is of another site; empty otherwise."""
    origin = headers.get("origin")
    if origin is None:
        return ""
    hosts = [headers.get("host", ""), *headers.getlist("x-forwarded-host")]
    return "" if any(_same(origin, one) for one in hosts) else origin


def _same(origin: str, host: str) -> bool:
    """Whether an ``Origin`` header names the site that a ``Host`` header does, the port included."""
    try:
        ours, theirs = urlsplit(f"//{host}"), urlsplit(origin)
        default = _PORTS.get(theirs.scheme)
        return bool(theirs.hostname) and (theirs.hostname, theirs.port or default) == (
            ours.hostname,
            ours.port or default,
        )
    except ValueError:
        return False
