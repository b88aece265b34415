"""Users and keys as they are stored: JSON objects, checked when written and when read."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from assistant.access.callers import ROLES, Role
from assistant.errors import BadAccess

_NAME = re.compile(r"[\w.@+-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """``password`` is a hash; in the settings it may also be the password itself."""

    name: str
    role: Role
    password: str

    def record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(name=str(data["name"]), role=checked_role(data["role"]), password=str(data["password"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key without its secret; ``id`` is the beginning of the secret's SHA-256.

    Times are in UTC; a key without ``expires`` lasts until it is revoked.
    """

    id: str
    name: str
    role: Role
    created: datetime | None = None
    expires: datetime | None = None
    revoked: datetime | None = None

    def state(self, now: datetime) -> str:
        """ "active", "expired" or "revoked"."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires and self.expires <= now else "active"

    def record(self) -> dict[str, Any]:
        times = {
            name: moment.isoformat() if moment else None
            for name, moment in (
                ("created", self.created),
                ("expires", self.expires),
                ("revoked", self.revoked),
            )
        }
        return {"id": self.id, "name": self.name, "role": self.role, **times}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(
            id=str(data["id"]),
            name=str(data["name"]),
            role=checked_role(data["role"]),
            created=_moment(data.get("created")),
            expires=_moment(data.get("expires")),
            revoked=_moment(data.get("revoked")),
        )


def checked_role(value: object) -> Role:
    """The value as a role. Raises `BadAccess` for any other value."""
    for role in ROLES:
        if value == role:
            return role
    raise BadAccess(f"{value!r} is no role. There are: {', '.join(ROLES)}.")


def checked_name(value: str) -> str:
    """The value as the name of a user or key. Raises `BadAccess` for one that cannot be."""
    if not _NAME.fullmatch(value):
        raise BadAccess(f"{value!r} is no name. Use up to 64 letters, digits and any of . _ @ + -")
    return value


def now() -> datetime:
    return datetime.now(UTC)


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
