"""Where a sentence says that somebody speaks: verbs and nouns of saying, with their speakers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.quotations.grammar import SpeechGrammar, SpeechVerb, matches
from ingest.quotations.noun_phrases import Phrase, noun_phrase
from ingest.quotations.phrases import agent, can_speak, first_subject, last_phrase, source_phrase, subject
from ingest.quotations.reading import ReadClause, ReadSentence, Token

_NEGATED_WITHIN = 2  # tokens from a negation to its verb
_PARTICLE_WITHIN = 4  # words from the end of a German clause, or from an English verb
LONGEST_FRAME = 14  # words of ", said the minister on Monday"
_MANY = frozenset(["men", "women", "people", "children", "police", "others", "many", "some", "few", "both"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCue:
    """A word of saying by its token; ``first`` and ``last`` of a source phrase are all that isn't said ("laut Polizei")."""

    kind: Literal["verb", "noun", "source", "reference"]
    clause: int
    token: int
    first: int
    last: int
    speaker: Phrase | None
    verb: SpeechVerb | None = None
    passive: bool = False
    cue_last: int = 0
    """Where the words of saying end that begin with ``token``, if they are several: "nach Angaben"."""


def verb_cues(sentence: ReadSentence, grammar: SpeechGrammar) -> Iterator[SpeechCue]:
    """The verbs of saying of a sentence with their speakers, in order."""
    tokens = sentence.tokens
    for number, clause in enumerate(sentence.clauses):
        for index in range(clause.first, clause.last):
            token = tokens[index]
            if token.lower not in grammar.verbs or (token.capital and index > 0):
                continue  # Tim Brand is no verb
            verb = _verb_at(tokens, clause, index, grammar)
            if verb is None or (
                verb.lemma in grammar.performing and _is_performed(tokens, clause, index, grammar)
            ):
                continue
            passive = _is_passive(tokens, clause, index, verb, grammar)
            if verb.lemma in grammar.written:
                speaker = _medium(tokens, clause, grammar, anything=False)
                if speaker is None:
                    continue
            elif passive or verb.lemma in grammar.named_only:
                speaker = agent(tokens, clause, grammar) if passive else None
                speaker = speaker or _medium(tokens, clause, grammar, anything=not passive)
            else:
                speaker = _speaker(sentence, number, index, grammar)
            if _is_unsaid(sentence, number, index, verb, speaker, grammar):
                continue
            if verb.lemma in grammar.quoting and not passive:
                speaker = None
            yield SpeechCue(
                kind="verb",
                clause=number,
                token=index,
                first=index,
                last=index + 1,
                speaker=speaker,
                verb=verb,
                passive=passive,
            )


def _is_unsaid(
    sentence: ReadSentence,
    number: int,
    verb_at: int,
    verb: SpeechVerb,
    speaker: Phrase | None,
    grammar: SpeechGrammar,
) -> bool:
    """Whether a verb tells that nothing was said, or that nobody said it, or asks or supposes that somebody did.

    "Hat nie gesagt, dass", "Das sagte nicht Müller", "Niemand sagte", "Hat sie gesagt, dass …?", "Sollte sie sagen, dass".
    """
    tokens = sentence.tokens
    if speaker is not None and tokens[speaker[0]].lower in grammar.nobody:
        numbered = tokens[min(speaker[0] + 1, len(tokens) - 1)].text.isdecimal()  # "No 10 said"
        return not numbered
    opening = tokens[0].lower
    if (
        number == 0
        and verb_at > 0
        and grammar.verb_last
        and opening in grammar.auxiliaries | grammar.conditional
    ):
        return tokens[-1].text == "?" or opening in grammar.conditional
    if number == 0 and not grammar.verb_last and opening in grammar.conditions:
        return True  # "If she says that …"
    if verb.lemma in grammar.denying:
        return False
    clause = sentence.clauses[number]
    return any(_denies(tokens, at, verb_at, clause, grammar) for at in range(clause.first, clause.last))


def _denies(
    tokens: tuple[Token, ...], at: int, verb_at: int, clause: ReadClause, grammar: SpeechGrammar
) -> bool:
    """Whether the token ``at`` says of the verb of its clause that nothing was said: it ends the clause, or stands just before the verb."""
    word = tokens[at].lower
    if word not in grammar.negations and not word.endswith(("n't", "n’t")):
        return False
    following = tokens[at + 1] if at + 1 < clause.last else None
    if following is None:
        return at > verb_at
    if following.lower in grammar.not_denying:
        return False
    if at < verb_at:
        return verb_at - at <= _NEGATED_WITHIN
    return grammar.verb_last and at == verb_at + 1 and following.capital


