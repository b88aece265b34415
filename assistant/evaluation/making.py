"""Questions proposed from the user's documents: drafts for people to edit.

Documents are taken in an order that chance decides, the same for the same documents. Each gives a few questions, of every
kind in turn; one in `UNANSWERED` is about what nothing tells.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Protocol

from assistant.api.schemas.documents import DocumentSchema
from assistant.api.schemas.requests import WordSearchRequest
from assistant.api.schemas.statements import SpokenStatementSchema, StatementsRequest
from assistant.api.schemas.words import WordHitsSchema
from assistant.client.interface import AssistantClient
from assistant.errors import NotFound
from assistant.evaluation import templates
from assistant.evaluation.reading import ExpectedAnswer
from assistant.evaluation.templates import Topic
from ingest.client.owners import IsCancelled, never
from ingest.text.folding import fold, words

UNANSWERED = 4
_PER_DOCUMENT = 3  # of each kind
_STATEMENTS = 100
_NAMED_IN = 20  # documents of somebody that are looked through for a topic; of more nothing is said
_STEM = 5  # letters of a word's beginning that other forms and compounds share
_TRIED = 5  # topics of a statement
_SPEAKERS = 40  # whose topics are kept to be mixed
_READ_ON = 500  # questions more, to find those who are quoted

OnMade = Callable[[ExpectedAnswer], object]


class QuestionWriter(Protocol):
    """Writes questions about a document: by a language model."""

    def write(self, document: DocumentSchema, text: str, source: str) -> list[ExpectedAnswer]:
        """``source`` names the document."""


class QuestionMaker:
    """Proposes questions, by templates or by ``writer``."""

    def __init__(
        self, client: AssistantClient, writer: QuestionWriter | None = None, cancelled: IsCancelled = never
    ) -> None:
        self._client = client
        self._writer = writer
        self._cancelled = cancelled
        self._topics: dict[
            str, tuple[str, Topic]
        ] = {}  # by speaker: the language and the topic that was asked for
        self._sources: dict[str, str] = {}  # by document id: what names it

    def make(self, wanted: int, on_made: OnMade = lambda made: None) -> list[ExpectedAnswer]:
        """At most ``wanted`` questions, no two with the same words; fewer where the documents give no more."""
        made: dict[str, ExpectedAnswer] = {}
        answered = self._answered(wanted)
        without = 0 if self._writer else wanted // UNANSWERED
        spare: list[ExpectedAnswer] = []
        for question in chain(
            islice(answered, wanted - without), self._unanswered(without, answered, spare), spare, answered
        ):
            if self._cancelled() or len(made) == wanted:
                break
            if question.id not in made:
                made[question.id] = question
                on_made(question)
        return list(made.values())

    def _answered(self, wanted: int) -> Iterator[ExpectedAnswer]:
        """Different questions from document after document, round after round; documents are read for about ``wanted``."""
        given: set[str] = set()
        under_way: list[Iterator[ExpectedAnswer]] = []
        every = list(self._client.all_documents())
        self._sources = names_of(every)
        documents = enumerate(shuffled(every))
        while True:
            # Some documents at a time: of a large collection most are never read.
            some = islice(documents, max(4, wanted // 4))
            under_way += [self._of_document(document, number) for number, document in some]
            before = len(given)
            for questions in list(under_way):
                question = next((one for one in questions if one.id not in given), None)
                if question is None:
                    under_way.remove(questions)
                else:
                    given.add(question.id)
                    yield question
            if len(given) == before and not under_way:
                return

    def _of_document(self, document: DocumentSchema, number: int) -> Iterator[ExpectedAnswer]:
        """The questions about a document, of every kind in turn; kinds and languages begin elsewhere from document to document."""
        try:
            text = self._client.text(document.id).text
        except NotFound:  # removed meanwhile
            return
        if self._writer:
            yield from self._writer.write(document, text, self._sources[document.id])
            return
        language, title = document.language, self._sources[document.id]
        sentences = templates.sentences_of(text, language)
        kinds = [
            self._said(document),
            templates.people(sentences, title, language)[:_PER_DOCUMENT],
            templates.figures(sentences, title, language)[:_PER_DOCUMENT],
            templates.days(sentences, title, language)[:_PER_DOCUMENT],
        ]
        first = number % len(kinds)
        in_turn = chain.from_iterable(zip_longest(*kinds[first:], *kinds[:first]))
        for wordings in in_turn:
            if wordings:
                yield from (wordings if number % 2 == 0 else reversed(wordings))

    def _said(self, document: DocumentSchema) -> list[list[ExpectedAnswer]]:
        """What those said whom a document quotes, one topic each; what they say of it elsewhere answers as well."""
        asked = StatementsRequest.model_validate(
            {"document": [document.id], "kind": ["direct", "indirect"], "limit": _STATEMENTS}
        )
        found: list[list[ExpectedAnswer]] = []
        speakers: set[str] = set()
        for statement in self._client.statements(asked).statements:
            if (
                not templates.is_person(statement.speaker, statement.language)
                or statement.speaker in speakers
            ):
                continue
            topic = self._rarest(templates.topics(statement.quote, statement.speaker, statement.language))
            if topic and len(found) < _PER_DOCUMENT:
                speakers.add(statement.speaker)
                every = [statement, *self._statements_on(statement, topic)]
                sources = dict.fromkeys(self._sources.get(one.document_id, one.title) for one in every)
                found.append(templates.said(every, topic, tuple(sources)))
                if len(self._topics) < _SPEAKERS:
                    self._topics.setdefault(statement.speaker, (statement.language, topic))
        return found

    def _rarest(self, topics: Sequence[Topic]) -> Topic | None:
        """The topic that fewest documents have, so that a question asks for something; of those with a word in the other language."""
        known = [one for one in topics if one.elsewhere] or topics
        tried = [(self._documents_with(one.written).documents, at) for at, one in enumerate(known[:_TRIED])]
        return known[min(tried)[1]] if tried else None

    def _documents_with(self, word: str) -> WordHitsSchema:
        asked = {"query": f'"{word}"', "limit": _STATEMENTS}
        return self._client.search_words(WordSearchRequest.model_validate(asked))

    def _statements_on(self, statement: SpokenStatementSchema, topic: Topic) -> list[SpokenStatementSchema]:
        """What else the same one says about a topic, by its words."""
        asked = StatementsRequest.model_validate({"speaker": statement.speaker, "limit": _STATEMENTS})
        stems = _stems(topic)
        return [
            one
            for one in self._client.statements(asked).statements
            if one.quote != statement.quote and _has(one.quote, stems)
        ]

    def _unanswered(
        self, wanted: int, answered: Iterator[ExpectedAnswer], spare: list[ExpectedAnswer]
    ) -> Iterator[ExpectedAnswer]:
        """Whom the documents quote, asked about what others speak of and no document has together with them.

        Where those who are known give too few, documents are read on; what is ``answered`` meanwhile goes to ``spare``.
        """
        tried: set[tuple[str, str]] = set()
        given: set[str] = set()
        while len(given) < wanted:
            for question in self._of_two(tried):
                if question.id not in given:
                    given.add(question.id)
                    yield question
                if len(given) == wanted:
                    return
            known = len(self._topics)
            while len(self._topics) == known:
                more = next(answered, None) if len(spare) < _READ_ON else None
                if more is None:
                    return
                spare.append(more)

    def _of_two(self, tried: set[tuple[str, str]]) -> Iterator[ExpectedAnswer]:
        """Each speaker, asked about the topic of each other one; of two who are ``tried`` already nothing."""
        speakers = sorted(self._topics)
        for shift in range(1, len(speakers)):
            for at, name in enumerate(speakers):
                other = speakers[(at + shift) % len(speakers)]
                (language, _), (other_language, topic) = self._topics[name], self._topics[other]
                if self._cancelled():
                    return
                if (name, other) in tried or language != other_language:
                    continue
                tried.add((name, other))
                if self._apart(name, topic):
                    yield from templates.unanswerable(name, topic, language)

    def _apart(self, name: str, topic: Topic) -> bool:
        """Whether no document that has somebody's surname has a word that begins as the topic does, in either language."""
        found = self._documents_with(words(name)[-1])
        documents = {hit.document_id for hit in found.hits}
        if not found.counted or found.documents > len(documents) or len(documents) > _NAMED_IN:
            return False
        stems = _stems(topic)
        try:
            return not any(_has(self._client.text(document).text, stems) for document in documents)
        except NotFound:
            return False


