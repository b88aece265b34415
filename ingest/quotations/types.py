"""What was found of somebody's words: `Quotation`. Offsets are code points into the document's text, half-open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QuotationKind = Literal["direct", "indirect", "reported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A piece of the document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Somebody's words in a document, or what is reported of them.

    ``direct`` has its quotation marks. ``indirect`` is what was said without the words around it ("he said that"), where these stand
    before or after it; in the middle ("said the minister", "laut Polizei") they lie within. ``reported`` names only what was done with
    words ("criticised the plan") and is the whole sentence or clause.
    """

    kind: QuotationKind
    start: int
    end: int
    cue: Extent | None = None
    """The word that says that somebody speaks; None where quotation marks or the mood of the verb alone say so."""
    speaker: Extent | None = None
    """Who speaks, as it is written: a name, a role, a pronoun; None where it isn't said."""
    name: str = ""
    """Whom ``speaker`` means, by the fullest name that the document gives; empty where that can't be told."""
