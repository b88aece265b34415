"""Are quotations found in news, of the right kind, and with the right speaker?

    python -m benchmarks.quotations --data DIR [--part dev] [--own half]

German: the articles with marked quotations in DIR/quotations (train.jsonl was looked at, dev.jsonl is reported). English: our own
articles in benchmarks/quotations_articles, of which those with even numbers were looked at while the rules were made.

What the annotation marks is compared letter by letter, so that spaces, commas and the full stop that it includes or leaves out do not
count. Several sentences without a frame of their own are one quotation there, one each here, and are compared sentence by sentence.
What is marked twice, for two readings of who speaks, counts once, and either speaker is right. It leaves out a frame in the middle ("…, sagte der Minister, …"); ours has it within, with offsets for cue and speaker, and
these are taken out before they are compared. Its "FreeIndirect" and "IndirectFreeIndirect" (no frame) are indirect quotations here.
A quotation is found if what is found has at least ``overlap`` of the letters that either has (intersection over union); each counts
once. A speaker is right if the head of the phrase found is a head of the phrase marked ("Der Vertreter der Arbeitgeber im Aufsichtsrat,
Peter Clever": Vertreter, Clever), in this place or as the name of the same person elsewhere. Our own articles mark the full name
instead, so that there a pronoun, a role and a surname have to be resolved.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from benchmarks.marked_quotations import MarkedArticle, MarkedQuotation, news, own_articles
from ingest.quotations import find_quotations
from ingest.text.folding import fold, words
from ingest.types import Quotation

_RUN = re.compile(r"[„“\"»«]?[A-ZÄÖÜÉ\d][^\s]*(?:\s[„“\"»«]?[A-ZÄÖÜÉ\d][^\s]*)*")
_DETERMINERS = frozenset(
    [
        "der",
        "die",
        "das",
        "dem",
        "den",
        "des",
        "ein",
        "eine",
        "einer",
        "einem",
        "einen",
        "eines",
        "the",
        "a",
        "an",
    ]
)
_SOURCE = re.compile(
    r"(?:angaben|ansicht|meinung|auffassung|aussagen?|einschätzung(?:en)?|schätzung(?:en)?|informationen|berichte?n?|darstellung|worten|idee"
    r"|erkenntnissen|berechnungen|ermittlungen|meldung(?:en)?)$",
    re.I,
)
_POINTERS = frozenset(["demnach", "danach", "wonach"])
_PRONOUNS = frozenset(
    ["er", "sie", "dieser", "diese", "he", "she", "they", "ihm", "ihr", "ihnen", "wir", "ich"]
)
_RELATIVES = frozenset(["der", "die", "das", "who", "which"])


@dataclass(slots=True)
class Tally:
    """What was marked, what was found, and what of it is right."""

    marked: int = 0
    found: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        both = self.marked + self.found
        return 2 * self.right / both if both else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {self.f1:.3f}  ({self.marked} marked, {self.found} found)"


@dataclass(slots=True)
class QuotationScores:
    """The figures of one set of articles."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    words: Tally = field(default_factory=Tally)
    speakers_asked: int = 0
    speakers_given: int = 0
    speakers_right: int = 0
    invented: int = 0
    unnamed: int = 0

    def tally(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("train", "dev"), default="dev")
    parser.add_argument("--own", choices=("looked-at", "kept-back"), default="kept-back")
    arguments = parser.parse_args(argv)
    report(f"German news, {arguments.part}", news(arguments.data / "quotations" / f"{arguments.part}.jsonl"))
    for language in ("en", "de"):
        own = [
            article
            for number, article in own_articles(language)
            if (number % 2 == 0) == (arguments.own == "looked-at")
        ]
        if own:
            report(f"own articles, {language}, {arguments.own}", own)


def report(title: str, articles: Sequence[MarkedArticle]) -> None:
    """Prints the figures of some articles."""
    started = time.process_time()
    found = [find_quotations(article.text, article.language) for article in articles]
    elapsed = time.process_time() - started
    scores = scored(articles, found)
    print(
        f"\n{title}: {len(articles)} articles, {sum(len(article.quotations) for article in articles)} quotations"
    )
    for name, tally in scores.tallies.items():
        print(f"  {name:<42}{tally}")
    print(f"  {'words inside others’ speech':<42}{scores.words}")
    share = scores.speakers_right / max(1, scores.speakers_asked)
    precise = scores.speakers_right / max(1, scores.speakers_given)
    print(
        f"  speaker right of those found: {share:.3f} ({scores.speakers_asked}); where one is given: {precise:.3f}; "
        f"given where none is marked: {scores.invented} of {scores.unnamed}"
    )
    count = sum(len(article.text.split()) for article in articles)
    print(f"  {elapsed * 1e6 / count:.2f} ms per 1,000 words")


