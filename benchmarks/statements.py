"""The statements that `checking` checks: true ones, and altered ones, with the quote that each cites.

Made from XQuAD's sentences; those in other words and of other events by hand.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from benchmarks.exchanges import Exchanges, rewordings
from ingest.text.folding import words

KINDS = (
    "true: the sentence",
    "true: shortened",
    "number changed",
    "number word changed",
    "name swapped",
    "negation added",
    "negation removed",
    "participle exchanged",
    "predicate exchanged",
    "true: in other words",
    "another event",
)
HALF = 24  # of XQuAD's articles
WORDS = {
    "en": words("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty"),
    "de": words("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig"),
}
ORDINALS = {
    "en": words("second third fourth fifth sixth seventh eighth ninth tenth"),
    "de": words("zweite dritte vierte fünfte sechste siebte achte neunte zehnte"),
}
AUXILIARIES = {
    "en": r"\b(?:is|are|was|were|has|have|had|can|could|will|would|may|might|must|should)\b",
    "de": r"\b(?:ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können|konnte|konnten|muss|soll)\b",
}
REMOVALS = {
    "en": (
        (r"\b(?:do|does|did) not ", ""),
        (r"\bcannot\b", "can"),
        (r"n['’]t\b", ""),
        (r"\b(?:not|never) ", ""),
        (r"\bno (?=[a-z])", "a "),
        (r"\bwithout\b", "with"),
    ),
    "de": ((r"\b(?:nicht|nie|niemals) ", ""), (r"\bkein(?=e[nrms]?\b|\b)", "ein"), (r"\bohne\b", "mit")),
}
NOT_A_DENIAL = re.compile(r"\b(?:not (?:only|just)|nicht (?:nur|zuletzt)|no longer|no less)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCase:
    """A statement, what it cites, what stands around that, and how the statement was made.

    ``second`` is true in the half that no rule was chosen on.
    """

    kind: str
    statement: str
    quote: str
    surroundings: tuple[str, ...]
    language: str
    second: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSentence:
    text: str
    surroundings: tuple[str, ...]
    article: int


def sentences(language: str, data: Path) -> list[list[SourceSentence]]:
    """The sentences of each paragraph."""
    loaded = json.loads((data / "xquad" / "sentences" / f"{language}.json").read_text(encoding="utf-8"))
    found = []
    for number, article in enumerate(loaded["data"]):
        for paragraph in article["paragraphs"]:
            texts = ["", *paragraph["sentences"], ""]
            title = str(article.get("title", "")).replace("_", " ")
            found.append(
                [
                    SourceSentence(
                        text=text, surroundings=(title, texts[n - 1], texts[n + 1]), article=number
                    )
                    for n, text in enumerate(texts)
                    if text
                ]
            )
    return found


def pairs(data: Path) -> Iterator[tuple[SourceSentence, SourceSentence]]:
    """English sentences and the German ones beside them, from paragraphs cut into equally many of similar length."""
    for english, german in zip(sentences("en", data), sentences("de", data), strict=True):
        even = len(english) == len(german) and all(
            0.6 < len(a.text) / len(b.text) < 1.4 for a, b in zip(english, german, strict=True)
        )
        if even:
            yield from zip(english, german, strict=True)


class Corpus:
    """The names to swap: words that English texts write large in mid-sentence and nowhere small.

    German writes all nouns large, so its names are those that the English texts have, too.
    """

    def __init__(self, texts: Sequence[str], english: Sequence[str]) -> None:
        self.small = {word for text in english for word in re.findall(r"\b[a-zäöüß][^\W\d_]*", text)}
        self.large = {word for text in english for word in re.findall(r"(?<=[a-z,] )[A-ZÄÖÜ][^\W\d_]*", text)}
        self.names = sorted({match.group() for text in texts for match in self.spans(text)})

    def spans(self, text: str) -> list[re.Match[str]]:
        """Runs of one to three capitalised words, not at the start, each never written small in the corpus."""
        run = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{2,}(?: [A-ZÄÖÜ][a-zäöüß]{2,}){0,2}(?![\w-])")
        return [match for match in run.finditer(text) if all(map(self._is_name, match.group().split()))]

    def has_name(self, text: str) -> bool:
        """Whether a piece of a sentence has a name."""
        return bool(self.spans(f", {text}"))

    def _is_name(self, word: str) -> bool:
        return word in self.large and word.lower() not in self.small


def digit(text: str, dice: random.Random) -> str | None:
    """One digit of one run of digits changed, the first never to zero."""
    runs = [
        match for match in re.finditer(r"\d+(?:[.,]\d+)*", text) if not text[: match.start()].endswith("[")
    ]
    if not runs:
        return None
    run = dice.choice(runs)
    places = [n for n in range(*run.span()) if text[n].isdigit()]
    place = dice.choice(places)
    others = [d for d in "123456789" if d != text[place]]
    return text[:place] + dice.choice(others) + text[place + 1 :]


def number_word(text: str, language: str, dice: random.Random) -> str | None:
    """One number word, or the number that a German ordinal's form has, replaced by another of its list."""
    found = []
    for listed in (WORDS[language], ORDINALS[language]):
        pattern = (
            rf"\b({'|'.join(listed)})(?=[nrsm]?\b)"
            if listed is ORDINALS["de"]
            else rf"\b({'|'.join(listed)})\b"
        )
        found += [(match, listed) for match in re.finditer(pattern, text)]
    if not found:
        return None
    match, listed = dice.choice(found)
    return (
        text[: match.start()] + dice.choice([w for w in listed if w != match.group()]) + text[match.end() :]
    )


