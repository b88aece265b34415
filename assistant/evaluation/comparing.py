"""Two runs over the same questions: what got better and what worse, and whether chance alone would do that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluation.intervals import changed_by_chance
from assistant.evaluation.results import EvaluatedQuestion, EvaluationRun, Fault

# Two latencies nearer to each other than this share are the same: no question takes exactly as long twice.
SAME_LATENCY = 0.1
# Below this a change so large comes by chance in less than one of twenty comparisons.
UNLIKELY = 0.05

Verdict = Callable[[EvaluatedQuestion], bool | None]
VERDICTS: dict[str, Verdict] = {
    "right": lambda one: one.right,
    "recall_at_1": lambda one: one.found_within(1) if one.gold_quotes else None,
    "recall_at_5": lambda one: one.found_within(5) if one.gold_quotes else None,
    "recall_at_10": lambda one: one.found_within(10) if one.gold_quotes else None,
    "gold_first": lambda one: one.gold_quote == 1 if one.gold_quotes else None,
    "gold_quoted": lambda one: one.gold_quote is not None if one.gold_quotes else None,
    "short_answer_said": lambda one: one.short_answer_said,
    "refusal_recall": lambda one: None if one.answerable else one.refused,
    "not_refused": lambda one: not one.refused if one.answerable else None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedQuestion:
    """A question whose answer was right in one run and wrong in the other."""

    id: str
    question: str
    before: str
    now: str
    fault: Fault
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedChange:
    """How a figure changed over the ``of`` questions that both runs have it for.

    ``better`` and ``worse`` count the questions that changed, ``chance`` is how likely so uneven a change is by chance alone.
    """

    of: int
    before: float
    now: float
    better: int
    worse: int
    chance: float

    @property
    def is_unlikely(self) -> bool:
        """Whether chance alone would seldom do that."""
        return self.chance < UNLIKELY


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """``changes`` are by the name of the figure, ``setup`` has what answered otherwise, before and now; ``other_expectation`` counts questions that both have, with another right answer."""

    before_file: str
    of: int
    better: tuple[ChangedQuestion, ...]
    worse: tuple[ChangedQuestion, ...]
    changes: dict[str, PairedChange]
    faster: int
    slower: int
    faster_by_chance: float
    setup: dict[str, tuple[str, str]]
    only_before: int
    only_now: int
    other_expectation: int


def compared(before: EvaluationRun, now: EvaluationRun, before_file: str) -> RunComparison:
    """The comparison of the questions that both runs answered and that expect the same in both."""
    earlier = {one.id: one for one in before.questions}
    later = {one.id: one for one in now.questions}
    both = [(earlier[name], later[name]) for name in later if name in earlier]
    same = [
        (old, new)
        for old, new in both
        if (old.question, old.history, old.expected) == (new.question, new.history, new.expected)
    ]
    pairs = [(old, new) for old, new in same if not old.error and not new.error]
    better = [(old, new) for old, new in pairs if new.right and not old.right]
    worse = [(old, new) for old, new in pairs if old.right and not new.right]
    faster = sum(new.latency_ms < old.latency_ms * (1 - SAME_LATENCY) for old, new in pairs)
    slower = sum(old.latency_ms < new.latency_ms * (1 - SAME_LATENCY) for old, new in pairs)
    return RunComparison(
        before_file=before_file,
        of=len(pairs),
        better=tuple(_changed(old, new, old) for old, new in better),
        worse=tuple(_changed(old, new, new) for old, new in worse),
        changes=dict(_changes(pairs)),
        faster=faster,
        slower=slower,
        faster_by_chance=changed_by_chance(faster, slower),
        setup={
            name: (_said(before.setup.get(name)), _said(now.setup.get(name)))
            for name in now.setup
            if name != "server" and before.setup.get(name) != now.setup[name]
        },
        only_before=len(earlier.keys() - later.keys()),
        only_now=len(later.keys() - earlier.keys()),
        other_expectation=len(both) - len(same),
    )


def _said(value: str | int | None) -> str:
    return "" if value is None else str(value)


def as_json(comparison: RunComparison) -> dict[str, Any]:
    return asdict(comparison)


def _changes(
    pairs: Sequence[tuple[EvaluatedQuestion, EvaluatedQuestion]],
) -> Iterator[tuple[str, PairedChange]]:
    for name, verdict in VERDICTS.items():
        told = [(verdict(old), verdict(new)) for old, new in pairs]
        known = [(old, new) for old, new in told if old is not None and new is not None]
        if known:
            better = sum(bool(new) and not old for old, new in known)
            worse = sum(bool(old) and not new for old, new in known)
            yield (
                name,
                PairedChange(
                    of=len(known),
                    before=sum(bool(old) for old, _ in known) / len(known),
                    now=sum(bool(new) for _, new in known) / len(known),
                    better=better,
                    worse=worse,
                    chance=changed_by_chance(better, worse),
                ),
            )


def _changed(old: EvaluatedQuestion, new: EvaluatedQuestion, wrong: EvaluatedQuestion) -> ChangedQuestion:
    return ChangedQuestion(
        id=new.id,
        question=new.question,
        before=old.answer,
        now=new.answer,
        fault=wrong.fault,
        reason=wrong.reason,
    )
