"""The citations of one check: each place once, verified, numbered in the order in which it is first used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answering.citations import verified
from assistant.answering.copies import copies_of
from assistant.errors import Outdated
from assistant.types import Citation, CopyPlace, Filters
from ingest.store.index import Index
from ingest.types import Passage, Record


class CitedPlaces:
    """Collects citations, a story's with where its copies say the same. What is cited since `mark` can be taken back."""

    def __init__(self, index: Index, filters: Filters) -> None:
        self._index, self._filters = index, filters
        self._cited: list[Citation] = []
        self._numbers: dict[tuple[str, str, int, int], int] = {}

    @property
    def all(self) -> tuple[Citation, ...]:
        return tuple(self._cited)

    def mark(self) -> int:
        """How many there are now."""
        return len(self._cited)

    def since(self, mark: int) -> tuple[Citation, ...]:
        return tuple(self._cited[mark:])

    def take_back(self, mark: int) -> None:
        """Forget what was cited since."""
        self._cited = self._cited[:mark]
        self._numbers = {place: number for place, number in self._numbers.items() if number <= mark}

    def cite(
        self,
        document: Record,
        start: int,
        end: int,
        also_in: Iterable[CopyPlace] = (),
        passage: Passage | None = None,
    ) -> int:
        """The number of a place of a document. Raises `Outdated` where it has been removed or replaced."""
        place = (document.id, document.version, start, end)
        if place in self._numbers:
            return self._numbers[place]
        present = self._index.record(document.id)
        if present is None or present.version != document.version:
            raise Outdated("The documents changed while they were being compared. Check the draft again.")
        number = len(self._cited) + 1
        citation = Citation(
            number=number,
            quote=self._index.texts.of(document)[start:end],
            start=start,
            end=end,
            passage=passage or self._passage(document, start),
            document=document,
            also_in=tuple(also_in),
        )
        (checked,) = verified([citation], self._index.texts.of)
        if not checked.also_in:
            checked = replace(checked, also_in=copies_of(checked, self._index, self._filters))
        self._cited.append(checked)
        self._numbers[place] = number
        return number

    def _passage(self, document: Record, start: int) -> Passage:
        passages: Sequence[Passage] = self._index.texts.passages_of(document.id)
        found = next((one for one in passages if one.start <= start < one.end), None)
        if found is None:
            raise Outdated("The documents changed while they were being compared. Check the draft again.")
        return found
