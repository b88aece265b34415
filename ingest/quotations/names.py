"""Names of persons in a text: which words are one, which roles are said beside it, and which names are one person's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.quotations.grammar import Gender, SpeechGrammar, gender_of, language_words, matches
from ingest.quotations.reading import Token
from ingest.text.folding import fold

PARTICLES = language_words("von van de der den bin al el di da del la le du ter ten ibn abu dos")
LONGEST_NAME = 5
# Of one surname a document knows no more persons: everybody is compared with all of them.
_MOST_OF_A_NAME = 50
_ADJECTIVE = re.compile(r"(?:ische|liche|ige)[nrs]?$")  # "Syrische Menschenrechtsgruppen"
WORD = re.compile(r"[^\W_](?:\.|[^\W_]*(?:[-'’.&][^\W_]+)*)")
_DESCRIBED = re.compile(r"(?:(?!(?:and|und|who|which) )[a-zäöüß'’-]+ ){1,4}(?=[^\W\d_a-zäöüß])")
_ADDED_ENDS = re.compile(r"\s*(?:$|[^\w\s])")
GENITIVE = re.compile(r"(?:['’]s|['’]|s)$")


@dataclass(slots=True)
class Person:
    """Somebody whose full name the document gives, with what is said of them and where they are mentioned."""

    name: str
    gender: Gender = ""
    roles: set[str] = field(default_factory=set)
    places: list[int] = field(default_factory=list)


def name_runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where words with capital letters follow each other, with particles between them."""
    index = 0
    while index < len(tokens):
        if tokens[index].kind != "w" or not tokens[index].text[0].isupper():
            index += 1
            continue
        first = index
        index += 1
        while index < len(tokens) and tokens[index].kind in ("w", "p"):
            token = tokens[index]
            if (
                (token.text[0].isupper() and token.kind == "w")
                or (token.text == "." and len(tokens[index - 1].text) == 1 and index + 1 < len(tokens))
                or (token.text in PARTICLES and _continues(tokens, first, index))
            ):
                index += 1
            else:
                break
        yield first, index


def _continues(tokens: Sequence[Token], first: int, index: int) -> bool:
    """Whether a particle goes on with a name: "Ursula von der Leyen", not "Angela Merkel von der CDU"."""
    if index + 1 >= len(tokens):
        return False
    following = tokens[index + 1]
    if (
        tokens[index].text == "von"
        and index + 2 < len(tokens)
        and tokens[index + 2].capital
        and following.capital
    ):
        return False  # "Freunde von Mario Schmidt"
    article = tokens[index].text in ("der", "den")
    if article and tokens[index - 1].text not in ("von", "van"):
        return False
    linked = following.text in PARTICLES and index + 2 < len(tokens) and tokens[index + 2].text[0].isupper()
    named = following.text[0].isupper() and not following.text[1:2].isupper()
    return (linked or named) and (tokens[index].text != "von" or index - first == 1)