def scored(articles: Sequence[MarkedArticle], found: Sequence[tuple[Quotation, ...]]) -> QuotationScores:
    """The figures for what was found in each article."""
    scores = QuotationScores()
    for article, quotations in zip(articles, found, strict=True):
        given = [(quotation, _letters(article.text, quotation)) for quotation in quotations]
        _count_kinds(article, given, scores)
        _count_words(article, given, scores)
        for marked, quotation in _pairs(article.quotations, given, 0.5):
            _count_speaker(article, marked, quotation, scores)
    return scores


Given = tuple[Quotation, frozenset[int]]


def _count_kinds(article: MarkedArticle, given: Sequence[Given], scores: QuotationScores) -> None:
    for name, kinds, overlap in (
        ("direct, overlap .8", ("direct",), 0.8),
        ("indirect, overlap .8", ("indirect",), 0.8),
        ("indirect, overlap .5", ("indirect",), 0.5),
        ("reported, overlap .8", ("reported",), 0.8),
        ("indirect and reported, overlap .8", ("indirect", "reported"), 0.8),
        ("indirect and reported, overlap .5", ("indirect", "reported"), 0.5),
    ):
        marked = [one for one in article.quotations if one.kind in kinds]
        found = [one for one in given if one[0].kind in kinds]
        tally = scores.tally(name)
        tally.marked += len(marked)
        tally.found += len(found)
        tally.right += len(_pairs(marked, found, overlap))


def _count_words(article: MarkedArticle, given: Sequence[Given], scores: QuotationScores) -> None:
    inside = frozenset().union(*(one.letters for one in article.quotations))
    found = frozenset().union(*(letters for _, letters in given))
    for match in re.finditer(r"\w+", article.text):
        marked, told = match.start() in inside, match.start() in found
        scores.words.marked += marked
        scores.words.found += told
        scores.words.right += marked and told


def _pairs(
    marked: Sequence[MarkedQuotation], given: Sequence[Given], overlap: float
) -> list[tuple[MarkedQuotation, Quotation]]:
    """What was marked with what was found of it, the best first; each once."""
    every = [
        (_shared(one.letters, letters), number, place)
        for (number, one), (place, (_, letters)) in product(enumerate(marked), enumerate(given))
    ]
    pairs: list[tuple[MarkedQuotation, Quotation]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for share, number, place in sorted(every, reverse=True):
        if share < overlap:
            break
        if number not in taken[0] and place not in taken[1]:
            taken[0].add(number)
            taken[1].add(place)
            pairs.append((marked[number], given[place][0]))
    return pairs


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def _letters(text: str, quotation: Quotation) -> frozenset[int]:
    """The letters of a quotation without a frame that lies within it."""
    frame = [
        extent for extent in (quotation.cue, quotation.speaker) if extent and quotation.kind == "indirect"
    ]
    return frozenset(
        at
        for at in range(quotation.start, quotation.end)
        if text[at].isalnum() and not any(extent.start <= at < extent.end for extent in frame)
    )


def _count_speaker(
    article: MarkedArticle, marked: MarkedQuotation, quotation: Quotation, scores: QuotationScores
) -> None:
    if not marked.speaker or marked.speaker.lower() in _POINTERS:  # "demnach" names nobody
        scores.unnamed += 1
        scores.invented += bool(quotation.name if marked.named else quotation.speaker)
        return
    scores.speakers_asked += 1
    scores.speakers_given += bool(quotation.name if marked.named else quotation.speaker)
    scores.speakers_right += is_speaker(article.text, marked, quotation)


def is_speaker(text: str, marked: MarkedQuotation, quotation: Quotation) -> bool:
    """Whether a quotation's speaker is the one who was marked."""
    if marked.other is not None and is_speaker(text, marked.other, quotation):
        return True
    if marked.named:
        return [fold(word) for word in words(quotation.name)] == [
            fold(word) for word in words(marked.speaker)
        ]
    if quotation.speaker is None:
        return False
    places = range(quotation.speaker.start, quotation.speaker.end)
    written = quotation.speaker.of(text)
    here = not marked.speaker_places.isdisjoint(places)
    if here and marked.speaker.lower() in _PRONOUNS:
        return True
    if marked.speaker.lower() in _RELATIVES and min(marked.speaker_places) - quotation.speaker.end in range(
        1, 4
    ):
        return True  # what a relative pronoun stands for
    wanted = _heads(marked.speaker)
    if here:
        return bool(wanted & _heads(written))
    return marked.speaker.lower() not in _PRONOUNS and bool(
        wanted & (_heads(quotation.name) | _heads(written))
    )


def _heads(phrase: str) -> set[str]:
    """The last word of the first name or noun of each part of a phrase, folded; of "Angaben der Polizei" also of what follows."""
    heads: set[str] = set()
    for part in re.split(r"[,(–]", phrase)[:3]:
        runs = re.findall(_RUN, " ".join(word for word in part.split() if word.lower() not in _DETERMINERS))
        for run in runs or [part]:
            found = words(run)
            if found:
                heads.add(fold(found[-1]))
            if found and not _SOURCE.search(found[-1]):
                break
    return heads


if __name__ == "__main__":
    main()
