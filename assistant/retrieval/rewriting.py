"""What to search for: a follow-up question made standalone, and the question in the documents' languages.

A language model does both at once where there is one. Without it, a follow-up question takes over the names and topics
of the earlier turns that it lacks itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.language.function_words import question_words
from assistant.language.lexicon import language_name
from assistant.language.words import Word
from assistant.llm.prompts import filled, inert
from assistant.llm.reply import collected
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import asks_only_why
from assistant.retrieval.search import sentences_in
from assistant.types import Event, Hit, Turn, Usage
from ingest.text.months import months

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel
    from assistant.llm.reply import Reply

# How a question begins that continues the one before, if it says little itself.
_CONTINUES = re.compile(
    r"^\W*(?:and|und|but|aber|what about|how about|was ist mit|wie steht es mit|why|warum|wieso|weshalb)\b",
    re.I,
)
_JOINS = re.compile(
    r"^\W*(?:(?:and|und|but|aber|what about|how about|was ist mit|wie steht es mit)\b\s*)+", re.I
)
# Words that a reader of the wording has no use for.
_SAYING = re.compile(
    r"say|says|said|sagen|sagt|sagte|sagten|gesagt|tell|told|mention(?:ed)?|state[ds]?|meint|meinte", re.I
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
# Who did it, rather than to whom it was done: "Who did he meet?" asks for the one who was met.
_ASKS_WHO_DID = re.compile(
    r"^\W*(?:und |and )?(?:who(?!m)\b(?!\W+(?:did|does|do|has|have|had|will|would|should|can|could)\b)|wer\b)",
    re.I,
)
_MARKER = re.compile(r"\[\d+\]")
_PART = re.compile(r"[^\W_]+")
LITTLE = 2  # content words
FEW = 3  # words
TURNS = 3  # how many turns back a question may refer
CONSIDERED_QUESTION = 4_000  # characters of an earlier question
CONSIDERED_ANSWER = 6_000  # characters of an earlier answer
MOST_CARRIED = 6
TELLING = 20  # characters
MOST_NAMES = 3  # of an answer to "who?"
MOST_LANGUAGES = 3
LONGEST_TURN = 600  # characters of an earlier question or answer in a prompt
LONGEST_REPLY = 4_000
LONGEST_WORDING = 1_000

Understand = Callable[[str], Query]


def considered(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The part of a conversation that a question may refer to: its last turns, their beginnings where they are long."""
    return tuple(
        Turn(question=turn.question[:CONSIDERED_QUESTION], answer=turn.answer[:CONSIDERED_ANSWER])
        for turn in history[-TURNS:]
    )


def standalone(question: str, history: Sequence[Turn], understand: Understand) -> str:
    """The question, followed by the words of the earlier turns that it refers to; without a language model."""
    if not history:
        return question
    query = understand(question)
    carried = _carried(query, history[-TURNS:], understand) if refers_back(query) else []
    return f"{question} ({', '.join(carried)})" if carried else question


def readable(wording: str, question: str) -> str:
    """A wording as readers are shown it: "And Rubio? (Uschakow, territory)" as "Rubio: Uschakow, territory"."""
    own, opening, carried = wording.rpartition(" (")
    if not opening or not carried.endswith(")") or not own or not question.strip().endswith(own):
        return wording
    head = _JOINS.sub("", own).strip().rstrip("?？¿;!.… ").strip() or own
    names = [word for word in carried[:-1].split(", ") if not _SAYING.fullmatch(word)]
    head = f"{head[0].upper()}{head[1:]}"
    return f"{head}: {', '.join(names)}" if names else head


def refers_back(query: Query) -> bool:
    """Whether a question is about somebody or something that only the earlier turns name."""
    says_little = len(query.words) <= LITTLE and _CONTINUES.search(query.text)
    return bool(
        says_little
        or _says_hardly_anything(query)
        or asks_only_why(query.text)
        or _THING.search(query.text)
        or _PERSON.search(query.text)
    )


def _says_hardly_anything(query: Query) -> bool:
    """Whether a question is one of two or three words that name nothing: "Since when?", "Bis wann?", "For what reason?"."""
    asked = question_words(query.language)
    parts = [part.lower() for part in _PART.findall(query.text)]
    few = len(parts) <= FEW and len(query.words) <= 1 and not any(word.name for word in query.words)
    return few and len(parts) > 1 and not asked.isdisjoint(parts)


