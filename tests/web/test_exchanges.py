"""A conversation goes on whatever happens: waiting, refusing, failing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import BadQuestion, NotReady
from assistant.types import Cited, Delta, Done, Event, Status
from assistant.web import exchanges
from assistant.web.exchanges import Conversation, Exchange, answered, exchanging, turns
from assistant.web.words import words
from ingest.errors import StoreUnreachable
from tests.web.making import TEXT, citation, quoting

EN, DE = words("en"), words("de")
ANSWER = quoting(citation())
EVENTS = [
    Status(stage="searching"),
    Cited(citation=citation()),
    Delta(text="“Am"),
    Delta(text=" Freitag”"),
    Done(answer=ANSWER),
]


@dataclass
class Holder:
    """As much of a service as an exchange needs; it is loading for some looks, then answers or fails."""

    events: list[Event] = field(default_factory=lambda: list(EVENTS))
    error: Exception | None = None
    loading: int = 0
    message: str = ""
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def state(self) -> str:
        self.loading -= 1
        return "loading" if self.loading >= 0 else "failed" if self.message else "ready"

    @property
    def assistant(self) -> Any:
        index = SimpleNamespace(text=lambda _: TEXT, records=lambda: [1, 2, 3])
        return SimpleNamespace(index=index, stream=self.stream)

    def stream(self, *asked: Any) -> Iterator[Event]:
        self.asked.append(asked)
        yield from self.events
        if self.error:
            raise self.error


def exchange(holder: Holder, language: Any = EN) -> list[Exchange]:
    return list(exchanging(holder, "Wann?", [], language))  # type: ignore[arg-type]  # as much of it as is needed


def test_an_answer_comes_about_step_by_step() -> None:
    steps = exchange(Holder())
    assert [step.stage for step in steps] == ["searching"] * 5
    assert [step.told for step in steps] == ["", "", "“Am", "“Am Freitag”", "“Am Freitag”"]
    assert [len(step.sources) for step in steps] == [0, 1, 1, 1, 1]
    assert steps[-1].answer == ANSWER
    assert steps[-1].searched == 3


def test_a_question_waits_for_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "PAUSE", 0)
    steps = exchange(Holder(loading=3))
    assert [step.stage for step in steps[:3]] == ["loading"] * 3
    assert steps[-1].answer == ANSWER


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
    assert step.answer is None


def test_an_unforeseen_error_goes_to_the_log_only(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        step = exchange(Holder(events=[], error=RuntimeError("secret path /etc/x")))[-1]
    assert step.problem == EN("unexpected")
    assert "secret path" in caplog.text


def test_what_was_begun_later_has_the_last_word() -> None:
    conversation, exchange = Conversation(), Exchange(question="a")
    asked = conversation.begin()
    assert conversation.tell((exchange,), asked)
    assert conversation.tell((), conversation.begin())
    assert not conversation.tell((exchange, exchange), asked)
    assert conversation.exchanges == ()


def test_only_what_was_answered_is_history() -> None:
    done = Exchange(question="a", answer=ANSWER)
    failed = Exchange(question="b", problem="no")
    assert answered([done, failed]) == (done,)
    assert [turn.question for turn in turns([done, failed])] == ["a"]
