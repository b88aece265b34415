"""The index keeps documents whole: added, replaced, removed, found again, whatever happens in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import tantivy

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.sentence_vectors import directions
from ingest.embedding.types import PassageVectors, Traits, Vectors
from ingest.errors import Cancelled, EmbeddingError, ModelMismatch, StoreLocked
from ingest.loaders import load
from ingest.pipeline import OnPage, Progress, ingest, prepare_all
from ingest.store.index import Index
from ingest.store.lexical import Entry, LexicalIndex, Term
from ingest.store.records import key_of
from ingest.store.reembedding import Reembedded, reembed
from ingest.text.folding import EDITION
from ingest.text.sentences import Span
from ingest.text.wording import Phrase
from ingest.types import Content, Item, Report

RIVER = "Die Elbe tritt über die Ufer. Der Pegel in Dresden steigt auf acht Meter. Die Schulen bleiben zu."
HARBOUR = "The harbour of Rotterdam handled more containers than ever. The port authority was surprised."


def read(path: Path, name: str, on_page: OnPage) -> Content:
    return load(path.read_bytes(), name)


def add(index: Index, embedder: SentenceTransformerEmbedder, folder: Path, **texts: str) -> Report:
    folder.mkdir(exist_ok=True)
    items = []
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        items.append(Item(source=str(path), name=path.name, path=path))
    return ingest(items, index, embedder, read)


@pytest.fixture
def index(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> Iterator[Index]:
    index = Index.open(tmp_path / "data", embedder)
    yield index
    index.close()


def test_a_document_comes_back_whole(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    report = add(index, embedder, tmp_path / "in", river=RIVER)
    (result,) = report.results
    assert result.outcome == "added"
    assert result.document_id is not None
    assert index.texts.by_id(result.document_id) == RIVER
    record = index.record(result.document_id)
    assert record is not None
    assert record.language == "de"
    assert "".join(passage.text for passage in index.texts.passages_of(record.id)) == RIVER


def test_the_same_content_is_unchanged_and_other_content_replaces(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    assert add(index, embedder, tmp_path / "in", river=RIVER).results[0].outcome == "unchanged"
    changed = RIVER.replace("acht", "neun")
    (result,) = add(index, embedder, tmp_path / "in", river=changed).results
    assert result.outcome == "replaced"
    assert result.document_id is not None
    assert index.texts.by_id(result.document_id) == changed
    assert len(index.records()) == 2
    found = [key for key, _ in index.search.spelled([Term(("Dresden",))], 10)]
    assert {passage.text for passage, _ in index.search.fetch(found).values()} == {changed}


def test_a_removed_document_is_found_by_neither_half(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    report = add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    river = report.results[0].document_id
    assert river is not None
    assert [record.id for record in index.remove([river, "unknown"])] == [river]
    assert index.search.spelled([Term(("Dresden",))], 10) == []
    everything = index.search.nearest(embedder.embed_query("Pegel in Dresden"), 10)
    assert all(not key.startswith(river) for key, _ in everything)
    assert index.texts.by_id(river) == ""


def test_a_second_owner_is_told_at_once_who_has_the_folder(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    with pytest.raises(StoreLocked, match=r"in use by `assistant` \(process \d+\)"):
        Index.open(tmp_path / "data", embedder)


def test_a_lost_lexical_index_is_rebuilt(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    before = index.search.spelled([Term(("Rotterdam",))], 10)
    index.close()
    shutil.rmtree(tmp_path / "data" / "lexical")
    again = Index.open(tmp_path / "data", embedder)
    assert [key for key, _ in again.search.spelled([Term(("Rotterdam",))], 10)] == [key for key, _ in before]
    again.close()


def test_an_index_of_words_that_were_folded_otherwise_is_made_anew(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    add(index, embedder, tmp_path / "in", talks="Об этом сообщил Юрий Ушаков.")
    (record,) = index.records()
    (passage,) = index.texts.passages_of(record.id)
    index.close()
    lexical = LexicalIndex(tmp_path / "data" / "lexical")
    before = f"{record.id}:{record.version}:{EDITION - 1}"
    lexical.update([Entry(passage.id, record.id, before, "nothing of the kind")], [key_of(record)])
    assert not lexical.search([Term(("Uschakow",))], 10)
    lexical.close()
    again = Index.open(tmp_path / "data", embedder)
    assert [key for key, _ in again.search.spelled([Term(("Uschakow",))], 10)] == [passage.id]
    assert not again.search.spelled([Term(("nothing",))], 10)
    again.close()


def test_an_index_of_words_that_an_earlier_release_made_is_made_anew(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    """It has no field for words in sequence."""
    add(index, embedder, tmp_path / "in", river=RIVER)
    index.close()
    (folder,) = (tmp_path / "data" / "lexical").iterdir()
    shutil.rmtree(folder)
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    earlier = tantivy.Index(builder.build(), path=str(folder))
    writer = earlier.writer()
    writer.add_document(tantivy.Document(id="a", key="b"))
    writer.commit()
    writer.wait_merging_threads()
    again = Index.open(tmp_path / "data", embedder)
    assert len(again.search.holding([Phrase(("über", "die", "Ufer"))])) == 1
    assert again.search.spelled([Term(("Dresden",))], 10)
    again.close()


STEPS = (
    "put_intents",
    "put_passages",
    "put_records",
    "delete_passages",
    "delete_intents",
)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_stopped_at_any_step_either_version_is_there_whole(
    step: str,
    after: bool,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = Index.open(tmp_path / "data", embedder)
    add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    changed = RIVER.replace("acht", "neun") + " Die Brücken sind gesperrt."
    stored = index.replica.store
    store = stored if hasattr(stored, step) else stored.state  # the process is killed there
    real = getattr(store, step)

    def killed(*arguments: object) -> None:
        if after:
            real(*arguments)
        raise Cancelled("killed")

    monkeypatch.setattr(store, step, killed)
    (result,) = add(index, embedder, tmp_path / "in", river=changed).results
    assert result.outcome == "cancelled"
    index.close()

    again = Index.open(tmp_path / "data", embedder)
    texts = sorted(again.texts.by_id(record.id) for record in again.records())
    assert texts in (sorted([RIVER, HARBOUR]), sorted([changed, HARBOUR]))
    assert len(list(again.replica.store.passage_ids())) == again.catalogue.passages
    assert again.replica.store.state.intents() == []
    assert sum(again.replica.lexical.keys().values()) == again.catalogue.passages
    (river,) = [record for record in again.records() if again.texts.by_id(record.id) != HARBOUR]
    found = again.search.fetch([key for key, _ in again.search.spelled([Term(("Dresden",))], 10)])
    assert "".join(passage.text for passage, _ in found.values()) == again.texts.by_id(river.id)
    again.close()


class HashedEmbedder:
    """Another model: vectors from hashed words, a smaller window."""

    name = "hashed-words"
    fingerprint = "hashedwords1"
    dimensions = 32
    max_tokens = 48
    traits = Traits()

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]

    def embed_passages(self, texts: list[str]) -> Vectors:
        rows = [self.embed_query(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    def embed_with_sentences(self, texts: list[str], sentences: Sequence[Sequence[Span]]) -> PassageVectors:
        rows = [
            directions(self.embed_passages([text[span.start : span.end] for span in spans]))
            for text, spans in zip(texts, sentences, strict=True)
        ]
        return PassageVectors(vectors=self.embed_passages(texts), sentences=rows)

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for word in text.lower().split():
            vector[sum(word.encode()) % self.dimensions] += 1
        return np.asarray(vector / max(1.0, float(np.linalg.norm(vector))), dtype=np.float32)


def anew(folder: Path, embedder: HashedEmbedder) -> list[Reembedded]:
    return list(reembed(folder, embedder, lambda documents: prepare_all(documents, embedder)))


def test_another_model_never_mixes_in_and_reindex_switches(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    report = add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    index.close()
    other = HashedEmbedder()
    with pytest.raises(ModelMismatch, match="assistant reindex"):
        Index.open(tmp_path / "data", other)
    assert anew(tmp_path / "data", other)[-1].documents == 2
    switched = Index.open(tmp_path / "data", other)
    assert {switched.texts.by_id(str(result.document_id)) for result in report.results} == {RIVER, HARBOUR}
    assert switched.search.nearest(other.embed_query("port authority"), 1)
    switched.close()
    with pytest.raises(ModelMismatch):
        Index.open(tmp_path / "data", embedder)


def test_what_is_removed_while_a_reindex_stands_still_does_not_come_back(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    index.close()
    other = HashedEmbedder()
    killed = reembed(tmp_path / "data", other, lambda documents: prepare_all(documents, other))
    while next(killed).documents < 2:
        pass
    killed.close()
    index = Index.open(tmp_path / "data", embedder)
    river = next(record for record in index.records() if index.texts.by_id(record.id) == RIVER)
    index.remove([river.id])
    index.close()
    assert {step.documents for step in anew(tmp_path / "data", other)} == {1}
    switched = Index.open(tmp_path / "data", other)
    assert [switched.texts.by_id(record.id) for record in switched.records()] == [HARBOUR]
    assert switched.search.sentence_vectors(
        [key for key, _ in switched.search.nearest(other.embed_query("river"), 9)]
    ).keys() == {
        passage.id for record in switched.records() for passage in switched.texts.passages_of(record.id)
    }
    switched.close()


def test_a_model_that_fails_fails_its_sources_and_leaves_the_index(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(index, embedder, tmp_path / "in", river=RIVER)

    def broken(texts: list[str], sentences: object) -> PassageVectors:
        raise EmbeddingError("out of memory")

    monkeypatch.setattr(embedder, "embed_with_sentences", broken)
    (result,) = add(index, embedder, tmp_path / "in", harbour=HARBOUR).results
    assert (result.outcome, result.error) == ("failed", "out of memory")
    assert len(index.records()) == 1


def test_cancelling_stops_before_anything_is_stored(
    index: Index, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    path = tmp_path / "river.txt"
    path.write_text(RIVER, encoding="utf-8")
    seen: list[Progress] = []
    report = ingest(
        [Item(source=str(path), name=path.name, path=path)],
        index,
        embedder,
        read,
        on_progress=seen.append,
        cancelled=lambda: bool(seen),
    )
    assert report.results[0].outcome == "cancelled"
    assert index.records() == []


def test_texts_are_those_of_their_versions_however_many_stay_in_memory(
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.store.texts.KEPT", len(RIVER))
    index = Index.open(tmp_path / "index", embedder)
    add(index, embedder, tmp_path / "in", river=RIVER, harbour=HARBOUR)
    before = {record.title: record for record in index.records()}
    for _ in range(2):
        assert {index.texts.of(record) for record in before.values()} == {RIVER, HARBOUR}
    changed = RIVER.replace("acht", "neun")
    add(index, embedder, tmp_path / "in", river=changed)
    for _ in range(2):
        assert {index.texts.by_id(record.id) for record in before.values()} == {changed, HARBOUR}
    index.remove([record.id for record in before.values()])
    assert [index.texts.by_id(record.id) for record in before.values()] == ["", ""]
    assert [index.texts.passages_of(record.id) for record in before.values()] == [[], []]
    index.close()
