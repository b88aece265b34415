"""What was said where it follows its verb within a clause, as in English: "said (that) the bridge would close"."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.quotations.cues import LONGEST_FRAME, SpeechCue
from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.noun_phrases import noun_phrase
from ingest.quotations.reading import ReadClause, ReadSentence, Token


def bare_content(sentence: ReadSentence, cue: SpeechCue, grammar: SpeechGrammar) -> int | None:
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
