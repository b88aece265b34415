"""Whose words a question asks for: "What did Adeyemi say about the bridge?", "Wie begründet die Ministerin das?".

Told in German and English, by the verbs of saying that quotations are found by. Who is meant has to be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.language.words import Word
from assistant.retrieval.query import WORD, Query
from ingest.quotations.finding import grammar_of
from ingest.quotations.grammar import SpeechGrammar, language_words
from ingest.text.months import months, weekdays

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[^\w\s]")
_MOST_BEFORE, _LONGEST_SPEAKER = 6, 9  # tokens
# What asks for somebody's words though nobody is quoted by it.
_ALSO = {
    "en": language_words("justify justified defend defended feel felt support supports supported"),
    "de": language_words("denkt dachte denken rechtfertigt rechtfertigte"),
}
# Verbs that do so with a word after them: "Was hält X von …?", "Wie steht X zu …?"
_WITH = {
    "hält": "von vom davon",
    "hielt": "von vom davon",
    "halten": "von vom davon",
    "steht": "zu zum zur dazu",
}
_DO = language_words("did does do has have had is was were can could would will")
_PERFECT = language_words("hat haben hatte hatten habe")
# Verbs that ask for words and nothing else: who is asked about so need not be quoted in what was found.
SAYING = {
    "en": language_words(
        "say says said tell comment remark state declare mention think argue claim warn reply answer respond warned"
    ),
    "de": language_words(
        "sagt sagte sagten sagen meint meinte meinen erklärt erklärte erklärten äußert äußerte äußerten behauptet behauptete betont betonte "
        "antwortet antwortete warnt warnte denkt dachte kommentiert kommentierte gesagt gemeint geäußert geantwortet gewarnt gedacht"
    ),
}
# After what a question names the topic that it asks for words on; "of" and "von" after verbs of thinking alone ("think of", "hält von").
_ON = {"en": language_words("about on regarding concerning"), "de": language_words("zu zum zur über")}
_ON_THINKING = {"en": language_words("of"), "de": language_words("von vom")}
_THINKING = language_words("think thinks thought hält hielt halten")
# What stands there and is no topic: the words for one, and when, where or to whom something was said.
_A_TOPIC = language_words("topic subject matter issue question thema frage sache angelegenheit")
_DATES = {
    name for code in ("en", "de") for name in (*months(code), *weekdays(code)) if len(name) > 3
}  # not "sun"
_NO_TOPIC = (
    _A_TOPIC
    | _DATES
    | language_words(
        "may mai sonnabend morning evening afternoon night day week weekend month year behalf television tv radio air camera record "
        "phone stage arrival twitter facebook instagram front beginn anfang auftakt eröffnung schluss abschluss ende abschied protokoll "
        "presse journalisten reportern kollegen beispiel wochenende zeitpunkt"
    )
)
# Where the one who speaks ends in a German question.
_TOPIC = language_words(
    "zu zum zur über auf von vom vor bei beim nach in im am an gegen für dazu darüber davon dass wegen als wenn sich denn eigentlich mit laut"
)
_ARTICLES = language_words("der die das dem den des ein eine einer einem einen")
_FILLERS = _ARTICLES | language_words("the a an his her their this that last next ihrem ihren seinem seinen")
_SOURCE = {
    "en": re.compile(r"\b(?:according to|in the (?:view|words|opinion) of)\s+(?P<who>[^?,]{2,80})", re.I),
    "de": re.compile(
        r"\b(?:laut|nach (?:Angaben|Ansicht|Meinung|Worten|Darstellung) (?:von|der|des))\s+(?P<who>[^?,]{2,80})",
        re.I,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSpeaker:
    """Who is asked about, by the question's words for him or her; ``sure`` if the question asks for words and nothing else.

    ``verbs`` are the lemmas of a verb that says more than that somebody spoke ("deny"), none where there is no such; ``topic`` are
    the question's words for what is spoken of ("about the bridge"), none where it names nothing.
    """

    words: tuple[Word, ...]
    sure: bool
    verbs: frozenset[str] = frozenset()
    topic: tuple[Word, ...] = ()


def asked_speaker(query: Query) -> AskedSpeaker | None:
    """Whose words the question asks for; None where it asks for nobody's."""
    for language in ("en", "de"):
        grammar = grammar_of(language)
        if grammar is None:
            continue
        for who, verb, rest in _readings(_TOKEN.findall(query.text), query.text, grammar):
            named = set(WORD.findall(who))
            words = tuple(word for word in query.words if word.name and word.text in named)
            sure = verb in SAYING[language]
            lemmas = frozenset(one.lemma for one in grammar.verbs.get(verb, ()) if not sure)
            if words:
                marks = _ON[language] | (_ON_THINKING[language] if verb in _THINKING else frozenset())
                topic = tuple(word for word in _topic(query, rest, marks, grammar) if word not in words)
                return AskedSpeaker(words=words, sure=sure, verbs=lemmas, topic=topic)
    return None


