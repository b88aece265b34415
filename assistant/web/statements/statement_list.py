"""Statements as HTML: the form, the speaker asked for, and the list; each statement with what is copied of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.citation_links import place, viewer_link
from assistant.statements.finding import SpokenStatement, SpokenStatements, StatementsAsked
from assistant.statements.name_folding import Speaker
from assistant.statements.profile import SpeakerProfile
from assistant.statements.speakers import Speakers
from assistant.types import Attribution
from assistant.web.answer import export
from assistant.web.answer.export_menu import export_menu, place_data
from assistant.web.answer.source_view import SourceView, copy_views, speaker_link
from assistant.web.kit.histogram import histogram
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words

PAGE = 20  # statements shown at a time
LONGEST = 1_000  # characters that the fields take
MOST_NAMED = 24  # speakers offered where none is asked for
_SPELLINGS = 8
_KINDS = ("direct", "indirect", "reported")
_ORDERS = ("newest", "oldest", "fit")


def form(words: Words) -> Html:
    """The fields; the page's script fills them from the address."""
    speaker = element(
        "input",
        type="search",
        name="speaker",
        list="speaker-names",
        maxlength=300,
        autocomplete="off",
        spellcheck="false",
        placeholder=words("statements_speaker_hint"),
    )
    about = element(
        "input",
        type="search",
        name="about",
        maxlength=LONGEST,
        autocomplete="off",
        placeholder=words("statements_about_hint"),
    )
    line = element(
        "div",
        _field(words("statements_speaker"), speaker),
        _field(words("statements_about"), about),
        element("button", text(words("statements_show")), type="submit"),
        class_="line",
    )
    undated = element("input", type="checkbox", name="undated", value="true")
    restrictions = (
        _field(words("from_day"), element("input", type="date", name="from")),
        _field(words("to_day"), element("input", type="date", name="to")),
        _field(words("statements_kind"), _select("kind", "statements_kind", ("", *_KINDS), words)),
        _field(words("statements_order"), _select("order", "statements_order", ("", *_ORDERS), words)),
        element("label", undated, text(f" {words('find_texts_undated')}"), class_="tick"),
    )
    restrict = element("details", element("summary", text(words("restrict"))), element("div", *restrictions))
    names = element("datalist", id="speaker-names")
    failed = words("find_texts_failed")
    found = element("div", class_="found", aria_live="polite", data_failed=failed, data_picks=True)
    return join([element("form", line, restrict, names, role="search"), found])


def beginning(
    found: SpokenStatements,
    speakers: Speakers,
    profile: SpeakerProfile | None,
    asked: StatementsAsked,
    about: str,
    base: str,
    words: Words,
) -> Html:
    """All that is shown of what was asked: who it is, how many statements there are, and the first of them."""
    parts = [
        _person(profile, words) if profile else NOTHING,
        _several(found.speakers, "statements_several", words) if len(found.speakers) > 1 else NOTHING,
        _several(found.others, "statements_others", words) if found.others else NOTHING,
    ]
    if not (asked.speaker.strip() or about or asked.filters.in_days or asked.kinds):
        parts.append(_several(speakers.all[:MOST_NAMED], "statements_who", words, counted=True))
    parts.append(element("p", text(_count(found, asked, words)), class_="count"))
    parts += [element("p", text(line), class_="hint") for line in _left_out(found, speakers, words)]
    if found.statements:
        parts.append(_tools(words))
        parts.append(element("ol", items(found, asked, base, words), class_="statements"))
        parts.append(more(found, asked, words))
    if profile and profile.spoken_of:
        parts.append(_spoken_of(profile, words))
    return join(parts)


def items(found: SpokenStatements, asked: StatementsAsked, base: str, words: Words) -> Html:
    return join(
        _statement(statement, asked.offset + number, base, words)
        for number, statement in enumerate(found.statements, 1)
    )


