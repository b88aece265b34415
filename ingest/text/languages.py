"""The language of a text, by py3langid, restricted to candidates where the text is short."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Enough of a document to tell its language; more takes time and changes nothing.
SAMPLE_CHARACTERS = 3_000
_lock = threading.Lock()


def detect(text: str, among: Sequence[str] = ()) -> str:
    """The ISO 639-1 code of ``text``'s language, one of ``among`` where given; empty without letters."""
    if not any(letter.isalpha() for letter in text):
        return ""
    with _lock:
        ranked = _identifier().rank(text[:SAMPLE_CHARACTERS])
    return next((str(code) for code, _ in ranked if not among or code in among), "")


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded once: it takes a second."""
    return LanguageIdentifier.from_model_file(MODEL_FILE)
