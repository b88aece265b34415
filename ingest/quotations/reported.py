"""A stretch of a sentence that tells others' words, and where its cue and its speaker stand in the text."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.quotations.cues import SpeechCue
from ingest.quotations.noun_phrases import Phrase
from ingest.quotations.reading import ReadSentence
from ingest.types import Extent, QuotationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A stretch of a sentence that tells others' words."""

    kind: QuotationKind
    start: int
    end: int
    cue: Extent | None
    speaker: Extent | None
    loose: bool = False
    """Whether no word says that ``speaker`` speaks: it holds for a person."""


def extent(sentence: ReadSentence, phrase: Phrase | None) -> Extent | None:
    """Where a phrase stands in the text."""
    if phrase is None:
        return None
    return Extent(start=sentence.tokens[phrase[0]].start, end=sentence.tokens[phrase[1] - 1].end)


def _cue_extent(sentence: ReadSentence, cue: SpeechCue) -> Extent:
    last = sentence.tokens[max(cue.cue_last - 1, cue.token)]
    return Extent(start=sentence.tokens[cue.token].start, end=last.end)


def reported_by(
    sentence: ReadSentence, cue: SpeechCue, start: int, end: int, kind: QuotationKind = "indirect"
) -> Reported:
    """What stands between ``start`` and ``end``, as a cue of the sentence says."""
    return Reported(
        kind=kind,
        start=start,
        end=end,
        cue=_cue_extent(sentence, cue),
        speaker=extent(sentence, cue.speaker),
        loose=cue.kind == "reference",
    )
