"""Questions and answers as HTML: pure functions from values to `Html`.

A marker [1] links to its source card: ``#s-2-1`` is the card of source 1 of the second exchange.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.answering.citations import parts, without_markers
from assistant.types import Statement
from assistant.web.answer import actions, export
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.sources import SourceView
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words

Numbered = Mapping[int, SourceView]


def question(asked: str, turn: int = 0, words: Words | None = None) -> Html:
    """What the user asked, line breaks kept; with ``words`` it can be edited."""
    edit = actions.edit(turn, words) if words else NOTHING
    return join([element("div", text(asked), class_="asked", dir="auto"), edit])


def status(words: Words, stage: str) -> Html:
    """What is being done right now."""
    return element("div", text(words.known("stage", stage)), class_="status")


def problem(message: str) -> Html:
    """Why there is no answer."""
    return element("div", text(message), class_="problem")


def told(one: Exchange, turn: int, words: Words) -> Html:
    """An answer still being told; markers of sources that are known already are links."""
    linked = _linked(one.told, _by_number(one.sources), turn, words)
    return element("div", linked, class_="answer told", dir="auto")


def answer(given: AnswerView, turn: int, words: Words) -> Html:
    """The whole answer, or the refusal with the nearest passages, and a line on how it came about."""
    if given.refused:
        body = refusal(given, words)
    elif given.mode == "quoted":
        body = _quotes(given, turn, words)
    else:
        body = _statements(given, turn, words)
    return element("div", _searched(given, words), body, _about(given, words), class_="answer")


def refusal(given: AnswerView, words: Words) -> Html:
    """The refusal, what to try, and the passages that came closest, folded away."""
    said = element("p", text(given.text), class_="refused")
    tries = ["try_words", *(["try_all"] if given.restricted else []), "try_more"]
    tips = element("ul", *(element("li", text(words(key))) for key in tries), class_="tips")
    if not given.nearest:
        return join([said, tips])
    summary = element("summary", text(words.count("nearest", len(given.nearest))))
    passages = element("ol", *(element("li", _nearest(one, words)) for one in given.nearest))
    return join([said, tips, element("details", summary, passages, class_="nearest")])


def welcome(documents: int | None, words: Words) -> Html:
    """What an empty conversation shows: what to do next; ``documents`` is None while that is not known yet."""
    key = "starting" if documents is None else "ready" if documents else "empty"
    lines = [element("p", text(words(f"{key}_{part}")), class_=part) for part in ("lead", "hint")]
    return element("div", *lines, class_="welcome")


def dated(day: date, words: Words) -> Html:
    return element("time", text(words.date(day)), datetime=day.isoformat())


def spoken(given: AnswerView, words: Words) -> Html:
    """The answer as it is read out when it is there."""
    told = given.text if given.refused else " ".join(given.wording(one) for one in given.statements)
    counted = words.count("spoken", len(given.sources))
    return element("p", text(f"{told} {'' if given.refused else counted}"), lang=given.language or None)


def _by_number(sources: Sequence[SourceView]) -> dict[int, SourceView]:
    return {source.number: source for source in sources}


def _searched(given: AnswerView, words: Words) -> Html:
    if not given.searched:
        return NOTHING
    return element("p", text(words("searched_for", question=" · ".join(given.searched))), class_="standalone")


def _quotes(given: AnswerView, turn: int, words: Words) -> Html:
    """Quotes under the titles of their sources, as they come."""
    parts: list[Html] = []
    sources, shown = _by_number(given.sources), ""
    for statement in given.statements:
        source = sources[statement.citations[0]]
        if source.document_id != shown:
            parts.append(_heading(source, words))
            shown = source.document_id
        parts.append(_quote(statement, source, sources, turn, words))
    return join(parts)


def _heading(source: SourceView, words: Words) -> Html:
    when = [text(" "), dated(source.published, words)] if source.published else []
    return element("h2", element("bdi", text(source.title)), *when, class_="from")


def _quote(statement: Statement, source: SourceView, sources: Numbered, turn: int, words: Words) -> Html:
    quoted = element("span", text(statement.text), lang=source.language or None)
    marks = _marks(statement, sources, turn, words)
    return element("blockquote", quoted, text("\xa0"), marks, _doubt(statement, words), dir="auto")


def _statements(given: AnswerView, turn: int, words: Words) -> Html:
    """Sentences of a model, each with its markers, and a plain word where its quotes do not bear it out."""
    sources = _by_number(given.sources)
    return join(
        element(
            "p",
            element(
                "span", text(given.wording(one)), class_="said" if one.supported == "yes" else "said off"
            ),
            text(" "),
            _marks(one, sources, turn, words),
            _doubt(one, words),
            lang=given.language or None,
        )
        for one in given.statements
    )


def _doubt(statement: Statement, words: Words) -> Html:
    """A mark beside a sentence that its quotes do not bear out; resting on it shows the reason, as does focus."""
    if statement.supported == "yes":
        return NOTHING
    key = "unsupported" if statement.supported == "no" else "unchecked"
    why = element("span", text(f": {statement.reason}"), class_="unseen") if statement.reason else NOTHING
    mark = element(
        "span", text(words(key)), why, class_="doubt", tabindex=0, data_peek=statement.reason or None
    )
    return join([text(" "), mark])


def _marks(statement: Statement, sources: Numbered, turn: int, words: Words) -> Html:
    return join(_mark(sources[number], turn, words) for number in statement.citations if number in sources)


def _mark(source: SourceView, turn: int, words: Words) -> Html:
    """[n], a link to its source card; resting on it shows the quote and where it is from, as does focus."""
    return element(
        "a",
        element("span", text(words("source") + " "), class_="unseen"),
        text(f"[{source.number}]"),
        class_="cite",
        href=f"#s-{turn}-{source.number}",
        aria_description=origin(source, words),
    )


def origin(source: SourceView, words: Words) -> str:
    """A source's title and whereabouts in a line."""
    where = export.whereabouts(source, words)
    return " · ".join(part for part in (source.title, where) if part)


