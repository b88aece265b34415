"""A document's text as HTML: paragraphs and headings that know their offsets, pages, and marks for what is cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.viewer.sections import CitedSpan, DocumentView, Offsets, Paragraph, blocks

_GAP = 1_000  # characters of white space, at most, with which a citation begins


def article(shown: DocumentView, cited: CitedSpan, query: str, said: Words) -> Html:
    """The text in its parts; of a long one only the part with the citation, the others to be fetched."""
    here = shown.part_at(cited.at[0] if cited.at else 0)
    sections = [
        part(shown, number, cited, said)
        if number == here or not shown.is_long
        else _absent(shown, number, query, said)
        for number in range(len(shown.parts))
    ]
    return element("article", *sections, id="text", lang=shown.record.language or None, dir="auto")


def part(shown: DocumentView, number: int, cited: CitedSpan, said: Words) -> Html:
    return element("section", fragment(shown, number, cited, said), **_place(shown, number))


def fragment(shown: DocumentView, number: int, cited: CitedSpan, said: Words) -> Html:
    """The paragraphs of one part."""
    start, end = shown.parts[number]
    return join(_paragraphs(shown, start, end, cited, said))


def _absent(shown: DocumentView, number: int, query: str, said: Words) -> Html:
    """A part that is fetched when it comes near; without scripts, a link to it."""
    label = said("part_of", n=said.number(number + 1), total=said.number(len(shown.parts)))
    address = f"{shown.record.id}/parts/{number}{query}"
    link = element("p", element("a", text(label), href=address), class_="absent")
    return element("section", link, data_part=address, **_place(shown, number))


def _place(shown: DocumentView, number: int) -> dict[str, str | int | None]:
    start, end = shown.parts[number]
    return {"class_": "part", "data_from": start, "data_to": end, "data_page": shown.record.page_at(start)}


def _paragraphs(shown: DocumentView, start: int, end: int, cited: CitedSpan, said: Words) -> Iterator[Html]:
    title = shown.record.title
    pages = [(number, at) for number, at in enumerate(shown.record.page_starts, 1) if start <= at < end]
    for block in blocks(shown.body, start, end):
        while pages and pages[0][1] <= block.start:
            yield _page_mark("p", pages.pop(0)[0], said)
        inside = [page for page in pages if page[1] < block.end]
        del pages[: len(inside)]
        words = shown.body[block.start : block.end]
        if block.start == 0 and words == title and not _touched(block, cited):
            continue  # the page's own heading says it already
        tag = "h2" if words in shown.headings else "p"
        yield element(tag, *_pieces(shown.body, block, cited, inside, said), data_start=block.start)
    for number, _ in pages:  # pages without text
        yield _page_mark("p", number, said)


def _touched(block: Paragraph, cited: CitedSpan) -> bool:
    return any(start < block.end and block.start < end for start, end in cited.spans)


def _pieces(
    body: str, block: Paragraph, cited: CitedSpan, pages: Sequence[Offsets], said: Words
) -> Iterator[Html]:
    """A paragraph's text with what is cited marked, and the pages that begin in the midst of it."""
    begins = {start: number for number, start in pages}
    edges = {cut for span in cited.spans for cut in span if block.start < cut < block.end}
    for start, end in pairwise(sorted({block.start, block.end, *begins, *edges})):
        if start in begins:
            yield _page_mark("span", begins[start], said)
        number = cited.number_at(start)
        if number is None:
            yield text(body[start:end])
        else:
            yield _mark(body, start, end, cited, number)


def _mark(body: str, start: int, end: int, cited: CitedSpan, number: int) -> Html:
    """A cited piece; the first one of the current citation carries the id that a link scrolls to."""
    begin = cited.spans[number][0]
    first = start - begin < _GAP and not body[begin:start].strip()
    current = number == cited.current
    return element(
        "mark",
        text(body[start:end]),
        id="cited" if first and current else None,
        class_="current" if current else None,
        data_cite=number + 1,
    )


def _page_mark(tag: str, number: int, said: Words) -> Html:
    return element(tag, text(said("page", n=number)), class_="page", id=f"page-{number}", data_page=number)


def citations(cited: CitedSpan, said: Words) -> Html:
    """The way from citation to citation, where there are several."""
    if len(cited.spans) < 2:
        return NOTHING
    total, now = len(cited.spans), cited.current
    where = element(
        "span",
        text(said("citation_of", n=now + 1, total=total)),
        id="citation",
        role="status",
        data_now=now + 1,
        data_total=total,
        data_words=said("citation_of", n="%1", total="%2"),
    )
    ways = [
        element(
            "a",
            text(sign),
            href=link(cited, (now + step) % total),
            class_=f"step {name}",
            aria_label=said(f"{name}_citation"),
            title=said(f"{name}_citation"),
        )
        for name, sign, step in (("previous", "↑", -1), ("next", "↓", 1))
    ]
    return element("div", where, *ways, class_="citations", role="group", aria_label=said("citations"))


def link(cited: CitedSpan, number: int) -> str:
    """The address of this page at another citation."""
    return f"{query(cited, number)}#cited"


def query(cited: CitedSpan, number: int) -> str:
    """The question mark and what follows it in the address of this page at a citation."""
    if not cited.spans:
        return ""
    start, end = cited.spans[number]
    others = "".join(f"&cite={span[0]}-{span[1]}" for span in cited.spans)
    return f"?start={start}&end={end}{others}"
