"""What verbs of saying frame: clauses that follow, clauses that went before, all of a sentence around "wie … mitteilte"."""

from __future__ import annotations

from ingest.quotations.bare_content import is_verbal
from ingest.quotations.content import content_after, is_main_clause
from ingest.quotations.content_ends import content_end, end_of, resumes
from ingest.quotations.cues import LONGEST_FRAME, SpeechCue, is_reflexive
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.moods import is_finite, is_told, verb_second
from ingest.quotations.reading import ReadSentence
from ingest.quotations.reported import Reported, reported_by


def by_verbs(sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar) -> list[Reported]:
    """What verbs of saying frame: clauses that follow, or that went before."""
    found: list[Reported] = []
    for cue in cues:
        outer = _content_before(sentence, cue, grammar) if found and _closes(sentence, cue, grammar) else None
        if outer is not None and outer.end >= found[-1].end:
            found = [outer]  # "He had been told that …, said Hill"
            continue
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
            found.append(reported_by(sentence, cue, start, content_end(sentence, clause, cues, grammar)))
            continue
        if not found:
            before = _content_before(sentence, cue, grammar)
            if before:
                found.append(before)
    return found


def _closes(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether a frame ends a sentence, with no more than what is added to its speaker behind it."""
    first = cue.token == sentence.clauses[cue.clause].first
    return first and _inverted(sentence, cue, grammar) and not resumes(sentence, cue.clause, grammar)


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
    number = _as_opening(sentence, cue, grammar)
    if number is None:
        return None
    tokens = sentence.tokens
    if grammar.verb_last and cue.token < sentence.clauses[cue.clause].last - 3:
        return None
    if number == 0:
        rest = sentence.clauses[cue.clause + 1 :]
        if not rest:
            return None
        return reported_by(sentence, cue, tokens[rest[0].first].start, sentence.body_end)
    if cue.clause == len(sentence.clauses) - 1:
        return reported_by(sentence, cue, sentence.start, end_of(sentence, sentence.clauses[number - 1]))
    return reported_by(sentence, cue, sentence.start, sentence.body_end)


def _as_opening(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int | None:
    """The clause with which "wie … mitteilte" begins, which the verb ends: its own, or one before what is added between commas."""
    tokens = sentence.tokens
    for number in range(cue.clause, max(-1, cue.clause - 3), -1):
        clause = sentence.clauses[number]
        opening = clause.first
        while opening < clause.last - 1 and tokens[opening].lower in grammar.adverbs | grammar.conjunctions:
            opening += 1
        if tokens[opening].lower in grammar.as_words:
            return number if cue.token - opening <= LONGEST_FRAME else None
        if not grammar.verb_last or cue.token != sentence.clauses[cue.clause].last - 1:
            return None  # no verb at the end of what began earlier
    return None


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
    if grammar.verb_last and not _is_complete(sentence, cue, grammar):
        following = sentence.tokens[sentence.clauses[cue.clause + 1].first] if goes_on else None
        if following is None or not (is_finite(following.lower, grammar) or following.lower.endswith("t")):
            return None  # "In zehn Jahren, schätzt Müller, soll …" goes on with its verb
    if goes_on:
        return reported_by(sentence, cue, sentence.start, sentence.body_end)
    return reported_by(sentence, cue, sentence.start, end_of(sentence, before[-1]))


def _is_complete(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether what stands before a frame is a sentence, and no mere part of it: "In einem Bericht, der …, fordert Annan …".

    "Da er fror, bat er um …" and "Nach dem Spiel, das …, sagte er …" say nothing before the verb; "Ob er friere, fragte er" does.
    """
    tokens = sentence.tokens
    opening = tokens[0].lower
    if opening in grammar.complementisers:
        return True
    clauses = sentence.clauses[: cue.clause]
    if opening in grammar.subordinators or opening in grammar.as_words:
        return len(clauses) > 1 and (
            is_told(sentence, cue.clause - 1, grammar) or is_told(sentence, 0, grammar)
        )
    return any(
        verb_second(sentence, clause.first, grammar) is not None or is_told(sentence, number, grammar)
        for number, clause in enumerate(clauses)
        if tokens[clause.first].lower not in grammar.relatives or number == 0
    )


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
    if tokens[clause.last - 1].lower in grammar.negations:
        return False  # "…, antwortete Müller nicht"
    opened = tokens[clause.first].lower in grammar.auxiliaries and not cue.passive
    pointed = tokens[clause.first].lower in grammar.impersonal and cue.token - clause.first in (1, 2)
    if pointed and cue.verb.finite and cue.speaker is not None and cue.speaker[0] > cue.token:
        return grammar.verb_last  # "…, das teilte Müller mit"
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


def only_reported(
    sentence: ReadSentence, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar
) -> list[Reported]:
    """What a sentence says that was said, demanded, criticised, but not in which words: all of it, or each main clause that says so."""
    found: list[Reported] = []
    for cue in cues:
        if not _reports(sentence, cue, grammar):
            continue
        first, last = _main_clause(sentence, cue, grammar)
        start = sentence.start if first == 0 else sentence.tokens[first].start
        end = sentence.end if last >= sentence.clauses[-1].last else sentence.tokens[last - 1].end
        if not found or found[-1].end <= start:
            found.append(reported_by(sentence, cue, start, end, "reported"))
    return found


def _reports(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    if cue.verb is None or not cue.verb.reports or cue.speaker is None or cue.passive:
        return False
    words = {token.lower for token in sentence.tokens[sentence.clauses[cue.clause].first : cue.token]}
    if cue.verb.lemma in grammar.naming and is_reflexive(sentence, cue.clause, grammar):
        return False
    helped = sentence.tokens[cue.token].lower == cue.verb.lemma and not grammar.auxiliaries.isdisjoint(words)
    before = sentence.tokens[cue.token - 1].lower if cue.token else ""
    if not grammar.verb_last and before in grammar.auxiliaries - grammar.perfects:
        return False  # what had been said, would be said
    if helped or (cue.verb.lemma in grammar.of_verbs and not _has_of(sentence, cue, grammar)):
        return False
    return cue.verb.finite or not words.isdisjoint(grammar.perfects)


def _main_clause(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> tuple[int, int]:
    """The tokens of the main clause with a cue, and of what depends on it; of a relative clause only its own."""
    clauses, tokens = sentence.clauses, sentence.tokens
    if not grammar.verb_last:
        return 0, clauses[-1].last
    own = clauses[cue.clause]
    if cue.clause and tokens[own.first].lower in grammar.relatives and cue.token == own.last - 1:
        return own.first, own.last
    starts = [
        number
        for number in range(len(clauses))
        if number == 0 or _starts_main_clause(sentence, number, grammar)
    ]
    first = max(number for number in starts if number <= cue.clause)
    last = min((number for number in starts if number > cue.clause), default=len(clauses))
    end = clauses[last - 1].last
    return clauses[first].first, end


def _starts_main_clause(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether a clause begins something new: after ";", with "während" or "aber", or with a subject and its verb."""
    clause, tokens = sentence.clauses[number], sentence.tokens
    if number == 0:
        return True
    if clause.opener == ";" or tokens[clause.first].lower in grammar.contrasts:
        return True
    return clause.opener == "," and is_main_clause(sentence, clause, grammar)


def _has_of(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether a verb that also means something else has the preposition with which it reports: "sprach von …"."""
    clause = sentence.clauses[cue.clause]
    return any(token.lower in grammar.agents for token in sentence.tokens[clause.first : clause.last])
