"""Negations: takes a statement and its quotes, and gives whether one denies what the other asserts.

A clause of the statement is compared with the clause of the quotes that shares most of its words,
across languages by the lexicon. Words that deny ("not", "ohne") must have a counterpart there; words that
may deny ("fails", "kaum") can be that counterpart and need none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.language.lexicon import Lexicon
from assistant.language.matching import Vocabulary, match_score, vocabulary
from assistant.language.words import Word, equivalents, is_function_word, is_listed, lemma
from ingest.text.folding import fold, words

LANGUAGES = ("de", "en")
PolarityChange = Literal["added", "lost", "opposite", ""]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_CLAUSE = re.compile(
    r"[,;:()–—\"“”„«»]|\s-\s|\b(?:and|but|or|while|whereas|which|who|that|because|although|though|when|if|since"
    r"|und|aber|oder|sondern|während|dass|weil|obwohl|wenn|als|da)\b",
    re.I,
)
# "Putin and Trump": two names, not two clauses.
_PAIR = re.compile(r"\b([A-ZÄÖÜ][\w’'-]*) (?:and|or|und|oder) (?=[A-ZÄÖÜ])")
_DENIES = frozenset(
    words(
        "not cannot no never none nobody nothing neither nor nowhere without nicht nichts nie niemals niemand niemanden "
        "niemandem kein keine keinen keiner keinem keines keins keinerlei keinesfalls keineswegs weder nirgends nirgendwo "
        "ohne"
    )
)
_MAY_DENY = re.compile(
    r"(?:hardly|barely|scarcely|fail\w*|unable|unlikely|refus\w+|den(?:y|ied|ies|ying)|lack\w*|absen\w+|avoid\w*|prevent\w*"
    r"|rarely|seldom|few|little|except|instead|rather|only|until|earliest|reject\w*|impossible|free|less|neglect\w*|stop\w*"
    r"|exclud\w*|non|far|kaum|fehl\w+|mangel\w*|mangelnd\w*|unmöglich\w*|verweiger\w+|leugn\w+|bestr(?:eit|itt)\w*"
    r"|verhinder\w+|vermeid\w+|ablehn\w*|abgelehnt\w*|lehn\w+|selten\w*|wenig\w*|außer|statt|anstatt|sondern|erst|frühestens|nur"
    r"|ausgeschlossen\w*|schließ\w+|frei|weniger|nicht\w+|non\w+|\w+los(?:e[nrsm]?)?|\w+less)$",
    re.I,
)
_PREFIXED = re.compile(r"(?:un|in|im|ir|il|dis|miss)(\w{4,})$", re.I)
_NO_DENIAL = re.compile(
    r"\b(?:not (?:only|just|least|merely)|nicht (?:nur|zuletzt|bloß|allein)|no less|no doubt|(?:nicht|nie) (?:mehr|weniger) als|(?:no|not) (?:more|less|fewer) than|nichts anderes als|nothing but|not-\w+)\b|(?-i:(?<=[a-z] )No (?=[A-Z]))"
    r"|\bNo\.?\s?(?=\d)|[\"“„'‘](?:no|not|nein|nicht)[,.]?[\"”“'’]",
    re.I,
)
# The least score at which a clause has a word.
_MATCH = 0.6
# The least share of words that two clauses with the same content have in common; less where the lexicon has to
# translate, since it does not know every word.
_SAME, _SAME_TRANSLATED = 0.6, 0.3
# The clauses of the quotes that may be meant share at least this part of the words that the best one shares.
_NEAR, _NEAR_TRANSLATED = 0.8, 0.5
_LEAST_WORDS = 2
_EQUAL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A piece of a sentence: its content words, how many words in it deny, and its words that may deny."""

    words: tuple[Word, ...]
    text: Vocabulary
    denials: int
    may_deny: tuple[Word, ...]


def polarity_change(
    statement: str, quotes: Sequence[str], language: str, lexicon: Lexicon, *, foreign: bool = False
) -> PolarityChange:
    """How the statement's polarity differs from that of its quotes; empty where it does not."""
    stated = clauses(statement, language, lexicon)
    quoted = [clause for quote in quotes for clause in clauses(quote, "", lexicon)]
    same, near = (_SAME_TRANSLATED, _NEAR_TRANSLATED) if foreign else (_SAME, _NEAR)
    if any(_is_added(clause, quoted, near) for clause in stated if clause.denials):
        return "added"
    if any(_is_lost(clause, stated, quoted, same) for clause in quoted if clause.denials):
        return "lost"
    denied = any(clause.denials for clause in (*stated, *quoted))
    return "opposite" if not denied and _have_opposites(stated, quoted) else ""


def clauses(text: str, language: str, lexicon: Lexicon) -> list[Clause]:
    """The clauses of ``text``; without a ``language`` its words are taken as they stand."""
    plain = _PAIR.sub(r"\1 ", _NO_DENIAL.sub(" ", text))
    pieces = [_clause(piece, language, lexicon) for piece in _CLAUSE.split(plain)]
    return [clause for clause in _joined_clauses(pieces) if clause.words or clause.denials]


def clause_spans(text: str) -> list[tuple[int, int]]:
    """Where the clauses of ``text`` stand, without white space around them."""
    paired = _PAIR.sub(lambda match: match.group().replace(" ", "\x01"), text)
    spans, start = [], 0
    for match in [*_CLAUSE.finditer(paired), None]:
        end = match.start() if match else len(text)
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = match.end() if match else end
    return spans


def denials_in(text: str) -> list[str]:
    """The words of ``text`` that deny what stands with them: "nicht", "kein", "didn't"."""
    return [word for word in _WORD.findall(_NO_DENIAL.sub(" ", text)) if _denies(word)]


