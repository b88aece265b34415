"""Quotation marks as each language sets them: around a quotation, and changed within it so that they nest.

Er sagte: „Wir kommen.“  →  „Er sagte: ‚Wir kommen.‘“
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# Opening and closing marks of a quotation, then of one within it; CLDR's, with French spacing.
_GERMAN = ("„", "“", "‚", "‘")
_ENGLISH = ("“", "”", "‘", "’")
_LATIN = ("«", "»", "“", "”")
_SLAVIC = ("«", "»", "„", "“")
_NORDIC = ("”", "”", "’", "’")
_POLISH = ("„", "”", "«", "»")
MARKS: dict[str, tuple[str, str, str, str]] = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "bg", "is", "lt"), _GERMAN),
    **dict.fromkeys(("it", "es", "el", "ca"), _LATIN),
    **dict.fromkeys(("ru", "uk", "be"), _SLAVIC),
    **dict.fromkeys(("sv", "fi"), _NORDIC),
    **dict.fromkeys(("pl", "ro"), _POLISH),
    **dict.fromkeys(("no", "nb", "nn"), ("«", "»", "‘", "’")),
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    "hu": ("„", "”", "»", "«"),
    "hr": ("„", "”", "‚", "’"),
    "ja": ("「", "」", "『", "』"),
}
# By what it opens with, what a quotation may end with: one that is written in another way than the language's own, too.
_CLOSES = {
    "„": '“”"',
    "“": "”“",
    "”": "”",
    "«": "»",
    "»": "«»",
    '"': '"',
    "‚": "‘’'",
    "‘": "’‘",
    "’": "’",
    "‹": "›",
    "›": "‹›",
    "'": "'",
    "「": "」",
    "『": "』",
}
_ONLY_OPENS = "„‚「『"
_ONLY_CLOSES = "」』"
_LIKE_APOSTROPHES = "’'‘"
_MARK = re.compile("[" + re.escape("".join(dict.fromkeys("".join([*_CLOSES, *_CLOSES.values()])))) + "]")
_BEFORE_OPENING = re.compile(r"[\s(\[{<–—/\-:…]")
_SPACES = " \t\xa0\u202f\u2009"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Where a quotation opens and closes; -1 where the text has only the other half."""

    opens: int
    closes: int
    depth: int = 0


def quoted(text: str, language: str) -> str:
    """``text`` on one line in the quotation marks of ``language``, once: what it quotes itself takes the inner ones.

    A text that is one quotation keeps its one pair, and the half of a pair at its edge becomes the outer mark.
    """
    opening, closing = marks(language)[:2]
    return f"{opening}{nested(text, language)}{closing}"


def nested(text: str, language: str) -> str:
    """``text`` on one line as it stands within quotation marks of ``language``, without these."""
    plain = _bare(" ".join(text.split()))
    return "".join(_changed(plain, _with_depths(_pairs(plain)), language))


@cache
def marks(language: str) -> tuple[str, str, str, str]:
    """The opening and closing marks of a quotation, and those of a quotation within it."""
    return MARKS.get(language.partition("-")[0].lower(), _ENGLISH)


def _bare(text: str) -> str:
    """The text without the pair that encloses it, or without the half of a pair at its edge."""
    for _ in range(3):  # a quotation may stand in two pairs, hardly in more
        pairs = _pairs(text)
        if any(pair.opens == 0 and pair.closes == len(text) - 1 for pair in pairs):
            text = text[1:-1].strip()
        elif any(pair.opens == 0 and pair.closes < 0 for pair in pairs):
            text = text[1:].strip()
        elif any(pair.opens < 0 and pair.closes == len(text) - 1 for pair in pairs):
            text = text[:-1].strip()
        else:
            break
    return text


