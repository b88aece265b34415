"""What was searched for a refusal, as the pages show it, as it is copied, and as the browser stores it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin

from pydantic import TypeAdapter

from assistant.absence import Absence, DaysPublished, MissReason, NearMiss, RefusedFor, SoughtWord
from assistant.passports.rich_text import CopiedParagraph, CopiedText, TextRun, body, label, written
from assistant.types import Citation
from assistant.web.answer.source_view import SourceView, view_citation
from assistant.web.kit.html import NOTHING, Html, element, join, showable, text
from assistant.web.kit.localisation import Words
from ingest.types import Record

_SHOWN_FORMS = 12  # spellings and equivalents of a word in the table; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class MissView:
    """A passage that came near, with its best sentence as the quote, and why it was not enough."""

    source: SourceView
    reasons: tuple[MissReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceView:
    """The fields of `Absence`, with sources for passages; the browser stores these fields, so their names stay."""

    refused_for: RefusedFor
    names: tuple[str, ...]
    value: float | None
    threshold: float | None
    searched: DaysPublished
    languages: Mapping[str, int] = field(default_factory=dict)
    chosen: bool
    published_from: date | None
    published_to: date | None
    undated_left_out: int
    words: tuple[SoughtWord, ...]
    nearest: tuple[MissView, ...]


_ADAPTER = TypeAdapter(AbsenceView)


def view_absence(absence: Absence, text_of: Callable[[Record], str]) -> AbsenceView:
    return AbsenceView(
        refused_for=absence.refused_for,
        names=absence.names,
        value=absence.value,
        threshold=absence.threshold,
        searched=absence.searched,
        languages=dict(absence.languages),
        chosen=absence.chosen,
        published_from=absence.published_from,
        published_to=absence.published_to,
        undated_left_out=absence.undated_left_out,
        words=absence.words,
        nearest=tuple(view_miss(number, miss, text_of) for number, miss in enumerate(absence.nearest, 1)),
    )


def view_miss(number: int, miss: NearMiss, text_of: Callable[[Record], str]) -> MissView:
    citation = Citation(
        number=number,
        quote=miss.quote,
        start=miss.start,
        end=miss.end,
        passage=miss.passage,
        document=miss.document,
    )
    return MissView(source=view_citation(citation, text_of), reasons=miss.reasons)


# -- on the page -----------------------------------------------------------------------------


def disclosure(view: AbsenceView, base: str, words: Words) -> Html:
    """All of it, folded away; with ``base``, the address that links in copied text are relative to, buttons that copy it."""
    lines = [element("p", text(line)) for line in summary_lines(view, words)]
    return element(
        "details",
        element("summary", text(words("absence"))),
        element(
            "div",
            *lines,
            _table(view, words),
            _misses(view, words),
            _copies(view, base, words) if base else NOTHING,
        ),
        class_="absence",
    )


def summary_lines(view: AbsenceView, words: Words) -> list[str]:
    """How many documents of which days were searched, what is in how many of them, why it was not enough, and what it was restricted to."""
    return [_searched(view, words), _refused(view, words), *_restrictions(view, words)]


def _searched(view: AbsenceView, words: Words) -> str:
    found = [
        words.count("absence_word", word.found.documents, word=word.text)
        if word.found.documents
        else words("absence_word_none", word=word.text)
        for word in view.words
    ]
    lead = words.count("absence_searched", view.searched.documents) + _days(view.searched, words)
    return f"{'; '.join([lead, *([', '.join(found)] if found else [])])}."


def _refused(view: AbsenceView, words: Words) -> str:
    return words(
        f"absence_for_{view.refused_for}",
        names=_listed(view.names, words),
        **_values(view.value, view.threshold, words),
    )


def _restrictions(view: AbsenceView, words: Words) -> Iterator[str]:
    if view.chosen:
        yield words("absence_chosen")
    first, last = view.published_from, view.published_to
    if first or last:
        days = {"first": words.date(first) if first else "…", "last": words.date(last) if last else "…"}
        yield words("absence_restricted", **days)
    if view.undated_left_out:
        yield words.count("absence_left_out", view.undated_left_out)


def _days(days: DaysPublished, words: Words) -> str:
    """From when to when, and how many are without a date; begins with a space where there is something to say."""
    said = ""
    if days.first and days.last:
        key = "absence_day" if days.first == days.last else "absence_days"
        said = " " + words(key, first=words.date(days.first), last=words.date(days.last))
    return said + (" " + words.count("absence_undated", days.undated) if days.undated else "")


def _table(view: AbsenceView, words: Words) -> Html:
    """The words with how they were looked for and where they are; may be scrolled where the page is narrow."""
    if not view.words:
        return element("p", text(words("absence_no_words")))
    keys = ("absence_column_word", "absence_column_forms", "absence_column_documents")
    head = element("tr", *(element("th", text(words(key)), scope="col") for key in keys))
    rows = (element("tr", *_cells(word, words)) for word in view.words)
    table = element(
        "table",
        element("caption", text(words("absence_table")), class_="unseen"),
        element("thead", head),
        element("tbody", *rows),
    )
    return element("div", table, class_="wide", tabindex=0, role="region", aria_label=words("absence_table"))


def _cells(word: SoughtWord, words: Words) -> list[Html]:
    number = word.found.documents
    return [
        element("th", element("bdi", text(word.text)), scope="row"),
        element("td", join(element("div", text(line)) for line in _forms(word, words))),
        element(
            "td",
            element("div", text(words.number(number) if number else words("absence_none"))),
            element("div", text(days), class_="days")
            if (days := _days(word.found, words).strip())
            else NOTHING,
        ),
    ]


def _forms(word: SoughtWord, words: Words) -> Iterator[str]:
    """How a word was looked for: its spellings, then what it is called in other languages."""
    yield _some(word.spellings, words)
    for code, forms in word.equivalents.items():
        yield words("absence_in_language", language=words.known("language", code), forms=_some(forms, words))
    for code in word.unknown_in:
        yield words("absence_unknown_in", language=words.known("language", code))


def _some(forms: Sequence[str], words: Words) -> str:
    more = len(forms) - _SHOWN_FORMS
    rest = [words.count("absence_more_forms", more)] if more > 0 else []
    return ", ".join([*forms[:_SHOWN_FORMS], *rest])


def _misses(view: AbsenceView, words: Words) -> Html:
    if not view.nearest:
        return NOTHING
    lead = element("p", text(words("absence_nearest")), class_="label")
    return join([lead, element("ol", *(element("li", _miss(miss, words)) for miss in view.nearest))])


def _miss(miss: MissView, words: Words) -> Html:
    source = miss.source
    link = element("a", element("bdi", text(source.title)), href=source.href, target="_blank")
    day = text(f" · {words.date(source.published)}") if source.published else NOTHING
    quoted = element("blockquote", text(source.quote), lang=source.language or None, dir="auto")
    why = element("p", text(why_not_enough(miss, words)), class_="not-enough")
    return join([element("p", link, day, class_="from"), quoted, why])


def why_not_enough(miss: MissView, words: Words) -> str:
    reasons = "; ".join(_reason(reason, words) for reason in miss.reasons)
    return words("absence_not_enough", reasons=reasons) if reasons else ""


def _reason(reason: MissReason, words: Words) -> str:
    if reason.kind == "lacks_kind":
        kinds = (words(f"absence_kind_{kind}") for kind in reason.words)
        return words("absence_lacks_kind", kinds=", ".join(kinds))
    return words(
        f"absence_miss_{reason.kind}",
        words=_listed(reason.words, words),
        **_values(reason.value, reason.threshold, words),
    )


def _listed(named: Sequence[str], words: Words) -> str:
    return ", ".join(words("absence_quoted", word=word) for word in named)


def _values(value: float | None, threshold: float | None, words: Words) -> dict[str, str]:
    """The two as percentages, and as numbers with two digits after the point."""
    return {
        "percent": _percent(value, words),
        "needed_percent": _percent(threshold, words),
        "number": "" if value is None else words.number(round(value, 2)),
        "needed": "" if threshold is None else words.number(round(threshold, 2)),
    }


def _percent(value: float | None, words: Words) -> str:
    if value is None:
        return ""
    rounded = round(100 * value, 1)
    return (
        words.number(int(rounded) if rounded == int(rounded) else rounded)
        if rounded
        else f"< {words.number(0.1)}"
    )


def _copies(view: AbsenceView, base: str, words: Words) -> Html:
    """The buttons that copy the proof alone."""
    copied = copied_proof(view, base, words)
    forms = (
        ("absence_copy", copied.plain, copied.html),
        ("absence_copy_markdown", copied.markdown, None),
        ("absence_copy_json", as_json(view), None),
    )
    buttons = (
        element(
            "button",
            text(words(key)),
            type="button",
            data_copy=plain,
            data_html=html,
            data_done=words("copied"),
        )
        for key, plain, html in forms
    )
    return element("p", *buttons, class_="acts")


# -- carried away ----------------------------------------------------------------------------


def paragraphs(view: AbsenceView, base: str, words: Words) -> Iterator[CopiedParagraph]:
    """The proof as paragraphs; links are relative to ``base``."""
    yield label(words("absence"))
    for line in summary_lines(view, words):
        yield body(line)
    for word in view.words:
        number = word.found.documents
        counted = words.count("absence_word", number, word=word.text) if number else None
        found = counted or words("absence_word_none", word=word.text)
        yield body(f"{found}{_days(word.found, words)} – {'; '.join(_forms(word, words))}")
    if view.nearest:
        yield label(words("absence_nearest"))
    for miss in view.nearest:
        source = miss.source
        title = TextRun(text=" ".join(source.title.split()), href=urljoin(base, source.href))
        day = f", {words.date(source.published)}" if source.published else ""
        quoted = words("absence_quoted", word=" ".join(source.quote.split()))
        yield body(f"{quoted} (", title, f"{day}) – {why_not_enough(miss, words)}")


def copied_proof(view: AbsenceView, base: str, words: Words) -> CopiedText:
    return written(list(paragraphs(view, base, words)))


def as_json(view: AbsenceView) -> str:
    """The proof as indented JSON."""
    return showable(json.dumps(_ADAPTER.dump_python(view), ensure_ascii=False, indent=2, default=str))
