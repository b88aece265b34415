"""What a sentence says that somebody said: takes its cues and gives stretches of reported speech, with cue and speaker."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.quotations.content import content_after
from ingest.quotations.content_ends import end_of, resumes
from ingest.quotations.cues import LONGEST_FRAME, SpeechCue, noun_cues, verb_cues
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.moods import (
    has_form,
    is_conditional,
    is_finite,
    is_infinitive,
    told_from,
    verb_second,
)
from ingest.quotations.noun_phrases import noun_phrase
from ingest.quotations.reading import ReadClause, ReadSentence
from ingest.quotations.reported import Reported, reported_by
from ingest.quotations.sources import source_cues
from ingest.quotations.verb_frames import by_verbs, only_reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """What was found in a sentence: others' words, all cues, whether it has the mood of others' words, who speaks if anybody."""

    reported: tuple[Reported, ...]
    cues: tuple[SpeechCue, ...]
    told_from: int
    """The token from which the mood of its verbs says that others' words are told; -1 where it doesn't."""
    conditional: bool
    """Whether it is in the other mood, which says so only where it goes on with others' words."""
    refers_back: bool = False
    """Whether it only says who said what went before: "Das sagte ein Sprecher." """


def framing(sentence: ReadSentence, grammar: SpeechGrammar) -> Framing:
    """Reads one sentence."""
    verbs = tuple(verb_cues(sentence, grammar))
    sources = tuple(source_cues(sentence, grammar))
    found = by_verbs(sentence, verbs, grammar)
    if found and _is_told_itself(sentence, found[0], grammar):
        found = []
        verbs = ()
    if found and any(cue.first == 0 for cue in sources):
        found = []  # "Laut Polizei sagte der Mann, …": what leads a sentence frames all of it
    if not found:
        found = _by_so(sentence, grammar) or _by_sources(sentence, sources, grammar)
    nouns: tuple[SpeechCue, ...] = ()
    quoted = any(token.kind == "q" for token in sentence.tokens)
    if quoted or (not found and len(sentence.clauses) > 1):
        nouns = tuple(noun_cues(sentence, grammar))
        named = _by_nouns(sentence, nouns, grammar) if not found else []
        found = found or ([] if named and _is_told_itself(sentence, named[0], grammar) else named)
    told = told_from(sentence, grammar)
    if not found and told != 0:
        found = only_reported(sentence, verbs, grammar)
    return Framing(
        reported=tuple(found),
        cues=(*verbs, *sources, *nouns),
        told_from=told,
        conditional=is_conditional(sentence, grammar),
        refers_back=_refers_back(sentence, verbs, grammar),
    )


def _is_told_itself(sentence: ReadSentence, reported: Reported, grammar: SpeechGrammar) -> bool:
    """Whether the frame is in the mood of others' words: "Er habe gesagt, …"."""
    if not grammar.subjunctive or reported.cue is None or reported.start < reported.cue.start:
        return False
    return any(
        token.kind == "w" and not token.capital and token.lower in grammar.subjunctive
        for token in sentence.tokens
        if token.start < reported.start
    )


def _by_so(sentence: ReadSentence, grammar: SpeechGrammar) -> list[Reported]:
    """ "…, so der Minister", also in the middle."""
    tokens = sentence.tokens
    for number, clause in enumerate(sentence.clauses if not sentence.lower.isdisjoint(grammar.so) else ()):
        if number == 0 or tokens[clause.first].lower not in grammar.so or clause.last - clause.first < 2:
            continue
        named = tokens[clause.first + 1]
        phrase = noun_phrase(tokens, clause.first + 1, clause.last, grammar)
        if phrase is None or not (named.capital or named.lower in grammar.determiners or named.kind == "q"):
            continue
        rest = [token.lower for token in tokens[phrase[1] : clause.last]]
        if any(word in grammar.auxiliaries or word in grammar.verbs for word in rest) or len(rest) > 10:
            continue
        cue = SpeechCue(
            kind="source",
            clause=number,
            token=clause.first,
            first=clause.first,
            last=clause.last,
            speaker=phrase,
        )
        before = sentence.clauses[:number]
        if all(c.last - c.first == 1 and tokens[c.first].kind == "q" for c in before):
            return [
                replace(
                    reported_by(sentence, cue, sentence.start, end_of(sentence, before[-1])), kind="direct"
                )
            ]
        end = sentence.body_end if resumes(sentence, number, grammar) else end_of(sentence, before[-1])
        return [reported_by(sentence, cue, sentence.start, end)]
    return []


