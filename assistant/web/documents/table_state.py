"""What the documents page of one browser tab holds: how its table is shown, and the correction that can be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from ingest.store.corrections import FieldChanges

# Columns that begin with the latest or greatest when first sorted by.
_GREATEST_FIRST = frozenset({"date", "passages", "added"})
COLUMNS = ("title", "source", "date", "language", "passages", "added")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableState:
    """How the table is shown; ``page`` counts from 0, ``selected`` holds the ids of the ticked documents.

    ``folded`` shows a story once, by its earliest copy; ``opened`` is the document whose story is listed below it.
    """

    search: str = ""
    sort: str = "added"
    backwards: bool = True
    page: int = 0
    selected: tuple[str, ...] = ()
    folded: bool = False
    opened: str = ""

    def opening(self, document_id: str) -> TableState:
        """With the story of that document listed below it, or not any more."""
        return replace(self, opened="" if document_id == self.opened else document_id)

    def sorted_by(self, column: str) -> TableState:
        """Sorted by the column; in the other direction if it was sorted by it before."""
        if column not in COLUMNS:
            return self
        backwards = not self.backwards if column == self.sort else column in _GREATEST_FIRST
        return replace(self, sort=column, backwards=backwards, page=0)

    def searched(self, search: str) -> TableState:
        """For that search, from its first page on; as it is where it was made for that search already."""
        return self if search == self.search else replace(self, search=search, page=0)

    def ticked(self, shown: Collection[str], ticked: Collection[str]) -> TableState:
        """Selects the ``ticked`` ones of the documents ``shown`` on the page; the selection on other pages stays."""
        elsewhere = [key for key in self.selected if key not in shown]
        return replace(self, selected=(*elsewhere, *ticked))


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoableCorrection:
    """The last correction of this page, and the changes that take it ``back``."""

    document_id: str
    title: str
    back: FieldChanges


@dataclass(slots=True)
class PageState:
    """The page's events run concurrently and change it in place, so that no change is lost."""

    view: TableState = field(default_factory=TableState)
    correction: UndoableCorrection | None = None
