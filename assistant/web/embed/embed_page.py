"""The compact chat as HTML and JSON: the page around a conversation, and what is shown of an answer.

The page says nothing of the documents: whoever opens it need not have shown who they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from assistant.core import LONGEST_QUESTION
from assistant.web.answer import render, source_panel
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.sources import SourceView
from assistant.web.kit.html import NOTHING, Html, element, join, showable, text
from assistant.web.kit.localisation import Words

# What the script says, by the keys of the translations.
_SPOKEN = (
    "stopped",
    "unexpected",
    "embed_signed_out",
    "embed_refused",
    "embed_busy",
    "embed_lost",
    "too_long",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedOptions:
    """What an address asks of the page; ``accent`` is #rgb or #rrggbb, ``parent`` the site whose page is told of events."""

    theme: str = "auto"
    accent: str = ""
    documents: tuple[str, ...] = ()
    greeting: str = ""
    parent: str = ""


def page(look: EmbedOptions, said: Words) -> Html:
    return element(
        "html",
        _head(said),
        element("body", _bar(said), _conversation(look, said), _ask(said), _news()),
        lang=said.language,
        data_theme=look.theme,
        data_accent=look.accent or None,
        data_on_accent=ink_on(look.accent) if look.accent else None,
        data_parent=look.parent or None,
        data_documents=",".join(look.documents),
        **{f"data_say_{key}": _phrase(key, said) for key in _SPOKEN},
    )


def shown(now: Exchange, turn: int, said: Words) -> str:
    """What is shown of an exchange, as JSON: its HTML, and when it has ended what programs may know of the answer."""
    about: dict[str, Any] = {"html": _exchange(now, turn, said)}
    if now.reply:
        about |= {"news": render.spoken(now.reply, said), "answer": _told(now.question, now.reply)}
    return json.dumps(about)


def ink_on(accent: str) -> str:
    """Black or white, whichever can be read better on ``accent`` (relative luminance as WCAG 2 defines it)."""
    digits = accent[1:] if len(accent) == 7 else "".join(sign * 2 for sign in accent[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#fff"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _head(said: Words) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", text(said("product"))),
        *(element("link", rel="stylesheet", href=f"web/{name}.css") for name in ("chat", "talk", "embed")),
        element("script", src="web/embed.js"),  # before anything is drawn, for the theme
        element("script", src="web/chat.js", async_=True),
    )


def _bar(said: Words) -> Html:
    fresh = element("button", text(said("new_conversation")), type="button", id="fresh")
    return element("header", element("h1", text(said("product"))), fresh, id="bar")


def _conversation(look: EmbedOptions, said: Words) -> Html:
    lead = element("p", text(look.greeting.strip() or said("ready_lead")), class_="lead", dir="auto")
    hint = element("p", text(said("ready_hint")), class_="hint")
    welcome = element("div", lead, hint, class_="welcome")
    return element("main", welcome, id="conversation", aria_label=said("conversation"), tabindex=0)


def _ask(said: Words) -> Html:
    box = element(
        "textarea",
        rows=1,
        maxlength=LONGEST_QUESTION,
        aria_label=said("question"),
        placeholder=said("question"),
        enterkeyhint="send",
    )
    send = element("button", text(said("ask")), id="send")
    stop = element("button", text(said("stop")), type="button", id="stop", hidden=True)
    return element("form", element("div", box, id="question"), send, stop, id="ask")


def _news() -> Html:
    return element("div", id="news", role="status")


def _phrase(key: str, said: Words) -> str:
    return said(key, n=said.number(LONGEST_QUESTION)) if key == "too_long" else said.phrases[key]


def _exchange(now: Exchange, turn: int, said: Words) -> Html:
    if now.reply:
        # There are no chips here to take a restriction away with.
        whole = render.answer(replace(now.reply, restricted=False), turn, said)
        return join([whole, _sources(now, turn, said)])
    told = render.told(now, turn, said) if now.told else NOTHING
    if now.problem:
        return join([told, render.problem(now.problem)])
    # The cards come along, for the markers show their quotes.
    return join([told, _sources(now, turn, said)]) if now.told else render.status(said, now.stage)


def _sources(now: Exchange, turn: int, said: Words) -> Html:
    if not now.sources:
        return NOTHING
    summary = element("summary", text(f"{said('sources')} · {said.number(len(now.sources))}"))
    group = source_panel.group(turn, now.question, now.sources, said)
    return element("details", summary, group, class_="sources")


def _told(question: str, given: AnswerView) -> dict[str, Any]:
    return {
        "question": question,
        "answer": given.text,
        "refused": given.refused,
        "language": given.language,
        "citations": [_cited(one) for one in given.sources],
    }


def _cited(one: SourceView) -> dict[str, Any]:
    """``url`` is relative to the page."""
    return {
        "number": one.number,
        "title": showable(one.title),
        "quote": showable(one.quote),
        "document_id": one.document_id,
        "start": one.start,
        "end": one.end,
        "url": one.href,
    }
