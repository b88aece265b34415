"""The lines of the drafts that `drafts` checks: true ones, changed ones, quoted ones, and what is in no document.

Made by script from XQuAD's sentences and German news articles; those in other words and of other events by hand.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

from benchmarks.exchanges import rewordings
from benchmarks.statements import (
    HALF,
    Corpus,
    SourceSentence,
    affirmed,
    digit,
    name,
    negated,
    number_word,
    sentences,
    shortened,
)
from ingest.quotations import find_quotations
from ingest.text.sentences import trimmed_sentences
from ingest.types import Document

TEXTS = Path(__file__).resolve().parent.parent / "training" / "texts"
PARTS = {"looked-at": range(HALF), "kept-back": range(HALF, 2 * HALF)}
LEFT_OUT = 6  # of so many articles one is in no index
PARAGRAPHS_LEFT_OUT = 7  # of so many paragraphs of the others one
PER_DRAFT = 20
TRUE = ("true: the sentence", "true: shortened")
ALTERED = (
    "figure changed",
    "date changed",
    "name changed",
    "denial added",
    "denial removed",
    "speaker changed",
)
ABSENT = "in no document"
ABSENT_NEAR = "in no document, of a known topic"
REWORDED = ("true: in other words", "another event")
QUOTED = ("quoted: word for word", "quoted: one word changed", "quoted: invented")
RIGHT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(TRUE, frozenset({"supported", "claim"})),
    **dict.fromkeys(ALTERED, frozenset({"differs"})),
    ABSENT: frozenset({"not_found"}),
    ABSENT_NEAR: frozenset({"not_found"}),
    REWORDED[0]: frozenset({"supported", "claim"}),
    REWORDED[1]: frozenset({"differs", "not_found"}),
    QUOTED[0]: frozenset({"verbatim"}),
    QUOTED[1]: frozenset({"altered"}),
    QUOTED[2]: frozenset({"not_found"}),
}
# How many of each kind a draft has; where there are no quotations, more of the others.
MIX = (*TRUE, *TRUE, *TRUE, *ALTERED[:5], ALTERED[5], ABSENT, ABSENT_NEAR, *REWORDED, *QUOTED[:2], *QUOTED)
MARKS = (("„", "“"), ("»", "«"), ('"', '"'), ("“", "”"))
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "April",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A line of a draft, the kind that it is of, and the source and the words that it was made from; none for what is in no document."""

    kind: str
    text: str
    source: str = ""
    words: str = ""


Lines = Mapping[str, list[DraftLine]]
Paragraphs = Sequence[list[SourceSentence]]


def date_changed(text: str, language: str, dice: random.Random) -> str | None:
    """A year or a month replaced by another."""
    months = _MONTHS[language]
    found = [*_YEAR.finditer(text), *re.finditer(rf"\b(?:{'|'.join(months)})\b", text)]
    if not found:
        return None
    match = dice.choice(found)
    year = match[0].isdecimal()
    new = (
        str(int(match[0]) + dice.choice((-30, -7, -2, 3, 8, 20)))
        if year
        else dice.choice([month for month in months if month != match[0]])
    )
    return text[: match.start()] + new + text[match.end() :]


def figure_changed(text: str, language: str, dice: random.Random) -> str | None:
    """A digit or a number word replaced by another, none of a year."""
    blanked = _YEAR.sub(lambda match: "·" * len(match[0]), text)
    changed = digit(blanked, dice) or number_word(blanked, language, dice)
    if not changed:
        return None
    years = iter(_YEAR.findall(text))
    return re.sub("····", lambda _: next(years), changed)


def aligned(data: Path) -> list[tuple[list[SourceSentence], list[SourceSentence], bool]]:
    """English and German paragraphs, and whether they are cut into equally many sentences of similar length."""
    return [
        (
            english,
            german,
            len(english) == len(german)
            and all(0.6 < len(a.text) / len(b.text) < 1.4 for a, b in zip(english, german, strict=True)),
        )
        for english, german in zip(sentences("en", data), sentences("de", data), strict=True)
    ]


