"""Noun phrases: where one ends that begins at a word, in a language with capital letters for nouns and in one without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.quotations.grammar import SpeechGrammar, matches
from ingest.quotations.reading import Token

# Half-open, of a sentence's tokens.
Phrase = tuple[int, int]

_PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "bin",
        "al",
        "el",
        "di",
        "da",
        "del",
        "la",
        "le",
        "du",
        "ter",
        "ten",
        "zu",
        "ibn",
        "abu",
        "dos",
        "san",
        "y",
        "und",
    ]
)
_INFLECTED = re.compile(r".{2,}(?:e|er|en|es|em|\d)$")
_LONGEST_ATTRIBUTE = 4
_MOST_LINKS = 4


def noun_phrase(tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar) -> Phrase | None:
    """The noun phrase or pronoun that begins with the token ``first``; None where none does."""
    if first >= last:
        return None
    token = tokens[first]
    if token.lower in grammar.pronouns and not (
        token.lower in grammar.determiners and nouns_end(tokens, first, last, grammar)
    ):
        return first, first + 1
    head = nouns_end(tokens, first, last, grammar)
    if head is None:
        return None
    end = head
    for _ in range(_MOST_LINKS):
        if end >= last:
            break
        if tokens[end].lower in grammar.links:
            if grammar.noun_case and _is_nominative(tokens, end, last, grammar):
                break
            linked = _linked(tokens, end, last, grammar)
        elif grammar.noun_case and _is_genitive(tokens, end, last):
            linked = _run(tokens, end + 1, last)
        else:
            break
        if linked is None or _is_time(tokens[end:linked], grammar):
            break  # "said the minister on Monday evening"
        end = linked
    return first, end


def _is_time(phrase: Sequence[Token], grammar: SpeechGrammar) -> bool:
    """Whether what is joined to a phrase says when, not who."""
    nouns = [token for token in phrase if token.capital]
    return bool(nouns) and nouns[0].lower in grammar.no_speakers


def _is_genitive(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether a noun goes on with "kommunaler Unternehmen"."""
    word = tokens[at]
    return (
        at + 1 < last
        and word.text[:1].islower()
        and word.lower.endswith("er")
        and tokens[at + 1].capital
        and len(word.text) > 4
    )


def _is_nominative(tokens: Sequence[Token], at: int, last: int, grammar: SpeechGrammar) -> bool:
    """Whether "der" begins no genitive but the next subject: "laut Eva Roth der neue Plan", "laut Gesetz der Präsident"."""
    if tokens[at].lower not in grammar.nominative or at + 1 >= last:
        return False
    word = tokens[at + 1]
    if not word.capital:
        return (
            word.lower.endswith("e")
            and at + 2 < last
            and (tokens[at + 2].capital or tokens[at + 2].lower.endswith("e"))
        )
    masculine = matches(grammar.roles, word.lower) and not matches(grammar.female_roles, word.lower)
    return masculine and not word.lower.endswith(("er", "n", "e", "s"))


def _linked(tokens: Sequence[Token], link: int, last: int, grammar: SpeechGrammar) -> int | None:
    """Where a phrase ends that goes on with the link at token ``link``; None if nothing follows that it may join."""
    start = link + 1
    while start < last and tokens[start].lower in grammar.links | grammar.oblique | grammar.determiners:
        start += 1
    return nouns_end(tokens, start, last, grammar, attributes=True)


def nouns_end(
    tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar, *, attributes: bool = False
) -> int | None:
    """Where the nouns end that begin at ``first``, after determiners and adjectives; None where there are none."""
    index = first
    determined = False
    while index < last and tokens[index].lower in grammar.determiners:
        determined = True
        index += 1
    if grammar.noun_case:
        return _capitals(tokens, index, last, grammar, attributes or determined)
    return _lower_nouns(tokens, index, last, grammar, determined or attributes)


def _is_attribute(token: Token, grammar: SpeechGrammar) -> bool:
    return token.kind == "w" and not token.capital and _INFLECTED.match(token.lower) is not None


def _capitals(
    tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar, attributes: bool
) -> int | None:
    """Nouns of a language that writes them with capital letters."""
    index = first
    words = 0
    while index < last and tokens[index].kind == "w" and not tokens[index].capital:
        token = tokens[index]
        inflected = _is_attribute(token, grammar) or token.lower.isdigit() or (attributes and words > 0)
        if token.lower in grammar.auxiliaries:
            return None
        plain = token.lower in grammar.verbs or token.lower in grammar.prepositions
        if not attributes and token.lower.endswith(("en", "em")):
            return None
        if words >= _LONGEST_ATTRIBUTE or (plain and not attributes) or (not inflected and not attributes):
            return None
        if token.lower in grammar.prepositions and not attributes:
            return None
        index, words = index + 1, words + 1
    return _run(tokens, index, last)


def _is_quoted_name(token: Token) -> bool:
    return token.kind == "q" and not token.text[1:2].islower()


def _run(tokens: Sequence[Token], first: int, last: int) -> int | None:
    """Where words with capital letters, quoted names and the particles between them end."""
    index = first
    while index < last:
        token = tokens[index]
        if token.capital or _is_quoted_name(token) or (index > first and token.text == "."):
            index += 1
        elif (
            index > first
            and token.lower in _PARTICLES
            and index + 1 < last
            and tokens[index + 1].capital
            and token.lower not in ("von", "der", "und", "zu", "den")
        ):
            index += 2
        else:
            break
    return index if index > first else None


def _lower_nouns(
    tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar, determined: bool
) -> int | None:
    """Nouns of a language that writes them in lower case: up to the verb, the next preposition or adverb."""
    index = first
    while index < last:
        token = tokens[index]
        ends = (
            token.kind == "p"
            or token.lower in grammar.prepositions
            or token.lower in grammar.auxiliaries
            or token.lower in grammar.conjunctions
            or token.lower in grammar.subordinators
            or token.lower in grammar.oblique
            or token.lower in grammar.determiners
            or token.lower in grammar.pronouns
        )
        if not token.capital and token.kind != "q":
            if ends or (index > first and (token.lower in grammar.verbs or token.lower in grammar.adverbs)):
                break
            owned = index > first and tokens[index - 1].lower.endswith(("'s", "’s"))  # "John Smith's lawyer"
            if not determined and index > first and tokens[index - 1].capital and index > 1 and not owned:
                # "John Smith chief executive": no name goes on in lower case.
                break
        elif ends and not token.capital:
            break
        index += 1
    return index if index > first else None
