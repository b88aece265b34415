"""Sentences that say who somebody is, for "Who is Vera Lindt?": by what stands beside the name, in German and English.

"The engineer Vera Lindt", "Vera Lindt, who advises the town", "Vera Lindt (61)", "Vera Lindt is a …". Articles say so in passing, in a
sentence about something else, so that neither the question's words nor what the reader has learned tells that it answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.answering.evidence import Sentence
from assistant.language.matching import NAME_HELD, match_score, vocabulary
from assistant.language.words import Word
from assistant.retrieval.query import WORD, Query
from ingest.quotations.finding import grammar_of
from ingest.quotations.grammar import SpeechGrammar, language_words, matches

# How likely such a sentence answers, and by how much its odds lead.
SURE, LEAD = 0.9, 4.0
_ASKS = re.compile(
    r"\W*(?:(?:and|so|und|also)\s+)?(?:who|wer)(?:['’]?s\s|\s+(?:is|was|are|ist|war|sind)\s)(?P<who>[^?,;:]+?)\W*",
    re.I,
)
_TITLES = language_words(
    "dr prof professor mr mrs ms mx sir dame lord lady herr frau von van de der den di da du del"
)
_TITLE_BEFORE = re.compile(r"(?:\b(?:Dr|Prof|Mr|Mrs|Ms|med|phil|rer|nat)\b\.?\s*)+$")
_NOT_NAMES = language_words("der die das dem den des ein eine the a an")
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")
_LOOKED_AT = 100  # sentences: those with the name come first
_MOST = 8  # tokens of what is said beside a name
_WHO = re.compile(
    r"^,\s+(?:who(?:se|m)?\b|(?:der|die|das|dessen|deren|dem)\s+(?!.*\b(?:sagte|said)\b,)|\d{2}\b|aged\s+\d{2}\b)|^\s\((?:\d{2}|[A-ZÄÖÜ][\w./-]{1,11})(?:[,;)])"
)
_IS = re.compile(
    r"^,?\s+(?:(?:is|was|ist|war|became|wurde|wird|has been)\s+(?:also\s+|auch\s+|now\s+|seit\s+\S+\s+)?(?:the|an?|one|der|die|das|eine?|Mitglied|Chef\w*)\b"
    r"|(?:heads?|headed|leads?|led|runs|ran|directs?|chairs?|chaired|founded|owns|leitet|leitete|führt|führte|gründete|besitzt)\s+(?!to\b|zu\b)\S+"
    r"|(?:of|from|vom|von|aus)\s+(?:the|der|dem)?\s*[^\s,.]+)"
)


def asked_person(query: Query) -> tuple[Word, ...]:
    """The words of the name of whom a question asks who that is; none where it asks for something else."""
    asked = _ASKS.fullmatch(query.text)
    if asked is None:
        return ()
    written = WORD.findall(asked["who"])
    if not written or written[0].lower() in _NOT_NAMES:
        return ()
    titles = [word for word in written[:-1] if _is_title(word)]
    small = query.text == query.text.lower()  # as many type
    named = tuple(
        word
        for word in query.words
        if word.text in written and word.text not in titles and (small or word.text[:1].isupper())
    )
    others = [word for word in written if word not in titles and all(word != one.text for one in named)]
    known = any(word.name for word in named) or (small and len(named) > 1)
    return named if known and not others else ()


def _is_title(word: str) -> bool:
    """Whether a word before a name is none itself: "Dr.", "von", "Mayor"."""
    grammars = (grammar_of("de"), grammar_of("en"))
    return word.lower() in _TITLES or any(
        one is not None and matches(one.roles, word.lower()) for one in grammars
    )


def with_introductions(query: Query, ranked: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with those first that say who is asked for; as they were where none does, or the question asks for something else."""
    name = asked_person(query)
    saying = (
        [number for number, one in enumerate(ranked[:_LOOKED_AT]) if introduces(one, name)] if name else []
    )
    if not saying:
        return list(ranked)
    top = max(1.0, ranked[0].score) + LEAD
    likely = None if ranked[0].probability is None else SURE
    first = [replace(ranked[number], score=top, probability=likely) for number in saying]
    return [*first, *(one for number, one in enumerate(ranked) if number not in saying)]


