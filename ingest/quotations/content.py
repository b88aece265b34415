"""What was said, where a verb or a noun of saying frames it: which clause it begins with."""

from __future__ import annotations

from ingest.quotations.bare_content import bare_content
from ingest.quotations.cues import SpeechCue
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.moods import ends_with_mood, is_finite, is_infinitive, is_mooded, is_told
from ingest.quotations.noun_phrases import noun_phrase
from ingest.quotations.reading import ReadClause, ReadSentence

_FARTHEST = 3  # clauses from a verb to what was said


def content_after(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int | None:
    """The token with which begins what was said, after the clause of its cue or within it; None where nothing of the kind follows."""
    if grammar.verb_last and _is_not_said(sentence, cue, grammar):
        return None
    if grammar.bare_content and cue.kind != "noun":
        bare = bare_content(sentence, cue, grammar)
        if bare is not None:
            return bare
    for number in range(cue.clause + 1, min(cue.clause + 1 + _FARTHEST, len(sentence.clauses))):
        clause = sentence.clauses[number]
        if clause.opener == ";":
            return None
        if number == cue.clause + 1 and _goes_on_outside(sentence, cue, grammar):
            return None
        if _says_what(sentence, number, near=number == cue.clause + 1, grammar=grammar):
            return clause.first
        if number == cue.clause + 1 and cue.kind == "verb" and _is_told_plainly(sentence, number, grammar):
            return clause.first
        if cue.kind == "noun" and number > cue.clause:
            return None
        if not _lies_between(sentence, clause, grammar):
            return None
    return None


def _says_what(sentence: ReadSentence, number: int, *, near: bool, grammar: SpeechGrammar) -> bool:
    """Whether a clause is content: "dass …", a clause in the subjunctive, "… zu zahlen"."""
    clause, tokens = sentence.clauses[number], sentence.tokens
    if clause.first + 1 >= clause.last and tokens[clause.first].kind == "q":
        return False
    first = tokens[clause.first].lower
    second = tokens[min(clause.first + 1, clause.last - 1)].lower
    if second in grammar.that and first in grammar.so:
        return False  # "…, so dass" tells what came of it
    if first in grammar.that or (second in grammar.that and first in grammar.conjunctions | grammar.adverbs):
        return True
    if near and first in grammar.complementisers and first not in grammar.relatives:
        return True
    if clause.opener == ":" and tokens[clause.first].kind != "q":
        return is_told(sentence, number, grammar)
    if first in grammar.subordinators and is_finite(second, grammar) and clause.last - clause.first > 2:
        return near and is_told(sentence, number, grammar)  # "damit solle …": no subordinate clause
    relative = first in grammar.relatives and ends_with_mood(sentence, clause, grammar)
    if not relative and first not in grammar.subordinators and is_told(sentence, number, grammar):
        return True
    if is_infinitive(sentence, clause, grammar):
        return True
    if first in grammar.subordinators and first not in grammar.that and number + 1 < len(sentence.clauses):
        return near and is_told(sentence, number + 1, grammar)
    return False


def _is_not_said(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether a verb says that nothing was said: "konnte nicht bestätigen, ob", or only under a condition: "Sollte angenommen werden, …"."""
    tokens = sentence.tokens
    if cue.verb is None:
        return False
    unsaid = tokens[cue.token].lower == cue.verb.lemma and tokens[cue.token - 1].lower in grammar.negations
    return unsaid or (cue.passive and cue.clause == 0 and tokens[0].lower in grammar.conditional)


def _goes_on_outside(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> bool:
    """Whether the clause after that of a cue is the main clause around it: "Der Bescheid, der das einräumt, soll …"."""
    clause, tokens = sentence.clauses[cue.clause], sentence.tokens
    if not grammar.verb_last or cue.clause == 0 or tokens[clause.first].lower not in grammar.relatives:
        return False
    following = tokens[sentence.clauses[cue.clause + 1].first]
    return cue.token >= clause.last - 2 and not following.capital and is_finite(following.lower, grammar)


def _is_told_plainly(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether a clause behind a verb of saying says what was said without "dass", in whatever mood."""
    clause = sentence.clauses[number]
    return is_main_clause(sentence, clause, grammar) or _is_resumed(sentence, number, grammar)


def _is_resumed(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether a clause is the subject of content whose verb comes after what is added to it: "…, Eva Roth, die dort war, habe …"."""
    if not grammar.verb_last:
        return False
    tokens = sentence.tokens
    clause = sentence.clauses[number]
    if any(
        not token.capital and is_finite(token.lower, grammar) for token in tokens[clause.first : clause.last]
    ):
        return False
    for later in range(number + 1, min(number + 1 + _FARTHEST, len(sentence.clauses))):
        first = tokens[sentence.clauses[later].first]
        if not first.capital and is_mooded(first.lower, grammar):
            return noun_phrase(tokens, clause.first, clause.last, grammar) is not None
        if first.lower not in grammar.relatives and not first.capital:
            return False
    return False


def is_main_clause(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    """Whether a clause behind a verb of saying is told as a main clause: "…, Nordkorea besitze Waffen", "…, er kommt"."""
    if not grammar.verb_last:
        return False
    tokens = sentence.tokens
    found = noun_phrase(tokens, clause.first, clause.last, grammar)
    if found is None or found[1] >= clause.last:
        return False
    verb = tokens[found[1]]
    pronoun = found[1] - found[0] == 1 and tokens[found[0]].lower in grammar.pronouns
    if (
        verb.kind != "w"
        or verb.capital
        or verb.lower in grammar.adverbs
        or verb.lower in grammar.prepositions
        or verb.lower in grammar.links
    ):
        return False
    told = verb.lower.endswith("e") and not verb.lower.endswith("te") and len(verb.lower) > 4
    opening = tokens[clause.first].lower
    indicative = verb.lower.endswith(("t", "en")) and (pronoun or found[1] < clause.last - 1)
    return told or (
        indicative and (opening in grammar.determiners or (pronoun and opening not in grammar.relatives))
    )


def _lies_between(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    """Whether a clause only adds to what stands before it, so that content may follow: a relative clause, an apposition."""
    first = sentence.tokens[clause.first]
    return first.lower in grammar.relatives or clause.last - clause.first <= 6
