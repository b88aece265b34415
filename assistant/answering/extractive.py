"""Answering without a language model: the best sentences, verbatim.

`choose` takes the sentences worth quoting, `quote` cites each of them with the sentences before that it needs to be
understood ("He said so"), `rendered` writes them down by source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import exp

from assistant.answering.citations import numbered, without_markers
from assistant.answering.evidence import Sentence, names_held
from assistant.answering.lists import announces, is_called, item_end, list_end
from assistant.answering.turns import turn_start
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import is_question
from assistant.retrieval.search import RetrievalResult
from assistant.types import Answer, Citation, Statement
from ingest.quotations.german import GERMAN
from ingest.text.folding import words
from ingest.text.sentences import sentence_spans, trimmed
from ingest.types import Record

MOST_QUOTES = 3
# Of sentences with probabilities: the share of the odds that those quoted hold, from where on one answers by itself, and
# how many do at most.
ENOUGH, ANSWERS, MOST_LISTED = 0.6, 0.5, 8
# A further sentence is quoted only if it scores at least this share of the best one's score.
WORTH_QUOTING = 0.35
LONGEST_LEAD = 500  # characters
QUOTATION_MARKS = {"de": ("„", "“")}
# How a sentence begins that names its subject with a pronoun, and how one reports somebody's words in that way.
_BEGINS = re.compile(
    r"^[\s\"'„“‚‘«»]*(?:Er|Sie|Ihr|Ihre[mnrs]?|Sein|Seine[mnrs]?|Dies|Diese[mnrs]?|Beide|Letztere[mnrs]?"
    r"|He|She|They|His|Her|Their|This|These|Those|Both|The latter)\b"
)
_SPEAKS = re.compile(
    r"\b(?:sagte|sagt|erklärte|betonte|meinte|schrieb|ergänzte|warnte|forderte|berichtete|sprach|fügte|teilte"
    r"|bekräftigte|räumte|kündigte|antwortete|behauptete)\s+(?:er|sie)\b"
    r"|[\"“”»«’,]\s+so\s+(?:er|sie)\b"
    r"|\b(?:he|she|they)\s+(?:said|says|added|told|wrote|warned|argued|explained|insisted|claimed|noted|replied)\b"
    r"|\b(?:said|added)\s+(?:he|she|they)\b"
)
# How a sentence begins that only says who has said what stands before it: "Das teilte die Polizei mit."
_SAYS_SO = re.compile(r"^[\s\"'„“‚‘«»]*Das (?P<verb>[a-zäöüß]+)\b.*?(?P<last>\w+)\W*$", re.S)

# A sentence, and where its quote starts and ends in the document.
Stretch = tuple[Sentence, int, int]


def answer(
    retrieved: RetrievalResult,
    ranked: Sequence[Sentence],
    text_of: Callable[[Record], str],
    also: Sequence[Sentence] = (),
) -> Answer:
    """The best of the ranked sentences as an answer, and those that are quoted ``also``; not verified yet."""
    language = retrieved.query.language
    chosen = choose(retrieved.query, ranked)
    chosen += [sentence for sentence in also if sentence not in chosen]
    statements, citations = numbered(*quote(chosen, text_of))
    return Answer(
        question=retrieved.question,
        text=rendered(statements, citations, language),
        statements=statements,
        citations=citations,
        refused=False,
        mode="quoted",
        language=language,
    )


def choose(query: Query, ranked: Sequence[Sentence]) -> list[Sentence]:
    """The sentences worth quoting, best first: no two with the same words.

    With probabilities: as many as it takes to hold the answer in all likelihood, and whatever else answers by itself.
    Without: those that score well, and name, or stand beside, all the names of the question that the best one does.
    """
    if ranked and ranked[0].probability is not None:
        return _likeliest(ranked)
    chosen: list[Sentence] = []
    for sentence in ranked:
        if chosen and not _is_worth_quoting(query, sentence, chosen):
            continue
        chosen.append(sentence)
        if len(chosen) == MOST_QUOTES:
            break
    return chosen


def _likeliest(ranked: Sequence[Sentence]) -> list[Sentence]:
    """The first sentences that together have `ENOUGH` of the odds, and of the further ones those that answer themselves."""
    odds = [exp(sentence.score - ranked[0].score) for sentence in ranked]
    chosen: list[Sentence] = []
    held = 0.0
    for sentence, own in zip(ranked, odds, strict=True):
        wanted = held < ENOUGH * sum(odds) and len(chosen) < MOST_QUOTES
        if (not wanted and (sentence.probability or 0) < ANSWERS) or len(chosen) == MOST_LISTED:
            break
        held += own
        asks = bool(chosen) and is_question(sentence.text)  # beside an answer a question adds nothing
        if not asks and not any(overlap(sentence, other) for other in chosen):
            chosen.append(sentence)
    return chosen


def _is_worth_quoting(query: Query, sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether a further sentence is good enough, new, and about the same names."""
    best = chosen[0]
    return (
        sentence.score >= WORTH_QUOTING * best.score
        and not any(overlap(sentence, other) for other in chosen)
        and names_held(query, best) <= names_held(query, sentence)
    )


