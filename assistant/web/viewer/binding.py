"""A link's citations, bound to their words: where these stand in the document now, and what is to be said of that. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.passports.quoted import QuotedWords, cuts_word, locate, parse_quoted
from assistant.web.viewer.document_view import CitedSpans, Offsets, parse_pairs, parse_span
from ingest.store.versions import EarlierVersion

# moved, gone: the document has changed since, and the words still stand there, or no longer. unsure, unfit: the link
# does not say which words; the place fits the text as it is now, or does not. elsewhere, unmatched: the document has not
# changed, and the words stand at another place than the link says, or at none.
Finding = Literal["", "moved", "gone", "unsure", "unfit", "elsewhere", "unmatched"]

_MOST_SEARCHED = 20  # earlier versions that are read to find words whose version is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedLink:
    """What the viewer's address says: offsets into the text of a ``version``, empty if unknown, and the words there.

    ``cites`` are offsets of other citations in the same text, as "12-34".
    """

    start: str = ""
    end: str = ""
    version: str = ""
    quote: Sequence[str] = ()
    digest: str = ""
    cites: Sequence[str] = ()

    @property
    def words(self) -> QuotedWords | None:
        return parse_quoted(self.quote, self.digest)

    @property
    def span(self) -> Offsets | None:
        return parse_span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The citations that are marked, what is found, and the earlier version that has the words, if one is kept."""

    cited: CitedSpans
    finding: Finding = ""
    earlier: EarlierVersion | None = None


@dataclass(frozen=True, slots=True)
class EarlierTexts:
    """What a document said before: both are asked only where the link does not simply fit."""

    versions: Callable[[], Sequence[EarlierVersion]]
    text: Callable[[EarlierVersion], str]

    def of(self, version: str) -> EarlierVersion | None:
        return next((one for one in self.versions() if one.version == version), None) if version else None

    def saying(self, words: QuotedWords, span: Offsets) -> EarlierVersion | None:
        """The latest version that says these words at this place."""
        for version in self.versions()[:_MOST_SEARCHED]:
            if words.matches(self.text(version)[slice(*span)]):
                return version
        return None


def bind(link: CitedLink, body: str, present: str, earlier: EarlierTexts) -> Binding:
    """The citations of a link in ``body``, the text whose version is ``present``."""
    span, words = link.span, link.words
    if link.version not in ("", present):
        return _changed(link, body, earlier)
    others = [pair for pair in parse_pairs(link.cites) if _fits(body, pair)]
    if span is None:
        return Binding(cited=spans(None, others))
    if words is None:
        return _unquoted(link, span, others, body, earlier)
    if link.version and words.matches(body[slice(*span)]):
        return Binding(cited=spans(span, others))
    found = locate(body, words, span[0])
    if found == span:
        return Binding(cited=spans(span, others))
    if link.version:
        return _found(found, others, ("elsewhere", "unmatched"))
    return _found(found, [], ("moved", "gone"), earlier.saying(words, span))


def spans(current: Offsets | None, others: Sequence[Offsets]) -> CitedSpans:
    """Citations in the order of the text, each once."""
    every = sorted({*others, *([current] if current else [])})
    return CitedSpans(spans=tuple(every), current=every.index(current) if current else 0)


def _found(
    found: Offsets | None,
    others: Sequence[Offsets],
    findings: tuple[Finding, Finding],
    earlier: EarlierVersion | None = None,
) -> Binding:
    """What is said where the words are found, and where they are not: then no others are marked in their place."""
    if found is None:
        return Binding(cited=CitedSpans(), finding=findings[1], earlier=earlier)
    return Binding(cited=spans(found, others), finding=findings[0], earlier=earlier)


def _unquoted(
    link: CitedLink, span: Offsets, others: Sequence[Offsets], body: str, earlier: EarlierTexts
) -> Binding:
    """Of links that were made before they held words."""
    if not _fits(body, span):
        return _found(None, [], ("", "unfit"))
    doubtful = not link.version and bool(earlier.versions())
    return Binding(cited=spans(span, others), finding="unsure" if doubtful else "")


def _changed(link: CitedLink, body: str, earlier: EarlierTexts) -> Binding:
    """The words of another version; where the link does not hold them, that version may."""
    span, words = link.span, link.words
    kept = earlier.of(link.version)
    before = earlier.text(kept) if kept else ""
    others = [
        locate(body, _said(before, pair), pair[0]) for pair in parse_pairs(link.cites) if _fits(before, pair)
    ]
    still = [found for found in others if found]
    if span is None:
        return Binding(cited=spans(None, still))
    if words is None and _fits(before, span) and before[slice(*span)].strip():
        words = _said(before, span)
    if words is None:
        return _found(None, [], ("", "unfit"), kept)
    kept = kept or earlier.saying(words, span)
    return _found(locate(body, words, span[0]), still, ("moved", "gone"), kept)


def _said(text: str, span: Offsets) -> QuotedWords:
    return QuotedWords(beginning=text[slice(*span)])


def _fits(text: str, span: Offsets) -> bool:
    """Whether offsets lie within a text, and between its words."""
    return span[1] <= len(text) and not (cuts_word(text, span[0]) or cuts_word(text, span[1]))
