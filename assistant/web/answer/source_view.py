"""A citation as the pages show it: the quote within its passage, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote_plus

from assistant.answering.turns import turn_at
from assistant.citation_links import place, viewer_link
from assistant.speech import attribution_of
from assistant.time_expressions.finding import TimeExpression
from assistant.time_expressions.quoted import days_of
from assistant.types import Attribution, Citation, CopyPlace, Hit
from ingest.text.sentences import sentence_spans
from ingest.text.tables import columns_at
from ingest.types import Record

# Code points of the passage that a source card shows on either side of the quote, at most.
CONTEXT = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """Another copy of a story, and where it says the same; the browser stores these fields, so their names stay."""

    title: str
    place: str
    published: date | None
    quote: str
    document_id: str
    start: int
    end: int
    version: str

    @property
    def href(self) -> str:
        """The viewer's address at these words, relative to the site's root."""
        return viewer_link(self.document_id, self.start, self.end, self.version, self.quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """What a source card shows; the browser stores these fields, so their names stay.

    ``before`` and ``after`` are the passage around the quote. ``start`` and ``end`` are offsets of the quote in code
    points of the document's text, ``version`` is that of the text, empty in conversations of earlier releases.
    ``columns`` are the names of the columns of a table in which it stands.
    ``doubtful`` says that the lines of its page may not be in the order in which they are read, ``recognised`` that it was
    recognised in a scan.
    ``translation`` is the language model's translation of the quote. ``speaker`` says the quote, by the label of its
    turn in an interview or minutes; ``unlabelled`` is the quote without that label. Both are empty where there is none.
    ``also_in`` are other copies of the story. ``days`` are the expressions of time in the quote whose days are not written there.
    """

    number: int
    title: str
    place: str
    published: date | None
    page: int | None
    language: str
    before: str
    quote: str
    after: str
    document_id: str
    start: int
    end: int
    translation: str = ""
    version: str = ""
    authors: tuple[str, ...] = ()
    speaker: str = ""
    unlabelled: str = ""
    columns: tuple[str, ...] = ()
    also_in: tuple[CopyView, ...] = ()
    doubtful: bool = False
    recognised: bool = False
    time: str = ""
    attribution: Attribution | None = None
    days: tuple[TimeExpression, ...] = ()

    @property
    def href(self) -> str:
        """The viewer's address at the quote, relative to the site's root."""
        return viewer_link(self.document_id, self.start, self.end, self.version, self.quote)


def view_citation(citation: Citation, text_of: Callable[[Record], str]) -> SourceView:
    """A citation as a source; its quote may begin before its passage or end after it."""
    record, text = citation.document, text_of(citation.document)
    start, end = min(citation.passage.start, citation.start), max(citation.passage.end, citation.end)
    return SourceView(
        number=citation.number,
        title=record.title or place(record),
        place=place(record),
        published=record.published,
        page=citation.page,
        language=citation.language,
        before=_last_sentences(text[start : citation.start].lstrip(), citation.language),
        quote=citation.quote,
        after=_first_sentences(text[citation.end : end].rstrip(), citation.language),
        document_id=record.id,
        start=citation.start,
        end=citation.end,
        translation=citation.translation,
        version=citation.version,
        authors=record.authors,
        columns=columns_at(text, citation.start, citation.end),
        also_in=copy_views(citation.also_in),
        doubtful=record.order_doubtful(citation.start, citation.end),
        recognised=record.recognised(citation.start, citation.end),
        time=citation.time,
        attribution=attribution_of(citation),
        days=tuple(one for one in days_of(citation) if one.how != "written"),
        **_spoken(text, citation.start, citation.end),
    )


def copy_views(copies: Iterable[CopyPlace]) -> tuple[CopyView, ...]:
    return tuple(map(_view_copy, copies))


def _view_copy(copy: CopyPlace) -> CopyView:
    record = copy.document
    return CopyView(
        title=record.title or place(record),
        place=place(record),
        published=record.published,
        quote=copy.quote,
        document_id=record.id,
        start=copy.start,
        end=copy.end,
        version=record.text_version,
    )


def speaker_link(name: str) -> str:
    """The page of statements with somebody chosen, relative to the site's root."""
    return f"statements?speaker={quote_plus(name)}"


def _spoken(text: str, start: int, end: int) -> dict[str, str]:
    turn = turn_at(text, start)
    if turn is None or turn.start >= end:
        return {}
    return {"speaker": turn.speaker, "unlabelled": text[turn.start : end] if turn.start > start else ""}


def view_hit(number: int, hit: Hit) -> SourceView:
    """A passage that was retrieved but not cited, as a source whose quote is the whole passage."""
    record, passage = hit.document, hit.passage
    quote = passage.text.strip()
    start = passage.start + passage.text.index(quote)
    return SourceView(
        number=number,
        title=record.title or place(record),
        place=place(record),
        published=record.published,
        page=record.page_at(start),
        language=hit.language,
        before="",
        quote=quote,
        after="",
        document_id=record.id,
        start=start,
        end=start + len(quote),
        version=record.text_version,
        authors=record.authors,
        doubtful=record.order_doubtful(start, start + len(quote)),
        recognised=record.recognised(start, start + len(quote)),
        time=record.time_at(start),
    )


def _last_sentences(before: str, language: str) -> str:
    """The last whole sentences within `CONTEXT`; an ellipsis stands for the rest."""
    starts = [span.start for span in sentence_spans(before, language) if len(before) - span.start <= CONTEXT]
    cut = min(starts, default=len(before))
    return before if cut == 0 else "… " + before[cut:]


def _first_sentences(after: str, language: str) -> str:
    """The first whole sentences within `CONTEXT`; an ellipsis stands for the rest."""
    cut = max((span.end for span in sentence_spans(after, language) if span.end <= CONTEXT), default=0)
    return after if cut == len(after) else f"{after[:cut].rstrip()} …"
