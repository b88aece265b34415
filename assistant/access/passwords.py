"""Passwords as Argon2id hashes, and secrets long enough to need no more than SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8  # characters of a password
_HASH = "$argon2"
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """An Argon2id hash, its salt and parameters within."""
    return _hasher.hash(password)


def is_hash(text: str) -> bool:
    return text.startswith(_HASH)


def fits(password: str, stored: str) -> bool:
    """Whether a password is the one that was stored, as a hash or, out of the settings, as it is.

    Takes some 50 ms and 64 MiB where it is a hash.
    """
    if not is_hash(stored):
        return hmac.compare_digest(password.encode(), stored.encode())
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def unknown() -> str:
    """A hash that no password fits: checking one against it takes as long as for a user who exists."""
    return hashed(secrets.token_urlsafe(32))


def digest(secret: str) -> str:
    """SHA-256, hexadecimal. For random secrets only: guessing those takes for ever however fast it goes."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(prefix: str = "") -> str:
    """256 random bits as text, which a person copies once."""
    return prefix + secrets.token_urlsafe(32)
