"""Quoted words beside the stretch of a text that they were altered from: how alike the two are, and which words differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.drafts.types import DraftDifference
from assistant.drafts.verbatim import QuotedSegment, joined, key_of, same_word
from ingest.text.wording import WrittenWord

_SLACK, _LEAST_SLACK = 0.34, 4  # how many words more than a quotation has its stretch may have on either side

Block = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlteredStretch:
    """The stretch of a text from ``start`` to ``end`` that quoted words are most like: ``likeness`` is in [0, 1]."""

    start: int
    end: int
    likeness: float
    blocks: tuple[Block, ...]
    quoted: tuple[WrittenWord, ...]
    words: tuple[WrittenWord, ...]
    breaks: frozenset[int]

    def differences(self, draft: str, source: str) -> tuple[DraftDifference, ...]:
        """What differs, with the words of both; ``draft`` and ``source`` are the texts that the offsets are of."""
        return tuple(_difference(draft, source, *place) for place in _places(self))


def nearest_stretch(segments: Sequence[QuotedSegment], words: Sequence[WrittenWord]) -> AlteredStretch | None:
    """The stretch of a text, given by its words, that is most like the quoted words; None where they have no word in common."""
    quoted = [word for segment in segments for word in joined(segment.words)]
    theirs = joined(words)
    sizes = [len(joined(segment.words)) for segment in segments]
    breaks = frozenset(sum(sizes[: number + 1]) for number in range(len(sizes) - 1))
    mine_keys, their_keys = [key_of(word.text) for word in quoted], [key_of(word.text) for word in theirs]
    anchor = SequenceMatcher(None, mine_keys, their_keys, autojunk=False).find_longest_match()
    if not anchor.size:
        return None
    slack = max(_LEAST_SLACK, int(_SLACK * len(quoted)))
    reach = len(theirs) if breaks else slack
    first = max(0, anchor.b - anchor.a - reach)
    last = min(len(theirs), anchor.b + len(quoted) - anchor.a + reach)
    blocks = _trimmed(
        SequenceMatcher(None, mine_keys, their_keys[first:last], autojunk=False).get_opcodes(), last - first
    )
    matched = sum(block[2] - block[1] for block in blocks if block[0] == "equal")
    stretch = [(block[3], block[4]) for block in blocks if not _is_break(block, breaks)]
    length = sum(end - start for start, end in stretch)
    begin, end = min(start for start, _ in stretch), max(end for _, end in stretch)
    return AlteredStretch(
        start=theirs[first + begin].start,
        end=theirs[first + end - 1].end,
        likeness=2 * matched / max(1, len(quoted) + length),
        blocks=tuple((tag, a, b, c + first, d + first) for tag, a, b, c, d in blocks),
        quoted=tuple(quoted),
        words=tuple(theirs),
        breaks=breaks,
    )


def _trimmed(blocks: Sequence[Block], length: int) -> list[Block]:
    """The blocks without what the text has before and after the quotation; a word exchanged there is compared with its neighbour."""
    kept = list(blocks)
    tag, a, b, c, d = kept[0]
    if tag == "insert":
        kept = kept[1:]
    elif tag in ("replace", "delete"):
        wanted = b - a
        kept[0] = ("replace" if d > c or c > 0 else "delete", a, b, max(c, d - wanted), d)
    tag, a, b, c, d = kept[-1]
    if tag == "insert":
        kept = kept[:-1]
    elif tag in ("replace", "delete"):
        kept[-1] = (tag, a, b, c, min(d, c + (b - a), length))
    return kept


def _is_break(block: Block, breaks: frozenset[int]) -> bool:
    """Whether it is what an omission of the quotation stands for."""
    return block[0] == "insert" and block[1] in breaks


def _places(found: AlteredStretch) -> Iterator[tuple[int, int, int, int]]:
    """The offsets of what differs: in the draft, and in the source."""
    for tag, a, b, c, d in found.blocks:
        if tag == "equal":
            yield from _unequal(found, a, b, c)
        elif not _is_break((tag, a, b, c, d), found.breaks):
            yield (*_extent(found.quoted, a, b), *_extent(found.words, c, d))


def _unequal(found: AlteredStretch, a: int, b: int, c: int) -> Iterator[tuple[int, int, int, int]]:
    """Words that are alike but for case or letters that are written in two ways."""
    for number in range(b - a):
        mine, theirs = found.quoted[a + number], found.words[c + number]
        if not same_word(mine.text, theirs.text, first=a + number == 0 or a + number in found.breaks):
            yield mine.start, mine.end, theirs.start, theirs.end


def _extent(words: Sequence[WrittenWord], first: int, last: int) -> tuple[int, int]:
    """Where the words stand; where there is none, the place behind the word before."""
    if last > first:
        return words[first].start, words[last - 1].end
    at = words[first - 1].end if first else words[0].start
    return at, at


def _difference(
    draft: str, source: str, start: int, end: int, source_start: int, source_end: int
) -> DraftDifference:
    return DraftDifference(
        kind="wording",
        start=start,
        end=end,
        written=draft[start:end],
        source_start=source_start,
        source_end=source_end,
        in_source=source[source_start:source_end],
    )
