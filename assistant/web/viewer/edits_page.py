"""The page of an article's edits: when each was noticed, and the sentences that it changed."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.service.edits import Edit
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import Words
from assistant.web.viewer.document_page import page
from assistant.web.viewer.notices import stretches
from ingest.text.differences import MOST_CHANGES
from ingest.types import Record


def edits_page(record: Record, edits: Sequence[Edit], words: Words, theme: str) -> Html:
    title = words("edits_of", title=record.title)
    heading = element("h1", element("bdi", text(title)))
    back = element("a", text(words("to_present_version")), href=f"../{record.id}")
    facts = [element("bdi", text(record.shown_source)), text(" · "), back]
    sections = [_edit(edit, record, words) for edit in edits] or [element("p", text(words("edits_none")))]
    hint = element("p", text(words("edits_hint")), class_="facts")
    top = element("header", heading, element("p", *facts, class_="facts"), hint)
    column = element("div", top, *sections, class_="column")
    return page(title, element("main", column), words, theme, up="../")


def _edit(edit: Edit, record: Record, words: Words) -> Html:
    day = f"{words.date(edit.noticed.date())}, {edit.noticed:%H:%M} UTC"
    heading = element("h2", text(words("edit_noticed", date=day)))
    before = element("a", text(words("edit_before")), href=f"../{record.id}?version={edit.before}")
    more = element("p", text(words("changes_more", n=MOST_CHANGES))) if edit.more else NOTHING
    return element(
        "section", heading, stretches(edit.changes, words), more, element("p", before), class_="edit changes"
    )
