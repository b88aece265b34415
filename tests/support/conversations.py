"""Makes the values that the pages show, and reads HTML back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html.parser import HTMLParser

from assistant.types import Answer, Citation, Statement
from ingest.types import Passage, Record

TEXT = "Der Plan steht. Am Freitag reist Uschakow nach Moskau. Danach wird verhandelt."
QUOTE = "Am Freitag reist Uschakow nach Moskau."


def record(title: str = "Der Plan", source: str = "plan.md", **changes: object) -> Record:
    values = {
        "id": "0123456789abcdef",
        "version": "v1",
        "source": source,
        "title": title,
        "published": date(2025, 12, 3),
        "authors": ("Anna Müller",),
        "language": "de",
        "media_type": "text/markdown",
        "sha256": "00",
        "page_starts": (),
        "passages": 1,
        "characters": len(TEXT),
        "added": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Record(**(values | changes))  # type: ignore[arg-type]  # one helper for all fields


def citation(text: str = TEXT, quote: str = QUOTE, number: int = 1, of: Record | None = None) -> Citation:
    start = text.index(quote)
    document = of or record()
    passage = Passage(
        id="p", document_id=document.id, text=text, start=0, end=len(text), page=None, heading=""
    )
    return Citation(
        number=number, quote=quote, start=start, end=start + len(quote), passage=passage, document=document
    )


def quoting(*citations: Citation) -> Answer:
    """An answer that quotes them all."""
    statements = [Statement(text=one.quote, citations=(one.number,), supported="yes") for one in citations]
    return Answer(
        question="?",
        text="",
        statements=tuple(statements),
        citations=citations,
        refused=False,
        mode="quoted",
        language="de",
        timings_ms={"total": 421.0},
    )


@dataclass
class Page(HTMLParser):
    """What a browser would make of HTML: its elements, their attributes, its text."""

    html: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    marked: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._marking = False
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._marking = self._marking or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._marking = self._marking and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._marking else ""

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment", {}))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("declaration", {}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]
