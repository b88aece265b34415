"""What a sentence says that somebody said: takes its cues and gives stretches of reported speech, with cue and speaker."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.quotations.content import LONGEST_FRAME, content_after, content_end, end_of, is_verbal, resumes
from ingest.quotations.cues import SpeechCue, noun_cues, verb_cues
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.moods import has_form, is_conditional, is_finite, told_from
from ingest.quotations.phrases import Phrase, noun_phrase
from ingest.quotations.reading import ReadSentence
from ingest.quotations.sources import source_cues
from ingest.types import Extent, QuotationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A stretch of a sentence that tells others' words."""

    kind: QuotationKind
    start: int
    end: int
    cue: Extent | None
    speaker: Extent | None
    guessed: bool = False
    """Whether ``speaker`` is only who was spoken of before: it holds for a person."""


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
    found = _by_verbs(sentence, verbs, grammar)
    if found and _is_told_itself(sentence, found[0], grammar):
        found = []
        verbs = ()
    if not found:
        found = _by_so(sentence, grammar) or _by_sources(sentence, sources, grammar)
    nouns: tuple[SpeechCue, ...] = ()
    quoted = any(token.kind == "q" for token in sentence.tokens)
    if quoted or (not found and len(sentence.clauses) > 1):
        nouns = tuple(noun_cues(sentence, grammar))
        found = found or _by_nouns(sentence, nouns, grammar)
    told = told_from(sentence, grammar)
    if not found and told != 0:
        found = _only_reported(sentence, verbs, grammar)
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


def extent(sentence: ReadSentence, phrase: Phrase | None) -> Extent | None:
    """Where a phrase stands in the text."""
    if phrase is None:
        return None
    return Extent(start=sentence.tokens[phrase[0]].start, end=sentence.tokens[phrase[1] - 1].end)


def _cue_extent(sentence: ReadSentence, cue: SpeechCue) -> Extent:
    token = sentence.tokens[cue.token]
    return Extent(start=token.start, end=token.end)


def _made(
    sentence: ReadSentence, cue: SpeechCue, start: int, end: int, kind: QuotationKind = "indirect"
) -> Reported:
    return Reported(
        kind=kind,
        start=start,
        end=end,
        cue=_cue_extent(sentence, cue),
        speaker=extent(sentence, cue.speaker),
    )


def _by_verbs(sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar) -> list[Reported]:
    """What verbs of saying frame: clauses that follow, or that went before."""
    found: list[Reported] = []
    for cue in cues:
        if (
            cue.verb is None
            or not _has_content(sentence, cue, grammar)
            or (found and _start(sentence, cue) < found[-1].end)
        ):
            continue
        as_clause = _as_clause(sentence, cue, grammar)
        if as_clause is None and not found and _inverted(sentence, cue, grammar):
            as_clause = _content_before(sentence, cue, grammar)
        if as_clause:
            found.append(as_clause)
            continue
        clause = None if _ends_quotation(sentence, cue) else content_after(sentence, cue, grammar)
        if clause is not None:
            start = sentence.tokens[clause].start
            found.append(_made(sentence, cue, start, content_end(sentence, clause, cues, grammar)))
            continue
        if not found:
            before = _content_before(sentence, cue, grammar)
            if before:
                found.append(before)
    return found


