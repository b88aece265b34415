"""Whether the retrieved passages answer the question, and the refusal where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import messages
from assistant.answering.evidence import Sentence, surroundings
from assistant.language.matching import coverage, match_score, vocabulary
from assistant.retrieval.probes import Probes
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import kind_of, occurrences
from assistant.retrieval.search import RetrievalResult, with_headings
from assistant.retrieval.typos import Spelling
from assistant.types import Answer, Hit, Respelling

# Where similarities can be judged by themselves, a sentence to be quoted must have, of the question's words around it and
# of its similarity to the question, COVERED + SIMILAR * similarity of at least ENOUGH, or ENOUGH_APART where no lexicon
# joins the languages; of a long question less, since it is worded differently in many places. Higher refuses more questions
# that have an answer, lower quotes more where there is none: see benchmarks/README.md.
SIMILAR = 0.1  # for each deviation above passages at large
ENOUGH, ENOUGH_APART = 1.04, 0.68
LONG = 12  # words: from here on the half of it that words make up falls
# Elsewhere the weighted share of a question's words that its surroundings must have is ANY + ONE / (number of words), at
# most MOST: of a short question hardly a word may be missing, a long one is worded differently in many places.
ANY = 0.2
ONE = 1.3
MOST = 0.8
LOOKED_AT = 3  # sentences
NEAREST = 3  # passages that a refusal offers
# How surely a passage has a word for a refusal not to call it missing, and of how many at most it says so.
HELD, MOST_LACKING = 0.4, 3


def answerable(query: Query, probes: Probes, ranked: Sequence[Sentence]) -> bool:
    """Whether one of the best sentences is near enough to the question, by its words and by its meaning."""
    return any(is_near(query, probes, sentence) for sentence in ranked[:LOOKED_AT])


def nearness(query: Query, sentence: Sentence) -> float:
    """The share of the question's words around a sentence, plus `SIMILAR` for each deviation of its similarity."""
    return (
        coverage(query.words, vocabulary(surroundings(sentence), sentence.hit.language))
        + SIMILAR * sentence.similarity
    )


def is_near(query: Query, probes: Probes, sentence: Sentence) -> bool:
    """Whether a sentence is near enough to the question, by the words around it and by its meaning."""
    value, least = measured(query, probes, sentence)
    return value >= least


def measured(query: Query, probes: Probes, sentence: Sentence) -> tuple[float, float]:
    """How near a sentence is to the question, by the words around it and by its meaning, and how near it must be."""
    probe, words = probes.get(sentence.hit.language), len(query.words)
    if probe is not None and probe.judges:
        enough = ENOUGH if probe.joined else ENOUGH_APART
        return nearness(query, sentence), enough * (1 + min(1.0, LONG / max(1, words))) / 2
    covered = coverage(query.words, vocabulary(surroundings(sentence), sentence.hit.language))
    return covered, least_coverage(words)


def least_coverage(words: int) -> float:
    """The share that a question of so many words needs, in [0, 1]."""
    return min(MOST, ANY + ONE / max(1, words))


def lacks(query: Query, nearest: Sequence[Hit]) -> list[str]:
    """What of the question none of the passages offered has, as a refusal says it: some of its words, or a kind of answer.

    None where they have hardly anything of it, which speaks for itself, and no word whose equivalents are not known.
    """
    texts = [vocabulary(with_headings(hit.passage, hit.document), hit.language) for hit in nearest]
    languages = {hit.language for hit in nearest}
    held = [word for word in query.words if any(match_score(word, text) >= HELD for text in texts)]
    told = [word for word in query.words if languages <= {query.language, *word.equivalents}]
    lacking = [word.text for word in told if word not in held]
    if not held or len(lacking) > min(MOST_LACKING, len(held)):
        return []
    kind = kind_of(query.text)
    if not lacking and kind != "any" and not any(occurrences(kind, hit.passage.text) for hit in nearest):
        return [messages.say(messages.KINDS[kind], query.language)]
    return [messages.in_quotes(word, query.language) for word in lacking]


def refusal(
    retrieved: RetrievalResult,
    phrases: Mapping[str, str],
    nearest: Sequence[Hit] = (),
    nowhere: Sequence[str] = (),
    unquoted: str = "",
    offered: Sequence[Respelling] = (),
) -> Answer:
    """The answer that there is no answer, in the question's language.

    ``nearest`` are the passages to offer, ``nowhere`` the names of the question that no document has,
    ``unquoted`` who is not quoted on what was asked, ``offered`` the words of the documents that may be meant by others.
    """
    language = retrieved.query.language
    missing = [messages.say(messages.NOWHERE, language).format(name) for name in nowhere]
    if unquoted:
        missing.append(messages.say(messages.NOT_QUOTED, language).format(unquoted))
    missing += [messages.say(messages.DID_YOU_MEAN, language).format(other.read) for other in offered]
    lacking = [] if missing else lacks(retrieved.query, nearest)
    if lacking:
        missing.append(messages.say(messages.MISSING, language).format(", ".join(lacking)))
    return Answer(
        question=retrieved.question,
        text=" ".join([messages.say(phrases, language), *missing]),
        statements=(),
        citations=(),
        refused=True,
        mode="quoted",
        language=language,
        nearest=tuple(nearest),
    )


def with_spelling(answer: Answer, spelling: Spelling) -> Answer:
    """The answer with a notice of the words of the question that were searched for as others, or may be meant as others."""
    showing, asking = (
        messages.say(phrases, answer.language) for phrases in (messages.SHOWING, messages.DID_YOU_MEAN)
    )
    said = [showing.format(taken.read, taken.written) for taken in spelling.taken]
    if not answer.refused:  # a refusal asks by itself
        said += [asking.format(offered.read) for offered in spelling.offered]
    notice = " ".join(filter(None, (*said, answer.notice)))
    return replace(answer, corrected=spelling.taken, suggested=spelling.offered, notice=notice)
