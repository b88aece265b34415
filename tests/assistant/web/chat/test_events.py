"""What the events of the chat page do to a conversation: the last one to begin has the word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant.access.callers import Caller
from assistant.errors import ModelFailed
from assistant.service import admission
from assistant.service.admission import Admission
from assistant.service.feedback import FeedbackLog, Judgement
from assistant.types import CitationEvent, DeltaEvent, DoneEvent, Event, Filters, RetractedEvent, StatusEvent
from assistant.web.answer.conversations import Conversation
from assistant.web.chat import conversation_history
from assistant.web.chat.components import ChatComponents, of_answers, updates
from assistant.web.chat.events import MOST_OF_ONE_USER, ChatEvents
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.kit.localisation import words
from ingest.store.catalogue import Catalogue
from tests.support.conversations import TEXT, citation, quoting


@dataclass
class Holder:
    """As much of a service as a conversation needs; its assistant tells answers slowly enough to be stopped."""

    feedback: FeedbackLog
    state: str = "ready"
    away: str = ""
    told: list[str] = field(default_factory=list)
    questions: Admission = field(default_factory=Admission)

    @property
    def assistant(self) -> Any:
        index = SimpleNamespace(
            texts=SimpleNamespace(of=lambda _: TEXT),
            records=list,
            record=lambda _: None,
            present=Catalogue({}),
            replica=SimpleNamespace(revision="1"),
        )
        return SimpleNamespace(index=index, stream=self.stream, reader=None, count_undated=lambda _: 3)

    def stream(self, question: str, history: Any, filters: Any) -> Iterator[Event]:
        self.told.append(f"begun {question} after {len(history)}")
        try:
            yield StatusEvent(stage="answering")
            yield CitationEvent(citation=citation())
            for word in ("Am", " Freitag", " [1]."):
                yield DeltaEvent(text=word)
            yield DoneEvent(answer=quoting(citation()))
        except GeneratorExit:
            self.told.append(f"stopped {question}")
            raise


REQUEST: Any = SimpleNamespace(
    headers={"referer": "http://h/x/?a=b", "accept-language": "de"},
    cookies={},
    state=SimpleNamespace(),
    session_hash="tab",
)


def request_of(name: str) -> Any:
    """A request of a user who has signed in."""
    caller = Caller(name=name, role="reader", via="session")
    return SimpleNamespace(**(vars(REQUEST) | {"state": SimpleNamespace(caller=caller)}))


@pytest.fixture
def holder(tmp_path: Path) -> Holder:
    return Holder(FeedbackLog(tmp_path))


@pytest.fixture
def talking(holder: Holder) -> ChatEvents:
    return ChatEvents(holder, SuggestedQuestions(holder))  # type: ignore[arg-type]  # as much of it as is needed


def act(talking: ChatEvents, conversation: Conversation, /, **detail: Any) -> list[Any]:
    return list(talking.act(conversation, gr.EventData(None, detail), REQUEST))


class InterruptedLog(FeedbackLog):
    """A feedback log during whose writing something else happens."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.meanwhile: Callable[[], object] = lambda: None

    def add(self, judgement: Judgement) -> None:
        super().add(judgement)
        self.meanwhile()


def until_told(steps: Iterator[Any], conversation: Conversation, text: str) -> None:
    """Let the answer go on until so much of its text has come."""
    for _ in steps:
        if conversation.exchanges[-1].told == text and conversation.exchanges[-1].stage == "answering":
            return
    raise AssertionError(f"The answer has ended without having said just {text!r}.")


def until_answered(steps: Iterator[Any], conversation: Conversation) -> None:
    """Let the answer go on until its reply is there."""
    for _ in steps:
        if not conversation.exchanges[-1].pending:
            return
    raise AssertionError("The answer has ended without a reply.")


def messages(step: Any) -> Any:
    """The messages that a step shows."""
    return dict(zip((field.name for field in fields(ChatComponents)), step, strict=False))["messages"]


def test_stopping_ends_the_generator_and_keeps_what_was_told(holder: Holder, talking: ChatEvents) -> None:
    conversation = Conversation()
    steps = talking.ask(conversation, "Wann?", REQUEST)
    until_told(steps, conversation, "Am Freitag")
    talking.stop(conversation, REQUEST)
    list(steps)
    assert holder.told == ["begun Wann? after 0", "stopped Wann?"]
    (one,) = conversation.exchanges
    assert (one.told, one.problem) == ("Am Freitag", "Angehalten.")