def claim_lines(language: str, over: str, part: str, data: Path, seed: int) -> dict[str, list[DraftLine]]:
    """Lines made of XQuAD's sentences in ``language``, whose sources are its paragraphs in the language ``over``."""
    dice = random.Random(seed)
    found: dict[str, list[DraftLine]] = defaultdict(list)
    texts = {code: [one.text for part_ in sentences(code, data) for one in part_] for code in ("de", "en")}
    corpus = Corpus(texts[language], texts["en"])
    for number, (english, german, even) in enumerate(aligned(data)):
        article = english[0].article
        if article not in PARTS[part]:
            continue
        mine, theirs = (german, english) if language == "de" else (english, german)
        stored = mine if over == language else theirs
        source = f"{over}-{number:04}.txt"
        if not is_stored(number, article):
            kind = ABSENT_NEAR if article % LEFT_OUT else ABSENT
            found[kind] += [DraftLine(kind=kind, text=own.text) for own in mine if _is_line(own.text)]
        elif over == language or even:
            for own, other in zip(mine, stored, strict=True):
                if _is_line(own.text):
                    for kind, text in _variants(own.text, language, corpus, dice):
                        found[kind].append(DraftLine(kind=kind, text=text, source=source, words=other.text))
    return found


def is_stored(paragraph: int, article: int) -> bool:
    """Whether a paragraph is in the index: some articles are left out as a whole, and of the others some paragraphs."""
    return bool(article % LEFT_OUT and paragraph % PARAGRAPHS_LEFT_OUT)


def reworded_lines(language: str, over: str, part: str) -> dict[str, list[DraftLine]]:
    """Lines in ``language`` that say in other words what sentences in the language ``over`` do, or tell another event; by hand."""
    found: dict[str, list[DraftLine]] = defaultdict(list)
    for one in list(rewordings())[list(PARTS).index(part) :: 2]:
        if one.language == over:
            source = next(name for name, text in own_texts(over).items() if one.quote in text)
            words = {"source": source, "words": one.quote}
            found[REWORDED[0]].append(DraftLine(kind=REWORDED[0], text=one.true[language], **words))
            found[REWORDED[1]].append(DraftLine(kind=REWORDED[1], text=one.invented[language], **words))
    return found


