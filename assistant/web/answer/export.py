"""Answers and conversations as text to take along: Markdown and plain, with links to the quoted words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urljoin

from assistant.types import Statement
from assistant.web.answer.answer_view import AnswerView
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.sources import SourceView
from assistant.web.kit.localisation import Words

_MARKUP = re.compile(r"([\\`*_\[\]<>|~#$])")


def conversation(exchanges: Sequence[Exchange], base: str, said: Words) -> str:
    """The exchanges in Markdown, each question a heading; ``base`` is where links begin."""
    return "\n\n".join(f"## {escaped(one.question)}\n\n{_told(one, base, said)}" for one in exchanges)


def _told(one: Exchange, base: str, said: Words) -> str:
    return markdown(one.reply, base, said) if one.reply else escaped(one.problem)


def markdown(given: AnswerView, base: str, said: Words) -> str:
    """The reply in Markdown: its sentences with their numbers, then the sources, each a link to its quote."""
    if given.refused:
        body, listed = escaped(given.text), given.nearest
    else:
        quote = "> " if given.mode == "quoted" else ""
        body = "\n\n".join(f"{quote}{sentence(given, one, said, escaped)}" for one in given.statements)
        listed = given.sources
    return "\n\n".join([body, *(_linked(one, base, said) for one in listed)])


def plain(given: AnswerView, base: str, said: Words) -> str:
    """The reply as text and nothing else; links are addresses."""
    body = (
        given.text if given.refused else "\n\n".join(sentence(given, one, said) for one in given.statements)
    )
    listed = given.nearest if given.refused else given.sources
    return "\n\n".join([body, *(_spelled(one, base, said) for one in listed)])


def sentence(
    given: AnswerView, statement: Statement, said: Words, written: Callable[[str], str] = str.strip
) -> str:
    """A statement as ``written``, with its numbers, and in words why it is to be doubted, if it is."""
    numbers = "".join(f"[{number}]" for number in statement.citations)
    doubt = doubted(statement, said)
    parts = [written(given.wording(statement)), numbers, f"({written(doubt)})" if doubt else ""]
    return " ".join(part for part in parts if part)


def doubted(statement: Statement, said: Words) -> str:
    """Why a statement is to be doubted, in words; empty where its quotes bear it out."""
    if statement.supported == "yes":
        return ""
    doubt = said("unsupported" if statement.supported == "no" else "unchecked")
    return f"{doubt}: {statement.reason}" if statement.reason else doubt


def whereabouts(source: SourceView, words: Words) -> str:
    """Where a source's document comes from, its date and the page, as far as they are known."""
    parts = [source.place if source.place != source.title else ""]
    parts += [words.date(source.published)] if source.published else []
    parts += [words("page", n=source.page)] if source.page else []
    return " · ".join(part for part in parts if part)


def escaped(value: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(value.split()))


def _linked(one: SourceView, base: str, said: Words) -> str:
    link = f"[{escaped(one.title)}](<{urljoin(base, one.href)}>)"
    where = escaped(whereabouts(one, said))
    return f"{one.number}. {' · '.join(part for part in (link, where) if part)}: “{escaped(one.quote)}”"


def _spelled(one: SourceView, base: str, said: Words) -> str:
    about = " · ".join(part for part in (one.title, whereabouts(one, said)) if part)
    return f"[{one.number}] {about}\n“{' '.join(one.quote.split())}”\n{urljoin(base, one.href)}"
