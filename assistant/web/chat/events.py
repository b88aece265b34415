"""The event handlers of the chat page: asking, stopping, asking again, feedback, filters, opening a conversation."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

import gradio as gr

from assistant.access.rate_limits import ConcurrencyLimit
from assistant.service.service import Service
from assistant.types import Filters
from assistant.web.answer import actions
from assistant.web.answer.conversations import (
    Conversation,
    Exchange,
    stop_last,
    stream_exchange,
    stream_translation,
    turns,
    without_failed,
)
from assistant.web.chat import components, conversation_history, feedback, filters
from assistant.web.chat.components import Updates, conversation_updates, updates
from assistant.web.chat.keeping import keep
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.kit.html import NOTHING, Html, showable
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import base_of, index_of, signed_in_user, words_of
from ingest.errors import IngestError

# Questions that one user who has signed in may have under way on this page: half of what all have together, so that
# nobody fills it alone. Where nobody signs in, users cannot be told apart.
MOST_OF_ONE_USER = 4


class ChatEvents:
    """Each handler yields or returns values for `ChatComponents.outputs`."""

    def __init__(self, service: Service, suggestions: SuggestedQuestions) -> None:
        self._service = service
        self._suggestions = suggestions
        self._places = ConcurrencyLimit(MOST_OF_ONE_USER)

    def ask(self, conversation: Conversation, question: str, request: gr.Request) -> Generator[Updates]:
        """A question from the question box; it goes back there if it gets no answer.

        Yields values for `ChatComponents.outputs_of_answers`.
        """
        earlier = _earlier_exchanges(conversation, question, request)
        with closing(self._ask(conversation, earlier, question, request, typed=True)) as steps:
            yield from map(components.of_answers, steps)

    def act(self, conversation: Conversation, event: gr.EventData, request: gr.Request) -> Generator[Updates]:
        """A button of an answer, a suggestion, a chip, or the list of conversations."""
        exchanges = conversation.exchanges
        turn = min(max(int(getattr(event, "turn", 0)), 0), len(exchanges))
        match getattr(event, "act", ""):
            case "ask":
                question = str(event.question)
                earlier = _earlier_exchanges(conversation, question, request)
                yield from self._ask(conversation, earlier, question, request)
            case "edit" if turn:
                yield from self._ask(conversation, exchanges[: turn - 1], str(event.question), request)
            case "again" if turn:
                yield from self._ask(
                    conversation, exchanges[: turn - 1], exchanges[turn - 1].question, request
                )
            case "translate" if turn and turn == len(exchanges):
                yield from self._translate(conversation, request)
            case "judge" if turn:
                yield self._judge(
                    conversation, turn, str(event.verdict), str(getattr(event, "note", "")), request
                )
            case "keep" if turn:
                keep(self._service, conversation, turn, request)
                yield updates()
            case "narrow":
                conversation.filters = _filters_of(event)
                yield updates(**self._filter_updates(conversation.filters, request))
                yield self._first_suggestions(conversation, request)
            case "open":
                restriction = _filters_of(event) if hasattr(event, "documents") else None
                yield self._open(conversation, event.conversation, restriction, request)
            case "fresh":
                yield from self.begin_anew(conversation, request)
            case _:  # without any update, Gradio would empty the components
                yield updates()

    def stop(self, conversation: Conversation, request: gr.Request) -> Updates:
        """End the answer that is being streamed; its text so far stays."""
        words, base = words_of(request), base_of(request)
        exchanges = stop_last(conversation.exchanges, words("stopped"))
        conversation.update(exchanges, conversation.begin())
        announcement = components.announcement(exchanges[-1], words) if exchanges else NOTHING
        return updates(
            **conversation_updates(exchanges, base, words),
            bridge=_bridge_data(conversation, base, words),
            announcement=announcement,
        )

    def begin_anew(self, conversation: Conversation, request: gr.Request) -> Generator[Updates]:
        """An empty conversation; the filters, which the reader sees, and the text in the question box stay."""
        conversation.update((), conversation.begin())
        emptied = conversation_updates((), base_of(request), words_of(request))
        bridge = components.bridge_data("")
        yield updates(**emptied, bridge=bridge, suggestions=NOTHING, announcement=NOTHING)
        yield self._first_suggestions(conversation, request, **components.button_labels(words_of(request)))

    def narrow_days(
        self, conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> Generator[Updates]:
        """Dates entered in their fields."""
        before = conversation.filters
        conversation.filters = filters.parse_filters(
            before.documents, event.since, event.until, before.include_undated
        )
        yield updates(chips=self._chips(conversation.filters, request))
        yield self._first_suggestions(conversation, request)

    def narrow_documents(
        self, conversation: Conversation, chosen: list[str], request: gr.Request
    ) -> Generator[Updates]:
        """Documents selected in their field."""
        conversation.filters = replace(conversation.filters, documents=tuple(chosen))
        yield updates(chips=self._chips(conversation.filters, request))
        yield self._first_suggestions(conversation, request)

    def _ask(
        self,
        conversation: Conversation,
        earlier: Sequence[Exchange],
        question: str,
        request: gr.Request,
        *,
        typed: bool = False,
    ) -> Generator[Updates]:
        words, base, question = words_of(request), base_of(request), showable(question)
        if not question.strip():
            yield updates()
            return
        user = signed_in_user(request)
        give_back = self._places.take(user) if user else lambda: None
        if give_back is None:
            refused = Exchange(question=question, problem=words("too_many_at_once"))
            conversation.update((*earlier, refused), conversation.begin())
            yield self._finished(conversation, base, words, typed)
            return
        try:
            yield from self._answer(conversation, earlier, question, request, typed=typed)
        finally:
            give_back()

    def _answer(
        self,
        conversation: Conversation,
        earlier: Sequence[Exchange],
        question: str,
        request: gr.Request,
        *,
        typed: bool,
    ) -> Generator[Updates]:
        words, base = words_of(request), base_of(request)
        begun, restriction = conversation.begin(), conversation.filters
        exchange = Exchange(question=question, stage="searching")
        conversation.update((*earlier, exchange), begun)
        yield updates(
            **conversation_updates(conversation.exchanges, base, words, busy=True),
            **({"question": ""} if typed else {}),
            bridge=_bridge_data(conversation, base, words),
            suggestions=NOTHING,
            announcement=components.announcement(exchange, words),
        )
        user = signed_in_user(request)
        caller = f"user {user}" if user else f"page {request.session_hash}"
        steps = stream_exchange(self._service, exchange, turns(earlier), words, restriction, caller)
        # Each change of the source cards is sent twice: Gradio may drop one of two steps that come close together.
        shown_sources = sent_sources = exchange.sources
        sent = before = exchange
        with closing(cast("Any", steps)):
            for exchange in steps:
                if not conversation.update_last(exchange, begun):
                    yield updates()
                    return
                goes_on, before = exchange == before, exchange
                if goes_on:
                    yield updates()  # while others come first, or a model is silent: it is seen here who has left the page
                if not _is_news(sent, exchange):
                    continue
                sent = exchange
                yield components.partial_updates(conversation.exchanges, shown_sources, base, words)
                shown_sources, sent_sources = sent_sources, exchange.sources
        if begun != conversation.latest:
            yield updates()
            return
        yield self._finished(conversation, base, words, typed)
        yield self._follow_ups(conversation, begun, words)

    def _follow_ups(self, conversation: Conversation, begun: int, words: Words) -> Updates:
        """Suggestions below an answer; nothing if another event has begun, also while they were being searched for.

        They must be the last step of a question: Gradio shows an event's last step again when the event ends, which
        would bring back messages of a conversation that the reader has left meanwhile.
        """
        latest = begun == conversation.latest
        questions = (
            self._suggestions.follow_ups(conversation.exchanges, conversation.filters) if latest else ()
        )
        if begun != conversation.latest:
            return updates()
        changed = {"suggestions": actions.suggested_questions(questions, words)} if questions else {}
        return updates(**changed, **components.button_labels(words))

    def _finished(self, conversation: Conversation, base: str, words: Words, typed: bool) -> Updates:
        last = conversation.exchanges[-1]
        unanswered = last.question if typed and last.problem else ""
        return updates(
            **conversation_updates(conversation.exchanges, base, words),
            bridge=_bridge_data(conversation, base, words, unanswered),
            announcement=components.announcement(last, words),
        )

    def _translate(self, conversation: Conversation, request: gr.Request) -> Generator[Updates]:
        """Translate the quotes of the last answer into the language of the answer."""
        words, base = words_of(request), base_of(request)
        last = conversation.exchanges[-1]
        if last.reply is None or not last.reply.foreign:
            yield updates()
            return
        begun = conversation.begin()
        yield updates(**components.buttons(busy=True))
        with closing(cast("Any", stream_translation(self._service, last))) as steps:
            for exchange in steps:
                if not conversation.update_last(exchange, begun):
                    yield updates()
                    return
                messages = components.messages(conversation.exchanges, base, words)
                yield updates(messages=messages, **components.button_labels(words))
        if begun != conversation.latest:
            yield updates()
            return
        bridge = _bridge_data(conversation, base, words)
        yield updates(**conversation_updates(conversation.exchanges, base, words), bridge=bridge)

    def _judge(
        self, conversation: Conversation, turn: int, verdict: str, note: str, request: gr.Request
    ) -> Updates:
        words, base = words_of(request), base_of(request)
        judged = feedback.with_verdict(conversation.exchanges[turn - 1], verdict, note)
        if judged is None:
            return updates()
        try:
            self._service.feedback.add(feedback.judgement(judged))
        except IngestError as error:  # the database of several servers is away
            gr.Warning(str(error))
            return updates()
        if not conversation.replace_exchange(judged):
            return updates()
        messages = components.messages(conversation.exchanges, base, words)
        return updates(messages=messages, bridge=_bridge_data(conversation, base, words))

    def _open(
        self, conversation: Conversation, json: object, restriction: Filters | None, request: gr.Request
    ) -> Updates:
        """Open a conversation that the browser stored, with ``restriction`` or else its own filters."""
        words, base = words_of(request), base_of(request)
        stored = conversation_history.from_json(json, words("interrupted"))
        if stored is None:
            gr.Warning(words("unreadable"))
            return updates()
        conversation.update(stored.exchanges, conversation.begin())
        conversation.id, conversation.filters = stored.id, restriction or stored.filters
        return updates(
            **conversation_updates(stored.exchanges, base, words),
            **self._filter_updates(conversation.filters, request),
            bridge=_bridge_data(conversation, base, words),
            suggestions=NOTHING,
            announcement=NOTHING,
        )

    def _filter_updates(self, restriction: Filters, request: gr.Request) -> dict[str, object]:
        return {
            "chips": self._chips(restriction, request),
            "days": filters.date_fields(restriction, words_of(request)),
            "chosen": self._existing(restriction.documents),
        }

    def _existing(self, ids: Sequence[str]) -> list[str]:
        """The ids of documents that exist; the field refuses others."""
        index = index_of(self._service)
        return [key for key in ids if index is not None and index.record(key)]

    def _chips(self, restriction: Filters, request: gr.Request) -> Html:
        words, index = words_of(request), index_of(self._service)
        dated_only = replace(restriction, include_undated=False)
        undated = self._service.assistant.count_undated(dated_only) if index else 0
        return filters.chips(
            restriction, lambda key: filters.document_title(key, index, words), words, undated
        )

    def _first_suggestions(self, conversation: Conversation, request: gr.Request, **more: object) -> Updates:
        """Suggestions for an empty conversation, with the updates ``more``; nothing if it is not empty any more.

        Making them takes searches, so what the reader has asked for must be sent before.
        """
        restriction, words = conversation.filters, words_of(request)
        if conversation.exchanges:
            return updates()
        questions = self._suggestions.first(restriction, words.language)
        if conversation.exchanges:
            return updates()
        if conversation.filters != restriction:
            return updates(**more)
        return updates(suggestions=actions.suggested_questions(questions, words), **more)


def _earlier_exchanges(
    conversation: Conversation, question: str, request: gr.Request
) -> tuple[Exchange, ...]:
    """The exchanges that stay when ``question`` is asked; an answer that is still being streamed is stopped."""
    exchanges = conversation.exchanges
    if exchanges and exchanges[-1].has_just_asked(showable(question)):  # a double click has asked it twice
        exchanges = exchanges[:-1]
    return without_failed(stop_last(exchanges, words_of(request)("stopped")))


def _is_news(sent: Exchange, exchange: Exchange) -> bool:
    """Whether a step of an answer is worth sending after the one ``sent``: quotes come all at once, a model's words don't."""
    return (
        exchange.reply is not None
        or "answering" in (exchange.stage, sent.stage)
        or exchange.stage != sent.stage
    )


def _bridge_data(conversation: Conversation, base: str, words: Words, unanswered: str = "") -> Html:
    return components.bridge_data(conversation_history.to_json(conversation, base, words), unanswered)


def _filters_of(event: gr.EventData) -> Filters:
    undated = getattr(event, "undated", False)
    return filters.parse_filters(str(event.documents).split(","), event.since, event.until, undated)