def shuffled(documents: Sequence[DocumentSchema]) -> list[DocumentSchema]:
    """The documents, copies of a story once, in an order that chance decides, always the same."""
    once = {one.story or one.id: one for one in sorted(documents, key=lambda one: one.id)}
    order = list(once.values())
    random.Random(len(order)).shuffle(order)  # noqa: S311  # no secret: the same questions must come again
    return order


def names_of(documents: Sequence[DocumentSchema]) -> dict[str, str]:
    """What names each document, by its id: its title, or its file's name where others have the title, or its id."""

    def own(name: str, all_names: Sequence[str]) -> bool:
        return bool(name) and sum(name.casefold() in other.casefold() for other in all_names) == 1

    every = [f"{one.title}\n{one.source}" for one in documents]
    names = {}
    for one in documents:
        candidates = (one.title, one.source.rsplit("/", 1)[-1])
        names[one.id] = next((name for name in candidates if own(name, every)), one.id)
    return names


def _stems(topic: Topic) -> set[str]:
    """How words begin that the topic may be written as: its forms, its compounds, and those of the other language."""
    return {
        fold(word)[:_STEM] for word in (topic.written, topic.base, *words(topic.elsewhere)) if len(word) >= 3
    }


def _has(text: str, stems: set[str]) -> bool:
    """Whether a word of the text begins so, or, in a compound, goes on so."""
    return any(stem in folded for folded in {fold(word) for word in words(text)} for stem in stems)
