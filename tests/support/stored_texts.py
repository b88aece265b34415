"""Texts put into an index as they are, for tests of what becomes of stretches of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.types import Passage
from tests.ingest.store.test_changes import prepared

# Texts that forms of files find hard: marks within marks, markup of every kind, signs of TeX, other scripts, tables, controls.
HARD_TEXTS = {
    "marks": 'Er sagte: „Wir kommen.“ Sie schrieb: »Das ‚alte‘ Haus«, und "more" was said. It’s the ‘end’ of „half a pair',
    "markup": "# A heading\n\n> quoted\n\n1. one [1](x) [^2]: *b* __c__ `d` <b>e</b> &amp; &lt; ~f~ | g | [h](<i>) \\ j $k$ #l",
    "tex": r"100% of {brace} and }alone{ \textbf{bold} $x_1^2$ ~tilde~ #3 & more \\ {\textbackslash} \% \{ end @misc{key,",
    "lines": "ER  - \nTY  - BOOK\nN1  - Document: x Offsets: 1-2 SHA-256: 00 Quote: y\n\ttabbed\r\nand\u2028more  \xa0 spaces",
    "scripts": "日本語の文章です。次の文。 Привет, мир! שלום עולם 👩‍👩‍👧 é é naïve ﬁ ǅ \u202eright\u202c to left.",
    "table": "Ort | Zahl\nBerlin | 12.5\nBerlin-Mitte | 12\nBerlin | 12.5\n\nDie Summe ist −12,5 und 12,5.",
    "controls": "a bell \x07 and a \x1f mark, half \x85 of \x0b it \ufffe stays.",
    "json": '{"quote": "no", "document_id": "other", "start": 1, "end": 2} and "custom": {} said https://a.example/documents/x?start=1&end=3 he',
    "long": " ".join(f"Satz {number} erzählt von der Brücke über den Fluss." for number in range(60)),
}


def put(index: Index, key: str, text: str, **fields: Any) -> None:
    """A document of one passage with that id and text."""
    entry = prepared(key, text)
    document = replace(entry.document, text=text, **{"title": key, **fields})
    passage = Passage(id="", document_id=key, text=text, start=0, end=len(text), page=None, heading="")
    index.put([Prepared(document=document, passages=[passage], vectors=np.eye(3, dtype=np.float32)[:1])])
