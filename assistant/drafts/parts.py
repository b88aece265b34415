"""What of a draft is checked: its sentences, which of them claim something, and its words in quotation marks. Pure."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from assistant.drafts.types import Draft, DraftCut
from assistant.retrieval.question_type import is_question
from ingest.quotations import STEP, quotations_in_steps
from ingest.quotations.marks import quoted_extents
from ingest.text.folding import words
from ingest.text.sentences import sentence_spans, trimmed
from ingest.types import Quotation

_FEWEST_WORDS = 3  # of what is looked up in quotation marks where nobody says it
_LONGEST_HEADING = 14  # words
_TELLING = 4  # letters of a word that may say something
_ENDS = re.compile(r"[.!?…:;][\"'”“»«›‹’)\]]*$")
_ITEM = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s")
_GREETING = re.compile(
    r"^\W*(?:(?:sehr )?geehrte|liebe[rs]? |hallo|guten (?:tag|morgen|abend)|mit (?:freundlichen|besten|herzlichen) grüßen|viele grüße|herzlich"
    r"|(?:vielen |herzlichen )?dank|dear |hello|hi\b|good (?:morning|evening|afternoon)|(?:kind|best|warm) regards|yours |sincerely|thanks?\b)",
    re.I,
)
_BYLINE = re.compile(
    r"^\W*(?:(?:von|by|text|fotos?|photos?|bild|quelle|source|stand|autor(?:in)?|author|redaktion)\b:?\s+|\(?(?:dpa|afp|reuters|ap|epd|kna|sid)\b)",
    re.I,
)
# What somebody holds or feels, and no figure or name that could be looked up.
_OPINION = re.compile(
    r"\b(?:ich (?:finde|meine|glaube|denke|hoffe|wünsche)|meiner (?:meinung|ansicht) nach|wir (?:finden|hoffen|glauben|wünschen)|hoffentlich"
    r"|leider|zum glück|i (?:think|believe|feel|hope|guess)|in my (?:view|opinion)|we (?:think|believe|hope|feel)|hopefully|unfortunately)\b",
    re.I,
)
_CHECKABLE = re.compile(r"\d|[^\W\d_]\s+[A-ZÄÖÜ]\w+\s+[A-ZÄÖÜ]\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentence:
    """A sentence of a draft: its text from ``start`` to ``end``. ``before`` is the one before it in its paragraph, empty for the first.

    ``claims`` says whether it claims something that may be looked up; ``told`` are the quotations of the draft that have words in it.
    """

    text: str
    start: int
    end: int
    before: str
    claims: bool
    told: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftQuotation:
    """Words of a draft in quotation marks, from ``start`` to ``end`` without the marks, and to whom they are given, if to anybody."""

    text: str
    start: int
    end: int
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftParts:
    """All that is checked of a draft, each in order."""

    sentences: tuple[DraftSentence, ...]
    quotations: tuple[DraftQuotation, ...]

    def in_order(self) -> Iterator[DraftSentence | DraftQuotation]:
        """Both by where they begin, a sentence behind what is quoted in it: its verdict depends on that."""
        waiting = sorted(self.quotations, key=lambda one: one.start)
        for sentence in self.sentences:
            while waiting and waiting[0].start < sentence.end:
                yield waiting.pop(0)
            yield sentence
        yield from waiting


def cut(draft: Draft) -> Generator[DraftCut, None, DraftParts]:
    """The sentences of a draft, blank ones left out, and its words in quotation marks.

    Tells in between how far it has come; closing it stops the cutting.
    """
    length = len(draft.text)
    total = 2 * length  # it is read for whose words it tells, then for its sentences
    reading = quotations_in_steps(draft.text, draft.language)
    while True:
        try:
            yield DraftCut(done=next(reading), total=total)
        except StopIteration as ended:
            told: tuple[Quotation, ...] = ended.value
            break
    sentences: list[DraftSentence] = []
    step = 0
    for sentence in _sentences(draft, told):
        sentences.append(sentence)
        if sentence.end >= step + STEP:
            step = sentence.end
            yield DraftCut(done=length + step, total=total)
    return DraftParts(sentences=tuple(sentences), quotations=tuple(_quoted(draft.text, told)))


def parts_of(draft: Draft) -> DraftParts:
    """The same at once, of a short text."""
    cutting = cut(draft)
    while True:
        try:
            next(cutting)
        except StopIteration as ended:
            parts: DraftParts = ended.value
            return parts


def speaker_of(quotation: Quotation, text: str) -> str:
    """Who says it, by the fullest name that the draft gives, else as it is written; empty for nobody."""
    return quotation.name or (quotation.speaker.of(text) if quotation.speaker else "")


def _sentences(draft: Draft, told: Sequence[Quotation]) -> Iterator[DraftSentence]:
    before, end = "", 0
    for span in sentence_spans(draft.text, draft.language):
        own = trimmed(draft.text, span)
        if own.end == own.start:
            continue
        if "\n\n" in draft.text[end : own.start]:
            before = ""
        text = draft.text[own.start : own.end]
        yield DraftSentence(
            text=text,
            start=own.start,
            end=own.end,
            before=before,
            claims=_claims(text, draft.text[own.end : own.end + 1]),
            told=tuple(one for one in told if one.start < own.end and one.end > own.start),
        )
        before, end = text, own.end


def _claims(text: str, after: str) -> bool:
    """Whether a sentence claims something: it is no heading, question, greeting, byline or mere opinion."""
    count = len(words(text))
    ended = _ENDS.search(text) is not None
    if (
        is_question(text)
        or text.lstrip().startswith("#")
        or not any(len(word) >= _TELLING for word in words(text))
    ):
        return False  # "Die 2., 3. und 4."
    if count < 2:
        return False
    alone = after in ("", "\n")
    item = _ITEM.match(text) is not None and count > _FEWEST_WORDS
    if alone and not ended and count <= _LONGEST_HEADING and not item:
        return False  # a heading, a signature, a cell of a table
    short = count <= _LONGEST_HEADING
    if short and (_GREETING.match(text) or (not ended and _BYLINE.match(text))):
        return False
    return not (_OPINION.search(text) and not _CHECKABLE.search(text))


def _quoted(text: str, told: Sequence[Quotation]) -> Iterator[DraftQuotation]:
    direct = [one for one in told if one.kind == "direct"]
    for extent in quoted_extents(text):
        width = 2 if text.startswith("''", extent.start) else 1
        inner = text[extent.start + width : extent.end - width]
        start = extent.start + width + len(inner) - len(inner.lstrip())
        own = inner.strip()
        said = next((one for one in direct if one.start < extent.end and extent.start < one.end), None)
        speaker = speaker_of(said, text) if said else ""
        count = len(words(own))
        if count and (count >= _FEWEST_WORDS or speaker):
            yield DraftQuotation(text=own, start=start, end=start + len(own), speaker=speaker)