def cited_in(turn: Turn, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The ids of the documents whose passages an earlier answer cites, of those found for its question.

    An answer that quotes none of their sentences was written: it cites the first. A refusal cites nothing.
    """
    if not _MARKER.search(turn.answer):
        return ()
    answer = " ".join(turn.answer.split())
    quoted = (hit.document.id for hit in hits if any(one in answer for one in _telling_sentences(hit)))
    return tuple(dict.fromkeys(quoted)) or tuple(hit.document.id for hit in hits[:1])


def _telling_sentences(hit: Hit) -> Iterator[str]:
    """The sentences of a passage that are long enough to tell where they are from, on one line each."""
    for span in sentences_in(hit.passage, hit.document):
        sentence = " ".join(hit.passage.text[span.start : span.end].split())
        if len(sentence) >= TELLING:
            yield sentence


def _carried(query: Query, turns: Sequence[Turn], understand: Understand) -> list[str]:
    """Names of the earlier turns, the nearest first, and their topics where the question is not about a person.

    Going back ends at the first question that does not refer back itself.
    """
    person = bool(_PERSON.search(query.text))
    own = {form.lower() for word in query.words for form in word.forms}
    carried: dict[str, str] = {}
    for turn in reversed(turns):
        earlier = understand(turn.question)
        for word in _offered(turn, earlier, person, understand):
            if own.isdisjoint(form.lower() for form in word.forms):
                carried.setdefault(word.text.lower(), _in_language(word, earlier, query.language))
        if (person and carried) or not refers_back(earlier):
            break
    return list(carried.values())[:MOST_CARRIED]


def _offered(turn: Turn, query: Query, person: bool, understand: Understand) -> list[Word]:
    """The words of a turn that a later question may lack: names; also topics, unless a person is asked for and named.

    "What did he say about Europe?" names the subject of his words, not him.
    """
    if person and _PERSON.search(turn.question):
        return []
    answering = _named_in_answer(turn, query, understand)
    if person and answering and _ASKS_WHO_DID.search(turn.question):
        return answering  # "Who criticised Scholz?" "And where does she live?": she is the one who did
    names = [*_names(query.words), *answering]
    return names if person and names else [*names, *(word for word in query.words if not word.name)]


def _named_in_answer(turn: Turn, query: Query, understand: Understand) -> list[Word]:
    """The names that answer a question for somebody: the most frequent ones of its answer."""
    if not _ASKS_WHO.search(turn.question):
        return []
    asked = {form.lower() for word in query.words for form in word.forms}
    said = _cited_lines(turn.answer)
    names = {
        word.text: word
        for word in _names(understand(said).words)
        if word.text.lower() not in asked and word.text.lower() not in months(query.language)
    }
    counts = _occurrences(names, said)
    often = Counter({name: counts[name] for name in names})
    return [names[name] for name, _ in often.most_common(MOST_NAMES)]


def _cited_lines(answer: str) -> str:
    """The lines of an answer that cite something, without the titles above them; all of it where none does."""
    return "\n".join(line for line in answer.splitlines() if _MARKER.search(line)) or answer


def _names(words: Iterable[Word]) -> list[Word]:
    """The proper names: numbers count as names elsewhere."""
    return [word for word in words if word.name and not any(letter.isdigit() for letter in word.text)]


def _occurrences(names: Iterable[str], text: str) -> Counter[str]:
    """How often words of the text, or their parts between hyphens, begin with each of the names.

    One pass over the text: a name is looked for by the lengths that names have, not each name by itself.
    """
    known = set(names)
    lengths = sorted({len(name) for name in known})
    counts: Counter[str] = Counter()
    for part in _PART.finditer(text):
        beginnings = (text[part.start() : part.start() + length] for length in lengths)
        counts.update(beginning for beginning in beginnings if beginning in known)
    return counts


def _in_language(word: Word, query: Query, language: str) -> str:
    """The word of ``query`` in ``language``, as written where it has no equivalent."""
    if query.language == language:
        return word.text
    return next(iter(word.equivalents.get(language, ())), word.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """A language model writing the question in ``languages``; closing ``reply`` stops it."""

    reply: Reply
    languages: tuple[str, ...]


def start_rewriting(
    question: str, language: str, history: Sequence[Turn], others: Sequence[str], model: ChatModel
) -> Rewriting | None:
    """Ask the model for the question made standalone, in its own language (only with a history) and in ``others``.

    Returns at once; None where there is nothing to ask for.
    """
    languages = (*([language] if history else []), *others[:MOST_LANGUAGES])
    if not languages:
        return None
    reply = model.reply(filled("search.system"), _prompt(question, history, languages), retries=0)
    return Rewriting(reply=reply, languages=languages)


def rewritten(rewriting: Rewriting | None) -> Generator[Event, None, tuple[dict[str, str], Usage]]:
    """The model's wordings by language; empty where it fails: search then does without them."""
    if rewriting is None:
        return {}, Usage()
    text = yield from collected(rewriting.reply, "searching", LONGEST_REPLY)
    return _wordings(text, rewriting.languages), rewriting.reply.usage


def _prompt(question: str, history: Sequence[Turn], languages: Sequence[str]) -> str:
    turns = [
        f"User: {inert(turn.question)[:LONGEST_TURN]}\nAssistant: {inert(turn.answer)[:LONGEST_TURN]}"
        for turn in history[-TURNS:]
    ]
    names = ", ".join(f"{code} ({language_name(code)})" for code in languages)
    return filled(
        "search", conversation="\n".join(turns) or "(none)", question=inert(question), languages=names
    )


def _wordings(text: str, languages: Sequence[str]) -> dict[str, str]:
    """The lines of a reply, ``de: …``, by language; lines in other languages are left out."""
    wordings: dict[str, str] = {}
    for line in text.rpartition("</think>")[2].splitlines():
        code, colon, words = line.strip(" *-`").partition(":")
        language, wording = code.strip(" *").lower(), inert(words)
        if colon and language in languages and any(letter.isalpha() for letter in wording):
            wordings.setdefault(language, wording[:LONGEST_WORDING])
    return wordings
