"""Passages as the reader reads them where somebody's words are asked for: with the speaker's name in each sentence of theirs.

"She said that …" tells the reader nothing of whom; what is quoted stays as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.attribution import is_named
from assistant.language.words import Word
from assistant.retrieval.search import sentences_in
from assistant.types import Hit
from ingest.text.folding import fold
from ingest.types import Passage, Quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class NameEdit:
    """A name in place of the passage's text from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def with_names(hit: Hit, speakers: tuple[Word, ...]) -> Hit:
    """The hit with names for pronouns and roles in what ``speakers`` say, and before what they say without a word about who speaks."""
    passage = hit.passage
    spans = [(span.start, span.end) for span in sentences_in(passage, hit.document)]
    edits = sorted(_edits(passage, spans, speakers), key=lambda edit: edit.start)
    if not edits:
        return hit
    text, last = "", 0
    for edit in edits:
        text += passage.text[last : edit.start] + edit.text
        last = edit.end

    def moved(at: int, *, end: bool) -> int:
        before = (edit for edit in edits if edit.start < at or (end and edit.end <= at))
        return at + sum(len(edit.text) - (edit.end - edit.start) for edit in before)

    return replace(
        hit,
        passage=replace(
            passage,
            text=text + passage.text[last:],
            sentences=tuple((moved(start, end=False), moved(end, end=True)) for start, end in spans),
        ),
    )


def _edits(
    passage: Passage, spans: Sequence[tuple[int, int]], speakers: tuple[Word, ...]
) -> Iterator[NameEdit]:
    done: list[tuple[int, int]] = []
    for one in passage.quotations or ():
        if one.kind == "reported" or not one.name or not is_named(speakers, one.name):
            continue
        start, end = max(0, one.start - passage.start), one.end - passage.start
        written = _place(one, passage)
        for span in spans:
            if not (span[0] < end and start < span[1]) or span in done:
                continue
            done.append(span)
            if fold(one.name.split()[-1]) in fold(passage.text[span[0] : span[1]]):
                continue
            inside = written is not None and span[0] <= written[0] and written[1] <= span[1]
            if inside and written is not None:
                yield NameEdit(start=written[0], end=written[1], text=one.name)
            else:
                yield NameEdit(start=span[0], end=span[0], text=f"{one.name}: ")


def _place(quotation: Quotation, passage: Passage) -> tuple[int, int] | None:
    """Where in the passage it stands who speaks; None where it doesn't."""
    speaker = quotation.speaker
    if speaker is None or not passage.start <= speaker.start < speaker.end <= passage.end:
        return None
    return speaker.start - passage.start, speaker.end - passage.start
