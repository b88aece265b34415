"""Is a draft checked rightly: what is true, changed, quoted, misquoted, or in no document?

    python -m benchmarks.drafts [--data DIR] [--part looked-at|kept-back] [--drafts N] [--show KIND]

Drafts of 20 sentences are made by script, with a fixed seed, from XQuAD's paragraphs in German and English and from the German news
articles in DIR/quotations: sentences copied, shortened or in the other language; with one figure, date, name, denial or speaker changed;
words in quotation marks as they stand (in other marks and white space), with one word changed, or from articles that are in no index;
and sentences of articles that are left out. They are checked against an index of the rest, in the draft's language or in the other one
("across"). Rules and thresholds were chosen on the articles that are looked at; the others are reported.

A sentence is right if it gets the class that it should have, with the right source if one of its citations has words of the sentence that
it was made from. What is true is wrong only where it is called "differs"; how much of it is found is the row's "right class".
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from assistant.core import Assistant
from assistant.drafts.drafting import draft_of
from assistant.drafts.types import CheckedDraft, CheckedQuotation, CheckedSentence, DraftDone
from benchmarks import corpora
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
from benchmarks.statements_index import articles
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.types import Embedder
from ingest.errors import SourceError
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.quotations import find_quotations
from ingest.store.index import Index
from ingest.text.sentences import trimmed_sentences
from ingest.types import Document, Item

PARTS = {"looked-at": range(HALF), "kept-back": range(HALF, 2 * HALF)}
NEWS = {"looked-at": "train", "kept-back": "dev"}
LEFT_OUT = 6  # of so many articles one is in no index
PARAGRAPHS_LEFT_OUT = 7  # of so many paragraphs of the others one
STORED, SPARE = 110, 40  # news articles that are in the index, and that are in none
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
QUOTED = ("quoted: word for word", "quoted: one word changed", "quoted: invented")
RIGHT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(TRUE, frozenset({"supported", "claim"})),
    **dict.fromkeys(ALTERED, frozenset({"differs"})),
    ABSENT: frozenset({"not_found"}),
    ABSENT_NEAR: frozenset({"not_found"}),
    QUOTED[0]: frozenset({"verbatim"}),
    QUOTED[1]: frozenset({"altered"}),
    QUOTED[2]: frozenset({"not_found"}),
}
# How many of each kind a draft has; where there are no quotations, more of the others.
MIX = (*TRUE, *TRUE, *TRUE, *ALTERED[:5], ALTERED[5], ABSENT, ABSENT_NEAR, *QUOTED[:2], *QUOTED)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLine:
    """A line and what it was found to be."""

    line: DraftLine
    found: CheckedSentence | CheckedQuotation
    right_source: bool

    @property
    def right(self) -> bool:
        return self.found.verdict in RIGHT[self.line.kind]


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
    opening, closing = dice.choice(MARKS)
    plain = words if opening != '"' else words.replace('"', "'")
    return f"{opening}{plain}{closing}, hieß es."


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
    for _ in range(number):
        chosen: list[DraftLine] = []
        kinds = cycle(MIX)
        while len(chosen) < PER_DRAFT and any(waiting.values()):
            if own := waiting.get(next(kinds)):
                chosen.append(own.pop())
        yield dice.sample(chosen, len(chosen))


def checked_lines(assistant: Assistant, lines: Sequence[DraftLine], language: str) -> Iterator[CheckedLine]:
    """The lines of a draft, each a paragraph, as they were checked."""
    text = "\n\n".join(line.text for line in lines)
    *_, last = assistant.check_draft(draft_of(text, language=language))
    assert isinstance(last, DraftDone)
    at = 0
    for line in lines:
        end = at + len(line.text)
        quoted = line.kind in QUOTED
        those: Sequence[CheckedSentence | CheckedQuotation] = (
            last.checked.quotations if quoted else last.checked.sentences
        )
        found = max(
            (one for one in those if one.start < end and at < one.end),
            key=lambda one: min(end, one.end) - max(at, one.start),
            default=None,
        )
        if found:
            yield CheckedLine(line=line, found=found, right_source=_right_source(line, found, last.checked))
        else:
            print(f"# no {'quotation' if quoted else 'sentence'} was found in: {line.text}")
        at = end + 2


def _right_source(line: DraftLine, found: CheckedSentence | CheckedQuotation, checked: CheckedDraft) -> bool:
    """Whether something cited has words of what the line was made from."""
    if isinstance(found, CheckedSentence):
        numbers = found.citations
    else:
        numbers = (*([found.citation] if found.citation else []), *found.also_in)
    own = set(re.findall(r"\w{4,}", line.words))
    cited = [checked.citations[number - 1] for number in numbers]
    return any(
        one.document.source == line.source and own & set(re.findall(r"\w{4,}", one.quote)) for one in cited
    )


def opened(
    part: str, over: str, data: Path, folder: Path, embedder: Embedder
) -> tuple[Assistant, dict[str, list[DraftLine]]]:
    """An assistant over a part's paragraphs in a language and news, and the lines of quotations that are made of these."""
    kept = [
        (number, paragraph)
        for number, paragraph in enumerate(corpora.paragraphs(over, data))
        if (article := sentences(over, data)[number][0].article) in PARTS[part] and is_stored(number, article)
    ]
    items: list[Item | SourceError] = []
    quoted: dict[str, list[DraftLine]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{over}-{number:04}.txt": paragraph for number, paragraph in kept}
    if over == "de":
        news = list(articles(data / "quotations" / f"{NEWS[part]}.jsonl"))
        stored = [
            Document(
                **{**{field: getattr(one, field) for field in one.__slots__}, "source": f"news-{n:04}.txt"}
            )
            for n, one in enumerate(news[:STORED])
        ]
        texts |= {one.source: one.text for one in stored}
        quoted = quotation_lines(stored, news[STORED : STORED + SPARE], random.Random(7))
    else:
        texts |= {f"news-{n:04}.txt": text for n, text in enumerate(corpora.english(data)[::20])}
    for source, text in texts.items():
        (folder / source).write_text(text, encoding="utf-8")
        items.append(Item(source=source, name=source, path=folder / source))
    assistant = Assistant(Index.open(folder / "data", embedder), embedder)
    ingest(items, assistant.index, embedder, lambda path, name, _: load(path.read_bytes(), name))
    return assistant, quoted


def table(title: str, found: Sequence[CheckedLine]) -> None:
    print(f"\n| {title} | tested | right class | right source | other classes |\n|---|---|---|---|---|")
    for kind in (*TRUE, *ALTERED, ABSENT, ABSENT_NEAR, *QUOTED):
        row(kind, [one for one in found if one.line.kind == kind])
    groups = {
        "**true**": [one for one in found if one.line.kind in TRUE],
        "**altered**": [one for one in found if one.line.kind in ALTERED],
        "**quotations**": [one for one in found if one.line.kind in QUOTED],
    }
    for label, lines in groups.items():
        row(label, lines)
    true = groups["**true**"]
    wrong = sum(one.found.verdict == "differs" for one in true)
    print(f"\nTrue sentences called wrong: {wrong} of {len(true)} = {wrong / max(1, len(true)):.3f}")


def row(label: str, lines: Sequence[CheckedLine]) -> None:
    if not lines:
        return
    right = [one for one in lines if one.right]
    sourced = [one for one in right if one.line.source]
    others = Counter(one.found.verdict for one in lines if not one.right)
    source = f"{sum(one.right_source for one in sourced) / len(sourced):.3f}" if sourced else ""
    named = ", ".join(f"{verdict} {count}" for verdict, count in others.most_common())
    print(f"| {label} | {len(lines)} | {len(right) / len(lines):.3f} | {source} | {named} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--part", choices=list(PARTS), default="kept-back")
    parser.add_argument("--drafts", type=int, default=20, help="how many for each pair of languages")
    parser.add_argument("--work", type=Path, help="keep the indexes there")
    parser.add_argument("--show", default="", help="print the wrong lines of the kinds that begin so")
    options = parser.parse_args()
    work = options.work or Path(tempfile.mkdtemp())
    embedder = SentenceTransformerEmbedder()
    seconds: list[float] = []
    for over in ("de", "en"):
        assistant, quoted = opened(options.part, over, options.data, work / options.part / over, embedder)
        for language in ("de", "en"):
            lines = claim_lines(language, over, options.part, options.data, seed=11)
            lines |= quoted if language == over else {}
            found: list[CheckedLine] = []
            for draft in drafts(lines, options.drafts, random.Random(5)):
                began = time.perf_counter()
                found += checked_lines(assistant, draft, language)
                seconds.append((time.perf_counter() - began) / len(draft))
            table(f"{language} over {over}", found)
            for one in found:
                if options.show and one.line.kind.startswith(options.show) and not one.right:
                    print(f"# {one.line.kind} -> {one.found}\n#   of: {one.line.words}")
        assistant.close()
    print(f"\nMedian time of a line: {1000 * statistics.median(seconds):.0f} ms")


if __name__ == "__main__":
    main()
