"""What is carried away of a quote, an answer or a conversation: the words, who said them where, and the day of access.

A quote stands in the quotation marks of its own language, once. `rich_text` writes it down in three forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from urllib.parse import urljoin

from assistant.language.quotation_marks import quoted
from assistant.passports.rich_text import (
    CopiedParagraph,
    CopiedText,
    TextRun,
    body,
    heading,
    label,
    one_after_another,
    written,
)
from assistant.time_expressions.finding import TimeExpression
from assistant.time_expressions.naming import span_named
from assistant.types import Statement
from assistant.web.answer import absence_view
from assistant.web.answer.answer_view import AnswerView, to_be_looked_at
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.made_once import made_once
from assistant.web.answer.source_view import SourceView
from assistant.web.kit.localisation import Words


def conversation(exchanges: Sequence[Exchange], base: str, words: Words) -> CopiedText:
    """The exchanges, each question a heading; ``base`` is the address that links are relative to."""
    return one_after_another([_copied(exchange, base, words) for exchange in exchanges])


def answer(reply: AnswerView, base: str, words: Words) -> CopiedText:
    """The statements of a reply with citation markers, then its sources; a refusal says that it is one."""
    return written(list(_answer(reply, base, words)))


def quote(source: SourceView, reply: AnswerView | None, base: str, words: Words) -> CopiedText:
    """One quote with its source in parentheses."""
    return written([_quotation(source, _accessed(reply), base, words)])


@made_once
def _copied(exchange: Exchange, base: str, words: Words) -> CopiedText:
    return written(list(_exchange(exchange, base, words)))


def _with_listing(reply: AnswerView, sentences: Sequence[CopiedParagraph]) -> Iterator[CopiedParagraph]:
    """The sentences of an answer, one for each statement, among what it says of them where it is a listing."""
    if reply.listing is None:
        yield from sentences
        return
    begun = {group.citations[0]: group.label for group in reply.listing.groups if group.citations}
    yield body(reply.listing.lead)
    for statement, line in zip(reply.statements, sentences, strict=True):
        name = begun.get(statement.citations[0]) if statement.citations else None
        if name:
            yield label(f"{name}:")
        yield line
    if reply.listing.more:
        yield body(reply.listing.more)


def sentence(
    reply: AnswerView, statement: Statement, words: Words, shown: Callable[[str], str] = str.strip
) -> str:
    """A statement with its citation markers and, if it is doubtful, the reason; ``shown`` changes its wording."""
    numbers = "".join(f"[{number}]" for number in statement.citations)
    doubt = doubt_reason(statement, words)
    parts = [shown(reply.wording(statement)), numbers, f"({doubt})" if doubt else ""]
    return " ".join(part for part in parts if part)


def doubt_reason(statement: Statement, words: Words) -> str:
    """Why a statement is doubtful, in the reader's language; empty if its quotes support it."""
    if statement.supported == "yes":
        return ""
    doubt = words(doubt_key(statement))
    return f"{doubt}: {statement.reason}" if statement.reason else doubt


def doubt_key(statement: Statement) -> str:
    """The phrase for what is doubtful about a statement whose quotes do not support it."""
    if statement.supported == "no":
        return "unsupported"
    return "unfound" if to_be_looked_at(statement) else "unchecked"


def said_by(source: SourceView, words: Words) -> str:
    """Whose words the quote tells, and how; empty for the document's own, and where a label before it says so."""
    said = source.attribution
    return words(f"said_{said.kind}", name=said.speaker) if said and not source.speaker else ""


def told_days(source: SourceView, words: Words) -> list[str]:
    """Which days the quote's "yesterday" and the like are, seen from the day of publication, or that nothing tells."""
    return [_told(one, source, words) for one in source.days]


def _told(one: TimeExpression, source: SourceView, words: Words) -> str:
    expression = quoted(one.text, source.language)
    if one.how == "unresolved" or source.published is None:
        return words("day_unknown", expression=expression)
    same = one.first is not None and one.first == one.last
    days = words.date(one.first) if same and one.first else span_named(one.span, words.language)
    return words("day_inferred", expression=expression, days=days, published=words.date(source.published))