def _by_sources(
    sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar
) -> list[Reported]:
    """All of a sentence but the source that it names."""
    for cue in cues:
        if cue.kind not in ("source", "reference"):
            continue
        if sentence.tokens[cue.token].lower in grammar.doubtful and not (
            cue.token == 0
            and (has_form(sentence, grammar.subjunctive) or has_form(sentence, grammar.conditional))
        ):
            continue
        start, end = sentence.start, sentence.body_end
        clause = sentence.clauses[cue.clause]
        tokens = sentence.tokens
        leads = all(
            token.lower in grammar.adverbs or token.lower in grammar.conjunctions
            for token in tokens[clause.first : cue.first]
        )
        if cue.last >= sentence.clauses[-1].last:
            end = (
                tokens[cue.first - 1].start
                if tokens[cue.first - 1].kind == "p"
                else tokens[cue.first - 1].end
            )
        elif leads and (cue.clause == 0 or clause.opener in ":;"):
            start = _behind(sentence, cue, grammar)
        elif cue.clause and cue.first > clause.first and _is_subordinate(sentence, cue.clause, grammar):
            start, end = tokens[clause.first].start, end_of(sentence, clause)
        elif cue.kind == "reference" and cue.first == clause.first and cue.clause:
            start = tokens[min(cue.last, len(tokens) - 1)].start
            last = _last_of(sentence, cue.clause, grammar)
            if last is not sentence.clauses[-1] and clause.opener == ",":
                end = end_of(sentence, last)
        if end - start > 10:
            return [reported_by(sentence, cue, start, end)]
    return []


def _is_subordinate(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether a clause is one of those in which the source is only that clause's: "…, weil er laut Polizei schlief"."""
    clause, tokens = sentence.clauses[number], sentence.tokens
    first, second = tokens[clause.first].lower, tokens[min(clause.first + 1, clause.last - 1)].lower
    opens = first in grammar.relatives or (first in grammar.prepositions and second in grammar.relatives)
    return opens or (grammar.verb_last and first in grammar.subordinators - grammar.that)


def _behind(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int:
    """Where what was said begins behind its source, and behind what is added to that: "Nach Ansicht Müllers, der …, sei …"."""
    tokens = sentence.tokens
    following = next((token for token in tokens[cue.last :] if token.kind != "p"), None)
    if following is None:
        return sentence.start
    verb = (
        verb_second(sentence, cue.last, grammar)
        if grammar.noun_case and tokens[cue.last].kind != "p"
        else None
    )
    if verb is not None:
        return tokens[verb].start
    if tokens[cue.last].kind == "p":
        for clause in sentence.clauses[cue.clause + 1 :]:
            first = tokens[clause.first].lower
            if is_finite(first, grammar) or first in grammar.verbs:
                return tokens[clause.first].start
    return following.start


def _by_nouns(sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar) -> list[Reported]:
    """What nouns of saying frame: "die Forderung, …"."""
    for cue in cues:
        first = content_after(sentence, cue, grammar)
        if first is not None:
            last = _last_of(sentence, sentence.clause_of(first), grammar)
            end = sentence.body_end if last is sentence.clauses[-1] else end_of(sentence, last)
            return [reported_by(sentence, cue, sentence.tokens[first].start, end)]
    return []


def _last_of(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> ReadClause:
    """The last clause of what a noun frames, that at ``number`` with those that depend on it: "die Sorge, dass er, wenn es regnet, …"."""
    tokens = sentence.tokens
    if not grammar.noun_case:
        return sentence.clauses[number]
    while number + 1 < len(sentence.clauses):
        clause = sentence.clauses[number + 1]
        first = tokens[clause.first].lower
        second = tokens[min(clause.first + 1, clause.last - 1)].lower
        depends = (
            first in grammar.complementisers
            or first in grammar.subordinators
            or first in grammar.relatives
            or (first in grammar.prepositions and second in grammar.relatives)
            or is_infinitive(sentence, clause, grammar)
        )
        if clause.opener != "," or not depends:
            break
        open_before = tokens[sentence.clauses[number].last - 1].capital and first in grammar.relatives
        number += 1
        if open_before and number + 1 < len(sentence.clauses) and sentence.clauses[number + 1].opener == ",":
            number += 1  # "dass der Bau, der dort steht, teuer ist"
    return sentence.clauses[number]


def _refers_back(sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar) -> bool:
    first = sentence.tokens[0].lower
    return (
        bool(cues)
        and first in grammar.impersonal - grammar.singular
        and len(sentence.tokens) <= 2 * LONGEST_FRAME
        and cues[0].token <= 2
        and cues[0].verb is not None
        and (cues[0].speaker is not None or cues[0].verb.lemma in grammar.shown_by)
    )
