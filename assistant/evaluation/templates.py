"""Questions made of what a document says, by templates: its stored quotations, the people whom it introduces, figures and days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.api.schemas.statements import SpokenStatementSchema
from assistant.checking.names import names
from assistant.evaluation.matching import folded
from assistant.evaluation.reading import ExpectedAnswer, id_of
from assistant.language.lexicon import shipped
from assistant.language.meanings import Meanings
from assistant.language.words import is_function_word, is_german_noun, lemma
from assistant.service.suggestions import introduced
from ingest.text.folding import fold, words
from ingest.text.sentences import trimmed_sentences
from ingest.text.written_dates import dates_in

MADE_BY = "templates"
# What can be asked of, and in which languages.
WORDED = {
    "de": {
        "said": "Was sagte {name} zum Thema {topic}?",
        "who": "Wer ist {name}?",
        "figure": "Wie viele {unit} werden im Zusammenhang mit {name} genannt?",
        "day": "Welches Datum wird im Zusammenhang mit {name} genannt?",
    },
    "en": {
        "said": "What did {name} say about {topic}?",
        "who": "Who is {name}?",
        "figure": "How many {unit} are mentioned in connection with {name}?",
        "day": "Which date is mentioned in connection with {name}?",
    },
}
_OTHER = {"de": "en", "en": "de"}
_SHORTEST_NAME = 5  # letters of a name of one word
_SHORTEST_TOPIC, _SHORTEST_SENTENCE, _LONGEST_SENTENCE = 5, 30, 400
_COUNTED = {
    "de": re.compile(r"(?<![\w.,:])(?P<number>\d{1,3}(?:[.]\d{3})+|\d+) (?P<unit>[A-ZÄÖÜ][a-zäöüß]{3,})\b"),
    "en": re.compile(
        r"(?<![\w.,:])(?P<number>\d{1,3}(?:,\d{3})+|\d+) (?P<unit>[a-z]{3,}s|people|men|women|children)\b"
    ),
}
# German words in the singular, which no number counts: it is that of a room or a house; and prepositions after which a plural
# has an ending of its own.
_SINGULAR = ("ung", "heit", "keit", "ion", "schaft", "tät", "Uhr")
_WITH_DATIVE = frozenset(
    [
        "ab",
        "an",
        "auf",
        "aus",
        "bei",
        "binnen",
        "in",
        "mit",
        "nach",
        "neben",
        "seit",
        "unter",
        "von",
        "vor",
        "zu",
        "zwischen",
        "über",
    ]
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A noun of a quotation as it is written, its base form, and what it is called in the other language, empty where not known."""

    word: str
    base: str
    elsewhere: str


def said(
    statements: Sequence[SpokenStatementSchema], topic: Topic, sources: tuple[str, ...]
) -> list[ExpectedAnswer]:
    """What somebody said about a topic, in the first statement's language and, where the topic has a word there, in the other."""
    first = statements[0]
    quotes = tuple(dict.fromkeys(one.quote for one in statements))
    asked = {first.language: topic.word, _OTHER[first.language]: topic.elsewhere}
    return [
        _question("said", language, quotes, sources, name=first.speaker, topic=word)
        for language, word in asked.items()
        if word
    ]


def is_person(name: str) -> bool:
    """Whether a speaker's name is written as a person's: two words or more with capitals."""
    parts = name.split()
    return len(parts) > 1 and all(part[0].isupper() and part[-1].isalpha() for part in parts)


def unanswerable(name: str, topic: Topic, language: str) -> list[ExpectedAnswer]:
    """What somebody said about a topic of which nothing tells, in both languages."""
    note = f"No document has both {name} and {topic.word} (word search). Read the question before you count on that."
    asked = {language: topic.word, _OTHER[language]: topic.elsewhere}
    return [
        replace(_question("said", one, (), (), name=name, topic=word), answerable=False, note=note)
        for one, word in asked.items()
        if word
    ]


def topics(quote: str, speaker: str, language: str) -> list[Topic]:
    """The nouns that a quotation may be about, longest first; no names, and nothing of the speaker's."""
    if language not in WORDED:
        return []
    own = {fold(word) for word in words(speaker)}
    named = {
        fold(part.text) for name in names(quote, language, shipped()) for part in name if not part.common
    }
    meanings = Meanings(language, _OTHER[language], shipped())
    found: dict[str, Topic] = {}
    for word in words(quote):
        base = lemma(word, language)
        usable = len(word) >= _SHORTEST_TOPIC and word.isalpha() and fold(word) not in own | named
        if usable and base not in found and not is_function_word(word, language, shipped()):
            # German nouns are told by their capital: those of other kinds are left out.
            equivalents = (one for one in meanings.of_word(word) if language == "de" or one[0].isupper())
            elsewhere = next(equivalents, "")
            if _is_noun(word, base, elsewhere, language):
                found[base] = Topic(word=word, base=base, elsewhere=elsewhere)
    return sorted(found.values(), key=lambda topic: (-bool(topic.elsewhere), -len(topic.base), topic.base))


