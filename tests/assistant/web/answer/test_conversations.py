"""A conversation goes on whatever happens: waiting, refusing, failing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import BadQuestion, NotReady
from assistant.service.admission import Admission
from assistant.types import CitationEvent, DeltaEvent, DoneEvent, Event, RetractedEvent, StatusEvent
from assistant.web.answer import conversations
from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import (
    STOPPED,
    Conversation,
    Exchange,
    stop_last,
    stream_exchange,
    turns,
    without_failed,
)
from assistant.web.kit.localisation import words
from ingest.errors import StoreUnreachable
from tests.support.conversations import TEXT, citation, quoting

EN, DE = words("en"), words("de")
ANSWER = quoting(citation())
REPLY = view_answer(ANSWER, lambda _: TEXT, 3)
EVENTS = [
    StatusEvent(stage="searching"),
    CitationEvent(citation=citation()),
    DeltaEvent(text="“Am"),
    DeltaEvent(text=" Freitag”"),
    DoneEvent(answer=ANSWER),
]


@dataclass
class Holder:
    """As much of a service as an exchange needs; it is loading for some looks, then answers or fails."""

    events: list[Event] = field(default_factory=lambda: list(EVENTS))
    error: Exception | None = None
    loading: int = 0
    message: str = ""
    away: str = ""
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    closed: bool = False
    questions: Admission = field(default_factory=Admission)

    @property
    def state(self) -> str:
        self.loading -= 1
        return "loading" if self.loading >= 0 else "failed" if self.message else "ready"

    @property
    def assistant(self) -> Any:
        index = SimpleNamespace(texts=SimpleNamespace(of=lambda _: TEXT), records=lambda: [1, 2, 3])
        return SimpleNamespace(index=index, stream=self.stream)

    def stream(self, *asked: Any) -> Iterator[Event]:
        self.asked.append(asked)
        try:
            yield from self.events
            if self.error:
                raise self.error
        except GeneratorExit:
            self.closed = True
            raise


def exchange(holder: Holder, language: Any = EN) -> list[Exchange]:
    return list(stream_exchange(holder, Exchange(question="Wann?"), [], language))  # type: ignore[arg-type]  # as much of it as is needed


def test_an_answer_comes_about_step_by_step() -> None:
    steps = exchange(Holder())
    assert [step.stage for step in steps] == ["searching"] * 5
    assert [step.told for step in steps] == ["", "", "“Am", "“Am Freitag”", "“Am Freitag”"]
    assert [len(step.sources) for step in steps] == [0, 1, 1, 1, 1]
    assert steps[-1].reply == REPLY
    assert {step.id for step in steps} == {steps[0].id}


def test_a_question_waits_for_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "PAUSE", 0)
    steps = exchange(Holder(loading=3))
    assert [step.stage for step in steps[:3]] == ["loading"] * 3
    assert steps[-1].reply == REPLY


def test_what_a_failed_model_told_is_void() -> None:
    fallen = [*EVENTS[:4], RetractedEvent(reason="broken"), DeltaEvent(text="„Am"), DoneEvent(answer=ANSWER)]
    steps = exchange(Holder(events=fallen))
    assert [step.told for step in steps[3:6]] == ["“Am Freitag”", "", "„Am"]
    assert steps[4].sources == ()
    assert steps[-1].reply == REPLY


def test_closing_an_exchange_stops_whoever_tells_the_answer() -> None:
    holder = Holder()
    steps = stream_exchange(holder, Exchange(question="Wann?"), [], EN)  # type: ignore[arg-type]  # as above
    next(steps)
    steps.close()
    assert holder.closed


def test_models_that_cannot_be_loaded_are_a_problem_in_words() -> None:
    (step,) = exchange(Holder(message="The index was made by another model."))
    assert step.problem == "The assistant could not start: The index was made by another model."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadQuestion("too long"), "Die Frage ist zu lang. Kürzen Sie sie auf 4.000 Zeichen"),
        (NotReady("The models are loading."), "The models are loading."),
        (StoreUnreachable("The server does not answer."), "The server does not answer."),
    ],
)
def test_errors_are_told_in_words(error: Exception, said: str) -> None:
    step = exchange(Holder(events=[], error=error), DE)[-1]
    assert step.problem.startswith(said)
    assert step.reply is None


def test_an_unforeseen_error_goes_to_the_log_only(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        step = exchange(Holder(events=[], error=RuntimeError("secret path /etc/x")))[-1]
    assert step.problem == EN("unexpected")
    assert "secret path" in caplog.text


def test_what_was_begun_later_has_the_last_word() -> None:
    conversation, exchange = Conversation(), Exchange(question="a")
    asked = conversation.begin()
    assert conversation.update((exchange,), asked)
    assert conversation.update((), conversation.begin())
    assert not conversation.update((exchange, exchange), asked)
    assert conversation.exchanges == ()
    assert conversation.id == ""


def test_a_verdict_given_meanwhile_is_kept_as_an_answer_goes_on() -> None:
    conversation = Conversation()
    asked = conversation.begin()
    first, second = Exchange(question="a"), Exchange(question="b")
    conversation.update((first, second), asked)
    kept = conversation.id
    conversation.exchanges = (judged := replace(first, verdict="up"), second)
    assert conversation.update_last(replace(second, told="B"), asked)
    assert conversation.exchanges == (judged, replace(second, told="B"))
    assert conversation.id == kept != ""


def test_what_was_told_stays_when_an_answer_is_stopped() -> None:
    done, going = Exchange(question="a", reply=REPLY), Exchange(question="b", told="Be")
    ended = replace(going, problem="Stopped.", stage=STOPPED)
    assert stop_last((done, going), "Stopped.") == (done, ended)
    asked = stop_last((Exchange(question="c"),), "Stopped.")
    assert without_failed([done, ended, *asked]) == (done, ended, *asked)
    assert stop_last((done,), "Stopped.") == (done,)
    assert stop_last((), "Stopped.") == ()


def test_only_what_was_answered_is_history() -> None:
    done = Exchange(question="a", reply=REPLY)
    failed = Exchange(question="b", problem="no")
    assert without_failed([done, failed]) == (done,)
    assert [turn.question for turn in turns([done, failed])] == ["a"]
