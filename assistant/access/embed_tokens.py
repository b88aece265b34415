"""Embed tokens: credentials for a page of another site, signed by this server and valid for minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "embed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedToken:
    """``key`` is the SHA-256 of the API key that requested it: revoking the key revokes the token.

    ``expires`` is in seconds since 1970; ``documents`` are the only ones that it opens (none: all).
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
    """The token; None for a text that this secret has not signed. The token may have expired."""
    try:
        key, origin, expires, documents = URLSafeSerializer(secret, salt=_SALT).loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return EmbedToken(key=key, origin=origin, expires=expires, documents=tuple(documents))


def expired(token: EmbedToken) -> bool:
    return token.expires <= time.time()
