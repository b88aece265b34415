"""The quotes in a file: the words, and what the file says of where they are from. Pure.

In a text a quote belongs to the link that opens it: it stands before it in the same paragraph, in the paragraph that has the mark of
its footnote, or in the one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.language.quotation_marks import MARKS
from assistant.passports.blocks import (
    TextBlock,
    TextLink,
    html_blocks,
    markdown_blocks,
    plain_blocks,
    word_blocks,
)
from assistant.passports.identity import CarriedIdentity, carried_quote, in_address
from assistant.passports.metadata import NOTHING_SAID, of_note
from assistant.passports.records import is_bibtex, is_ris, read_bibtex, read_json, read_ris
from assistant.passports.types import CarriedMetadata, CarriedQuote
from assistant.passports.wording import said_in
from ingest.loaders.text import decode

MOST_QUOTES = 5_000
_SIGNS = re.escape(
    "".join(sorted({*"".join("".join(four) for four in MARKS.values()), *"\"'‹›"} - {"\u202f"}))
)
_OPENS, _CLOSES = re.compile(f"[{_SIGNS}]"), re.compile(f"[{_SIGNS}]+")
_NUMBERED = re.compile(r"\[(\d{1,6})\]")
_HTML = re.compile(r"<(?:!doctype|html|[a-z]+[1-6]?[\s>])", re.I)
_MOST_ENDS = 12  # marks that may close a quotation
_LONGEST = 20_000  # characters of a quotation in marks
_ENDING = 500  # characters of a paragraph's end that have the markers of its citations
_BEGINNING = 2_000  # characters by which a text's form is told


def carried_in(data: bytes, name: str = "") -> list[CarriedQuote]:
    """The first `MOST_QUOTES` quotes of a file, whose form is told by its name, or else by what it is.

    Raises `BadQuestion` or a `SourceError` where it cannot be read.
    """
    if data.startswith(b"PK"):
        return _in_blocks(word_blocks(data, name or "file.docx"))
    text = decode(data, name)
    read = {
        "json": lambda: read_json(text),
        "ris": lambda: read_ris(text),
        "bib": lambda: read_bibtex(text),
        "html": lambda: _in_blocks(html_blocks(text)),
        "md": lambda: _in_blocks(markdown_blocks(text)),
        "txt": lambda: _in_blocks(plain_blocks(text)),
    }
    form = _form(name, text.lstrip("\ufeff \t\r\n")[:_BEGINNING]) or ("md" if "](" in text else "txt")
    return read[form]()[:MOST_QUOTES]


def _form(name: str, beginning: str) -> str:
    """The form by a file's suffix, or by its beginning; empty for a text that may be Markdown or not."""
    suffix = name.lower().rpartition(".")[2] if "." in name else ""
    known = {"jsonl": "json", "htm": "html", "xhtml": "html", "bibtex": "bib", "markdown": "md"}
    suffix = known.get(suffix, suffix)
    if suffix in ("json", "ris", "bib", "html", "md", "txt"):
        return suffix
    if beginning.startswith(("{", "[{", "[\n", "[ ")):
        return "json"
    if is_ris(beginning):
        return "ris"
    if is_bibtex(beginning):
        return "bib"
    return "html" if _HTML.match(beginning) else ""


def _in_blocks(blocks: Sequence[TextBlock]) -> list[CarriedQuote]:
    found = (quote for at in range(len(blocks)) for quote in _in_block(blocks, at))
    return list(islice(found, MOST_QUOTES))


def _in_block(blocks: Sequence[TextBlock], at: int) -> Iterator[CarriedQuote]:
    """The quotes that the links of a paragraph lead to: the words belong to the first link, further ones stand alone."""
    block = blocks[at]
    where, first = block.note or str(at + 1), True
    for link in block.links:
        identity = in_address(link.address)
        if identity is None:
            continue
        words, in_marks = _words(block, link.start, blocks[:at]) if first else ((), False)
        details = _details(block.text[link.start :]) if first else None
        said = _metadata(block, link) if first else NOTHING_SAID
        first = False
        quote = carried_quote(where, words, (identity, details), in_marks=in_marks, metadata=said)
        if quote:
            yield quote


def _words(block: TextBlock, until: int, above: Sequence[TextBlock]) -> tuple[tuple[str, ...], bool]:
    """What may be the quote of a link that begins at ``until``, the likeliest first, and whether it stands in marks."""
    before = block.text[:until].strip()
    number = _NUMBERED.match(before)
    if number:
        before = before[number.end() :].strip()
    if _OPENS.match(before):
        return _between_marks(before), True
    if block.note:
        told = next((one for one in above if block.note in one.marks), None)
        return _of_paragraph(told)
    if number:
        ending = re.compile(rf"(?:\[\d+\])*{re.escape(number[0])}(?:\[\d+\])*(?:\s*\([^()]*\))?\s*$")
        marked = (one for one in reversed(above) if not one.links and ending.search(one.text[-_ENDING:]))
        return _of_paragraph(next(marked, None))
    return _of_paragraph(above[-1]) if above and above[-1].quotes else ((), False)


def _of_paragraph(block: TextBlock | None) -> tuple[tuple[str, ...], bool]:
    """The quote that a paragraph is: set apart as one, or in quotation marks; none in any other."""
    if block is None:
        return (), False
    text = block.text.strip()
    if block.quotes:
        return (text,), False
    return (_between_marks(text), True) if _OPENS.match(text) else ((), False)


def _between_marks(text: str) -> tuple[str, ...]:
    """A text's beginning up to each mark that may close its quotation; first those that a dash or a parenthesis follows."""
    text = text[:_LONGEST]
    ends = [mark.end() for mark in _CLOSES.finditer(text, 1)][-_MOST_ENDS:]
    ends.sort(key=lambda end: (not text[end:].lstrip().startswith(("—", "(", "[")), -end))
    return tuple(text[:end] for end in ends) or (text,)


def _metadata(block: TextBlock, link: TextLink) -> CarriedMetadata:
    before, after = block.text[: link.start], block.text[link.end :]
    return of_note(before, block.text[link.start : link.end], after)


def _details(after: str) -> CarriedIdentity:
    """What a note says beside its link: offsets and hash."""
    offsets = said_in("characters", (r"-?\d{1,11}", r"-?\d{1,11}"), after)
    sha256 = said_in("hash", (r"\w{1,128}",), after)
    return CarriedIdentity(
        start=int(offsets[0]) if offsets else None,
        end=int(offsets[1]) if offsets else None,
        sha256=sha256[0] if sha256 else "",
    )
