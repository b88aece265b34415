"""Quotes translated by the language model, for readers who asked for it; the quote itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering.context import tokens_of
from assistant.answering.output import visible
from assistant.answering.sanitizing import harmless, reduced
from assistant.errors import ModelFailed
from assistant.language.lexicon import language_name
from assistant.llm.prompts import filled, inert
from assistant.types import Citation, Event, StatusEvent, Usage

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

_LINE = re.compile(r"^\s*\[(\d{1,3})\][ \t]*(\S.*)$", re.MULTILINE)
_LONGER = 4  # a translation is at most so many times as long as its quote: more is no translation
LONGEST_REPLY = 20_000
_SHARE = 3  # quotes take at most one in so many tokens of the window: their translations need as many


def foreign(citations: Sequence[Citation], language: str) -> list[Citation]:
    """The citations of documents in another language than ``language``."""
    return [one for one in citations if one.document.language not in ("", language)]


def translated(
    citations: Sequence[Citation], language: str, model: ChatModel
) -> Generator[Event, None, tuple[tuple[Citation, ...], Usage]]:
    """All the citations, those in other languages with a translation where the model gave one."""
    wanted = {one.number: one.quote for one in foreign(citations, language)}
    said, usage = yield from translations(wanted, language, model)
    return tuple(replace(one, translation=said.get(one.number, "")) for one in citations), usage


def translations(
    quotes: Mapping[int, str], language: str, model: ChatModel
) -> Generator[Event, None, tuple[dict[int, str], Usage]]:
    """The numbered quotes in ``language``, those that the model translated; none where it fails."""
    into = inert(language_name(language))
    quotations = "\n".join(_fitting(quotes, model.window // _SHARE))
    prompt = filled("translate", quotations=quotations, language=into)
    reply = model.reply(filled("translate.system", language=into), prompt)
    text = ""
    try:
        for more in reply:
            text += more
            if len(text) > LONGEST_REPLY:
                break
            if not more:
                yield StatusEvent(stage="answering")
    except ModelFailed:
        return {}, reply.usage
    finally:
        reply.close()
    said = {int(number): _shown(words) for number, words in _LINE.findall(text)}
    return {n: words for n, words in said.items() if n in quotes and _fits(words, quotes[n])}, reply.usage


def _shown(words: str) -> str:
    """What a model wrote as plain text, in which nothing can be loaded or followed."""
    plain = "".join(part for part in reduced(visible(words)) if isinstance(part, str))
    return harmless(plain, "").strip()


def _fits(translation: str, quote: str) -> bool:
    return 0 < len(translation) <= _LONGER * len(quote) + 40


def _fitting(quotes: Mapping[int, str], tokens: int) -> Iterator[str]:
    """The lines of the prompt, as many as so many tokens hold."""
    for number, quote in quotes.items():
        line = f"[{number}] {inert(quote)}"
        tokens -= tokens_of(line)
        if tokens >= 0:
            yield line
