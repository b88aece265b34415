"""The viewer's page around a document's text: header, search and citation tools, original page; and its error pages."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.citation_links import place
from assistant.service.service import Service
from assistant.web.answer import glossed
from assistant.web.kit.dates import dated
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import failure, settings_switches
from assistant.web.viewer import document_text, notices
from assistant.web.viewer.document_view import CitedSpans, DocumentView
from ingest.store.versions import RemovedDocument
from ingest.types import Record, page_ranges

ASSETS = "../web"


def document(
    view: DocumentView,
    cited: CitedSpans,
    original: str | None,
    pages: bool,
    words: Words,
    theme: str,
    *,
    navigation: bool = True,
    about: Html = NOTHING,
) -> Html:
    """The page of a document; ``original`` is the address of its original, ``pages`` whether its pages have images.

    ``about`` says what readers must know of the text before they read it. Without ``navigation`` there are no links to the other pages, which some readers may not open.
    """
    title = element("h1", text(view.record.title), dir="auto", data_start=0)
    top = element("header", title, *_facts(view, cited, original, words), about)
    body = document_text.article(view, cited, words)
    column = element("div", top, body, class_="column")
    beside = _original_page(view, cited, words) if pages else NOTHING
    return page(
        view.record.title,
        element("main", column, beside, class_="beside" if pages else None),
        words,
        theme,
        tools=_tools(view, cited, words),
        navigation=navigation,
    )


def unready(service: Service, words: Words, theme: str) -> Html:
    """The page while models load, which reloads itself, or the reason why they could not be loaded."""
    loading = service.state == "loading"
    hint = failure(service, words) or words("loading_hint")
    return notice(words("loading_title"), hint, words, theme, again=loading)


def missing(words: Words, theme: str) -> Html:
    return notice(words("missing_title"), words("missing_hint"), words, theme)


def removed(document: RemovedDocument, words: Words, theme: str) -> Html:
    return notice(words("deleted_title"), notices.removed_hint(document, words), words, theme)


def version_missing(document_id: str, words: Words, theme: str) -> Html:
    """The page of an earlier version that is not kept, with a link to the present one."""
    link = element("a", text(words("to_present_version")), href=document_id)
    return notice(words("version_missing_title"), words("version_missing_hint"), words, theme, link=link)


def notice(
    title: str, hint: str, words: Words, theme: str, *, again: bool = False, link: Html = NOTHING
) -> Html:
    """A page that says why no document is there, with a ``link``, else one to the documents; ``again`` reloads it."""
    lines = [
        element("h1", text(title)),
        element("p", text(hint)),
        element("p", link or element("a", text(words("to_documents")), href="../documents")),
    ]
    return page(title, element("main", *lines, class_="notice"), words, theme, again=again)


def page(
    title: str,
    main: Html,
    words: Words,
    theme: str,
    *,
    tools: Html = NOTHING,
    again: bool = False,
    navigation: bool = True,
    up: str = "",
) -> Html:
    """``up`` leads to the folder of the documents' own pages, for a page that lies below it."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="refresh", content="3") if again else NOTHING,
        element("title", text(f"{title} · {words('product')}")),
        *(element("link", rel="stylesheet", href=f"{up}{ASSETS}/{name}.css") for name in ("viewer", "gloss")),
        element("script", src=f"{up}{ASSETS}/settings.js", data_viewer=True),  # before the first paint
        element("script", src=f"{up}{ASSETS}/viewer.js", type="module"),
        element("script", src=f"{up}{ASSETS}/gloss.js", defer=True),
    )
    targets = (("chat", f"{up}../"), ("documents", f"{up}../documents")) if navigation else ()
    links = [element("a", text(words(key)), href=href) for key, href in targets]
    nav = element("nav", *links, aria_label=words("product")) if links else NOTHING
    switches = element("div", settings_switches(), id="settings", hidden=True)
    body = element("body", element("div", nav, tools, _answer_steps(words), switches, class_="bar"), main)
    fixed = theme if theme in ("light", "dark") else None
    return element("html", head, body, lang=words.language, data_theme=fixed)


def _answer_steps(words: Words) -> Html:
    """To the previous and next citation of the answer that led here; the script fills it in where it knows that answer."""
    return element(
        "div",
        class_="of-answer",
        role="group",
        aria_label=words("answer_citations"),
        hidden=True,
        data_words=words("citation_of", n="%1", total="%2"),
        data_previous=words("previous_citation"),
        data_next=words("next_citation"),
    )


