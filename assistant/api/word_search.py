"""Words and phrases found word for word in the texts of all documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from assistant.access.callers import Caller
from assistant.api.documents import DocumentFilter
from assistant.api.schemas.requests import WordSearchRequest
from assistant.api.schemas.words import WordHitsSchema
from assistant.http.dependencies import CallerDependency, ServiceDependency, narrowed
from assistant.http.urls import root_of
from assistant.retrieval.word_search import WordHits, find_words
from ingest.store.index import Index

router = APIRouter(tags=["asking"])


@router.get("/search")
def search_words(
    asked: Annotated[WordSearchRequest, Query()],
    request: Request,
    service: ServiceDependency,
    caller: CallerDependency,
) -> WordHitsSchema:
    """Where words stand, word for word: `dredging`, or a phrase in quotation marks, `"eighty metres"`.

    Case, accents and punctuation do not count; a document must have all words and phrases. To search by meaning, use POST.
    """
    return WordHitsSchema.of(words_for(service.assistant.index, caller, asked), root_of(request.scope))


def words_for(index: Index, caller: Caller, asked: WordSearchRequest) -> WordHits:
    """The hits in what the caller may see. Raises `BadQuestion`, or `HTTPException` for documents that they may not."""
    named = DocumentFilter(query=asked.source, language=asked.language)
    return find_words(
        index,
        asked.query,
        narrowed(caller, asked.filters()),
        named.matches,
        limit=asked.limit,
        offset=asked.offset,
    )
