"""A document cut into sentences, clauses and words, each quotation in marks being one word of its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.marks import quoted_extents
from ingest.text.sentences import sentence_spans
from ingest.types import Extent

# A quotation stands as so many of these, so that no sentence ends within it; the last one is what it ends with.
_FILLER = "\ue000"
_OPENING = "Q"  # at its beginning, so that a sentence may begin there
_TERMINAL = ".!?…"
_WORD = re.compile(
    rf"{_OPENING}?{_FILLER}+(?:-\w[\w-]*|[.!?…])?|[^\W_]+(?:[-'’.&/]+[^\W_]+)*['’]?|\d+|\([^()\n{_FILLER}]{{0,120}}\)|\[[^\[\]\n{_FILLER}]{{0,120}}\]|[,;:–—()]|\s-\s|[^\s\w]"
)
# “Why?” Weiss asked.
_ENGLISH_FRAME = re.compile(
    r"(?:[A-Z][\w'’-]+ ){1,2}(?:said|asked|wrote|told|added|replied|says|asks|shouted|wondered)\b"
)
_CAPITAL_WITHIN = re.compile(r"-[A-ZÄÖÜ]")  # "el-Baradei", "ai-Bericht"
_ATTRIBUTE = re.compile(r"[^\W\d_]{3,}(?:e|er|en|es|em)$")
_LONGEST_ADDED = 9
_LONGEST = 200  # words and marks; what takes quadratic time in a sentence stays short
_BOUNDARIES = ",;:–—"
_CLOSING = " \n\t’‘”“»«›‹'\""
_STOPS = tuple(",!?.…")


class Token(NamedTuple):  # made for every word of every document: a dataclass takes three times as long
    """A word, a mark of punctuation or a whole quotation ("q") of a sentence."""

    text: str
    lower: str
    start: int
    end: int
    kind: Literal["w", "q", "p"]
    capital: bool = False
    """Whether it is written like a name or a German noun: also "t-online.de", "der 81-jährige"."""


class ReadClause(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) of a sentence, and the mark before them."""

    first: int
    last: int
    opener: str


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence without its outer white space; ``end`` is behind the full stop, ``body_end`` before it."""

    start: int
    end: int
    body_end: int
    tokens: tuple[Token, ...]
    clauses: tuple[ReadClause, ...]
    begins_paragraph: bool
    lower: frozenset[str]
    """Its words in lower case."""

    def clause_of(self, index: int) -> int:
        return next(
            (n for n, clause in enumerate(self.clauses) if index < clause.last), len(self.clauses) - 1
        )


def read(text: str, grammar: SpeechGrammar) -> Iterator[ReadSentence]:
    """The sentences of a document, each as it is asked for."""
    quoted = quoted_extents(text)
    masked = _masked(text, quoted)
    ends = {extent.start: extent.end for extent in quoted}
    spans: list[tuple[int, int]] = []
    for span in sentence_spans(masked, grammar.language):
        start = span.start
        if spans and _goes_on(masked, spans[-1][0], start, grammar.language):
            start = spans.pop()[0]
        for ended in grammar.ended.finditer(masked, start, span.end) if grammar.ended else ():
            spans.append((start, ended.end()))
            start = ended.end()
        spans.append((start, span.end))
    for start, end in spans:
        yield from _sentences(text, masked, start, end, ends, grammar)


def _masked(text: str, quoted: list[Extent]) -> str:
    """The text, as long as before, with quotations filled; at their end stands the full stop that they have."""
    pieces: list[str] = []
    at = 0
    for extent in quoted:
        pieces.append(text[at : extent.start])
        length = extent.end - extent.start
        last = text[extent.start + 1 : extent.end - 1].rstrip(_CLOSING)[-1:]
        ends_sentence = (
            last in _TERMINAL and last and text[extent.end : extent.end + 1] not in _TERMINAL + ",;"
        )
        first = _OPENING if not text[max(0, extent.start - 1) : extent.start].strip() else _FILLER
        pieces.append(first + _FILLER * (length - 2) + (last if ends_sentence else _FILLER))
        at = extent.end
    pieces.append(text[at:])
    return "".join(pieces)


def _goes_on(masked: str, start: int, boundary: int, language: str) -> bool:
    """Whether what follows a quotation belongs to its sentence: it goes on in lower case, or with a comma."""
    before = masked[max(start, boundary - 12) : boundary]
    following = masked[boundary : boundary + 60]
    if language == "en" and before.rstrip()[-2:-1] == _FILLER and _ENGLISH_FRAME.match(following):
        return True
    return _FILLER in before[-6:] and "\n" not in before and (following[:1].islower() or following[:1] == ",")


def _sentences(
    text: str, masked: str, start: int, end: int, ends: dict[int, int], grammar: SpeechGrammar
) -> Iterator[ReadSentence]:
    """The sentence of a span; several where it is longer than any, as a list without full stops may be."""
    tokens = tuple(_tokens(text, masked, start, end, ends))
    for first in range(0, len(tokens), _LONGEST):
        piece = tokens[first : first + _LONGEST]
        begin = start if first == 0 else piece[0].start
        yield _sentence(
            text, begin, end if first + _LONGEST >= len(tokens) else piece[-1].end, piece, grammar
        )


def _sentence(
    text: str, start: int, end: int, tokens: tuple[Token, ...], grammar: SpeechGrammar
) -> ReadSentence:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    stopped = tokens and tokens[-1].kind == "p" and tokens[-1].text in ".!?…:"
    return ReadSentence(
        start=left,
        end=max(left, right),
        body_end=tokens[-1].start if stopped else max(left, right),
        tokens=tokens,
        clauses=tuple(
            _joined(tokens, list(_clauses(tokens)), grammar) if grammar.within_names else _clauses(tokens)
        ),
        lower=frozenset(token.lower for token in tokens),
        begins_paragraph=start == 0 or "\n" in text[max(0, start - 3) : start],
    )


def _tokens(text: str, masked: str, start: int, end: int, ends: dict[int, int]) -> Iterator[Token]:
    for match in _WORD.finditer(masked, start, end):
        word, at = match[0], match.start()
        if word[0] == _FILLER or word[1:2] == _FILLER:
            if at in ends and word[-1].isalnum():  # "„Bild“-Zeitung" is a noun
                written = text[at : match.end()]
                yield Token(written, written.lower(), at, match.end(), "w", True)
            elif at in ends:
                yield Token(text[at : ends[at]], "", at, ends[at], "q")
        elif word[0] in "([" and len(word) > 1:
            continue
        elif word[0].isalnum():
            capital = word[0].isupper() or (len(word) > 5 and _is_capital_within(word))
            yield Token(word, word.lower(), at, match.end(), "w", capital)
        elif word != "-" and word.strip() == "-":
            yield Token("–", "–", at + 1, at + 2, "p")
        else:
            yield Token(word, word, at, match.end(), "p")


def _is_capital_within(word: str) -> bool:
    """Whether a word in lower case is written for a name or a noun: "t-online.de", "81-jährige", "ai-Bericht"."""
    return (
        "." in word[2:-2] or "jährige" in word or ("-" in word and _CAPITAL_WITHIN.search(word) is not None)
    )


def _clauses(tokens: tuple[Token, ...]) -> Iterator[ReadClause]:
    first, opener = 0, ""
    for index, token in enumerate(tokens):
        if token.kind == "p" and token.text in _BOUNDARIES:
            if index > first:
                yield ReadClause(first, index, opener)
            first, opener = index + 1, "–" if token.text == "—" else token.text
        elif (
            token.kind == "q"
            and token.text[-2:-1] in _STOPS
            and index + 1 < len(tokens)
            and tokens[index + 1].kind != "p"
        ):
            yield ReadClause(first, index + 1, opener)  # “We will go,” she said
            first, opener = index + 1, ","
    last = len(tokens)
    while last > first and tokens[last - 1].kind == "p":
        last -= 1
    if last > first:
        yield ReadClause(first, last, opener)


def _joined(tokens: tuple[Token, ...], clauses: list[ReadClause], grammar: SpeechGrammar) -> list[ReadClause]:
    """The clauses, with a name added between commas left within its clause: "gab die Leiterin, Eva Roth, bekannt"."""
    for number in range(len(clauses) - 2, 0, -1):
        if number + 1 >= len(clauses):
            continue  # one more has been joined behind
        before, added, after = clauses[number - 1], clauses[number], clauses[number + 1]
        if (
            added.opener in ",–"
            and after.opener == added.opener
            and tokens[before.last - 1].capital
            and not tokens[after.first].capital
            and not _begins_clause(tokens[after.first].lower, grammar)
            and _is_added(tokens[added.first : added.last], grammar)
        ):
            clauses[number - 1 : number + 2] = [ReadClause(before.first, after.last, before.opener)]
    return clauses


def _begins_clause(word: str, grammar: SpeechGrammar) -> bool:
    return (
        word in grammar.complementisers
        or word in grammar.subordinators
        or word in grammar.relatives
        or word in grammar.purposes
    )


def _is_added(words: tuple[Token, ...], grammar: SpeechGrammar) -> bool:
    """Whether words are a mere noun phrase: "Chef der Roth AG", "die neue Leiterin"."""
    if len(words) > _LONGEST_ADDED or not words[-1].capital:
        return False
    return all(
        word.capital
        or word.lower in grammar.within_names
        or word.lower.isdigit()
        or (
            _ATTRIBUTE.match(word.lower) is not None
            and number > 0
            and not words[number - 1].capital
            and number + 1 < len(words)
        )
        for number, word in enumerate(words)
    )
