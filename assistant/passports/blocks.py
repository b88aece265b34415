"""Files that are texts, as paragraphs with the links and the marks of footnotes in them: Markdown, HTML and Word. Pure.

What was exported here is read exactly; what other programs have made of it, as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from ingest.loaders.packages import Package, local

MOST_CHARACTERS = 8_000_000
_QUOTES = ("quote", "intensequote", "zitat", "intensiveszitat")


@dataclass(frozen=True, slots=True)
class TextLink:
    """A link, whose text is its paragraph's from ``start`` to ``end``; empty where there is none, or its end is not known."""

    start: int
    address: str
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A paragraph. ``note`` is the name of the footnote that it is, empty for others; ``marks`` are those whose marks it has."""

    text: str
    links: tuple[TextLink, ...] = ()
    marks: tuple[str, ...] = ()
    note: str = ""
    quotes: bool = False


@dataclass(slots=True)
class _Block:
    """A paragraph that is being read."""

    quotes: bool = False
    note: str = ""
    text: str = ""
    links: list[TextLink] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def done(self) -> TextBlock:
        return TextBlock(
            text=self.text,
            links=tuple(self.links),
            marks=tuple(self.marks),
            note=self.note,
            quotes=self.quotes,
        )


# -- Markdown and plain text ---------------------------------------------------------------------

_NOTE = re.compile(r"\[\^([^\]\s]{1,40})\]:[ \t]*")
_PIECE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\[\^(?P<mark>[^\]\s]{1,40})\]"
    r"|\[(?P<label>(?:\\.|[^\]\[\\]|\[\d+\])*)\]\((?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^()\s]*))\)"
)
_ALONE = re.compile(r"(?<=\n)https?://[^\s<>]+$", re.M)


def markdown_blocks(text: str) -> list[TextBlock]:
    """The paragraphs of Markdown."""
    return [_markdown_block(lines) for lines in _paragraphs(text)]


def plain_blocks(text: str) -> list[TextBlock]:
    """The paragraphs of a plain text, in which the address of a link stands in a line of its own below its paragraph."""
    whole = ["\n".join(lines) for lines in _paragraphs(text)]
    return [
        TextBlock(text=one, links=tuple(TextLink(at.start(), at[0]) for at in _ALONE.finditer(one)))
        for one in whole
    ]


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The lines of each paragraph; a footnote, and a quotation after what is none, begin another one."""
    lines: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text):
        bare = line.strip(" \t")
        begins = bool(_NOTE.match(bare)) or (
            bare.startswith(">") and bool(lines) and not lines[-1].startswith(">")
        )
        if lines and (not bare or begins):
            yield lines
            lines = []
        if bare:
            lines.append(bare)
    if lines:
        yield lines


def _markdown_block(lines: list[str]) -> TextBlock:
    block = _Block(quotes=all(line.startswith(">") for line in lines))
    written = "\n".join(line.lstrip("> ") if block.quotes else line for line in lines)
    if note := _NOTE.match(written):
        block.note, written = note[1], written[note.end() :]
    _read_markdown(written, block)
    return block.done()


def _read_markdown(written: str, block: _Block) -> None:
    at = length = 0
    texts: list[str] = []  # joined once: a text that grows piece by piece takes time with its square
    for piece in _PIECE.finditer(written):
        text = written[at : piece.start()] + (piece["escaped"] or "")
        at = piece.end()
        if piece["mark"]:
            block.marks.append(piece["mark"])
        elif piece["label"] is not None:
            label = _Block()
            _read_markdown(piece["label"], label)
            start, address = length + len(text), piece["angled"] or piece["bare"] or ""
            block.links.append(TextLink(start, address, start + len(label.text)))
            text += label.text
        texts.append(text)
        length += len(text)
    block.text = "".join([*texts, written[at:]])


# -- HTML ----------------------------------------------------------------------------------------

_BLOCKS = frozenset(
    {
        *(
            "p",
            "div",
            "li",
            "ul",
            "ol",
            "blockquote",
            "section",
            "article",
            "table",
            "tr",
            "td",
            "th",
            "dd",
            "dt",
        ),
        *(
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "pre",
            "body",
            "header",
            "footer",
            "figure",
            "figcaption",
            "main",
        ),
    }
)
_UNREAD = frozenset({"script", "style", "title", "template"})


