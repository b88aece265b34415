"""Noun phrases around a verb: who is its subject, who stands behind a preposition, who is a source."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.quotations.grammar import SpeechGrammar, matches
from ingest.quotations.noun_phrases import Phrase, noun_phrase, nouns_end
from ingest.quotations.reading import ReadClause, ReadSentence, Token

_LONGEST_QUOTED_NAME = 4  # spaces in it


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
    if after and grammar.verb_last and _opens_otherwise(tokens[clause.first], grammar):
        return after  # "Den Gästen im Saal der Stadt sagte Roth …": the first part is no subject, so that follows the verb
    before = first_subject(tokens, clause.first, verb, grammar)
    if before and after and grammar.verb_last and _names_object(tokens, verb, before, after, grammar):
        return after
    return before or (after if grammar.verb_last else None)


def _opens_otherwise(token: Token, grammar: SpeechGrammar) -> bool:
    """Whether a clause opens with a phrase that no subject is: after a preposition, or in another case."""
    return token.lower in grammar.oblique or (
        token.lower in grammar.prepositions and token.lower not in grammar.subordinators
    )


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
        tokens[phrase[0]].text.count(" ") > _LONGEST_QUOTED_NAME
        or tokens[phrase[0]].text[-2:-1] in tuple(".!?")
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
        joins = token.lower in grammar.subordinators and token.lower not in grammar.as_what
        if governed and index == first and index + 1 < last and joins:
            following = tokens[index + 1]  # "Während Eva Roth ankündigte, …"
            article = following.lower in grammar.determiners and following.lower not in grammar.links
            governed = not (following.capital or article)
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
            token.lower in grammar.determiners and nouns_end(tokens, index, last, grammar)
        ):
            return None
        found = noun_phrase(tokens, index, last, grammar)
        if found and can_speak(tokens, found, grammar):
            return found
        index = found[1] if found else index + 1
    return None


def _governed(tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar) -> int:
    """Where a phrase in another case than a subject's ends."""
    if first < last and tokens[first].lower in grammar.oblique_pronouns:
        return first + 1
    if first < last and tokens[first].lower in grammar.oblique:
        head = nouns_end(tokens, first + 1, last, grammar, attributes=True)
        return head or first + 1
    found = noun_phrase(tokens, first, last, grammar) or _bare(tokens, first, last, grammar)
    return found[1] if found else first


def _bare(tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar) -> Phrase | None:
    head = nouns_end(tokens, first, last, grammar, attributes=True)
    return (first, head) if head else None


def last_phrase(tokens: tuple[Token, ...], clause: ReadClause, grammar: SpeechGrammar) -> Phrase | None:
    """The last noun phrase of a clause."""
    index, last = clause.first, None
    while index < clause.last:
        found = noun_phrase(tokens, index, clause.last, grammar)
        if found and can_speak(tokens, found, grammar):
            last = found
        index = found[1] if found else index + 1
    return last


def source_phrase(tokens: tuple[Token, ...], first: int, last: int, grammar: SpeechGrammar) -> Phrase | None:
    """The phrase that begins at ``first``, in whatever case."""
    start = first
    while start < last and (
        tokens[start].lower in grammar.oblique or tokens[start].lower in grammar.determiners
    ):
        start += 1
    if (
        first < last
        and tokens[first].lower in grammar.objects
        and (first + 1 >= last or tokens[first + 1].kind == "p")
    ):
        return first, first + 1
    if first < start < last and tokens[start].lower in grammar.prepositions:
        start = _described_noun(tokens, start, last, grammar)
    found = noun_phrase(tokens, start, last, grammar)
    if found is None and start < last - 1:  # "according to the recently published report"
        found = noun_phrase(tokens, start + 1, last, grammar)
    return (first, found[1]) if found else None


def _described_noun(tokens: tuple[Token, ...], first: int, last: int, grammar: SpeechGrammar) -> int:
    """Where a noun's participle stands that has words of its own before it: "einer am Dienstag veröffentlichten Mitteilung"."""
    if not grammar.noun_case:
        return first
    for at in range(first + 1, min(first + 7, last - 1)):
        word = tokens[at]
        if word.kind != "w":
            return first
        described = not word.capital and word.lower.endswith(("en", "er", "e")) and tokens[at + 1].capital
        if described and word.lower not in grammar.prepositions | grammar.oblique | grammar.determiners:
            return at
    return first
