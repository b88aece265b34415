"""The followed sources on disk, ``followed/<id>.json`` each: written in one step, so that a kill loses none."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.fetch.listings import Version
from ingest.files import DRAFT, write_whole
from ingest.following import FollowedSource, FoundPage, Trouble

_log = logging.getLogger(__name__)


class FollowedSources:
    """The sources kept in ``folder``; whoever uses it owns the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[FollowedSource]:
        """Every source, the first added first; a file that cannot be read is left where it is, and logged."""
        sources = []
        for draft in self._folder.glob(f"*{DRAFT}"):  # of a process that was killed
            draft.unlink(missing_ok=True)
        for path in self._folder.glob("*.json"):
            try:
                sources.append(unpacked(json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, KeyError, TypeError) as error:
                _log.warning("%s is not a followed source: %s", path, error)
        return sorted(sources, key=lambda source: (source.added, source.id))

    def put(self, source: FollowedSource, *, durable: bool = False) -> None:
        """Raises `OSError`."""
        write_whole(self._path(source.id), [json.dumps(packed(source)).encode()], durable=durable)

    def delete(self, source_id: str) -> None:
        """Raises `OSError`."""
        self._path(source_id).unlink(missing_ok=True)

    def _path(self, source_id: str) -> Path:
        return self._folder / f"{source_id}.json"


def packed(source: FollowedSource) -> dict[str, Any]:
    """As JSON has it; only what waits or failed has its address in it."""
    data = asdict(replace(source, seen={}, waiting={}))  # it copies what it is given: slow for large sitemaps
    data["seen"] = dict(source.seen)
    data["waiting"] = [_packed_page(page) for page in source.waiting.values()]
    return data


def _packed_page(page: FoundPage) -> dict[str, Any]:
    return {
        "url": page.url,
        "published": page.published.isoformat() if page.published else None,
        "changed": page.changed,
        "tries": page.tries,
        "after": page.after,
    }


def unpacked(data: Mapping[str, Any]) -> FollowedSource:
    """Raises `KeyError`, `TypeError` or `ValueError` where that is none."""
    pages = (
        FoundPage(
            **{
                **page,
                "published": date.fromisoformat(page["published"]) if page["published"] else None,
            }
        )
        for page in data["waiting"]
    )
    changed: dict[str, Any] = {
        "versions": {url: Version(**version) for url, version in data["versions"].items()},
        "waiting": {page.url: page for page in pages},
        "trouble": Trouble(**data["trouble"]) if data["trouble"] else None,
        "failed": {url: Trouble(**trouble) for url, trouble in data["failed"].items()},
    }
    return FollowedSource(**{**data, **changed})
