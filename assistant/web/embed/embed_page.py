"""The embedded chat as HTML and JSON: its page, and the data of each event of an answer.

The page contains nothing about the documents, because it is served without authentication.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from assistant.asked_text import LONGEST_QUESTION
from assistant.web.answer import actions, render, source_panel
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.source_view import SourceView
from assistant.web.kit.html import NOTHING, Html, element, join, showable, text
from assistant.web.kit.localisation import Words

# Keys of the translations that the script needs.
_SCRIPT_PHRASES = (
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
    """The options in the page's address: ``accent`` is #rgb or #rrggbb, ``parent`` the origin that receives events."""

    theme: str = "auto"
    accent: str = ""
    documents: tuple[str, ...] = ()
    greeting: str = ""
    parent: str = ""


def page(options: EmbedOptions, words: Words) -> Html:
    return element(
        "html",
        _head(words),
        element("body", _bar(words), _conversation(options, words), _ask(words), _news()),
        lang=words.language,
        data_theme=options.theme,
        data_accent=options.accent or None,
        data_on_accent=ink_on(options.accent) if options.accent else None,
        data_parent=options.parent or None,
        data_documents=",".join(options.documents),
        **{f"data_say_{key}": _phrase(key, words) for key in _SCRIPT_PHRASES},
    )


def refusal(origin: str, theme: str, words: Words) -> Html:
    """The page where the chat is shown by an ``origin`` that is not allowed to: what to set so that it is."""
    setting = element("code", text(f"ASSISTANT_EMBED_ORIGINS={origin}"))
    lines = [
        element("p", text(words("embed_stranger", origin=origin)), class_="lead"),
        element("p", text(words("embed_to_set")), class_="hint"),
        element("p", setting),
    ]
    main = element("main", element("div", *lines, class_="welcome"), id="conversation")
    return element("html", _head(words), element("body", main), lang=words.language, data_theme=theme)


def event_data(exchange: Exchange, turn: int, words: Words, base: str = "") -> str:
    """An exchange as JSON: its HTML; once answered also the announcement, and the answer for the embedding page.

    ``base`` is the address that links in copied text are relative to.
    """
    data: dict[str, Any] = {"html": _exchange_html(exchange, turn, words, base)}
    if exchange.reply:
        data |= {
            "news": render.announcement(exchange.reply, words),
            "answer": _answer_json(exchange.question, exchange.reply),
            "judged": _judged_json(exchange, exchange.reply),
        }
    return json.dumps(data)


def ink_on(accent: str) -> str:
    """Black or white, whichever has the higher contrast to ``accent`` (relative luminance as WCAG 2 defines it)."""
    digits = accent[1:] if len(accent) == 7 else "".join(sign * 2 for sign in accent[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#fff"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _head(words: Words) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", text(words("product"))),
        *(element("link", rel="stylesheet", href=f"web/{name}.css") for name in ("chat", "embed", "gloss")),
        element("script", src="web/embed.js"),  # before the first paint, for the theme
        element("script", src="web/citations.js", async_=True),
        element("script", src="web/actions.js", async_=True),
        element("script", src="web/gloss.js", async_=True),
    )


def _bar(words: Words) -> Html:
    fresh = element("button", text(words("new_conversation")), type="button", id="fresh")
    return element("header", element("h1", text(words("product"))), fresh, id="bar")


def _conversation(options: EmbedOptions, words: Words) -> Html:
    lead = element("p", text(options.greeting.strip() or words("ready_lead")), class_="lead", dir="auto")
    hint = element("p", text(words("ready_hint")), class_="hint")
    welcome = element("div", lead, hint, class_="welcome")
    return element("main", welcome, id="conversation", aria_label=words("conversation"), tabindex=0)


def _ask(words: Words) -> Html:
    box = element(
        "textarea",
        rows=1,
        maxlength=LONGEST_QUESTION,
        aria_label=words("question"),
        placeholder=words("question"),
        enterkeyhint="send",
    )
    send = element("button", text(words("ask")), id="send")
    stop = element("button", text(words("stop")), type="button", id="stop", hidden=True)
    return element("form", element("div", box, id="question"), send, stop, id="ask")


def _news() -> Html:
    return element("div", id="news", role="status")


def _phrase(key: str, words: Words) -> str:
    return words(key, n=words.number(LONGEST_QUESTION)) if key == "too_long" else words.phrases[key]


def _exchange_html(exchange: Exchange, turn: int, words: Words, base: str) -> Html:
    if exchange.reply:
        # This page has no chips to remove a restriction with, so a refusal must not suggest it.
        answer = render.answer(replace(exchange.reply, restricted=False), turn, words)
        buttons = actions.answer_buttons(exchange, turn, False, base, words)
        return join([answer, buttons, _sources(exchange, turn, words, base)])
    partial = render.partial_answer(exchange, turn, words) if exchange.told else NOTHING
    if exchange.problem:
        return join([partial, render.problem(exchange.problem)])
    # The markers show quotes from the source cards, so these are needed already.
    return (
        join([partial, _sources(exchange, turn, words, base)])
        if exchange.told
        else render.status(words, exchange.stage)
    )


def _sources(exchange: Exchange, turn: int, words: Words, base: str) -> Html:
    if not exchange.sources:
        return NOTHING
    summary = element("summary", text(f"{words('sources')} · {words.number(len(exchange.sources))}"))
    group = source_panel.group(turn, exchange, words, base)
    return element("details", summary, group, class_="sources")


def _answer_json(question: str, reply: AnswerView) -> dict[str, Any]:
    return {
        "question": question,
        "answer": reply.text,
        "refused": reply.refused,
        "language": reply.language,
        "citations": [_citation_json(source) for source in reply.sources],
    }


def _judged_json(exchange: Exchange, reply: AnswerView) -> dict[str, Any]:
    """What the page sends back with a verdict."""
    return {
        "id": exchange.id,
        "question": exchange.question,
        "answer": reply.text,
        "mode": reply.mode,
        "model": reply.model,
        "citations": [
            {"document_id": source.document_id, "title": source.title, "quote": source.quote}
            for source in reply.sources
        ],
    }


def _citation_json(source: SourceView) -> dict[str, Any]:
    """``url`` is relative to the page."""
    return {
        "number": source.number,
        "title": showable(source.title),
        "quote": showable(source.quote),
        "document_id": source.document_id,
        "start": source.start,
        "end": source.end,
        "version": source.version,
        "url": source.href,
    }
