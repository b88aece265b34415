"""Questions worth asking, made from what the documents say, and offered only where they have an answer.

No language model is needed: names that a text introduces ("Osama Rabie, the chairman") or quotes
("said Rabie") make questions, and a title makes one where there are no names. Whether a question is
answered is found out by retrieval and refusal, as for any other, unless the text says beside the name who that is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.answering.evidence import sentences_of
from assistant.answering.introductions import asked_person, introduces
from assistant.answering.judging import FEW, judge
from assistant.core import Assistant
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import HITS
from assistant.retrieval.search import allowed_documents, selected_documents
from assistant.types import Filters, Hit
from ingest.store.index import Index
from ingest.types import Passage, Record

# How many candidates are tried at most for each question wanted: every try is a search.
TRIES = 3
LOOKED_AT = 12
LONGEST_TITLE = 90

Answers = Callable[[str], bool]  # whether the documents answer a question

_NAME = r"[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_FULL = rf"(?P<name>{_NAME}(?: {_NAME}){{1,2}})"
_INTRODUCED = {
    "de": re.compile(rf"(?<=[a-zß,] ){_FULL}, (?:der|die|ein|eine) [\wäöüß]+"),
    "en": re.compile(rf"(?<=[a-z,] ){_FULL}, (?:the|its|their|who) \w+"),
}
_QUOTED = {
    "de": re.compile(
        rf"[“«»‘] ?,? (?:sagte|erklärte|betonte|antwortete|verkündete) (?P<name>{_NAME}(?: {_NAME})?)\b"
    ),
    "en": re.compile(
        rf"”,? (?:said|added|announced|warned|explained) (?P<name>{_NAME}(?: {_NAME})?)\b|”,? (?P<other>{_NAME}(?: {_NAME})?) (?:said|told|added|warned|announced|explained)\b"
    ),
}
_ASKING = {
    "de": {"who": "Wer ist {name}?", "said": "Was sagte {name}?", "about": "Worum geht es in „{name}“?"},
    "en": {"who": "Who is {name}?", "said": "What did {name} say?", "about": "What is “{name}” about?"},
}
_FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question that a document may answer: of a kind, about a name."""

    kind: str
    name: str

    def worded(self, language: str) -> str:
        return _ASKING.get(language, _ASKING[_FALLBACK])[self.kind].format(name=self.name)


def first_questions(
    assistant: Assistant, wanted: int, filters: Filters | None = None, language: str = ""
) -> tuple[str, ...]:
    """Questions to begin with, each in its document's language, taken from the newest documents in turn.

    Documents in ``language`` come first.
    """
    index = assistant.index
    newest = _newest(index, filters or Filters(), language)
    per_document = [
        [
            candidate.worded(record.language)
            for candidate in candidates(record, index.texts.passages_of(record.id))
        ]
        for record in newest
    ]
    in_turn = [candidate for candidate in chain.from_iterable(zip_longest(*per_document)) if candidate]
    return tuple(islice(_answered(assistant, in_turn[: wanted * TRIES], filters), wanted))


def _newest(index: Index, filters: Filters, language: str) -> list[Record]:
    """The newest documents that the filters let through, those in a language first."""
    if allowed_documents(index, filters) is None:
        first = index.present.newest_in(language, LOOKED_AT)
        newest = [*first, *index.present.newest_first[: 2 * LOOKED_AT]]
        return list({record.id: record for record in newest}.values())[:LOOKED_AT]
    added = sorted(selected_documents(index, filters), key=lambda record: record.added, reverse=True)
    return sorted(added, key=lambda record: record.language != language)[:LOOKED_AT]


