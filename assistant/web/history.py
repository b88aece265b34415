"""The list of past conversations as HTML: a frame in the reader's language that the script fills.

The conversations themselves are in the browser only; see ``static/history.js``.
"""

from __future__ import annotations

from assistant.web.html import Attribute, Html, element, text
from assistant.web.words import Words


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