def meet(
    tokens: Sequence[Token],
    first: int,
    last: int,
    grammar: SpeechGrammar,
    known: AbstractSet[str],
    by_surname: dict[str, list[Person]],
) -> None:
    """Takes a run that is a full name among the persons, with the roles said beside it; ``known`` are all words with capitals."""
    words = [
        token.text + ("." if len(token.text) == 1 else "")
        for token in tokens[first:last]
        if token.text != "."
    ]
    determined = bool(words) and words[0].lower() in grammar.determiners
    if words and (determined or ((first == 0 or grammar.noun_case) and _is_opening(words[0], grammar))):
        words = words[1:]
    if grammar.noun_case and words and not matches(grammar.roles, words[0].lower()):
        of_known = len(words) > 1 and words[0].endswith("s") and words[0][:-1] in known
        if determined or of_known or _is_described(tokens, first, grammar):
            words = words[1:]  # "der Küstenstadt Mombasa", "Trumps Schwiegersohn Jared Kushner"
    name, roles = without_roles(words, grammar)
    if (
        not name
        or name[0].lower() in grammar.determiners
        or (grammar.noun_case and _ADJECTIVE.search(name[0]))
    ):
        return
    if not 2 <= len(name) <= LONGEST_NAME or any(word.lower() in grammar.no_speakers for word in name):
        return
    if any(len(word) < 2 or word.isupper() or not word[0].isalpha() for word in (name[0], name[-1])):
        return
    if (
        name[0] in PARTICLES
        or matches(grammar.nouns, name[-1].lower())
        or matches(grammar.source_nouns, name[-1].lower())
    ):
        return
    said = [*roles, *_roles_beside(tokens, first, last, grammar)]
    surname = fold(name[-1])
    persons = by_surname.setdefault(surname, [])
    if len(persons) >= _MOST_OF_A_NAME:
        return
    person = next(
        (
            known
            for known in persons
            if same_name(name, name_words(known.name)) or ends_like(name, known.name)
        ),
        None,
    )
    if person is None:
        person = Person(name=" ".join(name))
        persons.append(person)
    elif (len(name) > len(name_words(person.name))) == same_name(name, name_words(person.name)):
        person.name = " ".join(name)
    person.roles.update(fold(role) for role in said)
    person.gender = person.gender or gender_of([*words, *said], grammar)


def _is_described(tokens: Sequence[Token], first: int, grammar: SpeechGrammar) -> bool:
    """Whether an article stands before a word, or an adjective after one: then it says what somebody is, and is no name."""
    if first == 0:
        return False
    articles = grammar.determiners | grammar.oblique
    before = tokens[first - 1]
    if before.lower in articles:
        return True
    inflected = before.kind == "w" and before.lower[-2:] in ("en", "er", "es", "te", "he")
    return inflected and first > 1 and tokens[first - 2].lower in articles


def ends_like(name: Sequence[str], known: str) -> bool:
    """Whether one name is the other with a word before it: "Kritiker Hans Küng"."""
    shorter, longer = sorted((tuple(map(fold, name)), tuple(map(fold, name_words(known)))), key=len)
    return len(shorter) > 1 and longer[-len(shorter) :] == shorter


def _is_opening(word: str, grammar: SpeechGrammar) -> bool:
    """Whether the first word of a sentence has its capital only from there."""
    lower = word.lower()
    return (
        lower in grammar.determiners
        or lower in grammar.prepositions
        or lower in grammar.adverbs
        or lower in grammar.oblique
        or lower in grammar.subordinators
        or lower in grammar.conjunctions
        or lower in grammar.pronouns
        or lower in grammar.sources
        or lower in grammar.references
        or lower in grammar.as_words
        or (grammar.noun_case and lower in grammar.auxiliaries)  # Will Barton is somebody
        or matches(grammar.adverb_endings, lower)
    )


def _roles_beside(tokens: Sequence[Token], first: int, last: int, grammar: SpeechGrammar) -> list[str]:
    """Roles before a name ("the mayor, Ruth Ellery") and after it ("Ruth Ellery, the mayor of …")."""
    roles: list[str] = []
    before = first - 1
    if before > 0 and tokens[before].text == ",":
        before -= 1
        while (
            before > 0
            and first - before < 8
            and tokens[before].kind == "w"
            and not _is_role(tokens[before], grammar)
            and not (tokens[before].capital and tokens[before - 1].capital)
        ):
            before -= 1
    if before >= 0 and _is_role(tokens[before], grammar):
        roles.append(tokens[before].text)
    if last < len(tokens) and tokens[last].text in (",", "–"):
        for token in tokens[last + 1 : last + 6]:
            if (
                token.kind != "w"
                or token.lower in grammar.verbs
                or token.lower in grammar.relatives - grammar.definite
            ):
                break
            if _is_role(token, grammar):
                roles.append(token.text)
                break
    return roles


def _is_role(token: Token, grammar: SpeechGrammar) -> bool:
    return token.kind == "w" and token.capital == grammar.noun_case and matches(grammar.roles, token.lower)


