"""The page's HTML, in which its script shows a check; the script gets its words with it."""

from __future__ import annotations

import json

from assistant.drafts.drafting import LONGEST_DRAFT
from assistant.drafts.remarks import GRAVITIES, SIGNS
from assistant.drafts.report_wording import phrases
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words

# What the file chooser offers; other formats that are read for documents work as well.
_OFFERED = ".txt,.md,.markdown,.docx,.html,.htm,.pdf,.odt,.rtf"
_SAID = (
    "check_empty",
    "check_reading",
    "check_cutting",
    "check_claims",
    "check_progress",
    "check_cancelled",
    "check_cancelled_early",
    "check_failed",
    "check_gone",
    "check_all",
    "check_new",
    "check_compared",
    "check_none_shown",
    "check_in_draft",
    "check_in_source",
    "check_searched",
    "check_delete",
    "check_delete_really",
    "check_unnamed",
    "check_no_title",
    "check_back",
)


def form(words: Words, documents: int | None) -> Html:
    """Everything of the page but its header; ``documents`` are how many there are, None where that is not known yet."""
    none = element("p", text(words("check_no_documents")), class_="notice") if documents == 0 else NOTHING
    parts = [_asking(words, none), _progress(words), _result(words), _earlier(words)]
    return element(
        "div", *parts, class_="desk", data_words=_script_words(words), data_language=words.language
    )


def _script_words(words: Words) -> str:
    said = {name.removeprefix("check_"): words.phrases[name] for name in _SAID}
    said["still_loading"] = words("loading_hint")
    marks = {"signs": dict(SIGNS), "gravities": dict(GRAVITIES)}
    return json.dumps({**phrases(words.language), **said, **marks}, ensure_ascii=False)


def _asking(words: Words, notice: Html) -> Html:
    field = element(
        "textarea",
        name="text",
        id="draft-text",
        rows=12,
        maxlength=LONGEST_DRAFT,
        placeholder=words("check_text_hint"),
        spellcheck="true",
        dir="auto",
    )
    file = element(
        "input", type="file", name="file", id="draft-file", accept=_OFFERED, aria_describedby="draft-kinds"
    )
    line = element(
        "div",
        element(
            "div",
            element("label", text(words("check_file")), for_="draft-file"),
            file,
            element("p", text(words("check_file_hint")), id="draft-kinds", class_="hint"),
            class_="file",
        ),
        element("button", text(words("check_start")), type="submit", class_="start"),
        class_="line",
    )
    return element(
        "form",
        element("h2", text(words("check_title"))),
        element("p", text(words("check_lead")), class_="hint"),
        notice,
        element("label", text(words("check_text")), for_="draft-text"),
        field,
        element("p", class_="compared hint", hidden=True),
        line,
    )


def _progress(words: Words) -> Html:
    bar = element("progress", max=1, value=0, aria_label=words("check_title"))
    cancel = element("button", text(words("check_cancel")), type="button", class_="cancel")
    line = element("div", bar, element("span", class_="said"), cancel, class_="progress", hidden=True)
    return join([element("p", class_="problem", role="alert", hidden=True), line])


def _result(words: Words) -> Html:
    steps = (
        element(
            "button", text(words(f"check_{name}")), type="button", data_step=step, title=words("check_steps")
        )
        for name, step in (("previous", -1), ("next", 1))
    )
    exports = (
        element("a", text(words(f"check_export_{form}")), data_export=form, download=True)
        for form in ("docx", "html", "json")
    )
    tools = element(
        "div",
        element(
            "button",
            text(words("check_again")),
            type="button",
            class_="again",
            title=words("check_again_hint"),
        ),
        element("button", text(words("check_edit")), type="button", class_="rework"),
        element("button", text(words("check_other")), type="button", class_="other"),
        element("span", text(words("check_export") + " "), *exports, class_="exports"),
        class_="tools",
    )
    filters = element("div", class_="filters", role="group", aria_label=words("check_filter"))
    draft = element(
        "section",
        element("h3", text(words("check_draft"))),
        element("div", class_="text", dir="auto"),
        class_="draft",
    )
    found = element(
        "section",
        element(
            "div",
            element("h3", text(words("check_list"))),
            element("div", *steps, class_="steps"),
            class_="top",
        ),
        element("p", class_="none hint", hidden=True),
        element("ol"),
        class_="found",
    )
    return element(
        "section",
        element("h2", class_="name", tabindex=-1, dir="auto"),
        element("p", class_="about hint"),
        element("p", class_="since", hidden=True),
        tools,
        filters,
        element("div", draft, found, class_="columns-of-check"),
        class_="result",
        hidden=True,
    )


def _earlier(words: Words) -> Html:
    return element(
        "section",
        element("h2", text(words("check_earlier"))),
        element("p", text(words("check_earlier_hint")), class_="hint"),
        element("ul"),
        class_="earlier",
        hidden=True,
    )
