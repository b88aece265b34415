"""Past conversations, which only the browser stores: a conversation to JSON and back, and the list of them as HTML.

JSON that comes from the browser is not trusted: its shape is checked, and it is rendered like any other text.
``static/conversation_history.js`` stores the JSON and fills the list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from assistant.types import Filters
from assistant.web.answer import export
from assistant.web.answer.conversations import STOPPED, Conversation, Exchange
from assistant.web.answer.export_menu import export_menu
from assistant.web.kit.html import Attribute, Html, element, text
from assistant.web.kit.localisation import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConversation:
    """A conversation and its filters; ``markdown``, ``html`` and ``plain`` are its export, without the heading."""

    id: str
    exchanges: tuple[Exchange, ...]
    filters: Filters
    markdown: str = ""
    html: str = ""
    plain: str = ""


_ADAPTER = TypeAdapter(StoredConversation)


def to_json(conversation: Conversation, base: str, words: Words) -> str:
    """What the browser stores; ``base`` is the address that links of the export are relative to."""
    copied = export.conversation(conversation.exchanges, base, words)
    stored = StoredConversation(
        id=conversation.id,
        exchanges=conversation.exchanges,
        filters=conversation.filters,
        markdown=copied.markdown,
        html=copied.html,
        plain=copied.plain,
    )
    return _ADAPTER.dump_json(stored).decode()


def from_json(text: object, interrupted: str) -> StoredConversation | None:
    """The stored conversation, or None if the text is not one; a pending answer gets the problem ``interrupted``."""
    try:
        stored = _ADAPTER.validate_json(str(text))
    except ValidationError:
        return None
    if any(exchange.reply and not exchange.reply.consistent for exchange in stored.exchanges):
        return None
    return replace(stored, exchanges=tuple(_ended(exchange, interrupted) for exchange in stored.exchanges))


def _ended(exchange: Exchange, interrupted: str) -> Exchange:
    return replace(exchange, problem=interrupted, stage=STOPPED) if exchange.pending else exchange


def list_frame(words: Words) -> Html:
    """The search field, the list to be filled, and its messages: no conversation, storage full, deletion to undo."""
    search = element(
        "input", type="search", aria_label=words("search_chats"), placeholder=words("search_chats")
    )
    undo = element("div", element("span"), _button("undo", words("undo")), class_="undone", role="status")
    return element(
        "div",
        search,
        element("ul", aria_label=words("conversations")),
        element("p", text(words("no_chats")), class_="hint none"),
        element("p", text(words("no_room")), class_="full", hidden=True, role="alert"),
        undo,
        element("template", _row(words)),
        class_="past",
        data_deleted=words("deleted"),
        data_name=words("chat_name"),
        data_done=words("copied"),
    )


def _row(words: Words) -> Html:
    """The template of a row: a button that opens the conversation, and a menu for the rest."""
    acts = {
        "rename": words("rename"),
        "copy-rich": words("copy_answer"),
        "copy-markdown": words("copy_answer_markdown"),
        "markdown": words("export_markdown"),
        "json": words("export_json"),
        "delete": words("delete_chat"),
    }
    summary = element("summary", element("span", text(words("more")), class_="unseen"))
    rows = [_button(name, label) for name, label in acts.items()]
    rows.insert(-1, export_menu("conversation", words))
    menu = element("div", *rows, class_="menu", role="group")
    return element("li", _button("open", ""), element("details", summary, menu))


def _button(name: str, label: str, **more: Attribute) -> Html:
    return element("button", text(label), type="button", class_=name, **more)