def _verb_at(
    tokens: tuple[Token, ...], clause: ReadClause, index: int, grammar: SpeechGrammar
) -> SpeechVerb | None:
    """How the form at a token counts as a verb of saying; None where it doesn't."""
    before = tokens[index - 1].lower if index > clause.first else ""
    if before in grammar.infinitive_words or (
        not grammar.noun_case and _is_noun_form(tokens, clause, index, grammar)
    ):
        return None
    words = [token.lower for token in tokens[clause.first : clause.last]]
    plain: SpeechVerb | None = None
    for verb in grammar.verbs[tokens[index].lower]:
        if verb.particle:
            rest = words[index - clause.first + 1 :]
            near = rest[-_PARTICLE_WITHIN:] if grammar.verb_last else rest[:_PARTICLE_WITHIN]
            if before == verb.particle or (verb.finite and verb.particle in near):
                return verb
        elif (
            verb.finite
            or not grammar.auxiliaries.isdisjoint(words)
            or (verb.lemma + "ing")[-3:] == tokens[index].lower[-3:]
        ):
            plain = plain or verb
    if plain is not None and plain.lemma in grammar.named_only and grammar.impersonal.isdisjoint(words):
        return None
    return plain


def _is_performed(tokens: tuple[Token, ...], clause: ReadClause, index: int, grammar: SpeechGrammar) -> bool:
    """Whether a verb makes something what it says, and tells nothing: "für ungültig erklärt", "zum Sieger erklärt"."""
    before = tokens[max(clause.first, index - 3) : index]
    return any(token.lower in grammar.made_into for token in before[:-1])


def _is_noun_form(tokens: tuple[Token, ...], clause: ReadClause, index: int, grammar: SpeechGrammar) -> bool:
    """Whether an English form that may be a noun is one: "the report", "his claims"."""
    if index == clause.first:
        return False
    before = tokens[index - 1]
    form = tokens[index].lower
    nominal = (
        before.lower in grammar.determiners
        or before.lower in grammar.prepositions
        or before.lower.endswith(("'s", "’s"))
    )
    if not nominal and not form.endswith(("ed", "ing", "d", "s")) and form in grammar.verbs:
        lemma = grammar.verbs[form][0].lemma
        many = any(
            token.lower.endswith("s") or token.lower in _MANY for token in tokens[clause.first : index]
        )
        plural = (
            many
            or before.lower
            in (
                "they",
                "we",
                "i",
                "you",
                "would",
                "will",
                "did",
                "not",
                "also",
                "and",
                "to",
            )
            or before.lower.endswith("s")
        )
        return form == lemma and not plural
    return nominal and before.lower not in grammar.standing_alone


def _is_passive(
    tokens: tuple[Token, ...], clause: ReadClause, index: int, verb: SpeechVerb, grammar: SpeechGrammar
) -> bool:
    form = tokens[index].lower
    if grammar.verb_last:
        if form == verb.lemma or not any(other for other in grammar.verbs[form] if not other.finite):
            return False
        words = [token.lower for token in tokens[clause.first : clause.last]]
        return not grammar.passives.isdisjoint(words)
    if form.endswith("ing"):
        return False
    joined = index - clause.first > 1 and tokens[index - 1].lower in grammar.coordinators
    if joined and not (tokens[index - 2].lower.endswith("ed") or tokens[index - 2].lower in grammar.verbs):
        return False  # "said they were open and predicted …"
    near = [token.lower for token in tokens[max(clause.first, index - 3) : index]]
    return not grammar.passives.isdisjoint(near)


def _speaker(sentence: ReadSentence, number: int, verb: int, grammar: SpeechGrammar) -> Phrase | None:
    """Whose verb it is: its subject, what a relative pronoun stands for, or the subject that goes on from earlier clauses."""
    clause = sentence.clauses[number]
    tokens = sentence.tokens
    first = tokens[clause.first].lower
    if number and first in grammar.possessive_relatives:
        return None  # "whose heirs said": theirs, and nobody who is named
    if (
        number
        and first in grammar.relatives
        and (not grammar.noun_case or not _opens_phrase(tokens, clause, verb, grammar))
    ):
        return last_phrase(tokens, sentence.clauses[number - 1], grammar)
    if not grammar.verb_last and verb == 0:
        return None  # "Asked by …, she nodded"
    named = sentence.clauses[number - 1] if number > 1 and verb == clause.first else None
    if named is not None and not grammar.verb_last and _is_added_name(sentence, named, grammar):
        return named.first, named.last  # "The largest of them, Hallbrook, told …"
    resumed = bool(number) and (_starts_at(tokens, clause, verb, grammar) or first in grammar.auxiliaries)
    if verb + 1 < clause.last and tokens[verb + 1].lower in grammar.pronouns and grammar.verb_last:
        return subject(sentence, clause, verb, grammar)
    if resumed and _is_interrupted(sentence, number, grammar):
        found = first_subject(tokens, sentence.clauses[0].first, sentence.clauses[0].last, grammar)
        if found:
            return found
    found = subject(sentence, clause, verb, grammar)
    if found:
        return found
    if resumed:
        for earlier in sentence.clauses[:number]:
            found = first_subject(tokens, earlier.first, earlier.last, grammar)
            if found:
                return found
    return None


