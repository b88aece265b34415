"""Noun phrases around a verb: who is its subject, who stands behind a preposition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.quotations.grammar import SpeechGrammar, matches
from ingest.quotations.reading import ReadClause, ReadSentence, Token

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
        token.lower in grammar.determiners and _head(tokens, first, last, grammar)
    ):
        return first, first + 1
    head = _head(tokens, first, last, grammar)
    if head is None:
        return None
    end = head
    for _ in range(_MOST_LINKS):
        if end >= last:
            break
        if tokens[end].lower in grammar.links:
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


def subject(sentence: ReadSentence, clause: ReadClause, verb: int, grammar: SpeechGrammar) -> Phrase | None:
    """Who does what the verb at token ``verb`` says, within its clause."""
    tokens = sentence.tokens
    after = first_subject(tokens, verb + 1, clause.last, grammar, near=grammar.verb_last)
    pronoun = after is not None and after[1] - after[0] == 1 and tokens[after[0]].lower in grammar.pronouns
    if pronoun and after and grammar.pronouns[tokens[after[0]].lower] == "f" and verb > clause.first:
        before = first_subject(tokens, clause.first, verb, grammar)  # "nannte sie": she, or her
        if before:
            return before
    if after and (verb == clause.first or (grammar.verb_last and pronoun)):
        return after
    before = first_subject(tokens, clause.first, verb, grammar)
    if before and after and grammar.verb_last and _names_object(tokens, verb, before, after, grammar):
        return after
    return before or (after if grammar.verb_last else None)


def _names_object(
    tokens: Sequence[Token], verb: int, before: Phrase, after: Phrase, grammar: SpeechGrammar
) -> bool:
    """Whether the phrase behind the verb is the subject, for what is named goes before: "Die Tat bezeichnete Müller als …".

    "Müller bezeichnete die Tat als …" has its subject first.
    """
    if after[0] != verb + 1 or after[1] >= len(tokens) or tokens[after[1]].lower not in grammar.as_what:
        return False
    first, second = tokens[before[0]].lower, tokens[after[0]].lower
    if first not in grammar.determiners or first in grammar.nominative:
        return False
    return second not in grammar.determiners or second in grammar.nominative


def agent(tokens: Sequence[Token], clause: ReadClause, grammar: SpeechGrammar) -> Phrase | None:
    """Who did it in a passive clause: "von der Polizei"."""
    for index in range(clause.first, clause.last - 1):
        if tokens[index].lower in grammar.agents:
            found = noun_phrase(tokens, index + 1, clause.last, grammar) or noun_phrase(
                tokens, index + 2, clause.last, grammar
            )
            if found and can_speak(tokens, found, grammar):
                return found
    return None


def can_speak(tokens: Sequence[Token], phrase: Phrase, grammar: SpeechGrammar) -> bool:
    """Whether a phrase may name a speaker: not a day, not "es"."""
    first = tokens[phrase[0]].lower
    if phrase[1] - phrase[0] == 1 and first in grammar.pronouns:
        return first not in grammar.impersonal
    if phrase[1] - phrase[0] == 1 and (first in grammar.impersonal or first in grammar.determiners):
        return first in grammar.pronouns and first not in grammar.impersonal
    if tokens[phrase[0]].kind == "q" and (
        tokens[phrase[0]].text.count(" ") > 2 or tokens[phrase[0]].text[-2:-1] in tuple(".!?")
    ):
        return False
    nouns = [token for token in tokens[phrase[0] : phrase[1]] if token.capital or token.kind == "q"]
    if not nouns:
        return not grammar.noun_case
    return nouns[0].lower not in grammar.no_speakers and nouns[-1].lower not in grammar.no_speakers


def first_subject(
    tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar, *, near: bool = False
) -> Phrase | None:
    """The first noun phrase of a stretch that no preposition governs and no case rules out."""
    index = first
    while index < last:
        token = tokens[index]
        if token.kind == "p":
            index += 1
            continue
        governed = token.lower in grammar.prepositions and not (token.capital and index > first)
        oblique = token.lower in grammar.oblique
        if governed or oblique:
            start = index + 1 if governed else index
            skipped = _governed(tokens, start, last, grammar)
            index = max(skipped, index + 1)
            continue
        if token.lower in grammar.adverbs or token.lower in grammar.conjunctions:
            index += 1
            continue
        if index == 0 and matches(grammar.adverb_endings, token.lower):
            index += 1
            continue
        if token.lower in grammar.subordinators or token.lower in grammar.as_words:
            index += 1
            continue
        if token.lower in grammar.impersonal and not (
            token.lower in grammar.determiners and _head(tokens, index, last, grammar)
        ):
            return None
        found = noun_phrase(tokens, index, last, grammar)
        if found and can_speak(tokens, found, grammar):
            return found
        index = found[1] if found else index + 1
    return None


def _governed(tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar) -> int:
    """Where a phrase in another case than a subject's ends."""
    if first < last and tokens[first].lower in grammar.oblique:
        head = _head(tokens, first + 1, last, grammar, attributes=True)
        return head or first + 1
    found = noun_phrase(tokens, first, last, grammar) or _bare(tokens, first, last, grammar)
    return found[1] if found else first


def _bare(tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar) -> Phrase | None:
    head = _head(tokens, first, last, grammar, attributes=True)
    return (first, head) if head else None


def _linked(tokens: Sequence[Token], link: int, last: int, grammar: SpeechGrammar) -> int | None:
    """Where a phrase ends that goes on with the link at token ``link``; None if nothing follows that it may join."""
    start = link + 1
    while start < last and tokens[start].lower in grammar.links | grammar.oblique | grammar.determiners:
        start += 1
    return _head(tokens, start, last, grammar, attributes=True)


def _head(
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
