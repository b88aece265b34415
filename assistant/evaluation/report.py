"""A run as one HTML file that needs nothing else: figures with their intervals, plots with tables beside them, the worst cases."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files

from assistant.answering.judging import LIKELY
from assistant.evaluation import plots
from assistant.evaluation.comparing import RunComparison
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.measures import CurvePoint, Measures, Pair, by_pair, measured, refusal_curve
from assistant.evaluation.report_cases import comparison_section, every_question, worst_cases
from assistant.evaluation.report_table import section, table
from assistant.evaluation.results import EvaluationRun
from assistant.evaluation.wording import interval, number, percent, phrase, shown
from assistant.web.kit.html import NOTHING, Html, element, join, text

_PAIR_FIGURES = (
    "right",
    "recall_at_1",
    "recall_at_5",
    "recall_at_10",
    "gold_first",
    "gold_quoted",
    "latency_median",
)
_SETUP = ("product", "embedding_model", "language_model", "documents", "passages", "server")
_MOST_IDS = 12
_FEW = 200  # questions, below which it is said how much is noise
_CLASSES = 12  # of the histogram


def report(run: EvaluationRun, comparison: RunComparison | None, language: str) -> str:
    """The whole page, in English or German."""
    measures = measured(run.questions)
    parts = [
        _heading(run, language),
        _notes(run, measures, language),
        _figures(measures, language),
        comparison_section(comparison, language) if comparison else NOTHING,
        _curve(refusal_curve(run.questions), language),
        _latency(run, language),
        _pairs(by_pair(run.questions), language),
        worst_cases(run.questions, language),
        every_question(run.questions, language),
        _method(language),
    ]
    title = f"{phrase('title', language)}: {run.questions_file}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        # Nothing is loaded and nothing is run, whatever a document says.
        element(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; style-src 'unsafe-inline'",
        ),
        element("title", text(title)),
        element("style", Html(files("assistant.evaluation").joinpath("report.css").read_text("utf-8"))),
    )
    body = element("body", element("main", *parts))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=language)}\n"


def _heading(run: EvaluationRun, language: str) -> Html:
    told = phrase(
        "made",
        language,
        file=run.questions_file,
        day=f"{run.made:%Y-%m-%d %H:%M} UTC",
        n=number(len(run.questions), language),
    )
    setup = [
        join([element("dt", text(phrase(f"setup_{name}", language))), element("dd", text(value))])
        for name in _SETUP
        if (value := _setup_value(name, run.setup.get(name), language))
    ]
    return join(
        [
            element("h1", text(phrase("title", language))),
            element("p", text(told), class_="faint"),
            element("dl", *setup) if setup else NOTHING,
        ]
    )


def _setup_value(name: str, value: str | int | None, language: str) -> str:
    if name == "language_model" and not value:
        return phrase("none_quoted", language)
    if value is None:
        return ""
    return number(value, language) if isinstance(value, int) else value


def _notes(run: EvaluationRun, measures: Measures, language: str) -> Html:
    """What a reader must know before the figures; nothing where there is no such thing."""
    notes = [element("li", text(one), class_=kind) for one, kind in _told(run, measures, language)]
    return section("notes", element("ul", *notes, class_="notes"), language=language) if notes else NOTHING


def _told(run: EvaluationRun, measures: Measures, language: str) -> Iterator[tuple[str, str | None]]:
    if run.stopped:
        yield run.stopped, "bad"
    wrong = measures.citations.of - measures.citations.count
    if wrong:
        yield phrase("note_citations", language, n=wrong, of=measures.citations.of), "bad"
    errors = sum(bool(one.error) for one in run.questions)
    if errors:
        yield phrase("note_errors", language, n=errors), "bad"
    missing = [one.id for one in run.questions if one.stored is False]
    if missing:
        ids = ", ".join(missing[:_MOST_IDS]) + (" …" if len(missing) > _MOST_IDS else "")
        yield phrase("note_stored", language, n=len(missing), ids=ids), None
    if run.skipped:
        yield phrase("note_skipped", language, n=run.skipped), None
    if 0 < measures.questions < _FEW:
        # Half the width of an interval of a share of one half, which is the widest.
        points = math.ceil(98 / math.sqrt(measures.questions))
        yield phrase("note_few", language, points=points), None


def _figures(measures: Measures, language: str) -> Html:
    figures = {name: one for name, one in measures.figures().items() if one.value is not None}
    rows = [
        [
            text(phrase(name, language)),
            text(shown(name, one.value, language)),
            text(interval(name, one, language)),
            text(number(one.of, language)),
            text(phrase(f"{name}_meaning", language)),
        ]
        for name, one in figures.items()
    ]
    whole = table(
        ["figure", "value", "interval", "counted", "meaning"],
        rows,
        "figures",
        language,
        figures=(1, 2, 3),
        marked=["bad" if name == "citations" and one.count < one.of else "" for name, one in figures.items()],
    )
    drawn = plots.bars(
        phrase("shares", language),
        [
            _bar(phrase(name, language), one, language)
            for name, one in figures.items()
            if not name.startswith("latency")
        ],
    )
    figure = element("figure", drawn, element("figcaption", text(phrase("shares", language))))
    return section("figures", element("div", whole, figure, class_="stacked"), language=language)


def _bar(label: str, one: Estimate, language: str) -> plots.Bar:
    return plots.Bar(
        label=label,
        value=one.value or 0.0,
        low=one.low or 0.0,
        high=one.high or 0.0,
        note=percent(one.value, language),
    )


def _curve(points: Sequence[CurvePoint], language: str) -> Html:
    if not points or all(point.recall is None for point in points):
        return NOTHING
    lines = [
        plots.Curve(
            label=phrase("precision", language),
            kind="first",
            points=[(point.threshold, point.precision) for point in points],
        ),
        plots.Curve(
            label=phrase("recall", language),
            kind="second",
            points=[(point.threshold, point.recall) for point in points],
        ),
    ]
    drawn = plots.curves(phrase("curve", language), lines, phrase("threshold", language), LIKELY)
    rows = [
        [
            text(number(point.threshold, language, 2)),
            text(number(point.refused, language)),
            text(percent(point.precision, language)),
            text(percent(point.recall, language)),
        ]
        for point in points
    ]
    beside = table(
        ["threshold", "refused", "precision", "recall"],
        rows,
        "curve",
        language,
        figures=(0, 1, 2, 3),
        tall=True,
    )
    mark = phrase("threshold_mark", language, at=number(LIKELY, language, 2))
    about = element("p", text(f"{phrase('curve_about', language)} {mark}"), class_="faint")
    return section(
        "curve",
        about,
        element("div", element("figure", drawn), beside, class_="sides"),
        language=language,
    )


def _latency(run: EvaluationRun, language: str) -> Html:
    latencies = [one.latency_ms for one in run.questions if not one.error]
    if not latencies:
        return NOTHING
    counts = classes(latencies)
    drawn = plots.histogram(
        phrase("latency", language),
        [(str(end), count) for end, count in counts],
        phrase("latency_axis", language),
    )
    rows = [[text(number(end, language)), text(number(count, language))] for end, count in counts]
    beside = table(["latency_up_to", "questions"], rows, "latency", language, figures=(0, 1), tall=True)
    return section(
        "latency",
        element("div", element("figure", drawn), beside, class_="sides"),
        language=language,
    )


def classes(values: Sequence[float]) -> list[tuple[int, int]]:
    """How many values lie in classes of one width, each given by its upper end, a round number."""
    most = max(values)
    power = 10 ** math.floor(math.log10(max(1.0, most / _CLASSES)))
    width = next(step * power for step in (1, 2, 5, 10) if step * power * _CLASSES >= most)
    counts = Counter(max(0, math.ceil(value / width) - 1) for value in values)
    return [((at + 1) * width, counts[at]) for at in range(min(counts), max(counts) + 1)]


def _pairs(pairs: dict[Pair, Measures], language: str) -> Html:
    names = {pair: pair_name(pair, language) for pair in pairs}
    rows = [
        [
            text(names[pair]),
            text(number(measures.questions, language)),
            *(text(shown(name, measures.figures()[name].value, language)) for name in _PAIR_FIGURES),
        ]
        for pair, measures in pairs.items()
    ]
    whole = table(
        ["pair", "questions", *_PAIR_FIGURES],
        rows,
        "pairs",
        language,
        figures=range(1, len(_PAIR_FIGURES) + 2),
    )
    drawn = plots.bars(
        phrase("right", language),
        [_bar(names[pair], measures.right, language) for pair, measures in pairs.items()],
    )
    figure = element("figure", drawn, element("figcaption", text(phrase("right", language))))
    return section("pairs", whole, figure, language=language) if pairs else NOTHING


def pair_name(pair: Pair, language: str) -> str:
    """A pair as in "en → de"."""
    asked, told = (phrase("unknown", language) if one == "?" else one for one in pair)
    return f"{asked or phrase('unknown', language)} → {told or phrase('no_document', language)}"


def _method(language: str) -> Html:
    told = (
        element("p", text(phrase(f"method_{name}", language))) for name in ("right", "recall", "intervals")
    )
    return section("method", join(told), language=language)
