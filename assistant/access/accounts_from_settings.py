"""Users and keys in the settings, written ``name:role:secret`` with commas between them.

A key's entry may end with ``:2026-12-31``, the last day on which the key is valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pydantic import SecretStr

from assistant.access import passwords
from assistant.access.accounts import ApiKey, User, checked_name, checked_role
from assistant.access.callers import ROLES
from assistant.errors import BadAccess
from ingest.errors import WrongSetting

SHORTEST_KEY = 20  # characters

# A comma ends an entry only where another begins: a hash has commas of its own.
_BETWEEN = re.compile(rf"[,\s]+(?=[^:,\s]+:(?:{'|'.join(ROLES)}):)")
_UNTIL = re.compile(r"(?P<secret>.*):(?P<day>\d{4}-\d\d-\d\d)")


def users(setting: SecretStr) -> dict[str, User]:
    """The users of ``ASSISTANT_USERS`` by name, their passwords as written. Raises `WrongSetting` that shows no secret."""
    users = {}
    for name, role, password in _entries("ASSISTANT_USERS", setting):
        if len(password) < passwords.SHORTEST:
            raise WrongSetting(
                f"ASSISTANT_USERS: the password of {name!r} has less than {passwords.SHORTEST} characters."
            )
        _check_hash(name, password)
        users[name] = User(name=name, role=checked_role(role), password=password)
    return users


def hashed(user: User) -> User:
    """The user with a hash for the password; this takes some 50 ms where it is not one yet."""
    if passwords.is_hash(user.password):
        return user
    return replace(user, password=passwords.hashed_setting(user.name, user.password))


def keys(setting: SecretStr) -> dict[str, ApiKey]:
    """The keys of ``ASSISTANT_API_KEYS`` by the SHA-256 of their secrets. Raises `WrongSetting` likewise."""
    keys = {}
    for name, role, rest in _entries("ASSISTANT_API_KEYS", setting):
        secret, expires = _until(name, rest)
        if len(secret) < SHORTEST_KEY:
            raise WrongSetting(
                f"ASSISTANT_API_KEYS: the key {name!r} has less than {SHORTEST_KEY} characters."
            )
        fingerprint = passwords.digest(secret)
        keys[fingerprint] = ApiKey(id=fingerprint[:12], name=name, role=checked_role(role), expires=expires)
    return keys


def _check_hash(name: str, password: str) -> None:
    try:
        passwords.is_hash(password)
    except ValueError as error:
        raise WrongSetting(
            f"ASSISTANT_USERS: the hash of {name!r} is incomplete. `assistant users add --print` writes the entry."
        ) from error


def _entries(setting: str, value: SecretStr) -> Iterator[tuple[str, str, str]]:
    for number, entry in enumerate(filter(None, _BETWEEN.split(value.get_secret_value().strip(" ,\n\t"))), 1):
        try:
            name, role, secret = entry.split(":", 2)
            checked_name(name)
            checked_role(role)
        except (ValueError, BadAccess) as error:
            raise WrongSetting(
                f"{setting}: entry {number} is not name:role:secret, where the role is one of {', '.join(ROLES)}."
            ) from error
        yield name, role, secret


def _until(name: str, rest: str) -> tuple[str, datetime | None]:
    match = _UNTIL.fullmatch(rest)
    if match is None:
        return rest, None
    try:
        return match["secret"], end_of(date.fromisoformat(match["day"]))
    except ValueError as error:
        raise WrongSetting(f"ASSISTANT_API_KEYS: the key {name!r} ends on no day of the calendar.") from error


def end_of(day: date) -> datetime:
    """The moment, in UTC, at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)