def _pairs(text: str) -> list[_Pair]:
    """The quotations of a text, those without an end or a beginning too; apostrophes and inches are none."""
    open_now: list[int] = []
    pairs: list[_Pair] = []
    for match in _MARK.finditer(text):
        at = match.start()
        if _is_within_a_word(text, at):
            continue
        closed = next((n for n in reversed(open_now) if text[at] in _CLOSES[text[n]]), None)
        if closed is not None and not _can_only_open(text, at):
            while open_now[-1] != closed:
                pairs += _unclosed(text, open_now.pop())
            open_now.pop()
            pairs.append(_Pair(opens=closed, closes=at))
        elif _can_open(text, at):
            open_now.append(at)
        elif text[at] not in _LIKE_APOSTROPHES and not (text[at] == '"' and text[at - 1].isdigit()):
            pairs.append(_Pair(opens=-1, closes=at))
    return pairs + [pair for at in open_now for pair in _unclosed(text, at)]


def _unclosed(text: str, at: int) -> list[_Pair]:
    """A quotation that does not end; an apostrophe at the beginning of a word is none."""
    return [] if text[at] in _LIKE_APOSTROPHES else [_Pair(opens=at, closes=-1)]


def _is_within_a_word(text: str, at: int) -> bool:
    """Whether it is an apostrophe: "don’t"."""
    return (
        text[at] in _LIKE_APOSTROPHES
        and 0 < at < len(text) - 1
        and text[at - 1].isalnum()
        and text[at + 1].isalnum()
    )


def _can_open(text: str, at: int) -> bool:
    if text[at] in _ONLY_CLOSES or text[at] not in _CLOSES or at == len(text) - 1:
        return False
    before = at == 0 or bool(_BEFORE_OPENING.match(text[at - 1])) or text[at - 1] in _CLOSES
    after = not text[at + 1].isspace() or text[at] == "«"
    return text[at] in _ONLY_OPENS or (before and after)


def _can_only_open(text: str, at: int) -> bool:
    """Whether a mark that may also close has a space before and a letter after it: another quotation begins."""
    spaced = at > 0 and text[at - 1].isspace() and text[at - 1] not in "\xa0\u202f\u2009"
    return text[at] in _ONLY_OPENS or (
        spaced and at + 1 < len(text) and text[at + 1].isalnum() and text[at] != "»"
    )


def _with_depths(pairs: list[_Pair]) -> list[_Pair]:
    """The pairs with how many others they stand in; half a pair stands in none."""

    def depth(pair: _Pair) -> int:
        if pair.opens < 0 or pair.closes < 0:
            return 0
        return sum(
            other.opens < pair.opens and (pair.closes < other.closes or other.closes < 0)
            for other in pairs
            if other.opens >= 0
        )

    return [_Pair(opens=pair.opens, closes=pair.closes, depth=depth(pair)) for pair in pairs]


def _changed(text: str, pairs: list[_Pair], language: str) -> Iterator[str]:
    """The text in pieces, its marks changed by their depth; what lacks its other half gets it at the edge."""
    outer, inner = marks(language)[:2], marks(language)[2:]
    new: dict[int, tuple[str, bool]] = {}
    for pair in pairs:
        opening, closing = outer if pair.depth % 2 else inner
        new[pair.opens], new[pair.closes] = (opening, True), (closing, False)
        if pair.opens < 0:
            yield opening
    missing = [marks(language)[3] for pair in pairs if pair.closes < 0]
    at = 0
    while at < len(text):
        mark, opens = new.get(at, (text[at], False))
        at += 1
        if opens:
            while at < len(text) and text[at] in _SPACES:
                at += 1
        elif at < len(text) and text[at] in _SPACES and _closes_next(text, at, new):
            while text[at] in _SPACES:
                at += 1
        yield mark
    yield from missing


def _closes_next(text: str, at: int, new: dict[int, tuple[str, bool]]) -> bool:
    """Whether nothing but spaces stands before a mark that closes, as in French."""
    while at < len(text) and text[at] in _SPACES:
        at += 1
    return at in new and not new[at][1]
