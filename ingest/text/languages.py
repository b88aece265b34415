"""The language of a text, by py3langid, restricted to candidates where the text is short."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Enough of a document to tell its language; more takes time and changes nothing.
SAMPLE_CHARACTERS = 3_000
# How probable a language must be to be said of a document. Of pieces of 2 to 40 words in five languages, 17 of 2,199 that were as
# sure were taken for another; of 454 others 198 were.
SURE = 0.5
_NO_LANGUAGE = "zxx"
_lock = threading.Lock()


def detect(text: str, among: Sequence[str] = ()) -> str:
    """The ISO 639-1 code of ``text``'s language, one of ``among`` where given; empty without letters."""
    if not any(letter.isalpha() for letter in text):
        return ""
    with _lock:
        ranked = _identifier().rank(text[:SAMPLE_CHARACTERS])
    return next((str(code) for code, _ in ranked if not among or code in among), "")


def detect_surely(text: str) -> str:
    """The ISO 639-1 code of ``text``'s language; empty where it cannot be told for sure, as of a few words or numbers."""
    if not any(letter.isalpha() for letter in text):
        return ""
    with _lock:
        code, probability = _identifier().classify(text[:SAMPLE_CHARACTERS])
    return str(code) if probability >= SURE and code != _NO_LANGUAGE else ""


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded once: it takes a second. Its probabilities are normalised, which leaves their order as it is."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
