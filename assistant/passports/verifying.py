"""Whether quotes that were carried away still stand in the documents, and where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode, urljoin

from assistant.answering.turns import turn_at
from assistant.citation_links import place, version_url, viewer_link
from assistant.language.quotation_marks import MARKS
from assistant.passports.metadata import differences
from assistant.passports.nearest import nearest_words
from assistant.passports.quoted import Offsets, QuotedWords, locate
from assistant.passports.types import CarriedQuote, Contradiction, VerifiedQuote
from assistant.speech import told_by
from ingest.store.index import Index
from ingest.store.versions import EarlierVersion
from ingest.text.showable import shown_words
from ingest.types import Record

_MOST_SEARCHED = 20  # earlier versions that are read to find words
_LONGEST_SEARCHED = 20_000  # characters of words that are looked for elsewhere than where they should stand
_MOST_COMPARED = 300  # altered quotes of a file that are compared with what is nearest, which takes longest
_SIGNS = re.compile(
    "[" + re.escape("".join({*"".join("".join(four) for four in MARKS.values()), *"\"'‹›"})) + "]"
)
_APOSTROPHE = re.compile(r"(?<=\w)['’‘](?=\w)")


@dataclass(frozen=True, slots=True)
class _Found:
    """Where words stand in a text, and which of the possible ones they are."""

    words: str
    span: Offsets


class QuoteVerifier:
    """Looks quotes up in ``index``, in documents that ``sees`` allows; links are relative to ``base``."""

    def __init__(self, index: Index, sees: Callable[[str], bool], base: str = "") -> None:
        self._index = index
        self._sees = sees
        self._base = base
        self._compared = 0
        self._hash = lru_cache(maxsize=64)(_sha256)

    def verified(self, quotes: Iterable[CarriedQuote]) -> Iterator[VerifiedQuote]:
        """One for each, in their order."""
        return map(self.verify, quotes)

    def verify(self, quote: CarriedQuote) -> VerifiedQuote:
        """What has become of a quote, and in what the document is otherwise than its file says."""
        found = self._verified(quote)
        record = self._index.record(found.document_id) if found.document_id else None
        if record is None or found.verdict in ("gone", "unknown"):
            return found
        stands = found.verdict in ("stands", "moved", "doubtful") and found.start is not None
        speaker = self._speaker(record, found.start or 0, found.end or 0) if stands else None
        return replace(found, metadata=differences(quote.metadata, record, speaker))

    def _speaker(self, record: Record, start: int, end: int) -> str:
        within = (one for one in self._index.texts.passages_of(record.id) if one.start <= start < one.end)
        said = next((told_by(one, start, end) for one in within), None)
        return said.speaker if said else ""

    def _verified(self, quote: CarriedQuote) -> VerifiedQuote:
        record = self._index.found(quote.document_id, quote.named)
        if record is None or not self._sees(record.id):
            return self._without_document(quote)
        known = _blank(quote, record)
        text, present = self._index.texts.of(record), self._index.texts.version_of(record)
        earlier = self._index.history.earlier(record.id)
        contradictions = self._contradictions(quote, text, present, earlier)
        there = _there(quote, text)
        if there is not None:
            contradictions = _with_link(contradictions, quote, text[slice(*there.span)])
            return replace(
                self._placed(known, record, there.span, text),
                quote=there.words,
                verdict="doubtful" if contradictions else "stands",
                contradictions=contradictions,
                changed=bool(quote.named) and quote.named != present,
            )
        found = _elsewhere(quote, text)
        if found is not None:
            moved: tuple[Contradiction, ...] = ("offsets",) if quote.named == present else ()
            return replace(
                self._placed(known, record, found.span, text),
                quote=found.words,
                verdict="moved",
                contradictions=_with_link((*contradictions, *moved), quote, text[slice(*found.span)]),
            )
        return self._before(quote, known, earlier, contradictions) or self._never(
            quote, record, known, text, contradictions
        )

    def _without_document(self, quote: CarriedQuote) -> VerifiedQuote:
        """A document that was removed, or that nobody knows; perhaps the same text is there under another id."""
        unknown = VerifiedQuote(
            quote=next(iter(quote.words), ""), where=quote.where, verdict="unknown", document_id=""
        )
        removed = self._index.history.removed(quote.document_id) if self._sees(quote.document_id) else None
        if removed is not None:
            return replace(unknown, verdict="gone", document_id=quote.document_id, title=removed.title)
        same = next(
            (
                record
                for record in (self._index.present.saying(quote.named) if quote.named else ())
                if self._sees(record.id)
            ),
            None,
        )
        if same is None:
            return unknown
        text = self._index.texts.of(same)
        found = _there(quote, text) or _elsewhere(quote, text)
        there = replace(unknown, document_id=same.id, title=_title(same), same_text=True)
        return self._placed(there, same, found.span, text) if found else there

    def _contradictions(
        self, quote: CarriedQuote, text: str, present: str, earlier: Sequence[EarlierVersion]
    ) -> tuple[Contradiction, ...]:
        """What the file says that does not fit together, or is of no text that is known."""
        found = list(quote.contradictions)
        if quote.named and quote.named != present and all(one.version != quote.named for one in earlier):
            found.append("hash")
        if quote.sha256 and quote.named == present and quote.sha256 != self._hash(text):
            found.append("hash")
        return tuple(dict.fromkeys(found))

    def _before(
        self,
        quote: CarriedQuote,
        known: VerifiedQuote,
        earlier: Sequence[EarlierVersion],
        contradictions: tuple[Contradiction, ...],
    ) -> VerifiedQuote | None:
        """The words in an earlier version: the one that the file names first, then the latest."""
        latest = [*(one for one in earlier if one.version == quote.named), *earlier][: _MOST_SEARCHED + 1]
        for version in dict.fromkeys(one.version for one in latest):
            kept = next(one for one in latest if one.version == version)
            text = self._index.history.text(kept)
            found = _there(quote, text) or _elsewhere(quote, text)
            if found is None:
                continue
            start, end = found.span
            at = urlencode({"earlier": 1, "start": start, "end": end})
            return replace(
                known,
                quote=found.words,
                verdict="earlier",
                start=start,
                end=end,
                version=version,
                replaced=kept.replaced,
                contradictions=_with_link(contradictions, quote, text[start:end]),
                url=urljoin(self._base, f"{version_url(kept.record.id, version)}&{at}#cited"),
            )
        return None

    def _never(
        self,
        quote: CarriedQuote,
        record: Record,
        known: VerifiedQuote,
        text: str,
        contradictions: tuple[Contradiction, ...],
    ) -> VerifiedQuote:
        self._compared += 1
        nearest = (
            nearest_words(text, known.quote, (quote.start, quote.end), record.language)
            if self._compared <= _MOST_COMPARED
            else None
        )
        linked = quote.linked is None or any(_links(quote.linked, words) for words in quote.words)
        found: tuple[Contradiction, ...] = contradictions if linked else (*contradictions, "words")
        never = replace(known, verdict="never", nearest=nearest, contradictions=tuple(dict.fromkeys(found)))
        return self._placed(never, record, (nearest.start, nearest.end), text) if nearest else never

    def _placed(self, known: VerifiedQuote, record: Record, span: Offsets, text: str) -> VerifiedQuote:
        """With where words stand in the present text."""
        start, end = span
        version = self._index.texts.version_of(record)
        link = viewer_link(record.id, start, end, version, text[start:end])
        return replace(known, start=start, end=end, version=version, url=urljoin(self._base, link))


def _with_link(
    contradictions: tuple[Contradiction, ...], quote: CarriedQuote, said: str
) -> tuple[Contradiction, ...]:
    """The contradictions, and that the quote's link holds other words than what is ``said`` where they stand, if it does."""
    other: tuple[Contradiction, ...] = ("words",) if quote.linked and not quote.linked.matches(said) else ()
    return tuple(dict.fromkeys((*contradictions, *other)))


