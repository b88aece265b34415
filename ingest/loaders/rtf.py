"""Rich Text Format, read by hand: the one maintained library for it keeps neither headings nor rows of tables.

What the control words mean is in Microsoft's specification, version 1.9.1. Unknown ones change nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.errors import DamagedSource, TooLarge
from ingest.loaders import metadata
from ingest.loaders.blocks import Block, compose, one_line
from ingest.types import Content

_START = re.compile(rb"\s*\{\\rtf")
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z'])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)|\\'?",
    re.S,
)
_MOST_OPEN = 10_000  # groups inside each other
_BREAKS = {"par", "sect", "page", "column", "pagebb"}
_CHARACTERS = {
    "line": "\n", "lbr": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "nestcell": " ", "nestrow": "\n",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n", b"{": "{", b"}": "}", b"\\": "\\"}
_SKIPPED = {
    "fldinst", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "colortbl",
    "listtable", "listoverridetable", "revtbl", "rsidtbl", "xmlnstbl", "nonshppict", "objdata", "sp", "filetbl", "operator",
    "keywords", "comment", "doccomm", "company", "subject", "category", "manager", "hlinkbase", "creatim", "revtim", "printim",
    "buptim", "nextfile", "template", "private", "xe", "tc", "tcn", "rxe", "bxe", "atnid", "atnauthor", "annotation", "do",
    "shprslt", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "userprops", "docvar", "themedata", "datastore",
}  # fmt: skip
_STARRED = {"shpinst", "ud", "shptxt", "fldrslt"}  # read although a reader may leave them out
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip
_HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre) ?\d|title|titel", re.I)
_TINY = 2  # half points


def load(data: bytes, name: str) -> Content:
    """The text with headings, lists and tables; title and author as the file says them."""
    if not _START.match(data[:100]):
        raise DamagedSource(name, "office_damaged", suffix=".rtf")
    reader = _Reader(data, name)
    text, headings = compose([*reader.blocks(), *reader.notes])
    said = {key: one_line("".join(words)) for key, words in reader.said.items()}
    return Content(
        text=text,
        media_type="application/rtf",
        title=metadata.title(said["title"], metadata.first(headings), text, name),
        authors=metadata.names([said["author"]]),
        headings=headings,
    )


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in the group that is open, until it ends."""

    place: str = "text"  # where words go: text, note, title, author, font, style, bullet; nowhere where empty
    outer: str = "text"
    hidden: bool = False
    deleted: bool = False
    size: int = 24
    font: int = -1
    after_unicode: int = 1  # characters that follow one in Unicode, for old programs


