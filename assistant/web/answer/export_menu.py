"""The menu of forms in which quotes are carried away with their passports; ``static/export.js`` asks for the file."""

from __future__ import annotations

from assistant.web.kit.html import Attribute, Html, element, text
from assistant.web.kit.localisation import Words

# The forms by the name that they have in every language.
FORM_NAMES = {
    "docx": "Word",
    "md": "Markdown",
    "html": "HTML",
    "csl": "CSL-JSON",
    "ris": "RIS",
    "bib": "BibTeX",
}


def export_menu(what: str, words: Words, *, disabled: bool = False, **more: Attribute) -> Html:
    """A fold with a button for each form. ``what`` is carried away: a "quote", an "answer", a "conversation", or what is "picked"."""
    buttons = (
        element("button", text(name), type="button", data_form=form, disabled=disabled)
        for form, name in FORM_NAMES.items()
    )
    name = words(f"export_{what}")
    return element(
        "details",
        element("summary", text(words("export")), element("span", text(f": {name}"), class_="unseen")),
        element("div", *buttons, class_="forms", role="group", aria_label=name),
        element("p", class_="told", role="status"),
        class_="export",
        data_export=what,
        data_language=words.language,
        data_failed=words("export_failed"),
        data_left_one=words("export_left_out_one", n="{n}"),
        data_left_other=words("export_left_out_other", n="{n}"),
        **more,
    )


def place_data(
    document_id: str, start: int, end: int, version: str, quote: str, translation: str = ""
) -> dict[str, Attribute]:
    """The attributes of an element from which the script takes a quote."""
    return {
        "data_place": document_id,
        "data_start": start,
        "data_end": end,
        "data_text_version": version or None,
        "data_quote": quote,
        "data_translation": translation or None,
    }
