"""Answering without a language model: the best one to three sentences, verbatim."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.citations import without_markers
from assistant.answering.evidence import Sentence, names_held
from assistant.retrieval.query import Query
from assistant.types import Citation, Statement
from ingest.text.sentences import sentence_spans, trimmed
from ingest.types import Record

MOST_QUOTES = 3
# A further sentence is quoted only if it scores at least this share of the best one's score.
WORTH_QUOTING = 0.35
LONGEST_LEAD = 500

Stretch = tuple[Sentence, int, int]

QUOTES = {"de": ("„", "“")}


def choose(query: Query, ranked: Sequence[Sentence]) -> list[Sentence]:
    """The sentences worth quoting, best first: no two that say the same words.

    Each speaks of all those names in the question that the best one speaks of.
    """
    chosen: list[Sentence] = []
    for sentence in ranked:
        if chosen and not _adds(query, sentence, chosen):
            continue
        chosen.append(sentence)
        if len(chosen) == MOST_QUOTES:
            break
    return chosen


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
        statements.append(Statement(text=text, citations=(number,), supported="yes"))
    return statements, citations


def rendered(statements: Sequence[Statement], citations: Sequence[Citation], language: str) -> str:
    """The answer as text: each source's title and date, then its quotes with their markers."""
    opening, closing = QUOTES.get(language, ("“", "”"))
    by_number = {citation.number: citation for citation in citations}
    lines: list[str] = []
    shown = ""
    for statement in statements:
        document = by_number[statement.citations[0]].document
        if document.id != shown:
            date = f" ({document.published.isoformat()})" if document.published else ""
            lines.append(f"{without_markers(document.title)}{date}:")
            shown = document.id
        marks = "".join(f"[{number}]" for number in statement.citations)
        lines.append(f"{opening}{without_markers(statement.text)}{closing} {marks}")
    return "\n".join(lines)


def _by_source(chosen: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of one document side by side, documents in order of their best sentence."""
    order = list(dict.fromkeys(sentence.hit.document.id for sentence in chosen))
    return sorted(chosen, key=lambda sentence: order.index(sentence.hit.document.id))


def _stretches(chosen: Sequence[Sentence], text_of: Callable[[Record], str]) -> list[Stretch]:
    """What is quoted for each sentence: it and what it leans on. Stretches that touch become one."""
    found: list[Stretch] = []
    for sentence in chosen:
        text = text_of(sentence.hit.document)
        stretch = (sentence, lead(text, sentence), sentence.end)
        touching = next((n for n, other in enumerate(found) if _touch(stretch, other, text)), None)
        if touching is None:
            found.append(stretch)
        else:
            first, start, end = found[touching]
            found[touching] = (first, min(start, stretch[1]), max(end, stretch[2]))
    return found


def _touch(one: Stretch, other: Stretch, text: str) -> bool:
    """Whether two stretches of one document overlap, or follow one another within a paragraph."""
    if one[0].hit.document.id != other[0].hit.document.id:
        return False
    first, second = sorted((one, other), key=lambda stretch: stretch[1])
    between = text[first[2] : second[1]]
    return not between.strip() and "\n" not in between


def lead(text: str, sentence: Sentence) -> int:
    """Where a quote begins so that it can be understood: at the sentence, or at one before it."""
    start = sentence.start
    spans = sentence_spans(text[max(0, start - 2 * LONGEST_LEAD) : start], sentence.hit.document.language)
    base = max(0, start - 2 * LONGEST_LEAD)
    current = sentence.text
    while spans and leans_on_the_one_before(current):
        before = trimmed(text[base:], spans.pop())
        if before.end == before.start:
            continue
        if sentence.start - (base + before.start) > LONGEST_LEAD:
            break
        start = base + before.start
        current = text[start : base + before.end]
    return start


def _adds(query: Query, sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether a further sentence is good enough, new, and about the same names."""
    best = chosen[0]
    return (
        sentence.score >= WORTH_QUOTING * best.score
        and not any(_overlap(sentence, other) for other in chosen)
        and names_held(query, best) <= names_held(query, sentence)
    )


def _overlap(one: Sentence, other: Sentence) -> bool:
    if one.hit.document.id == other.hit.document.id:
        return one.start < other.end and other.start < one.end
    return one.text == other.text


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


def leans_on_the_one_before(sentence: str) -> bool:
    """Whether ``sentence`` speaks of somebody or something that only its predecessor names."""
    return bool(_BEGINS.search(sentence) or _SPEAKS.search(sentence))