@dataclass(slots=True)
class _Paragraph:
    """The paragraph that is being read."""

    style: int = 0
    outlined: bool = False
    in_table: bool = False
    bullet: str = ""
    words: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name
        self.notes: list[Block] = []
        self.said: dict[str, list[str]] = {"title": [], "author": []}
        self._codepage = "cp1252"
        self._charsets: dict[int, str] = {}
        self._headings: set[int] = set()
        self._style, self._style_name = 0, ""
        self._state = _State()
        self._open: list[_State] = []
        self._paragraph = _Paragraph()
        self._cells: list[str] = []
        self._note: list[str] = []
        self._bytes = b""
        self._skip = 0

    def blocks(self) -> Iterator[Block]:
        """The paragraphs and rows in order; what is said of the file and its notes is there afterwards."""
        at, starred = 0, False
        while match := _TOKEN.match(self._data, at):
            at = match.end()
            if match["byte"]:
                self._byte(bytes([int(match["byte"], 16)]))
                continue
            if match["text"]:
                self._raw(match["text"])
                continue
            self._flush_bytes()
            if match["brace"]:
                yield from self._brace(match["brace"] == b"{")
                starred = False
            elif match["sign"]:
                starred = match["sign"] == b"*"
                self._write(_SIGNS.get(match["sign"], ""))
            elif match["word"]:
                word = match["word"].decode()
                number = None if match["number"] is None else int(match["number"])
                if word == "bin":
                    at += max(0, number or 0)
                else:
                    yield from self._word(word, number, starred)
                starred = False
        self._flush_bytes()
        yield from self._end_of_paragraph()
        yield from self._end_of_row()

    def _brace(self, opens: bool) -> Iterator[Block]:
        self._skip = 0  # what old programs would see instead ends with the group
        if opens:
            if len(self._open) > _MOST_OPEN:
                raise TooLarge(self._name, "memory")
            self._open.append(self._state)
            self._state = replace(self._state, outer=self._state.place)
        elif self._open:
            place = self._state.place
            self._state = self._open.pop()
            if place == "note" != self._state.place:
                self.notes.append(Block(text="".join(self._note)))
                self._note = []
        yield from ()

    def _word(self, word: str, number: int | None, starred: bool) -> Iterator[Block]:
        """What one control word does; ``number`` stands behind it."""
        state = self._state
        if starred and word not in _STARRED and word != "pn":
            self._state = replace(state, place="")
        elif self._goes_elsewhere(word):
            pass
        elif word in _BREAKS and state.place == "text":
            yield from self._end_of_paragraph()
        elif word == "cell" and state.place == "text":
            self._end_of_cell()
        elif word == "row" and state.place == "text":
            yield from self._end_of_row()
        elif word in _CHARACTERS or word == "par":
            self._write(_CHARACTERS.get(word, "\n"))
        elif word == "u" and number is not None:
            self._unicode(number)
        else:
            self._set(word, number)

    def _goes_elsewhere(self, word: str) -> bool:
        """Whether the word says where what follows belongs."""
        places = {
            "footnote": "note", "title": "title", "author": "author", "fonttbl": "font", "stylesheet": "style",
            "listtext": "bullet", "pntext": "bullet", "info": "", "upr": "",
        }  # fmt: skip
        place = places.get(word)
        if word in ("title", "author") and self._state.place != "":
            return False  # outside of what is said of the file
        if word == "ud":
            place = self._open[-1].outer if self._open else "text"
        if word in _SKIPPED:
            place = ""
        if place is None or (not self._state.place and word not in ("title", "author", "ud")):
            return False
        self._state = replace(self._state, place=place)
        return True

    def _set(self, word: str, number: int | None) -> None:
        """What holds from here on."""
        paragraph, state = self._paragraph, self._state
        on = number != 0
        match word:
            case "pard":
                self._paragraph = _Paragraph(words=paragraph.words, bullet=paragraph.bullet)
            case "intbl":
                paragraph.in_table = True
            case "s" if state.place == "style":
                self._style = number or 0
            case "s":
                paragraph.style = number or 0
            case "outlinelevel" if state.place == "style":
                self._headings |= {self._style} if (number or 0) < 9 else set()
            case "outlinelevel":
                paragraph.outlined = (number or 0) < 9
            case "v":
                self._state = replace(state, hidden=on)
            case "deleted":
                self._state = replace(state, deleted=on)
            case "fs":
                self._state = replace(state, size=number or 0)
            case "plain":
                self._state = replace(state, hidden=False, deleted=False, size=24)
            case "f":
                self._state = replace(state, font=number or 0)
            case "fcharset" if state.place == "font" and number in _CHARSETS:
                self._charsets[state.font] = _CHARSETS[number]
            case "cpg" if state.place == "font":
                self._charsets[state.font] = f"cp{number}"
            case "uc":
                self._state = replace(state, after_unicode=min(number or 0, 10) if number is not None else 1)
            case "ansicpg" if number:
                self._codepage = f"cp{number}"
            case "mac" | "pc" | "pca":
                self._codepage = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]

    def _raw(self, text: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(text))
            self._skip -= skipped
            text = text[skipped:]
        if text.isascii() and not self._bytes:
            self._write(text.decode("ascii"))
        else:
            self._bytes += text

    def _byte(self, byte: bytes) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes += byte

    def _flush_bytes(self) -> None:
        """Letters of more than one byte are complete only when something else follows."""
        if self._bytes:
            encoding = self._charsets.get(self._state.font, self._codepage)
            self._write(self._bytes.decode(encoding if _is_known(encoding) else "cp1252", "replace"))
            self._bytes = b""

    def _unicode(self, number: int) -> None:
        self._write(chr(number % 65_536))
        self._skip = self._state.after_unicode

    def _write(self, words: str) -> None:
        state = self._state
        if not words:
            return
        if state.place == "style":
            self._name_style(words)
        elif state.hidden or state.deleted or state.size <= _TINY:
            return
        elif state.place == "bullet":
            self._paragraph.bullet += words
        elif state.place == "note":
            self._note.append(words)
        elif state.place in self.said:
            self.said[state.place].append(words)
        elif state.place == "text":
            self._paragraph.words.append(words)

    def _name_style(self, words: str) -> None:
        self._style_name += words
        if ";" in words:
            if _HEADING_STYLE.fullmatch(self._style_name.partition(";")[0].strip()):
                self._headings.add(self._style)
            self._style, self._style_name = 0, ""

    def _end_of_paragraph(self) -> Iterator[Block]:
        paragraph = self._paragraph
        if paragraph.in_table:
            paragraph.words.append("\n")
            return
        yield from self._end_of_row()
        words = _whole("".join(paragraph.words))
        heading = paragraph.outlined or paragraph.style in self._headings
        bullet = one_line(paragraph.bullet)
        paragraph.words, paragraph.bullet = [], ""
        if bullet and not heading:
            bullet = f"{bullet} " if any(map(str.isalnum, bullet)) else "- "
            yield Block(text=bullet + words if words.strip() else "", group="list")
        else:
            yield Block(text=words, heading=heading)

    def _end_of_cell(self) -> None:
        self._cells.append(one_line(_whole("".join(self._paragraph.words))))
        self._paragraph.words, self._paragraph.bullet = [], ""

    def _end_of_row(self) -> Iterator[Block]:
        cells, self._cells = self._cells, []
        if any(cells):
            yield Block(text=" | ".join(cells), group="table")


def _whole(words: str) -> str:
    """Pairs of surrogates, as which letters beyond the first 65,536 are written, made one letter."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
