"""A document's text as HTML: paragraphs and headings with their offsets, page numbers, marked citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlencode

from assistant.web.answer import glossed
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.viewer.document_view import CitedSpans, DocumentView, Offsets, Paragraph, split_paragraphs
from ingest.text.tables import Table, table_in

_GAP = 1_000  # a citation may begin with this many characters of white space


def article(view: DocumentView, cited: CitedSpans, words: Words) -> Html:
    """The text in its parts; of a long text only the part with the current citation, the others are fetched later."""
    current = view.part_at(cited.current_span[0] if cited.current_span else 0)
    elements = [
        _part(view, number, cited, words)
        if number == current or not view.is_long
        else _placeholder(view, number, query(view, cited, cited.current), words)
        for number in range(len(view.parts))
    ]
    return element("article", *elements, id="text", lang=view.record.language or None, dir="auto")


def _part(view: DocumentView, number: int, cited: CitedSpans, words: Words) -> Html:
    return element("section", fragment(view, number, cited, words), **_part_attributes(view, number))


def fragment(view: DocumentView, number: int, cited: CitedSpans, words: Words) -> Html:
    """The paragraphs of one part."""
    start, end = view.parts[number]
    return join(_paragraphs(view, start, end, cited, words))


def _placeholder(view: DocumentView, number: int, here: str, words: Words) -> Html:
    """A part that the script fetches when it is nearly visible; without scripts a link to it."""
    label = words("part_of", n=words.number(number + 1), total=words.number(len(view.parts)))
    address = f"{view.record.id}/parts/{number}{here}"
    link = element("p", element("a", text(label), href=address), class_="absent")
    return element("section", link, data_part=address, **_part_attributes(view, number))


def _part_attributes(view: DocumentView, number: int) -> dict[str, str | int | None]:
    start, end = view.parts[number]
    return {"class_": "part", "data_from": start, "data_to": end, "data_page": view.record.page_at(start)}


def _paragraphs(view: DocumentView, start: int, end: int, cited: CitedSpans, words: Words) -> Iterator[Html]:
    title = view.record.title
    pages = [(number, at) for number, at in enumerate(view.record.page_starts, 1) if start <= at < end]
    for paragraph in split_paragraphs(view.body, start, end):
        while pages and pages[0][1] <= paragraph.start:
            yield _page_mark("p", pages.pop(0)[0], words)
        inside = [page for page in pages if page[1] < paragraph.end]
        del pages[: len(inside)]
        content = view.body[paragraph.start : paragraph.end]
        if paragraph.start == 0 and content == title and not _has_citation(paragraph, cited):
            continue  # the page's own heading is the same
        table = table_in(view.body, paragraph.start, paragraph.end)
        if table is not None:
            yield from (_page_mark("p", number, words) for number, _ in inside)
            yield _table(view, table, cited, words)
            continue
        tag = "h2" if content in view.headings else "p"
        said = _time_mark(view, paragraph)
        content_language = _other_language(view, paragraph.start)
        pieces = _pieces(view, paragraph, cited, inside, words)
        yield element(tag, said, *pieces, lang=content_language, data_start=paragraph.start)
    for number, _ in pages:  # pages without text
        yield _page_mark("p", number, words)


def _other_language(view: DocumentView, offset: int) -> str | None:
    """The language at ``offset`` where it is not the document's."""
    language = view.record.language_at(offset)
    return language if language != view.record.language else None


def _table(view: DocumentView, table: Table, cited: CitedSpans, words: Words) -> Html:
    """A table whose cells have their offsets; where it is wider than the page, it is scrolled by itself."""
    rows = [element("tr", *_cells(view, table, number, cited, words)) for number in range(len(table.rows))]
    head = element("thead", rows[0]) if table.headed else NOTHING
    body = element("tbody", *rows[1:]) if table.headed else element("tbody", *rows)
    return element(
        "div",
        element("table", head, body),
        class_="table",
        lang=_other_language(view, table.rows[0][0].start),
        role="region",
        tabindex=0,
        aria_label=words("table"),
    )


