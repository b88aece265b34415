"""Splitting a document into passages: aligned to sentences and to changes of language, measured in the embedder's own tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from ingest.text.languages import ForeignStretch, foreign_stretches, other_language
from ingest.text.sentences import Span, sentence_spans, trimmed_sentences
from ingest.text.tables import headed_tables
from ingest.types import Document, Passage, page_at

CountTokens = Callable[[Sequence[str]], list[int]]

# What a passage may use of the model's window; the rest is for its context (title and heading).
CONTEXT_TOKENS = 48


def split(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """The passages of ``document``: they partition its text, none longer than the model reads.

    ``count_tokens`` counts each text as the model reads it, special tokens included;
    ``max_tokens`` is the model's window.
    """
    tables = list(headed_tables(document.text))
    longest = max(count_tokens([_row(document, row) for row, _ in tables]), default=0) if tables else 0
    limit = max(8, max_tokens - min(CONTEXT_TOKENS + longest, max_tokens // 4))
    pieces = _within(document.text, sentence_spans(document.text, document.language), count_tokens, limit)
    foreign = _foreign(document)
    spans = _group(document, pieces, foreign, count_tokens, limit)
    spans = _within(document.text, spans, count_tokens, limit)
    return [
        _passage(document, number, span, _columns(document, tables, span.start), foreign)
        for number, span in enumerate(spans)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedText:
    """What is embedded for a passage, and where in it the passage's sentences stand, in code points."""

    text: str
    sentences: tuple[Span, ...]


def embedded_texts(
    title: str, passages: Sequence[Passage], count_tokens: CountTokens, max_tokens: int
) -> list[EmbeddedText]:
    """What is embedded for each passage: title and heading before its text, as far as the model reads.

    The context is left out where it does not fit: the text itself is never cut.
    """
    contexts = [_contexts(title, passage) for passage in passages]
    texts = [passage.text.strip() for passage in passages]
    chosen = [""] * len(passages)
    for length in range(max(map(len, contexts), default=0), 0, -1):
        open_ = [
            number for number, longer in enumerate(contexts) if not chosen[number] and len(longer) >= length
        ]
        counts = count_tokens([contexts[number][length - 1] + texts[number] for number in open_])
        for number, tokens in zip(open_, counts, strict=True):
            if tokens <= max_tokens:
                chosen[number] = contexts[number][length - 1]
    return [_embedded(context, passage) for context, passage in zip(chosen, passages, strict=True)]


def _contexts(title: str, passage: Passage) -> list[str]:
    """The lines that may stand before a passage's text, the fewest first: its document's title and its heading, then the
    names of its table's columns; none says the same as another."""
    found: list[str] = []
    for said in ((title, passage.section), (title, passage.section, passage.columns)):
        lines = dict.fromkeys(line.strip() for line in said)
        text = "".join(f"{line}\n" for line in lines if line and line != passage.text.strip())
        if text and text not in found:
            found.append(text)
    return found


def _embedded(context: str, passage: Passage) -> EmbeddedText:
    blank = len(passage.text) - len(passage.text.lstrip())
    shift = len(context) - blank
    return EmbeddedText(
        text=context + passage.text.strip(),
        sentences=tuple(Span(start + shift, end + shift) for start, end in passage.sentences),
    )


def _within(text: str, spans: Sequence[Span], count: CountTokens, limit: int) -> list[Span]:
    """The spans, each longer than ``limit`` tokens cut in halves, at a space where there is one."""
    counts = count([text[span.start : span.end] for span in spans])
    fitting: list[Span] = []
    for span, tokens in zip(spans, counts, strict=True):
        if tokens <= limit or span.end - span.start < 2:
            fitting.append(span)
        else:
            middle = _middle(text, span)
            fitting.extend(_within(text, [Span(span.start, middle), Span(middle, span.end)], count, limit))
    return fitting


