"""Questions, answers and their citation markers as HTML: pure functions from values to `Html`.

A marker [1] links to its source card: ``#s-2-1`` is the card of source 1 of the second exchange.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answering.citations import parts, unmarked, without_markers
from assistant.types import Disagreement, DisagreementSide, Listing, ListingGroup, Statement
from assistant.web.answer import absence_view, actions, export, glossed
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.source_view import SourceView
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words, words_in

Numbered = Mapping[int, SourceView]


def question(asked: str, turn: int = 0, words: Words | None = None) -> Html:
    """The question with its line breaks; with ``words`` also the button to edit it."""
    edit = actions.edit_button(turn, words) if words else NOTHING
    return join([element("div", text(asked), class_="asked", dir="auto"), edit])


def status(words: Words, stage: str) -> Html:
    """What the assistant is doing, by the name of the stage."""
    return element("div", text(words.known("stage", stage)), class_="status")


def problem(message: str) -> Html:
    """Why there is no answer."""
    return element("div", text(message), class_="problem")


def partial_answer(exchange: Exchange, turn: int, words: Words) -> Html:
    """The text streamed so far; markers are links once their sources have arrived."""
    linked = _linked(exchange.told, _by_number(exchange.sources), turn, words)
    return element("div", linked, class_="answer told", dir="auto")


def answer(reply: AnswerView, turn: int, words: Words, base: str = "") -> Html:
    """The complete answer or the refusal, and a line on how it was made; with ``base``, that links are relative to, buttons that copy."""
    if reply.refused:
        body = refusal(reply, words, base)
    elif reply.listing:
        body = _listing(reply, reply.listing, turn, words)
    elif reply.mode == "quoted":
        body = _quotes_and_disagreements(reply, turn, words)
    else:
        body = join([_statements(reply, turn, words), _disagreements(reply, turn, words)])
    return element("div", _searched_queries(reply, words), body, _summary_line(reply, words), class_="answer")


def refusal(reply: AnswerView, words: Words, base: str = "") -> Html:
    """The refusal, tips what to try, the nearest passages and what was searched, folded away; all in its language, if the pages have it."""
    page, words = words, words_in(reply.language, words)
    spoken = words.language if words is not page else None
    return element("div", *_refusal(reply, words, base), class_="refusal", lang=spoken)


def _refusal(reply: AnswerView, words: Words, base: str) -> list[Html]:
    lead = element("p", text(reply.text), class_="refused")
    keys = ["try_words", *(["try_all"] if reply.restricted else []), "try_more"]
    tips = element("ul", *(element("li", text(words(key))) for key in keys), class_="tips")
    possible = join(_possible(source, words) for source in reply.possible)
    proof = absence_view.disclosure(reply.absence, base, words) if reply.absence else NOTHING
    if not reply.nearest:
        return [lead, possible, tips, proof]
    summary = element("summary", text(words.count("nearest", len(reply.nearest))))
    passages = element("ol", *(element("li", _nearest(source, words)) for source in reply.nearest))
    return [lead, possible, tips, element("details", summary, passages, class_="nearest"), proof]


def welcome(documents: int | None, words: Words) -> Html:
    """What to do next, in an empty conversation; ``documents`` is their number, None while it is unknown."""
    key = "starting" if documents is None else "ready" if documents else "empty"
    lines = [element("p", text(words(f"{key}_{part}")), class_=part) for part in ("lead", "hint")]
    return element("div", *lines, class_="welcome")


def announcement(reply: AnswerView, words: Words) -> Html:
    """The answer as a screen reader announces it once it is complete."""
    said = [reply.listing.lead] if reply.listing else []
    differing = [unmarked(found.line) for found in reply.disagreements]
    spoken = (
        reply.text if reply.refused else " ".join([*said, *map(reply.wording, reply.statements), *differing])
    )
    counted = words.count("spoken", len(reply.sources))
    return element("p", text(f"{spoken} {'' if reply.refused else counted}"), lang=reply.language or None)


def _by_number(sources: Sequence[SourceView]) -> dict[int, SourceView]:
    return {source.number: source for source in sources}


def _searched_queries(reply: AnswerView, words: Words) -> Html:
    if not reply.searched:
        return NOTHING
    return element("p", text(words("searched_for", question=" · ".join(reply.searched))), class_="standalone")


def _listing(reply: AnswerView, listing: Listing, turn: int, words: Words) -> Html:
    """What the answer is, its quotes, those of a comparison side by side, a timeline's by days, and what it leaves out."""
    lead = element("p", text(listing.lead), class_=f"listing {listing.kind}", dir="auto")
    more = element("p", text(listing.more), class_="more", dir="auto") if listing.more else NOTHING
    if not listing.groups:
        return join([lead, _quotes(reply, turn, words), more])
    if listing.kind == "timeline":
        entries = (element("li", _side(group, reply, turn, words)) for group in listing.groups)
        return join([lead, element("ol", *entries, class_="course"), more])
    sides = element("div", *(_side(group, reply, turn, words) for group in listing.groups), class_="sides")
    return join([lead, sides, more])


