"""Passwords as Argon2id hashes, and secrets long enough to need no more than SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8  # characters of a password
_HASH = "$argon2"
_hasher = PasswordHasher()
_SALT_BYTES = 16


def hashed(password: str) -> str:
    """An Argon2id hash, its salt and parameters within."""
    return _hasher.hash(password)


def is_hash(text: str) -> bool:
    """Whether it is meant as an Argon2 hash. Raises `ValueError` for one that is not well formed."""
    if not text.startswith(_HASH):
        return False
    try:
        extract_parameters(text)
    except InvalidHashError as error:
        raise ValueError("not an Argon2 hash") from error
    return True


def hashed_setting(name: str, password: str) -> str:
    """The hash of a plain password out of the settings.

    Its salt comes from the user's name, so that all servers with these settings get the same hash, before and after a
    restart: a session remembers the SHA-256 of the hash that it was begun with. The hash itself is stored nowhere.
    """
    salt = hashlib.sha256(f"ASSISTANT_USERS {name}".encode()).digest()[:_SALT_BYTES]
    return _hasher.hash(password, salt=salt)


def verify(password: str, stored: str) -> bool:
    """Whether a password has this hash. Takes some 50 ms and 64 MiB."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def decoy_hash() -> str:
    """A hash that no password has: checking a password against it takes as long as for a user who exists."""
    return hashed(secrets.token_urlsafe(32))


def digest(secret: str) -> str:
    """SHA-256, hexadecimal. For random secrets only: those cannot be guessed, however fast the function is."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(prefix: str = "") -> str:
    """256 random bits as text, which a person copies once."""
    return prefix + secrets.token_urlsafe(32)