def _topic(
    query: Query, rest: Sequence[str], marks: frozenset[str], grammar: SpeechGrammar
) -> Iterator[Word]:
    """The question's words in what follows the first of the ``marks`` in ``rest`` that a topic stands after."""
    places = (at for at, token in enumerate(rest) if token in marks)
    on = next((at for at in places if not _is_circumstance(rest[at + 1 :])), len(rest))
    named = {part for token in rest[on + 1 :] for part in WORD.findall(token)}
    for word in query.words:
        parts = WORD.findall(word.text)  # "Nobel peace prize" may be one word
        lower = {part.lower() for part in parts}
        if named.issuperset(parts) and not lower <= _NO_TOPIC | grammar.verbs.keys():
            yield word


def _is_circumstance(following: Sequence[str]) -> bool:
    """Whether what follows a preposition says when, where or to whom something was said."""
    first = next((token.lower() for token in following if token.lower() not in _FILLERS), "")
    return first in _NO_TOPIC - _A_TOPIC or first.isdigit()


def _readings(
    tokens: Sequence[str], text: str, grammar: SpeechGrammar
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Who may be asked for, as it is written, the verb that asks for words, empty for "according to", and the tokens after both."""
    lower = [token.lower() for token in tokens]
    find = _in_english if grammar.language == "en" else _in_german
    if found := find(tokens, lower, grammar):
        first, last, verb = found
        rest = tokens[last + 1 if grammar.language == "en" else last :]
        yield " ".join(tokens[first:last]), verb, rest
    if source := _SOURCE[grammar.language].search(text):
        yield source["who"], "", ()


def _in_english(
    tokens: Sequence[str], lower: Sequence[str], grammar: SpeechGrammar
) -> tuple[int, int, str] | None:
    """The tokens between an auxiliary and a verb of saying: "did the minister say"."""
    for index, word in enumerate(lower[:_MOST_BEFORE]):
        if word not in _DO:
            continue
        for verb in range(index + 2, min(index + _LONGEST_SPEAKER + 1, len(lower))):
            if not tokens[verb - 1][0].isalnum():
                break
            if not tokens[verb][0].isupper() and (lower[verb] in grammar.verbs or lower[verb] in _ALSO["en"]):
                return index + 1, verb, lower[verb]
    return None


def _in_german(
    tokens: Sequence[str], lower: Sequence[str], grammar: SpeechGrammar
) -> tuple[int, int, str] | None:
    """The tokens after a verb of saying, or after the auxiliary of one at the end, up to what it is about."""
    for index, word in enumerate(
        lower[:_MOST_BEFORE] if "wer" not in lower[:1] else ()
    ):  # "wer" is who speaks
        if tokens[index][0].isupper() and index:
            continue
        end = _speaker_end(tokens, lower, index + 1, grammar)
        asks = word in grammar.verbs or word in _ALSO["de"]
        if word in _WITH:
            asks = not set(_WITH[word].split()).isdisjoint(lower[end:])
        if asks:
            return index + 1, end, word
        participle = next((one for one in lower[end:] if one in grammar.verbs), "")
        if word in _PERFECT and participle:
            return index + 1, end, participle
    return None


def _speaker_end(tokens: Sequence[str], lower: Sequence[str], first: int, grammar: SpeechGrammar) -> int:
    """Where the one who speaks ends: at a preposition, a sign, another phrase, or the verb."""
    named = False
    for index in range(first, len(tokens)):
        word = lower[index]
        lowercase = tokens[index][0].islower()
        stops = (word in _TOPIC and (named or word != "sich")) or (
            named and (word in _ARTICLES or word in grammar.verbs)
        )
        if not tokens[index][0].isalnum() or (lowercase and stops):
            return index
        named = named or not lowercase
    return len(tokens)


def name_in(query: Query, speakers: tuple[Word, ...]) -> str:
    """The speakers' names as the question writes them."""
    return " ".join(word.text for word in query.words if word in speakers)
