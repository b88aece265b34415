"""Quotes translated by the language model, for readers who asked for it; the quote itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.draft import visible
from assistant.errors import ModelFailed
from assistant.lexicon import language_name
from assistant.prompting import filled, inert
from assistant.types import Citation, Event, Status, Usage

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

_LINE = re.compile(r"^\s*\[(\d{1,3})\][ \t]*(\S.*)$", re.MULTILINE)
_LONGER = 4  # a translation is at most so many times as long as its quote: more is no translation
LONGEST_REPLY = 20_000


def foreign(citations: Sequence[Citation], language: str) -> list[Citation]:
    """The citations of documents in another language than ``language``."""
    return [one for one in citations if one.document.language not in ("", language)]


def translated(
    citations: Sequence[Citation], language: str, model: ChatModel
) -> Generator[Event, None, tuple[tuple[Citation, ...], Usage]]:
    """All the citations, those in other languages with a translation where the model gave one."""
    wanted = foreign(citations, language)
    into = language_name(language)
    quotations = "\n".join(f"[{one.number}] {inert(one.quote)}" for one in wanted)
    prompt = filled("translate", quotations=quotations, language=into)
    reply = model.reply(filled("translate.system", language=into), prompt)
    text = ""
    try:
        for more in reply:
            text += more
            if len(text) > LONGEST_REPLY:
                break
            if not more:
                yield Status(stage="answering")
    except ModelFailed:
        return tuple(citations), reply.usage
    finally:
        reply.close()
    said = {int(number): visible(words).strip() for number, words in _LINE.findall(text)}
    return tuple(
        _with(one, said.get(one.number, "")) if one in wanted else one for one in citations
    ), reply.usage


def _with(citation: Citation, translation: str) -> Citation:
    fits = len(translation) <= _LONGER * len(citation.quote) + 40
    return replace(citation, translation=translation if fits else "")
