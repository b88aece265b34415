"""What a retriever that is asked the same questions again and again need not work out again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from ingest.embedding.types import Vectors
from ingest.store.index import Index

_LAST = 4  # searches, and vectors of the sentences found: one question is searched for twice at most before the next one
# Which words are misspelt changes little before a collection is so many times as large.
_GROWN = 1.5
_MOST = 200_000  # what is remembered of questions: of each how it is read and understood, and what came of the last passages
_MOST_VECTORS = 20_000  # about 30 MB

T = TypeVar("T")


class QuestionMemory:
    """How questions were read and understood, as long as model, languages and size of the collection stay about as they were; and
    the last searches of the collection as it is.

    Whoever asks must do so in one thread. ``edition`` counts how often all was forgotten.
    """

    def __init__(self) -> None:
        self.edition = 0
        self._made_for: tuple[str, frozenset[str]] | None = None
        self._passages = 0
        self._understood: dict[Hashable, Any] = {}
        self._searches: dict[Hashable, Any] = {}
        self._vectors: dict[str, Vectors] = {}

    def keep_step(self, index: Index) -> None:
        """Forget what the collection is no longer like."""
        catalogue = index.catalogue
        made_for = (index.fingerprint, frozenset(catalogue.text_languages))
        low, high = sorted((self._passages, catalogue.passages))
        if self._made_for != made_for or high > _GROWN * low:
            self._made_for, self._passages = made_for, catalogue.passages
            self._understood, self._searches, self._vectors = {}, {}, {}
            self.edition += 1

    def understood(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` makes of a question, or of what was found for it, once."""
        return _once(self._understood, key, make, _MOST)

    def vectors(
        self, ids: Sequence[str], stored: Callable[[Sequence[str]], Mapping[str, Vectors]]
    ) -> dict[str, Vectors]:
        """The vectors of passages, those that searches have needed lately as they were; of the others those that are ``stored``."""
        missing = [key for key in ids if key not in self._vectors]
        fresh = stored(missing) if missing else {}
        found = {key: self._vectors[key] for key in ids if key in self._vectors} | {**fresh}
        self._vectors |= fresh
        _forget(self._vectors, _MOST_VECTORS)
        return found

    def searched(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` finds, once for the last few; ``key`` names the state of the collection, too."""
        return _once(self._searches, key, make, _LAST)


def _once(remembered: dict[Hashable, Any], key: Hashable, make: Callable[[], T], most: int) -> T:
    """What ``make`` makes, unless it is remembered; of what has been made the last ``most`` are."""
    if key not in remembered:
        remembered[key] = make()
        _forget(remembered, most)
    found: T = remembered[key]
    return found


def _forget(remembered: dict[Any, Any], most: int) -> None:
    """Leave the last ``most``."""
    while len(remembered) > most:
        del remembered[next(iter(remembered))]
