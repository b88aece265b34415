"""Records and passages as Chroma's metadata, which knows strings and numbers only, and back. Pure functions."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from ingest.types import Passage, Record


def passage_data(passage: Passage, version: str) -> dict[str, Any]:
    return {
        "document_id": passage.document_id,
        "version": version,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page or 0,
        "heading": passage.heading,
    }


def passage_of(key: str, text: str, data: dict[str, Any]) -> Passage:
    return Passage(
        id=key,
        document_id=str(data["document_id"]),
        text=text,
        start=int(data["start"]),
        end=int(data["end"]),
        page=int(data["page"]) or None,
        heading=str(data["heading"]),
    )


def record_data(record: Record) -> dict[str, Any]:
    return {
        "version": record.version,
        "source": record.source,
        "title": record.title,
        "published": record.published.isoformat() if record.published else "",
        "authors": json.dumps(record.authors, ensure_ascii=False),
        "language": record.language,
        "media_type": record.media_type,
        "sha256": record.sha256,
        "page_starts": json.dumps(record.page_starts),
        "passages": record.passages,
        "characters": record.characters,
        "added": record.added.isoformat(),
    }


def record_of(key: str, data: dict[str, Any]) -> Record:
    return Record(
        id=key,
        version=str(data["version"]),
        source=str(data["source"]),
        title=str(data["title"]),
        published=date.fromisoformat(str(data["published"])) if data["published"] else None,
        authors=tuple(json.loads(str(data["authors"]))),
        language=str(data["language"]),
        media_type=str(data["media_type"]),
        sha256=str(data["sha256"]),
        page_starts=tuple(json.loads(str(data["page_starts"]))),
        passages=int(data["passages"]),
        characters=int(data["characters"]),
        added=datetime.fromisoformat(str(data["added"])),
    )
