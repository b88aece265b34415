"""What a request shows of who sent it, read out of its headers, and what a trusted proxy says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.access.directory import Shown

COOKIE = "assistant_session"
EMBED_COOKIE = "assistant_embed"
_BEARER = "bearer "

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The proxies whose word counts: ``addresses`` are theirs, ``header`` names the user they have signed in."""

    def __init__(self, addresses: Sequence[str], header: str = "") -> None:
        self._networks: list[Network] = [ipaddress.ip_network(one) for one in addresses]
        self._header = header

    def trusted(self, scope: Scope) -> bool:
        """Whether the request comes from one of them."""
        return _in(self._networks, _peer(scope))

    def user(self, scope: Scope, headers: Headers) -> str:
        """Whom the proxy has signed in; empty where nobody, or where no trusted proxy says so."""
        named = headers.getlist(self._header) if self._header else []
        return named[0].strip() if len(named) == 1 and self.trusted(scope) else ""

    def scheme(self, scope: Scope, headers: Headers) -> str:
        """Whether the browser came by "http" or "https"."""
        said = headers.get("x-forwarded-proto", "").strip().lower()
        return said if said in ("http", "https") and self.trusted(scope) else str(scope["scheme"])

    def host(self, scope: Scope, headers: Headers) -> str:
        """What the browser calls this server, with the port where it is not the usual one."""
        said = headers.get("x-forwarded-host", "").partition(",")[0].strip()
        return said if said and self.trusted(scope) else headers.get("host", "")

    def client(self, scope: Scope, headers: Headers) -> str:
        """The address of whoever sent the request: the last that no trusted proxy has, for the rest can be made up."""
        peer = _peer(scope)
        if not self.trusted(scope):
            return peer
        chain = [part.strip() for part in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        return next((one for one in reversed(chain) if one and not _in(self._networks, one)), peer)


def shown(scope: Scope, headers: Headers, proxy_user: str, foreign: str) -> Shown:
    """``foreign`` is the origin of a page of another site: what browsers send of their own accord proves nothing there."""
    return Shown(
        owner=headers.get("x-owner-token", ""),
        key=key_of(headers),
        session="" if foreign else session_of(headers),
        token="" if foreign else _cookie(headers, EMBED_COOKIE),
        proxy_user="" if foreign else proxy_user,
        origin=foreign,
    )


def key_of(headers: Headers) -> str:
    """An API key or an embed token, from either header that programs send it in."""
    authorization = headers.get("authorization", "")
    if authorization.lower().startswith(_BEARER):
        return authorization[len(_BEARER) :].strip()
    return headers.get("x-api-key", "")


def session_of(headers: Headers) -> str:
    """The session that the browser's cookie names."""
    return _cookie(headers, COOKIE)


def _cookie(headers: Headers, name: str) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _peer(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _in(networks: Sequence[Network], address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)
