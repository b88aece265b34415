"""What the mood of verbs says: whether a sentence tells others' words, and from where on."""

from __future__ import annotations

import re

from ingest.quotations.grammar import SpeechGrammar
from ingest.quotations.reading import ReadClause, ReadSentence


def has_form(sentence: ReadSentence, forms: frozenset[str]) -> bool:
    return any(token.lower in forms and not token.capital for token in sentence.tokens)


def is_told(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    clause = sentence.clauses[number]
    tokens = sentence.tokens
    return any(
        token.kind == "w"
        and not token.capital
        and (
            is_mooded(token.lower, grammar)
            or (
                index > clause.first
                and _is_mooded_after_pronoun(tokens[index - 1].lower, token.lower, grammar)
            )
        )
        for index, token in enumerate(tokens[clause.first : clause.last], clause.first)
    )


def _is_mooded_after_pronoun(before: str, word: str, grammar: SpeechGrammar) -> bool:
    """Whether a word is a verb in the subjunctive because it has the ending of one after "er", "es" or "man"."""
    singular = bool(grammar.subjunctive) and before in grammar.singular
    return singular and word.endswith("e") and not word.endswith("te") and len(word) > 4


def is_mooded(word: str, grammar: SpeechGrammar) -> bool:
    return bool((word in grammar.subjunctive) or (word in grammar.conditional) or word in grammar.hearsay)


def ends_with_mood(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    return is_mooded(sentence.tokens[clause.last - 1].lower, grammar)


def is_infinitive(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    if grammar.infinitive is None or sentence.tokens[clause.first].lower in grammar.purposes:
        return False
    words = [token.text for token in sentence.tokens[clause.first : clause.last]]
    if len(words) < 3:
        return False
    last = next((n for n, word in enumerate(words) if word.lower() in grammar.conjunctions and n), len(words))
    return any(
        grammar.infinitive.match(" ".join(words[max(0, end - 2) : end])) is not None
        or grammar.infinitive.match(words[end - 1]) is not None
        for end in {last, len(words)}
        if words[end - 1][:1].islower()
    )


def is_past(word: str) -> bool:
    """Whether a word looks like a verb of the past."""
    return _PAST.match(word) is not None


def is_finite(word: str, grammar: SpeechGrammar) -> bool:
    return word in grammar.auxiliaries or is_mooded(word, grammar)


_FINITE = re.compile(
    r"[^\W\d_]{2,}(?:t|te|ten|en|e)$|(?:\w{0,4}?(?:war|ist|gab|gaben|ließ|sah|kam|lag|fiel|fand|stand|ging|hing|nahm|sprach|schrieb|blieb|stieg|hielt|"
    r"sank|zog|trug|lief|rief|wurd|tat|bot|verlor|schlug|fuhr|flog|starb|traf|brach|trat|begann|gewann)|sei|soll|will|kann|darf|muss|mag)$"
)
_PAST = re.compile(
    r"[^\W\d_]{2,}(?:te|ten)$|\w{0,4}?(?:ließ|sah|kam|lag|fiel|fand|stand|ging|nahm|sprach|schrieb|blieb|hielt|zog|trug|lief|rief|bot|verlor|schlug|traf"
    r"|brach|trat|begann|gewann)$"
)
_LONGEST_FIRST = 14  # words before the finite verb of a main clause


def verb_second(sentence: ReadSentence, first: int, grammar: SpeechGrammar) -> int | None:
    """The finite verb that follows the first part of a main clause, at token ``first`` or later in its clause; None where none is sure."""
    tokens = sentence.tokens
    clause = sentence.clauses[sentence.clause_of(first)]
    for at in range(first, min(clause.last, first + _LONGEST_FIRST)):
        word = tokens[at]
        if word.kind != "w" or word.capital or is_function_word(word.lower, grammar):
            continue
        if at == first:
            if clause.first < first:
                return at
            continue
        before = tokens[at - 1]
        noun = before.capital and not (at == 1 and _asks_for_noun(before.lower, grammar))
        behind = noun or before.kind != "w" or (before.lower in grammar.adverbs and tokens[at - 2].capital)
        if behind and (word.lower in grammar.auxiliaries or _FINITE.match(word.lower)):
            return at
        if at == first + 1 and (before.lower in grammar.pronouns or before.lower in grammar.impersonal):
            return at
    return None


def _asks_for_noun(word: str, grammar: SpeechGrammar) -> bool:
    """Whether a noun follows a word that opens a sentence, after its adjectives."""
    if word in grammar.pronouns or word in grammar.impersonal:
        return False
    return word in grammar.determiners or word in grammar.oblique or word in grammar.prepositions


def is_function_word(word: str, grammar: SpeechGrammar) -> bool:
    return (
        word in grammar.prepositions
        or word in grammar.determiners
        or word in grammar.oblique
        or word in grammar.links
        or word in grammar.adverbs
        or word in grammar.conjunctions
    )


def told_from(sentence: ReadSentence, grammar: SpeechGrammar) -> int:
    """Where others' words begin in a sentence that has no frame but their mood: with it, or with the clause that has the mood."""
    moody = not sentence.lower.isdisjoint(grammar.subjunctive) or not sentence.lower.isdisjoint(
        grammar.hearsay
    )
    if not moody or not sentence.lower.isdisjoint(grammar.first_person):
        return -1
    tokens = sentence.tokens
    for number, clause in enumerate(sentence.clauses):
        if _is_hearsay(sentence, clause, grammar) or _has_subjunctive(sentence, clause, grammar):
            opening = tokens[clause.first].lower
            begins = (
                number == 0 or tokens[0].lower in grammar.subordinators or tokens[0].lower in grammar.as_words
            )
            earlier = any(is_told(sentence, other, grammar) for other in range(number))
            if begins or earlier or verb_second(sentence, 0, grammar) is None:
                return 0
            if opening in grammar.subordinators and opening not in grammar.that:
                return clause.first if is_told_alone(sentence, number, grammar) else 0
            return _list_start(sentence, number) if _starts_new(sentence, clause, grammar) else 0
    return -1


def _list_start(sentence: ReadSentence, number: int) -> int:
    """Where a clause begins with the items of a list before it that a colon opens: "…: Nützlich, offen und lang sei es gewesen"."""
    before = sentence.clauses[number - 1]
    listed = (
        sentence.clauses[number].opener == "," and before.opener == ":" and before.last - before.first <= 2
    )
    return before.first if listed else sentence.clauses[number].first


def _has_subjunctive(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    return any(
        token.kind == "w" and not token.capital and token.lower in grammar.subjunctive
        for token in sentence.tokens[clause.first : clause.last]
    )


def is_told_alone(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether of a sentence only a subordinate clause has the mood of others' words: "Er blieb, weil es zu spät sei"."""
    clause, tokens = sentence.clauses[number], sentence.tokens
    first = tokens[clause.first].lower
    subordinate = first in grammar.relatives or first in grammar.subordinators
    if not subordinate or not ends_with_mood(sentence, clause, grammar):
        return False
    return not any(
        is_told(sentence, other, grammar) for other in range(len(sentence.clauses)) if other < number
    )


def _starts_new(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    """Whether a clause is no mere item of a list or attribute of the one before: it has words before its verb, or a conjunction."""
    return clause.last - clause.first > 2 and clause.opener in ",:;–"


def _is_hearsay(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    """Whether a clause says with "soll … haben" that it is only said."""
    words = [token.lower for token in sentence.tokens[clause.first : clause.last]]
    return not grammar.hearsay.isdisjoint(words) and words[-1] in grammar.perfect_ends


def is_conditional(sentence: ReadSentence, grammar: SpeechGrammar) -> bool:
    """Whether the main clause is in the mood that stands for the subjunctive, "Sie hätten …", or tells what is planned: "Sie sollen …"."""
    if not sentence.clauses:
        return False
    if sentence.lower.isdisjoint(grammar.conditional) and sentence.lower.isdisjoint(grammar.hearsay):
        return _has_subjunctive_ending(sentence, grammar)
    opening = sentence.tokens[0].lower
    clauses = sentence.clauses[: 2 if opening in grammar.subordinators else 1]
    if opening in grammar.conditions:
        return False
    return any(
        token.kind == "w"
        and not token.capital
        and (token.lower in grammar.conditional or token.lower in grammar.hearsay)
        for clause in clauses
        for token in sentence.tokens[clause.first : clause.last]
    )


def _has_subjunctive_ending(sentence: ReadSentence, grammar: SpeechGrammar) -> bool:
    """Whether the finite verb of the main clause has the ending of the subjunctive: "Der Zugang funktioniere weiterhin"."""
    if not grammar.subjunctive or not sentence.lower.isdisjoint(grammar.first_person):
        return False
    if sentence.tokens[0].lower in grammar.subordinators:
        return False
    verb = verb_second(sentence, 0, grammar)
    if verb is None:
        return False
    tokens = sentence.tokens
    word = tokens[verb].lower
    described = (
        verb == 1 and len(tokens) > 2 and tokens[2].capital and tokens[0].lower not in grammar.pronouns
    )
    if described or word in grammar.sources_after:
        return False  # "Auch große Städte …"
    return (
        word.endswith("e") and not word.endswith("te") and len(word) > 3 and word not in grammar.auxiliaries
    )
