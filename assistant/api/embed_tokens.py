"""Embed tokens: the back end of a site that shows this chat asks for one, and gives it to its visitor's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.access.identification import Authenticator
from assistant.api.schemas.requests import RequestSchema
from assistant.errors import BadAccess
from assistant.http.dependencies import CallerDependency, ServiceDependency

_EXAMPLE: dict[str, Any] = {
    "origin": "https://intranet.example.org",
    "documents": ["9f86d081884c7d65"],
    "minutes": 15,
}
_ANSWER: dict[str, Any] = {
    "token": "WyI5Zjg2ZDA4M…",
    "expires": "2026-01-31T12:15:00Z",
    "origin": "https://intranet.example.org",
    "documents": ["9f86d081884c7d65"],
}


class EmbedTokenRequest(RequestSchema):
    """``origin`` is the site whose pages show the chat; ``documents`` are the only ones it uses (none: all)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})
    origin: str = Field(max_length=300)
    documents: list[str] = Field([], max_length=100)
    minutes: int = Field(15, ge=1, le=720)


class EmbedTokenResponse(BaseModel):
    """Send ``token`` as ``Authorization: Bearer …``, or give it to the chat in a frame: see docs/embedding.md."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})
    token: str
    expires: datetime
    origin: str
    documents: list[str]


def router(access: Authenticator) -> APIRouter:
    """POST /api/embed-tokens."""
    routes = APIRouter(tags=["access"])

    @routes.post("/embed-tokens", status_code=201)
    def create(
        asked: EmbedTokenRequest, caller: CallerDependency, service: ServiceDependency
    ) -> EmbedTokenResponse:
        """A short-lived token with which a page of another site asks as a reader. Needs an API key."""
        if asked.origin not in service.settings.embed_origins:
            raise BadAccess(f"ASSISTANT_EMBED_ORIGINS does not list {asked.origin}.")
        token, expires = access.embed_token(caller, asked.origin, tuple(asked.documents), asked.minutes * 60)
        return EmbedTokenResponse(
            token=token, expires=expires, origin=asked.origin, documents=asked.documents
        )

    return routes
