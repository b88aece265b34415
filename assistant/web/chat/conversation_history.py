"""A conversation as the browser keeps it: to JSON and back.

What comes back is the browser's word: it is checked for its shape, and rendered like any other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter, ValidationError

from assistant.types import Filters
from assistant.web.answer import export
from assistant.web.answer.conversations import STOPPED, Conversation, Exchange
from assistant.web.kit.html import Attribute, Html, element, text
from assistant.web.kit.localisation import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConversation:
    """A conversation and what restricted it; ``markdown`` is what its export says below its name."""

    id: str
    exchanges: tuple[Exchange, ...]
    filters: Filters
    markdown: str = ""


_KEPT = TypeAdapter(StoredConversation)
_DATE = TypeAdapter(date | None)


def as_json(conversation: Conversation, base: str, said: Words) -> str:
    """What the browser keeps; ``base`` is where the links of the export begin."""
    kept = StoredConversation(
        id=conversation.id,
        exchanges=conversation.exchanges,
        filters=conversation.filters,
        markdown=export.conversation(conversation.exchanges, base, said),
    )
    return _KEPT.dump_json(kept).decode()


def restored(text: object, interrupted: str) -> StoredConversation | None:
    """What the browser kept, or None where it is nothing of ours; an answer that was cut off says so."""
    try:
        kept = _KEPT.validate_json(str(text))
    except ValidationError:
        return None
    if not all(one.reply is None or one.reply.consistent for one in kept.exchanges):
        return None
    return replace(kept, exchanges=tuple(_ended(one, interrupted) for one in kept.exchanges))


def _ended(one: Exchange, interrupted: str) -> Exchange:
    return replace(one, problem=interrupted, stage=STOPPED) if one.pending else one


def filters_of(documents: Sequence[object], published_from: object, published_to: object) -> Filters:
    """Filters as a page or an address gives them; a date that is none restricts nothing."""
    ids = (str(document) for document in documents)
    return Filters(
        documents=tuple(dict.fromkeys(one for one in ids if one)),
        published_from=_day(published_from),
        published_to=_day(published_to),
    )


def _day(value: object) -> date | None:
    try:
        return _DATE.validate_python(value or None)
    except ValidationError:
        return None


def frame(words: Words) -> Html:
    """Search, list, and what is said when there is nothing, no room, or something to undo."""
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
    )


def _row(words: Words) -> Html:
    """One conversation, to be copied: its name opens it, the rest is behind a button."""
    acts = {
        "rename": words("rename"),
        "markdown": words("export_markdown"),
        "json": words("export_json"),
        "delete": words("delete_chat"),
    }
    summary = element("summary", element("span", text(words("more")), class_="unseen"))
    menu = element("div", *(_button(name, label) for name, label in acts.items()), class_="menu")
    return element("li", _button("open", ""), element("details", summary, menu))


def _button(name: str, label: str, **more: Attribute) -> Html:
    return element("button", text(label), type="button", class_=name, **more)
