"""Who is answered at a time, who waits, and who is refused: no place is lost, and nobody waits behind another's many questions."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import Busy, ModelFailed
from assistant.service import admission
from assistant.service.admission import Admission
from assistant.types import Event, RetractedEvent, StatusEvent
from ingest.errors import Cancelled

Step = str  # a stage that is told, "raises", or "retracted"
STEPS: Sequence[Step] = ("searching", "reading", "answering", "answering", "retracted", "raises")


def answer(steps: Sequence[Step]) -> Generator[Event]:
    """An answer that goes through stages; where the model may not be asked, it ends with quotes."""
    try:
        for step in steps:
            if step == "raises":
                raise RuntimeError("It fails.")
            yield RetractedEvent(reason="busy") if step == "retracted" else StatusEvent(stage=step)
    except ModelFailed:
        yield RetractedEvent(reason="busy")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_HEARTBEAT", 0.0)


actions = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from("abc"), st.lists(st.sampled_from(STEPS), max_size=6)),
        st.tuples(st.sampled_from(["go on", "leave", "drop"]), st.integers(0, 30), st.just([])),
    ),
    max_size=40,
)


@given(st.integers(1, 4), st.integers(0, 3), st.integers(0, 2), actions)
def test_whatever_becomes_of_questions_each_place_is_given_back(
    at_once: int, waiting: int, generating: int, actions: list[tuple[str, str | int, list[Step]]]
) -> None:
    questions = Admission(at_once, waiting, generating)
    under_way: list[Generator[Event]] = []
    for act, which, steps in actions:
        if isinstance(which, str):
            try:
                under_way.append(questions.admit(answer(steps), which))
            except Busy:
                assert questions.waiting >= waiting
        elif under_way:
            one = under_way[which % len(under_way)]
            if act == "leave":
                one.close()
            elif act == "drop":
                under_way.remove(one)
            else:
                try:
                    next(one)
                except (StopIteration, RuntimeError):
                    under_way.remove(one)
            del one
        assert questions.running <= at_once
        # What waits waits for a place, or for one that is left to other callers.
        assert not questions.waiting or questions.running >= max(1, at_once - 1)
    for one in under_way:
        one.close()
    assert (questions.running, questions.waiting, questions._generating) == (0, 0, 0)


def test_one_callers_many_questions_do_not_have_another_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = Admission(at_once=2)
    many = [questions.admit(answer(["reading"]), "busy") for _ in range(50)]
    assert (questions.running, questions.waiting) == (1, 49)
    monkeypatch.setattr(admission, "LONGEST_WAIT", 1.0)
    with pytest.raises(Busy):
        questions.admit(answer(["reading"]), "busy")
    first = questions.admit(answer(["reading"]), "another")  # a place is left for it
    second = questions.admit(answer(["reading"]), "another")
    assert questions.running == 2
    many[0].close()
    assert [next(second), next(second)] == [StatusEvent(stage="waiting")] * 2
    first.close()
    assert next(second) == StatusEvent(stage="reading")
    for one in (*many, second):
        one.close()


def test_slow_questions_under_way_are_reckoned_with_before_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = Admission(at_once=1)
    slow = questions.admit(answer(["reading"]), "a")
    began = time.monotonic()
    monkeypatch.setattr(admission.time, "monotonic", lambda: began + 100)
    with pytest.raises(Busy) as refused:
        questions.admit(answer(["reading"]), "b")
    assert refused.value.seconds in (50, 51)
    slow.close()
    questions.admit(answer(["reading"]), "b").close()
    assert (questions.running, questions.waiting) == (0, 0)


def test_who_is_computed_for_in_one_go_waits_and_leaves_likewise() -> None:
    questions = Admission(at_once=1)
    with questions.place("a"):
        assert questions.running == 1
        gone = threading.Event()
        gone.set()
        with pytest.raises(Cancelled), questions.place("b", gone.is_set):
            pass
        assert questions.waiting == 0
    with pytest.raises(ZeroDivisionError), questions.place("b"):
        raise ZeroDivisionError
    assert questions.running == 0
