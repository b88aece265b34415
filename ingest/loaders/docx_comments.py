"""Comments put into a Word document at the words that they are about, its formatting left as it is.

Words are found by their letters and digits, in the order of the document: what a loader has made of white space, quotation
marks and list signs does not count. Runs are cut where a comment begins or ends within one.
"""

from __future__ import annotations

import io
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ingest.loaders.docx import DocxStyles, check_package, open_docx

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What XML cannot hold.
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Text that is deleted, moved away or in a box, and the twin of a box for old programs.
_UNSEEN = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}txbxContent",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocxComment:
    """What is said of the draft's text from ``start`` to ``end``; its lines become paragraphs."""

    start: int
    end: int
    text: str


def commented(data: bytes, name: str, text: str, comments: Sequence[DocxComment], author: str) -> bytes:
    """The Word document ``data`` with comments; ``text`` is what a loader has read in it, to which their offsets belong.

    A comment whose words are not found stands at the words before it. Raises ``SourceError`` where it is no such document.
    """
    check_package(data, name)
    return _written(open_docx(data, name), text, comments, author)


def document_of(text: str, comments: Sequence[DocxComment], author: str) -> bytes:
    """A new Word document of ``text``, a paragraph for each of its lines, with comments."""
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        if line.strip():
            document.add_paragraph(_writable(line))
    return _written(document, text, comments, author)


def _written(document: Any, text: str, comments: Sequence[DocxComment], author: str) -> bytes:
    from docx.text.run import Run

    places = _places(document, text, comments)
    cuts: dict[Any, set[tuple[int, int]]] = defaultdict(set)
    for place in places:
        cuts[place.first.run].add((place.first.child, place.start))
        cuts[place.last.run].add((place.last.child, place.end))
    pieces = {run: _cut(run, sorted(at)) for run, at in cuts.items()}
    for place in places:
        first = _beginning(pieces[place.first.run], place.first.child, place.start)
        last = _ending(pieces[place.last.run], place.last.child, place.end)
        runs = [Run(first, document), Run(last, document)]
        document.add_comment(runs, text=_writable(place.comment.text), author=author, initials="")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


# Where words stand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """The words of child number ``child`` of a run."""

    run: Any
    child: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _CommentPlace:
    comment: DocxComment
    first: _Chunk
    start: int  # within the words of the first chunk
    last: _Chunk
    end: int


class _Letters:
    """The letters and digits of words that follow each other, and where each stands."""

    def __init__(self, texts: Iterable[str]) -> None:
        letters: list[str] = []
        self.places: list[tuple[int, int]] = []  # number of the text, and place in it
        for number, words in enumerate(texts):
            for at, sign in enumerate(words):
                for letter in unicodedata.normalize("NFKD", sign).casefold():
                    if letter.isalnum():
                        letters.append(letter)
                        self.places.append((number, at))
        self.all = "".join(letters)

    def from_to(self, start: int, end: int) -> tuple[int, int]:
        """Which letters those of the single text from ``start`` to ``end`` are."""
        return bisect_right(self.places, (0, start - 1)), bisect_right(self.places, (0, end - 1))


def _places(document: Any, text: str, comments: Sequence[DocxComment]) -> list[_CommentPlace]:
    chunks = list(_chunks(document))
    here, there = _Letters([text]), _Letters(chunk.words for chunk in chunks)
    places, before = [], 0
    for comment in sorted(comments, key=lambda one: (one.start, -one.end)):
        start, end = here.from_to(comment.start, comment.end)
        if not there.all:
            break
        at = _found(here.all, start, end, there.all)
        # Words that are not found: the word at which the comment before begins.
        first, last = (before, before) if at is None else (at, at + end - start - 1)
        before = first
        (number, sign), (last_number, last_sign) = there.places[first], there.places[last]
        words = chunks[last_number].words
        places.append(
            _CommentPlace(
                comment=comment,
                first=chunks[number],
                start=_back(chunks[number].words, sign),
                last=chunks[last_number],
                end=_word_end(words, last_sign) if at is None else _on(words, last_sign + 1),
            )
        )
    return places


def _found(here: str, start: int, end: int, there: str) -> int | None:
    """Where the letters from ``start`` to ``end`` stand in others: what stands there several times, by its turn."""
    words = here[start:end]
    if not words:
        return None
    if there.startswith(words, start) and here == there:
        return start
    turn, at = here.count(words, 0, start + len(words) - 1), -1
    for _ in range(turn + 1):
        following = there.find(words, at + 1)
        if following < 0:
            break
        at = following
    return None if at < 0 else at


def _back(words: str, at: int) -> int:
    """Where the opening marks before a letter begin."""
    while at and not words[at - 1].isspace() and not words[at - 1].isalnum():
        at -= 1
    return at


def _on(words: str, at: int) -> int:
    """Where the closing marks after a letter end."""
    while at < len(words) and not words[at].isspace() and not words[at].isalnum():
        at += 1
    return at


def _word_end(words: str, at: int) -> int:
    while at < len(words) and not words[at].isspace():
        at += 1
    return at


def _chunks(document: Any) -> Iterator[_Chunk]:
    """All words that are shown, in order, but for those of text boxes, in which there can be no comments."""
    styles = DocxStyles(document)
    for run in document.element.body.iter(f"{_W}r"):
        around = {parent.tag for parent in run.iterancestors()}
        if around & _UNSEEN or styles.hidden(run, _style_of(run)):
            continue
        for number, child in enumerate(run):
            if child.tag == f"{_W}t":
                yield _Chunk(run=run, child=number, words=child.text or "")


def _style_of(run: Any) -> str | None:
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    return None if paragraph is None else paragraph.style


# Runs that are cut

# The piece of a run that has the words of a child from one place to another.
_Piece = tuple[Any, int, int, int]


def _cut(run: Any, at: Sequence[tuple[int, int]]) -> list[_Piece]:
    """Cut a run before these places, each the number of a child and a place in its words; returns its pieces."""
    children = [child for child in run if child.tag != f"{_W}rPr"]
    offset = len(run) - len(children)
    properties = run.find(f"{_W}rPr")
    pieces: list[_Piece] = []
    current = run
    for number, child in enumerate(children, offset):
        words = child.text or "" if child.tag == f"{_W}t" else ""
        ends = [place for where, place in at if where == number and 0 < place < len(words)]
        starts_new = (number, 0) in at and any(one[0] is current for one in pieces)
        if starts_new:
            current = _next(current, properties)
        if child.getparent() is not current:
            current.append(child)
        for start, end in zip([0, *ends], [*ends, len(words)], strict=True):
            if start:
                current = _next(current, properties)
                child = deepcopy(child)
                current.append(child)
            if child.tag == f"{_W}t":
                child.text = words[start:end]
                child.set(_SPACE, "preserve")
            pieces.append((current, number, start, end))
        if (number, len(words)) in at and child.tag == f"{_W}t" and number < offset + len(children) - 1:
            current = _next(current, properties)
    return pieces


def _next(run: Any, properties: Any) -> Any:
    """A new run after this one, with the same properties."""
    following = deepcopy(run)
    for child in list(following):
        following.remove(child)
    if properties is not None:
        following.append(deepcopy(properties))
    run.addnext(following)
    return following


def _beginning(pieces: Sequence[_Piece], child: int, at: int) -> Any:
    return next(run for run, number, start, end in pieces if number == child and start <= at < end)


def _ending(pieces: Sequence[_Piece], child: int, at: int) -> Any:
    return next(run for run, number, start, end in pieces if number == child and start < at <= end)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
