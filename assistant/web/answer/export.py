"""Exports answers and conversations as Markdown or plain text, with links to the cited sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urljoin

from assistant.types import Statement
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.source_view import SourceView
from assistant.web.kit.localisation import Words

_MARKUP = re.compile(r"([\\`*_\[\]<>|~#$])")


def conversation(exchanges: Sequence[Exchange], base: str, words: Words) -> str:
    """The exchanges in Markdown, each question a heading; ``base`` is the address that links are relative to."""
    return "\n\n".join(
        f"## {escaped(exchange.question)}\n\n{_answer(exchange, base, words)}" for exchange in exchanges
    )


def _answer(exchange: Exchange, base: str, words: Words) -> str:
    return markdown(exchange.reply, base, words) if exchange.reply else escaped(exchange.problem)


def markdown(reply: AnswerView, base: str, words: Words) -> str:
    """The reply in Markdown: its statements with citation markers, then its sources, each with a link to its quote."""
    if reply.refused:
        body, sources = escaped(reply.text), reply.nearest
    else:
        quote = "> " if reply.mode == "quoted" else ""
        body = "\n\n".join(
            f"{quote}{sentence(reply, statement, words, escaped)}" for statement in reply.statements
        )
        sources = reply.sources
    return "\n\n".join([body, *(_markdown_source(source, base, words) for source in sources)])


def plain(reply: AnswerView, base: str, words: Words) -> str:
    """The reply as plain text; links are written out as addresses."""
    body = (
        reply.text
        if reply.refused
        else "\n\n".join(sentence(reply, statement, words) for statement in reply.statements)
    )
    sources = reply.nearest if reply.refused else reply.sources
    return "\n\n".join([body, *(_plain_source(source, base, words) for source in sources)])


def sentence(
    reply: AnswerView, statement: Statement, words: Words, written: Callable[[str], str] = str.strip
) -> str:
    """A statement with its citation markers and, if it is doubtful, the reason; ``written`` escapes the text."""
    numbers = "".join(f"[{number}]" for number in statement.citations)
    doubt = doubt_reason(statement, words)
    parts = [written(reply.wording(statement)), numbers, f"({written(doubt)})" if doubt else ""]
    return " ".join(part for part in parts if part)


def doubt_reason(statement: Statement, words: Words) -> str:
    """Why a statement is doubtful, in the reader's language; empty if its quotes support it."""
    if statement.supported == "yes":
        return ""
    doubt = words("unsupported" if statement.supported == "no" else "unchecked")
    return f"{doubt}: {statement.reason}" if statement.reason else doubt


def whereabouts(source: SourceView, words: Words) -> str:
    """Where a source's document comes from, its date, the cited page and the columns of a cited table, as far as they are known."""
    parts = [source.place if source.place != source.title else ""]
    parts += [words.date(source.published)] if source.published else []
    parts += [words("page", n=source.page)] if source.page else []
    parts += [words("columns", names=" | ".join(source.columns))] if source.columns else []
    return " · ".join(part for part in parts if part)


def escaped(value: str) -> str:
    """``value`` in one line, escaped so that Markdown shows it unchanged."""
    return _MARKUP.sub(r"\\\1", " ".join(value.split()))


def _markdown_source(source: SourceView, base: str, words: Words) -> str:
    link = f"[{escaped(source.title)}](<{urljoin(base, source.href)}>)"
    where = escaped(whereabouts(source, words))
    return f"{source.number}. {' · '.join(part for part in (link, where) if part)}: “{escaped(source.quote)}”"


def _plain_source(source: SourceView, base: str, words: Words) -> str:
    about = " · ".join(part for part in (source.title, whereabouts(source, words)) if part)
    return f"[{source.number}] {about}\n“{' '.join(source.quote.split())}”\n{urljoin(base, source.href)}"