def overlap(sentence: Sentence, other: Sentence) -> bool:
    """Whether one says what the other does: they share a place, or the words of one are within the other."""
    if sentence.hit.document.id == other.hit.document.id:
        return sentence.start < other.end and other.start < sentence.end
    one, another = (f" {' '.join(words(text))} " for text in (sentence.text, other.text))
    return one in another or another in one


def quote(
    chosen: Sequence[Sentence], text_of: Callable[[Record], str]
) -> tuple[list[Statement], list[Citation]]:
    """A statement and a citation for each chosen sentence, those of one source together."""
    statements: list[Statement] = []
    citations: list[Citation] = []
    for number, (sentence, start, end) in enumerate(_stretches(_by_source(chosen), text_of), 1):
        text = text_of(sentence.hit.document)[start:end]
        citations.append(
            Citation(
                number=number,
                quote=text,
                start=start,
                end=end,
                passage=sentence.hit.passage,
                document=sentence.hit.document,
            )
        )
        statements.append(Statement(text=text, citations=(number,), supported="yes", events="found"))
    return statements, citations


def _by_source(chosen: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of one document side by side, documents in order of their best sentence."""
    order = list(dict.fromkeys(sentence.hit.document.id for sentence in chosen))
    return sorted(chosen, key=lambda sentence: order.index(sentence.hit.document.id))


def _stretches(chosen: Sequence[Sentence], text_of: Callable[[Record], str]) -> list[Stretch]:
    """For each sentence the stretch to quote, with the sentences before that it needs and the list that it announces.

    Stretches that touch are joined.
    """
    stretches: list[Stretch] = []
    for sentence in chosen:
        text = text_of(sentence.hit.document)
        stretch = (sentence, lead(text, sentence), _end(text, sentence))
        touching = next((n for n, other in enumerate(stretches) if _touch(stretch, other, text)), None)
        if touching is None:
            stretches.append(stretch)
        else:
            first, start, end = stretches[touching]
            stretches[touching] = (first, min(start, stretch[1]), max(end, stretch[2]))
    return stretches


def _end(text: str, sentence: Sentence) -> int:
    """Where a quote ends: with the sentence, with the list that it announces, or with the item of which it only says what it is called."""
    if is_called(text, sentence.start, sentence.end):
        return item_end(text, sentence.end, sentence.hit.language)
    return list_end(text, sentence.end) if announces(sentence.text) else sentence.end


def _touch(stretch: Stretch, other: Stretch, text: str) -> bool:
    """Whether two stretches of one document overlap, or follow one another within a paragraph."""
    if stretch[0].hit.document.id != other[0].hit.document.id:
        return False
    first, second = sorted((stretch, other), key=lambda item: item[1])
    between = text[first[2] : second[1]]
    return not between.strip() and "\n" not in between


def lead(text: str, sentence: Sentence) -> int:
    """Where a quote begins so that it can be understood: at the sentence, at one before it, or at its speaker's label."""
    start = sentence.start
    spans = sentence_spans(text[max(0, start - 2 * LONGEST_LEAD) : start], sentence.hit.language)
    base = max(0, start - 2 * LONGEST_LEAD)
    current = sentence.text
    while spans and needs_the_one_before(current):
        before = trimmed(text[base:], spans.pop())
        if before.end == before.start:
            continue
        if sentence.start - (base + before.start) > LONGEST_LEAD:
            break
        start = base + before.start
        current = text[start : base + before.end]
    label = turn_start(text, sentence.start)
    return label if label is not None and sentence.start - label <= LONGEST_LEAD else start


def needs_the_one_before(sentence: str) -> bool:
    """Whether ``sentence`` is about somebody or something that only its predecessor names."""
    said = _SAYS_SO.match(sentence)
    verb = said["last" if said["verb"] in ("hat", "haben") else "verb"].lower() if said else ""
    takes_up = verb in GERMAN.verbs.keys() - GERMAN.auxiliaries
    return bool(takes_up or _BEGINS.search(sentence) or _SPEAKS.search(sentence))


def rendered(statements: Sequence[Statement], citations: Sequence[Citation], language: str) -> str:
    """The answer as text: each source's title and date, then its quotes with their markers."""
    opening, closing = QUOTATION_MARKS.get(language, ("“", "”"))
    by_number = {citation.number: citation for citation in citations}
    lines: list[str] = []
    last = ""
    for statement in statements:
        document = by_number[statement.citations[0]].document
        if document.id != last:
            date = f" ({document.published.isoformat()})" if document.published else ""
            lines.append(f"{without_markers(document.title)}{date}:")
            last = document.id
        marks = "".join(f"[{number}]" for number in statement.citations)
        lines.append(f"{opening}{without_markers(statement.text)}{closing} {marks}")
    return "\n".join(lines)