def introduces(sentence: Sentence, name: Sequence[Word]) -> bool:
    """Whether a sentence says beside the name who that is."""
    language = sentence.hit.language
    grammar = grammar_of(language)
    text = " ".join(sentence.text.split())
    place = _place(text, name, language) if grammar else None
    if grammar is None or place is None:
        return False
    start, end = place
    before, after = _TITLE_BEFORE.sub("", text[:start]), text[end:]
    return (
        _WHO.match(after) is not None
        or _IS.match(after) is not None
        or _is_described(before, after, grammar)
        or _goes_on(after, grammar)
    )


def only_namesakes(query: Query, ranked: Sequence[Sentence]) -> bool:
    """Whether a question asks who "Ada Ash" is, and the sentences with that surname all give it another given name: "Tom Ash"."""
    name = asked_person(query)
    if len(name) < 2:
        return False
    given = [
        before
        for one in ranked[:_LOOKED_AT]
        for before, word in pairwise(_TOKEN.findall(one.text))
        if word[0].isupper() and match_score(name[-1], vocabulary(word, one.hit.language)) >= NAME_HELD
        for before in [before if _is_given(before) else ""]
    ]
    known = [vocabulary(before, query.language) for before in given if before]
    return len(known) == len(given) > 0 and not any(
        match_score(word, before) >= NAME_HELD for before in known for word in name[:-1]
    )


def _is_given(word: str) -> bool:
    """Whether a word before a surname may be a given name."""
    return word[:1].isupper() and word[1:].islower() and not _is_title(word)


def _place(text: str, name: Sequence[Word], language: str) -> tuple[int, int] | None:
    """Where the words of the name follow one another, the first such place; a surname with the given name before it."""
    found = list(_TOKEN.finditer(text))
    for first in range(len(found) - len(name) + 1):
        part = found[first : first + len(name)]
        if all(
            token.group()[0].isupper() and match_score(word, vocabulary(token.group(), language)) >= NAME_HELD
            for word, token in zip(name, part, strict=True)
        ):
            has_given = bool(first) and len(name) == 1 and _is_given(found[first - 1].group())
            return found[first - has_given].start(), part[-1].end()
    return None


def _is_described(before: str, after: str, grammar: SpeechGrammar) -> bool:
    """Whether a role stands before the name: "Mayor", "the engineer", "Its chair," where a comma follows the name, too."""
    apart = before.rstrip().endswith(",")
    tokens = _TOKEN.findall(before.rstrip().rstrip(","))[-_MOST:]
    if not tokens or (apart and not re.match(r"[,.]", after)):
        return False
    if apart:
        cut = max((n for n, token in enumerate(tokens) if not token[0].isalnum()), default=-1)
        said = tokens[cut + 1 :]
        return any(_is_role(token, grammar) for token in said) and not _has_verb(said, grammar)
    last = tokens[-1]
    if not last[0].isalpha() or _is_function(last.lower(), grammar):
        return False
    determined = any(
        token.lower() in grammar.determiners | grammar.oblique or token.endswith(("'s", "’s"))
        for token in tokens[-2:-1]
    )
    if grammar.noun_case:
        return last[0].isupper() and (matches(grammar.roles, last.lower()) or determined or len(tokens) == 1)
    return matches(grammar.roles, last.lower()) or (
        determined and last.islower() and not _has_verb([last], grammar)
    )


def _goes_on(after: str, grammar: SpeechGrammar) -> bool:
    """Whether a role follows the name between commas: "Vera Lindt, the town's engineer, …"."""
    if not after.startswith((",", " –")):
        return False
    tokens = _TOKEN.findall(after)[1 : _MOST + 1]
    end = next(
        (
            n
            for n, token in enumerate(tokens)
            if not token[0].isalnum() or token.lower() in grammar.relatives - grammar.definite
        ),
        len(tokens),
    )
    said = tokens[:end]
    return any(_is_role(token, grammar) for token in said) and not _has_verb(said, grammar)


def _is_role(token: str, grammar: SpeechGrammar) -> bool:
    return token[0].isupper() >= grammar.noun_case and matches(grammar.roles, token.lower())


def _has_verb(tokens: Sequence[str], grammar: SpeechGrammar) -> bool:
    return any(token.lower() in grammar.verbs or token.lower() in grammar.auxiliaries for token in tokens)


def _is_function(word: str, grammar: SpeechGrammar) -> bool:
    return any(
        word in group
        for group in (
            grammar.verbs, grammar.auxiliaries, grammar.prepositions, grammar.conjunctions, grammar.subordinators,
            grammar.determiners, grammar.pronouns, grammar.adverbs, grammar.oblique,
        )
    )  # fmt: skip