def head_run(words: Sequence[str], grammar: SpeechGrammar) -> list[str]:
    """The first words with capital letters, or of a language with small nouns the role before them; sources ("Angaben") left out."""
    start = 0
    while start < len(words) and (
        words[start].lower() in grammar.determiners | grammar.oblique or not _counts(words[start], grammar)
    ):
        if start and not grammar.noun_case and words[start].lower() in grammar.prepositions:
            return []  # "a friend of Tim Rast"
        start += 1
    if start < len(words) and grammar.noun_case and matches(grammar.source_nouns, words[start].lower()):
        rest = list(words[start + 1 :])
        return head_run(rest, grammar) if rest else []
    run: list[str] = []
    for word in words[start:]:
        if not _counts(word, grammar) and not (run and word in PARTICLES and word not in grammar.links):
            break
        run.append(word)
    return run if grammar.noun_case else _named_after(words[start + len(run) :], grammar) or run


def _named_after(words: Sequence[str], grammar: SpeechGrammar) -> list[str]:
    """The full name that nouns lead to, as in "Ferry operator Miles Croft"; empty where something else follows."""
    first = next(
        (n for n, word in enumerate(words) if word[:1].isupper() or word.lower() in grammar.prepositions), 0
    )
    name = list(words[first:]) if first else []
    return name if len(name) > 1 and all(word[:1].isupper() or word in PARTICLES for word in name) else []


def _counts(word: str, grammar: SpeechGrammar) -> bool:
    return word[:1].isupper() or (not grammar.noun_case and matches(grammar.roles, word.lower()))


def without_roles(words: Iterable[str], grammar: SpeechGrammar) -> tuple[list[str], list[str]]:
    """The name in a run of words, and the roles before it, titles left out of both."""
    name = list(words)
    last = max((n for n, word in enumerate(name[:-1]) if matches(grammar.roles, word.lower())), default=-1)
    roles = [word for word in name[: last + 1] if matches(grammar.roles, word.lower())]
    name = name[last + 1 :]
    while name:
        word = name[0].rstrip(".").lower()
        if word in grammar.titles:
            name.pop(0)
        elif matches(grammar.roles, word) and (len(name) > 1 or not roles):
            roles.append(name.pop(0))
        elif len(name) > 2 and len(name[0]) > 2 and name[0].isupper():  # "SPD Chef …", "CEO …"
            name.pop(0)
        else:
            break
    if name:
        name[-1] = re.sub(r"['’]s?$", "", name[-1])
    return name, roles


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """A word without case and accents; remembered, for a document repeats its names."""
    return fold(word)


@lru_cache(maxsize=10_000)
def name_words(name: str) -> tuple[str, ...]:
    return tuple(name.split())


def same_name(name: Sequence[str], known: Sequence[str]) -> bool:
    """Whether two names may be one person's: the last words, and the first ones or their initials, are alike."""
    one, other = fold(name[-1]), fold(known[-1])
    if one != other and fold(GENITIVE.sub("", name[-1])) != other:
        return False
    if len(name) == 1:
        return True
    first, known_first = fold(name[0].rstrip(".")), fold(known[0].rstrip("."))
    return first == known_first or (min(len(first), len(known_first)) == 1 and first[0] == known_first[0])


def added_name(text: str, at: int) -> list[str]:
    """The words with capital letters that are added between commas, from ``at`` on: ", the lawyer Eva Roth, "; none where more follows."""
    words: list[str] = []
    described = _DESCRIBED.match(text, at)
    at = described.end() if described else at
    while len(words) < LONGEST_NAME + 2:
        word = WORD.match(text, at)
        if word is None or not (word[0][:1].isupper() or (words and word[0] in PARTICLES)):
            break
        words.append(word[0])
        at = word.end()
        if text[at : at + 1] != " ":
            break
        at += 1
    return words if _ADDED_ENDS.match(text, at) else []  # "According to police, driver Ann Hill was too fast"
