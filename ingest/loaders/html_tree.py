"""Text out of a tree of elements, through lxml: of web pages, and of what trafilatura makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.loaders.blocks import Block, one_line

# Tags of pages, and those that trafilatura writes in their place.
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_LISTS = frozenset({"ul", "ol", "list"})
_ITEMS = frozenset({"li", "item"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
# All other tags, unknown ones too, stand within a line.
_BLOCKS = _HEADINGS | _LISTS | _ITEMS | _ROWS | _CELLS | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "form", "header", "hgroup", "hr", "html", "legend", "main", "menu",
    "p", "pre", "quote", "section", "summary", "table", "tbody", "tfoot", "thead",
}  # fmt: skip
_UNSEEN = frozenset({
    "applet", "aside", "audio", "button", "canvas", "dialog", "footer", "frame", "frameset", "iframe",
    "input", "nav", "noscript", "object", "option", "script", "select", "style", "svg", "template",
    "textarea", "title", "video",
})  # fmt: skip
_SITE = ("nav", "aside", "footer", "form", "iframe", "button", "frameset")
_FEW_LINKS = 0.05  # of a document's characters
_LAYOUT_CELL = 1000  # characters; a table with more in a cell lays out the page
_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPACES_IN_LINE = re.compile(r"[ \t\r\f]+")
_AROUND_BREAK = re.compile(r" *\n *")


def parse(page: str) -> Any:
    """The root element of a page or a piece of one; None where it holds only comments or white space."""
    from lxml import etree, html  # type: ignore[import-untyped]  # it ships no types

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(page.encode(), parser=parser)
    except etree.ParserError:
        return None


def written(root: Any) -> str:
    """The page as HTML."""
    from lxml import html

    return str(html.tostring(root, encoding="unicode"))


def languages(root: Any) -> list[str]:
    """The languages that a page says it is in, the most reliable first."""
    if root is None:
        return []
    header = "//meta[translate(@http-equiv, 'CLT', 'clt')='content-language']/@content"
    return [root.get("lang", ""), *root.xpath(header), *root.xpath("//meta[@property='og:locale']/@content")]


def main_headings(root: Any) -> list[str]:
    """The words of every ``h1`` of a page."""
    return [] if root is None else [one_line(heading.text_content()) for heading in root.iter("h1")]


def is_plain(root: Any) -> bool:
    """Is this a document without a web site around it: no menus, no layout, hardly any links?"""
    if root is None or next(root.iter(*_SITE), None) is not None:
        return False
    if any(len(cell.text_content()) > _LAYOUT_CELL for cell in root.iter("td")):
        return False
    linked = sum(len(link.text_content()) for link in root.iter("a"))
    return bool(linked <= _FEW_LINKS * len(root.text_content()))


def body_blocks(root: Any) -> Iterator[Block]:
    """What a reader of the whole page sees, without menus, scripts and the like."""
    body = None if root is None else root.find("body")
    if body is not None:
        yield from blocks(body)


def blocks(root: Any) -> Iterator[Block]:
    """The text below ``root`` in order, one block for each paragraph, heading, list item and table row."""
    from lxml import etree

    writer = _Writer()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        seen = element.tag not in _UNSEEN
        if event == "start" and seen:
            yield from writer.open(element)
        elif event == "start":
            walk.skip_subtree()
        else:
            if seen:
                yield from writer.close(element)
            if element is not root:
                writer.write(element.tail)
    yield from writer.flush()


class _Writer:
    """Collects words until a block ends. Blocks inside a table row stay together in its line."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._lists: list[int | None] = []  # of every open list: the last number, None for bullets
        self._bullet = ""
        self._heading: Any = None
        self._row: Any = None
        self._verbatim: Any = None

    def open(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        verbatim = tag == "pre" or (tag == "code" and "\n" in (element.text or ""))
        yield from self._boundary(element, block=verbatim or tag in _BLOCKS)
        if tag in _LISTS:
            self._lists.append(0 if "ol" in (tag, element.get("rend")) else None)
        elif tag in _ITEMS:
            self._bullet = self._next_bullet()
        elif tag in _HEADINGS:
            self._heading = element
        elif tag in _ROWS and self._row is None and sum(child.tag in _CELLS for child in element) > 1:
            self._row = element
        elif verbatim and self._verbatim is None:
            self._verbatim = element
        self.write(element.text)

    def close(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag in _BREAKS:
            self._words.append(" " if self._row is not None else "\n")
        elif tag in _CELLS and self._row is not None and element.getparent() is self._row:
            self._words.append(" | ")
        yield from self._boundary(element, block=element is self._verbatim or tag in _BLOCKS)
        if tag in _LISTS and self._lists:
            self._lists.pop()
        elif tag in _ITEMS:
            self._bullet = ""
        self._heading = None if element is self._heading else self._heading
        self._verbatim = None if element is self._verbatim else self._verbatim

    def write(self, text: str | None) -> None:
        if text:
            self._words.append(text if self._verbatim is not None else _SPACES.sub(" ", text))

    def flush(self, *, row: bool = False) -> Iterator[Block]:
        words = "".join(self._words)
        self._words.clear()
        if row:
            words = _SPACES.sub(" ", words.rstrip().removesuffix("|"))
        elif self._verbatim is None:
            words = _AROUND_BREAK.sub("\n", _SPACES_IN_LINE.sub(" ", words)).strip()
        if words.strip(" |\n"):
            heading = self._heading is not None
            bullet = "" if heading else self._bullet
            group = "table" if row else "list" if self._lists else ""
            yield Block(text=bullet + words.strip("\n"), heading=heading, group=group)
            self._bullet = ""

    def _boundary(self, element: Any, *, block: bool) -> Iterator[Block]:
        """An element that is no part of a line ends the block before it; in a table only the row does."""
        if not block:
            return
        if element is self._row:
            self._row = None
            yield from self.flush(row=True)
        elif self._row is not None:
            self._words.append(" ")
        else:
            yield from self.flush()

    def _next_bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number + 1}. "
