"""How much of one text stands in another, though in other words, order and length. Pure.

Sentences are compared by the 4-grams of their folded words, which inflection changes little. A sentence counts as far as the
two sentences of the other text that have most of it hold it together, for who rewrites joins sentences and cuts them.
What a report is about shows in its facts: its numbers, and the names and nouns that are written with capitals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingest.text.folding import fold, tokens, word_grams

EDITION = 1  # rises when texts are compared otherwise
NUMBER = 2  # what a number weighs among facts, where a name weighs 1
UNSURE = 2  # facts that are taken to be half shared: of a few, chance decides

Grams = frozenset[str]


@dataclass(frozen=True)  # without slots: what is derived is computed once
class Wording:
    """The sentences of a text as sets of grams, its facts with their weights, and all its words, folded."""

    sentences: tuple[Grams, ...]
    facts: Mapping[str, int] = field(repr=False)
    words: frozenset[str] = field(repr=False)

    @cached_property
    def size(self) -> int:
        """The grams of all sentences."""
        return sum(map(len, self.sentences))

    @cached_property
    def all_grams(self) -> Grams:
        return frozenset().union(*self.sentences)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(fact for fact in self.facts if fact[:1].isdigit())

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """The sentences, by number, that have a gram."""
        places: dict[str, list[int]] = {}
        for number, grams in enumerate(self.sentences):
            for gram in grams:
                places.setdefault(gram, []).append(number)
        return {gram: tuple(numbers) for gram, numbers in places.items()}


def wording_of(sentences: Iterable[str]) -> Wording:
    """The wording of a text that is these sentences."""
    grams: list[Grams] = []
    facts: dict[str, int] = {}
    every: set[str] = set()
    for sentence in sentences:
        written = tokens(sentence)
        folded = [fold(word) for word in written]
        every.update(folded)
        grams.append(grams_of(written))
        for number, (word, own) in enumerate(zip(written, folded, strict=True)):
            if own[:1].isdigit():
                facts[own] = NUMBER
            elif number and word[:1].isupper() and len(word) > 1:
                facts.setdefault(own, 1)
    return Wording(tuple(filter(None, grams)), facts, frozenset(every))


def grams_of(words: Iterable[str]) -> Grams:
    """The grams of words as they are written; words of one or two letters have none."""
    return frozenset(
        gram for word in words if len(word) > 2 or word[:1].isdigit() for gram in word_grams(word)
    )


def shared_sentences(one: Wording, other: Wording, least: float = 0.0) -> float:
    """The share of the sentences of ``one``, by their length, that stand in ``other``, in [0, 1].

    The sentence that adds most is left out, for a note on rights or a name of an agency under every article makes no
    copies of them. Where the share is less than ``least`` anyway it is only said to be at most so much.
    """
    if (bound := most_shared(one, other)) < least:
        return bound
    return _share([_held(grams, other) for grams in one.sentences], one)


def most_shared(one: Wording, other: Wording) -> float:
    """What `shared_sentences` is at most, which takes a fraction of the time: as if the other text were one sentence."""
    return _share([len(grams & other.all_grams) for grams in one.sentences], one)


def _share(held: Sequence[int], wording: Wording) -> float:
    sizes, together = [len(grams) for grams in wording.sentences], sum(held)
    left = [
        (together - own) / (wording.size - size)
        for own, size in zip(held, sizes, strict=True)
        if wording.size > size
    ]
    return min(left, default=0.0)


def _held(grams: Grams, other: Wording) -> int:
    """How many of a sentence's grams the two best sentences of another text have together."""
    held = 0
    left: Iterable[str] = grams
    for _ in range(2):
        counts = Counter(number for gram in left for number in other.places.get(gram, ()))
        if not counts:
            break
        best, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
        held += most
        left = [gram for gram in left if best not in other.places.get(gram, ())]
    return held


def shared_facts(one: Wording, other: Wording) -> float:
    """The share of the facts of ``one``, by their weight, that ``other`` has, in (0, 1); near .5 where there are few."""
    own = sum(one.facts.values())
    held = sum(weight for fact, weight in one.facts.items() if fact in other.words)
    return (held + UNSURE / 2) / (own + UNSURE)


def shared_numbers(one: Wording, other: Wording) -> float:
    """The share of the numbers of ``one`` that ``other`` has, in (0, 1); .5 where there are none."""
    return (len(one.numbers & other.words) + 0.5) / (len(one.numbers) + 1)


def likeness(one: Grams, others: Sequence[Grams]) -> list[float]:
    """How alike a sentence is to each of ``others``, in [0, 1]: the share of the grams of both that they have in common."""
    return [2 * len(one & other) / max(1, len(one) + len(other)) for other in others]
