"""A draft's words in quotation marks looked up in the documents: word for word, altered, or not there; and who says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.drafts.alteration import AlteredStretch, nearest_stretch
from assistant.drafts.cited import CitedPlaces
from assistant.drafts.omissions import turning_omissions
from assistant.drafts.parts import DraftQuotation
from assistant.drafts.speakers import Standing, names_agree
from assistant.drafts.types import CheckedQuotation, Draft, DraftDifference
from assistant.drafts.verbatim import (
    MOST_SEGMENTS,
    QuotedSegment,
    joined,
    segments_of,
    verbatim_places,
    written,
)
from assistant.drafts.wording import reason
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import allowed_documents
from assistant.speech import shared, written_in
from assistant.types import CopyPlace, Filters, Hit
from ingest.store.index import Index
from ingest.text.languages import detect
from ingest.text.wording import Phrase, words_in
from ingest.types import Passage, Record

MOST_PLACES = 6  # where words stand that are cited
_MOST_PASSAGES = 200  # looked into for words that stand in many
_NEAREST, _MOST_LIKELY = (
    8,
    30,
)  # passages that words may have been altered from: those found, and those that have half of them
_ALIKE, _ALIKE_SHORT, _SHORT = (
    0.6,
    0.7,
    6,
)  # how like a stretch is to words that were altered from it, and to so few
_DETECTABLE = 40  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWords:
    """Where in a document words stand."""

    document: Record
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationChecker:
    """Checks the quotations of one draft."""

    index: Index
    retriever: Retriever
    draft: Draft
    filters: Filters
    cited: CitedPlaces

    def check(self, quotation: DraftQuotation) -> CheckedQuotation:
        """The quotation with its verdict. Raises `Outdated` where a document goes meanwhile."""
        segments = segments_of(quotation.text, quotation.start)
        if len(segments) > MOST_SEGMENTS:
            return self._not_found(quotation, "too_long")
        found = list(islice(self._verbatim(segments), _MOST_PASSAGES))
        if found:
            turned = [self._turned(segments, words) for words in found]
            whole = [words for words, differences in zip(found, turned, strict=True) if not differences]
            if whole:
                return self._with_places(quotation, self._in_order(whole, quotation))
            return self._altered(quotation, found[0], turned[0], "negation_left_out", turned[0][0].in_source)
        near = self._hits(quotation)
        altered = self._nearest(segments, self._likely(segments, near))
        if altered is None:
            return self._not_found(quotation, self._translated(quotation, near) or "words_not_found")
        words, stretch = altered
        differences = stretch.differences(self.draft.text, self.index.texts.of(words.document))
        if not differences:
            return self._with_places(quotation, [words])
        return self._altered(quotation, words, differences, "words_differ")

    def _turned(self, segments: Sequence[QuotedSegment], words: FoundWords) -> tuple[DraftDifference, ...]:
        """What is left out of the words and turns their sense."""
        if len(segments) == 1:
            return ()
        text = self.index.texts.of(words.document)
        return tuple(turning_omissions(segments, self.draft.text, text, words.start, words.end))

    def _altered(
        self,
        quotation: DraftQuotation,
        words: FoundWords,
        differences: tuple[DraftDifference, ...],
        why: str,
        *values: str,
    ) -> CheckedQuotation:
        number = self.cited.cite(words.document, words.start, words.end)
        standing = self._standing(quotation, words)
        return CheckedQuotation(
            text=quotation.text,
            start=quotation.start,
            end=quotation.end,
            verdict="altered",
            reason=reason(why, self.draft.language, *values),
            citation=number,
            differences=differences,
            speaker=quotation.speaker,
            said_by=standing.said_by,
            speaker_verdict=standing.verdict,
        )

    def _with_places(self, quotation: DraftQuotation, found: Sequence[FoundWords]) -> CheckedQuotation:
        """A quotation that stands word for word at these places: a story is cited once, with its copies."""
        stories: dict[str, list[FoundWords]] = {}
        for words in found:
            stories.setdefault(self.index.stories.id_of(words.document.id), []).append(words)
        numbers: list[int] = []
        for first, *others in islice(stories.values(), MOST_PLACES):
            copies = [self._copy(other) for other in others if other.document.id != first.document.id]
            numbers.append(self.cited.cite(first.document, first.start, first.end, copies))
        standing = self._standing(quotation, found[0])
        said = ""
        if standing.verdict == "wrong":
            said = reason("said_by", self.draft.language, standing.said_by)
        elif quotation.speaker and not standing.said_by:
            said = reason("speaker_unknown", self.draft.language)
        return CheckedQuotation(
            text=quotation.text,
            start=quotation.start,
            end=quotation.end,
            verdict="verbatim",
            reason=said,
            citation=numbers[0],
            also_in=tuple(numbers[1:]),
            speaker=quotation.speaker,
            said_by=standing.said_by,
            speaker_verdict=standing.verdict,
        )

    def _not_found(self, quotation: DraftQuotation, why: str) -> CheckedQuotation:
        return CheckedQuotation(
            text=quotation.text,
            start=quotation.start,
            end=quotation.end,
            verdict="not_found",
            reason=reason(why, self.draft.language),
            speaker=quotation.speaker,
        )

    def _translated(self, quotation: DraftQuotation, near: Sequence[Hit]) -> str:
        """The reason that the nearest passage is in another language; empty where it is not."""
        own = (
            detect(quotation.text, ("de", "en"))
            if len(quotation.text) >= _DETECTABLE
            else self.draft.language
        )
        foreign = bool(near) and near[0].language.partition("-")[0] != own.partition("-")[0]
        return "translated" if foreign else ""

    def _verbatim(self, segments: Sequence[QuotedSegment]) -> Iterator[FoundWords]:
        """Where the words stand word for word, in documents newest first."""
        if not segments:
            return
        anchor = max(segments, key=lambda segment: len(segment.words))
        reach = (
            sum(segment.gap for segment in segments)
            + 3 * (segments[-1].words[-1].end - segments[0].words[0].start)
            + 200
        )
        seen: set[tuple[str, int, int]] = set()
        for phrase in _phrases(anchor):
            for passage, record in self.index.search.fetch(self._holding(phrase)[:_MOST_PASSAGES]).values():
                for place in self._places(segments, record, passage, reach):
                    if (key := (record.id, *place)) not in seen:
                        seen.add(key)
                        yield FoundWords(document=record, start=place[0], end=place[1])

    def _places(
        self, segments: Sequence[QuotedSegment], record: Record, passage: Passage, reach: int
    ) -> Iterator[tuple[int, int]]:
        """Where all segments stand around a passage."""
        text = self.index.texts.of(record)
        start = _word_start(text, passage.start - (reach if len(segments) > 1 else 0))
        words = written(text[start : passage.end + reach])
        for first, last in verbatim_places(segments, words):
            yield start + first, start + last

    def _in_order(self, found: Sequence[FoundWords], quotation: DraftQuotation) -> list[FoundWords]:
        """First where the person to whom the draft gives the words says them."""
        order = {"right": 0, "not_checked": 1, "wrong": 2}
        if not quotation.speaker:
            return list(found)
        return sorted(found, key=lambda words: order[self._standing(quotation, words).verdict])

    def _hits(self, quotation: DraftQuotation) -> Sequence[Hit]:
        query = self.retriever.understand(quotation.text, self.draft.language)
        return self.retriever.search(query, self.filters, _NEAREST)[1]

    def _likely(self, segments: Sequence[QuotedSegment], hits: Sequence[Hit]) -> list[tuple[Passage, Record]]:
        """The passages that the words may have been altered from: those that were found, and those that have half of the words as they are."""
        words = [word.text for segment in segments for word in joined(segment.words) if words_in(word.text)]
        halves = [Phrase(tuple(half)) for half in (words[: len(words) // 2], words[len(words) // 2 :])]
        found = {hit.passage.id: (hit.passage, hit.document) for hit in hits}
        for half in halves:
            if len(half.words) > 1:
                found |= self.index.search.fetch(self._holding(half)[:_MOST_LIKELY])
        return list(found.values())

    def _holding(self, phrase: Phrase) -> list[str]:
        """The ids of the passages that a phrase may begin in."""
        allowed = allowed_documents(self.index, self.filters)
        records = self.index.search.holding([phrase])
        return self.index.search.passages_holding(
            [phrase], [record for record in records if allowed is None or record.id in allowed]
        )

    def _nearest(
        self, segments: Sequence[QuotedSegment], passages: Sequence[tuple[Passage, Record]]
    ) -> tuple[FoundWords, AlteredStretch] | None:
        """What the words were altered from: the stretch of the nearest passages that is most like them, if one is alike enough."""
        count = sum(len(joined(segment.words)) for segment in segments)
        best: tuple[FoundWords, AlteredStretch] | None = None
        for passage, record in passages:
            text = self.index.texts.of(record)
            start = _word_start(text, passage.start - 300)
            words = [
                word._replace(start=word.start + start, end=word.end + start)
                for word in written(text[start : passage.end + 600])
            ]
            stretch = nearest_stretch(segments, words)
            if stretch and (best is None or stretch.likeness > best[1].likeness):
                best = FoundWords(document=record, start=stretch.start, end=stretch.end), stretch
        least = _ALIKE_SHORT if count < _SHORT else _ALIKE
        return best if best and best[1].likeness >= least else None

    def _standing(self, quotation: DraftQuotation, words: FoundWords) -> Standing:
        """Who says the words in the source, and whether that is to whom the draft gives them."""
        said: Counter[str] = Counter()
        for passage in self.index.texts.passages_of(words.document.id):
            if passage.start < words.end and words.start < passage.end:
                for one in passage.quotations or ():
                    held = shared(one, words.start, words.end)
                    name = one.name or written_in(passage, one.speaker)
                    if one.kind != "reported" and held and name:
                        said[name] += held
        said_by = said.most_common(1)[0][0] if said else ""
        return Standing(said_by=said_by, verdict=names_agree(quotation.speaker, said_by))

    def _copy(self, words: FoundWords) -> CopyPlace:
        text = self.index.texts.of(words.document)
        return CopyPlace(
            document=words.document, quote=text[words.start : words.end], start=words.start, end=words.end
        )


def _phrases(segment: QuotedSegment) -> list[Phrase]:
    """The words of a segment as the index looks them up; also with those joined that are broken at the end of a line."""
    plain = [tuple(word.text for word in segment.words if words_in(word.text))]
    plain.append(tuple(word.text for word in joined(segment.words) if words_in(word.text)))
    return [Phrase(words) for words in dict.fromkeys(plain) if words]


def _word_start(text: str, at: int) -> int:
    """The beginning of the word at an offset, 0 at least."""
    at = max(0, at)
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return at
