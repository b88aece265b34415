"""The source panel as HTML: for every answer a group of source cards, each with the quote marked in its passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.web.answer import export, glossed
from assistant.web.answer.source_view import SourceView
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words


def panel(groups: Iterable[tuple[int, str, Sequence[SourceView], str]], words: Words) -> Html:
    """The panel of all answers, given as (turn, question, sources, language of the answer, empty while there is none).

    The last answer's cards are visible, or a hint.
    """
    answers = list(groups)
    last = answers[-1][0] if answers else 0
    return join(
        [
            element("h2", text(words("sources"))),
            element("p", text(words("sources_hint")), class_="hint"),
            *(
                group(turn, question, sources, words, reader, last=turn == last)
                for turn, question, sources, reader in answers
                if sources
            ),
        ]
    )


def group(
    turn: int,
    question: str,
    sources: Sequence[SourceView],
    words: Words,
    reader: str = "",
    *,
    last: bool = False,
) -> Html:
    """The source cards of one answer; words of quotes have a gloss in the language ``reader``, if given."""
    label = words("sources_of", question=question)
    cards = [_card(source, turn, words, reader) for source in sources]
    return element(
        "section",
        _steps(len(cards), words),
        *cards,
        class_="group active" if last else "group",
        aria_label=label,
    )


def _steps(count: int, words: Words) -> Html:
    """Buttons to the card before and after the current one, if there are several."""
    if count < 2:
        return NOTHING
    buttons = (
        element(
            "button",
            text(sign),
            type="button",
            data_step=step,
            aria_label=words(f"{name}_citation"),
            title=words(f"{name}_citation"),
        )
        for name, sign, step in (("previous", "↑", -1), ("next", "↓", 1))
    )
    return element("div", *buttons, class_="steps", role="group", aria_label=words("answer_citations"))


def _card(source: SourceView, turn: int, words: Words, reader: str) -> Html:
    """One source: its number, title and origin, the quote marked within its passage, a link to the viewer."""
    number = element("span", text(str(source.number)), class_="number")
    title = element("strong", text(source.title), dir="auto")
    return element(
        "article",
        element("p", number, text(" "), title),
        element("p", text(export.whereabouts(source, words)), class_="where"),
        _passage(source, words, reader),
        _translation(source),
        _since(words),
        element("p", _open(source, words), text(" "), _back(words), class_="links"),
        class_="card",
        id=f"s-{turn}-{source.number}",
        data_document=source.document_id,
        data_version=source.version or None,
        tabindex=-1,
        aria_label=f"{words('source')} {source.number}",
    )


def _passage(source: SourceView, words: Words, reader: str) -> Html:
    marked = glossed.quote("mark", source.quote, (source.language, reader), words)
    return element(
        "blockquote",
        text(source.before),
        marked,
        text(source.after),
        lang=source.language or None,
        dir="auto",
    )


def _translation(source: SourceView) -> Html:
    """The translated quote, in brackets because these are not the document's own words."""
    if not source.translation:
        return NOTHING
    return element("p", text(f"[{source.translation}]"), class_="translation", dir="auto")


def _since(words: Words) -> Html:
    """What has become of the document since, which the script says where it asks the server: ``source_panel.js``."""
    phrases = {"data_changed": words("source_changed"), "data_missing": words("source_missing")}
    return element("p", class_="since", role="status", hidden=True, **phrases)


def _open(source: SourceView, words: Words) -> Html:
    new_tab = element("span", text(f" ({words('new_tab')})"), class_="unseen")
    return element("a", text(words("open_document")), new_tab, href=source.href, target="_blank")


def _back(words: Words) -> Html:
    """The link back to the citation marker that was followed; visible where the sources are below the chat."""
    return element("a", text(words("back")), class_="back", href="#conversation")
