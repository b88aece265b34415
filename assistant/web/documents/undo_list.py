"""What was removed or replaced and can be put back, as HTML; and what would find more in the documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.service.hints import Hint
from assistant.service.trash import Removal
from assistant.web.documents.table_state import UndoableCorrection
from assistant.web.kit.html import Html, element, join, text
from assistant.web.kit.localisation import Words

MOST = 3  # removals offered to be undone at a time


CORRECTION = "correction"  # what its button has for a value


def undo(
    removals: Sequence[Removal], now: datetime, words: Words, correction: UndoableCorrection | None = None
) -> Html:
    """A line and a button for the last correction of this page and each of the latest removals."""
    corrected = [_corrected(correction, words)] if correction else []
    return join([*corrected, *(_line(removal, now, words) for removal in removals[:MOST])])


def _corrected(correction: UndoableCorrection, words: Words) -> Html:
    button = element("button", text(words("undo")), type="button", data_act="undo", value=CORRECTION)
    said = element("span", text(words("corrected_title", title=correction.title)))
    return element("p", said, button, class_="removed")


def _line(removal: Removal, now: datetime, words: Words) -> Html:
    minutes = max(1, round((removal.until - now).total_seconds() / 60))
    title = removal.titles[0] if len(removal.titles) == 1 else ""
    if title:
        summary = words("replaced_title" if removal.replaced else "removed_title", title=title)
    else:
        summary = words.count("removed", len(removal.titles))
    button = element("button", text(words("undo")), type="button", data_act="undo", value=removal.id)
    time_left = element("span", text(words.count("undo_minutes", minutes)), class_="hint")
    return element("p", element("span", text(summary)), button, time_left, class_="removed")


def model_hint(hint: Hint, words: Words) -> Html:
    """Why another embedding model would find more, and, when opened, the steps that change to it."""
    lead = words(
        f"hint_{hint.kind}",
        language=words.known("language", hint.language),
        model=hint.model,
        target=hint.target,
    )
    steps = element("ol", *(element("li", element("code", text(step))) for step in hint.steps))
    how = element("p", text(words("hint_steps")))
    return element("details", element("summary", text(lead)), how, steps, class_="advice")