@cache
def own_texts(language: str) -> dict[str, str]:
    """The texts of `training/texts` in a language that have a sentence reworded, by the names of their files."""
    quotes = [one.quote for one in rewordings() if one.language == language]
    found: dict[str, str] = {}
    for path in sorted(TEXTS.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            loaded = json.loads(line)
            text = " ".join(loaded.get("sentences", []))
            if any(quote in text for quote in quotes):
                found[f"{path.stem}-{number}.txt"] = f"{loaded['title']}\n\n{text}"
    return found


def _is_line(text: str) -> bool:
    """Whether a sentence can stand in a draft by itself as one: it ends as one, and asks nothing."""
    return text.rstrip().endswith(".") and 40 <= len(text) <= 400 and "\n" not in text


def _variants(text: str, language: str, corpus: Corpus, dice: random.Random) -> Iterator[tuple[str, str]]:
    yield TRUE[0], text
    yield from ((TRUE[1], short) for short in list(shortened(text))[:1])
    changes: Mapping[str, Callable[[], str | None]] = {
        ALTERED[0]: lambda: figure_changed(text, language, dice),
        ALTERED[1]: lambda: date_changed(text, language, dice),
        ALTERED[2]: lambda: name(text, corpus, dice),
        ALTERED[3]: lambda: negated(text, language, dice),
        ALTERED[4]: lambda: affirmed(text, language, dice),
    }
    for kind, change in changes.items():
        changed = change()
        if changed and changed != text:
            yield kind, changed


def quotation_lines(
    stored: Sequence[Document], spare: Sequence[Document], dice: random.Random
) -> dict[str, list[DraftLine]]:
    """Lines with somebody's words of news articles: the speaker changed, and words in quotation marks."""
    found: dict[str, list[DraftLine]] = defaultdict(list)
    told = [(article, one) for article in stored for one in find_quotations(article.text, "de")]
    speakers = sorted({one.name for _, one in told if " " in one.name and one.name.istitle()})
    for article, one in told:
        if " " in one.name and one.kind != "reported" and one.speaker:
            found[ALTERED[5]] += _with_another(
                article, one.start, one.speaker.of(article.text), one.name, speakers, dice
            )
    vocabulary = sorted({word for article in spare for word in re.findall(r"\b[a-zäöü]{4,}\b", article.text)})
    for article, one in told:
        words = article.text[one.start : one.end].strip('„“”"»« ,')
        if one.kind == "direct" and 5 <= len(words.split()) <= 30:
            source = {"source": article.source, "words": words}
            found[QUOTED[0]].append(
                DraftLine(kind=QUOTED[0], text=_quoted(_respaced(words, dice), dice), **source)
            )
            if changed := _one_word(words, vocabulary, dice):
                found[QUOTED[1]].append(DraftLine(kind=QUOTED[1], text=_quoted(changed, dice), **source))
    for article in spare:
        for one in find_quotations(article.text, "de"):
            words = article.text[one.start : one.end].strip('„“”"»« ,')
            if one.kind == "direct" and 5 <= len(words.split()) <= 30:
                found[QUOTED[2]].append(DraftLine(kind=QUOTED[2], text=_quoted(words, dice)))
    return found


def _with_another(
    article: Document, at: int, written: str, speaker: str, speakers: Sequence[str], dice: random.Random
) -> Iterator[DraftLine]:
    """The sentence at an offset with another speaker than the one who is named in it."""
    span = next((s for s in trimmed_sentences(article.text, "de") if s.start <= at < s.end), None)
    text = article.text[span.start : span.end] if span else ""
    surname = speaker.split()[-1]
    if surname in written and written in text and _is_line(text):
        others = [other for other in speakers if other.split()[-1] not in article.text]
        if others:
            yield DraftLine(
                kind=ALTERED[5],
                text=text.replace(written, dice.choice(others), 1),
                source=article.source,
                words=text,
            )


def _quoted(words: str, dice: random.Random) -> str:
    """The words in marks that they have not themselves."""
    opening, closing = dice.choice(
        [pair for pair in MARKS if not set("".join(pair)) & set(words)] or [("»", "«")]
    )
    return f"{opening}{words}{closing}, hieß es."


def _respaced(words: str, dice: random.Random) -> str:
    """With some spaces as line ends or doubled."""
    return "".join(dice.choice((" ", " ", "  ", "\n")) if sign == " " else sign for sign in words)


def _one_word(words: str, vocabulary: Sequence[str], dice: random.Random) -> str | None:
    places = list(re.finditer(r"\b[a-zäöü]{4,}\b", words))
    if not places:
        return None
    place = dice.choice(places)
    new = dice.choice([word for word in vocabulary if word != place[0]])
    return words[: place.start()] + new + words[place.end() :]


def drafts(lines: Lines, number: int, dice: random.Random) -> Iterator[list[DraftLine]]:
    """Drafts of `PER_DRAFT` lines, with as many of each kind as `MIX` says as long as there are some."""
    waiting = {kind: dice.sample(found, len(found)) for kind, found in lines.items()}
    kinds = cycle(MIX)
    for _ in range(number):
        chosen: list[DraftLine] = []
        while len(chosen) < PER_DRAFT and any(waiting.values()):
            if own := waiting.get(next(kinds)):
                chosen.append(own.pop())
        yield dice.sample(chosen, len(chosen))
