"""Answers to questions about the collection: lists, counts, leading sentences and quotes side by side, from catalogue and index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import messages
from assistant.answering import extractive
from assistant.answering.citations import verified
from assistant.answering.evidence import Sentence
from assistant.answering.judging import JudgedSentences
from assistant.answering.refusal import NEAREST
from assistant.collection import selection, wording
from assistant.collection.composing import (
    AskedOfCollection,
    Quoted,
    filter_of,
    lead_of,
    listing_answer,
    more_of,
    of_listing,
    restricted,
    undated_of,
)
from assistant.collection.recognise import recognise
from assistant.collection.selection import Mention
from assistant.language.words import Word
from assistant.retrieval.query import Query
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import RetrievalResult
from assistant.types import (
    Answer,
    Citation,
    Filters,
    Hit,
    Listing,
    ListingGroup,
    Statement,
    Turn,
)
from ingest.store.index import Index
from ingest.store.stories import earliness
from ingest.types import Record

LISTED = 10  # documents that are listed at once
SHOWN = 8  # quotes of a summary
BESIDE = 3  # documents on each side of a comparison
FREE = 5  # documents that speak of what is to be summarised
TITLES = 3  # of further documents
COMPARED = 0.45  # of a topic's words that a document to be compared must have

Judge = Callable[[RetrievalResult], JudgedSentences]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionAnswers:
    """Answers what is asked of the collection. Thread-safe.

    ``judge`` tells which of the sentences found answer; with ``writes`` a language model answers what is not about the
    catalogue alone.
    """

    index: Index
    retriever: Retriever
    judge: Judge
    writes: bool

    def answer(self, question: str, history: Sequence[Turn], filters: Filters, today: date) -> Answer | None:
        """The answer to ``question``; None where it isn't about the collection, or the catalogue has nothing for it.

        Raises `Outdated` where a document has been removed or replaced meanwhile.
        """
        request = recognise(question, today, [turn.question for turn in history])
        if request is None or not self.index.records():
            return None
        if self.writes and (request.free or (request.kind == "comparison" and not request.periods)):
            return None
        asked = AskedOfCollection(question=question, history=history, filters=filters, request=request)
        match request.kind:
            case "summary":
                answer = self._summary(asked)
            case "comparison":
                answer = self._comparison(asked)
            case _:
                answer = self._listing(asked)
        return answer and replace(answer, citations=verified(answer.citations, self.index.texts.of))

    # -- lists and counts ------------------------------------------------------------------------

    def _listing(self, asked: AskedOfCollection) -> Answer | None:
        request = asked.request
        records, undated = selection.listed(self.index, request, asked.filters)
        found: Sequence[Record] = records
        sentences: dict[str, Sentence] = {}
        complete = True
        if request.topic:
            query = self._topic(asked)
            if query is None:
                return None
            mentions, complete = selection.mentions(self.index, query, records, about=request.about)
            found = [mention.document for mention in mentions]
            sentences = {mention.document.id: mention.sentence for mention in mentions}
        if not found:
            return self._nothing(asked, len(records), undated)
        count = len(found)
        only_count = request.kind == "count" and not (request.topic or request.period or request.author)
        once = [] if only_count else self._once(found)
        shown = once[: min(request.limit or LISTED, LISTED)]
        quoted = self._quoted([_Found(record=one, sentence=sentences.get(one.id)) for one in shown])
        lead = lead_of(asked, count, complete=complete, listed=not only_count)
        left = 0 if only_count else min(request.limit or len(once), len(once)) - len(shown)
        copies = 0 if only_count or request.limit else count - len(once)
        more = more_of(request.language, left, undated, copies)
        return listing_answer(asked, quoted, request.kind, lead, more)

    def _once(self, found: Sequence[Record]) -> list[Record]:
        """Each story once, by its earliest copy of those found, at the place of the first."""
        stories = self.index.stories
        first: dict[str, Record] = {}
        for one in found:
            name = stories.id_of(one.id) if one.id in stories.links else one.id
            known = first.get(name)
            if known is None or earliness(one) < earliness(known):
                first[name] = one
        return list(first.values())

    def _quoted(self, found: Sequence[_Found]) -> Quoted:
        """A quote of each document."""
        sentences = [one.sentence or selection.leading_sentence(self.index, one.record) for one in found]
        return extractive.quote([sentence for sentence in sentences if sentence], self.index.texts.of)

    def _nothing(self, asked: AskedOfCollection, among: int, undated: int) -> Answer | None:
        """That no document fits, with the passages that are nearest; None where the question may be about something else."""
        request, language = asked.request, asked.request.language
        if request.tentative:
            return None
        if request.topic:
            some = 0 < among < len(self.index.records())
            key = "none_mentions_of" if some else "none_mentions"
            text = wording.say(
                key,
                language,
                topic=request.topic,
                documents=wording.documents(among, language, of=True) + filter_of(request),
            )
        elif filter_of(request):
            text = wording.say("none", language, wanted=filter_of(request).strip())
        else:
            text = messages.say(messages.NOTHING_SELECTED, language)
        text += undated_of(language, undated, " ")
        nearest = self._nearest(asked) if request.topic else ()
        return Answer(
            question=asked.question,
            text=text,
            statements=(),
            citations=(),
            refused=True,
            mode="quoted",
            language=language,
            nearest=nearest,
            listing=Listing(kind=request.kind, lead=text),
        )

    def _nearest(self, asked: AskedOfCollection) -> tuple[Hit, ...]:
        query = self.retriever.understand(asked.request.topic, asked.request.language)
        return tuple(self.retriever.search(query, asked.filters, NEAREST)[1])

    def _topic(self, asked: AskedOfCollection, topic: str = "") -> Query | None:
        """The topic as a query; one that is only a pronoun stands for what was talked of before. None where it says nothing."""
        request = asked.request
        query = self.retriever.understand(topic or request.topic, request.language)
        if not query.words and asked.history:
            query = self.retriever.understand_in(topic or request.topic, asked.history, request.language)
        words = tuple(self._whole(word, query.language) for word in query.words)
        return replace(query, words=words) if words else None

    def _whole(self, word: Word, language: str) -> Word:
        """The word without what only parts of it are called: "Hohenwehr" is not mentioned where something is high."""
        known = self.retriever.lexicon
        parts = {
            form
            for target, forms in word.equivalents.items()
            if not any(known.alternatives(own.lower(), language, target) for own in word.own)
            for form in forms
            if " " not in form
        }
        return replace(word, forms=tuple(form for form in word.forms if form not in parts))

    # -- summaries -------------------------------------------------------------------------------

    def _summary(self, asked: AskedOfCollection) -> Answer | None:
        """The leading sentences of a document, or of several."""
        request, language = asked.request, asked.request.language
        records, undated = selection.listed(self.index, request, asked.filters)
        if request.ongoing and not asked.filters.documents and len(records) > 1:
            before = set(self.retriever.cited_before(asked.history, asked.filters))
            records = [record for record in records if record.id in before] or _of_sort(records, request.sort)
        mentions: list[Mention] = []
        if request.topic:
            query = self._topic(asked)
            if query is None:
                return None
            mentions, _ = selection.mentions(self.index, query, records, about=True)
            mentions = _by_title(mentions, singular=request.singular, free=request.free)
            records = [mention.document for mention in mentions]
        if not records:
            return self._nothing(asked, 0, undated)
        limit = request.limit or (FREE if request.free else LISTED)
        one = request.singular or (request.sort and len(records) <= TITLES)
        if len(records) == 1 or limit == 1 or (one and not request.free):
            return self._summary_of(asked, records[0], records[1:], undated)
        shown = records[:limit]
        quoted = self._quoted(
            [
                _Found(record=record, sentence=mention.sentence if request.free and mention else None)
                for record, mention in zip(shown, [*mentions, *[None] * len(shown)], strict=False)
            ]
        )
        documents = wording.documents(len(records), language, of=not request.free) + filter_of(request)
        lead = wording.say(
            "says" if request.free else "summaries",
            language,
            count=len(records),
            documents=documents,
            topic=request.topic,
        )
        left = min(request.limit or len(records), len(records)) - len(shown)
        return listing_answer(
            asked, quoted, "summary", lead + restricted(asked), more_of(language, left, undated)
        )

    def _summary_of(
        self, asked: AskedOfCollection, record: Record, others: Sequence[Record], undated: int
    ) -> Answer:
        language = asked.request.language
        sentences = selection.leading_sentences(self.index, record)
        quoted = extractive.quote(sentences[:SHOWN], self.index.texts.of)
        parts = []
        if len(sentences) > SHOWN:
            parts.append(wording.say("more_quotes", language, n=len(sentences) - SHOWN))
        if others and (asked.request.topic or asked.request.sort):
            named = [messages.in_quotes(title, language) for title in selection.titles(others[:TITLES])]
            if len(others) > TITLES:
                named.append(wording.say("more", language, n=len(others) - TITLES))
            parts.append(wording.say("others", language, titles=", ".join(named)))
        more = " ".join(part for part in (*parts, undated_of(language, undated)) if part)
        return listing_answer(
            asked, quoted, "summary", wording.say("summary", language) + restricted(asked), more
        )

    # -- comparisons -----------------------------------------------------------------------------

    def _comparison(self, asked: AskedOfCollection) -> Answer | None:
        request = asked.request
        sides = [self._side(asked, number) for number in range(len(request.sides))]
        if all(not found for _, found, _ in sides) or (
            request.tentative and not all(found for _, found, _ in sides)
        ):
            return self._nothing(asked, 0, 0)
        statements: list[Statement] = []
        citations: list[Citation] = []
        groups: list[tuple[str, tuple[int, ...]]] = []
        left = 0
        for label, found, total in sides:
            own, cited = self._quoted(found)
            base = len(citations)
            statements += [
                replace(one, citations=tuple(number + base for number in one.citations)) for one in own
            ]
            citations += [replace(one, number=one.number + base) for one in cited]
            documents = wording.documents(total, request.language)
            groups.append(
                (
                    wording.say("side", request.language, side=label, documents=documents),
                    tuple(range(base + 1, len(citations) + 1)),
                )
            )
            left += total - len(found)
        lead = wording.say("comparison", request.language) + restricted(asked)
        listing = Listing(
            kind="comparison",
            lead=lead,
            more=more_of(request.language, left, 0),
            groups=tuple(ListingGroup(label=label, citations=numbers) for label, numbers in groups),
        )
        return of_listing(asked, (statements, citations), listing)

    def _side(self, asked: AskedOfCollection, number: int) -> tuple[str, list[_Found], int]:
        """The label of a side of a comparison, its documents with a quote of each, and how many there are."""
        request = asked.request
        if not request.periods:
            query = self._topic(asked, request.sides[number])
            records, _ = selection.listed(self.index, request, asked.filters)
            mentions = selection.mentions(self.index, query, records, about=True)[0] if query else []
            found = [_Found(record=mention.document, sentence=mention.sentence) for mention in mentions]
            return request.sides[number], found[:BESIDE], len(found)
        period = request.periods[number]
        label = wording.period_named(period, request.language)
        records, _ = selection.listed(self.index, replace(request, period=period), asked.filters)
        if not request.topic:
            return label, [_Found(record=record) for record in records[:BESIDE]], len(records)
        found = self._answering(asked, records)
        return label, found[:BESIDE], len(found)

    def _answering(self, asked: AskedOfCollection, records: Sequence[Record]) -> list[_Found]:
        """The documents that have to do with the topic, each with the sentence that says most about it."""
        query = self._topic(asked)
        if query is None:
            return []
        mentions, _ = selection.mentions(self.index, query, records, about=True, least=COMPARED)
        if not mentions:
            return []
        within = replace(asked.filters, documents=tuple(mention.document.id for mention in mentions))
        retrieved = self.retriever.retrieve(asked.request.topic, (), within)
        best: dict[str, Sentence] = {}
        for sentence in self.judge(retrieved).ranked:
            if selection.says_something(sentence):
                best.setdefault(sentence.hit.document.id, sentence)
        return [
            _Found(record=mention.document, sentence=best.get(mention.document.id, mention.sentence))
            for mention in mentions
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A document to list, and the sentence of it to quote; its leading one where there is none."""

    record: Record
    sentence: Sentence | None = None


def _of_sort(records: Sequence[Record], sort: str) -> list[Record]:
    """The documents whose titles say that they are an interview, a report and so on; all where none does."""
    said = [record for record in records if sort and sort.casefold() in record.title.casefold()]
    return said or list(records)


def _by_title(mentions: Sequence[Mention], *, singular: bool, free: bool) -> list[Mention]:
    """Where one document is meant, those first whose titles name the topic; of words that may mean anything only these, if any."""
    entitled = [mention for mention in mentions if mention.entitled]
    if free and len(entitled) == 1:
        return entitled
    if not singular or free:
        return list(mentions)
    others = sorted(
        (mention for mention in mentions if not mention.entitled), key=lambda mention: -mention.passages
    )
    return [*entitled, *others]
