"""Quotation marks of a document: where each outermost pair opens and closes. One pass, whatever the text.

„…“, »…«, «…», “…”, "…", ‚…‘, ‘…’ and '…', also over several paragraphs, each of which may begin with the mark again.
"""

from __future__ import annotations

import re

from ingest.types import Extent

_MARK = re.compile("''|[„“”\"«»‚‘’'‹›‟]|\n\\s*")
_CLOSES: dict[str, str | tuple[str, ...]] = {
    "„": '“”"‟',
    "“": "”",
    "‟": "”",
    "”": "”",
    "»": "«",
    "«": "»",
    '"': '"',
    "‚": "‘’'",
    "‘": "’",
    "›": "‹",
    "‹": "›",
    "'": "'",
    "''": ("''",),
}
_SINGLE = "‚‘’'‹›"
_ONLY_OPENS = "„‚‟"
_LEADING = re.compile(r"[\s(\[{<–—/\-:…„“\"«»‚‘'‹›]")
# A quotation that isn't closed after so many characters was never one.
_LONGEST = 6_000
_LONGEST_SINGLE = 600


def quoted_extents(text: str) -> list[Extent]:
    """The outermost quotations of ``text`` with their marks, in order; what isn't closed is none."""
    open_now: list[tuple[int, str]] = []
    found: list[Extent] = []
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        if mark[0] == "\n":
            open_now = [entry for entry in open_now if _outlives(entry, text, match)]
            continue
        if open_now and at - open_now[0][0] > _LONGEST:
            open_now = []
        _take(text, at, mark, open_now, found)
    return found


def _take(text: str, at: int, mark: str, open_now: list[tuple[int, str]], found: list[Extent]) -> None:
    """Opens or closes with the mark at ``at``; a pair that lies in no other is ``found``."""
    if _is_apostrophe(text, at, mark):
        return
    opens = _can_open(text, at, mark)
    closed = next((depth for depth, (_, other) in enumerate(open_now) if mark in _CLOSES[other]), None)
    if closed is not None and not (opens and (mark in _ONLY_OPENS or not _can_close(text, at))):
        start = open_now[closed][0]
        del open_now[closed:]
        if not (mark in _SINGLE and at - start > _LONGEST_SINGLE) and not open_now:
            found.append(Extent(start=start, end=at + len(mark)))
    elif opens:
        again = next((depth for depth, (_, other) in enumerate(open_now) if other == mark), None)
        if again is None:
            if len(open_now) < 4:
                open_now.append((at, mark))
        elif not _begins_line(text, at):
            del open_now[again:]
            open_now.append((at, mark))


def _outlives(entry: tuple[int, str], text: str, gap: re.Match[str]) -> bool:
    """Whether an open quotation may go on after a line break."""
    _, mark = entry
    if mark in _SINGLE:
        return False
    following = text[gap.end() : gap.end() + 1]
    return following == mark or mark not in '"“»”' or gap[0].count("\n") == 1


def _begins_line(text: str, at: int) -> bool:
    before = text[max(0, at - 8) : at]
    return "\n" in before and not before.rpartition("\n")[2].strip()


def _is_apostrophe(text: str, at: int, mark: str) -> bool:
    inside = 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()
    return mark in _SINGLE and inside


def _can_open(text: str, at: int, mark: str) -> bool:
    if mark in _ONLY_OPENS:
        return True
    after = at + len(mark)
    if mark not in _CLOSES or after >= len(text) or (text[after].isspace() and mark != "«"):
        return False
    return at == 0 or _LEADING.match(text[at - 1]) is not None


def _can_close(text: str, at: int) -> bool:
    """Whether a mark may end a quotation: no letter follows at once."""
    return at + 1 >= len(text) or not text[at + 1].isalnum() or (at > 0 and not text[at - 1].isspace())
