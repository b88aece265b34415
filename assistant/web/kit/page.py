"""Shared by the pages on Gradio: the page header, the request's language, permission checks, state of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import gradio as gr
from gradio.i18n import I18nData

from assistant.access.callers import caller_of, may
from assistant.errors import AssistantError, NotReady
from assistant.service.service import Service
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import FALLBACK, Words, preferred_words, translations
from ingest.errors import IngestError
from ingest.store.index import Index

Phrases = Callable[[str], I18nData]
USUAL_PAGES = ("chat", "documents")
RARER_PAGES = ("statements", "check", "verify", "questions")


def words_of(request: gr.Request) -> Words:
    """The words in the language of the request."""
    return preferred_words(request.cookies, request.headers.get("accept-language"))


def base_of(request: gr.Request) -> str:
    """The address that the page's links are relative to, from the request's Referer."""
    return urljoin(str(request.headers.get("referer") or ""), ".")


def must_edit(request: gr.Request) -> None:
    """Raises an error, shown on the page, if the caller may not add and remove documents."""
    if not may(request, "editor"):
        raise gr.Error(words_of(request)("not_allowed"), print_exception=False)


@contextmanager
def in_words() -> Iterator[None]:
    """What cannot be done, such as a change while documents cannot be reached, is said on the page."""
    try:
        yield
    except (AssistantError, IngestError) as error:
        raise gr.Error(str(error), print_exception=False) from error


def index_of(service: Service) -> Index | None:
    """The index, or None while it is not open."""
    try:
        return service.assistant.index
    except NotReady:
        return None


def failure(service: Service, words: Words) -> str:
    """A message why the index could not be opened or is not reachable; empty if nothing is wrong."""
    if service.state == "failed":
        return words("failed_loading", message=service.message)
    return words("store_away", message=service.away) if service.away else ""


def product_name() -> str:
    """The product's name, which is the same in every language."""
    return translations()[FALLBACK]["product"]


def slot(name: str, value: Html = NOTHING, *, on_load: str | None = None, render: bool = True) -> gr.HTML:
    """A component with our own HTML and that element id; ``on_load`` is a script that runs with it.

    Gradio inserts the value as it is. Never pass data to another kind of template: Gradio evaluates the result of its
    Handlebars templates as JavaScript.
    """
    return gr.HTML(value, elem_id=name, js_on_load=on_load, apply_default_css=False, render=render)


# A form that is sent before its script has come would load the page anew: it waits, and is sent then.
_FILLED = """let early
const wait = (event) => {
  event.preventDefault()
  early = event.target
}
element.addEventListener('submit', wait)
import(new URL('web/SCRIPT.js', document.baseURI)).then(({ start }) => {
  watch('value', start(element))
  element.removeEventListener('submit', wait)
  if (early?.isConnected) early.requestSubmit()
})"""


def filled_by(script: str) -> str:
    """The script of a `slot` that is filled by that one of ``static/``."""
    return _FILLED.replace("SCRIPT", script)


def scripted_page(
    page: gr.Blocks, phrases: Phrases, name: str, column: str, place: str, form: Callable[[gr.Request], Html]
) -> None:
    """Lay out a page: its header, and in the ``column`` the ``place`` where a ``form`` stands that the script of its name fills.

    Call it within the page's context.
    """
    page_header(page, phrases, name)
    with gr.Column(elem_id=column):
        shown = slot(place, on_load=filled_by(name))
    page.load(form, None, shown, show_progress="hidden", api_visibility="private")


def page_header(page: gr.Blocks, phrases: Phrases, current: str) -> None:
    """The product's name and tagline, links to the pages, the settings, and the button to sign out."""
    with gr.Row(elem_id="head"):
        slot("product", element("h1", text(product_name())))
        gr.Markdown(phrases("tagline"), elem_id="tagline")
        for key in USUAL_PAGES:
            _page_link(key, phrases, current)
        # Where there is no room for all links, these are in a menu that the button opens: `static/header_menu.js`.
        gr.Button(phrases("more"), size="sm", scale=0, min_width=90, elem_id="more", elem_classes=["nav"])
        with gr.Row(elem_id="rarer"):
            for key in RARER_PAGES:
                _page_link(key, phrases, current)
        slot("settings", settings_switches())
        account = slot("account")
    page.load(_account, None, account, show_progress="hidden", api_visibility="private")


def _page_link(key: str, phrases: Phrases, current: str) -> None:
    link = "./" if key == "chat" else f"./{key}"
    classes = ["nav", "here"] if key == current else ["nav"]
    gr.Button(phrases(key), link=link, size="sm", scale=0, min_width=90, elem_classes=classes)


def _account(request: gr.Request) -> Html:
    """The button to sign out, for a caller who has signed in with a password."""
    caller = caller_of(request)
    if caller is None or caller.via != "session":
        return NOTHING
    label = words_of(request)("sign_out", name=caller.name)
    button = element("button", class_="leave", aria_label=label, title=label)
    return element("form", button, method="post", action="logout")


def settings_switches() -> Html:
    """Buttons for language and theme; the script adds the theme's label, because the language is not known yet."""
    languages = [
        element(
            "button",
            text(code.upper()),
            type="button",
            data_language=code,
            lang=code,
            aria_label=phrases[f"language_{code}"],
        )
        for code, phrases in translations().items()
    ]
    labels = {f"data_label_{code}": phrases["switch_theme"] for code, phrases in translations().items()}
    theme = element("button", type="button", class_="theme", data_theme="", **labels)
    return element("div", *languages, theme, class_="settings")


def signed_in_user(request: gr.Request) -> str:
    """Who has signed in; empty where nobody has to."""
    caller = caller_of(request)
    return caller.name if caller is not None and caller.via in ("session", "proxy") else ""
