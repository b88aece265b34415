"""What answers a standing question in a new document, and was not there before.

The question is asked of all documents, as in the chat, and of the new one alone. What the answer quotes of the new document counts,
and of the document alone what answers by itself: where many documents answer already, the best of them leave no room for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.answering.copies import bears_out
from assistant.core import Assistant
from assistant.standing.types import StandingQuestion
from assistant.types import Citation
from ingest.store.index import Index
from ingest.text.folding import tokens, words
from ingest.text.sentences import trimmed_sentences
from ingest.text.shared_wording import grams_of, likeness
from ingest.types import Record

# How alike two sentences are that say the same, as `answering.copies` has it.
SAME = 0.5


def answering(assistant: Assistant, question: StandingQuestion, record: Record) -> list[Citation]:
    """The quotes from a document that answer a question; ``assistant`` must be one that quotes, without a language model."""
    filters = question.filters
    if (filters.documents and record.id not in filters.documents) or not filters.allows(record.published):
        return []
    answer = assistant.ask(question.question, filters=filters)
    quoted = [one for one in answer.citations if one.document.id == record.id and not answer.refused]
    alone = replace(filters, documents=(record.id,))
    found = [*quoted, *assistant.answering_sentences(question.question, alone)]
    return [
        one for number, one in enumerate(found) if not any(_overlap(one, other) for other in found[:number])
    ]


def _overlap(one: Citation, other: Citation) -> bool:
    return one.document.id == other.document.id and one.start < other.end and other.start < one.end


def is_new(citation: Citation, before: Iterable[Sequence[str]]) -> bool:
    """Whether a quote says anything that none of the texts ``before``, each cut into sentences, says."""
    own = [
        citation.quote[span.start : span.end] for span in trimmed_sentences(citation.quote, citation.language)
    ]
    return not any(all(_is_said(text, said, citation.language) for text in own) for said in before)


def _is_said(text: str, said: Sequence[str], language: str) -> bool:
    """Whether one of the sentences says what ``text`` does, with the same figures and names."""
    own = grams_of(tokens(text))
    alike = likeness(own, [grams_of(tokens(one)) for one in said])
    plain = told_as(text)
    return any(
        told_as(one) == plain or (share >= SAME and bears_out(text, one, language))
        for share, one in zip(alike, said, strict=True)
    )


def said_before(index: Index, record: Record, copies: Sequence[Record]) -> Iterator[list[str]]:
    """The sentences of the texts that a document had before, and of the other ``copies`` of its story."""
    for version in index.history.earlier(record.id):
        yield sentences(index.history.text(version), record.language)
    for copy in copies:
        yield sentences(index.texts.of(copy), copy.language)


def sentences(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in trimmed_sentences(text, language)]


def told_as(quote: str) -> str:
    """The words of a quote, by which it is known to have been told: without signs, capitals and white space."""
    return " ".join(words(quote)).casefold() or quote.strip()
