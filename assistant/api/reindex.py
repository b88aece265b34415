"""Changing the embedding model: everything is embedded anew beside the index, which answers until it is switched."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.api.schemas.reindex import ReindexSchema
from assistant.http.dependencies import ServiceDependency
from assistant.service.reindexing import ReindexView
from assistant.service.service import Service

router = APIRouter(prefix="/reindex", tags=["server"])


@router.get("")
def progress(service: ServiceDependency) -> ReindexSchema:
    """How far it has come, and what came of the last one since the server was started."""
    return _schema(service.reindexing.view(), service)


@router.post("", status_code=202)
def start(service: ServiceDependency) -> ReindexSchema:
    """Embed all documents with the configured model, or go on with that; 409 where that is the one in use."""
    return _schema(service.reindexing.start(), service)


@router.delete("")
def cancel(service: ServiceDependency) -> ReindexSchema:
    """Give it up: the index stays as it was, and what is half made is deleted."""
    return _schema(service.reindexing.cancel(), service)


def _schema(view: ReindexView, service: Service) -> ReindexSchema:
    return ReindexSchema.of(view, service.assistant.index.model)
