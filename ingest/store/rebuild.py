"""What is derived made again: the lexical index from the record; and whose collections an embedding model takes."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ingest.embedding.types import Embedder
from ingest.errors import ModelMismatch
from ingest.store.chroma import ChromaStore, store_in_use
from ingest.store.lexical import LexicalIndex, sync
from ingest.store.records import entries_of, key_of
from ingest.types import Record

_AT_ONCE = 500  # documents


def derive(lexical: LexicalIndex, store: ChromaStore, records: Collection[Record]) -> None:
    """Index what is missing, and drop what is of no committed version."""
    by_key = {key_of(record): record for record in records}
    stale, missing = sync(lexical, {key: record.passages for key, record in by_key.items()})
    for first in range(0, max(len(stale), len(missing)), _AT_ONCE):
        entries = [
            entry
            for record in (by_key[key] for key in missing[first : first + _AT_ONCE])
            for entry in entries_of(record, store.passages_of(record.id, record.version))
        ]
        lexical.update(entries, stale[first : first + _AT_ONCE])


def store_for(client: Any, embedder: Embedder) -> ChromaStore:
    """The collections that the embedder's model made; a new or empty index becomes this model's.

    Raises `ModelMismatch` where another model made the index.
    """
    used = store_in_use(client)
    if used is not None and is_made_by(used, embedder):
        return used
    if used is not None and used.has_documents():
        name = used.state.note("model")["name"]
        raise ModelMismatch(
            f"The index was made with the embedding model {name!r}, and {embedder.name!r} is configured. "
            f"Run `assistant reindex` to embed everything anew, or set ASSISTANT_EMBEDDING_MODEL={name}."
        )
    store = ChromaStore(client, embedder.fingerprint)
    store.state.put_note("model", model_note(embedder))
    return store


def is_made_by(store: ChromaStore, embedder: Embedder) -> bool:
    """Whether the embedder's model made these collections.

    Versions up to 0.1 named the collections of some models by a fingerprint that depended on the number format. They stay
    named so; that they are this model's is noted once, since finding out may mean loading the model again.
    """
    note = store.state.note("model")
    if embedder.fingerprint in (store.fingerprint, note.get("model_fingerprint")):
        return True
    if note["name"] != embedder.name or store.fingerprint not in embedder.earlier_fingerprints():
        return False
    store.state.put_note("model", note | {"model_fingerprint": embedder.fingerprint})
    return True


def model_note(embedder: Embedder) -> dict[str, Any]:
    """What is noted of the model in use."""
    return {
        "fingerprint": embedder.fingerprint,
        "model_fingerprint": embedder.fingerprint,  # that of the model before may be there
        "name": embedder.name,
        "dimensions": embedder.dimensions,
    }


def forget_derived(folder: Path, used: Collection[str]) -> None:
    """Delete the lexical indexes, links, quotations and catalogues in a data folder that are of none of these models."""
    files = (
        path for name in ("stories", "quotations", "catalogue") for path in (folder / name).glob("*.sqlite3")
    )
    for derived in (*(folder / "lexical").glob("*"), *files):
        if derived.name.partition(".")[0] not in used:
            if derived.is_dir():
                shutil.rmtree(derived, ignore_errors=True)
            else:
                derived.unlink(missing_ok=True)


def lexical_folder(folder: Path, fingerprint: str) -> Path:
    return folder / "lexical" / fingerprint


def links_file(folder: Path, fingerprint: str) -> Path:
    return folder / "stories" / f"{fingerprint}.sqlite3"


def catalogue_file(folder: Path, fingerprint: str) -> Path:
    return folder / "catalogue" / f"{fingerprint}.sqlite3"


def quotations_file(folder: Path, fingerprint: str) -> Path:
    return folder / "quotations" / f"{fingerprint}.sqlite3"
