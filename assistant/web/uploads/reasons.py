"""Why a document could not be added, in the reader's language.

Ingestion gives its reasons in English. The phrases ``reason_…`` of the English translation are those reasons, with
``{names}`` where they differ from case to case: what fits one is said anew by the same phrase in another language.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.web.kit.localisation import FALLBACK, Words, translations

PREFIX = "reason_"
_NAME = re.compile(r"\{(\w+)\}")


def translated(reason: str, words: Words) -> str:
    """The reason in the language of ``words``; one that no phrase fits stays as it is."""
    for key, pattern in _patterns():
        if match := pattern.fullmatch(reason):
            values = match.groupdict()
            if "reason" in values:  # one reason within another
                values["reason"] = translated(values["reason"], words)
            return words(key, **values)
    return reason


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """A pattern for every phrase, those with most words of their own first."""
    phrases = {key: value for key, value in translations()[FALLBACK].items() if key.startswith(PREFIX)}
    ordered = sorted(phrases.items(), key=lambda item: -len(_NAME.sub("", item[1])))
    return [(key, _pattern(value)) for key, value in ordered]


def _pattern(phrase: str) -> re.Pattern[str]:
    pieces = _NAME.split(phrase)
    escaped = [f"(?P<{piece}>.+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)]
    return re.compile("".join(escaped), re.DOTALL)
