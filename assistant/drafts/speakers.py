"""Whether the person to whom a draft gives words is the one to whom their source does."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.evidence import Sentence
from assistant.drafts.parts import DraftSentence
from assistant.drafts.types import SpeakerVerdict
from assistant.speech import shared, told_by, written_in
from assistant.statements.name_folding import fold_names, is_common
from ingest.text.folding import fold, words
from ingest.types import Passage

_TOLD = 0.3  # the share of a sentence that must be somebody's words for it to tell what was said

_PRONOUNS = frozenset(
    words("er sie es ich wir ihr man wer der die das dieser diese he she it they i we you who one this that")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who says something in its source, empty where nobody is named, and whether the draft says the same."""

    said_by: str
    verdict: SpeakerVerdict


def names_agree(speaker: str, said_by: str) -> SpeakerVerdict:
    """Whether two names are one speaker's; not told where one is missing, or only says what somebody is."""
    if not speaker or not said_by:
        return "not_checked"
    if len(fold_names(dict.fromkeys((speaker, said_by), 1), is_common)) == 1:
        return "right"
    mine, yours = ({fold(word) for word in words(name) if len(word) > 2} for name in (speaker, said_by))
    if mine & yours:
        if mine <= yours or yours <= mine:
            return "right"
        other = fold(words(speaker)[-1]) != fold(words(said_by)[-1])  # "Jens Schmidt", "Jens Schmitt"
        return "wrong" if other and is_name(speaker) and is_name(said_by) else "not_checked"
    return "wrong" if is_name(speaker) and is_name(said_by) else "not_checked"


def is_name(text: str) -> bool:
    """Whether somebody is named, and not only called what he or she is: "the minister", "er"."""
    written = words(text)
    return (
        bool(written)
        and not all(word.lower() in _PRONOUNS for word in written)
        and all(word[:1].isupper() or len(word) <= 3 for word in written)
        and not all(is_common(word) for word in written)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSpeaker:
    """To whom a draft gives what a sentence says: the name, and what is ``written`` there from ``start`` to ``end`` of the draft.

    ``told`` is what is said in the sentence.
    """

    name: str
    written: str
    start: int
    end: int
    told: str


def given_speaker(sentence: DraftSentence, draft: str) -> GivenSpeaker | None:
    """Who says in the draft what a sentence tells; None for nobody, and where only a part of it is told."""
    length = sentence.end - sentence.start
    for one in sentence.told:
        held = shared(one, sentence.start, sentence.end)
        if one.kind != "reported" and one.speaker and held >= _TOLD * length:
            if not sentence.start <= one.speaker.start < sentence.end:
                continue
            return GivenSpeaker(
                name=one.name or one.speaker.of(draft),
                written=one.speaker.of(draft),
                start=one.speaker.start,
                end=one.speaker.end,
                told=draft[max(one.start, sentence.start) : min(one.end, sentence.end)],
            )
    return None


def misattributed(given: GivenSpeaker, source: Sentence) -> tuple[int, int, str] | None:
    """Where in its document a source names another speaker than the draft does, and who that is; None where it doesn't."""
    told = told_by(source.hit.passage, source.start, source.end)
    if told is None or names_agree(given.name, told.speaker) != "wrong":
        return None
    here = (
        one.speaker
        for one in source.hit.passage.quotations or ()
        if one.name == told.speaker and one.speaker and source.start <= one.speaker.start < source.end
    )
    place = next(here, None)
    return (place.start, place.end, told.speaker) if place else (source.start, source.end, told.speaker)


def named_at(passage: Passage, start: int, end: int, speaker: str) -> tuple[int, int]:
    """Where a passage names who says what stands from ``start`` to ``end`` of its document; an empty place where it doesn't."""
    for one in passage.quotations or ():
        named = speaker in (one.name, written_in(passage, one.speaker))
        if named and one.speaker and one.start < end and start < one.end:
            return one.speaker.start, one.speaker.end
    return start, start
