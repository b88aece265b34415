"""API keys over HTTP, for admins: what `assistant keys` does where nobody can type commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant.access import administration, records
from assistant.access.callers import Role
from assistant.access.store import Store
from assistant.errors import BadAccess, NotFound
from assistant.server.holding import Asker

_KEY: dict[str, Any] = {
    "id": "9f86d081884c",
    "name": "crm",
    "role": "reader",
    "created": "2026-01-31T12:00:00Z",
    "expires": "2026-05-01T12:00:00Z",
    "state": "active",
}
_ASKED: dict[str, Any] = {"name": "crm", "role": "reader", "days": 90}


class KeyRequest(BaseModel):
    """``days`` is how long the key is good; null: until it is revoked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ASKED]})
    name: str = Field(pattern=r"^[A-Za-z0-9_.@+-]{1,64}$")
    role: Role = "reader"
    days: int | None = Field(None, ge=1, le=3_650)


class Key(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})
    id: str
    name: str
    role: Role
    created: datetime | None
    expires: datetime | None
    state: Literal["active", "expired", "revoked"]

    @classmethod
    def of(cls, key: records.Key, /, **more: str) -> Self:
        """``more`` are members of a subclass."""
        return cls.model_validate({**key.record(), "state": key.state(records.now()), **more})


class CreatedKey(Key):
    """``key`` is the secret, which is shown here and never again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_KEY, "key": "aak_kZ0uO1vX8yN3bQ7r…"}]})
    key: str


class Keys(BaseModel):
    keys: list[Key]


def router(store: Store) -> APIRouter:
    """/api/keys."""
    routes = APIRouter(prefix="/keys", tags=["access"])

    @routes.get("")
    def listed() -> Keys:
        """Every key there has been in the store, the oldest first, without its secret."""
        return Keys(keys=[Key.of(key) for key in administration.keys(store)])

    @routes.post("", status_code=201)
    def create(wanted: KeyRequest, caller: Asker) -> CreatedKey:
        """A new key. The first one of a server is made by `assistant keys create` or the settings."""
        if caller.via == "open":
            raise BadAccess(
                "This server asks nobody who they are, and a key would end that: `assistant keys create` makes it."
            )
        expires = records.now() + timedelta(days=wanted.days) if wanted.days else None
        try:
            key, secret = administration.create_key(store, wanted.name, wanted.role, expires)
        except BadAccess as error:
            raise HTTPException(409, str(error)) from error
        return CreatedKey.of(key, key=secret)

    @routes.delete("/{key_id}")
    def revoke(key_id: str) -> Key:
        """Revoke a key, by its id or name."""
        try:
            return Key.of(administration.revoke_key(store, key_id))
        except BadAccess as error:
            raise NotFound(str(error)) from error

    return routes