def _linked(told: str, sources: Numbered, turn: int, words: Words) -> Html:
    return join(
        text(part)
        if isinstance(part, str)
        else join(_mark_or_text(number, sources, turn, words) for number in part)
        for part in parts(told)
    )


def _mark_or_text(number: int, sources: Numbered, turn: int, words: Words) -> Html:
    known = sources.get(number)
    return _mark(known, turn, words) if known else text(without_markers(f"[{number}]"))


def _nearest(source: SourceView, words: Words) -> Html:
    link = element("a", element("bdi", text(source.title)), href=source.href, target="_blank")
    when = join([text(" · "), dated(source.published, words)]) if source.published else NOTHING
    quoted = element("blockquote", text(source.quote), lang=source.language or None, dir="auto")
    return join([element("p", link, when, class_="from"), quoted])


def _about(given: AnswerView, words: Words) -> Html:
    """Quoted or by which model, how well borne out, how long, how many documents searched."""
    parts = [] if given.refused else [_made(given, words), _grounded(given, words)]
    if given.seconds is not None:
        parts.append(text(words("seconds", n=words.number(given.seconds))))
    parts += _spent(given, words)
    parts.append(text(words.count("searched", given.documents)))
    lines = [element("p", text(given.notice), class_="notice")] if given.notice else []
    return join([*lines, element("p", join(parts, text(" · ")), class_="about")])


def _spent(given: AnswerView, words: Words) -> list[Html]:
    """The model's time and tokens, as far as they are known."""
    took, read, wrote = given.model_seconds, words.number(given.read), words.number(given.wrote)
    time = [text(words("model_seconds", n=words.number(took)))] if took is not None else []
    return [*time, *([text(words("tokens", read=read, wrote=wrote))] if given.read or given.wrote else [])]


def _made(given: AnswerView, words: Words) -> Html:
    return text(words("quoted") if given.mode == "quoted" else words("generated", model=given.model or "?"))


def _grounded(given: AnswerView, words: Words) -> Html:
    total, good = len(given.statements), given.supported
    said = words.count("supported", total, good=words.number(good))
    return element("span", text(said), class_="grounded" if good == total else "grounded partly")
