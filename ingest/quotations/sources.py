"""Phrases that name a source: "laut Polizei", "nach Angaben der Polizei", "der Polizei zufolge", "demnach", "according to"."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.quotations.cues import SpeechCue
from ingest.quotations.grammar import SpeechGrammar, matches
from ingest.quotations.noun_phrases import Phrase, noun_phrase
from ingest.quotations.phrases import last_phrase, source_phrase
from ingest.quotations.reading import ReadClause, ReadSentence, Token

_LONGEST_SOURCE = 5


def source_cues(sentence: ReadSentence, grammar: SpeechGrammar) -> Iterator[SpeechCue]:
    """Phrases that name a source: "laut Polizei", "nach Angaben der Polizei", "der Polizei zufolge", "demnach"."""
    tokens = sentence.tokens
    for number, clause in enumerate(sentence.clauses):
        for index in range(clause.first, clause.last):
            word = tokens[index].lower
            if word not in grammar.source_starts:
                continue
            pair = f"{word}_{tokens[index + 1].lower}" if index + 1 < clause.last else ""
            relative = _relative_source(sentence, number, index, grammar)
            if relative:
                yield relative
            elif word in grammar.sources or pair in grammar.sources:
                start = index + 1 if word in grammar.sources else index + 2
                found = source_phrase(tokens, start, clause.last, grammar)
                if found:
                    yield _source_cue(number, index, index, found[1], found, start)
            elif word in grammar.source_prepositions:
                yield from _named_source(sentence, number, index, grammar)
            elif word in grammar.sources_after or pair in grammar.sources_after:
                found = _phrase_before(tokens, clause, index, grammar)
                last = index + 1 if word in grammar.sources_after else index + 2
                if found:
                    yield _source_cue(number, index, found[0], last, found, last)
            elif word in grammar.references:
                before = (
                    last_phrase(tokens, sentence.clauses[number - 1], grammar)
                    if number and index == clause.first
                    else None
                )
                yield _reference(number, index, index + 1, before)


def _source_cue(
    number: int, token: int, first: int, last: int, speaker: Phrase | None, cue_last: int = 0
) -> SpeechCue:
    return SpeechCue(
        kind="source", clause=number, token=token, first=first, last=last, speaker=speaker, cue_last=cue_last
    )


def _reference(number: int, first: int, last: int, speaker: Phrase | None) -> SpeechCue:
    return SpeechCue(kind="reference", clause=number, token=first, first=first, last=last, speaker=speaker)


def _relative_source(
    sentence: ReadSentence, number: int, index: int, grammar: SpeechGrammar
) -> SpeechCue | None:
    """A relative clause that a noun of saying or writing leads to: "Berichte, nach denen …", "ein Gutachten, laut dem …"."""
    tokens, clause = sentence.tokens, sentence.clauses[number]
    if number == 0 or index != clause.first or index + 2 >= clause.last or not grammar.noun_case:
        return None
    word = tokens[index].lower
    if (word not in grammar.sources and word not in grammar.source_prepositions) or tokens[
        index + 1
    ].lower not in grammar.relatives:
        return None
    ended = sentence.clauses[number - 1].last - 1
    noun = tokens[ended].lower
    written = (
        matches(grammar.nouns, noun) or matches(grammar.source_nouns, noun) or matches(grammar.media, noun)
    )
    if tokens[clause.last - 1].capital or not (written or word in grammar.sources):
        return None
    return _reference(number, index, index + 2, last_phrase(tokens, sentence.clauses[number - 1], grammar))


def _named_source(
    sentence: ReadSentence, number: int, index: int, grammar: SpeechGrammar
) -> Iterator[SpeechCue]:
    """ "nach Angaben der Polizei", "nach Müllers Ansicht", "in the words of the mayor"; or with the preposition behind."""
    tokens, clause = sentence.tokens, sentence.clauses[number]
    for at in range(index + 1, min(index + 1 + _LONGEST_SOURCE, clause.last)):
        word = tokens[at].lower
        if (
            tokens[at].kind == "w"
            and matches(grammar.source_nouns, word)
            and tokens[at].capital == grammar.noun_case
        ):
            found = (
                source_phrase(tokens, at + 1, clause.last, grammar)
                if _goes_on(tokens, at + 1, clause.last, grammar)
                else None
            )
            if found is None and at > index + 1:
                found = noun_phrase(tokens, index + 1, at + 1, grammar) or (index + 1, at + 1)
            if found is None and not grammar.noun_case:
                return
            beside = found is not None and found[0] > at
            yield _source_cue(
                number,
                index,
                index,
                max(at + 1, found[1] if found else 0),
                found or (at, at + 1),
                at + 1 if beside else 0,
            )
            return
        if tokens[at].kind == "p" or (word in grammar.prepositions and tokens[at].kind == "w"):
            break
        if tokens[at].capital and grammar.noun_case and not tokens[min(at + 1, clause.last - 1)].capital:
            break  # "nach Abschluss der Ermittlungen"
    if (
        grammar.noun_case
        and index - 1 >= clause.first
        and matches(grammar.source_nouns, tokens[index - 1].lower)
    ):
        found = _phrase_before(tokens, clause, index, grammar)
        if found and (index + 1 >= clause.last or not tokens[index + 1].capital):
            yield _source_cue(number, index, found[0], index + 1, found)


def _goes_on(tokens: tuple[Token, ...], at: int, last: int, grammar: SpeechGrammar) -> bool:
    """Whether whose words they are follows: "der Polizei", "politischer Beobachter", "Müllers", "of the mayor"."""
    if at >= last:
        return False
    token = tokens[at]
    if token.lower in grammar.links or not grammar.noun_case:
        return token.lower in grammar.links
    following = at + 1 < last and tokens[at + 1].capital
    return token.capital or (token.lower.endswith("er") and following)


def _phrase_before(
    tokens: tuple[Token, ...], clause: ReadClause, end: int, grammar: SpeechGrammar
) -> Phrase | None:
    """The longest noun phrase that ends at ``end``."""
    for start in range(max(clause.first, end - 12), end):
        word = tokens[start].lower
        if not tokens[start].capital and word not in grammar.determiners and word not in grammar.oblique:
            continue
        found = source_phrase(tokens, start, end, grammar)
        if found and found[1] == end:
            return found
    return None
