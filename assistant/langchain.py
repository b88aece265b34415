"""The index as a LangChain retriever."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.core import Assistant
from assistant.types import Filters, Hit


class AssistantRetriever(BaseRetriever):
    """Retrieves the ``limit`` best passages; what a passage needs to be cited is in its metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    limit: int = 8
    filters: Filters | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [_document(hit) for hit in self.assistant.search(query, self.limit, self.filters)]


def _document(hit: Hit) -> LangChainDocument:
    metadata: dict[str, Any] = {
        "document_id": hit.document.id,
        "title": hit.document.title,
        "source": hit.document.source,
        "published": hit.document.published.isoformat() if hit.document.published else None,
        "language": hit.language,
        "page": hit.passage.page,
        "time": hit.document.time_at(hit.passage.start),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "version": hit.document.text_version,
        "score": hit.score,
    }
    return LangChainDocument(id=hit.passage.id, page_content=hit.passage.text, metadata=metadata)
