"""Source by source as HTML: the form, how many say something, and the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from assistant.asked_text import LONGEST_QUESTION
from assistant.sources.types import SourceRow, SourcesAsked, SourceTable
from assistant.web.answer import glossed
from assistant.web.answer.absence_view import view_miss, why_not_enough
from assistant.web.answer.render import caveats
from assistant.web.answer.source_view import view_citation
from assistant.web.kit.html import NOTHING, Html, date_element, element, join, text
from assistant.web.kit.localisation import Words
from ingest.types import Record

PAGE = 50  # rows shown at a time
_GROUPS = ("document", "outlet", "story")
_ORDERS = ("best", "newest", "oldest", "outlet")

TextOf = Callable[[Record], str]


def form(words: Words) -> Html:
    """The fields; the page's script fills them from the address."""
    question = element(
        "input",
        type="search",
        name="question",
        maxlength=LONGEST_QUESTION,
        autocomplete="off",
        required=True,
        placeholder=words("sources_question_hint"),
    )
    line = element(
        "div",
        _field(words("question"), question),
        _field(
            words("sources_by"), _select("by", {value: words(f"sources_by_{value}") for value in _GROUPS})
        ),
        _field(
            words("statements_order"),
            _select("order", {value: words(f"sources_order_{value}") for value in _ORDERS}),
        ),
        element("button", text(words("sources_ask")), type="submit"),
        class_="line",
    )
    undated = element("input", type="checkbox", name="undated", value="true")
    days = (
        _field(words("from_day"), element("input", type="date", name="from")),
        _field(words("to_day"), element("input", type="date", name="to")),
        element("label", undated, text(f" {words('find_texts_undated')}"), class_="tick"),
    )
    restrict = element("details", element("summary", text(words("restrict"))), element("div", *days))
    lead = element("p", text(words("sources_lead")), class_="hint")
    found = element("div", class_="found", aria_live="polite", data_failed=words("find_texts_failed"))
    return join(
        [element("h2", text(words("by_source"))), lead, element("form", line, restrict, role="search"), found]
    )


def beginning(found: SourceTable, asked: SourcesAsked, text_of: TextOf, words: Words) -> Html:
    """How many rows say something, what was searched, the file, and the first rows."""
    total = words.count(f"sources_of_{found.by}", found.total)
    said = words.count("sources_say", found.saying, total=total)
    hints = [words.count("sources_searched", found.searched, judged=words.number(found.judged))]
    if found.undated_left_out:
        hints.append(words.count("absence_left_out", found.undated_left_out))
    parts = [
        element("p", text(said), class_="count"),
        *(element("p", text(hint), class_="hint") for hint in hints),
    ]
    if found.rows:
        parts += [_file(asked, words), _table(found, text_of, words), more(found, asked, words)]
    return join(parts)


def rows_alone(found: SourceTable, text_of: TextOf, words: Words) -> Html:
    """Further rows, in a table that the page's script takes them from."""
    return element("table", element("tbody", *(_row(row, found, text_of, words) for row in found.rows)))


def more(found: SourceTable, asked: SourcesAsked, words: Words) -> Html:
    """The button for the next rows; nothing after the last ones."""
    shown = asked.offset + len(found.rows)
    if shown >= found.total or not found.rows:
        return NOTHING
    return element("button", text(words("sources_more")), type="button", class_="more", value=shown)


def _file(asked: SourcesAsked, words: Words) -> Html:
    filters = asked.filters
    values = {
        "question": asked.question,
        "by": asked.by,
        "order": asked.order,
        "from": filters.published_from,
        "to": filters.published_to,
        "undated": "true" if filters.include_undated else None,
    }
    address = urlencode({name: str(value) for name, value in values.items() if value})
    link = element("a", text(words("sources_csv")), href=f"api/sources.csv?{address}")
    return element("p", link, class_="tools")


def _table(found: SourceTable, text_of: TextOf, words: Words) -> Html:
    columns = (words(f"sources_by_{found.by}"), words("sources_says"))
    head = element("tr", *(element("th", text(column), scope="col") for column in columns))
    return element(
        "table",
        element("caption", text(words("sources_table", question=found.question)), class_="unseen"),
        element("thead", head),
        element("tbody", *(_row(row, found, text_of, words) for row in found.rows)),
    )


def _row(row: SourceRow, found: SourceTable, text_of: TextOf, words: Words) -> Html:
    said = _silent(row, text_of, words) if row.silent else _said(row, found, text_of, words)
    return element(
        "tr",
        element("th", *_source(row, found, words), scope="row"),
        element("td", *said),
        class_="silent" if row.silent else "says",
    )


def _source(row: SourceRow, found: SourceTable, words: Words) -> list[Html]:
    """What the row is: the outlet or the title, and its other facts in a line."""
    outlet = element("bdi", text(row.outlet)) if row.outlet else NOTHING
    title = element("a", element("bdi", text(row.document.title)), href=f"documents/{row.document.id}")
    facts = [date_element(row.document.published, words)] if row.document.published else []
    if row.documents > 1:
        facts.append(
            text(words("sources_documents", n=words.number(row.documents), saying=words.number(row.saying)))
        )
    if found.by != "outlet":
        name, facts = title, [*([outlet] if row.outlet else []), *facts]
    else:
        name, facts = outlet or text(words("sources_no_outlet")), [title, *facts]
    return [element("span", name, class_="name"), element("span", join(facts, text(" · ")), class_="facts")]


def _said(row: SourceRow, found: SourceTable, text_of: TextOf, words: Words) -> list[Html]:
    if row.citation is None:
        return []
    source = view_citation(row.citation, text_of)
    quoted = glossed.quote(
        "span", source.quote, (source.language, found.language), words, lang=source.language or None
    )
    link = element("a", text(words("sources_open")), href=source.href)
    return [
        element("blockquote", quoted, dir="auto"),
        caveats(source, words),
        element("p", link, class_="facts"),
    ]


def _silent(row: SourceRow, text_of: TextOf, words: Words) -> list[Html]:
    """That it is silent; what came nearest, folded away."""
    label = element("span", text(words("sources_silent")), class_="badge")
    if row.miss is None:
        return [element("p", label, text(f" {words('sources_nothing_near')}"), class_="facts")]
    miss = view_miss(1, row.miss, text_of)
    link = element("a", text(words("sources_open")), href=miss.source.href)
    quoted = element("blockquote", text(miss.source.quote), lang=miss.source.language or None, dir="auto")
    why = element("p", text(f"{why_not_enough(miss, words)} "), link, class_="facts")
    nearest = element("details", element("summary", text(words("sources_nearest"))), quoted, why)
    return [element("p", label, text(f" {words('sources_not_enough')}"), class_="facts"), nearest]


def _field(label: str, control: Html) -> Html:
    return element("label", element("span", text(label)), control)


def _select(name: str, labels: Mapping[str, str]) -> Html:
    options = (element("option", text(label), value=value) for value, label in labels.items())
    return element("select", *options, name=name)
