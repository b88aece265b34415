"""What the pages share: their head, their language, and what they may know of the service."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

import gradio as gr
from gradio.i18n import I18nData

from assistant.access.callers import caller_of, may
from assistant.errors import NotReady
from assistant.service.service import Service
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import FALLBACK, Words, chosen, translations
from ingest.store.index import Index

Phrases = Callable[[str], I18nData]


def words_of(request: gr.Request) -> Words:
    """The words in the language of whoever is asking."""
    return chosen(request.cookies, request.headers.get("accept-language"))


def base_of(request: gr.Request) -> str:
    """The address that the page's links are relative to, as the browser knows it."""
    return urljoin(str(request.headers.get("referer") or ""), ".")


def must_edit(request: gr.Request) -> None:
    """Raises what the page shows to whoever may not add and remove documents."""
    if not may(request, "editor"):
        raise gr.Error(words_of(request)("not_allowed"), print_exception=False)


def index_of(service: Service) -> Index | None:
    """The index, or None as long as there is none to look at."""
    try:
        return service.assistant.index
    except NotReady:
        return None


def failure(service: Service, said: Words) -> str:
    """Why there is no index, or none for the moment, in words; empty where nothing is wrong."""
    if service.state == "failed":
        return said("failed_loading", message=service.message)
    return said("store_away", message=service.away) if service.away else ""


def product() -> str:
    """The name of the product, the same in every language."""
    return translations()[FALLBACK]["product"]


def slot(name: str, value: Html = NOTHING, *, on_load: str | None = None, render: bool = True) -> gr.HTML:
    """A part of the page, of that id, that holds HTML of ours; ``on_load`` is the script that listens to it.

    Values go into Gradio's template as they are. Never give data to a template of another kind: Gradio
    evaluates what its Handlebars leave behind as JavaScript.
    """
    return gr.HTML(value, elem_id=name, js_on_load=on_load, apply_default_css=False, render=render)


def head(page: gr.Blocks, phrases: Phrases, current: str) -> None:
    """The name of the product, a line on what it does, and the way to the other page and out."""
    with gr.Row(elem_id="head"):
        slot("product", element("h1", text(product())))
        gr.Markdown(phrases("tagline"), elem_id="tagline")
        for key, link in (("chat", "./"), ("documents", "./documents")):
            here = ["here"] if key == current else []
            gr.Button(phrases(key), link=link, size="sm", scale=0, min_width=90, elem_classes=["nav", *here])
        slot("settings", settings())
        account = slot("account")
    page.load(_account, None, account, show_progress="hidden", api_visibility="private")


def _account(request: gr.Request) -> Html:
    """The way out, for whoever has signed in with a password."""
    caller = caller_of(request)
    if caller is None or caller.via != "session":
        return NOTHING
    label = words_of(request)("sign_out", name=caller.name)
    button = element("button", class_="leave", aria_label=label, title=label)
    return element("form", button, method="post", action="logout")


def settings() -> Html:
    """Switches of language and theme; the script names them, for no reader is known yet."""
    languages = [
        element(
            "button",
            text(code.upper()),
            type="button",
            data_language=code,
            lang=code,
            aria_label=said[f"language_{code}"],
        )
        for code, said in translations().items()
    ]
    names = {f"data_label_{code}": said["switch_theme"] for code, said in translations().items()}
    theme = element("button", type="button", class_="theme", data_theme="", **names)
    return element("div", *languages, theme, class_="settings")
