"""What is new since a draft was checked before, told by the text of its sentences and quotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.drafts.types import CheckedDraft, CheckedQuotation, CheckedSentence


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """That the sentence or quotation at ``start`` had another verdict, empty where the draft did not have it."""

    of: Literal["sentence", "quotation"]
    start: int
    end: int
    before: str


def changes(before: CheckedDraft, after: CheckedDraft) -> tuple[VerdictChange, ...]:
    """In the order of the draft. What stands in it several times is compared in turn."""
    return (
        *_changed("sentence", before.sentences, after.sentences),
        *_changed("quotation", before.quotations, after.quotations),
    )


def _changed(
    of: Literal["sentence", "quotation"],
    before: Iterable[CheckedSentence | CheckedQuotation],
    after: Iterable[CheckedSentence | CheckedQuotation],
) -> Iterable[VerdictChange]:
    known: dict[str, list[str]] = defaultdict(list)
    for one in before:
        known[_folded(one.text)].append(one.verdict)
    for one in after:
        verdicts = known[_folded(one.text)]
        earlier = verdicts.pop(0) if len(verdicts) > 1 else next(iter(verdicts), "")
        if earlier != one.verdict:
            yield VerdictChange(of=of, start=one.start, end=one.end, before=earlier)


def _folded(text: str) -> str:
    return " ".join(text.split())
