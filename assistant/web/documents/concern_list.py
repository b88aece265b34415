"""What is slow or stuck in the server, as HTML for those who run it; empty where nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.service.condition import Concern
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import Words


def concern_list(concerns: Sequence[Concern], words: Words) -> Html:
    """A line for each concern."""
    if not concerns:
        return NOTHING
    lines = (element("li", text(_in_words(one, words))) for one in concerns)
    return element("ul", *lines, class_="concerns", aria_label=words("concerns"))


def _in_words(concern: Concern, words: Words) -> str:
    shown = {
        name: words.number(value) if isinstance(value, int | float) else value
        for name, value in concern.values.items()
    }
    if "stage" in shown:
        shown["stage"] = words.known("job_stage", str(shown["stage"]))
    return words(f"concern_{concern.kind}", **shown)
