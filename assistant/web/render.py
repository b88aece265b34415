"""Questions, answers and their sources as HTML: pure functions from values to `Html`.

A marker [1] links to its source card: ``#s-2-1`` is the card of source 1 of the second exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assistant.citations import without_markers
from assistant.types import Answer, Hit, Statement
from assistant.web.html import NOTHING, Html, element, join, text
from assistant.web.sources import Source, place, viewer_link
from assistant.web.words import Words

_MARKER = re.compile(r"\[(\d+)\]")
Numbered = Mapping[int, Source]


def question(asked: str) -> Html:
    """What the user asked, line breaks kept."""
    return element("div", text(asked), class_="asked", dir="auto")


def status(words: Words, stage: str) -> Html:
    """What is being done right now."""
    return element("div", text(words.known("stage", stage)), class_="status")


def problem(message: str) -> Html:
    """Why there is no answer."""
    return element("div", text(message), class_="problem")


def partial(told: str, sources: Sequence[Source], turn: int, words: Words) -> Html:
    """An answer still being told; markers of sources that are known already are links."""
    return element("div", _linked(told, _by_number(sources), turn, words), class_="answer told", dir="auto")


def answer(given: Answer, sources: Sequence[Source], searched: int, turn: int, words: Words) -> Html:
    """The whole answer, or the refusal with the nearest passages, and a line on how it came about."""
    if given.refused:
        body = refusal(given, words)
    elif given.mode == "quoted":
        body = _quotes(given.statements, _by_number(sources), turn, words)
    else:
        body = _statements(given.statements, _by_number(sources), turn, words)
    return element("div", body, _about(given, searched, words), class_="answer")


def refusal(given: Answer, words: Words) -> Html:
    """The refusal, and the passages that came closest, folded away."""
    said = element("p", text(given.text), class_="refused")
    if not given.nearest:
        return said
    summary = element("summary", text(words.count("nearest", len(given.nearest))))
    passages = element("ol", *(element("li", _nearest(hit, words)) for hit in given.nearest))
    return join([said, element("details", summary, passages, class_="nearest")])


def panel(groups: Iterable[tuple[int, str, Sequence[Source]]], words: Words) -> Html:
    """The source cards of every answer, by turn; those of the last one are shown, or a hint where it has none."""
    every = list(groups)
    last = every[-1][0] if every else 0
    return join(
        [
            element("h2", text(words("sources"))),
            element("p", text(words("sources_hint")), class_="hint"),
            *(_group(turn, asked, sources, turn == last, words) for turn, asked, sources in every if sources),
        ]
    )


def welcome(documents: int | None, words: Words) -> Html:
    """What an empty conversation shows: what to do next; ``documents`` is None while that is not known yet."""
    key = "starting" if documents is None else "ready" if documents else "empty"
    lines = [element("p", text(words(f"{key}_{part}")), class_=part) for part in ("lead", "hint")]
    return element("div", *lines, class_="welcome")


def dated(day: date, words: Words) -> Html:
    return element("time", text(words.date(day)), datetime=day.isoformat())


def _by_number(sources: Sequence[Source]) -> dict[int, Source]:
    return {source.number: source for source in sources}


def _quotes(statements: Sequence[Statement], sources: Numbered, turn: int, words: Words) -> Html:
    """Quotes under the titles of their sources, as they come."""
    parts: list[Html] = []
    shown = ""
    for statement in statements:
        source = sources[statement.citations[0]]
        document = source.href.partition("?")[0]
        if document != shown:
            parts.append(_heading(source, words))
            shown = document
        parts.append(_quote(statement, source, sources, turn, words))
    return join(parts)


def _heading(source: Source, words: Words) -> Html:
    when = [text(" "), dated(source.published, words)] if source.published else []
    return element("h2", element("bdi", text(source.title)), *when, class_="from")


def _quote(statement: Statement, source: Source, sources: Numbered, turn: int, words: Words) -> Html:
    quoted = element("span", text(statement.text), lang=source.language or None)
    return element("blockquote", quoted, text("\xa0"), _marks(statement, sources, turn, words), dir="auto")


def _statements(statements: Sequence[Statement], sources: Numbered, turn: int, words: Words) -> Html:
    """Sentences of a model, each with its markers, and a plain word where its quotes do not bear it out."""
    return join(
        element(
            "p",
            _said(statement),
            text(" "),
            _marks(statement, sources, turn, words),
            _doubt(statement, words),
        )
        for statement in statements
    )


def _said(statement: Statement) -> Html:
    return text(_MARKER.sub("", statement.text).strip())


def _doubt(statement: Statement, words: Words) -> Html:
    if statement.supported == "yes":
        return NOTHING
    key = "unsupported" if statement.supported == "no" else "unchecked"
    return join(
        [text(" "), element("span", text(words(key)), class_="doubt", title=statement.reason or None)]
    )


def _marks(statement: Statement, sources: Numbered, turn: int, words: Words) -> Html:
    return join(_mark(sources[number], turn, words) for number in statement.citations if number in sources)


def _mark(source: Source, turn: int, words: Words) -> Html:
    """[n], a link to its source card; a pointer resting on it reads the quote and where it is from."""
    return element(
        "a",
        element("span", text(words("source") + " "), class_="unseen"),
        text(f"[{source.number}]"),
        class_="cite",
        href=f"#s-{turn}-{source.number}",
        title=f"{source.quote}\n— {_origin(source, words)}",
    )


def _origin(source: Source, words: Words) -> str:
    parts = [source.title, source.place if source.place != source.title else ""]
    parts += [words.date(source.published)] if source.published else []
    parts += [words("page", n=source.page)] if source.page else []
    return " · ".join(part for part in parts if part)


def _linked(told: str, sources: Numbered, turn: int, words: Words) -> Html:
    pieces = _MARKER.split(told)
    return join(
        text(piece) if at % 2 == 0 else _mark_or_text(piece, sources, turn, words)
        for at, piece in enumerate(pieces)
    )


def _mark_or_text(number: str, sources: Numbered, turn: int, words: Words) -> Html:
    known = sources.get(int(number))
    return _mark(known, turn, words) if known else text(without_markers(f"[{number}]"))


def _nearest(hit: Hit, words: Words) -> Html:
    record = hit.document
    link = element(
        "a",
        element("bdi", text(record.title or place(record))),
        href=viewer_link(record.id, hit.passage.start, hit.passage.end),
        target="_blank",
    )
    when = join([text(" · "), dated(record.published, words)]) if record.published else NOTHING
    quoted = element("blockquote", text(hit.passage.text.strip()), lang=record.language or None, dir="auto")
    return join([element("p", link, when, class_="from"), quoted])


def _about(given: Answer, searched: int, words: Words) -> Html:
    """Quoted or by which model, how long, how many documents searched."""
    parts = [] if given.refused else [_made(given, words)]
    if "total" in given.timings_ms:
        parts.append(words("seconds", n=words.number(round(given.timings_ms["total"] / 1000, 1))))
    parts.append(words.count("searched", searched))
    lines = [element("p", text(given.notice), class_="notice")] if given.notice else []
    return join([*lines, element("p", text(" · ".join(parts)), class_="about")])


def _made(given: Answer, words: Words) -> str:
    return words("quoted") if given.mode == "quoted" else words("generated", model=given.model or "?")


def _group(turn: int, asked: str, sources: Sequence[Source], last: bool, words: Words) -> Html:
    label = words("sources_of", question=asked)
    cards = [_card(source, turn, words) for source in sources]
    return element("section", *cards, class_="group active" if last else "group", aria_label=label)


def _card(source: Source, turn: int, words: Words) -> Html:
    """One source: its number, title and origin, the quote marked within its passage, a link to the viewer."""
    return element(
        "article",
        element(
            "p", element("span", text(str(source.number)), class_="number"), text(" "), _card_title(source)
        ),
        element("p", text(_whereabouts(source, words)), class_="where"),
        _passage(source),
        element("p", _open(source, words), text(" "), _back(words), class_="links"),
        class_="card",
        id=f"s-{turn}-{source.number}",
        tabindex=-1,
        aria_label=f"{words('source')} {source.number}",
    )


def _card_title(source: Source) -> Html:
    return element("strong", text(source.title), dir="auto")


def _whereabouts(source: Source, words: Words) -> str:
    return _origin(source, words).removeprefix(source.title).removeprefix(" · ")


def _passage(source: Source) -> Html:
    marked = element("mark", text(source.quote))
    return element(
        "blockquote",
        text(source.before),
        marked,
        text(source.after),
        lang=source.language or None,
        dir="auto",
    )


def _open(source: Source, words: Words) -> Html:
    new_tab = element("span", text(f" ({words('new_tab')})"), class_="unseen")
    return element("a", text(words("open_document")), new_tab, href=source.href, target="_blank")


def _back(words: Words) -> Html:
    """Shown where the sources stand below the chat; the script leads back to the marker that was followed."""
    return element("a", text(words("back")), class_="back", href="#conversation")
