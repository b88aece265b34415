"""The JSON of a proof of absence, and the same in words for the terminal and for other assistants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel

from assistant import absence as nouns
from assistant.absence import MissKind, RefusedFor
from assistant.api.schemas import examples
from assistant.api.schemas.examples import shown
from assistant.citation_links import viewer_url

_REFUSED_FOR: dict[RefusedFor, str] = {
    "no_documents": "there are no documents",
    "nothing_selected": "none of the documents fits the restrictions",
    "nobody_named": "no document names {names}",
    "not_quoted": "what came nearest reports no words of {names}",
    "other_days": "what would answer speaks of other days",
    "no_reason": "no sentence gives a reason",
    "declined": "the language model found no answer in what came nearest",
    "unlikely": "no sentence is likely enough to answer ({value} %; {threshold} % are needed)",
    "unlike": "no sentence is near enough to the question (nearness {number}; {needed} is needed)",
}
_REASONS: dict[MissKind, str] = {
    "lacks_names": "does not name {words}",
    "lacks_words": "does not have {words}",
    "lacks_kind": "has no {kind}, which is asked for",
    "other_days": "speaks of other days",
    "other_speaker": "are words of {words}",
    "no_words": "reports nobody's words",
    "asks": "is a question itself",
    "told_before": "was quoted before",
    "gives_no_reason": "gives no reason",
    "unlikely": "is not likely enough to answer ({value} %; {threshold} % are needed)",
    "unlike": "is not near enough to the question (nearness {number}; {needed} is needed)",
    "declined": "the language model found no answer in it",
}


class DaysPublishedSchema(BaseModel):
    """So many ``documents``, published from ``first`` to ``last``, ``undated`` of them on a day that is not known."""

    documents: int
    first: date | None
    last: date | None
    undated: int

    @classmethod
    def of(cls, days: nouns.DaysPublished) -> Self:
        return cls(documents=days.documents, first=days.first, last=days.last, undated=days.undated)


class SoughtWordSchema(BaseModel):
    """A word of the question: in which ``spellings`` of its own language and ``equivalents`` of others it was looked for.

    ``found`` are the documents that have it so, inflected, or in a German compound. In the languages ``unknown_in`` nothing says what
    it is called.
    """

    text: str
    name: bool
    spellings: list[str]
    equivalents: dict[str, list[str]]
    unknown_in: list[str]
    found: DaysPublishedSchema

    @classmethod
    def of(cls, word: nouns.SoughtWord) -> Self:
        return cls(
            text=word.text,
            name=word.name,
            spellings=list(word.spellings),
            equivalents={code: list(forms) for code, forms in word.equivalents.items()},
            unknown_in=list(word.unknown_in),
            found=DaysPublishedSchema.of(word.found),
        )


class MissReasonSchema(BaseModel):
    """Why a passage was not enough; ``value`` stayed below ``threshold`` where there is one."""

    kind: MissKind
    words: list[str]
    value: float | None
    threshold: float | None


class NearMissSchema(BaseModel):
    """A passage that came near: its best sentence, verbatim, where it stands, and why it was not enough."""

    document_id: str
    title: str
    source: str
    published: date | None
    quote: str
    page: int | None
    start: int
    end: int
    language: str
    url: str
    reasons: list[MissReasonSchema]

    @classmethod
    def of(cls, miss: nouns.NearMiss, root: str = "") -> Self:
        record = miss.document
        return cls(
            document_id=record.id,
            title=record.title,
            source=record.shown_source,
            published=record.published,
            quote=miss.quote,
            page=record.page_at(miss.start),
            start=miss.start,
            end=miss.end,
            language=record.language_of(miss.passage),
            url=f"{root}/{viewer_url(record.id, miss.start, miss.end, record.text_version, miss.quote)}",
            reasons=[
                MissReasonSchema(
                    kind=reason.kind,
                    words=list(reason.words),
                    value=_rounded(reason.value),
                    threshold=_rounded(reason.threshold),
                )
                for reason in miss.reasons
            ],
        )


class AbsenceSchema(BaseModel):
    """What was searched for a question that is not answered.

    ``refused_for`` says what decided, ``names`` whom or what that is about, ``value`` what stayed below ``threshold``. ``searched`` are
    the documents that the restrictions let through, ``languages`` counts them by language code; ``chosen`` says that only some documents
    were to be searched.
    """

    model_config = shown(examples.ABSENCE)
    refused_for: RefusedFor
    names: list[str]
    value: float | None
    threshold: float | None
    searched: DaysPublishedSchema
    languages: dict[str, int]
    chosen: bool
    published_from: date | None
    published_to: date | None
    include_undated: bool
    undated_left_out: int
    words: list[SoughtWordSchema]
    nearest: list[NearMissSchema]

    @classmethod
    def of(cls, absence: nouns.Absence, root: str = "") -> Self:
        return cls(
            refused_for=absence.refused_for,
            names=list(absence.names),
            value=_rounded(absence.value),
            threshold=_rounded(absence.threshold),
            searched=DaysPublishedSchema.of(absence.searched),
            languages=dict(absence.languages),
            chosen=absence.chosen,
            published_from=absence.published_from,
            published_to=absence.published_to,
            include_undated=absence.include_undated,
            undated_left_out=absence.undated_left_out,
            words=[SoughtWordSchema.of(word) for word in absence.words],
            nearest=[NearMissSchema.of(miss, root) for miss in absence.nearest],
        )


def absence_in_words(absence: AbsenceSchema) -> list[str]:
    """The proof in English, a line for each part of it."""
    said = _REFUSED_FOR[absence.refused_for].format(
        names=_listed(absence.names), **_values(absence.value, absence.threshold)
    )
    counts = ", ".join(
        f"“{word.text}” {'is ' if not number else ''}in {_documents(word.found.documents)}"
        for number, word in enumerate(absence.words)
    )
    searched = f"Searched {_documents(absence.searched.documents)}{_days(absence.searched)}"
    lines = [f"Refused: {said}.", f"{searched}{f'; {counts}' if counts else ''}."]
    lines += [f"Restricted to {one}." for one in _restrictions(absence)]
    lines += [_sought(word) for word in absence.words]
    return [*lines, *(line for miss in absence.nearest for line in _missed(miss))]


def _restrictions(absence: AbsenceSchema) -> Iterator[str]:
    if absence.chosen:
        yield "chosen documents"
    if absence.published_from or absence.published_to:
        left_out = absence.undated_left_out
        undated = f"; {_documents(left_out)} without a date left out" if left_out else ""
        yield f"days from {absence.published_from or '…'} to {absence.published_to or '…'}{undated}"


def _sought(word: SoughtWordSchema) -> str:
    others = [f"{code}: {', '.join(forms)}" for code, forms in word.equivalents.items()]
    unknown = [f"{code}: not known what it is called" for code in word.unknown_in]
    looked_for = "; ".join([", ".join(word.spellings), *others, *unknown])
    return f"“{word.text}” ({looked_for}): {_documents(word.found.documents)}{_days(word.found)}."


def _missed(miss: NearMissSchema) -> Iterator[str]:
    day = f", {miss.published}" if miss.published else ""
    yield f"Near: “{' '.join(miss.quote.split())}” ({' '.join(miss.title.split())}{day})"
    yield f"    not enough: {why_not(miss)}"


def why_not(miss: NearMissSchema) -> str:
    """Why a passage was not enough, in English."""
    return "; ".join(map(_reason, miss.reasons)) or "–"


def _reason(reason: MissReasonSchema) -> str:
    return _REASONS[reason.kind].format(
        words=_listed(reason.words),
        kind=" or ".join(reason.words),
        **_values(reason.value, reason.threshold),
    )


def _values(value: float | None, threshold: float | None) -> dict[str, str]:
    """The two as percentages, and as numbers."""
    return {
        "value": _percent(value),
        "threshold": _percent(threshold),
        "number": "" if value is None else f"{value:.2f}",
        "needed": "" if threshold is None else f"{threshold:.2f}",
    }


def _documents(number: int) -> str:
    return "none" if not number else "1 document" if number == 1 else f"{number:,} documents"


def _days(days: DaysPublishedSchema) -> str:
    undated = f" ({days.undated:,} without a date)" if days.undated else ""
    if days.first is None:
        return undated
    return (
        f" from {days.first} to {days.last}{undated}"
        if days.first != days.last
        else f" of {days.first}{undated}"
    )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _percent(value: float | None) -> str:
    """A share as a percentage with one digit after the point: 3.1, 84, less than 0.1."""
    if value is None:
        return ""
    return "less than 0.1" if value < 0.001 else f"{100 * value:.1f}".removesuffix(".0")


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")
