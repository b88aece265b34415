"""The words that a link quotes, found in a text that may have changed since. Pure.

Only the very same words count: verbatim, or with other white space between them. What is found begins and ends where
words do, for "12" does not stand in "12.5", nor "Berlin" in "Berlin-Mitte". Offsets are code points, ranges half-open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citation_links import digest_of

Offsets = tuple[int, int]

# A link is no way to keep the server busy: words are looked for at no more places, a shortened quote at fewer, and it
# is no longer than that.
_MOST_PLACES, _MOST_BEGINNINGS = 2_000, 200
_LONGEST = 20_000
_AROUND = 80  # characters that decide whether an offset lies within a word
# Scripts that put no space between words: there every sign is one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Vowel signs of Indian scripts and the like, which are no letters to `re`.
_MARKS = "".join(sign for sign in map(chr, range(0x300, 0x10000)) if unicodedata.category(sign)[0] == "M")
_SIGN = rf"(?:(?![{_UNSPACED}])\w|[\u00ad\u200c\u200d{_MARKS}])"
_WORD = re.compile(rf"(?:[-−+±](?=\d))?{_SIGN}+(?:(?:[-\u2010\u2011−'’/@&_]|(?<=\d)[.,:](?=\d)){_SIGN}+)*")
_DIGEST = re.compile(r"([0-9]{1,6})-([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedWords:
    """A whole quote, or its ``beginning`` and ``end`` with the ``digest`` of all of it, see `digest_of`."""

    beginning: str
    end: str = ""
    digest: str = ""

    def matches(self, text: str) -> bool:
        """Whether a piece of text is these words, whatever the white space."""
        if self.digest:
            return digest_of(text) == self.digest
        return text.split() == self.beginning.split()

    @property
    def length(self) -> int:
        """The code points of the quote with single spaces between its words."""
        return int(self.digest.partition("-")[0]) if self.digest else len(" ".join(self.beginning.split()))


def parse_quoted(parts: Sequence[str], digest: str) -> QuotedWords | None:
    """The words in a link's address; None where there are none that make sense."""
    if len(parts) == 1 and parts[0].strip() and not digest:
        return QuotedWords(beginning=parts[0])
    match = _DIGEST.fullmatch(digest)
    if len(parts) == 2 and all(part.strip() for part in parts) and match and int(match[1]) <= _LONGEST:
        return QuotedWords(beginning=parts[0], end=parts[1], digest=digest)
    return None


def locate(text: str, words: QuotedWords, near: int) -> Offsets | None:
    """Where the words stand in ``text``, nearest to the offset ``near`` if in several places; None where they don't."""
    for places in (_verbatim, _respaced, _shortened):
        nearest = sorted(places(text, words, near), key=lambda span: abs(span[0] - near))
        for span in nearest[:_MOST_PLACES]:
            if not (cuts_word(text, span[0]) or cuts_word(text, span[1])):
                return span
    return None


def cuts_word(text: str, offset: int) -> bool:
    """Whether an offset lies within a word, a number, or a sign of several code points."""
    if not 0 < offset < len(text):
        return False
    if unicodedata.category(text[offset])[0] == "M" or "\u200d" in text[offset - 1 : offset + 1]:
        return True
    first = max(0, offset - _AROUND)
    window = text[first : offset + _AROUND]
    return any(match.start() < offset - first < match.end() for match in _WORD.finditer(window))


def _verbatim(text: str, words: QuotedWords, near: int) -> Iterator[Offsets]:
    quote = "" if words.digest else words.beginning.strip()
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def _respaced(text: str, words: QuotedWords, near: int) -> Iterator[Offsets]:
    if not words.digest:
        yield from (match.span() for match in _pattern(words.beginning).finditer(text))


def _shortened(text: str, words: QuotedWords, near: int) -> Iterator[Offsets]:
    """Where the beginning stands, as much of the text as the quote had, if that is what the digest says."""
    if not words.digest:
        return
    starts = sorted(
        (match.start() for match in _pattern(words.beginning).finditer(text)), key=lambda at: abs(at - near)
    )
    for start in starts[:_MOST_BEGINNINGS]:
        end = _end(text, start, words.length)
        if end is not None and digest_of(text[start:end]) == words.digest:
            yield start, end


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words.split())))


def _end(text: str, start: int, length: int) -> int | None:
    """Where ``length`` code points end, counting white space as one; None where the text does before."""
    for piece in re.finditer(r"\S+", text[start : start + _LONGEST * 4]):
        if len(piece[0]) >= length:
            return start + piece.start() + length
        length -= len(piece[0]) + 1
    return None