@pytest.mark.parametrize("text", ["", "Am"])
def test_a_new_question_takes_over(holder: Holder, talking: ChatEvents, text: str) -> None:
    conversation = Conversation()
    first = talking.ask(conversation, "Wann?", REQUEST)
    until_told(first, conversation, text)
    list(talking.ask(conversation, "Wo?", REQUEST))
    list(first)
    assert holder.told == ["begun Wann? after 0", "begun Wo? after 0", "stopped Wann?"]
    left, answered = conversation.exchanges
    assert (left.told, left.problem) == (text, "Angehalten.")
    assert answered.question == "Wo?"
    assert answered.reply is not None


def test_what_comes_last_of_a_question_shows_no_conversation_that_was_left(talking: ChatEvents) -> None:
    """Gradio shows it once more when the event ends, whatever has been shown meanwhile."""
    conversation = Conversation()
    steps = talking.ask(conversation, "Wann?", REQUEST)
    until_answered(steps, conversation)
    finished = next(steps)
    list(talking.begin_anew(conversation, REQUEST))
    rest = list(steps)
    assert messages(finished) != []
    assert rest[-1] == of_answers(updates())
    assert conversation.exchanges == ()


def test_a_conversation_left_while_an_answer_ends_stays_left(talking: ChatEvents) -> None:
    conversation = Conversation()
    steps = talking.ask(conversation, "Wann?", REQUEST)
    until_answered(steps, conversation)
    list(talking.begin_anew(conversation, REQUEST))
    assert list(steps) == [of_answers(updates())]
    assert conversation.exchanges == ()


def test_a_question_asked_by_a_double_click_is_asked_once(talking: ChatEvents) -> None:
    conversation = Conversation()
    first = talking.ask(conversation, "Wann?", REQUEST)
    next(first)
    list(talking.ask(conversation, "Wann?", REQUEST))
    list(first)
    assert [(one.question, one.problem) for one in conversation.exchanges] == [("Wann?", "")]


def test_a_verdict_disturbs_nothing_that_happens_meanwhile(
    holder: Holder, talking: ChatEvents, tmp_path: Path
) -> None:
    """It is being written to the disk while the next answer ends, or the reader begins anew."""
    holder.feedback = log = InterruptedLog(tmp_path)
    conversation = Conversation()
    list(talking.ask(conversation, "Eins?", REQUEST))
    steps = talking.ask(conversation, "Zwei?", REQUEST)
    next(steps)
    log.meanwhile = lambda: list(steps)
    act(talking, conversation, act="judge", turn=1, verdict="up")
    assert [(one.verdict, one.pending) for one in conversation.exchanges] == [("up", False), ("none", False)]
    log.meanwhile = lambda: list(talking.begin_anew(conversation, REQUEST))
    assert act(talking, conversation, act="judge", turn=1, verdict="down") == [updates()]
    assert conversation.exchanges == ()


def test_an_edited_question_replaces_what_came_after_it(holder: Holder, talking: ChatEvents) -> None:
    conversation = Conversation()
    for question in ("Eins?", "Zwei?", "Drei?"):
        list(talking.ask(conversation, question, REQUEST))
    act(talking, conversation, act="edit", turn="2", question="Zweieinhalb?")
    assert [one.question for one in conversation.exchanges] == ["Eins?", "Zweieinhalb?"]
    act(talking, conversation, act="again", turn=2)
    assert [one.question for one in conversation.exchanges] == ["Eins?", "Zweieinhalb?"]
    assert holder.told[-1] == "begun Zweieinhalb? after 1"


def test_a_verdict_is_kept_replaced_and_withdrawn(holder: Holder, talking: ChatEvents) -> None:
    conversation = Conversation()
    list(talking.ask(conversation, "Wann?", REQUEST))
    act(talking, conversation, act="judge", turn=1, verdict="up")
    act(talking, conversation, act="judge", turn=1, verdict="down", note=" falscher\0 Tag ")
    (one,) = holder.feedback.all()
    assert (one.verdict, one.note, one.citations[0].title) == ("down", "falscher\ufffd Tag", "Der Plan")
    act(talking, conversation, act="judge", turn=1, verdict="none", note="x")
    assert holder.feedback.all() == []


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"act": "again", "turn": 9},
        {"act": "edit", "turn": 0, "question": "?"},
        {"act": "judge", "turn": 1, "verdict": "<b>"},
        {"act": "ask", "question": " \n"},
        {"act": "nonsense"},
    ],
)
def test_acts_that_make_no_sense_change_nothing(talking: ChatEvents, detail: dict[str, Any]) -> None:
    conversation = Conversation()
    (shown,) = act(talking, conversation, **detail)  # nothing at all would empty the page's parts
    assert shown == updates()
    assert conversation.exchanges == ()