def _side(group: ListingGroup, reply: AnswerView, turn: int, words: Words) -> Html:
    numbers = set(group.citations)
    own = [statement for statement in reply.statements if numbers.intersection(statement.citations)]
    label = element("p", text(group.label), class_="side", dir="auto")
    nothing = element("p", text(words("nothing_here")), class_="more")
    return element("section", label, _quotes(reply, turn, words, own) if own else nothing)


def _quotes(
    reply: AnswerView, turn: int, words: Words, statements: Sequence[Statement] | None = None
) -> Html:
    """The quotes in order, or some of them, each document's title above its first one."""
    parts: list[Html] = []
    sources, headed = _by_number(reply.sources), ""
    for statement in reply.statements if statements is None else statements:
        source = sources[statement.citations[0]]
        if source.document_id != headed:
            parts.append(_heading(source, words))
            headed = source.document_id
        parts.append(_quote(statement, source, reply, turn, words))
    return join(parts)


def _quotes_and_disagreements(reply: AnswerView, turn: int, words: Words) -> Html:
    """The quotes in order; those that disagree side by side, where the first of them belongs."""
    disputed = {side.citation for found in reply.disagreements for side in found.sides}
    apart = [statement for statement in reply.statements if disputed.isdisjoint(statement.citations)]
    first = next((n for n, one in enumerate(reply.statements) if not disputed.isdisjoint(one.citations)), 0)
    before = [statement for statement in reply.statements[:first] if statement in apart]
    after = [statement for statement in reply.statements[first:] if statement in apart]
    return join(
        [
            _quotes(reply, turn, words, before),
            _disagreements(reply, turn, words),
            _quotes(reply, turn, words, after),
        ]
    )


def _disagreements(reply: AnswerView, turn: int, words: Words) -> Html:
    """What the sources say differently: the line that says so, and below it each one's quote beside the others."""
    return join(
        element(
            "div",
            element(
                "p",
                _linked(found.line, _by_number(reply.sources), turn, words),
                class_="differing",
                dir="auto",
                lang=reply.language or None,
            ),
            element(
                "div", *(_disputed(side, found, reply, turn, words) for side in found.sides), class_="sides"
            ),
            class_="disagreement",
        )
        for found in reply.disagreements
    )


def _disputed(
    side: DisagreementSide, found: Disagreement, reply: AnswerView, turn: int, words: Words
) -> Html:
    """One side: its quote with the words that differ marked, and what a later article says instead."""
    sources = _by_number(reply.sources)
    source, latest = sources[side.citation], sources.get(found.latest or 0)
    quoted = glossed.quote(
        "span",
        source.quote,
        (source.language, reply.language),
        words,
        (side.start - source.start, side.end - source.start),
        lang=source.language or None,
    )
    later = found.side_of(latest.number) if latest and side.citation in found.superseded else None
    caption = NOTHING
    if later and latest and latest.published:
        said = words("superseded", value=" ".join(later.value.split()), day=words.date(latest.published))
        caption = element("small", text(said), class_="superseded")
    mark = _mark(source, turn, words)
    return element(
        "section",
        _heading(source, words),
        element("blockquote", quoted, text("\xa0"), mark, caveats(source, words), caption, dir="auto"),
    )


def _heading(source: SourceView, words: Words) -> Html:
    when = [text(" "), date_element(source.published, words)] if source.published else []
    return element("h2", element("bdi", text(source.title)), *when, class_="from")


def _quote(statement: Statement, source: SourceView, reply: AnswerView, turn: int, words: Words) -> Html:
    quoted = glossed.quote(
        "span", statement.text, (source.language, reply.language), words, lang=source.language or None
    )
    marks = _marks(statement, _by_number(reply.sources), turn, words)
    return element(
        "blockquote",
        columns(source, words),
        quoted,
        text("\xa0"),
        marks,
        _doubt(statement, words),
        caveats(source, words),
        dir="auto",
    )


def caveats(source: SourceView, words: Words) -> Html:
    """Whose words the quote tells, which days it speaks of, that the lines of its page may not be in the order in which they are read, and that it is from a scan."""
    keys = [key for key, so in (("order_doubtful", source.doubtful), ("recognised", source.recognised)) if so]
    said = [said for said in [export.said_by(source, words)] if said]
    lines = (*said, *export.told_days(source, words), *map(words, keys))
    return join(element("small", text(line), class_="columns") for line in lines)


def columns(source: SourceView, words: Words) -> Html:
    """The names of the columns above a quoted row of a table."""
    if not source.columns:
        return NOTHING
    label = element("span", text(words("columns", names="")), class_="unseen")
    return element("small", label, text(" | ".join(source.columns)), class_="columns")


