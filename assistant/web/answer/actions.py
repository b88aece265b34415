"""What a reader can do with a question or an answer, as HTML: buttons that the script passes on.

A button with ``data-act`` becomes an event of the page that carries its ``data-`` values; see ``static/acts.js``.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.service.feedback import LONGEST_NOTE
from assistant.web.answer import export
from assistant.web.answer.conversations import Exchange
from assistant.web.kit.html import NOTHING, Attribute, Html, element, text
from assistant.web.kit.localisation import Words


def edit(turn: int, words: Words) -> Html:
    """The button that makes a question editable; the rest is the script's."""
    labels = {
        "data_save": words("ask_again"),
        "data_cancel": words("cancel"),
        "data_label": words("question"),
    }
    return element("button", text(words("edit")), type="button", class_="edit", data_turn=turn, **labels)


def under(one: Exchange, turn: int, last: bool, base: str, words: Words) -> Html:
    """What stands below an answer, or below the reason why there is none; ``base`` is where links begin."""
    again = [_button("again", words("again"), turn)] if last else []
    if one.reply is None:
        return element("div", *again, class_="acts") if again else NOTHING
    copies = element(
        "span",
        _copy(words("copy_markdown"), export.markdown(one.reply, base, words), words),
        _copy(words("copy_plain"), export.plain(one.reply, base, words), words),
        class_="copies",
        role="group",
        aria_label=words("copy"),
    )
    thumbs = [_thumb(verdict, one, turn, words) for verdict in ("up", "down")]
    if last and one.reply.mode == "generated" and one.reply.foreign:
        again.append(_button("translate", words("translate"), turn))
    return element("div", copies, *again, *thumbs, _note(one, turn, words), class_="acts")


def suggestions(questions: Sequence[str], words: Words) -> Html:
    """Questions to ask with a click."""
    if not questions:
        return NOTHING
    buttons = (
        element("button", text(question), type="button", data_act="ask", data_question=question)
        for question in questions
    )
    return element("div", *buttons, class_="suggestions", role="group", aria_label=words("suggestions"))


def _button(act: str, label: str, turn: int, **more: Attribute) -> Html:
    return element("button", text(label), type="button", data_act=act, data_turn=turn, **more)


def _copy(label: str, copied: str, words: Words) -> Html:
    return element("button", text(label), type="button", data_copy=copied, data_done=words("copied"))


def _thumb(verdict: str, one: Exchange, turn: int, words: Words) -> Html:
    """A thumb; pressing the one that is pressed takes the verdict back."""
    pressed = one.verdict == verdict
    label = words(f"thumb_{verdict}")
    name = element("span", text(label), class_="unseen")
    wanted = "none" if pressed else verdict
    return element(
        "button",
        name,
        type="button",
        class_=f"thumb {verdict}",
        title=label,
        aria_pressed="true" if pressed else "false",
        data_act="judge",
        data_turn=turn,
        data_verdict=wanted,
    )


def _note(one: Exchange, turn: int, words: Words) -> Html:
    """Where a verdict is explained, once there is one; and thanks when that has been done."""
    if one.verdict == "none":
        return NOTHING
    if one.note:
        return element("p", text(words("thanks")), class_="thanks", role="status")
    field = element(
        "input",
        type="text",
        class_="why",
        maxlength=LONGEST_NOTE,
        aria_label=words("note"),
        placeholder=words("note"),
    )
    send = _button("judge", words("send"), turn, data_verdict=one.verdict)
    return element("span", field, send, class_="note")