class _HtmlBlocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[TextBlock] = []
        self._block = _Block()
        self._quotes = 0
        self._unread = 0
        self._marking = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.end()
            self._quotes += tag == "blockquote"
            name = attributes.get("id", "")
            self._block = _Block(quotes=self._quotes > 0, note=name if name.startswith("note-") else "")
        elif tag == "a":
            address = attributes.get("href", "")
            self._marking = address.startswith(("#note-", "#mark-"))
            if address.startswith("#note-"):
                self._block.marks.append(address[1:])
            elif not self._marking:
                self._block.links.append(TextLink(len(self._block.text), address))
        elif tag == "br":
            self._block.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        if tag in _BLOCKS:
            self.end()
            self._quotes -= tag == "blockquote" and self._quotes > 0
        elif tag == "a":
            if not self._marking and self._block.links and not self._block.links[-1].end:
                self._block.links[-1] = replace(self._block.links[-1], end=len(self._block.text))
            self._marking = False

    def handle_data(self, data: str) -> None:
        if not self._unread and not self._marking:
            self._block.text += data

    def end(self) -> None:
        if self._block.text.strip() or self._block.links:
            self.blocks.append(self._block.done())
        self._block = _Block(quotes=self._quotes > 0)


def html_blocks(text: str) -> list[TextBlock]:
    parser = _HtmlBlocks()
    parser.feed(text)
    parser.close()
    parser.end()
    return parser.blocks


# -- Word ----------------------------------------------------------------------------------------

_ADDRESS = re.compile(r'HYPERLINK\s+(?:\\\w\s+)*"([^"]+)"')


def word_blocks(data: bytes, name: str) -> list[TextBlock]:
    """The paragraphs of a .docx file and of its footnotes and endnotes. Raises `SourceError` where it can't be read."""
    package = Package(data, name, ".docx")
    blocks = _word_part(package, "word/document.xml", "")
    for kind in ("footnotes", "endnotes"):
        if package.part(f"word/{kind}.xml") is not None:
            blocks += _word_part(package, f"word/{kind}.xml", kind[:-1])
    return blocks


def _word_part(package: Package, part: str, kind: str) -> list[TextBlock]:
    """Of a part with notes, the paragraphs of each are one block; of the document, each is one."""
    root, addresses = package.needed(part), _addresses(package, part)
    if not kind:
        return [_word_block([one], addresses) for one in root.iter("{*}p")]
    notes = root.iter(f"{{*}}{kind}")
    return [_word_block(list(one.iter("{*}p")), addresses, f"{kind}-{_value(one, 'id')}") for one in notes]


def _word_block(paragraphs: list[Any], addresses: dict[str, str], note: str = "") -> TextBlock:
    block = _Block(note=note)
    for paragraph in paragraphs:
        for element in paragraph.iter():
            match local(element):
                case "pStyle":
                    block.quotes = block.quotes or _value(element, "val").lower() in _QUOTES
                case "t":
                    block.text += element.text or ""
                case "tab" | "br" | "cr":
                    block.text += " "
                case "hyperlink":
                    start, own = len(block.text), (one.text or "" for one in element.iter("{*}t"))
                    address = addresses.get(_value(element, "id"), "")
                    block.links.append(TextLink(start, address, start + len("".join(own))))
                case "instrText":
                    if found := _ADDRESS.search(element.text or ""):
                        block.links.append(TextLink(len(block.text), found[1]))
                case "footnoteReference" | "endnoteReference":
                    block.marks.append(f"{local(element).removesuffix('Reference')}-{_value(element, 'id')}")
                case _:
                    pass
        block.text += "\n"
    return block.done()


def _addresses(package: Package, part: str) -> dict[str, str]:
    folder, _, last = part.rpartition("/")
    root = package.tree(f"{folder}/_rels/{last}.rels")
    found = () if root is None else root.iter("{*}Relationship")
    return {one.get("Id", ""): one.get("Target", "") for one in found if one.get("TargetMode") == "External"}


def _value(element: Any, name: str) -> str:
    """An attribute, in whatever namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