def _statements(reply: AnswerView, turn: int, words: Words) -> Html:
    """A model's statements, each with its markers, and with a mark of doubt if its quotes do not support it."""
    sources = _by_number(reply.sources)
    return join(
        element(
            "p",
            element(
                "span",
                text(reply.wording(statement)),
                class_="said" if statement.supported == "yes" else "said off",
            ),
            text(" "),
            _marks(statement, sources, turn, words),
            _doubt(statement, words),
            lang=reply.language or None,
        )
        for statement in reply.statements
    )


def _doubt(statement: Statement, words: Words) -> Html:
    """A mark beside a statement that its quotes do not support; pointing at it or focusing it shows the reason."""
    if statement.supported == "yes":
        return NOTHING
    key = export.doubt_key(statement)
    why = element("span", text(f": {statement.reason}"), class_="unseen") if statement.reason else NOTHING
    mark = element(
        "span", text(words(key)), why, class_="doubt", tabindex=0, data_peek=statement.reason or None
    )
    return join([text(" "), mark])


def _marks(statement: Statement, sources: Numbered, turn: int, words: Words) -> Html:
    return join(_mark(sources[number], turn, words) for number in statement.citations if number in sources)


def _mark(source: SourceView, turn: int, words: Words) -> Html:
    """[n], a link to its source card; pointing at it or focusing it shows the quote and its source."""
    return element(
        "a",
        element("span", text(words("source") + " "), class_="unseen"),
        text(f"[{source.number}]"),
        class_="cite",
        href=f"#s-{turn}-{source.number}",
        aria_description=origin(source, words),
    )


def origin(source: SourceView, words: Words) -> str:
    """A source's title and whereabouts in one line."""
    where = export.whereabouts(source, words)
    return " · ".join(part for part in (source.title, where) if part)


def _linked(streamed: str, sources: Numbered, turn: int, words: Words) -> Html:
    return join(
        text(part)
        if isinstance(part, str)
        else join(_mark_or_text(number, sources, turn, words) for number in part)
        for part in parts(streamed)
    )


def _mark_or_text(number: int, sources: Numbered, turn: int, words: Words) -> Html:
    source = sources.get(number)
    return _mark(source, turn, words) if source else text(without_markers(f"[{number}]"))


def _possible(source: SourceView, words: Words) -> Html:
    """What may answer though nothing is sure, apart from any answer."""
    label = element("p", text(words("possibly")), class_="label")
    return element("div", label, _nearest(source, words), class_="possibly")


def _nearest(source: SourceView, words: Words) -> Html:
    link = element("a", element("bdi", text(source.title)), href=source.href, target="_blank")
    when = join([text(" · "), date_element(source.published, words)]) if source.published else NOTHING
    quoted = element(
        "blockquote", text(source.quote), caveats(source, words), lang=source.language or None, dir="auto"
    )
    return join([element("p", link, when, class_="from"), quoted])


def _summary_line(reply: AnswerView, words: Words) -> Html:
    """Quoted or written by which model, what was checked, the time, and how many documents were searched."""
    parts = [] if reply.refused else [_made_by(reply, words)]
    if reply.mode == "generated" and reply.statements:
        parts.append(_checked(reply, words))
    if reply.seconds is not None:
        parts.append(text(words("seconds", n=words.number(reply.seconds))))
    parts += _model_usage(reply, words)
    parts.append(text(words.count("searched", reply.documents)))
    if any(glossed.joined(source.language, reply.language) for source in reply.sources):
        parts.append(text(words("gloss_hint")))
    lines = [element("p", text(reply.notice), class_="notice")] if reply.notice else []
    return join([*lines, element("p", join(parts, text(" · ")), class_="about")])


def _model_usage(reply: AnswerView, words: Words) -> list[Html]:
    """The model's time and tokens, as far as they are known."""
    took, read, wrote = reply.model_seconds, words.number(reply.read), words.number(reply.wrote)
    time = [text(words("model_seconds", n=words.number(took)))] if took is not None else []
    return [*time, *([text(words("tokens", read=read, wrote=wrote))] if reply.read or reply.wrote else [])]


def _made_by(reply: AnswerView, words: Words) -> Html:
    if reply.listing and not reply.statements:
        return text(words("from_catalogue"))
    return text(words("quoted") if reply.mode == "quoted" else words("generated", model=reply.model or "?"))


def _checked(reply: AnswerView, words: Words) -> Html:
    """What the check of statements looked at, in how many of them nothing is amiss, and what it can't tell."""
    total, good = len(reply.statements), reply.supported
    found, missing = reply.with_events("found"), reply.with_events("not found")
    unchecked = good - found - missing
    key = "supported_events" if found == good else "supported" if unchecked == good else "supported_alone"
    parts = [words.count(key, total, good=words.number(good))]
    if missing:
        parts.append(words.count("events_missing", missing))
    if 0 < unchecked < good:
        parts.append(words.count("events_unchecked", unchecked))
    return element(
        "span",
        text("; ".join(parts)),
        class_="grounded" if good == total and not missing else "grounded partly",
    )