def follow_ups(
    assistant: Assistant,
    documents: Sequence[str],
    asked: Sequence[str],
    language: str,
    wanted: int,
    answers: Answers,
    filters: Filters | None = None,
) -> tuple[str, ...]:
    """Questions that ``documents``, those an answer has cited, answer too; what was ``asked`` is not offered again.

    Whom one of them introduces it can tell of: that needs no search. A few others are offered if the documents have ``answers``.
    Nothing is taken from documents that the ``filters`` leave out by now.
    """
    chosen = filters or Filters()
    cited = [one for one in dict.fromkeys(documents) if not chosen.documents or one in chosen.documents]
    records = (record for one in cited if (record := assistant.index.record(one)))
    named = (
        (candidate, record, passages)
        for record in records
        if chosen.allows(record.published)
        for passages in [assistant.index.texts.passages_of(record.id)]
        for candidate in candidates(record, passages)
        if candidate.kind != "about" and not _mentioned(candidate.name, asked)
    )
    sure: dict[str, None] = {}
    others: dict[str, None] = {}
    for candidate, record, passages in islice(named, wanted * TRIES):
        question = candidate.worded(language)
        introduced = candidate.kind == "who" and _introduces(
            record, passages, candidate.name, assistant.understand(question)
        )
        (sure if introduced else others)[question] = None
        if len(sure) == wanted:
            return tuple(sure)
    found = (question for question in islice(others, wanted) if question not in sure and answers(question))
    return (*sure, *islice(found, wanted - len(sure)))


def _introduces(record: Record, passages: Sequence[Passage], name: str, query: Query) -> bool:
    """Whether a document says beside a name who that is, so that it answers a question who that is."""
    words = asked_person(query)
    surname = name.split()[-1]
    hits = [
        Hit(passage=passage, document=record, score=0.0, dense_rank=None, lexical_rank=None)
        for passage in passages
        if words and surname in passage.text
    ]
    return any(introduces(one, words) for one in sentences_of(hits) if surname in one.text)


def candidates(record: Record, passages: Sequence[Passage]) -> list[Candidate]:
    """The questions that a document may answer, one for each name; its title where it names nobody."""
    texts = {
        language: " ".join(
            "".join(passage.text for passage in passages if passage.language == language).split()
        )
        for language in dict.fromkeys(passage.language for passage in passages)
    }
    by_surname: dict[str, Candidate] = {}
    for kind, patterns in (("who", _INTRODUCED), ("said", _QUOTED)):
        for language, text in texts.items():
            for written in _names(text, patterns.get(language or record.language)):
                name = _speaker(written, passages) if kind == "said" else written
                by_surname.setdefault(name.split()[-1], Candidate(kind=kind, name=name))
    if by_surname or not 0 < len(record.title) <= LONGEST_TITLE:
        return list(by_surname.values())
    return [Candidate(kind="about", name=record.title)]


def can_answer(assistant: Assistant, question: str, filters: Filters | None = None) -> bool:
    """Whether the documents answer ``question``; no language model is asked."""
    found = assistant.retrieve(question, filters=filters, limit=FEW if assistant.reader else HITS)
    return judge(found.query, found.probes, found.hits, found.sentence_vectors, assistant.reader).answers


def introduced(text: str, language: str) -> Iterator[str]:
    """The names of those whom a text introduces: "Osama Rabie, the chairman"."""
    return _names(text, _INTRODUCED.get(language))


def _names(text: str, pattern: re.Pattern[str] | None) -> Iterator[str]:
    for match in pattern.finditer(text) if pattern else ():
        yield next(name for name in match.groupdict().values() if name)


def _speaker(written: str, passages: Sequence[Passage]) -> str:
    """Who speaks by the fullest name that the document gives, where it is known: "Ines Kroll" for "Feuerwehrchefin Ines"."""
    speakers = (one.name for passage in passages for one in passage.quotations or ())
    return next((name for name in speakers if not set(name.split()).isdisjoint(written.split())), written)


def _mentioned(name: str, asked: Collection[str]) -> bool:
    surname = name.split()[-1].casefold()
    return any(surname in question.casefold() for question in asked)


def _answered(assistant: Assistant, questions: Sequence[str], filters: Filters | None) -> Iterator[str]:
    return (question for question in dict.fromkeys(questions) if can_answer(assistant, question, filters))
