"""What the chat page shows, from values to updates of its components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from assistant.web.answer import actions, render, source_panel
from assistant.web.answer.conversations import TRANSLATING, Exchange
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words

Updates = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ChatComponents:
    """What events change on the page. ``bridge`` brings what the browser keeps to its script, and acts back."""

    box: gr.Textbox
    talk: gr.Chatbot
    sources: gr.HTML
    send: gr.Button
    stop: gr.Button
    ideas: gr.HTML
    chips: gr.HTML
    days: gr.HTML
    chosen: gr.Dropdown
    bridge: gr.HTML
    news: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        return [getattr(self, field.name) for field in fields(self)]


def updates(**given: object) -> Updates:
    """A value for each of `Parts.outputs`; those not given stay as they are."""
    return tuple(given.get(field.name, gr.skip()) for field in fields(ChatComponents))


def whole(exchanges: Sequence[Exchange], base: str, said: Words, *, busy: bool = False) -> dict[str, object]:
    """The conversation, its sources, and the button that fits; ``base`` is where copied links begin."""
    return {
        "talk": talk(exchanges, base, said),
        "sources": panel(exchanges, said),
        **buttons(busy),
    }


def buttons(busy: bool) -> dict[str, object]:
    """The button that fits: to stop what is being answered, or to ask."""
    return {
        "send": gr.Button(visible="hidden" if busy else True),
        "stop": gr.Button(visible=True if busy else "hidden"),
    }


def labels(said: Words) -> dict[str, object]:
    """What the step after one with `buttons` says of them: what they are called, which changes nothing.

    Gradio sends what differs from the step before, and a page that gets two steps at once takes the first apart while
    it waits to be shown: of a button left out of the second, what the first said would be gone.
    """
    return {"send": said("ask"), "stop": said("stop")}


def talk(exchanges: Sequence[Exchange], base: str, said: Words) -> list[dict[str, str]]:
    """The messages of the conversation."""
    last = len(exchanges)
    return [
        message
        for turn, one in enumerate(exchanges, 1)
        for message in (
            {"role": "user", "content": render.question(one.question, turn, said)},
            {"role": "assistant", "content": _reply(one, turn, turn == last, base, said)},
        )
    ]


def panel(exchanges: Sequence[Exchange], said: Words) -> Html:
    """The sources of the answers, also of one that is still being told."""
    groups = ((turn, one.question, one.sources) for turn, one in enumerate(exchanges, 1))
    return source_panel.panel(groups, said)


def kept(json: str, unanswered: str = "") -> Html:
    """What the bridge brings to the script: a conversation to keep, or nothing where none is open.

    An ``unanswered`` question goes back into the box.
    """
    return element("span", hidden=True, data_kept=json, data_unanswered=unanswered or None)


def news(one: Exchange, said: Words) -> Html:
    """What a screen reader says now."""
    if one.reply:
        return render.spoken(one.reply, said)
    return element("p", text(one.problem or said("stage_searching")))


def _reply(one: Exchange, turn: int, last: bool, base: str, said: Words) -> Html:
    if one.reply:
        doing = render.status(said, one.stage) if one.stage == TRANSLATING else NOTHING
        return join([render.answer(one.reply, turn, said), doing, actions.under(one, turn, last, base, said)])
    told = render.told(one, turn, said) if one.told else NOTHING
    if one.problem:
        return join([told, render.problem(one.problem), actions.under(one, turn, last, base, said)])
    return told or render.status(said, one.stage)