def _blank(quote: CarriedQuote, record: Record) -> VerifiedQuote:
    words = next(iter(quote.words), "") or (quote.linked.beginning if quote.linked else "")
    return VerifiedQuote(
        quote=words,
        where=quote.where,
        verdict="never",
        document_id=record.id,
        title=_title(record),
        link_alone=not quote.words,
    )


def _title(record: Record) -> str:
    return " ".join(record.title.split()) or place(record)


def _there(quote: CarriedQuote, text: str) -> _Found | None:
    """The quote where the file says that it stands, word for word, with no white space around it."""
    start, end = quote.start, quote.end
    said = text[start:end] if start < end <= len(text) else ""
    if not said or said[0].isspace() or said[-1].isspace():
        return None
    if not quote.words:
        return _Found(said, (start, end)) if quote.linked and quote.linked.matches(said) else None
    turn = turn_at(text, start) if quote.in_marks else None
    spoken = text[turn.start : end] if turn and start < turn.start < end else said
    for words in quote.words:
        if _same(words, said, quote.in_marks) or (spoken and _same(words, spoken, quote.in_marks)):
            return _Found(words, (start, end))
    return None


def _elsewhere(quote: CarriedQuote, text: str) -> _Found | None:
    """The quote at another place of the text, the nearest one."""
    if not quote.words:
        span = locate(text, quote.linked, quote.start) if quote.linked else None
        return _Found(text[slice(*span)], span) if span else None
    for words in quote.words:
        bare = words if not quote.in_marks else _without_outer_marks(words)
        searched = 0 < len(bare.strip()) <= _LONGEST_SEARCHED
        span = locate(text, QuotedWords(beginning=bare), quote.start) if searched else None
        if span is None and quote.linked and _links(quote.linked, words):
            span = locate(text, quote.linked, quote.start)
        if span is not None and _same(words, text[slice(*span)], quote.in_marks):
            return _Found(words, span)
    return None


def _links(linked: QuotedWords, words: str) -> bool:
    """Whether a link holds these words, or their beginning and end."""
    plain, beginning, end = _bare(words), _bare(linked.beginning), _bare(linked.end)
    if not linked.digest:
        # The label of who speaks may have been left out before the words.
        return plain == beginning or (bool(plain) and beginning.endswith(plain))
    return plain.endswith(end) and (plain.startswith(beginning) or len(plain) < linked.length)


def _same(words: str, text: str, in_marks: bool) -> bool:
    """Whether words are those of a text, whatever the white space, and the quotation marks where they may be others."""
    if in_marks:
        return _bare(words) == _bare(text)
    return shown_words(words) == shown_words(text)


def _bare(text: str) -> str:
    """The text without quotation marks and with single spaces; apostrophes within words stay."""
    kept = _APOSTROPHE.sub("\0", " ".join(shown_words(text)))
    return " ".join(_SIGNS.sub(" ", kept).split())


def _without_outer_marks(words: str) -> str:
    bare = words.strip()
    if bare and _SIGNS.match(bare):
        bare = bare[1:].lstrip()
    return bare[:-1].rstrip() if bare and _SIGNS.match(bare[-1]) else bare


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
