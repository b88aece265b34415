"""What a check says of each place of a draft, in lines: for comments of a Word document, a page, or a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Literal

from assistant.citation_links import place
from assistant.drafts.changed import VerdictChange
from assistant.drafts.report_wording import say
from assistant.drafts.types import CheckedDraft, CheckedQuotation, CheckedSentence, DraftDifference
from assistant.types import Citation

Gravity = Literal["well", "wrong", "doubtful", "unknown"]
# How grave a verdict is, by which it is marked; those that are not here are "unknown".
GRAVITIES: Mapping[str, Gravity] = {
    "sentence_supported": "well",
    "quotation_verbatim": "well",
    "sentence_differs": "wrong",
    "quotation_altered": "wrong",
    "quotation_not_found": "wrong",
    "misattributed": "wrong",
    "sentence_claim": "doubtful",
}
SIGNS: Mapping[Gravity, str] = {"well": "✓", "wrong": "≠", "doubtful": "❝", "unknown": "?"}
Stretch = tuple[int, int]
_Before = Mapping[tuple[str, int], str]  # verdicts, by what it is of and where it begins
MOST_QUOTED = 600  # characters of a source


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place in the documents: what it is ("Source"), where its words stand, and the citation.

    ``differing`` are the stretches of the quote that the draft has otherwise.
    """

    label: str
    where: str
    citation: Citation
    differing: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is said of the draft's text from ``start`` to ``end``: its verdict in words, reasons, and evidence.

    ``differing`` are the stretches of the draft's text that the source has otherwise.
    """

    of: Literal["sentence", "quotation"]
    start: int
    end: int
    gravity: Gravity
    heading: str
    lines: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    differing: tuple[Stretch, ...] = ()


def remarks(
    checked: CheckedDraft, language: str, changed: Sequence[VerdictChange] = ()
) -> tuple[Remark, ...]:
    """A remark for every quotation and for every sentence that claims something, in the order of the draft."""
    numbered = {citation.number: citation for citation in checked.citations}
    before: dict[tuple[str, int], str] = {(change.of, change.start): change.before for change in changed}
    found = [
        *(
            _of_sentence(one, numbered, before, language)
            for one in checked.sentences
            if one.verdict != "no_claim"
        ),
        *(_of_quotation(one, numbered, before, language) for one in checked.quotations),
    ]
    return tuple(sorted(found, key=lambda remark: (remark.start, -remark.end)))


def verdict_of(one: CheckedSentence | CheckedQuotation) -> str:
    """The key of the verdict's words."""
    if isinstance(one, CheckedSentence):
        return f"sentence_{one.verdict}"
    if one.verdict == "verbatim" and one.speaker_verdict == "wrong":
        return "misattributed"
    return f"quotation_{one.verdict}"


def _of_sentence(
    sentence: CheckedSentence, numbered: Mapping[int, Citation], before: _Before, language: str
) -> Remark:
    evidence = (
        *_evidence("source", sentence.citations, numbered, language, sentence.differences),
        *_evidence("nearest", sentence.nearest, numbered, language),
    )
    return _remark("sentence", sentence, evidence, before, language)


def _of_quotation(
    quotation: CheckedQuotation, numbered: Mapping[int, Citation], before: _Before, language: str
) -> Remark:
    cited = (quotation.citation,) if quotation.citation is not None else ()
    evidence = (
        *_evidence("source", cited, numbered, language, quotation.differences),
        *_evidence("also_in", quotation.also_in, numbered, language),
    )
    return _remark("quotation", quotation, evidence, before, language)


def _remark(
    of: Literal["sentence", "quotation"],
    one: CheckedSentence | CheckedQuotation,
    evidence: tuple[Evidence, ...],
    before: _Before,
    language: str,
) -> Remark:
    key = verdict_of(one)
    lines = [one.reason] if one.reason else []
    lines += _differences(one.differences, language)
    lines += _before(of, one.start, before, language)
    return Remark(
        of=of,
        start=one.start,
        end=one.end,
        gravity=GRAVITIES.get(key, "unknown"),
        heading=say(key, language),
        lines=tuple(lines),
        evidence=evidence,
        differing=tuple((difference.start, difference.end) for difference in one.differences),
    )


def _differences(differences: Sequence[DraftDifference], language: str) -> Iterator[str]:
    for one in differences:
        side = "" if one.written and one.in_source else "_draft" if one.written else "_source"
        kind = say(one.kind, language)
        yield say(f"difference{side}", language, kind=kind, written=one.written, in_source=one.in_source)


def _before(of: str, start: int, before: _Before, language: str) -> Iterator[str]:
    verdict = before.get((of, start))
    if verdict:
        yield say("before", language, verdict=say(f"{of}_{verdict}", language))
    elif verdict is not None:
        yield say("before_nothing", language)


def _evidence(
    label: str,
    numbers: Sequence[int],
    numbered: Mapping[int, Citation],
    language: str,
    differences: Sequence[DraftDifference] = (),
) -> Iterator[Evidence]:
    """The citations of these numbers; ``differences`` are those from the first of them."""
    for turn, citation in enumerate(numbered[number] for number in numbers if number in numbered):
        marked = [
            (one.source_start - citation.start, one.source_end - citation.start)
            for one in differences
            if citation.start <= one.source_start < one.source_end <= citation.end
        ]
        yield Evidence(
            label=say(label, language),
            where=where(citation, language),
            citation=citation,
            differing=() if turn else tuple(marked),
        )


def where(citation: Citation, language: str) -> str:
    """Where a citation stands: title, source, day, page."""
    record = citation.document
    parts = [record.title, place(record)] if record.title != place(record) else [record.title]
    parts += [record.published.isoformat()] if record.published else []
    parts += [say("page", language, n=citation.page)] if citation.page else []
    return ", ".join(filter(None, parts))


def as_comment(remark: Remark, link: Callable[[Citation], str] = lambda citation: "") -> str:
    """A remark as the lines of a comment."""
    lines = [remark.heading, *remark.lines]
    for one in remark.evidence:
        quote = shorten(one.citation.quote, MOST_QUOTED, placeholder=" …")
        lines.append(f"{one.label}: “{quote}” ({one.where})")
        lines += filter(None, [link(one.citation)])
    return "\n".join(lines)
