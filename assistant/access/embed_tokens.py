"""Embed tokens: what a page of another site shows, signed here, good for minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "embed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedToken:
    """``key`` is the SHA-256 of the API key that asked for it: where that is revoked, so is the token.

    ``expires`` is in seconds since 1970; ``documents`` are the only ones it opens (none: all).
    """

    key: str
    origin: str
    expires: float
    documents: tuple[str, ...] = ()


def signed(token: EmbedToken, secret: str) -> str:
    """The token as text for a URL."""
    data = [token.key, token.origin, round(token.expires), list(token.documents)]
    return URLSafeSerializer(secret, salt=_SALT).dumps(data)


def read(text: str, secret: str) -> EmbedToken | None:
    """The token; None where it was signed by someone else or is no token. It may have expired."""
    try:
        key, origin, expires, documents = URLSafeSerializer(secret, salt=_SALT).loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return EmbedToken(key=key, origin=origin, expires=expires, documents=tuple(documents))


def expired(token: EmbedToken) -> bool:
    return token.expires <= time.time()
