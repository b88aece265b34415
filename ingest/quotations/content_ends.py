"""Where what was said ends: with its sentence, or before its frame goes on; and whether it goes on behind a frame in its middle."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.quotations.cues import SpeechCue
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.moods import is_finite, is_function_word, is_mooded, is_past, is_told, is_told_alone
from ingest.quotations.reading import ReadClause, ReadSentence, Token


def end_of(sentence: ReadSentence, clause: ReadClause) -> int:
    return sentence.tokens[clause.last - 1].end


def content_end(
    sentence: ReadSentence, first: int, cues: tuple[SpeechCue, ...], grammar: SpeechGrammar
) -> int:
    """Where content ends that begins at token ``first``: with the sentence, or before its frame goes on with another verb of saying."""
    begun = sentence.clause_of(first)
    if grammar.bare_content and _is_participial(sentence, cues, begun, grammar):
        return end_of(sentence, sentence.clauses[begun])  # "Asked whether she would go, she nodded"
    ended = _coordinated(sentence, first, grammar)
    if ended is not None:
        return ended
    for later, clause in enumerate(sentence.clauses):
        quoted = clause.opener == ":" and sentence.tokens[clause.first].kind == "q"
        if later > begun and (quoted or (clause.opener == ";" and not is_told(sentence, later, grammar))):
            return end_of(sentence, sentence.clauses[later - 1])
        if (
            later > begun
            and grammar.verb_last
            and clause.opener == ","
            and _returns(sentence, begun, later, grammar)
        ):
            return end_of(sentence, sentence.clauses[later - 1])
    for cue in cues:
        if cue.clause <= begun or cue.verb is None:
            continue
        clause = sentence.clauses[cue.clause]
        lead = sentence.tokens[clause.first : cue.token]
        if len(lead) <= 1 and all(token.lower in grammar.conjunctions for token in lead) and cue.verb.finite:
            return end_of(sentence, sentence.clauses[cue.clause - 1])
    return sentence.body_end


def _is_participial(
    sentence: ReadSentence, cues: tuple[SpeechCue, ...], begun: int, grammar: SpeechGrammar
) -> bool:
    """Whether content in the first clause depends on a participle, which the main clause follows."""
    opens = (
        bool(cues) and cues[0].clause == begun == 0 and cues[0].speaker is None and len(sentence.clauses) > 1
    )
    return (
        opens
        and not sentence.tokens[0].lower.endswith("s")
        and cues[0].token <= 1
        and cues[0].verb is not None
    )


def _returns(sentence: ReadSentence, begun: int, later: int, grammar: SpeechGrammar) -> bool:
    """Whether a clause goes on with the frame before content: "Während er ankündigte, zu gehen, blieb sie", "…, er sei krank, erkannte …"."""
    tokens = sentence.tokens
    opening = tokens[sentence.clauses[0].first].lower
    dependent = opening in grammar.subordinators - grammar.that or opening in grammar.as_words
    first = tokens[sentence.clauses[later].first]
    if not is_frame_verb(first, grammar) and not (dependent and _may_be_verb(first, grammar)):
        return False
    content = tokens[sentence.clauses[begun].first].lower
    conditioned = any(
        tokens[clause.first].lower in grammar.subordinators - grammar.that
        for clause in sentence.clauses[begun:later]
    )
    return dependent or not (conditioned or content in grammar.subordinators - grammar.that)


def _may_be_verb(token: Token, grammar: SpeechGrammar) -> bool:
    """Whether a word that opens a clause may be its verb, for it is no other word that clauses open with."""
    word = token.lower
    if token.kind != "w" or token.capital or is_function_word(word, grammar) or is_mooded(word, grammar):
        return False
    return (
        word not in grammar.complementisers
        and word not in grammar.subordinators
        and word not in grammar.purposes
    )


def free_end(sentence: ReadSentence, first: int, grammar: SpeechGrammar) -> int:
    """Where others' words end that begin at token ``first`` and that nothing frames: with the sentence, or before what isn't told so."""
    tokens = sentence.tokens
    begun = sentence.clause_of(first)
    alone = first > 0 and is_told_alone(sentence, begun, grammar)
    for later, clause in enumerate(sentence.clauses):
        quoted = clause.opener == ":" and tokens[clause.first].kind == "q"
        resumed = alone and later > begun and is_frame_verb(tokens[clause.first], grammar)
        if later > begun and (quoted or resumed):
            return end_of(sentence, sentence.clauses[later - 1])
    return sentence.end


def is_frame_verb(token: Token, grammar: SpeechGrammar) -> bool:
    """Whether a clause that begins so goes on with the main clause, which tells itself: ", erkannte das Gericht nicht an"."""
    if token.kind != "w" or token.capital or is_mooded(token.lower, grammar):
        return False
    saying = any(verb.finite for verb in grammar.verbs.get(token.lower, ()))
    return saying or token.lower in grammar.auxiliaries or (grammar.verb_last and is_past(token.lower))


def _coordinated(sentence: ReadSentence, first: int, grammar: SpeechGrammar) -> int | None:
    """Where content in the subjunctive ends because the frame goes on after "und": "…, er sei krank, und kündigte an, …"."""
    tokens = sentence.tokens
    if not grammar.verb_last:
        return _next_frame(tokens, first, grammar)
    for index in range(first + 2, len(tokens) - 1):
        word = tokens[index + 1]
        if tokens[index].lower not in grammar.coordinators or word.kind != "w" or word.capital:
            continue
        saying = word.lower in grammar.verbs and any(verb.finite for verb in grammar.verbs[word.lower])
        described = word.lower.endswith(("te", "ten")) and tokens[min(index + 2, len(tokens) - 1)].capital
        past = saying or (
            word.lower.endswith(("te", "ten")) and not is_mooded(word.lower, grammar) and not described
        )
        ended = tokens[first].lower not in grammar.that or is_finite(tokens[index - 1].lower, grammar)
        if past and ended and not word.lower.startswith("ge"):
            return tokens[index - 1].start if tokens[index - 1].kind == "p" else tokens[index - 1].end
    return None


def _next_frame(tokens: Sequence[Token], first: int, grammar: SpeechGrammar) -> int | None:
    """Where English content ends because its frame goes on: "said the shops were open and predicted that …"."""
    for index in range(first + 2, len(tokens) - 1):
        word = tokens[index + 1].lower
        forms = grammar.verbs.get(word, ()) if tokens[index].lower in grammar.coordinators else ()
        if any(verb.finite and word != verb.lemma for verb in forms):
            return tokens[index - 1].start if tokens[index - 1].kind == "p" else tokens[index - 1].end
    return None


def resumes(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether what was said goes on after the frame that is clause ``number``, and no apposition of its speaker follows."""
    after = range(number + 1, len(sentence.clauses))
    if not after:
        return False
    opening = sentence.tokens[sentence.clauses[after[0]].first]
    if opening.kind == "q":
        return False
    if opening.lower not in grammar.relatives and any(is_told(sentence, later, grammar) for later in after):
        return True
    if any(sentence.tokens[sentence.clauses[later].first].lower in grammar.that for later in after):
        return True
    if grammar.bare_content and _stands_within(sentence, number, grammar):
        return True
    return sum(clause.last - clause.first for clause in sentence.clauses[:number]) <= 4


def _stands_within(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether an English frame stands within what was said: "It grew, Hill said, for years", "…, she wrote in May, and …"."""
    tokens, clause = sentence.tokens, sentence.clauses[number]
    following = sentence.clauses[number + 1]
    if clause.opener != "," or following.opener != "," or tokens[clause.first].lower in grammar.verbs:
        return False
    opening, second = tokens[following.first], tokens[min(following.first + 1, following.last - 1)]
    joined = opening.lower in grammar.conjunctions
    if joined and any(verb.finite for verb in grammar.verbs.get(second.lower, ())):
        return False  # "…, she said, and added …"
    return opening.lower not in grammar.relatives and not opening.lower.endswith("ing")
