"""What would make the assistant better, told where its state is: one setting and one command away."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.embedding.types import traits_of

MULTILINGUAL = "intfloat/multilingual-e5-small"


def unread_language(languages: Mapping[str, int], embedding_model: str) -> str:
    """The language of most documents where the embedding model was not made for it, else empty.

    ``languages`` counts documents by ISO 639-1 code, with an empty code for those whose language is not known.
    """
    known = {code: count for code, count in languages.items() if code}
    if not known:
        return ""
    main = max(known, key=lambda code: known[code])
    return "" if traits_of(embedding_model).reads(main) else main


def hint(languages: Mapping[str, int], embedding_model: str) -> str:
    """What to do for better answers, in English; empty where nothing is to be done."""
    language = unread_language(languages, embedding_model)
    if not language:
        return ""
    return (
        f"Most documents are in a language ({language}) that the embedding model {embedding_model} was not made for. "
        f"A multilingual one finds more in them: set ASSISTANT_EMBEDDING_MODEL={MULTILINGUAL} and run `assistant reindex`."
    )
