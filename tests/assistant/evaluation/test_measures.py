"""The measures: shares lie between 0 and 1 and within their intervals, and neither order nor names decide."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import BadQuestions
from assistant.evaluation.comparing import compared
from assistant.evaluation.intervals import Estimate, changed_by_chance, grouped_share, quantile, share
from assistant.evaluation.matching import TextPlace, gold_rank, is_of, quotes_gold, says
from assistant.evaluation.measures import by_pair, measured, refusal_curve, summary, worst
from assistant.evaluation.reading import ExpectedAnswer
from assistant.evaluation.results import RANKS, EvaluatedQuestion, EvaluationRun, load, save

LETTERS = "abc "


@st.composite
def questions(draw: st.DrawFn) -> list[EvaluatedQuestion]:
    """Any results of a run, with ids of their own."""
    return [draw(question(str(at))) for at in range(draw(st.integers(0, 8)))]


@st.composite
def question(draw: st.DrawFn, name: str) -> EvaluatedQuestion:
    answerable, refused = draw(st.booleans()), draw(st.booleans())
    citations = draw(st.integers(0, 4))
    gold = answerable and draw(st.booleans())
    return EvaluatedQuestion(
        id=name,
        question=name,
        answerable=answerable,
        gold_quotes=("gold",) if gold else (),
        refused=refused,
        confidence=draw(st.none() | st.floats(0, 1)),
        question_language=draw(st.sampled_from(["de", "en"])),
        gold_language=draw(st.sampled_from(["de", "en", ""])),
        gold_rank=draw(st.none() | st.integers(1, 10)) if gold else None,
        gold_quote=draw(st.none() | st.integers(1, 3)) if gold and not refused else None,
        citations=citations,
        citations_valid=draw(st.integers(0, citations)),
        supported=draw(st.integers(0, 3)),
        unsupported=draw(st.integers(0, 3)),
        latency_ms=draw(st.floats(0, 10_000)),
        right=draw(st.booleans()),
        error=draw(st.sampled_from(["", "", "", "the server is gone"])),
    )


@settings(max_examples=25)
@given(questions())
def test_shares_lie_within_their_intervals_and_those_between_0_and_1(every: list[EvaluatedQuestion]) -> None:
    for name, figure in measured(every).figures().items():
        within(figure)
        if figure.value is not None and not name.startswith("latency"):
            assert 0 <= figure.low <= figure.value <= figure.high <= 1  # type: ignore[operator]  # they are there


def within(figure: Estimate) -> None:
    if figure.value is None:
        assert (figure.low, figure.high, figure.of) == (None, None, 0)
    else:
        assert figure.of > 0
        assert figure.low <= figure.value <= figure.high  # type: ignore[operator]  # they are there


@settings(max_examples=25)
@given(questions(), st.integers())
def test_the_order_of_questions_changes_nothing(every: list[EvaluatedQuestion], seed: int) -> None:
    mixed = list(every)
    random.Random(seed).shuffle(mixed)
    assert summary(mixed) == summary(every)
    assert worst(mixed) == worst(every)


@settings(max_examples=25)
@given(questions())
def test_more_passages_never_have_fewer_gold_quotes(every: list[EvaluatedQuestion]) -> None:
    recall = measured(every).recall
    values = [recall[k].value for k in RANKS]
    assert values == sorted(values, key=lambda value: value or 0)


@settings(max_examples=25)
@given(questions())
def test_the_pairs_of_languages_are_all_questions(every: list[EvaluatedQuestion]) -> None:
    pairs = by_pair(every)
    assert sum(measures.questions for measures in pairs.values()) == len(every)
    assert sum(measures.right.count for measures in pairs.values()) == sum(one.right for one in every)


@settings(max_examples=25)
@given(questions())
def test_a_higher_threshold_refuses_more(every: list[EvaluatedQuestion]) -> None:
    for low, high in pairwise(refusal_curve(every)):
        assert low.refused <= high.refused
        assert (low.recall or 0) <= (high.recall or 0)


@settings(max_examples=25)
@given(questions())
def test_a_run_is_read_back_as_it_was_saved(every: list[EvaluatedQuestion]) -> None:
    run = EvaluationRun(
        made=datetime(2026, 1, 2, tzinfo=UTC), questions_file="a.jsonl", questions=tuple(every)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        save(run, summary(every), path)
        assert load(path) == run


@given(st.lists(st.text(LETTERS, max_size=8), max_size=6), st.text("abc", min_size=1, max_size=4))
def test_a_gold_quote_is_found_wherever_passages_are_cut(parts: list[str], gold: str) -> None:
    """Neighbouring passages are read as one text; the rank is how many it takes, and more never lose it."""
    starts = [sum(map(len, parts[:at])) for at in range(len(parts))]
    hits = [
        TextPlace(document_id="d", title="", source="", text=text, start=start)
        for text, start in zip(parts, starts, strict=True)
    ]
    expected = ExpectedAnswer(id="a", question="?", gold_quotes=(gold,))
    rank = gold_rank(hits, expected)
    there = gold in " ".join("".join(parts).split())
    assert (rank is not None) == there
    if rank is not None:
        assert gold_rank(hits[: rank - 1], expected) is None
        assert gold_rank(hits[:rank], expected) == rank


def test_a_gap_between_passages_is_no_neighbourhood() -> None:
    first, second = (
        TextPlace(document_id="d", title="", source="", text=text, start=start)
        for text, start in (("The lock ", 0), ("is open.", 40))
    )
    expected = ExpectedAnswer(id="a", question="?", gold_quotes=("The lock is open.",))
    assert gold_rank([first, second], expected) is None
    assert gold_rank([first, replace(second, start=9)], expected) == 2
    assert gold_rank([first, replace(second, start=9, document_id="e")], expected) is None


def test_the_source_is_a_part_of_title_or_address_or_an_id() -> None:
    place = TextPlace(document_id="0ff", title="Die  Brücke", source="news/bridge.md", text="", start=0)
    assert is_of(place, ())
    assert is_of(place, ("die brücke",))
    assert is_of(place, ("nothing", "BRIDGE.md"))
    assert is_of(place, ("0ff",))
    assert not is_of(place, ("0f",))


def test_a_quote_may_be_a_part_of_a_longer_gold_quote() -> None:
    gold = ("The  lock was closed in May. Nobody knew why.",)
    assert quotes_gold("He said: the lock was closed\nin May. Nobody knew why.", gold)
    assert quotes_gold("Nobody knew why.", gold)
    assert not quotes_gold("May.", gold)
    assert not quotes_gold("Everybody knew why.", gold)


def test_a_short_answer_is_said_by_whole_words_in_any_spelling() -> None:
    assert says(["Es waren 1.200 Menschen."], ["1,200"])
    assert says(["Uschakow sprach."], ["Ushakov"])
    assert not says(["17 people"], ["7"])
    assert not says(["anything"], ["…"])


# The intervals of R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    found = share(count, of)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_interval_of_a_median_is_that_of_the_binomial_distribution() -> None:
    """Of ten values the second and the ninth hold the median with 97.9 %, the third and the eighth only with 89.1 %."""
    found = quantile([float(value) for value in range(1, 11)], 0.5)
    assert (found.value, found.low, found.high) == (5.0, 2.0, 9.0)


def test_groups_widen_the_interval() -> None:
    """A hundred statements of five answers tell less than a hundred of a hundred."""
    few, many = grouped_share([(20, 20)] * 3 + [(0, 20)] * 2), grouped_share([(1, 1)] * 60 + [(0, 1)] * 40)
    assert few.value == many.value == 0.6
    assert few.high - few.low > 2 * (many.high - many.low)  # type: ignore[operator]  # they are there


def test_the_exact_test_of_what_changed() -> None:
    assert changed_by_chance(9, 1) == pytest.approx(2 * 11 / 1024)
    assert changed_by_chance(1, 9) == changed_by_chance(9, 1)
    assert changed_by_chance(3, 3) == changed_by_chance(0, 0) == 1
    assert changed_by_chance(3_000, 2_000) < 1e-40


@settings(max_examples=25)
@given(questions())
def test_a_run_is_the_same_as_itself(every: list[EvaluatedQuestion]) -> None:
    run = EvaluationRun(
        made=datetime(2026, 1, 2, tzinfo=UTC), questions_file="a.jsonl", questions=tuple(every)
    )
    comparison = compared(run, run, "a.json")
    assert comparison.of == sum(not one.error for one in every)
    assert (comparison.better, comparison.worse, comparison.other_expectation) == ((), (), 0)
    assert all(change.chance == 1 for change in comparison.changes.values())


def test_what_changed_is_told_question_by_question() -> None:
    gone, other, kept = (EvaluatedQuestion(id=name, question=name, right=True) for name in "abc")
    before = EvaluationRun(
        made=datetime(2026, 1, 2, tzinfo=UTC), questions_file="a", questions=(gone, other, kept)
    )
    now = replace(
        before,
        questions=(
            replace(other, answerable=False),
            replace(kept, right=False, reason="refused"),
            replace(gone, id="d", question="d"),
        ),
    )
    comparison = compared(before, now, "a.json")
    assert [(one.id, one.reason) for one in comparison.worse] == [("c", "refused")]
    assert (comparison.of, comparison.other_expectation) == (1, 1)
    assert (comparison.only_before, comparison.only_now) == (1, 1)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', '{"format": 1, "questions": [{"id": 3}]}'])
def test_another_file_is_no_result(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(text)
    with pytest.raises(BadQuestions, match="no result of `assistant evaluate"):
        load(path)
