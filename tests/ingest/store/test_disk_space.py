"""What Chroma leaves in its folder after deletions goes back to the disk, also while it is at work."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ingest.store.chroma_client import local_client
from ingest.store.disk_space import FILE, give_back


def test_the_room_of_deleted_collections_comes_back_while_chroma_is_at_work(tmp_path: Path) -> None:
    client = local_client(tmp_path)
    kept, gone = (client.get_or_create_collection(name, embedding_function=None) for name in ("kept", "gone"))
    ids = [str(number) for number in range(1_100)]  # from a thousand on, vectors have a folder
    vectors = np.random.default_rng(1).random((len(ids), 8), dtype=np.float32)
    for collection in (kept, gone):
        collection.add(ids=ids, embeddings=vectors, documents=["word " * 100] * len(ids))
    before, folders = size(tmp_path), len(segments(tmp_path))
    assert folders == 2
    gone.delete(ids=ids)
    client.delete_collection("gone")
    give_back(tmp_path)
    assert size(tmp_path) < 0.7 * before
    assert len(segments(tmp_path)) == 1
    assert kept.count() == len(ids)
    kept.upsert(ids=["more"], embeddings=vectors[:1], documents=["more"])
    assert kept.query(query_embeddings=vectors[:1], n_results=1)["ids"]
    client.close()


def size(folder: Path) -> int:
    return (folder / FILE).stat().st_size


def segments(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]