def _is_noun(word: str, base: str, elsewhere: str, language: str) -> bool:
    """Whether a word is a noun: of English ones only those that the lexicon gives as German nouns are known to be."""
    if language == "de":
        return word[0].isupper() and is_german_noun(base)
    plurals = (
        base,
        f"{base}s",
        f"{base}es",
        f"{base.removesuffix('y')}ies",
    )  # "reached" may be a form of a noun's verb
    return word in plurals and bool(elsewhere)


def people(sentences: Sequence[str], title: str, language: str) -> list[list[ExpectedAnswer]]:
    """Who those are whom a text introduces, in both languages."""
    return [
        [_question("who", one, (sentence,), (title,), name=name) for one in (language, _OTHER[language])]
        for sentence in sentences
        for name in introduced(sentence, language)
    ]


def figures(sentences: Sequence[str], title: str, language: str) -> list[list[ExpectedAnswer]]:
    """How many of something a text counts with a name, where it gives one figure for that; in its language, for what is counted is in the plural."""
    found: dict[tuple[str, str], list[ExpectedAnswer]] = {}
    for sentence, subject in _with_subjects(sentences, language):
        for counted in _COUNTED[language].finditer(sentence):
            if _is_counted(sentence, counted, language):
                one = _question("figure", language, (sentence,), (title,), name=subject, unit=counted["unit"])
                short = replace(one, short_answers=(counted["number"],))
                found.setdefault((subject, counted["unit"]), []).append(short)
    return [questions for questions in found.values() if len(questions) == 1]


def days(sentences: Sequence[str], title: str, language: str) -> list[list[ExpectedAnswer]]:
    """Which day a text gives with a name, where it is the only one, in both languages."""
    found: dict[str, list[tuple[str, str]]] = {}
    for sentence, subject in _with_subjects(sentences, language):
        for day in dates_in(sentence, language):
            found.setdefault(subject, []).append((sentence, sentence[day.start : day.end]))
    return [
        [
            replace(_question("day", one, (told[0][0],), (title,), name=subject), short_answers=(told[0][1],))
            for one in (language, _OTHER[language])
        ]
        for subject, told in found.items()
        if len(told) == 1
    ]


def sentences_of(text: str, language: str) -> list[str]:
    """The sentences that a question can be made of: of usual length, no rows of tables; none in a language without templates."""
    if language not in WORDED:
        return []
    sentences = (text[span.start : span.end] for span in trimmed_sentences(text, language))
    return [
        one for one in sentences if _SHORTEST_SENTENCE <= len(one) <= _LONGEST_SENTENCE and "|" not in one
    ]


def _with_subjects(sentences: Sequence[str], language: str) -> Iterator[tuple[str, str]]:
    """The sentences that have a name, each with its first."""
    return ((one, subject) for one in sentences if (subject := _subject(one, language)))


def _subject(sentence: str, language: str) -> str:
    """The first name of a sentence that is surely one, of several words rather than of one; no title and no abbreviation."""
    found = (name for name in names(sentence, language, shipped()) if not all(part.common for part in name))
    written = [" ".join(part.text for part in name) for name in found]
    usable = [
        name
        for name in written
        if folded(name) in folded(sentence)
        and (" " in name or (len(name) >= _SHORTEST_NAME and not name.isupper()))
    ]
    return next((name for name in usable if " " in name), next(iter(usable), ""))


def _is_counted(sentence: str, counted: re.Match[str], language: str) -> bool:
    """Whether a number counts what stands after it, in words that fit "How many"."""
    if _YEAR.fullmatch(counted["number"]):
        return False
    before = words(sentence[: counted.start()])[-1:]
    dative = counted["unit"].endswith("n") and before and before[0].lower() in _WITH_DATIVE
    return language != "de" or not (dative or counted["unit"].endswith(_SINGULAR))


def _question(
    kind: str, language: str, quotes: tuple[str, ...], sources: tuple[str, ...], **values: str
) -> ExpectedAnswer:
    worded = WORDED[language][kind].format(**values)
    return ExpectedAnswer(
        id=id_of(worded),
        question=worded,
        gold_quotes=quotes,
        sources=sources,
        language=language,
        made_by=MADE_BY,
    )
