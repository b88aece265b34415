"""The language of a text, by py3langid, restricted to candidates where the text is short."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Enough of a document to tell its language; more takes time and changes nothing.
SAMPLE_CHARACTERS = 3_000
_lock = threading.Lock()


def detect(text: str, among: Sequence[str] = ()) -> str:
    """The ISO 639-1 code of ``text``'s language, one of ``among`` where given; empty without letters."""
    if not any(letter.isalpha() for letter in text):
        return ""
    identifier = _identifier(tuple(sorted(set(among))))
    with _lock:
        return str(identifier.classify(text[:SAMPLE_CHARACTERS])[0])


@lru_cache(maxsize=16)
def _identifier(among: tuple[str, ...]) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    if among:
        identifier.set_languages(list(among))
    return identifier
