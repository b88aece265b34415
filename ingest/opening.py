"""Opening the index of a data folder with the embedding model that belongs to it."""

from __future__ import annotations

from contextlib import ExitStack

from ingest import tracing
from ingest.embedding.loading import default_model
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import EmbeddingError
from ingest.settings import IngestSettings
from ingest.store.chroma import model_in_use
from ingest.store.chroma_client import connect
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.store.replica import OnGone, OnSwitched


def open_index(
    settings: IngestSettings,
    *,
    command: str = "assistant",
    lock: FolderLock | None = None,
    on_gone: OnGone = lambda gone: None,
    on_switched: OnSwitched = lambda: None,
    as_made: bool = False,
) -> tuple[SentenceTransformerEmbedder, Index]:
    """The configured index, and its embedding model: the one that is set, else the one that embedded what is there.

    With ``as_made`` the one that embedded what is there comes first: a server goes on with it until all is embedded anew.
    Raises `StoreLocked`, `StoreUnreachable`, `EmbeddingError` or `ModelMismatch`; the lock is released then, unless it was
    given by one who holds the folder already.
    """
    tracing.begin(settings)
    with ExitStack() as opened:
        held = lock or FolderLock(settings.data_dir, command)
        if lock is None:
            opened.callback(held.release)
        embedder = _as_made(settings) if as_made else None
        if embedder is None:
            model = settings.embedding_model or _model_in_use(settings) or default_model()
            embedder = SentenceTransformerEmbedder(model, settings.number_format)
        index = Index.open(
            settings.data_dir,
            embedder,
            chroma_url=settings.chroma_url,
            lock=held,
            on_gone=on_gone,
            on_switched=on_switched,
            keep_days=settings.keep_days,
        )
        opened.pop_all()  # closing the index releases the lock
    return embedder, index


def _as_made(settings: IngestSettings) -> SentenceTransformerEmbedder | None:
    """The model that embedded what is there; None where another is set and that one cannot be loaded."""
    model = _model_in_use(settings)
    if not model:
        return None
    try:
        return SentenceTransformerEmbedder(model, settings.number_format)
    except EmbeddingError:
        if settings.embedding_model in ("", model):
            raise
        return None


def _model_in_use(settings: IngestSettings) -> str:
    client = connect(settings.data_dir, settings.chroma_url)
    try:
        return model_in_use(client)
    finally:
        client.close()
