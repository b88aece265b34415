"""Whether a statement denies what its sources assert, or asserts what they deny: clause by clause.

A clause of the statement is compared with the clause of the quotes that shares most of its words,
across languages by the lexicon. Words that deny ("not", "ohne") must have a counterpart there; words that
may stand for a denial ("fails", "kaum") can be one and need none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.language.lexicon import Lexicon
from assistant.language.matching import Vocabulary, held, vocabulary
from assistant.language.words import Word, equivalents, is_function_word, is_listed, lemma
from ingest.text.folding import fold, words

LANGUAGES = ("de", "en")
Change = Literal["added", "lost", "opposite", ""]

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
    r"|rarely|seldom|few|little|except|instead|rather|only|until|reject\w*|impossible|free|less|neglect\w*|stop\w*"
    r"|exclud\w*|non|far|kaum|fehl\w+|mangel\w*|mangelnd\w*|unmöglich\w*|verweiger\w+|leugn\w+|bestr(?:eit|itt)\w*"
    r"|verhinder\w+|vermeid\w+|ablehn\w*|abgelehnt\w*|lehn\w+|selten\w*|wenig\w*|außer|statt|anstatt|sondern|erst|nur"
    r"|ausgeschlossen\w*|schließ\w+|frei|weniger|nicht\w+|non\w+|\w+los(?:e[nrsm]?)?|\w+less)$",
    re.I,
)
_PREFIXED = re.compile(r"(?:un|in|im|ir|il|dis|miss)(\w{4,})$", re.I)
_NO_DENIAL = re.compile(
    r"\b(?:not (?:only|just|least|merely)|nicht (?:nur|zuletzt|bloß|allein)|no less|no doubt|nichts anderes als|nothing but|not-\w+)\b|(?-i:(?<=[a-z] )No (?=[A-Z]))"
    r"|\bNo\.?\s?(?=\d)|[\"“„'‘](?:no|not|nein|nicht)[,.]?[\"”“'’]",
    re.I,
)
# How surely a clause must have a word, and how much of a clause the other side must have for the two to say
# (or deny) the same; less where the lexicon has to translate, since it does not know every word.
_HELD = 0.6
_SAME, _SAME_TRANSLATED = 0.6, 0.3
# Clauses that share nearly as many words with the statement as the best one may be meant as well.
_NEAR, _NEAR_TRANSLATED = 0.8, 0.5
_LEAST_WORDS = 2
_EQUAL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A piece of a sentence: its content words, how often it denies, and its words that may deny."""

    words: tuple[Word, ...]
    text: Vocabulary
    denies: int
    may: tuple[Word, ...]


def changed(
    statement: str, quotes: Sequence[str], language: str, lexicon: Lexicon, *, foreign: bool = False
) -> Change:
    """How the statement's polarity differs from that of what it cites; empty where it does not."""
    ours = clauses(statement, language, lexicon)
    theirs = [clause for quote in quotes for clause in clauses(quote, "", lexicon)]
    least, near = (_SAME_TRANSLATED, _NEAR_TRANSLATED) if foreign else (_SAME, _NEAR)
    if any(_added(clause, theirs, near) for clause in ours if clause.denies):
        return "added"
    if any(_lost(clause, ours, theirs, least) for clause in theirs if clause.denies):
        return "lost"
    denied = any(clause.denies for clause in (*ours, *theirs))
    return "opposite" if not denied and _opposed(ours, theirs) else ""


def clauses(text: str, language: str, lexicon: Lexicon) -> list[Clause]:
    """The clauses of ``text``; without a ``language`` its words are taken as they stand."""
    plain = _PAIR.sub(r"\1 ", _NO_DENIAL.sub(" ", text))
    found = [_clause(piece, language, lexicon) for piece in _CLAUSE.split(plain)]
    return [clause for clause in _merged(found) if clause.words or clause.denies]


def _merged(found: Sequence[Clause]) -> Iterator[Clause]:
    """Pieces with too few words to be told apart go with the one before."""
    pending: Clause | None = None
    for clause in found:
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
        denies=first.denies + second.denies,
        may=first.may + second.may,
    )