def _medium(
    tokens: tuple[Token, ...], clause: ReadClause, grammar: SpeechGrammar, *, anything: bool
) -> Phrase | None:
    """What says it where nobody does: "In dem Bericht heißt es", "hieß es aus Kreisen"; with ``anything`` whatever follows "in"."""
    for index in range(clause.first, clause.last - 1):
        if tokens[index].lower not in grammar.media_prepositions:
            continue
        found = source_phrase(tokens, index + 1, clause.last, grammar)
        if found and (
            anything or any(matches(grammar.media, token.lower) for token in tokens[found[0] : found[1]])
        ):
            return found if can_speak(tokens, found, grammar) else None
    return None


def _is_added_name(sentence: ReadSentence, clause: ReadClause, grammar: SpeechGrammar) -> bool:
    """Whether a clause is a name that is added to a phrase of which it isn't said what it is: "One of them, Joan Hill, …"."""
    words = sentence.tokens[clause.first : clause.last]
    before = sentence.tokens[clause.first - 2] if clause.first > 1 else None
    return (
        clause.opener == ","
        and all(word.capital for word in words)
        and before is not None
        and before.lower in grammar.oblique
    )


def _is_interrupted(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether the clause goes on with the subject before a relative clause or an apposition: "Der NDR, der …, begründete …"."""
    tokens = sentence.tokens
    first = sentence.clauses[0]
    whole = noun_phrase(tokens, first.first, first.last, grammar)
    if whole is None or whole[1] < first.last:
        return False
    opening = tokens[sentence.clauses[1].first]
    return number > 1 and (
        opening.lower in grammar.relatives or opening.lower in grammar.determiners or opening.capital
    )


def _opens_phrase(tokens: tuple[Token, ...], clause: ReadClause, verb: int, grammar: SpeechGrammar) -> bool:
    """Whether "der" or "die" begins a noun phrase that is the subject, and no relative clause: the verb comes soon after."""
    found = noun_phrase(tokens, clause.first, clause.last, grammar)
    return found is not None and found[1] >= verb and verb < clause.last - 1


def _starts_at(tokens: tuple[Token, ...], clause: ReadClause, verb: int, grammar: SpeechGrammar) -> bool:
    """Whether nothing but conjunctions and adverbs stands before the verb."""
    return all(
        token.lower in grammar.conjunctions or token.lower in grammar.adverbs or token.kind == "p"
        for token in tokens[clause.first : verb]
    )


def noun_cues(sentence: ReadSentence, grammar: SpeechGrammar) -> Iterator[SpeechCue]:
    """The nouns of saying of a sentence; who speaks is the phrase after them ("die Forderung der SPD"), or their verb's subject."""
    tokens = sentence.tokens
    for number, clause in enumerate(sentence.clauses):
        for index in range(clause.first, clause.last):
            token = tokens[index]
            if (
                token.kind != "w"
                or (grammar.noun_case and not token.capital)
                or not matches(grammar.nouns, token.lower)
            ):
                continue
            speaker = None
            if index + 2 < clause.last and tokens[index + 1].lower in grammar.links:
                speaker = noun_phrase(tokens, index + 1, clause.last, grammar) or noun_phrase(
                    tokens, index + 2, clause.last, grammar
                )
            if speaker is None:
                speaker = first_subject(tokens, clause.first, index - 1, grammar)
            yield SpeechCue(
                kind="noun", clause=number, token=index, first=index, last=index + 1, speaker=speaker
            )


def is_reflexive(sentence: ReadSentence, number: int, grammar: SpeechGrammar) -> bool:
    """Whether somebody names themselves, "nennt sich „Rat“", or is made to do something, "sah sich gezwungen"."""
    clause = sentence.clauses[number]
    return any(token.lower in grammar.reflexive for token in sentence.tokens[clause.first : clause.last])
