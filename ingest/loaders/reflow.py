"""From the lines of pages to running text: paragraphs joined, divided words made whole. Pure functions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from statistics import median

from ingest.types import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page (counted from 0), measured in points from the page's lower left corner.

    ``angle`` is that of its writing in degrees; the measures are those after turning it upright.
    ``divided`` says that its last character is a hyphen which seems to divide a word, ``row`` that it is a row of a table.
    ``pieces`` are its parts between wide gaps, none where it has no such gap.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    angle: int = 0
    divided: bool = False
    row: bool = False
    pieces: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Running text, the offset at which each page begins, and what stands out by its type size."""

    text: str
    page_starts: tuple[int, ...]
    headings: tuple[Heading, ...]
    title: str


# With the number of a note after it; what follows the point of "1.140" is none.
_SENTENCE_END = re.compile(r"""(?:[.!?:;…。！？]["'”’»)\]]*|(?<!\d)[.!?:;…。！？]["'”’»)\]]*\d{1,3})\Z""")
_BULLET = re.compile(r"[•‣▪●○◦■□–—*\-\uf0b7]\s")
_LEADERS = re.compile(r"(?:\.\s?){5,}\d*\Z")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]\s")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|seite|p\.|s\.)\s*)?#(?:\s*(?:/|of|von|\|)\s*#)?\W*")
_ROMAN = re.compile(r"\W*[ivxlc]+\W*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BEFORE_HYPHEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
# "Ein- und Ausgabe": this hyphen stands for a word left out.
_CONJUNCTIONS = {"and", "or", "to", "und", "oder", "bzw", "sowie", "bis", "et", "ou"}

_HEADING_SIZE = 1.15  # times the body's type size
_HEADING_LENGTH = 200
_WIDE_PITCH = 1.3  # times the usual distance of two lines
_INDENT = 0.7  # times the type size


def reflow(lines: Sequence[Line], pages: int) -> Flow:
    """The running text of ``lines``, which come in reading order from a file of ``pages`` pages."""
    kept = _in_one_line(_without_running_heads(lines))
    if not kept:
        return Flow(text="", page_starts=(), headings=(), title="")
    layout = _Layout(kept)
    gaps = [layout.gap(number) for number in range(len(kept) - 1)]
    pieces = _pieces(kept, gaps)
    offsets = [0, *accumulate(map(len, pieces))]
    text = "".join(pieces)
    headings = _headings(kept, gaps, offsets, text, layout)
    return Flow(
        text=text,
        page_starts=_page_starts(kept, offsets, pages),
        headings=tuple(heading for _, heading in headings),
        title=_title(headings, kept),
    )


def _pieces(lines: Sequence[Line], gaps: Sequence[str]) -> list[str]:
    """The text of every line with the gap after it, without the hyphens that only divided a word."""
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line.text))
    pieces = []
    for line, after, gap in zip(lines, lines[1:], gaps, strict=False):
        hyphen = gap == " " and line.text.endswith("-")
        pieces.append(_across(line, after, words) if hyphen else line.text + gap)
    return [*pieces, lines[-1].text]


def _across(line: Line, after: Line, words: Counter[str]) -> str:
    """``line``, which ends in a hyphen, as it reads when ``after`` follows on the same line.

    Decided by how the rest of the document writes the word, as 'well-known' keeps its hyphen.
    """
    left, right = _BEFORE_HYPHEN.search(line.text), _FIRST_WORD.match(after.text)
    if line.text.endswith(" -") or (right and right[0].lower() in _CONJUNCTIONS):
        return line.text + " "
    if not left or not right:
        return line.text
    stem, rest = left[1].lower(), right[0].lower()
    whole, hyphened = words[stem + rest], words[f"{stem}-{rest}"]
    compound = "-" in stem and words[stem.rpartition("-")[2]] > 1 and words[rest] > 1
    keep = right[0][0].isupper() or compound
    return line.text if hyphened > whole or (keep and not whole) else line.text[:-1]


def _page_starts(lines: Sequence[Line], offsets: Sequence[int], pages: int) -> tuple[int, ...]:
    """The offset of each page's first line; a page without text begins where the next one does."""
    starts = [offsets[-1]] * pages
    for line, offset in zip(reversed(lines), reversed(offsets[:-1]), strict=True):
        starts[line.page] = offset
    for page in reversed(range(pages - 1)):
        starts[page] = min(starts[page], starts[page + 1])
    return (0, *starts[1:])