def more(found: SpokenStatements, asked: StatementsAsked, words: Words) -> Html:
    """The button for the next statements, where there are any."""
    end = asked.offset + max(len(found.statements), asked.limit)
    if not found.statements or end >= found.total:
        return NOTHING
    return element("button", text(words("find_texts_more")), type="button", class_="more", value=end)


def _statement(statement: SpokenStatement, number: int, base: str, words: Words) -> Html:
    """A statement with a box to tick, the link to its words in the source, and who says it where."""
    source = source_of(statement, number)
    copied = export.quote(source, None, base, words)
    who = statement.speaker or words("statements_nobody")
    box = element(
        "input",
        type="checkbox",
        name="picked",
        aria_label=words("statements_pick", name=who, n=words.number(number)),
        data_plain=copied.plain,
        data_html=copied.html,
        data_markdown=copied.markdown,
    )
    link = element("a", text(" ".join(statement.quote.split())), href=source.href, target="_blank")
    quoted = element("blockquote", link, lang=statement.language or None, dir="auto")
    shown = element("div", quoted, _about(statement, words), class_="statement")
    at = (source.document_id, source.start, source.end, source.version)
    return element("li", box, shown, **place_data(*at, source.quote))


def _about(statement: SpokenStatement, words: Words) -> Html:
    record = statement.document
    if statement.speaker:
        speaker = element(
            "a", element("bdi", text(statement.speaker)), href=speaker_link(statement.speaker), class_="who"
        )
    else:
        written = element("bdi", text(f" ({statement.written})")) if statement.written else NOTHING
        speaker = element("span", text(words("statements_nobody")), written, class_="who nobody")
    where = [element("bdi", text(record.title or place(record)))]
    where += [element("bdi", text(place(record)))] if record.title and record.title != place(record) else []
    where += (
        [date_element(record.published, words)] if record.published else [text(words("statements_no_date"))]
    )
    page = record.page_at(statement.start)
    where += [text(words("page", n=page))] if page else []
    time = record.time_at(statement.start)
    where += [text(time)] if time else []
    also = _also_in(statement, words)
    kind = element("span", text(words(f"statements_kind_{statement.kind}")), class_="kind")
    return element("p", speaker, text(" "), kind, text(" "), join(where, text(" · ")), also, class_="about")


def _also_in(statement: SpokenStatement, words: Words) -> Html:
    if not statement.also_in:
        return NOTHING
    links = (
        element(
            "li",
            element(
                "a",
                element("bdi", text(copy.document.title or place(copy.document))),
                href=viewer_link(
                    copy.document.id, copy.start, copy.end, copy.document.text_version, copy.quote
                ),
                target="_blank",
            ),
            text(f" · {place(copy.document)}"),
        )
        for copy in statement.also_in
    )
    summary = element("summary", text(words.count("also_in", len(statement.also_in))))
    return element("details", summary, element("ul", *links), class_="also")


def source_of(statement: SpokenStatement, number: int) -> SourceView:
    """A statement as a source, from which it is copied as a citation is."""
    record = statement.document
    said = Attribution(speaker=statement.speaker, kind=statement.kind) if statement.speaker else None
    return SourceView(
        number=number,
        title=record.title or place(record),
        place=place(record),
        published=record.published,
        page=record.page_at(statement.start),
        language=statement.language,
        before="",
        quote=statement.quote,
        after="",
        document_id=record.id,
        start=statement.start,
        end=statement.end,
        version=record.text_version,
        authors=record.authors,
        also_in=copy_views(statement.also_in),
        time=record.time_at(statement.start),
        attribution=said,
    )


def _tools(words: Words) -> Html:
    """The buttons for the ticked statements, of which the page's script makes what is copied."""
    every = element("input", type="checkbox", class_="every")
    buttons = (
        element(
            "button",
            text(words(f"statements_{what}")),
            type="button",
            data_copies=what,
            disabled=True,
            data_done=words("copied"),
        )
        for what in ("copy", "copy_markdown")
    )
    label = element("label", every, text(f" {words('statements_all')}"))
    files = export_menu("picked", words, disabled=True)
    name = words("statements_tools")
    return element("div", label, *buttons, files, class_="tools", role="group", aria_label=name)


