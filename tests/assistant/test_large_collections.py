"""No request passes through all documents: how many records it reads does not grow with the collection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.access.callers import EVERYONE
from assistant.api.documents import DocumentFilter, documents_page
from assistant.api.schemas.status import StatusSchema
from assistant.core import Assistant
from assistant.service.ingestion_run import discard
from assistant.service.samples import sample_records
from assistant.service.standing_list import StandingList
from assistant.service.standing_store import StandingStore
from assistant.service.suggestions import first_questions
from assistant.settings import Settings
from assistant.statements.finding import StatementsAsked, find_statements
from assistant.types import Filters
from assistant.web.documents.documents_table import TableState, table_page
from assistant.web.documents.overview import overview
from assistant.web.kit.localisation import words
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.originals import Originals
from ingest.store.catalogue import Catalogue
from ingest.store.index import Index
from ingest.text.wording import phrases_in
from ingest.types import Record
from tests.support.conversations import record
from tests.support.documents import add_texts

MANY = 3_000
# To find a place by halving takes twelve looks; a question, or a change, needs a few.
A_FEW = 150
READ: set[str] = set()
TEXTS = {
    "river.txt": "Die Elbe tritt über die Ufer. Der Pegel in Dresden steigt auf acht Meter.",
    "bridge.txt": "Die Brücke von Remagen war 325 Meter lang. „Sie ist ein Denkmal“, sagte Clara Vossberg.",
}


class LookedAtRecord(Record):
    """One that notes when something of it is read."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if not name.startswith("__"):
            READ.add(super().__getattribute__("id"))
        return found


def of_nothing(number: int) -> Record:
    """A record of a document without passages, which no search finds."""
    like = record(id=f"nothing{number:05}")
    fields = {name: getattr(like, name) for name in Record.__dataclass_fields__}
    return LookedAtRecord(
        **fields
        | {
            "added": datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            "published": date(2020, 1, 1) + timedelta(days=number) if number % 9 else None,
            "language": "de",
            "sha256": f"{number:064}",
            "source": f"nothing/{number}",
        }
    )


@pytest.fixture
def assistant(tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder) -> Iterator[Assistant]:
    index = Index.open(tmp_path / "data", tiny_embedder)
    assistant = Assistant(index, tiny_embedder)
    (tmp_path / "in").mkdir()
    add_texts(assistant, tmp_path / "in", TEXTS)
    index.replica.catalogue = Catalogue.of(
        [*index.catalogue.by_id.values(), *(of_nothing(number) for number in range(MANY))]
    )
    yield assistant
    index.close()


def requests(assistant: Assistant, kept: StandingList, folder: Path) -> dict[str, int]:
    """How many of the documents that no search finds each kind of request reads something of."""
    index, days = assistant.index, Filters(published_to=date(1999, 1, 1), include_undated=False)
    asked = {
        "answer": lambda: assistant.ask("Wie lang war die Brücke von Remagen?"),
        "refusal": lambda: assistant.ask("Wer hat den Leuchtturm von Kiautschou gestrichen?"),
        "of days": lambda: assistant.ask("Wie lang war die Brücke von Remagen?", filters=days),
        "of documents": lambda: assistant.ask(
            "Wie lang war die Brücke?", filters=Filters(documents=(index.present.newest_first[0].id,))
        ),
        "how many": lambda: assistant.ask("Wie viele Artikel gibt es?"),
        "status": lambda: StatusSchema.of(Settings(), index, state="ready", message=""),
        "suggestions": lambda: first_questions(assistant, 2, language="fr"),
        "statements": lambda: find_statements(index, StatementsAsked(speaker="Vossberg")),
        "samples": lambda: sample_records(index),
        "originals": lambda: discard(Originals(folder / "originals"), index, "f" * 64),
        "standing": lambda: kept.follow(index),
        "members": lambda: index.present.with_members(["unknown"]),
        "link": lambda: index.found("unknown"),
        "container": lambda: index.present.of_container("unknown.zip"),
        "phrase": lambda: index.search.holding(phrases_in('"über die Ufer"')),
        "list": lambda: documents_page(index.records(), index.stories, EVERYONE, DocumentFilter(), 20, 0),
        "table": lambda: table_page(index.records(), TableState(), index.stories),
        "overview": lambda: overview(index.present.tally, words("en"), index.stories),
    }
    counts = {}
    for name, ask in asked.items():
        READ.clear()
        ask()
        counts[name] = len(READ)
    return counts


def test_requests_read_few_records_of_a_large_collection_also_after_a_change(
    assistant: Assistant, tmp_path: Path
) -> None:
    kept = StandingList(StandingStore(tmp_path))
    requests(assistant, kept, tmp_path)  # what is derived is derived when it is first asked for
    assert max(requests(assistant, kept, tmp_path).values()) <= A_FEW
    READ.clear()
    add_texts(assistant, tmp_path / "in", {"harbour.txt": "Der Hafen von Rotterdam wurde ausgebaggert."})
    assert len(READ) <= A_FEW
    counts = requests(assistant, kept, tmp_path)
    assert max(counts.values()) <= A_FEW, counts
    READ.clear()
    (harbour,) = (one.id for one in assistant.index.present.newest_first[:1])
    assistant.index.remove(assistant.index.present.with_members([harbour]))
    assert len(READ) <= A_FEW
    counts = requests(assistant, kept, tmp_path)
    assert max(counts.values()) <= A_FEW, counts
    kept.close()
