"""The sentences that the assistant itself writes, in each of its languages: the files of ``phrases/``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "phrases"
Phrases = Mapping[str, str]


def _files() -> dict[str, dict[str, Any]]:
    """What each file holds, by the language that it is named after (ISO 639-1)."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


_FILES = _files()
LANGUAGES = tuple(_FILES)


def _phrases(key: str) -> Phrases:
    """One phrase in every language."""
    return {language: phrases[key] for language, phrases in _FILES.items()}


REFUSAL = _phrases("refusal")
NO_REASON = _phrases("no_reason")
NOWHERE = _phrases("nowhere")  # `{}` stands for a name
# The first `{}` stands for the word searched for, the second for the one in the question.
SHOWING = _phrases("showing")
DID_YOU_MEAN = _phrases("did_you_mean")
NOT_QUOTED = _phrases("not_quoted")  # `{}` stands for who was asked for words of
MISSING = _phrases("missing")  # `{}` stands for words, and for what `KINDS` calls a kind of answer
KINDS: Mapping[str, Phrases] = {
    kind: {language: phrases["kinds"][kind] for language, phrases in _FILES.items()}
    for kind in _FILES["en"]["kinds"]
}
POSSIBLY = _phrases("possibly")
NO_DOCUMENTS = _phrases("no_documents")
NOTHING_SELECTED = _phrases("nothing_selected")
# Why a language model's answer is missing or odd, one plain line each. The keys are those of `ModelFailed`.
FAILURES: Mapping[str, Phrases] = {
    why: {language: f"{phrases['failures'][why]} {phrases['quoted']}" for language, phrases in _FILES.items()}
    for why in _FILES["en"]["failures"]
}
OTHER_LANGUAGE = _phrases("other_language")
CUT_SHORT = _phrases("cut_short")
UNTRANSLATED = _phrases("untranslated")
# Why a statement of a written answer is not borne out; `{}` stands for the number or the name that is missing.
NOT_CITED = _phrases("not_cited")
NUMBER_MISSING = _phrases("number_missing")
NAME_MISSING = _phrases("name_missing")
ADDED = _phrases("added")
LOST = _phrases("lost")
OPPOSITE = _phrases("opposite")
UNLIKE = _phrases("unlike")
NOT_FOUND = _phrases("not_found")
SOMETHING_ELSE = _phrases("something_else")
NOT_READ = _phrases("not_read")
SAID_BY = _phrases("said_by")  # `{}` stands for who says what a statement tells as fact
SAID_BY_SOMEBODY = _phrases("said_by_somebody")

# What sources say differently; `{}` stands for each with its source, in `ON_DAY` for the value and the day.
DIFFERING = _phrases("differing")
SUPERSEDED = _phrases("superseded")
CONTRARY = _phrases("contrary")
ON_DAY = _phrases("on_day")


def in_quotes(word: str, language: str) -> str:
    """A word in the quotation marks that ``language`` puts around a name."""
    before, after = say(NOWHERE, language).split("{}")
    opening, closing = re.search(r"\S\s?$", before), re.match(r"\s?\S", after)
    return f"{opening.group() if opening else ''}{word}{closing.group() if closing else ''}"


def say(phrases: Phrases, language: str) -> str:
    """The phrase in ``language``, in English where it has none."""
    return phrases.get(language, phrases["en"])