def _facts(view: DocumentView, cited: CitedSpans, original: str | None, words: Words) -> list[Html]:
    """The document's place, date and authors, the cited page, and a link to the original at that page."""
    record = view.record
    facts = [element("bdi", text(place(record)))]
    facts += [dated(record, words)] if record.published else []
    facts += [element("bdi", text(words("by", authors=", ".join(record.authors))))] if record.authors else []
    number = record.page_at(cited.current_span[0]) if cited.current_span else None
    facts += [text(words("cited_page", n=number))] if number else []
    moment = record.time_at(cited.current_span[0]) if cited.current_span else ""
    facts += [text(words("cited_time", time=moment))] if moment else []
    lines = [element("p", join(facts, text(" · ")), class_="facts")]
    lines += _caveats(record, words)
    if any(glossed.joined(record.language_at(start), words.language) for start, _ in cited.spans):
        lines.append(element("p", text(words("gloss_hint")), class_="facts"))
    if original:
        href = f"{original}#page={number}" if number else original
        link = element("a", text(words("original")), href=href, target="_blank", rel="noopener noreferrer")
        lines.append(element("p", link, class_="facts"))
    return lines


def _caveats(record: Record, words: Words) -> Iterator[Html]:
    """What is doubtful of the text of which pages, and what is missing of it."""
    found = (
        ("pages_doubtful", record.doubtful_pages),
        ("pages_recognised", record.recognised_pages),
        ("pages_unread", record.unread_pages),
    )
    for key, pages in found:
        if key == "pages_recognised" and len(pages) == len(record.page_starts) > 0:
            yield element("p", text(words("recognised")), class_="facts doubtful")
        elif pages:
            said = words.count(key, len(pages), pages=page_ranges(pages))
            yield element("p", text(said), class_="facts doubtful")


def _tools(view: DocumentView, cited: CitedSpans, words: Words) -> Html:
    """The search field, which needs the script, and the steps from citation to citation."""
    field = element(
        "input",
        type="search",
        id="sought",
        aria_label=words("find"),
        placeholder=words("find"),
        maxlength=200,
    )
    steps = [
        element("button", text(sign), type="button", class_=f"step {name}", aria_label=words(f"{name}_found"))
        for name, sign in (("previous", "↑"), ("next", "↓"))
    ]
    count = element(
        "output",
        id="found",
        data_words=words("found_of", n="%1", total="%2"),
        data_none=words("found_none"),
    )
    find = element(
        "search",
        field,
        *steps,
        count,
        class_="find",
        hidden=True,
        data_find=f"{view.record.id}/find?{f'version={view.version}&' if view.earlier else ''}q=",
        data_long=view.is_long,
    )
    jump = (
        element("a", text(words("to_citation")), href="#cited", class_="jump")
        if cited.current_span
        else NOTHING
    )
    return element("div", find, document_text.citation_steps(view, cited, words), jump, class_="tools")


def _original_page(view: DocumentView, cited: CitedSpans, words: Words) -> Html:
    """The original's page with the citation; folded, so that the image is fetched only if it is opened."""
    total = len(view.record.page_starts)
    number = view.record.page_at(cited.current_span[0] if cited.current_span else 0) or 1
    label = words("page_of", n=number, total=total)
    image = element(
        "img",
        src=f"{view.record.id}/pages/{number}.png",
        alt=words("original_page", n=number),
        loading="lazy",
        data_page=number,
        data_total=total,
        data_words=words("page_of", n="%1", total="%2"),
        data_alt=words("original_page", n="%1"),
    )
    steps = [
        element("button", text(sign), type="button", class_=f"step {name}", aria_label=words(f"{name}_page"))
        for name, sign in (("previous", "←"), ("next", "→"))
    ]
    failed = element("p", text(words("no_page_image")), class_="facts failed", hidden=True)
    lacking = {"data_none": words("no_places"), "data_some": words("some_places")}
    placing = element("p", class_="facts placing", role="status", hidden=True, **lacking)
    sheet = element("div", image, element("div", class_="marks", aria_hidden="true"), class_="sheet")
    figure = element("figure", element("div", *steps, class_="steps", hidden=True), placing, sheet, failed)
    return element(
        "details",
        element("summary", text(label)),
        figure,
        class_="original",
        data_pages=f"{view.record.id}/pages",
        data_version=view.version,
        data_starts=" ".join(map(str, view.record.page_starts)),
        data_cited="{}-{}".format(*cited.current_span) if cited.current_span else None,
    )
