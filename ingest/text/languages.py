"""The language of a text, and of stretches of it that are in another one, by py3langid."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ingest.text.sentences import blocks

# Enough of a document to tell its language; more takes time and changes nothing.
SAMPLE_CHARACTERS = 3_000
# How probable a language must be to be said of a document. Of pieces of 2 to 40 words in five languages, 17 of 2,199 that were as
# sure were taken for another; of 454 others 198 were.
SURE = 0.5
# How probable another language must be to be said of a part of a document, and how many words the part must have. Of 9,000
# sentences of eight words and more, those of two articles alone were as surely taken for another, and they were in English.
CLEAR = 0.9
LEAST_WORDS = 20
# From how many words on a single paragraph counts, with others beside it, and the beginning that is looked at first: nearly
# always it is in the document's language, which ends the search.
PARAGRAPH_WORDS = 10
_BEGINNING = 160
_WORD = re.compile(r"[^\W\d_]{2,}")
# Characters of scripts that do not put spaces between words, two of which count as one.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# Languages, and what they are mistaken for, so near to each other that a part of a document in one is not said to be in another.
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "da nb nn no",
        "bs hr sh sr",
        "id jv ms",
        "de als bar gsw lb nds",
        "en pcm sco",
        "es an ast ext gl",
        "pt gl",
        "ca oc",
        "it lij vec",
        "fr gcf gcr wa",
        "nl af fy",
        "tr crh",
        "ba tt",
        "ar ary arz",
        "zh wuu yue",
        "hi mr ne sa",
        "uz uzs",
    )
)
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
    """The ISO 639 code of ``text``'s language; empty where it cannot be told for sure, as of a few words or numbers, or of many languages."""
    if not any(letter.isalpha() for letter in text):
        return ""
    told = [_classified(sample) for sample in _samples(text)]
    code, most = Counter(code for code, _ in told).most_common(1)[0]
    if code == _NO_LANGUAGE or 2 * most <= len(told):
        return ""
    probability = max(probability for one, probability in told if one == code)
    if len(code) == 2:
        return code if probability >= SURE else ""
    # Languages of few speakers are what odds and ends look like: tables of codes, forms, badly recognised pages.
    return code if probability >= CLEAR and _has_words(text, LEAST_WORDS) else ""


def document_language(text: str, stated: str) -> str:
    """The language of a document whose file states one, or none: what it states, unless the text is clearly in another throughout.

    Programs for texts and sites state the language of whoever set them up.
    """
    if not stated:
        return detect_surely(text)
    others = {other_language(sample, stated) for sample in _samples(text)}
    return (others.pop() or stated) if len(others) == 1 else stated


def _samples(text: str) -> list[str]:
    """The text, or of a long one its beginning, some of its middle and its end."""
    if len(text) <= 3 * SAMPLE_CHARACTERS:
        return [text[:SAMPLE_CHARACTERS]]
    middle = (len(text) - SAMPLE_CHARACTERS) // 2
    return [text[start:][:SAMPLE_CHARACTERS] for start in (0, middle, len(text) - SAMPLE_CHARACTERS)]


@dataclass(frozen=True, slots=True)
class ForeignStretch:
    """Paragraphs of a document that are surely in another language than the document, from ``start`` to ``end``."""

    start: int
    end: int
    language: str


def other_language(text: str, language: str) -> str:
    """The ISO 639-1 code of the language that a part of a document in ``language`` is surely in; empty where it is in that.

    It is empty too where the part has few words, is mixed, or cannot be told for sure. ``language`` may be empty: unknown.
    """
    return _other(text, language, LEAST_WORDS)


def foreign_stretches(text: str, language: str) -> list[ForeignStretch]:
    """The stretches of whole paragraphs in which a document in ``language`` is surely in another, in order, apart.

    Paragraphs too short to tell count with those in the same language on either side of them.
    """
    found: list[ForeignStretch] = []
    joins = False  # whether nothing since the last stretch was in the document's language
    for block in blocks(text):
        paragraph = text[block.start : block.end]
        if not _has_words(paragraph, PARAGRAPH_WORDS):
            continue
        other = _other(paragraph, language, PARAGRAPH_WORDS)
        if not other:
            joins = False
        elif joins and found[-1].language == other:
            found[-1] = ForeignStretch(found[-1].start, block.end, other)
        else:
            found.append(ForeignStretch(block.start, block.end, other))
            joins = True
    return [stretch for stretch in found if _has_words(text[stretch.start : stretch.end], LEAST_WORDS)]


def _other(text: str, language: str, words: int) -> str:
    """`other_language` of a text that must have so many ``words``."""
    if not _has_words(text, words) or (language and language not in _identifier().labels):
        return ""
    text = text.strip()
    if _are_alike(told_by(text[:_BEGINNING]), language):
        return ""
    code, probability = _classified(text[:SAMPLE_CHARACTERS])
    if probability < CLEAR or code == _NO_LANGUAGE or _are_alike(code, language):
        return ""
    middle = text.find(" ", len(text) // 2)
    halves = (text[:middle], text[middle:]) if middle > 0 else ()
    return (
        "" if any(_are_alike(_classified(half[:SAMPLE_CHARACTERS])[0], language) for half in halves) else code
    )


@lru_cache(maxsize=1_000)
def told_by(beginning: str) -> str:
    """The likeliest language; kept, since most passages begin where a paragraph does."""
    return _classified(beginning)[0]


def _classified(text: str) -> tuple[str, float]:
    with _lock:
        code, probability = _identifier().classify(text)
    return str(code), float(probability)


def _are_alike(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _ALIKE)


def _has_words(text: str, least: int) -> bool:
    """Whether a text has at least so many words, of two letters and more."""
    count = sum(1 for _ in islice(_WORD.finditer(text), least))
    return count >= least or sum(1 for _ in islice(_UNSPACED.finditer(text), 2 * least)) >= 2 * least


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded once: it takes a second. Its probabilities are normalised, which leaves their order as it is."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
