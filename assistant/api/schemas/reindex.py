"""The change of the embedding model as JSON over the wire."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.service.reindexing import ReindexState, ReindexView


class ReindexSchema(BaseModel):
    """How far it has come to embed all documents with ``model``; ``embedding_model`` is the one that answers.

    ``wanted`` is the model to change to: empty where the configured one is in use. ``seconds_left`` is null while that is
    not known. ``elsewhere``: another server on the same Chroma is at it. ``error`` says why it failed.
    """

    model_config = shown(examples.REINDEX)
    state: ReindexState
    embedding_model: str
    model: str
    wanted: str
    documents: int
    of_documents: int
    seconds_left: int | None
    elsewhere: bool
    error: str

    @classmethod
    def of(cls, view: ReindexView, in_use: str) -> Self:
        return cls(
            state=view.state,
            embedding_model=in_use,
            model=view.model,
            wanted=view.wanted,
            documents=view.documents,
            of_documents=view.of_documents,
            seconds_left=view.seconds_left,
            elsewhere=view.elsewhere,
            error=view.error,
        )