def whereabouts(source: SourceView, words: Words) -> str:
    """Where a source's document comes from, its date, the cited page, the columns of a cited table, and what is doubtful of its text."""
    return " · ".join(_whereabouts(source, words))


def _whereabouts(source: SourceView, words: Words) -> list[str]:
    parts = [source.place if source.place != source.title else ""]
    parts += [words.date(source.published)] if source.published else []
    parts += [words("page", n=source.page)] if source.page else []
    parts += [source.time] if source.time else []
    parts += [said_by(source, words), *told_days(source, words)]
    parts += [words("columns", names=" | ".join(source.columns))] if source.columns else []
    parts += [words("order_doubtful_short")] if source.doubtful else []
    parts += [words("recognised_short")] if source.recognised else []
    return [part for part in parts if part]


def _exchange(exchange: Exchange, base: str, words: Words) -> Iterator[CopiedParagraph]:
    yield heading(exchange.question)
    if exchange.reply:
        yield from _answer(exchange.reply, base, words)
        return
    if exchange.told:
        yield body(exchange.told)
    yield label(words("no_answer_given"))
    yield body(exchange.problem)


def _answer(reply: AnswerView, base: str, words: Words) -> Iterator[CopiedParagraph]:
    accessed = _accessed(reply)
    if reply.refused:
        yield from _refusal(reply, accessed, base, words)
        return
    sources = {source.number: source for source in reply.sources}
    lines = []
    for statement in reply.statements:
        cited = sources[statement.citations[0]] if reply.mode == "quoted" else None
        lines.append(body(sentence(reply, statement, words, partial(_marked, source=cited))))
    yield from _with_listing(reply, lines)
    yield from (body(found.line) for found in reply.disagreements)
    for source in reply.sources:
        number = f"[{source.number}] "
        if reply.mode == "quoted":  # the quotes stand above
            yield body(number, *_attribution(source, accessed, base, words))
        else:
            yield body(number, *_quotation(source, accessed, base, words).runs)


def _refusal(reply: AnswerView, accessed: date, base: str, words: Words) -> Iterator[CopiedParagraph]:
    yield label(words("copied_refusal"))
    yield body(reply.text)
    if reply.possible:
        yield label(words("possibly"))
    for source in reply.possible:
        yield _quotation(source, accessed, base, words)
    if reply.nearest:
        yield label(words("copied_nearest", what=words.count("nearest", len(reply.nearest))))
    for source in reply.nearest:
        yield _quotation(source, accessed, base, words)
    if reply.absence:
        yield from absence_view.paragraphs(reply.absence, base, words)


def _marked(text: str, source: SourceView | None) -> str:
    """A quote of a quoted answer in its marks, without the label of its speaker; other statements as they are."""
    if source is None or text != source.quote:
        return text.strip()
    return quoted(source.unlabelled or text, source.language)


def _quotation(source: SourceView, accessed: date, base: str, words: Words) -> CopiedParagraph:
    said = quoted(source.unlabelled or source.quote, source.language)
    return body(f"{said} (", *_attribution(source, accessed, base, words), ")")


def _attribution(source: SourceView, accessed: date, base: str, words: Words) -> Iterator[str | TextRun]:
    """Speaker, authors, title, place, date, page and day of access; the title leads to the words."""
    if source.speaker:
        yield words("said_by", speaker=source.speaker) + " "
    if source.authors:
        yield ", ".join(source.authors) + ": "
    yield TextRun(text=" ".join(source.title.split()), href=urljoin(base, source.href))
    for part in (*_whereabouts(source, words), words("accessed", day=words.date(accessed))):
        yield f", {part}"
    if source.also_in:
        yield f"; {words.count('also_in', len(source.also_in))}: "
    for number, copy in enumerate(source.also_in):
        yield "; " if number else ""
        yield TextRun(text=" ".join(copy.title.split()), href=urljoin(base, copy.href))
        yield f", {copy.place}" if copy.place != copy.title else ""


def _accessed(reply: AnswerView | None) -> date:
    """The day when the documents were read; conversations of earlier releases do not have it."""
    return (reply and reply.answered) or date.today()  # the day where the server stands