def _middle(text: str, span: Span) -> int:
    """Where to cut a span: after the white space nearest to its middle, else at the middle."""
    half = (span.start + span.end) // 2
    left = text.rfind(" ", span.start + 1, half) + 1
    right = text.find(" ", half, span.end - 1) + 1
    options = [position for position in (left, right) if span.start < position < span.end]
    return min(options, key=lambda position: abs(position - half)) if options else half


def _group(
    document: Document,
    spans: Sequence[Span],
    foreign: Sequence[ForeignStretch],
    count: CountTokens,
    limit: int,
) -> list[Span]:
    """Neighbouring spans joined up to ``limit`` tokens, evenly, never across a heading or a change of language."""
    counts = count([document.text[span.start : span.end] for span in spans])
    changes = (edge for stretch in foreign for edge in (stretch.start, stretch.end))
    breaks = sorted({*(heading.start for heading in document.headings), *changes})
    grouped: list[Span] = []
    for section in _sections(spans, counts, breaks):
        grouped.extend(_even(section, limit))
    return grouped


def _foreign(document: Document) -> list[ForeignStretch]:
    """The stretches in another language, each with the heading right before it."""
    headings = {heading.start + len(heading.text): heading.start for heading in document.headings}
    return [
        replace(stretch, start=headings.get(len(document.text[: stretch.start].rstrip()), stretch.start))
        for stretch in foreign_stretches(document.text, document.language)
    ]


def _sections(
    spans: Sequence[Span], counts: Sequence[int], breaks: Sequence[int]
) -> Iterator[list[tuple[Span, int]]]:
    section: list[tuple[Span, int]] = []
    for span, tokens in zip(spans, counts, strict=True):
        if section and bisect_left(breaks, span.end) > bisect_left(breaks, span.start):
            yield section
            section = []
        section.append((span, tokens))
    if section:
        yield section


def _even(section: Sequence[tuple[Span, int]], limit: int) -> Iterator[Span]:
    """Groups of about the same size: a section a little over the limit gives two halves, not a scrap."""
    left = sum(tokens for _, tokens in section)
    start, filled, share = section[0][0].start, 0, left / ceil(left / limit)
    for (span, tokens), following in zip(section, [*section[1:], None], strict=True):
        filled += tokens
        left -= tokens
        if following is None:
            yield Span(start, span.end)
        elif filled + following[1] > limit or filled + following[1] / 2 > share:
            yield Span(start, span.end)
            start, filled, share = span.end, 0, left / ceil(left / limit)


def _passage(
    document: Document, number: int, span: Span, columns: str, foreign: Sequence[ForeignStretch]
) -> Passage:
    text = document.text[span.start : span.end]
    within = (stretch.language for stretch in foreign if stretch.start <= span.start < stretch.end)
    language = next(within, "") or other_language(text, document.language)
    return Passage(
        id=f"{document.id}-{number:05}",  # `records.versioned` gives it the one it is stored by
        document_id=document.id,
        text=text,
        start=span.start,
        end=span.end,
        page=page_at(document.page_starts, span.start),
        heading=f"{_heading(document, span)}\n{columns}" if columns else _heading(document, span),
        sentences=tuple(
            (part.start, part.end) for part in trimmed_sentences(text, language or document.language)
        ),
        language=language,
    )


def _heading(document: Document, span: Span) -> str:
    """The last heading at or before the passage's end of its first line."""
    starts = [heading.start for heading in document.headings]
    index = bisect_right(starts, span.start) - 1
    return document.headings[index].text if index >= 0 else ""


def _row(document: Document, row: Span) -> str:
    """A row of a table in one line."""
    return " ".join(document.text[row.start : row.end].split())


def _columns(document: Document, tables: Sequence[tuple[Span, Span]], start: int) -> str:
    """The row with the names of the columns of the table that ``start`` is in, below that row; else empty."""
    index = bisect_right(tables, start, key=lambda found: found[1].start) - 1
    if index < 0:
        return ""
    row, table = tables[index]
    return _row(document, row) if row.end <= start < table.end else ""
