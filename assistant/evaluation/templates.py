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
from assistant.language.words import is_function_word, is_german_noun, is_listed, lemma
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
# German words in the singular, which no number counts (it is that of a room or a house), and what is a part of the number.
_NOT_COUNTED = ("ung", "heit", "keit", "ion", "schaft", "tät", "Uhr", "Millionen", "Milliarden", "Prozent")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A noun of a quotation as it is ``written`` and as ``word`` to ask about, its base form, and what it is called in the other
    language, empty where that is not known.
    """

    written: str
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


def is_person(name: str, language: str) -> bool:
    """Whether a speaker's name may be a person's: two words or more with capitals, of which one is no common word."""
    if " " not in name or not all(part[0].isupper() for part in name.split()):
        return False
    # At a sentence's beginning, where capitals say nothing, many first names pass for common words.
    found = names(f"so {name}", language, shipped())
    return any(
        name == " ".join(part.text for part in one) and not all(part.common for part in one) for one in found
    )


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
            meant = meanings.of_word(word)
            # What is a noun in German and something else as well ("abkommen") is written small.
            noun = meant and language == "en" and is_german_noun(meant[0].lower())
            elsewhere = as_noun(meant[0]) if noun else next(iter(meant if language == "de" else ()), "")
            if _is_noun(word, base, elsewhere, language):
                asked = nominative(word, base) if language == "de" else word
                found[base] = Topic(written=word, word=asked, base=base, elsewhere=elsewhere)
    return sorted(found.values(), key=lambda topic: (-bool(topic.elsewhere), -len(topic.base), topic.base))


def _is_noun(word: str, base: str, elsewhere: str, language: str) -> bool:
    """Whether a word is a noun: of English ones only those that the lexicon gives as German nouns are known to be."""
    if language == "de":
        return word[0].isupper() and is_german_noun(base)
    # "reached" may be a form of a noun's verb.
    forms = (base, f"{base}s", f"{base}es", f"{base.removesuffix('y')}ies")
    return word in forms and bool(elsewhere)


def as_noun(word: str) -> str:
    return word[:1].upper() + word[1:]


def nominative(word: str, base: str) -> str:
    """A German noun without the ending that a plural has after "mit" or "nach": "Jahre" for "Jahren"."""
    plural = word.removesuffix("n")
    known = is_listed(plural, "de") and base.capitalize() not in (word, plural)
    return plural if known else word


def people(sentences: Sequence[str], title: str, language: str) -> list[list[ExpectedAnswer]]:
    """Who those are whom a text introduces, in both languages."""
    return [
        [_question("who", one, (sentence,), (title,), name=name) for one in (language, _OTHER[language])]
        for sentence in sentences
        for name in introduced(sentence, language)
        if name in _proper_names(sentence, language)
    ]


def figures(sentences: Sequence[str], title: str, language: str) -> list[list[ExpectedAnswer]]:
    """How many of something a text counts with a name, where it gives one figure for that; in its language, for what is counted is in the plural."""
    found: dict[tuple[str, str], list[ExpectedAnswer]] = {}
    for sentence, subject in _with_subjects(sentences, language):
        for counted in _COUNTED[language].finditer(sentence):
            if _is_counted(counted, language):
                unit = counted["unit"]
                unit = nominative(unit, lemma(unit, "de")) if language == "de" else unit
                one = _question("figure", language, (sentence,), (title,), name=subject, unit=unit)
                short = replace(one, short_answers=(counted["number"],))
                found.setdefault((subject, unit), []).append(short)
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


def _proper_names(text: str, language: str) -> list[str]:
    """The names in a text of which no part is a common word."""
    found = names(text, language, shipped())
    return [" ".join(part.text for part in name) for name in found if not any(part.common for part in name)]


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


def _is_counted(counted: re.Match[str], language: str) -> bool:
    """Whether a number counts what stands after it, in words that fit "How many"."""
    if _YEAR.fullmatch(counted["number"]):
        return False
    return language != "de" or not counted["unit"].endswith(_NOT_COUNTED)


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
