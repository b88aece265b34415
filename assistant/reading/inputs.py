"""What the reader sees: the question, the document's title and a passage in one row of tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.text.sentences import Span

if TYPE_CHECKING:  # sentencepiece is there only where the packed model is
    from ingest.embedding.packed_tokenizer import PackedTokenizer

# The prefixes that the encoder was trained with tell the question from the text here too.
QUESTION, PASSAGE = "query: ", "passage: "
MOST_QUESTION, MOST_TITLE, MOST = 96, 32, 448  # tokens
BEGINNING = 24  # tokens of a longer question that are read before its end, which says what is wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderInput:
    """Token ``ids``, and the half-open ranges of those that are the question's, and each sentence's.

    A sentence that lies beyond what is read, or is blank, has an empty range.
    """

    ids: list[int]
    question: tuple[int, int]
    sentences: list[tuple[int, int]]


def reader_input(
    tokenizer: PackedTokenizer, question: str, title: str, text: str, sentences: Sequence[Span]
) -> ReaderInput:
    """A row for the reader: ``<s> question </s> title </s> passage </s>``.

    ``sentences`` are spans of code points of ``text``.
    """
    (begin, *asked, end), (_, *named, _) = tokenizer.ids([QUESTION + question, title])
    asked = (
        asked if len(asked) <= MOST_QUESTION else [*asked[:BEGINNING], *asked[BEGINNING - MOST_QUESTION :]]
    )
    head = [begin, *asked, end, *named[:MOST_TITLE], end]
    passage = tokenizer.located(PASSAGE + text)
    ids = passage.ids[1:-1][: MOST - len(head) - 1]
    offsets = passage.offsets[1:-1][: len(ids)]
    middles = [(start + stop) / 2 - len(PASSAGE) for start, stop in offsets]
    return ReaderInput(
        ids=[*head, *ids, end],
        question=(1, 1 + len(asked)),
        sentences=[_range(middles, sentence, len(head)) for sentence in sentences],
    )


def _range(middles: Sequence[float], sentence: Span, shift: int) -> tuple[int, int]:
    """The tokens whose middle lies in the sentence, counted from ``shift``; (0, 0) where there are none."""
    first, last = bisect_left(middles, sentence.start), bisect_left(middles, sentence.end)
    return (shift + first, shift + last) if last > first else (0, 0)
