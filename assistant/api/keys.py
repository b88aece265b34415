"""API keys over HTTP, for admins: what `assistant keys` does where nobody can type commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant.access import accounts, administration
from assistant.access.callers import Role
from assistant.access.store import Store
from assistant.api.schemas.requests import RequestSchema
from assistant.errors import BadAccess, NotFound
from assistant.http.dependencies import CallerDependency

_KEY: dict[str, Any] = {
    "id": "9f86d081884c",
    "name": "crm",
    "role": "reader",
    "created": "2026-01-31T12:00:00Z",
    "expires": "2026-05-01T12:00:00Z",
    "state": "active",
}
_ASKED: dict[str, Any] = {"name": "crm", "role": "reader", "days": 90}


class KeyRequest(RequestSchema):
    """``days`` is how long the key is good; null: until it is revoked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ASKED]})
    name: str = Field(pattern=r"^[A-Za-z0-9_.@+-]{1,64}$")
    role: Role = "reader"
    days: int | None = Field(None, ge=1, le=3_650)


class KeySchema(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})
    id: str
    name: str
    role: Role
    created: datetime | None
    expires: datetime | None
    state: Literal["active", "expired", "revoked"]

    @classmethod
    def of(cls, key: accounts.ApiKey, /, **more: str) -> Self:
        """``more`` are members of a subclass."""
        return cls.model_validate({**key.record(), "state": key.state(accounts.now()), **more})


class CreatedKeySchema(KeySchema):
    """``key`` is the secret, which is shown here and never again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_KEY, "key": "aak_kZ0uO1vX8yN3bQ7r…"}]})
    key: str


class KeysSchema(BaseModel):
    keys: list[KeySchema]


def router(store: Store) -> APIRouter:
    """/api/keys."""
    routes = APIRouter(prefix="/keys", tags=["access"])

    @routes.get("")
    def listed() -> KeysSchema:
        """Every key there has been in the store, the oldest first, without its secret."""
        return KeysSchema(keys=[KeySchema.of(key) for key in administration.keys(store)])

    @routes.post("", status_code=201)
    def create(asked: KeyRequest, caller: CallerDependency) -> CreatedKeySchema:
        """A new key. The first one of a server is made by `assistant keys create` or the settings."""
        if caller.via == "open":
            raise BadAccess(
                "This server asks nobody who they are, and a key would end that: `assistant keys create` makes it."
            )
        expires = accounts.now() + timedelta(days=asked.days) if asked.days else None
        try:
            key, secret = administration.create_key(store, asked.name, asked.role, expires)
        except BadAccess as error:
            raise HTTPException(409, str(error)) from error
        return CreatedKeySchema.of(key, key=secret)

    @routes.delete("/{key_id}")
    def revoke(key_id: str) -> KeySchema:
        """Revoke a key, by its id or name."""
        try:
            return KeySchema.of(administration.revoke_key(store, key_id))
        except BadAccess as error:
            raise NotFound(str(error)) from error

    return routes
