"""A citation as the reader sees it: the quote within its passage, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import quote as url_quoted
from urllib.parse import urlsplit

from assistant.types import Citation, Hit
from ingest.text.sentences import sentence_spans
from ingest.types import Record

# How much of the passage a card shows on either side of the quote, in code points.
CONTEXT = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """What a source card shows. ``before`` and ``after`` are what its passage says around the quote.

    ``start`` and ``end`` count code points of the text of the document ``document_id``; ``translation`` is of the
    quote, the language model's.
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

    @property
    def href(self) -> str:
        """The viewer's address at the quote, relative to the site's root."""
        return viewer_link(self.document_id, self.start, self.end)


def source(citation: Citation, text_of: Callable[[Record], str]) -> SourceView:
    """The citation's quote within its passage, which a quote may begin before or end after."""
    record, text = citation.document, text_of(citation.document)
    start, end = min(citation.passage.start, citation.start), max(citation.passage.end, citation.end)
    return SourceView(
        number=citation.number,
        title=record.title or place(record),
        place=place(record),
        published=record.published,
        page=citation.page,
        language=record.language,
        before=_ending(text[start : citation.start].lstrip(), record.language),
        quote=citation.quote,
        after=_beginning(text[citation.end : end].rstrip(), record.language),
        document_id=record.id,
        start=citation.start,
        end=citation.end,
        translation=citation.translation,
    )


def nearby(number: int, hit: Hit) -> SourceView:
    """A passage that came close, whole, as a source."""
    record, passage = hit.document, hit.passage
    return SourceView(
        number=number,
        title=record.title or place(record),
        place=place(record),
        published=record.published,
        page=record.page_at(passage.start),
        language=record.language,
        before="",
        quote=passage.text.strip(),
        after="",
        document_id=record.id,
        start=passage.start,
        end=passage.end,
    )


def _ending(before: str, language: str) -> str:
    """The last whole sentences that fit; an ellipsis stands for what is left out."""
    fitting = [span.start for span in sentence_spans(before, language) if len(before) - span.start <= CONTEXT]
    cut = min(fitting, default=len(before))
    return before if cut == 0 else "… " + before[cut:]


def _beginning(after: str, language: str) -> str:
    """The first whole sentences that fit; an ellipsis stands for what is left out."""
    cut = max((span.end for span in sentence_spans(after, language) if span.end <= CONTEXT), default=0)
    return after if cut == len(after) else f"{after[:cut].rstrip()} …"


def place(record: Record) -> str:
    """Where a document comes from, in short: the site of a web page, the name of a file."""
    address = web_address(record.source)
    if address is not None:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    return PurePosixPath(record.source.replace("\\", "/")).name or record.source


def web_address(origin: str) -> str | None:
    """The origin where it is a link that may be followed, else None."""
    return origin if origin.lower().startswith(("http://", "https://")) else None


def viewer_link(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """The viewer's address for a document, at a sentence where one is given."""
    at = "" if start is None else f"?start={start}&end={end}#cited"
    return f"documents/{url_quoted(document_id, safe='')}{at}"