def name(text: str, corpus: Corpus, dice: random.Random) -> str | None:
    """One name replaced by another of the corpus that the sentence does not have."""
    spans = corpus.spans(text)
    if not spans:
        return None
    span = dice.choice(spans)
    for other in dice.sample(corpus.names, len(corpus.names)):
        if not any(word in text for word in other.split()):
            return text[: span.start()] + other + text[span.end() :]
    return None


def negated(text: str, language: str, dice: random.Random) -> str | None:
    """ "not" or "nicht" behind the first auxiliary verb that has none yet."""
    match = re.search(AUXILIARIES[language], text)
    if not match or re.match(r"\s+(?:not|nicht|kein\w*|no|never|nie)\b", text[match.end() :]):
        return None
    return text[: match.end()] + {"en": " not", "de": " nicht"}[language] + text[match.end() :]


def affirmed(text: str, language: str, dice: random.Random) -> str | None:
    """One negation taken out."""
    found = [
        (match, change)
        for pattern, change in REMOVALS[language]
        for match in re.finditer(pattern, text)
        if not NOT_A_DENIAL.match(text, match.start())
    ]
    if not found:
        return None
    match, change = dice.choice(found)
    return text[: match.start()] + change + text[match.end() :]


def shortened(text: str) -> Iterator[str]:
    """The sentence without its parenthesis, without its last clause, and its last clause left out at an "and"."""
    without = re.sub(r"\s*\([^()]*\)", "", text)
    if without != text:
        yield without
    for separator in (", ", " and ", " und "):
        head, found, tail = text.rpartition(separator)
        if found and len(head) > 40 and len(tail) > 15:
            yield head.rstrip(",;") + "."


def cases(
    pair: tuple[SourceSentence, SourceSentence],
    language: str,
    corpus: Corpus,
    exchanges: Exchanges,
    dice: random.Random,
    others: random.Random,
) -> Iterator[CheckCase]:
    """All statements made of one sentence over the quote beside it."""
    own, quote = pair
    made = CheckCase(
        kind=KINDS[0],
        statement=own.text,
        quote=quote.text,
        surroundings=quote.surroundings,
        language=language,
        second=own.article >= HALF,
    )
    yield made
    yield from (replace(made, kind=KINDS[1], statement=text) for text in shortened(own.text))
    alterations: dict[str, Callable[[], str | None]] = {
        KINDS[2]: lambda: digit(own.text, dice),
        KINDS[3]: lambda: number_word(own.text, language, dice),
        KINDS[4]: lambda: name(own.text, corpus, dice),
        KINDS[5]: lambda: negated(own.text, language, dice),
        KINDS[6]: lambda: affirmed(own.text, language, dice),
        KINDS[7]: lambda: exchanges.participle(own.text, others),
        KINDS[8]: lambda: exchanges.predicate(own.text, own.article, others),
    }
    for kind, alter in alterations.items():
        altered = alter()
        if altered and altered != own.text:
            yield replace(made, kind=kind, statement=altered)


def by_hand(over: str, language: str) -> Iterator[CheckCase]:
    """Statements in ``language`` over a quote in another: true ones in other words, and of other events."""
    for number, rewording in enumerate(rewordings()):
        if rewording.language == over:
            for kind, texts in ((KINDS[9], rewording.true), (KINDS[10], rewording.invented)):
                yield CheckCase(
                    kind=kind,
                    statement=texts[language],
                    quote=rewording.quote,
                    surroundings=(),
                    language=language,
                    second=number % 2 == 1,
                )


def collected(data: Path, every: int, seed: int) -> dict[str, list[CheckCase]]:
    """The cases of each row of the table, of every Nth sentence."""
    rows: dict[str, list[CheckCase]] = {}
    listed = {
        language: [sentence for paragraph in sentences(language, data) for sentence in paragraph]
        for language in ("de", "en")
    }
    texts = {language: [sentence.text for sentence in found] for language, found in listed.items()}
    sources = (
        ("German over German", "de", "de", [(sentence, sentence) for sentence in listed["de"]]),
        ("English over English", "en", "en", [(sentence, sentence) for sentence in listed["en"]]),
        ("English over German", "de", "en", list(pairs(data))),
        ("German over English", "en", "de", [(german, english) for english, german in pairs(data)]),
    )
    for title, over, language, found in sources:
        dice, others = random.Random(seed), random.Random(seed + 1)
        corpus = Corpus(texts[language], texts["en"])
        known = [(sentence.article, sentence.text) for sentence in listed[language]]
        exchanges = Exchanges(known, language, AUXILIARIES[language], corpus.has_name)
        chosen = found[::every]
        made = (cases(pair, language, corpus, exchanges, dice, others) for pair in chosen)
        rows[title] = [*chain.from_iterable(made), *by_hand(over, language)]
    return rows
