"""The buttons of a question and an answer as HTML: edit, copy, ask again, timeline, translate, feedback, suggested questions.

A click on a button with ``data-act`` becomes an event with its ``data-`` values: see ``static/actions.js``.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.passports.rich_text import CopiedText
from assistant.service.feedback import LONGEST_NOTE
from assistant.web.answer import export
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.export_menu import export_menu
from assistant.web.answer.made_once import made_once
from assistant.web.kit.html import NOTHING, Attribute, Html, element, text
from assistant.web.kit.localisation import Words


def edit_button(turn: int, words: Words) -> Html:
    """The button that makes a question editable; the script builds the form."""
    labels = {
        "data_save": words("ask_again"),
        "data_cancel": words("cancel"),
        "data_label": words("question"),
    }
    return element("button", text(words("edit")), type="button", class_="edit", data_turn=turn, **labels)


def answer_buttons(
    exchange: Exchange, turn: int, last: bool, base: str, words: Words, *, exports: bool = False
) -> Html:
    """The buttons below an answer or a problem; ``base`` is the address that links in copied text are relative to.

    With ``exports`` there is a menu of files, too.
    """
    again = [_button("again", words("again"), turn)] if last else []
    if exchange.reply is None:
        return element("div", *again, class_="acts") if again else NOTHING
    copies = _copies(exchange, base, words)
    if last:
        again += _timeline_button(exchange.question, exchange.reply, words)
    again += _by_source(exchange.question, exchange.reply, words)
    thumbs = [_thumb(verdict, exchange, turn, words) for verdict in ("up", "down")]
    if last and exchange.reply.mode == "generated" and exchange.reply.foreign:
        again.append(_button("translate", words("translate"), turn))
    files = export_menu("answer", words, data_turn=turn) if exports else NOTHING
    again.append(_button("keep", words("keep_question"), turn, class_="keep"))
    return element("div", copies, *again, *thumbs, _note(exchange, turn, words), files, class_="acts")


@made_once
def _copies(exchange: Exchange, base: str, words: Words) -> Html:
    """The buttons that copy the answer."""
    return (
        copy_buttons(export.answer(exchange.reply, base, words), "answer", words)
        if exchange.reply
        else NOTHING
    )


def _timeline_button(asked: str, reply: AnswerView, words: Words) -> list[Html]:
    """The button that asks for the course of events that an answer is part of."""
    if reply.refused or reply.listing:
        return []
    question = words("timeline_of", question=asked)
    return [element("button", text(words("timeline")), type="button", data_act="ask", data_question=question)]


def _by_source(asked: str, reply: AnswerView, words: Words) -> list[Html]:
    """The link to what each source says to the question, as it was searched for."""
    if reply.listing:
        return []
    question = reply.searched[0] if reply.searched else asked
    address = f"sources?{urlencode({'question': question})}"
    return [element("a", text(words("by_source")), href=address, class_="by-source")]


def copy_buttons(copied: CopiedText, what: str, words: Words) -> Html:
    """The buttons that copy an "answer" or a "quote" as rich text and as Markdown."""
    rich = _copy(words(f"copy_{what}"), copied.plain, words, data_html=copied.html)
    markdown = _copy(words(f"copy_{what}_markdown"), copied.markdown, words)
    return element(
        "span", rich, markdown, class_="copies", role="group", aria_label=words(f"copy_the_{what}")
    )


def suggested_questions(questions: Sequence[str], words: Words) -> Html:
    """Suggested questions, asked with a click."""
    if not questions:
        return NOTHING
    buttons = (
        element("button", text(question), type="button", data_act="ask", data_question=question)
        for question in questions
    )
    return element("div", *buttons, class_="suggestions", role="group", aria_label=words("suggestions"))


def _button(act: str, label: str, turn: int, **more: Attribute) -> Html:
    return element("button", text(label), type="button", data_act=act, data_turn=turn, **more)


def _copy(label: str, copied: str, words: Words, **more: Attribute) -> Html:
    return element("button", text(label), type="button", data_copy=copied, data_done=words("copied"), **more)


def _thumb(verdict: str, exchange: Exchange, turn: int, words: Words) -> Html:
    """A thumb; pressing it again withdraws the verdict."""
    pressed = exchange.verdict == verdict
    label = words(f"thumb_{verdict}")
    name = element("span", text(label), class_="unseen")
    return element(
        "button",
        name,
        type="button",
        class_=f"thumb {verdict}",
        title=label,
        aria_pressed="true" if pressed else "false",
        data_act="judge",
        data_turn=turn,
        data_verdict="none" if pressed else verdict,
    )


def _note(exchange: Exchange, turn: int, words: Words) -> Html:
    """Once there is a verdict, the field to explain it; once that is sent, thanks."""
    if exchange.verdict == "none":
        return NOTHING
    if exchange.note:
        return element("p", text(words("thanks")), class_="thanks", role="status")
    field = element(
        "input",
        type="text",
        class_="why",
        maxlength=LONGEST_NOTE,
        aria_label=words("note"),
        placeholder=words("note"),
    )
    send = _button("judge", words("send"), turn, data_verdict=exchange.verdict)
    return element("span", field, send, class_="note")
