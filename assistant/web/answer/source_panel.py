"""The source panel as HTML: for every answer a group of source cards, each with the quote marked in its passage."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.web.answer import actions, export, glossed
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.export_menu import export_menu, place_data
from assistant.web.answer.made_once import made_once
from assistant.web.answer.source_view import SourceView, speaker_link
from assistant.web.kit.html import NOTHING, Attribute, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words


def panel(exchanges: Iterable[tuple[int, Exchange]], words: Words, base: str = "") -> Html:
    """The panel of all answers by their numbers; the last answer's cards are visible, or a hint.

    ``base`` is the address that links in copied quotes are relative to.
    """
    answers = list(exchanges)
    last = answers[-1][0] if answers else 0
    return join(
        [
            element("h2", text(words("sources"))),
            element("p", text(words("sources_hint")), class_="hint"),
            *(
                group(turn, exchange, words, base, last=turn == last, statements=True)
                for turn, exchange in answers
                if exchange.sources
            ),
        ]
    )


def group(
    turn: int,
    exchange: Exchange,
    words: Words,
    base: str = "",
    *,
    last: bool = False,
    statements: bool = False,
) -> Html:
    """The source cards of one answer; words of quotes have a gloss in the answer's language.

    With ``statements`` a card whose quote is somebody's words links to more of theirs, and quotes are chosen and exported.
    """
    label = words("sources_of", question=exchange.question)
    picks = statements and exchange.reply is not None and len(exchange.sources) > 1
    return element(
        "section",
        _cards(exchange, turn, words, base, statements, picks),
        class_="group active" if last else "group",
        aria_label=label,
        data_picks=picks,
    )


@made_once
def _cards(exchange: Exchange, turn: int, words: Words, base: str, statements: bool, picks: bool) -> Html:
    """The cards of one answer, and above them what leads from one to the next, and what carries chosen ones away."""
    cards = (
        _card(source, turn, exchange.reply, words, base, statements=statements, picks=picks)
        for source in exchange.sources
    )
    return join([_steps(len(exchange.sources), words), _picking(words) if picks else NOTHING, *cards])


def _picking(words: Words) -> Html:
    """The menu that carries the chosen quotes of an answer away."""
    chosen = element(
        "p",
        text(words("picked_none")),
        class_="picked-number",
        role="status",
        data_none=words("picked_none"),
        data_one=words("picked_one", n="{n}"),
        data_other=words("picked_other", n="{n}"),
    )
    return element("div", chosen, export_menu("picked", words, disabled=True), class_="picking")


def _box(source: SourceView, words: Words) -> Html:
    label = words("pick_source", n=source.number)
    return element("label", element("input", type="checkbox", name="picked", aria_label=label), class_="pick")


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


def _card(
    source: SourceView,
    turn: int,
    reply: AnswerView | None,
    words: Words,
    base: str,
    *,
    statements: bool,
    picks: bool,
) -> Html:
    """One source: its number, title and origin, the quote marked within its passage, a link to the viewer."""
    exports = statements and reply is not None
    number = element("span", text(str(source.number)), class_="number")
    title = element("strong", text(source.title), dir="auto")
    return element(
        "article",
        _box(source, words) if picks else NOTHING,
        element("p", number, text(" "), title),
        element("p", text(export.whereabouts(source, words)), class_="where"),
        _passage(source, words, reply.language if reply else ""),
        _translation(source),
        _also_in(source, words),
        _since(words),
        element(
            "p",
            _open(source, words),
            _more_by(source, words) if statements else NOTHING,
            text(" "),
            _back(words),
            class_="links",
        ),
        _copies(source, reply, words, base, exports=exports),
        class_="card",
        id=f"s-{turn}-{source.number}",
        data_document=source.document_id,
        data_version=source.version or None,
        tabindex=-1,
        aria_label=f"{words('source')} {source.number}",
        **(_place(source) if exports else {}),
    )


def _place(source: SourceView) -> dict[str, Attribute]:
    at = (source.document_id, source.start, source.end, source.version)
    return place_data(*at, source.quote, source.translation)


def _copies(source: SourceView, reply: AnswerView | None, words: Words, base: str, *, exports: bool) -> Html:
    """The buttons that copy the quote, and the menu of its files, once the answer is complete."""
    if reply is None:
        return NOTHING
    copies = actions.copy_buttons(export.quote(source, reply, base, words), "quote", words)
    return element("div", copies, export_menu("quote", words), class_="copies") if exports else copies


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


def _also_in(source: SourceView, words: Words) -> Html:
    """The other copies of the story, folded away, each a link to the same words there."""
    if not source.also_in:
        return NOTHING
    summary = element("summary", text(words.count("also_in", len(source.also_in))))
    links = (
        element(
            "li",
            element("a", element("bdi", text(copy.title)), href=copy.href, target="_blank"),
            text(f" · {copy.place}" if copy.place != copy.title else ""),
            join([text(" · "), date_element(copy.published, words)]) if copy.published else NOTHING,
        )
        for copy in source.also_in
    )
    return element("details", summary, element("ul", *links), class_="also")


def _since(words: Words) -> Html:
    """What has become of the document since, which the script says where it asks the server: ``source_panel.js``."""
    phrases = {"data_changed": words("source_changed"), "data_missing": words("source_missing")}
    return element("p", class_="since", role="status", hidden=True, **phrases)


def _open(source: SourceView, words: Words) -> Html:
    new_tab = element("span", text(f" ({words('new_tab')})"), class_="unseen")
    return element("a", text(words("open_document")), new_tab, href=source.href, target="_blank")


def _more_by(source: SourceView, words: Words) -> Html:
    """The link to what else somebody says whose words the quote tells."""
    if source.attribution is None:
        return NOTHING
    name = source.attribution.speaker
    label = text(words("statements_more_by", name=name))
    return join([text(" "), element("a", label, href=speaker_link(name), target="_blank")])


def _back(words: Words) -> Html:
    """The link back to the citation marker that was followed; visible where the sources are below the chat."""
    return element("a", text(words("back")), class_="back", href="#conversation")