def _person(profile: SpeakerProfile, words: Words) -> Html:
    """Who it is: all spellings, statements by month, and what they are about."""
    speaker = profile.speaker
    others = [name for name in speaker.names if name != speaker.name]
    lines = [element("h2", text(speaker.name), dir="auto")]
    counts = words.count(
        "statements_in", profile.statements, documents=words.count("find_texts_documents", profile.documents)
    )
    lines.append(element("p", text(counts), class_="hint"))
    if others:
        shown = ", ".join(others[:_SPELLINGS]) + (" …" if len(others) > _SPELLINGS else "")
        lines.append(element("p", text(words("statements_spelled", names=shown)), class_="hint"))
    days = [
        date(int(month[:4]), int(month[5:]), 1)
        for month, number in profile.months.items()
        if month
        for _ in range(number)
    ]
    undated = profile.months.get("", 0)
    lines.append(
        histogram(days, words.count("undated", undated) if undated else "", "statements_plot", words)
    )
    if profile.topics:
        buttons = (
            element("button", text(topic.word), type="button", data_about=topic.word)
            for topic in profile.topics
        )
        lines.append(element("p", text(words("statements_topics") + " "), *buttons, class_="topics"))
    return element("section", *lines, class_="person")


def _several(speakers: Sequence[Speaker], phrase: str, words: Words, *, counted: bool = False) -> Html:
    """Speakers to choose from."""
    if not speakers:
        return NOTHING
    links = (
        element(
            "a",
            element("bdi", text(speaker.name)),
            element("span", text(f" {words.number(speaker.quotations)}"), class_="number")
            if counted
            else NOTHING,
            href=speaker_link(speaker.name),
        )
        for speaker in speakers[:MOST_NAMED]
    )
    return element("p", text(words(phrase) + " "), *links, class_="speakers")


def _count(found: SpokenStatements, asked: StatementsAsked, words: Words) -> str:
    if found.total:
        return words.count("statements_count", found.total)
    if asked.speaker.strip() and not found.speakers:
        return words("statements_no_speaker", name=asked.speaker)
    return words("statements_none")


def _left_out(found: SpokenStatements, speakers: Speakers, words: Words) -> Iterator[str]:
    if found.undated_left_out:
        yield words.count("left_out", found.undated_left_out)
    if found.unread:
        yield words.count("read_again_left", found.unread)
    if found.unknown:
        yield words.count("statements_unknown", found.unknown)


def _spoken_of(profile: SpeakerProfile, words: Words) -> Html:
    """The documents in which others speak of somebody."""
    rows = (
        element(
            "li",
            element(
                "a",
                element("bdi", text(one.document.title or place(one.document))),
                href=viewer_link(one.document.id, one.start, one.end, one.document.text_version, one.quote),
                target="_blank",
            ),
            join([text(" · "), date_element(one.document.published, words)])
            if one.document.published
            else NOTHING,
            element(
                "span",
                text(f"{one.speaker or words('statements_nobody')}: "),
                element("q", text(" ".join(one.quote.split()))),
                class_="about",
            ),
        )
        for one in profile.spoken_of
    )
    heading = element(
        "summary",
        text(words.count("statements_spoken_of", len(profile.spoken_of), name=profile.speaker.name)),
    )
    return element("details", heading, element("ul", *rows), class_="spoken-of")


def _field(label: str, field: Html) -> Html:
    return element("label", text(label + " "), field)


def _select(name: str, phrase: str, values: Sequence[str], words: Words) -> Html:
    options = (element("option", text(words(f"{phrase}_{value or 'any'}")), value=value) for value in values)
    return element("select", *options, name=name)