def test_an_address_restricts_the_conversation_that_is_opened(talking: ChatEvents) -> None:
    conversation, other = Conversation(), Conversation(filters=Filters(documents=("a",)))
    list(talking.ask(other, "Wann?", REQUEST))
    kept = conversation_history.to_json(other, "", words("de"))
    act(talking, conversation, act="open", conversation=kept)
    assert (conversation.id, conversation.filters.documents) == (other.id, ("a",))
    act(talking, conversation, act="open", conversation=kept, documents="b,c", since="2025-01-02", until="")
    assert conversation.filters == Filters(documents=("b", "c"), published_from=date(2025, 1, 2))


def test_reversed_days_are_swapped_and_undated_documents_are_offered(talking: ChatEvents) -> None:
    conversation = Conversation()
    days = {"documents": "a", "since": "2025-03-02", "until": "2025-03-01"}
    (shown, *_) = act(talking, conversation, act="narrow", **days)
    swapped = Filters(documents=("a",), published_from=date(2025, 3, 1), published_to=date(2025, 3, 2))
    assert conversation.filters == swapped
    assert any("3 Dokumente ohne Datum werden ausgelassen" in str(part) for part in shown)
    (shown, *_) = act(talking, conversation, act="narrow", **days, undated=True)
    assert conversation.filters == replace(swapped, include_undated=True)
    event = gr.EventData(None, {"since": "2025-03-01", "until": ""})
    list(talking.narrow_days(conversation, event, REQUEST))
    assert conversation.filters == replace(swapped, published_to=None, include_undated=True)


def test_what_was_asked_for_is_shown_before_ideas_are_made(talking: ChatEvents) -> None:
    conversation = Conversation()
    list(talking.ask(conversation, "Wann?", REQUEST))
    steps = talking.begin_anew(conversation, REQUEST)
    assert messages(next(steps)) == []


def test_one_user_fills_only_part_of_the_page(talking: ChatEvents) -> None:
    under_way = []
    for _ in range(MOST_OF_ONE_USER):
        conversation = Conversation()
        steps = talking.ask(conversation, "Wann?", request_of("anna"))
        until_told(steps, conversation, "Am")
        under_way.append(steps)
    refused = Conversation()
    list(talking.ask(refused, "Noch eine?", request_of("anna")))
    assert "Warten Sie" in refused.exchanges[-1].problem
    another = Conversation()
    list(talking.ask(another, "Wann?", request_of("ben")))
    assert another.exchanges[-1].reply
    under_way.pop().close()  # the reader has left the page
    list(talking.ask(refused, "Noch eine?", request_of("anna")))
    assert refused.exchanges[-1].reply


def test_a_refused_question_is_told_so_and_goes_back_into_the_box(
    holder: Holder, talking: ChatEvents
) -> None:
    holder.questions = Admission(at_once=1, waiting=0)

    def others() -> Iterator[Event]:
        yield StatusEvent(stage="searching")
        yield StatusEvent(stage="reading")

    other, refused = holder.questions.admit(others(), "other"), Conversation()  # type: ignore[arg-type]  # it can be closed
    next(other)
    shown = "".join(map(str, talking.ask(refused, "Wann denn?", REQUEST)))
    assert "Fragen Sie in" in refused.exchanges[-1].problem
    assert 'data-unanswered="Wann denn?"' in shown
    assert 'data-act="again"' in shown
    other.close()
    list(talking.ask(refused, "Wann denn?", REQUEST))
    assert [bool(exchange.reply) for exchange in refused.exchanges] == [True]


def test_it_is_seen_who_leaves_the_page_while_others_come_first(
    holder: Holder, talking: ChatEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "_HEARTBEAT", 0.01)
    holder.questions = Admission(at_once=1)
    with holder.questions.place("other"):
        steps = talking.ask(Conversation(), "Wann denn?", REQUEST)
        for _ in range(6):
            next(steps)  # each is a moment at which Gradio looks whether the page is open
        assert holder.questions.waiting == 1
        steps.close()
        assert holder.questions.waiting == 0


def test_who_waits_for_a_language_model_keeps_nobody_waiting() -> None:
    questions = Admission(at_once=1, waiting=4, generating=1)

    def written() -> Iterator[Event]:
        try:
            yield StatusEvent(stage="answering")
            yield DoneEvent(answer=quoting(citation()))
        except ModelFailed as error:  # as answers do: the documents are quoted instead
            yield RetractedEvent(reason=error.why)

    slow = questions.admit(written(), "one")  # type: ignore[arg-type]  # it can be closed
    assert next(slow) == StatusEvent(stage="answering")
    assert questions.running == 0
    (instead,) = questions.admit(written(), "two")  # type: ignore[arg-type]
    assert instead == RetractedEvent(reason="busy")
    assert isinstance(next(slow), DoneEvent)
    slow.close()
    assert next(questions.admit(written(), "two")) == StatusEvent(stage="answering")  # type: ignore[arg-type]