class _Layout:
    """What is usual in a document: body size, line pitch; and how far its columns reach."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        letters: Counter[tuple[float, int]] = Counter()
        for line in lines:
            letters[line.size, line.angle] += len(line.text)
        (self._body, self._angle), _ = letters.most_common(1)[0]
        pitches = [pitch for one, two in pairwise(lines) if 0.5 < (pitch := _pitch(one, two)) < 3]
        self._usual_pitch = median(pitches) if pitches else 1.2
        self._rights = self._column_rights()

    def gap(self, number: int) -> str:
        """What stands between a line and the next: a space, a line feed, or an empty line."""
        one, two = self._lines[number : number + 2]
        early, sentence = self._ended_early(number), bool(_SENTENCE_END.search(one.text))
        if one.row and two.row and one.page == two.page:
            return "\n"
        if not _alike(one, two) or one.row or two.row:
            return "\n\n"
        if one.page != two.page or two.baseline > one.baseline + one.size / 2:
            goes_on = not sentence and not early and not self.is_heading(one) and not _BULLET.match(two.text)
            return " " if goes_on else "\n\n"
        if _pitch(one, two) > self._usual_pitch * _WIDE_PITCH:
            return "\n\n"
        if self.is_heading(one) or (one.text.endswith("-") and two.text[0].islower()):
            return " "
        if _BULLET.match(two.text) or _LEADERS.search(one.text):
            return "\n"
        if _NUMBER.match(two.text) and (early or sentence):
            return "\n"
        indented = two.left - one.left > _INDENT * one.size
        if sentence and (early or indented):
            return "\n\n"
        return "\n" if early else " "

    def is_heading(self, line: Line) -> bool:
        large = line.size >= _HEADING_SIZE * self._body and line.angle == self._angle
        return large and len(line.text) <= _HEADING_LENGTH

    def _ended_early(self, number: int) -> bool:
        """Would the first word of the next line have fit on this one?"""
        one, two = self._lines[number : number + 2]
        letter = max(0.1, two.right - two.left) / len(two.text)
        needed = (len(two.text.split(" ")[0]) + 1) * letter * 1.1
        return self._rights[number] - one.right > needed

    def _column_rights(self) -> list[float]:
        """For every line, how far to the right the lines of its run reach."""
        rights: list[float] = []
        run: list[Line] = []
        for line, after in zip(self._lines, [*self._lines[1:], None], strict=True):
            run.append(line)
            if after is None or not self._in_column(line, after):
                rights += [max(member.right for member in run)] * len(run)
                run = []
        return rights

    def _in_column(self, one: Line, two: Line) -> bool:
        near = one.page == two.page and 0 < _pitch(one, two) <= 2 * self._usual_pitch
        return near and _alike(one, two) and abs(one.left - two.left) <= 3 * one.size


def _pitch(one: Line, two: Line) -> float:
    """The distance of two baselines in units of the type size; negative where the second is higher."""
    return (one.baseline - two.baseline) / one.size if one.page == two.page else -1.0


def _alike(one: Line, two: Line) -> bool:
    return one.angle == two.angle and abs(one.size - two.size) <= 0.1 * max(one.size, two.size)


def _in_one_line(lines: Sequence[Line]) -> list[Line]:
    """Fragments that stand side by side, as superscripts and table cells do, made one line."""
    merged: list[Line] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last is None or last.divided or last.row or line.row or not _beside(last, line):
            merged.append(line)
            continue
        gap = "" if line.text[0] in ",.;:!?)" else " "
        main = max(last, line, key=lambda part: len(part.text))
        merged[-1] = replace(
            main, text=last.text + gap + line.text, left=last.left, right=line.right, divided=line.divided
        )
    return merged


def _beside(one: Line, two: Line) -> bool:
    level = abs(one.baseline - two.baseline) < 0.5 * max(one.size, two.size)
    return level and (one.page, one.angle) == (two.page, two.angle) and two.left >= one.right - one.size / 2


def _without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Without page numbers, and with lines that repeat at the edge of three pages or more only once."""
    edges = _edges(lines)
    counts = Counter(mask for mask, _ in {(mask, lines[number].page) for number, mask in edges.items()})
    seen: set[str] = set()
    kept = []
    for number, line in enumerate(lines):
        mask = edges.get(number, "")
        repeated = counts[mask] >= 3 and bool(mask)
        if not repeated or not (mask in seen or mask.startswith("#")):
            kept.append(line)
        if repeated:
            seen.add(mask)
    return kept


def _edges(lines: Sequence[Line]) -> dict[int, str]:
    """The two top and two bottom lines of every page by their number, with digits masked."""
    by_page: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        by_page[line.page].append(number)
    edges: dict[int, str] = {}
    for numbers in by_page.values():
        ordered = sorted(numbers, key=lambda number: lines[number].baseline)
        edges.update((number, _masked(lines[number])) for number in ordered[:2] + ordered[-2:])
    return edges


def _masked(line: Line) -> str:
    """The text that a running head has in common on all its pages.

    Of what looks like a page number that is its distance to the page: other numbers do not count pages.
    """
    text = line.text.lower()
    mask = "#" if _ROMAN.fullmatch(text) else re.sub(r"\d+", "#", text)
    number = re.search(r"\d+", text) if _PAGE_NUMBER.fullmatch(mask) else None
    return f"#{int(number[0]) - line.page}" if number else mask


def _paragraphs(gaps: Sequence[str], count: int) -> Iterator[range]:
    """The numbers of the lines between two line ends."""
    first = 0
    for number in range(count):
        if number == count - 1 or gaps[number].startswith("\n"):
            yield range(first, number + 1)
            first = number + 1


def _headings(
    lines: Sequence[Line], gaps: Sequence[str], offsets: Sequence[int], text: str, layout: _Layout
) -> list[tuple[int, Heading]]:
    """Paragraphs in larger type with their first line's number; none where much of the text would be one."""
    found = []
    for numbers in _paragraphs(gaps, len(lines)):
        words = text[offsets[numbers[0]] : offsets[numbers[-1] + 1]].strip()
        large = all(layout.is_heading(lines[number]) for number in numbers)
        if large and len(words) <= _HEADING_LENGTH and sum(map(str.isalpha, words)) >= 3:
            found.append((numbers[0], Heading(start=offsets[numbers[0]], text=words)))
    return found if sum(len(heading.text) for _, heading in found) < 0.3 * len(text) else []


def _title(headings: Sequence[tuple[int, Heading]], lines: Sequence[Line]) -> str:
    """The heading in the largest type on the first page with text."""
    page = lines[0].page
    first = [(lines[number].size, heading.text) for number, heading in headings if lines[number].page == page]
    return max(first, key=lambda pair: pair[0])[1] if first else ""