def _cells(view: DocumentView, table: Table, number: int, cited: CitedSpans, words: Words) -> Iterator[Html]:
    names_columns = table.headed and number == 0
    tag, scope = ("th", "col") if names_columns else ("td", None)
    for cell in table.rows[number]:
        content = _pieces(view, Paragraph(cell.start, cell.end), cited, (), words)
        yield element(tag, *content, scope=scope, data_start=cell.start)


def _has_citation(paragraph: Paragraph, cited: CitedSpans) -> bool:
    return any(start < paragraph.end and paragraph.start < end for start, end in cited.spans)


def _pieces(
    view: DocumentView, paragraph: Paragraph, cited: CitedSpans, pages: Sequence[Offsets], words: Words
) -> Iterator[Html]:
    """A paragraph's text with its citations marked, and the numbers of pages that begin within it."""
    begins = {start: number for number, start in pages}
    edges = {cut for span in cited.spans for cut in span if paragraph.start < cut < paragraph.end}
    for start, end in pairwise(sorted({paragraph.start, paragraph.end, *begins, *edges})):
        if start in begins:
            yield _page_mark("span", begins[start], words)
        number = cited.number_at(start)
        if number is None:
            yield text(view.body[start:end])
        else:
            yield _mark(view, (start, end), cited, number, words)


def _mark(view: DocumentView, piece: Offsets, cited: CitedSpans, number: int, words: Words) -> Html:
    """A cited piece; the first one of the current citation has the id that the link's fragment names."""
    start, end = piece
    begin = cited.spans[number][0]
    first = start - begin < _GAP and not view.body[begin:start].strip(" \t\n|")
    current = number == cited.current
    return glossed.quote(
        "mark",
        view.body[start:end],
        (view.record.language_at(start), words.language),
        words,
        id="cited" if first and current else None,
        class_="current" if current else None,
        data_cite=number + 1,
    )


def _page_mark(tag: str, number: int, words: Words) -> Html:
    return element(tag, text(words("page", n=number)), class_="page", id=f"page-{number}", data_page=number)


def _time_mark(view: DocumentView, paragraph: Paragraph) -> Html:
    """When a paragraph of a transcript begins; it is no part of the text, so it is not copied with it."""
    moment = view.record.time_at(paragraph.start)
    return element("span", text(moment), class_="time") if moment else NOTHING


def citation_steps(view: DocumentView, cited: CitedSpans, words: Words) -> Html:
    """Links to the previous and next citation, if there are several."""
    if len(cited.spans) < 2:
        return NOTHING
    total, current = len(cited.spans), cited.current
    position = element(
        "span",
        text(words("citation_of", n=current + 1, total=total)),
        id="citation",
        role="status",
        data_now=current + 1,
        data_total=total,
        data_words=words("citation_of", n="%1", total="%2"),
        data_spans=" ".join(f"{start}-{end}" for start, end in cited.spans),
    )
    links = [
        element(
            "a",
            text(sign),
            href=f"{query(view, cited, (current + step) % total)}#cited",
            class_=f"step {name}",
            aria_label=words(f"{name}_citation"),
            title=words(f"{name}_citation"),
        )
        for name, sign, step in (("previous", "↑", -1), ("next", "↓", 1))
    ]
    return element("div", position, *links, class_="citations", role="group", aria_label=words("citations"))


def query(view: DocumentView, cited: CitedSpans, number: int) -> str:
    """The query of this page's address at a citation, with its question mark: the same text, at the same words."""
    version = {"version": view.version} if view.version else {}
    fields: list[tuple[str, object]] = [*version.items(), *([("earlier", 1)] if view.earlier else [])]
    if cited.spans:
        start, end = cited.spans[number]
        fields += [("start", start), ("end", end)]
        fields += [("cite", f"{start}-{end}") for start, end in cited.spans]
    return f"?{urlencode(fields)}" if cited.spans or view.earlier else ""
