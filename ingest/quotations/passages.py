"""Which passages the quotations of a document have words in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.quotations.finding import find_quotations, grammar_of
from ingest.types import Document, Passage, Quotation

# Higher whenever other quotations would be found: documents stored by an earlier edition are read again.
EDITION = 4


def with_quotations(document: Document, passages: Sequence[Passage]) -> list[Passage]:
    """A document's passages with the quotations that have words in them, each read in its own language.

    Names and pronouns are understood by the whole document. Passages in a language without a grammar stay as they are.
    """
    languages = [passage.language or document.language for passage in passages]
    found = {one: find_quotations(document.text, one) for one in {*languages} if grammar_of(one)}
    return [
        replace(passage, quotations=_within(passage, found[language])) if language in found else passage
        for passage, language in zip(passages, languages, strict=True)
    ]


def _within(passage: Passage, quotations: Sequence[Quotation]) -> tuple[Quotation, ...]:
    return tuple(one for one in quotations if one.start < passage.end and one.end > passage.start)
