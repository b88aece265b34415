"""The viewer's page around a document's text: its head, its tools, the original page beside it; and pages without one."""

from __future__ import annotations

from assistant.service.service import Service
from assistant.web.answer.render import dated
from assistant.web.answer.sources import place
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import failure, settings
from assistant.web.viewer import document_text
from assistant.web.viewer.sections import CitedSpan, DocumentView

ASSETS = "../web"


def document(
    shown: DocumentView,
    cited: CitedSpan,
    original: str | None,
    pages: bool,
    said: Words,
    theme: str,
    *,
    ways: bool = True,
) -> Html:
    """The page of a document; ``original`` is the address of what it was made of, ``pages`` whether it has pictures.

    Without ``ways`` there are no links to the other pages, for readers who may not open them.
    """
    title = element("h1", text(shown.record.title), dir="auto", data_start=0)
    top = element("header", title, *_facts(shown, cited, original, said))
    body = document_text.article(shown, cited, document_text.query(cited, cited.current), said)
    column = element("div", top, body, class_="column")
    beside = _original_page(shown, cited, said) if pages else NOTHING
    return page(
        shown.record.title,
        element("main", column, beside, class_="beside" if pages else None),
        said,
        theme,
        tools=_tools(shown, cited, said),
        ways=ways,
    )


def unready(service: Service, said: Words, theme: str) -> Html:
    """The page while models load, which tries again, or when they cannot be loaded, which says why."""
    loading = service.state == "loading"
    hint = failure(service, said) or said("loading_hint")
    return notice(said("loading_title"), hint, said, theme, again=loading)


def missing(said: Words, theme: str) -> Html:
    return notice(said("missing_title"), said("missing_hint"), said, theme)


def notice(title: str, hint: str, said: Words, theme: str, *, again: bool = False) -> Html:
    """A page that says why there is no document to see, and where to go."""
    lines = [
        element("h1", text(title)),
        element("p", text(hint)),
        element("p", element("a", text(said("to_documents")), href="../documents")),
    ]
    return page(title, element("main", *lines, class_="notice"), said, theme, again=again)


def page(
    title: str,
    main: Html,
    said: Words,
    theme: str,
    *,
    tools: Html = NOTHING,
    again: bool = False,
    ways: bool = True,
) -> Html:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="refresh", content="3") if again else NOTHING,
        element("title", text(f"{title} · {said('product')}")),
        element("link", rel="stylesheet", href=f"{ASSETS}/viewer.css"),
        element("script", src=f"{ASSETS}/settings.js", data_viewer=True),  # before anything is drawn
        element("script", src=f"{ASSETS}/viewer.js", type="module"),
    )
    others = (("chat", "../"), ("documents", "../documents")) if ways else ()
    links = [element("a", text(said(key)), href=href) for key, href in others]
    nav = element("nav", *links, aria_label=said("product")) if links else NOTHING
    switches = element("div", settings(), id="settings", hidden=True)
    body = element("body", element("div", nav, tools, switches, class_="bar"), main)
    fixed = theme if theme in ("light", "dark") else None
    return element("html", head, body, lang=said.language, data_theme=fixed)


def _facts(shown: DocumentView, cited: CitedSpan, original: str | None, said: Words) -> list[Html]:
    """Where the document is from, when, by whom, which page is cited, and its original, at that page."""
    record = shown.record
    facts = [element("bdi", text(place(record)))]
    facts += [dated(record.published, said)] if record.published else []
    facts += [element("bdi", text(said("by", authors=", ".join(record.authors))))] if record.authors else []
    number = record.page_at(cited.at[0]) if cited.at else None
    facts += [text(said("cited_page", n=number))] if number else []
    lines = [element("p", join(facts, text(" · ")), class_="facts")]
    if original:
        href = f"{original}#page={number}" if number else original
        link = element("a", text(said("original")), href=href, target="_blank", rel="noopener noreferrer")
        lines.append(element("p", link, class_="facts"))
    return lines


def _tools(shown: DocumentView, cited: CitedSpan, said: Words) -> Html:
    """Finding in the text, for which a script is needed, and the way from citation to citation."""
    box = element(
        "input", type="search", id="sought", aria_label=said("find"), placeholder=said("find"), maxlength=200
    )
    steps = [
        element("button", text(sign), type="button", class_=f"step {name}", aria_label=said(f"{name}_found"))
        for name, sign in (("previous", "↑"), ("next", "↓"))
    ]
    count = element(
        "output",
        id="found",
        data_words=said("found_of", n="%1", total="%2"),
        data_none=said("found_none"),
    )
    find = element(
        "search",
        box,
        *steps,
        count,
        class_="find",
        hidden=True,
        data_find=f"{shown.record.id}/find",
        data_long=shown.is_long,
    )
    jump = element("a", text(said("to_citation")), href="#cited", class_="jump") if cited.at else NOTHING
    return element("div", find, document_text.citations(cited, said), jump, class_="tools")


def _original_page(shown: DocumentView, cited: CitedSpan, said: Words) -> Html:
    """The page of the original that the citation is on; closed, so that only who can see it fetches it."""
    total = len(shown.record.page_starts)
    number = shown.record.page_at(cited.at[0] if cited.at else 0) or 1
    label = said("page_of", n=number, total=total)
    image = element(
        "img",
        src=f"{shown.record.id}/pages/{number}.png",
        alt=said("original_page", n=number),
        loading="lazy",
        data_page=number,
        data_total=total,
        data_words=said("page_of", n="%1", total="%2"),
        data_alt=said("original_page", n="%1"),
    )
    steps = [
        element("button", text(sign), type="button", class_=f"step {name}", aria_label=said(f"{name}_page"))
        for name, sign in (("previous", "←"), ("next", "→"))
    ]
    failed = element("p", text(said("no_page_image")), class_="facts", hidden=True)
    figure = element("figure", element("div", *steps, class_="steps", hidden=True), image, failed)
    return element("details", element("summary", text(label)), figure, class_="original")
