"""What happens on the chat page: questions asked, answered, stopped, asked again, judged; conversations opened."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

import gradio as gr

from assistant.service.feedback import LONGEST_NOTE, Judgement, RatedCitation, Rating, now
from assistant.service.service import Service
from assistant.types import Filters
from assistant.web.answer import actions
from assistant.web.answer.conversations import (
    Conversation,
    Exchange,
    answered,
    exchanging,
    stopped,
    translating,
    turns,
)
from assistant.web.answer.sources import SourceView
from assistant.web.chat import components, conversation_history, filter_chips
from assistant.web.chat.components import Updates, updates, whole
from assistant.web.chat.suggestions import SuggestedQuestions
from assistant.web.kit.html import NOTHING, Html, showable
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import base_of, index_of, words_of
from ingest.store.index import Index


class ChatEvents:
    """The events of the chat page. Each yields or returns values for `Parts.outputs`."""

    def __init__(self, service: Service, ideas: SuggestedQuestions) -> None:
        self._service = service
        self._ideas = ideas

    def ask(self, conversation: Conversation, question: str, request: gr.Request) -> Generator[Updates]:
        """A question from the box; one that got no answer goes back into it."""
        before = _so_far(conversation, question, request)
        yield from self._ask(conversation, before, question, request, typed=True)

    def act(self, conversation: Conversation, event: gr.EventData, request: gr.Request) -> Generator[Updates]:
        """A button within an answer, a suggestion, a chip, or the list of conversations."""
        before = conversation.exchanges
        turn = min(max(int(getattr(event, "turn", 0)), 0), len(before))
        match getattr(event, "act", ""):
            case "ask":
                question = str(event.question)
                before = _so_far(conversation, question, request)
                yield from self._ask(conversation, before, question, request)
            case "edit" if turn:
                yield from self._ask(conversation, before[: turn - 1], str(event.question), request)
            case "again" if turn:
                yield from self._ask(conversation, before[: turn - 1], before[turn - 1].question, request)
            case "translate" if turn and turn == len(before):
                yield from self._translate(conversation, request)
            case "judge" if turn:
                yield self._judge(
                    conversation, turn, str(event.verdict), str(getattr(event, "note", "")), request
                )
            case "narrow":
                conversation.filters = _asked_for(event)
                yield updates(**self._restriction(conversation.filters, request))
                yield self._first(conversation, request)
            case "open":
                wanted = _asked_for(event) if hasattr(event, "documents") else None
                yield self._open(conversation, event.conversation, wanted, request)
            case "fresh":
                yield from self.begin_anew(conversation, request)
            case _:  # Gradio empties whatever an event says nothing about
                yield updates()

    def stop(self, conversation: Conversation, request: gr.Request) -> Updates:
        """End the answer that is being given; what was told of it stays."""
        said, base = words_of(request), base_of(request)
        told = stopped(conversation.exchanges, said("stopped"))
        conversation.tell(told, conversation.begin())
        return updates(
            **whole(told, base, said), bridge=_kept(conversation, base, said), news=_news(told, said)
        )

    def begin_anew(self, conversation: Conversation, request: gr.Request) -> Generator[Updates]:
        """An empty conversation. What it was restricted to stays, for it is there to be seen; so does the box."""
        conversation.tell((), conversation.begin())
        shown = whole((), base_of(request), words_of(request))
        yield updates(**shown, bridge=components.kept(""), ideas=NOTHING, news=NOTHING)
        yield self._first(conversation, request, **components.labels(words_of(request)))

    def narrow_days(
        self, conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> Generator[Updates]:
        """Days chosen in their fields."""
        documents = conversation.filters.documents
        conversation.filters = conversation_history.filters_of(documents, event.since, event.until)
        yield updates(chips=self._chips(conversation.filters, request))
        yield self._first(conversation, request)

    def narrow_documents(
        self, conversation: Conversation, chosen: list[str], request: gr.Request
    ) -> Generator[Updates]:
        """Documents chosen in their field."""
        conversation.filters = replace(conversation.filters, documents=tuple(chosen))
        yield updates(chips=self._chips(conversation.filters, request))
        yield self._first(conversation, request)

    def _ask(
        self,
        conversation: Conversation,
        before: Sequence[Exchange],
        question: str,
        request: gr.Request,
        *,
        typed: bool = False,
    ) -> Generator[Updates]:
        said, base, question = words_of(request), base_of(request), showable(question)
        if not question.strip():
            yield updates()
            return
        asked, filters = conversation.begin(), conversation.filters
        now = Exchange(question=question, stage="searching")
        conversation.tell((*before, now), asked)
        shown = whole(conversation.exchanges, base, said, busy=True)
        box = {"box": ""} if typed else {}
        bridge = _kept(conversation, base, said)
        yield updates(**shown, **box, bridge=bridge, ideas=NOTHING, news=components.news(now, said))
        steps, known = exchanging(self._service, now, turns(before), said, filters), now.sources
        with closing(cast("Any", steps)):
            for now in steps:
                if not conversation.tell_last(now, asked):
                    yield updates()
                    return
                yield _step(conversation.exchanges, known, base, said)
                known = now.sources
        if asked != conversation.latest:
            yield updates()
            return
        yield self._finished(conversation, base, said, typed)
        yield self._further(conversation, asked, said)

    def _further(self, conversation: Conversation, asked: int, said: Words) -> Updates:
        """Suggestions below an answer. They take searches; whatever has begun meanwhile is not to be disturbed.

        Nothing else may come last of a question: Gradio shows an event's last step again when the event ends, and
        that would bring back a conversation which the reader has left meanwhile.
        """
        latest = asked == conversation.latest
        found = self._ideas.further(conversation.exchanges, conversation.filters) if latest else ()
        if asked != conversation.latest:
            return updates()
        shown = {"ideas": actions.suggestions(found, said)} if found else {}
        return updates(**shown, **components.labels(said))

    def _finished(self, conversation: Conversation, base: str, said: Words, typed: bool) -> Updates:
        last = conversation.exchanges[-1]
        shown = whole(conversation.exchanges, base, said)
        bridge = _kept(conversation, base, said, last.question if typed and last.problem else "")
        return updates(**shown, bridge=bridge, news=components.news(last, said))

    def _translate(self, conversation: Conversation, request: gr.Request) -> Generator[Updates]:
        """The quotes of the last answer in the language of the answer."""
        said, base = words_of(request), base_of(request)
        last = conversation.exchanges[-1]
        if last.reply is None or not last.reply.foreign:
            yield updates()
            return
        asked = conversation.begin()
        yield updates(**components.buttons(busy=True))
        with closing(cast("Any", translating(self._service, last))) as steps:
            for now in steps:
                if not conversation.tell_last(now, asked):
                    yield updates()
                    return
                yield updates(
                    talk=components.talk(conversation.exchanges, base, said), **components.labels(said)
                )
        if asked != conversation.latest:
            yield updates()
            return
        yield updates(**whole(conversation.exchanges, base, said), bridge=_kept(conversation, base, said))

    def _judge(
        self, conversation: Conversation, turn: int, verdict: str, note: str, request: gr.Request
    ) -> Updates:
        said, base = words_of(request), base_of(request)
        one = conversation.exchanges[turn - 1]
        if one.reply is None or verdict not in ("up", "down", "none"):
            return updates()
        judged = replace(
            one,
            verdict=cast("Rating", verdict),
            note=showable(note).strip()[:LONGEST_NOTE] if verdict != "none" else "",
        )
        self._service.feedback.add(judgement(judged))
        if not conversation.put(judged):
            return updates()
        talk = components.talk(conversation.exchanges, base, said)
        return updates(talk=talk, bridge=_kept(conversation, base, said))

    def _open(
        self, conversation: Conversation, text: object, wanted: Filters | None, request: gr.Request
    ) -> Updates:
        """A conversation that the browser kept, restricted as it was, or as ``wanted``."""
        said, base = words_of(request), base_of(request)
        kept = conversation_history.restored(text, said("interrupted"))
        if kept is None:
            gr.Warning(said("unreadable"))
            return updates()
        conversation.tell(kept.exchanges, conversation.begin())
        conversation.id, conversation.filters = kept.id, wanted or kept.filters
        shown = whole(kept.exchanges, base, said) | self._restriction(conversation.filters, request)
        return updates(**shown, bridge=_kept(conversation, base, said), ideas=NOTHING, news=NOTHING)

    def _restriction(self, filters: Filters, request: gr.Request) -> dict[str, object]:
        days = filter_chips.dates(filters, words_of(request))
        return {
            "chips": self._chips(filters, request),
            "days": days,
            "chosen": self._known(filters.documents),
        }

    def _known(self, ids: Sequence[str]) -> list[str]:
        """Those that there are: the field refuses others."""
        index = index_of(self._service)
        return [one for one in ids if index is not None and index.record(one)]

    def _chips(self, filters: Filters, request: gr.Request) -> Html:
        said, index = words_of(request), index_of(self._service)
        return filter_chips.chips(filters, lambda one: _title(one, index, said), said)

    def _first(self, conversation: Conversation, request: gr.Request, **more: object) -> Updates:
        """Suggestions for an empty conversation. They take searches, so what was asked for is shown before them.

        ``more`` is what else the conversation shows as long as it is empty.
        """
        filters, said = conversation.filters, words_of(request)
        if conversation.exchanges:
            return updates()
        found = actions.suggestions(self._ideas.first(filters, said.language), said)
        if conversation.exchanges:
            return updates()
        return updates(**more) if conversation.filters != filters else updates(ideas=found, **more)


def judgement(one: Exchange) -> Judgement:
    """What the feedback file keeps of a judged exchange, which has a reply."""
    given = one.reply
    assert given is not None  # noqa: S101  # its callers have looked
    cited = (RatedCitation(document_id=s.document_id, title=s.title, quote=s.quote) for s in given.sources)
    return Judgement(
        id=one.id,
        time=now(),
        verdict=one.verdict,
        note=one.note,
        question=one.question,
        answer=given.text,
        mode=given.mode,
        model=given.model,
        citations=tuple(cited),
    )


def _so_far(conversation: Conversation, question: str, request: gr.Request) -> tuple[Exchange, ...]:
    """What stays when ``question`` is asked; it ends an answer that is still being given."""
    exchanges = conversation.exchanges
    if exchanges and exchanges[-1].begins(showable(question)):  # a double click has asked it twice
        exchanges = exchanges[:-1]
    return answered(stopped(exchanges, words_of(request)("stopped")))


def _step(exchanges: Sequence[Exchange], known: Sequence[SourceView], base: str, said: Words) -> Updates:
    """One more piece of an answer: only what has changed is sent, and cards only where they are not yet ``known``."""
    cards = {"sources": components.panel(exchanges, said)} if exchanges[-1].sources not in ((), known) else {}
    return updates(talk=components.talk(exchanges, base, said), **cards, **components.labels(said))


def _kept(conversation: Conversation, base: str, said: Words, unanswered: str = "") -> Html:
    return components.kept(conversation_history.as_json(conversation, base, said), unanswered)


def _news(exchanges: Sequence[Exchange], said: Words) -> Html:
    return components.news(exchanges[-1], said) if exchanges else NOTHING


def _asked_for(event: gr.EventData) -> Filters:
    """What the event restricts the conversation to."""
    return conversation_history.filters_of(str(event.documents).split(","), event.since, event.until)


def _title(document_id: str, index: Index | None, said: Words) -> str:
    if index is None:
        return document_id
    record = index.record(document_id)
    return (record.title or record.source) if record else said("document_gone")
