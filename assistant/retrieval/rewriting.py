"""What to search for: a follow-up question made standalone, and the question in the documents' languages.

A language model does both at once where there is one. Without it, a follow-up takes over the names and topics
of the turns before that it has not itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import ModelFailed
from assistant.language.lexicon import language_name
from assistant.language.words import Word
from assistant.llm.prompts import filled, inert
from assistant.retrieval.query import Query
from assistant.types import Event, StatusEvent, Turn, Usage

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel
    from assistant.llm.reply import Reply

# How a question begins that goes on with the one before, if it says little itself.
_GOES_ON = re.compile(
    r"^\W*(?:and|und|but|aber|what about|how about|was ist mit|wie steht es mit|why|warum|wieso|weshalb)\b",
    re.I,
)
_THING = re.compile(
    r"\b(?:it|its|that|this|these|those|there|es|dies|diese[mnrs]?|dort"
    r"|dazu|darüber|davon|damit|dabei|dafür|dagegen|daran)\b",
    re.I,
)
# "Sie" within a sentence addresses the reader.
_PERSON = re.compile(
    r"\b(?:(?i:he|she|they|him|her|them|his|their|er|ihn|ihm|ihnen|seine?[mnrs]?)|ihre?[mnrs]?|sie)\b|^\W*Sie\b"
)
_ASKS_WHO = re.compile(r"^\W*(?:und |and )?(?:who|whom|wer|wen|wem|which|welche[mnrs]?)\b", re.I)
LITTLE = 2  # content words
TURNS = 3  # how far back a question may lean
MOST_CARRIED = 6
MOST_NAMES = 3  # of an answer to "who?"
MOST_LANGUAGES = 3
LONGEST_TURN = 600  # characters of a turn that a model is shown
LONGEST_REPLY = 4_000

Understand = Callable[[str], Query]


def standalone(question: str, history: Sequence[Turn], understand: Understand) -> str:
    """The question, followed by what it leans on of the turns before; without a model."""
    if not history:
        return question
    own = understand(question)
    carried = _carried(own, history[-TURNS:], understand) if leans(own) else []
    return f"{question} ({', '.join(carried)})" if carried else question


def leans(query: Query) -> bool:
    """Whether a question speaks of somebody or something that only the turns before name."""
    says_little = len(query.words) <= LITTLE and _GOES_ON.search(query.text)
    return bool(says_little or _THING.search(query.text) or _PERSON.search(query.text))


def _carried(own: Query, turns: Sequence[Turn], understand: Understand) -> list[str]:
    """Names of the turns before, the nearest first, and their topics where the question is not about a person.

    Going back ends at the first question that leans on none before it.
    """
    person = bool(_PERSON.search(own.text))
    found: dict[str, str] = {}
    for turn in reversed(turns):
        query = understand(turn.question)
        for word in _offered(turn, query, person, understand):
            if not _has(own, word):
                found.setdefault(word.text.lower(), _put(word, query, own.language))
        if (person and found) or not leans(query):
            break
    return list(found.values())[:MOST_CARRIED]


def _offered(turn: Turn, query: Query, person: bool, understand: Understand) -> list[Word]:
    """What a turn has to offer: names, and topics where it is not about a person that it names.

    "What did he say about Europe?" names whom he spoke of, not who he is.
    """
    if person and _PERSON.search(turn.question):
        return []
    names = [*(word for word in query.words if word.name and not _is_number(word)), *_named(turn, understand)]
    return names if person and names else [*names, *(word for word in query.words if not word.name)]


def _named(turn: Turn, understand: Understand) -> list[Word]:
    """The names that answer a question for somebody: those that its answer has most often."""
    if not _ASKS_WHO.search(turn.question):
        return []
    names = [word for word in understand(turn.answer).words if word.name and not _is_number(word)]
    asked = {form.lower() for word in understand(turn.question).words for form in word.forms}
    often = Counter(
        {word.text: turn.answer.count(word.text) for word in names if word.text.lower() not in asked}
    )
    return [next(word for word in names if word.text == text) for text, _ in often.most_common(MOST_NAMES)]


def _is_number(word: Word) -> bool:
    return any(letter.isdigit() for letter in word.text)


def _has(query: Query, word: Word) -> bool:
    forms = {form.lower() for form in word.forms}
    return any(forms & {form.lower() for form in other.forms} for other in query.words)


def _put(word: Word, query: Query, language: str) -> str:
    """The word in ``language``: that of the question that takes it over."""
    if query.language == language:
        return word.text
    return next(iter(word.equivalents.get(language, ())), word.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """A model at work on the question in the languages ``wanted``; closing ``reply`` stops it."""

    reply: Reply
    wanted: tuple[str, ...]


def rewording(
    question: str, language: str, history: Sequence[Turn], others: Sequence[str], model: ChatModel
) -> Rewording | None:
    """Begin to ask for the question made standalone: in its own language (only with a history) and ``others``.

    Returns at once; None where nothing is to be done.
    """
    wanted = (*([language] if history else []), *others[:MOST_LANGUAGES])
    if not wanted:
        return None
    reply = model.reply(filled("search.system"), _prompt(question, history, wanted), retries=0)
    return Rewording(reply=reply, wanted=wanted)


def reworded(begun: Rewording | None) -> Generator[Event, None, tuple[dict[str, str], Usage]]:
    """What the model gave, by language; empty where it fails: search then goes on without."""
    if begun is None:
        return {}, Usage()
    reply, text = begun.reply, ""
    try:
        for more in reply:
            text += more
            if len(text) > LONGEST_REPLY:
                break
            if not more:
                yield StatusEvent(stage="searching")
    except ModelFailed:
        return {}, reply.usage
    finally:
        reply.close()
    return _read(text, begun.wanted), reply.usage


def _prompt(question: str, history: Sequence[Turn], wanted: Sequence[str]) -> str:
    turns = [
        f"User: {inert(turn.question)[:LONGEST_TURN]}\nAssistant: {inert(turn.answer)[:LONGEST_TURN]}"
        for turn in history[-TURNS:]
    ]
    languages = ", ".join(f"{code} ({language_name(code)})" for code in wanted)
    return filled(
        "search", conversation="\n".join(turns) or "(none)", question=inert(question), languages=languages
    )


def _read(text: str, wanted: Sequence[str]) -> dict[str, str]:
    """The lines of a reply, ``de: …``, by language; what is none of those asked for is passed over."""
    found: dict[str, str] = {}
    for line in text.rpartition("</think>")[2].splitlines():
        code, colon, words = line.strip(" *-`").partition(":")
        said = inert(words)
        if colon and code.strip(" *").lower() in wanted and any(letter.isalpha() for letter in said):
            found.setdefault(code.strip(" *").lower(), said[:1_000])
    return found