def _clause(text: str, language: str, lexicon: Lexicon) -> Clause:
    written = _WORD.findall(text)
    content = [_word(word, language, lexicon) for word in written if _is_content(word, lexicon)]
    return Clause(
        words=tuple(content),
        text=vocabulary(" ".join(form for word in content for form in word.forms) if language else text),
        denies=sum(_denies(word) for word in written if word.lower() != "nor"),
        may=tuple(_word(word, language, lexicon) for word in written if _may_deny(word)),
    )


def _denies(word: str) -> bool:
    lower = word.lower().replace("’", "'")
    return lower in _DENIES or lower.endswith("n't")


@lru_cache(maxsize=50_000)
def _may_deny(word: str) -> bool:
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
    others = [
        form
        for target in LANGUAGES
        if target != language
        for form in equivalents(word, base, language, target, lexicon)
    ]
    return Word(text=word, forms=tuple(dict.fromkeys((word, base, *others))), equivalents={}, name=False)


def _shared(words: Sequence[Word], text: Vocabulary) -> float:
    """The share of ``words`` that a clause has."""
    return sum(held(word, text) >= _HELD for word in words) / len(words) if words else 0.0


def _added(clause: Clause, theirs: Sequence[Clause], nearly: float) -> bool:
    """Whether the clauses of the quotes that say most of what this one denies do not deny it."""
    shares = [_shared(clause.words, other.text) for other in theirs]
    best = max(shares, default=0.0)
    near = [
        other
        for other, share in zip(theirs, shares, strict=True)
        if share >= nearly * best - _EQUAL or best < 1 / 3  # nothing there is alike: any denial may be meant
    ]
    return not any(other.denies + len(_beyond(other, clause)) >= clause.denies for other in near)


def _beyond(clause: Clause, other: Clause) -> list[Word]:
    """The words of a clause that may deny and that ``other`` does not have as well."""
    return [word for word in clause.may if not _begun(fold(word.text), other.text)]


def _begun(word: str, text: Vocabulary) -> bool:
    """Whether a folded word is in a text with any ending; "successful" does not begin like "unsuccessful"."""
    stem = word[: max(4, len(word) - 2)]
    return any(other.startswith(stem) for other in text.words)


def _lost(clause: Clause, ours: Sequence[Clause], theirs: Sequence[Clause], least: float) -> bool:
    """Whether the statement says what this clause of the quotes denies, and no other of them asserts it."""
    share, best = max(
        ((_shared(clause.words, own.text), own) for own in ours), key=lambda pair: pair[0], default=(0, None)
    )
    if best is None or best.denies >= clause.denies or _beyond(best, clause):
        return False
    if share < least and not _within(best, clause):
        return False
    asserted = max((_shared(best.words, other.text) for other in theirs if not other.denies), default=0.0)
    return asserted < _shared(best.words, clause.text) + _EQUAL


def _within(own: Clause, clause: Clause) -> bool:
    """Whether a clause of the statement says nothing but what this one, which may be longer, has, too."""
    return len(own.words) >= _LEAST_WORDS and _shared(own.words, clause.text) >= 1 - _EQUAL


def _opposed(ours: Sequence[Clause], theirs: Sequence[Clause]) -> bool:
    """Whether one side has "unsafe" where the other has "safe"."""
    mine = {word.text.lower() for clause in ours for word in clause.words}
    others = {word.text.lower() for clause in theirs for word in clause.words}
    return any(_opposite(word, mine, others) or _opposite(word, others, mine) for word in mine | others)


def _opposite(word: str, here: set[str], there: set[str]) -> bool:
    """Whether ``word`` is here and only its opposite, "un-" before it or taken off, is there."""
    opposite = "un" + word
    if word not in here or opposite not in there or opposite in here or word in there:
        return False
    return len(word) > 3 and any(is_listed(opposite, language) for language in LANGUAGES)
