"""Chroma's collections some thousands of entries at a time: more at once it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

PAGE = 2_000  # entries


def pages(collection: Any, where: dict[str, Any] | None, include: list[str]) -> Iterator[dict[str, Any]]:
    """All entries that match, as Chroma's ``get`` gives them, page after page."""
    offset, full = 0, True
    while full:
        found = collection.get(where=where, limit=PAGE, offset=offset, include=include)
        yield found
        full = len(found["ids"]) == PAGE
        offset += PAGE


def metadata(collection: Any, where: dict[str, Any] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ids and the metadata of all entries that match."""
    for found in pages(collection, where, ["metadatas"]):
        yield from zip(found["ids"], found["metadatas"] or (), strict=True)


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids, as many at a time as one call takes."""
    rest = list(ids)
    for first in range(0, len(rest), PAGE):
        yield rest[first : first + PAGE]