def _joined_clauses(pieces: Sequence[Clause]) -> Iterator[Clause]:
    """The pieces; one with too few words to be compared is joined with the one beside it."""
    pending: Clause | None = None
    for clause in pieces:
        if pending is None:
            pending = clause
        elif len(pending.words) < _LEAST_WORDS or len(clause.words) < _LEAST_WORDS:
            pending = _joined(pending, clause)
        else:
            yield pending
            pending = clause
    if pending is not None:
        yield pending


def _joined(first: Clause, second: Clause) -> Clause:
    return Clause(
        words=first.words + second.words,
        text=Vocabulary(first.text.words | second.text.words, first.text.grams | second.text.grams),
        denials=first.denials + second.denials,
        may_deny=first.may_deny + second.may_deny,
    )


def _clause(text: str, language: str, lexicon: Lexicon) -> Clause:
    written = _WORD.findall(text)
    content = [_word(word, language, lexicon) for word in written if _is_content(word, lexicon)]
    return Clause(
        words=tuple(content),
        text=vocabulary(" ".join(form for word in content for form in word.forms) if language else text),
        denials=sum(_denies(word) for word in written if word.lower() != "nor"),
        may_deny=tuple(_word(word, language, lexicon) for word in written if may_deny(word)),
    )


def _denies(word: str) -> bool:
    lower = word.lower().replace("’", "'")
    return lower in _DENIES or lower.endswith("n't")


@lru_cache(maxsize=50_000)
def may_deny(word: str) -> bool:
    """Whether a word may deny what stands with it: "fails", "kaum"."""
    prefixed = _PREFIXED.match(word)
    listed = prefixed and any(is_listed(prefixed.group(1).lower(), language) for language in LANGUAGES)
    return bool(listed) or _MAY_DENY.match(word) is not None


@lru_cache(maxsize=50_000)
def _is_content(word: str, lexicon: Lexicon) -> bool:
    return (
        len(word) > 1
        and not _denies(word)
        and not any(is_function_word(word, language, lexicon) for language in LANGUAGES)
    )


@lru_cache(maxsize=50_000)
def _word(word: str, language: str, lexicon: Lexicon) -> Word:
    if not language:
        return Word(text=word, forms=(word,), equivalents={}, name=False)
    base = lemma(word, language)
    translations = [
        form
        for target in LANGUAGES
        if target != language
        for form in equivalents(word, base, language, target, lexicon)
    ]
    return Word(
        text=word, forms=tuple(dict.fromkeys((word, base, *translations))), equivalents={}, name=False
    )


def _shared(words: Sequence[Word], text: Vocabulary) -> float:
    """The share of ``words`` that a clause has."""
    return sum(match_score(word, text) >= _MATCH for word in words) / len(words) if words else 0.0


def _is_added(stated: Clause, quoted: Sequence[Clause], near: float) -> bool:
    """Whether a clause of the statement denies more than the clauses of the quotes that are most like it.

    Where none of them has a third of its words, any denial in the quotes counts.
    """
    shares = [_shared(stated.words, clause.text) for clause in quoted]
    best = max(shares, default=0.0)
    alike = [
        clause
        for clause, share in zip(quoted, shares, strict=True)
        if share >= near * best - _EQUAL or best < 1 / 3
    ]
    return not any(
        clause.denials + len(_only_here(clause.may_deny, stated)) >= stated.denials for clause in alike
    )


def _only_here(may_deny: Sequence[Word], other: Clause) -> list[Word]:
    """Those of the words that are not in the ``other`` clause."""
    return [word for word in may_deny if not _starts_a_word(fold(word.text), other.text)]


def _starts_a_word(word: str, text: Vocabulary) -> bool:
    """Whether a text has a word that starts like a folded one. "Unsuccessful" does not start like "successful"."""
    stem = word[: max(4, len(word) - 2)]
    return any(other.startswith(stem) for other in text.words)


def _is_lost(denied: Clause, stated: Sequence[Clause], quoted: Sequence[Clause], same: float) -> bool:
    """Whether the statement asserts what a clause of the quotes denies, unless another of their clauses asserts it."""
    shares = [_shared(denied.words, clause.text) for clause in stated]
    share, best = max(zip(shares, stated, strict=True), key=lambda pair: pair[0], default=(0, None))
    if best is None or best.denials >= denied.denials or _only_here(best.may_deny, denied):
        return False
    if share < same and not _is_within(best, denied):
        return False
    asserted = max((_shared(best.words, clause.text) for clause in quoted if not clause.denials), default=0.0)
    return asserted < _shared(best.words, denied.text) + _EQUAL


def _is_within(stated: Clause, quoted: Clause) -> bool:
    """Whether a clause of the quotes, which may be longer, has all words of one of the statement."""
    return len(stated.words) >= _LEAST_WORDS and _shared(stated.words, quoted.text) >= 1 - _EQUAL


def _have_opposites(stated: Sequence[Clause], quoted: Sequence[Clause]) -> bool:
    """Whether one side has "unsafe" where the other has "safe"."""
    ours = {word.text.lower() for clause in stated for word in clause.words}
    theirs = {word.text.lower() for clause in quoted for word in clause.words}
    return any(_is_opposite(word, ours, theirs) or _is_opposite(word, theirs, ours) for word in ours | theirs)


def _is_opposite(word: str, here: set[str], there: set[str]) -> bool:
    """Whether only ``word`` is here, and only its opposite with "un-" is there."""
    opposite = "un" + word
    if word not in here or opposite not in there or opposite in here or word in there:
        return False
    return len(word) > 3 and any(is_listed(opposite, language) for language in LANGUAGES)
