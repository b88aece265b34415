"""All speakers of a collection, by their names in any spelling. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from assistant.statements.name_folding import Speaker, fold_names, is_common
from ingest.store.quotation_rows import NameCounts
from ingest.text.folding import fold, words


@dataclass(frozen=True, eq=False)
class Speakers:
    """All speakers, those with most quotations first, and how many quotations name nobody."""

    all: tuple[Speaker, ...]
    unnamed: int = 0
    _by_spelling: dict[str, Speaker] = field(default_factory=dict)
    _by_word: dict[str, list[int]] = field(default_factory=dict)  # places in ``all``
    _words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for place, speaker in enumerate(self.all):
            for word in {word for name in speaker.names for word in _folded_words(name)}:
                self._by_word.setdefault(word, []).append(place)
            for name in speaker.names:
                self._by_spelling[name] = speaker
        self._words.extend(sorted(self._by_word))

    def of(self, name: str) -> Speaker | None:
        """Whom a name means that a document gives; None for nobody's."""
        return self._by_spelling.get(name)

    def asked(self, name: str) -> tuple[Speaker, ...]:
        """Whom a name means that somebody asks for: who is spelled so, else all whom it fits."""
        name = " ".join(name.split())
        if exact := self._by_spelling.get(name):
            return (exact,)
        return self.fitting(name)

    def fitting(self, name: str) -> tuple[Speaker, ...]:
        """All who have each word of a name in one of their spellings, in any spelling of it."""
        wanted = _folded_words(name)
        if not wanted:
            return ()
        near = (self.all[place] for place in self._by_word.get(wanted[-1], ()))
        return tuple(
            speaker
            for speaker in near
            if any(_has_all(_folded_words(spelling), wanted) for spelling in speaker.names)
        )

    def beginning(self, typed: str) -> list[Speaker]:
        """Those of whom one spelling has words that begin with each word typed; all where none is."""
        wanted = [fold(word) for word in words(typed)]
        if not wanted:
            return list(self.all)
        longest = max(wanted, key=len)
        first = bisect_left(self._words, longest)
        places: set[int] = set()
        for word in islice(self._words, first, None):
            if not word.startswith(longest):
                break
            places.update(self._by_word[word])
        near = (self.all[place] for place in sorted(places))
        return [speaker for speaker in near if any(_begins(name, wanted) for name in speaker.names)]


def _has_all(own: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(
        any(word == one or (len(word) == 1 and one.startswith(word)) for one in own) for word in wanted
    )


def _begins(spelling: str, wanted: Sequence[str]) -> bool:
    own = _folded_words(spelling)
    return all(any(word.startswith(one) for word in own) for one in wanted)


@lru_cache(maxsize=100_000)
def _folded_words(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(name))


@lru_cache(maxsize=4)
def speakers_of(names: NameCounts) -> Speakers:
    """The speakers of these names; computed once as long as the index is the same."""
    return Speakers(fold_names(names.counts, is_common), names.unnamed)
