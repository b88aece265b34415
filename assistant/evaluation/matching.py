"""Whether a passage, a quote or an answer has what was expected. White space and case are folded, words are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.evaluation.reading import ExpectedAnswer
from ingest.text.folding import fold, tokens

# A quote that is only a part of a longer gold quote answers from so many words on: "Yes" is a part of much.
LEAST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Words of a document from ``start`` on, as a search or an answer gives them."""

    document_id: str
    title: str
    source: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def folded(text: str) -> str:
    """The text in lower case, with single spaces for line breaks."""
    return " ".join(text.casefold().split())


def is_of(place: TextPlace, sources: Sequence[str]) -> bool:
    """Whether the title or the source of a place has one of ``sources`` in it, or its document's id is one; any, where there are none."""
    named = (folded(place.title), folded(place.source))
    return not sources or any(
        place.document_id == source or any(folded(source) in name for name in named) for source in sources
    )


def holds_gold(text: str, gold_quotes: Iterable[str]) -> bool:
    """Whether a text has one of the gold quotes in it, word for word."""
    said = folded(text)
    return any(folded(gold) in said for gold in gold_quotes)


def quotes_gold(quote: str, gold_quotes: Sequence[str]) -> bool:
    """Whether a quote has a gold quote in it, or is a part of a longer one."""
    said = folded(quote)
    part = len(said.split()) >= LEAST_WORDS
    return holds_gold(quote, gold_quotes) or (part and any(said in folded(gold) for gold in gold_quotes))


def gold_rank(hits: Sequence[TextPlace], expected: ExpectedAnswer) -> int | None:
    """The least number of hits, best first, that have a gold quote of the right source; None where all together have none.

    A gold quote may go over the end of a passage: it counts once the passages that share it are there.
    """
    right = [hit if is_of(hit, expected.sources) else None for hit in hits]
    for rank in range(1, len(hits) + 1):
        if right[rank - 1] is None:
            continue
        among = [hit for hit in right[:rank] if hit is not None]
        if any(holds_gold(text, expected.gold_quotes) for text in joined(among)):
            return rank
    return None


def joined(places: Iterable[TextPlace]) -> list[str]:
    """The texts of the places, of one document those put together that follow one another without a gap."""
    texts: list[str] = []
    ordered = sorted(set(places), key=lambda place: (place.document_id, place.start))
    for _, of_document in groupby(ordered, key=lambda place: place.document_id):
        end = -1
        for place in of_document:
            if place.start == end:
                texts[-1] += place.text
            else:
                texts.append(place.text)
            end = place.end
    return texts


def says(texts: Iterable[str], short_answers: Iterable[str]) -> bool:
    """Whether one of the texts has one of the short answers as whole words, in any spelling: "1.200" is "1,200"."""
    answers = [words for answer in short_answers if (words := _words(answer))]
    return any(_holds(_words(text), answer) for text in texts for answer in answers)


def _words(text: str) -> list[str]:
    return [fold(word) for word in tokens(text)]


def _holds(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))
