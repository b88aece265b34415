"""From a question of a conversation to what is retrieved for it: understood, made standalone, searched for, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.language.lexicon import Lexicon
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.memory import QuestionMemory
from assistant.retrieval.probes import Probes, probes_of
from assistant.retrieval.query import QUESTION_LANGUAGES, Query, language_in_conversation, understand, weighed
from assistant.retrieval.rewriting import (
    Rewriting,
    cited_in,
    refers_back,
    rewritten,
    standalone,
    start_rewriting,
)
from assistant.retrieval.search import (
    RetrievalResult,
    allowed_documents,
    best,
    retrieve,
    sentence_vectors,
    term_of,
    with_headings,
)
from assistant.retrieval.typos import Spelling, SpellingChecker
from assistant.types import Event, Filters, Hit, Turn, Usage
from ingest.embedding.types import Embedder, SentenceVectors, Vectors
from ingest.store.index import Index
from ingest.store.lexical import Term
from ingest.text.folding import plain, words

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

HITS = 8
# How many passages of the documents cited before join those found for a follow-up, and how much is added to their scores.
KEPT, STAY = 3, 4.0

# How many passages with the likest spelling are looked at for a name.
SPELLED = 8

# In how many of the documents' languages, the most frequent first, a word may be right as it is. The lemmatiser holds eight
# languages at once: with more of them each word would load them all from disk again.
LEXICONS = 3

Search = tuple[Probes, list[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retriever:
    """Finds passages of an index for questions. Thread-safe, unless it has a ``memory``."""

    index: Index
    embedder: Embedder
    lexicon: Lexicon
    memory: QuestionMemory | None = None

    def understand(self, question: str, language: str = "") -> Query:
        """The question as retrieval takes it, towards the languages that the index holds."""
        return weighed(self._unweighed(question, language), self.index.search.rarity)

    def understand_in(self, words: str, history: Sequence[Turn], language: str = "") -> Query:
        """Words of a conversation, with the names and topics before that they refer to."""
        return self.understand(standalone(words, history, self._unweighed), language)

    def cited_before(self, history: Sequence[Turn], filters: Filters) -> tuple[str, ...]:
        """The ids of the documents that the last answer of a conversation cites."""
        if not history:
            return ()
        *before, last = history
        earlier = self.understand(standalone(last.question, before, self._unweighed))
        return cited_in(last, self.search(earlier, filters)[1])

    def search(self, query: Query, filters: Filters, limit: int = HITS) -> Search:
        """The passages that fit one wording, and the probes that they were searched by."""

        def searched() -> Search:
            probes = probes_of(query, self.index, self.embedder)
            return probes, retrieve(query, probes, self.index, limit, filters, self._vectors_of)

        key = (query.text, query.language, filters, limit, self.index.replica.revision)
        return self.memory.searched(key, searched) if self.memory else searched()

    def _vectors_of(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        stored = self.index.search.vectors
        return self.memory.vectors(ids, stored) if self.memory else stored(ids)

    def retrieve(
        self,
        question: str,
        history: Sequence[Turn],
        filters: Filters,
        limit: int = HITS,
        language: str = "",
    ) -> RetrievalResult:
        """What is found for a question of a conversation; no language model is asked.

        ``language`` is that of the words around it, which a short question is in unless it tells another.
        """
        spelling, history = self.spelling(question), self._as_read(history)
        own, query = self._standalone(spelling.question, history, language)
        search = self.search(query, filters, limit)
        kept = self._in_documents_cited_before(own, query, search[0], history, filters)
        found = self._result(question, filters, (query,), [search], kept, limit)
        return replace(found, spelling=spelling, own=_carrying_on(own, history))

    def events(
        self, question: str, history: Sequence[Turn], filters: Filters, model: ChatModel | None
    ) -> Generator[Event, None, tuple[RetrievalResult, Usage]]:
        """The same, with a model's wordings of the question in the documents' other languages.

        Without a history the question itself is searched for while the model writes them.
        """
        spelling, history = self.spelling(question), self._as_read(history)
        own, query = self._standalone(spelling.question, history)
        rewriting = self._start_rewriting(own, history, model)
        try:
            early = [] if history else [self.search(own, filters)]
            wordings, usage = yield from rewritten(rewriting)
        finally:
            if rewriting:
                rewriting.reply.close()
        written = wordings.pop(own.language, "")
        first = self.understand(written, own.language) if written else query
        queries = (first, *(self.understand(words, language) for language, words in wordings.items()))
        searches = [*early, *(self.search(query, filters) for query in queries[len(early) :])]
        kept = self._in_documents_cited_before(own, queries[0], searches[0][0], history, filters)
        found = self._result(question, filters, queries, searches, kept)
        return replace(found, spelling=spelling, own=_carrying_on(own, history)), usage

    def with_published(
        self, found: RetrievalResult, first: date | None, last: date | None
    ) -> RetrievalResult:
        """What was found; with the best passages of documents published on these days in place of the last ones if it has none."""
        days = replace(found.filters, published_from=first, published_to=last)
        if found.filters.in_days or any(days.allows(hit.document.published) for hit in found.hits):
            return found
        own = retrieve(found.query, found.probes, self.index, KEPT, days)
        more = [hit for hit in own if hit.passage.id not in {one.passage.id for one in found.hits}]
        if not more or not found.hits:
            return found
        hits = (*found.hits[: max(1, HITS - len(more))], *more)
        vectors = sentence_vectors(more, self.index, self.embedder)
        return replace(found, hits=hits, sentence_vectors={**found.sentence_vectors, **vectors})

    def again(self, before: RetrievalResult) -> RetrievalResult:
        """What is found now by the wordings of an earlier search."""
        searches = [self.search(query, before.filters) for query in before.queries]
        found = self._result(before.question, before.filters, before.queries, searches, [])
        return replace(found, spelling=before.spelling, own=before.own)

    def spelling(self, question: str) -> Spelling:
        """The question as it is read where words of it are misspelt."""
        if self.memory:
            return self.memory.understood(("read", question), lambda: self._spelling(question))
        return self._spelling(question)

    def _spelling(self, question: str) -> Spelling:
        query = self._unweighed(question)
        checker = SpellingChecker(
            spellings=self.index.search.spellings,
            as_written=self._as_written,
            lexicon=self.lexicon,
            languages=list(dict.fromkeys((query.language, *self._held()[:LEXICONS], "en", "de"))),
        )
        return checker.read(question, query.words)

    def _as_read(self, history: Sequence[Turn]) -> list[Turn]:
        """The turns with their questions as they were read when they were asked."""
        return [replace(turn, question=self.spelling(turn.question).question) for turn in history]

    def _as_written(self, spelling: str) -> str:
        """How the collection mostly writes a word given without accents; empty where it is not found."""
        near = self.index.search.spelled([Term((spelling,))], SPELLED)
        texts = (passage.text for passage, _ in self.index.search.fetch([key for key, _ in near]).values())
        written = Counter(word for text in texts for word in words(text) if plain(word) == spelling)
        return written.most_common(1)[0][0] if written else ""

    def names_nowhere(self, query: Query, filters: Filters) -> tuple[str, ...]:
        """The names of a question, numbers left out, that none of the documents allowed has, in any spelling."""
        names = [word for word in query.words if word.proper or word.name]
        return self._nowhere([word for word in names if not any(map(str.isdigit, word.text))], query, filters)

    def asks_about_nobody(self, query: Query, filters: Filters) -> bool:
        """Whether none of the documents allowed has one of the words that are names beyond doubt."""
        return bool(self._nowhere([word for word in query.words if word.proper], query, filters))

    def _nowhere(self, names: Sequence[Word], query: Query, filters: Filters) -> tuple[str, ...]:
        documents = allowed_documents(self.index, filters) if names else None
        return side_by_side(
            [word.text for word in names if not self._is_somewhere(word, documents)], query.text
        )

    def _is_somewhere(self, word: Word, documents: Sequence[str] | None) -> bool:
        if documents is not None and not documents:
            return False
        near = self.index.search.spelled([term_of(word)], SPELLED, documents or ())
        found = self.index.search.fetch([key for key, _ in near]).values()
        texts = (with_headings(passage, record) for passage, record in found)
        return any(match_score(word, vocabulary(text)) >= NAME_HELD for text in texts)

    def _held(self) -> list[str]:
        """The languages of the documents, most frequent first, then those that only passages of them are in.

        Of the latter those that questions are often asked in: a passage in Latin makes no question Latin.
        """
        documents = self.index.catalogue.languages
        return [
            code
            for code in self.index.catalogue.text_languages
            if code in documents or code in QUESTION_LANGUAGES
        ]

    def _unweighed(self, question: str, language: str = "") -> Query:
        def understood() -> Query:
            return understand(question, self._held(), self.lexicon, language)

        key = ("understood", question, language)
        return self.memory.understood(key, understood) if self.memory else understood()

    def _standalone(self, question: str, history: Sequence[Turn], around: str = "") -> tuple[Query, Query]:
        """The question by itself, and with the words of the earlier turns that it refers to, without a language model."""
        if not history:
            own = self.understand(
                question, around and language_in_conversation(question, around, self._held(), self.lexicon)
            )
            return own, own
        languages = self._languages([*(turn.question for turn in history), question])
        own = self.understand(question, languages[question])
        wording = standalone(
            own.text, history, lambda text: self._unweighed(text, languages.get(text, own.language))
        )
        query = own if wording == own.text else self._carrying(wording, own.language)
        return own, query

    def _carrying(self, wording: str, language: str) -> Query:
        """A wording that has been made here: it has no courtesies, and what stands in brackets is none either."""
        return weighed(
            understand(wording, self._held(), self.lexicon, language, bare=True), self.index.search.rarity
        )

    def _languages(self, questions: Sequence[str]) -> dict[str, str]:
        """The language of each question of a conversation: a short one that doesn't tell is in that of those before."""
        held = self._held()
        languages: dict[str, str] = {}
        language = ""
        for question in questions:
            language = language_in_conversation(question, language, held, self.lexicon) or language
            languages[question] = language
        return languages

    def _start_rewriting(
        self, own: Query, history: Sequence[Turn], model: ChatModel | None
    ) -> Rewriting | None:
        others = [code for code in self.index.catalogue.languages if code and code != own.language]
        return start_rewriting(own.text, own.language, history, others, model) if model else None

    def _in_documents_cited_before(
        self, own: Query, query: Query, probes: Probes, history: Sequence[Turn], filters: Filters
    ) -> list[Hit]:
        """For a question that refers back, the passages for ``query`` in the documents that the last answer cites.

        They have the benefit of the doubt: a conversation seldom leaves its documents.
        """
        if not history or not refers_back(own):
            return []
        documents = self.cited_before(history, filters)
        if not documents:
            return []
        within = retrieve(query, probes, self.index, KEPT, replace(filters, documents=documents))
        return [replace(hit, score=hit.score + STAY) for hit in within]

    def _result(
        self,
        question: str,
        filters: Filters,
        queries: tuple[Query, ...],
        searches: Sequence[Search],
        kept: Sequence[Hit],
        limit: int = HITS,
    ) -> RetrievalResult:
        hits = best([*(hits for _, hits in searches), kept], limit)
        return RetrievalResult(
            question=question,
            filters=filters,
            queries=queries,
            probes=searches[0][0],
            hits=hits,
            sentence_vectors=self._sentence_vectors(hits),
        )

    def _sentence_vectors(self, hits: Sequence[Hit]) -> dict[str, SentenceVectors]:
        def read() -> dict[str, SentenceVectors]:
            return sentence_vectors(hits, self.index, self.embedder)

        key = ("sentences", tuple(hit.passage.id for hit in hits))
        return self.memory.searched(key, read) if self.memory else read()


def _carrying_on(own: Query, history: Sequence[Turn]) -> Query | None:
    """The question, if it refers to what was said before it."""
    return own if history and refers_back(own) else None


def side_by_side(names: Sequence[str], text: str) -> tuple[str, ...]:
    """The names, those that follow one another in ``text`` as one: "Buenos Aires"."""
    joined: list[str] = []
    for name in names:
        if joined and f"{joined[-1]} {name}" in text:
            joined[-1] = f"{joined[-1]} {name}"
        else:
            joined.append(name)
    return tuple(joined)
