"""What speaks that is no person: "Polizei", "Europäische Kommission", "the bakers' union"."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.quotations.grammar import SpeechGrammar, matches


def organisation(words: Sequence[str], determined: bool, grammar: SpeechGrammar) -> str:
    """What speaks where it is no person: "Polizei", "Europäische Kommission"; nothing for "ein Sprecher", "Kritiker"."""
    if not words or (determined and words[0].lower() not in grammar.definite):
        return ""
    left_out = grammar.determiners | grammar.oblique | grammar.agents
    start = next((n for n, word in enumerate(words) if word.lower() not in left_out), len(words))
    rest = words[start:]
    if not rest or any(word.lower() in grammar.others for word in rest) or _is_no_noun(rest[-1], grammar):
        return ""
    if grammar.noun_case and (
        matches(grammar.nouns, rest[0].lower())
        or (matches(grammar.source_nouns, rest[-1].lower()) and all(word.islower() for word in rest[:-1]))
    ):
        return ""  # "…, so der Vorwurf", "Berichten zufolge"
    if len(rest) > 1 and matches(grammar.source_nouns, rest[0].lower()):
        return organisation(rest[1:], determined, grammar)
    capital = any(word[:1].isupper() for word in rest)
    return " ".join(rest) if capital or not grammar.noun_case else ""


def _is_no_noun(word: str, grammar: SpeechGrammar) -> bool:
    """Whether a word in lower case is one of those that are no nouns, where nouns are in lower case too."""
    return word.islower() and (
        word in grammar.verbs or word in grammar.complementisers or word in grammar.subordinators
    )


def is_of_many(run: Sequence[str], words: Sequence[str], grammar: SpeechGrammar) -> bool:
    """Whether a noun follows that says what persons of a role have together, where nouns have no capital letters."""
    following = words[words.index(run[-1]) + 1 :] if run[-1] in words else ()
    many = not grammar.noun_case and run[-1].endswith("s") and bool(following)
    return many and following[0].islower() and following[0] not in grammar.prepositions
