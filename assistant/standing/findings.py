"""What answers a standing question in a new document, and was not there before.

The question is searched for in all documents as in the chat. Where the new document is among what is found, and may answer, it is
asked as in the chat, and what the answer quotes of the new document counts. Where so many others fit better that it is not even looked at for
an answer, nor a copy of its story, and these may answer, the question is asked of the new document alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.copies import SAME, VERBATIM, bears_out
from assistant.answering.extractive import MOST_LISTED
from assistant.answering.judging import FEW
from assistant.core import Assistant
from assistant.standing.types import StandingQuestion
from assistant.types import Citation
from ingest.store.index import Index
from ingest.text.folding import tokens, words
from ingest.text.sentences import trimmed_sentences
from ingest.text.shared_wording import grams_of, likeness
from ingest.text.wording import Phrase, words_in
from ingest.types import Record


def answering(assistant: Assistant, question: StandingQuestion, record: Record) -> list[Citation]:
    """The quotes from a document that answer a question; ``assistant`` must be one that quotes, without a language model."""
    filters = question.filters
    if (filters.documents and record.id not in filters.documents) or not filters.allows(record.published):
        return []
    found = assistant.retrieve(question.question, filters=filters)
    own = tuple(hit for hit in found.hits if hit.document.id == record.id)
    story = {one.id for one in assistant.index.stories.of(record.id)}
    if not own and any(hit.document.id in story for hit in found.hits):
        return []  # an answer has what its copy says
    # Where what fits better does not answer, the document is not read either. Mostly the first passage tells.
    first = own or found.hits
    if not any(assistant.may_answer(replace(found, hits=first[:most])) for most in range(1, FEW + 1)):
        return []
    quoted: list[Citation] = []
    if own:
        answer = assistant.ask(question.question, filters=filters)
        quoted = [one for one in answer.citations if one.document.id == record.id and not answer.refused]
        # Without the reader an answer has few quotes.
        if len(answer.citations) < MOST_LISTED and assistant.reader is not None:
            return quoted
    filters = replace(filters, documents=(record.id,))
    alone = assistant.answering_sentences(assistant.retrieve(question.question, filters=filters, limit=FEW))
    return [*quoted, *(one for one in alone if not any(_overlap(one, other) for other in quoted))]


def _overlap(one: Citation, other: Citation) -> bool:
    return one.document.id == other.document.id and one.start < other.end and other.start < one.end


def new_stretches(citation: Citation, is_old: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where a quote says what is new: runs of its sentences that are not old, as offsets into the document's text."""
    spans = trimmed_sentences(citation.quote, citation.language)
    runs: list[tuple[int, int]] = []
    goes_on = False
    for span in spans:
        fresh = not is_old(citation.quote[span.start : span.end])
        if fresh and goes_on:
            runs[-1] = (runs[-1][0], citation.start + span.end)
        elif fresh:
            runs.append((citation.start + span.start, citation.start + span.end))
        goes_on = fresh
    return runs


def holding(index: Index, sentence: str, document_id: str) -> list[Record]:
    """The other documents that may have the words of a sentence, newest first."""
    found = [word.text for word in words_in(sentence)]
    others = index.search.holding([Phrase(tuple(found))]) if found else []
    return [record for record in others if record.id != document_id]


def stands_in(sentence: str, text: str) -> bool:
    """Whether a text has the words of a sentence in sequence."""
    return f" {told_as(sentence)} " in f" {told_as(text)} "


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierText:
    """The sentences of a text that was there before, and how alike one of them must be to say the same."""

    sentences: Sequence[str]
    least: float


def is_said(text: str, before: EarlierText, language: str) -> bool:
    """Whether one of the sentences says what ``text`` does, with the same figures and names."""
    said = before.sentences
    own = grams_of(tokens(text))
    alike = likeness(own, [grams_of(tokens(one)) for one in said])
    plain = told_as(text)
    return any(
        told_as(one) == plain or (share >= before.least and bears_out(text, one, language))
        for share, one in zip(alike, said, strict=True)
    )


def said_before(index: Index, record: Record, copies: Sequence[Record]) -> Iterator[EarlierText]:
    """The texts that a document had before, and those of the other ``copies`` of its story, which are worded anew."""
    for version in index.history.earlier(record.id):
        yield EarlierText(sentences=sentences(index.history.text(version), record.language), least=VERBATIM)
    for copy in copies:
        yield EarlierText(sentences=sentences(index.texts.of(copy), copy.language), least=SAME)


def sentences(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in trimmed_sentences(text, language)]


def told_as(quote: str) -> str:
    """The words of a quote, by which it is known to have been told: without signs, capitals and white space."""
    return " ".join(words(quote)).casefold() or quote.strip()


def digest(sentence: str) -> str:
    """What a sentence that has been told is known by, without its words."""
    return hashlib.sha256(told_as(sentence).encode("utf-8", "replace")).hexdigest()[:32]
