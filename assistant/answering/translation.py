"""Quotes translated by the language model, on request; the quote itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import messages
from assistant.answering.context import tokens_of
from assistant.answering.output import visible
from assistant.answering.sanitizing import defused, reduced
from assistant.answering.timing import Clock
from assistant.language.lexicon import language_name
from assistant.llm.prompts import filled, inert
from assistant.llm.reply import collected
from assistant.types import Answer, Citation, Event, Usage

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

_LINE = re.compile(r"^\s*\[(\d{1,3})\][ \t]*(\S.*)$", re.MULTILINE)
_LONGER = 4  # times the length of the quote: a longer text is no translation
LONGEST_REPLY = 20_000  # characters
_SHARE = 3  # quotes may fill a third of the window: their translations need as much


def foreign(citations: Sequence[Citation], language: str) -> list[Citation]:
    """The citations of documents in another language than ``language``."""
    return [citation for citation in citations if citation.language not in ("", language)]


def translated(
    citations: Sequence[Citation], language: str, model: ChatModel
) -> Generator[Event, None, tuple[tuple[Citation, ...], Usage]]:
    """All the citations, those in other languages with a translation where the model gave one."""
    quotes = {citation.number: citation.quote for citation in foreign(citations, language)}
    by_number, usage = yield from translations(quotes, language, model)
    return tuple(replace(c, translation=by_number.get(c.number, "")) for c in citations), usage


def translations(
    quotes: Mapping[int, str], language: str, model: ChatModel
) -> Generator[Event, None, tuple[dict[int, str], Usage]]:
    """The model's translations into ``language`` by number, of the quotes it translated; none where it fails."""
    name = inert(language_name(language))
    quotations = "\n".join(_fitting(quotes, model.window // _SHARE))
    prompt = filled("translate", quotations=quotations, language=name)
    reply = model.reply(filled("translate.system", language=name), prompt)
    text = yield from collected(reply, "answering", LONGEST_REPLY)
    lines = {int(number): _plain(words) for number, words in _LINE.findall(text)}
    return {n: words for n, words in lines.items() if n in quotes and _fits(words, quotes[n])}, reply.usage


def _plain(words: str) -> str:
    """A model's words as plain text, in which nothing can be loaded or followed."""
    plain = "".join(part for part in reduced(visible(words)) if isinstance(part, str))
    return defused(plain).strip()


def _fits(translation: str, quote: str) -> bool:
    return 0 < len(translation) <= _LONGER * len(quote) + 40


def _fitting(quotes: Mapping[int, str], tokens: int) -> Iterator[str]:
    """The lines of the prompt, as many as fit into so many tokens."""
    for number, quote in quotes.items():
        line = f"[{number}] {inert(quote)}"
        tokens -= tokens_of(line)
        if tokens >= 0:
            yield line


def with_translations(
    answer: Answer, model: ChatModel | None, clock: Clock
) -> Generator[Event, None, Answer]:
    """The answer with translations of its quotes; with a notice where some could not be translated."""
    if not foreign(answer.citations, answer.language):
        return answer
    citations, usage = answer.citations, Usage()
    if model:
        citations, usage = yield from translated(citations, answer.language, model)
    clock.lap("translate")
    missing = any(not citation.translation for citation in foreign(citations, answer.language))
    failed = messages.say(messages.UNTRANSLATED, answer.language) if missing else ""
    notice = " ".join(filter(None, (answer.notice, failed)))
    return replace(
        answer, citations=citations, usage=answer.usage + usage, notice=notice, timings_ms=clock.laps
    )
