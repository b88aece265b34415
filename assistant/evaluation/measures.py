"""What a run's answers are worth, in figures: over all questions, and for each pair of languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluation.intervals import Estimate, grouped_share, quantile, share
from assistant.evaluation.results import RANKS, EvaluatedQuestion

Pair = tuple[str, str]
STEPS = 20  # of the curve over thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The figures of some questions; each `Estimate` says over how many it was counted.

    ``recall`` is the share of questions of whose gold quotes one is in so many passages found; ``gold_first`` and ``gold_quoted`` of
    those with gold quotes whose answer quotes one first, or anywhere; a refusal quotes none. ``refusal_precision`` is how many of the refusals were right,
    ``refusal_recall`` how many of the questions without an answer were refused. ``supported`` counts the statements of written answers,
    ``citations`` every place that was compared with the stored text.
    """

    questions: int
    right: Estimate
    recall: Mapping[int, Estimate]
    gold_first: Estimate
    gold_quoted: Estimate
    short_answer_said: Estimate
    refusal_precision: Estimate
    refusal_recall: Estimate
    supported: Estimate
    citations: Estimate
    latency_median: Estimate
    latency_p95: Estimate

    def figures(self) -> dict[str, Estimate]:
        """The estimates by name, in the order in which they are shown."""
        named = {
            name: value
            for name in self.__dataclass_fields__
            if isinstance(value := getattr(self, name), Estimate)
        }
        right = named.pop("right")
        return {"right": right, **{f"recall_at_{k}": self.recall[k] for k in RANKS}, **named}


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What refusals would be worth if an answer needed so much confidence; None: there would be none."""

    threshold: float
    refused: int
    precision: float | None
    recall: float | None


def measured(questions: Iterable[EvaluatedQuestion]) -> Measures:
    """The figures of some questions, in any order. One that failed is not right, and counts nowhere else."""
    every = list(questions)
    answered = [one for one in every if not one.error]
    gold = [one for one in answered if one.gold_quotes]
    refused = [one for one in answered if one.refused]
    unanswerable = [one for one in answered if not one.answerable]
    short = [one for one in answered if one.short_answers]
    latencies = [one.latency_ms for one in answered]
    statements = [(one.supported, one.supported + one.unsupported + one.unchecked) for one in answered]
    return Measures(
        questions=len(every),
        right=_share(every, lambda one: one.right),
        recall={k: _share(gold, lambda one, k=k: one.found_within(k)) for k in RANKS},  # type: ignore[misc]  # mypy cannot infer it
        gold_first=_share(gold, lambda one: one.gold_quote == 1),
        gold_quoted=_share(gold, lambda one: one.gold_quote is not None),
        short_answer_said=_share(short, lambda one: bool(one.short_answer_said)),
        refusal_precision=_share(refused, lambda one: not one.answerable),
        refusal_recall=_share(unanswerable, lambda one: one.refused),
        supported=grouped_share(statements),
        citations=grouped_share([(one.citations_valid, one.citations) for one in answered]),
        latency_median=quantile(latencies, 0.5),
        latency_p95=quantile(latencies, 0.95),
    )


def by_pair(questions: Iterable[EvaluatedQuestion]) -> dict[Pair, Measures]:
    """The figures of each pair of languages, the one with most questions first."""
    pairs: dict[Pair, list[EvaluatedQuestion]] = {}
    for question in questions:
        pairs.setdefault(question.pair, []).append(question)
    ordered = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
    return {pair: measured(those) for pair, those in ordered}


def refusal_curve(questions: Iterable[EvaluatedQuestion]) -> tuple[CurvePoint, ...]:
    """What refusals would be worth at thresholds from 0 to 1; empty where no answer says how sure it is.

    What another rule refuses has the confidence 0, and is refused at every threshold above.
    """
    judged = [one for one in questions if not one.error and one.confidence is not None]
    if not judged:
        return ()
    return tuple(_point(judged, step / STEPS) for step in range(STEPS + 1))


def _point(judged: Sequence[EvaluatedQuestion], threshold: float) -> CurvePoint:
    refused = [one for one in judged if (one.confidence or 0.0) < threshold]
    unanswerable = sum(not one.answerable for one in judged)
    right = sum(not one.answerable for one in refused)
    return CurvePoint(
        threshold=threshold,
        refused=len(refused),
        precision=right / len(refused) if refused else None,
        recall=right / unanswerable if unanswerable else None,
    )


def summary(questions: Sequence[EvaluatedQuestion]) -> dict[str, Any]:
    """The figures as JSON."""
    return {
        **_as_json(measured(questions)),
        "pairs": [
            {"question": pair[0], "document": pair[1], **_as_json(measures)}
            for pair, measures in by_pair(questions).items()
        ],
        "curve": [asdict(point) for point in refusal_curve(questions)],
    }


def worst(questions: Iterable[EvaluatedQuestion]) -> list[EvaluatedQuestion]:
    """What went wrong, the gravest first.

    A quote that does not stand in its document; no answer at all; an answer where there is none, the surest first; then wrong and
    refused ones, first those whose gold passage was found soonest; then statements that their quotes do not support.
    """
    return sorted(
        (one for one in questions if not one.right or one.unsupported or one.citations_valid < one.citations),
        key=_gravity,
    )


def _gravity(one: EvaluatedQuestion) -> tuple[int, float, str]:
    if one.citations_valid < one.citations:
        return 0, 0.0, one.id
    if one.error:
        return 1, 0.0, one.id
    if not one.answerable and not one.right:
        return 2, -(one.confidence or 0.0), one.id
    if not one.right:
        return 3, float(one.gold_rank or 1_000), one.id
    return 4, -float(one.unsupported), one.id


def _share(questions: Sequence[EvaluatedQuestion], counts: Callable[[EvaluatedQuestion], bool]) -> Estimate:
    return share(sum(map(counts, questions)), len(questions))


def _as_json(measures: Measures) -> dict[str, Any]:
    figures = {
        name: {part: _rounded(value) for part, value in asdict(figure).items()}
        for name, figure in measures.figures().items()
    }
    return {"questions": measures.questions, **figures}


def _rounded(value: float | None) -> float | int | None:
    return round(value, 4) if isinstance(value, float) else value