def _has_content(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether content may follow a verb: that of others only with "dass" ("sprachen davon, dass …")."""
    if cue.verb is None or cue.verb.content:
        return cue.verb is not None
    following = cue.clause + 1
    return (
        following < len(sentence.clauses)
        and sentence.tokens[sentence.clauses[following].first].lower in grammar.that
    )


def _ends_quotation(sentence: ReadSentence, cue: SpeechCue) -> bool:
    """Whether a verb begins the frame behind words in quotation marks: “…,” said Ruth Ellery, a teacher."""
    clause = sentence.clauses[cue.clause]
    if (
        cue.clause == 0
        or cue.token != clause.first
        or (cue.speaker is not None and cue.speaker[0] < cue.token)
    ):
        return False
    before = sentence.clauses[cue.clause - 1]
    return sentence.tokens[before.last - 1].kind == "q"


def _inverted(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether a frame stands behind or within what was said: "…, so schätzen die Forscher, …"."""
    first = sentence.clauses[cue.clause].first
    leads = cue.token == first or (cue.token == first + 1 and sentence.tokens[first].lower in grammar.so)
    return cue.clause > 0 and leads and cue.speaker is not None and cue.speaker[0] > cue.token


def _start(sentence: ReadSentence, cue: SpeechCue) -> int:
    return sentence.tokens[cue.token].start


def _as_clause(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> Reported | None:
    """ "Wie die Polizei mitteilte, …", "…, as the minister put it": all the rest is what was said."""
    clause = sentence.clauses[cue.clause]
    tokens = sentence.tokens
    opening = clause.first
    while opening < clause.last - 1 and tokens[opening].lower in grammar.adverbs | grammar.conjunctions:
        opening += 1
    if tokens[opening].lower not in grammar.as_words or cue.token - opening > LONGEST_FRAME:
        return None
    if grammar.verb_last and cue.token < clause.last - 3:
        return None
    if cue.clause == 0:
        rest = sentence.clauses[1:]
        if not rest:
            return None
        return _made(sentence, cue, tokens[rest[0].first].start, sentence.body_end)
    if cue.clause == len(sentence.clauses) - 1:
        return _made(sentence, cue, sentence.start, end_of(sentence, sentence.clauses[cue.clause - 1]))
    return _made(sentence, cue, sentence.start, sentence.body_end)


def _content_before(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> Reported | None:
    """What was said where its frame comes after it or stands in its middle: "…, sagte der Minister"."""
    if not _follows_content(sentence, cue, grammar):
        return None
    before = sentence.clauses[: cue.clause]
    if all(c.last - c.first == 1 and sentence.tokens[c.first].kind == "q" for c in before):
        return None
    goes_on = resumes(sentence, cue.clause, grammar)
    if grammar.bare_content and not goes_on and not is_verbal(sentence.tokens[: before[-1].last], grammar):
        return None
    if goes_on:
        return _made(sentence, cue, sentence.start, sentence.body_end)
    return _made(sentence, cue, sentence.start, end_of(sentence, before[-1]))


def _follows_content(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether the clause of a cue is a frame after what was said: the verb comes first, or (without inversion) last."""
    if cue.clause == 0 or cue.verb is None:
        return False
    clause, tokens = sentence.clauses[cue.clause], sentence.tokens
    leads_on = cue.clause + 1 < len(sentence.clauses) and sentence.clauses[cue.clause + 1].opener == ":"
    if leads_on:
        return False
    if clause.opener not in ",–" or clause.last - clause.first > LONGEST_FRAME:
        return False
    opened = tokens[clause.first].lower in grammar.auxiliaries and not cue.passive
    if opened and cue.speaker is not None and cue.speaker[0] == clause.first + 1:
        return True  # "…, hatte Müller gesagt"
    if not cue.verb.finite:
        return False
    first = cue.token == clause.first or (
        cue.token == clause.first + 1 and tokens[clause.first].lower in grammar.so
    )
    if first:
        return (cue.speaker is not None and cue.speaker[0] > cue.token) or not grammar.impersonal.isdisjoint(
            token.lower for token in tokens[clause.first : clause.last]
        )
    return (
        not grammar.verb_last
        and cue.speaker is not None
        and cue.speaker[0] == clause.first
        and cue.token - cue.speaker[1] <= 1
        and not cue.passive
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
                replace(_made(sentence, cue, sentence.start, end_of(sentence, before[-1])), kind="direct")
            ]
        end = sentence.body_end if resumes(sentence, number, grammar) else end_of(sentence, before[-1])
        return [_made(sentence, cue, sentence.start, end)]
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
        elif (
            cue.clause
            and tokens[clause.first].lower in grammar.relatives
            and cue.first > clause.first
            and not leads
        ):
            start, end = tokens[clause.first].start, end_of(sentence, clause)
        elif cue.kind == "reference" and cue.first == clause.first and cue.clause:
            start = tokens[min(cue.last, len(tokens) - 1)].start
        if end - start > 10:
            return [_made(sentence, cue, start, end)]
    return []


def _behind(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int:
    """Where what was said begins behind its source, and behind what is added to that: "Nach Ansicht Müllers, der …, sei …"."""
    tokens = sentence.tokens
    following = next((token for token in tokens[cue.last :] if token.kind != "p"), None)
    if following is None:
        return sentence.start
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
            clause = sentence.clauses[sentence.clause_of(first)]
            end = sentence.body_end if clause is sentence.clauses[-1] else end_of(sentence, clause)
            return [_made(sentence, cue, sentence.tokens[first].start, end)]
    return []


def _only_reported(
    sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar
) -> list[Reported]:
    """A sentence that says that something was said, demanded, criticised, but not in which words: all of it."""
    for cue in cues:
        if cue.verb is None or not cue.verb.reports or cue.speaker is None or cue.passive:
            continue
        words = {token.lower for token in sentence.tokens[sentence.clauses[cue.clause].first : cue.token]}
        helped = sentence.tokens[cue.token].lower == cue.verb.lemma and not grammar.auxiliaries.isdisjoint(
            words
        )
        if helped or (cue.verb.lemma in grammar.of_verbs and not _has_of(sentence, cue, grammar)):
            continue
        if cue.verb.finite or not words.isdisjoint(grammar.perfects):
            return [_made(sentence, cue, sentence.start, sentence.end, "reported")]
    return []


def _has_of(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether a verb that also means something else has the preposition with which it reports: "sprach von …"."""
    clause = sentence.clauses[cue.clause]
    return any(token.lower in grammar.agents for token in sentence.tokens[clause.first : clause.last])


def _refers_back(sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar) -> bool:
    first = sentence.tokens[0].lower
    return (
        bool(cues)
        and first in grammar.impersonal
        and len(sentence.tokens) <= 2 * LONGEST_FRAME
        and cues[0].token <= 2
        and cues[0].verb is not None
        and (cues[0].speaker is not None or cues[0].verb.lemma in grammar.shown_by)
    )
