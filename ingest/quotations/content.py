"""What was said, where a verb or a noun of saying frames it: which clauses it is, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.quotations.cues import SpeechCue
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.moods import (
    ends_with_mood,
    is_finite,
    is_infinitive,
    is_mooded,
    is_told,
    is_told_alone,
)
from ingest.quotations.phrases import noun_phrase
from ingest.quotations.reading import ReadClause, ReadSentence, Token

_FARTHEST = 3  # clauses from a verb to what was said
LONGEST_FRAME = 14  # words of ", said the minister on Monday"


def content_after(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int | None:
    """The token with which begins what was said, after the clause of its cue or within it; None where nothing of the kind follows."""
    if grammar.verb_last and _is_not_said(sentence, cue, grammar):
        return None
    if grammar.bare_content and cue.kind != "noun":
        bare = _bare_content(sentence, cue, grammar)
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
        or verb.lower in grammar.adverbs | grammar.prepositions | grammar.links
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


def _bare_content(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int | None:
    """Where content begins that follows its verb in the same clause: "said (that) the bridge would close"."""
    clause, tokens = sentence.clauses[cue.clause], sentence.tokens
    if cue.verb is None or (cue.passive and cue.speaker is None and cue.verb.reports):
        return None
    before = tokens[cue.token - 1].lower if cue.token > clause.first else ""
    if before in grammar.negations or before.endswith(("n't", "n’t")):
        return None  # "did not say where …"
    index = cue.token + 1
    limit = min(clause.last, cue.token + LONGEST_FRAME)
    for at in range(index, limit):
        if (
            at > index
            and tokens[at].lower in grammar.auxiliaries
            and tokens[at - 1].lower not in grammar.that
        ):
            break  # "said she could not support a law that …"
        if tokens[at].lower in grammar.that and at + 1 < clause.last:
            return at
        asked = grammar.complementisers if cue.verb.particle else grammar.questions
        if tokens[at].lower in asked and at - index <= 3:
            return at
    return _without_that(sentence, clause, cue, grammar)


def _without_that(
    sentence: ReadSentence, clause: ReadClause, cue: SpeechCue, grammar: SpeechGrammar
) -> int | None:
    """The subject of what was said where no "that" stands before it: it has a verb of its own."""
    tokens = sentence.tokens
    if cue.verb is None or cue.verb.lemma not in grammar.that_less:
        return None
    index = cue.token + 1
    if cue.verb.lemma == "tell":
        heard = noun_phrase(tokens, index, clause.last, grammar)
        index = heard[1] if heard else index + 1
    while (
        index < clause.last
        and tokens[index].lower in grammar.adverbs
        and tokens[index].lower.endswith(("day", "ly", "ter"))
    ):
        index += 1
    found = noun_phrase(tokens, index, clause.last, grammar)
    if index < clause.last and tokens[index].lower in grammar.determiners:
        found = found or (index, index + 1)
    if index >= clause.last or (
        found is None and tokens[index].kind == "w" and tokens[index].lower not in grammar.impersonal
    ):
        return None
    rest = [token.lower for token in tokens[index + 1 : sentence.clauses[-1].last]]
    verbal = any(
        word in grammar.auxiliaries
        or (
            word.endswith(("ed", "s"))
            and len(word) > 3
            and not (cue.verb.reports and _is_noun_behind(before, grammar))
        )
        or word.endswith("n't")
        for before, word in zip([tokens[index].lower, *rest], rest, strict=False)
    )
    return index if verbal and len(rest) > 1 else None


def _is_noun_behind(before: str, grammar: SpeechGrammar) -> bool:
    """Whether a word is a noun for what stands before it: "his trousers", "of delays", "outer islands"."""
    return (
        before in grammar.determiners
        or before in grammar.prepositions
        or before.endswith(("er", "ern", "al", "ous"))
    )


def is_verbal(tokens: Sequence[Token], grammar: SpeechGrammar) -> bool:
    """Whether some words of English have a verb, and are no mere name with what is added to it."""
    return any(
        token.lower in grammar.auxiliaries
        or (index > 0 and not token.capital and token.lower.endswith(("ed", "n't", "n’t")))
        for index, token in enumerate(tokens)
    ) or any(
        token.kind == "w"
        and not token.capital
        and token.lower.endswith("s")
        and not token.lower.endswith("'s")
        and len(tokens) > 5
        for token in tokens[1:]
    )


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
    if not is_frame_verb(first, grammar) and not (dependent and first.lower.endswith(("t", "en"))):
        return False
    content = tokens[sentence.clauses[begun].first].lower
    conditioned = any(
        tokens[clause.first].lower in grammar.subordinators - grammar.that
        for clause in sentence.clauses[begun:later]
    )
    return dependent or not (conditioned or content in grammar.subordinators - grammar.that)


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
    return saying or token.lower in grammar.auxiliaries or token.lower.endswith(("te", "ten"))


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
