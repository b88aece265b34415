"""The single questions of a report: what changed since another run, the worst with what was found, and all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.evaluation.comparing import ChangedQuestion, RunComparison
from assistant.evaluation.measures import worst
from assistant.evaluation.report_table import section, table
from assistant.evaluation.results import EvaluatedQuestion, Fault
from assistant.evaluation.wording import chance, milliseconds, number, percent, phrase
from assistant.web.kit.html import NOTHING, Html, element, join, text

MOST_CASES = 40
_FOUND = 5  # passages shown of a case
_LONGEST_PASSAGE = 700  # characters


def comparison_section(comparison: RunComparison, language: str) -> Html:
    """What is better and worse than in the other run, and whether chance would do that."""
    rows = [
        [
            text(phrase(name, language)),
            text(percent(change.before, language)),
            text(percent(change.now, language)),
            text(number(change.better, language)),
            text(number(change.worse, language)),
            text(chance(change.chance, language)),
            text(number(change.of, language)),
        ]
        for name, change in comparison.changes.items()
    ]
    heading = phrase("comparison", language, file=comparison.before_file)
    counted = phrase("comparison_of", language, n=number(comparison.of, language))
    if comparison.only_before or comparison.only_now or comparison.other_expectation:
        left_out = {"before": comparison.only_before, "now": comparison.only_now}
        counted += " " + phrase(
            "comparison_left_out", language, **left_out, other=comparison.other_expectation
        )
    speed = phrase(
        "speed",
        language,
        faster=comparison.faster,
        slower=comparison.slower,
        chance=chance(comparison.faster_by_chance, language),
    )
    columns = ["figure", "before", "now", "better", "worse", "chance", "counted"]
    return section(
        "comparison",
        element("p", text(counted)),
        _other_setup(comparison, language),
        table(columns, rows, "changes", language, figures=range(1, 7)),
        element("p", text(phrase("chance_about", language)), class_="faint"),
        element("p", text(speed)),
        _changed("became_wrong", comparison.worse, language),
        _changed("became_right", comparison.better, language),
        language=language,
        heading=heading,
    )


def _other_setup(comparison: RunComparison, language: str) -> Html:
    """What answered otherwise than before: a change of the documents is none of the assistant."""
    told = [
        f"{phrase(f'setup_{name}', language)}: {before or '–'} → {now or '–'}"
        for name, (before, now) in comparison.setup.items()
    ]
    return element("p", text("; ".join(told))) if told else NOTHING


def _changed(name: str, questions: Sequence[ChangedQuestion], language: str) -> Html:
    heading = element("h3", text(f"{phrase(name, language)} ({number(len(questions), language)})"))
    if not questions:
        return join([heading, element("p", text(phrase("nothing", language)))])
    rows = [
        [
            text(one.question),
            text(fault_in_words(one.fault, language)),
            text(_cut(one.before, 300)),
            text(_cut(one.now, 300)),
        ]
        for one in questions
    ]
    return join([heading, table(["question", "why", "before", "now"], rows, name, language, tall=True)])


def worst_cases(questions: Sequence[EvaluatedQuestion], language: str) -> Html:
    """What went wrong, the gravest first, each to be opened."""
    cases = worst(questions)
    shown = [_case(one, at == 0, language) for at, one in enumerate(cases[:MOST_CASES])]
    if not cases:
        shown = [element("p", text(phrase("nothing", language)))]
    elif len(cases) > MOST_CASES:
        told = phrase("worst_more", language, n=MOST_CASES, of=number(len(cases), language))
        shown.insert(0, element("p", text(told), class_="faint"))
    return section("worst", *shown, language=language)


def _case(one: EvaluatedQuestion, is_open: bool, language: str) -> Html:
    summary = element(
        "summary",
        element("strong", text(one.question), lang=one.question_language or None),
        text(" "),
        element("span", text(fault_in_words(one.fault, language)), class_="why"),
    )
    told = join(
        join([element("dt", text(phrase(name, language))), element("dd", value)])
        for name, value in _facts(one, language)
    )
    return element(
        "details",
        summary,
        element("div", element("dl", told), _quotes(one, language), _found(one, language)),
        open=is_open,
    )


def fault_in_words(fault: Fault, language: str) -> str:
    return phrase(f"fault_{fault}", language) if fault else ""


def _facts(one: EvaluatedQuestion, language: str) -> Iterator[tuple[str, Html]]:
    for turn in one.history:
        yield "earlier", text(turn.question)
    if one.error:
        yield "why", text(one.error)
    yield "expected", text(_expectation(one, language))
    if one.answer:
        yield "answer", element("span", text(one.answer), lang=one.question_language or None)
    if one.confidence is not None:
        yield "confidence", text(number(one.confidence, language, 2))


def _expectation(one: EvaluatedQuestion, language: str) -> str:
    if not one.answerable:
        return phrase("expected_refusal", language)
    parts = [f"“{quote}”" for quote in one.gold_quotes] + list(one.short_answers)
    if one.sources:
        parts.append(phrase("expected_source", language, source=", ".join(one.sources)))
    return "\n".join(parts) or phrase("expected_any", language)


def _quotes(one: EvaluatedQuestion, language: str) -> Html:
    if not one.quotes:
        return NOTHING
    rows = [
        [
            text(str(quote.number)),
            join(
                [
                    element("span", text(quote.quote), lang=quote.language or None),
                    *_flags(quote.gold, quote.valid, language),
                ]
            ),
            text(quote.title or quote.source),
        ]
        for quote in one.quotes
    ]
    marked = ["gold" if quote.gold else "" for quote in one.quotes]
    return join(
        [
            element("h3", text(phrase("quotes", language))),
            table(["rank", "passage", "source"], rows, "quotes", language, figures=(0,), marked=marked),
        ]
    )


def _flags(gold: bool, valid: bool, language: str) -> Iterator[Html]:
    if gold:
        yield element("strong", text(f" ({phrase('gold', language)})"))
    if not valid:
        yield element("strong", text(f" ({phrase('invalid', language)})"), class_="bad")


def _found(one: EvaluatedQuestion, language: str) -> Html:
    if not one.found:
        return NOTHING
    # The gold passage is shown wherever it is; of the others the best.
    shown = [(at, hit) for at, hit in enumerate(one.found, 1) if at <= _FOUND or hit.gold]
    rows = [
        [
            text(str(at)),
            join(
                [
                    element(
                        "span",
                        text(_cut(hit.text, _LONGEST_PASSAGE)),
                        class_="passage",
                        lang=hit.language or None,
                    ),
                    *_flags(hit.gold, True, language),
                ]
            ),
            text(hit.title or hit.source),
        ]
        for at, hit in shown
    ]
    marked = ["gold" if hit.gold else "" for _, hit in shown]
    return join(
        [
            element("h3", text(phrase("retrieved", language))),
            table(
                ["rank", "passage", "source"],
                rows,
                "retrieved",
                language,
                figures=(0,),
                marked=marked,
                tall=True,
            ),
        ]
    )


def every_question(questions: Sequence[EvaluatedQuestion], language: str) -> Html:
    """All questions in the order of the file."""
    rows = [
        [
            text(one.question),
            element(
                "span",
                text(fault_in_words(one.fault, language) or phrase("yes", language)),
                class_="good" if one.right else "bad",
            ),
            text("–" if one.gold_rank is None else str(one.gold_rank)),
            text("–" if one.confidence is None else number(one.confidence, language, 2)),
            text(milliseconds(one.latency_ms, language)),
        ]
        for one in questions
    ]
    columns = ["question", "verdict", "rank", "confidence", "latency"]
    return section(
        "all", table(columns, rows, "all", language, figures=(2, 3, 4), tall=True), language=language
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
