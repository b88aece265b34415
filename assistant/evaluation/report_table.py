"""Tables and sections of a report."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.evaluation.wording import phrase
from assistant.web.kit.html import Html, element, join, text


def section(name: str, *parts: Html, language: str, heading: str = "") -> Html:
    """A part of the page under its heading, the phrase ``name`` unless another is given."""
    title = element("h2", text(heading or phrase(name, language)), id=name)
    return element("section", title, *parts)


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Html]],
    name: str,
    language: str,
    *,
    figures: Collection[int] = (),
    tall: bool = False,
    marked: Sequence[str] = (),
) -> Html:
    """A table in a frame that can be scrolled, with the keyboard too; ``columns`` are keys of phrases.

    The first cell of a row is its heading; the columns ``figures`` stand at the right; ``marked`` are the classes of rows.
    """

    def kind(at: int) -> str | None:
        return "figure" if at in figures else None

    head = element(
        "tr",
        *(
            element("th", text(phrase(column, language)), scope="col", class_=kind(at))
            for at, column in enumerate(columns)
        ),
    )
    body = join(
        element(
            "tr",
            *(
                element("td" if at else "th", cell, scope=None if at else "row", class_=kind(at))
                for at, cell in enumerate(row)
            ),
            class_=(marked[number] or None) if marked else None,
        )
        for number, row in enumerate(rows)
    )
    whole = element("table", element("thead", head), element("tbody", body))
    return element(
        "div",
        whole,
        class_="scroll tall" if tall else "scroll",
        role="region",
        aria_label=phrase(name, language),
        tabindex=0,
    )
