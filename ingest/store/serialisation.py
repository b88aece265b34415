"""Records and passages as Chroma's metadata, which knows strings and numbers only, and back; read and written in pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple
from datetime import date, datetime
from typing import Any, cast

import numpy as np

from ingest.embedding.types import SentenceVectors
from ingest.types import (
    Correction,
    DateOrigin,
    Extent,
    OtherLanguage,
    Passage,
    Quotation,
    QuotationKind,
    Record,
    Stated,
)

PAGE = 2_000  # entries
_KINDS: tuple[QuotationKind, ...] = ("direct", "indirect", "reported")  # stored by their places here


def pages(collection: Any, where: dict[str, Any] | None, include: list[str]) -> Iterator[dict[str, Any]]:
    """All entries that match, as Chroma's ``get`` gives them, page after page."""
    offset, full = 0, True
    while full:
        page = collection.get(where=where, limit=PAGE, offset=offset, include=include)
        yield page
        full = len(page["ids"]) == PAGE
        offset += PAGE


def metadata(collection: Any, where: dict[str, Any] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ids and the metadata of all entries that match."""
    for page in pages(collection, where, ["metadatas"]):
        yield from zip(page["ids"], page["metadatas"] or (), strict=True)


def metadata_of(collection: Any, ids: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ids and the metadata of those of ``ids``, at most `PAGE`, that are there."""
    rows = collection.get(ids=ids, include=["metadatas"])
    yield from zip(rows["ids"], rows["metadatas"] or (), strict=True)


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids, as many at a time as one call takes."""
    rest = list(ids)
    for first in range(0, len(rest), PAGE):
        yield rest[first : first + PAGE]


def passage_data(passage: Passage, version: str, sentences: SentenceVectors) -> dict[str, Any]:
    return {
        "document_id": passage.document_id,
        "version": version,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page or 0,
        "heading": passage.heading,
        "language": passage.language,
        "quotations": _quotation_rows(passage.quotations),
        "sentences": " ".join(f"{start}-{end}" for start, end in passage.sentences),
        "sentence_vectors": base64.b64encode(sentences.tobytes()).decode("ascii"),
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
        sentences=_spans(str(data.get("sentences", ""))),  # passages of earlier releases have none
        language=str(data.get("language", "")),
        quotations=_quotations(str(data.get("quotations", ""))),
    )


def _quotation_rows(quotations: Iterable[Quotation] | None) -> str:
    """Numbers and a name for each, as JSON; empty where they were not looked for."""
    if quotations is None:
        return ""
    rows = [
        [_KINDS.index(one.kind), one.start, one.end, *_ends(one.cue), *_ends(one.speaker), one.name]
        for one in quotations
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _quotations(rows: str) -> tuple[Quotation, ...] | None:
    if not rows:
        return None
    return tuple(
        Quotation(
            kind=_KINDS[kind],
            start=start,
            end=end,
            cue=_extent(cue_start, cue_end),
            speaker=_extent(speaker_start, speaker_end),
            name=name,
        )
        for kind, start, end, cue_start, cue_end, speaker_start, speaker_end, name in json.loads(rows)
    )


def _ends(extent: Extent | None) -> tuple[int, int]:
    return (extent.start, extent.end) if extent else (0, 0)


def _extent(start: int, end: int) -> Extent | None:
    return Extent(start=start, end=end) if end else None


def _spans(written: str) -> tuple[tuple[int, int], ...]:
    pairs = (span.split("-") for span in written.split())
    return tuple((int(start), int(end)) for start, end in pairs)


def sentence_vectors_of(data: dict[str, Any]) -> SentenceVectors | None:
    """The vectors of a passage's sentences, shape (sentences, dimensions); None where it was stored without them."""
    sentences = len(str(data.get("sentences", "")).split())
    numbers = np.frombuffer(base64.b64decode(str(data.get("sentence_vectors", ""))), dtype=np.int8)
    return numbers.reshape(sentences, -1) if len(numbers) else None


def record_data(record: Record) -> dict[str, Any]:
    return {
        "version": record.version,
        "source": record.source,
        "title": record.title,
        "published": _iso(record.published),
        "published_from": record.published_from,
        "authors": json.dumps(record.authors, ensure_ascii=False),
        "language": record.language,
        "media_type": record.media_type,
        "sha256": record.sha256,
        "page_starts": json.dumps(record.page_starts),
        "doubtful_pages": json.dumps(record.doubtful_pages),
        "recognised_pages": json.dumps(record.recognised_pages),
        "unread_pages": json.dumps(record.unread_pages),
        "recognition_tried": record.recognition_tried,
        "time_starts": json.dumps(record.time_starts),
        "container": record.container,
        "passages": record.passages,
        "characters": record.characters,
        "added": record.added.isoformat(),
        "added_by": record.added_by,
        "text_version": record.text_version,
        "source_corrected": record.source_corrected,
        "moved_from": " ".join(record.moved_from),
        "stated": _stated_json(record.stated) if record.stated else "",
        "corrections": json.dumps(
            [[item.field, item.by, item.at.isoformat()] for item in record.corrections], ensure_ascii=False
        ),
        "not_copies_of": " ".join(record.not_copies_of),
        "other_languages": json.dumps([astuple(other) for other in record.other_languages]),
        "quotations_edition": record.quotations_edition,
    }


def record_of(key: str, data: dict[str, Any]) -> Record:
    return Record(
        id=key,
        version=str(data["version"]),
        source=str(data["source"]),
        title=str(data["title"]),
        published=_day(data["published"]),
        authors=_list(data["authors"]),
        language=str(data["language"]),
        media_type=str(data["media_type"]),
        sha256=str(data["sha256"]),
        page_starts=_list(data["page_starts"]),
        passages=int(data["passages"]),
        characters=int(data["characters"]),
        added=datetime.fromisoformat(str(data["added"])),
        # Records of earlier releases have none of these.
        added_by=str(data.get("added_by", "")),
        text_version=str(data.get("text_version", "")),
        doubtful_pages=_list(data.get("doubtful_pages")),
        recognised_pages=_list(data.get("recognised_pages")),
        unread_pages=_list(data.get("unread_pages")),
        recognition_tried=bool(data.get("recognition_tried", False)),
        published_from=cast("DateOrigin", data.get("published_from", "")),
        source_corrected=str(data.get("source_corrected", "")),
        moved_from=tuple(str(data.get("moved_from", "")).split()),
        stated=_stated(json.loads(data["stated"])) if data.get("stated") else None,
        corrections=tuple(
            Correction(field=field, by=by, at=datetime.fromisoformat(at))
            for field, by, at in _list(data.get("corrections"))
        ),
        not_copies_of=tuple(str(data.get("not_copies_of", "")).split()),
        time_starts=tuple((at, second) for at, second in _list(data.get("time_starts"))),
        container=str(data.get("container", "")),
        other_languages=tuple(
            OtherLanguage(language=language, first=first, after=after, start=start, end=end)
            for language, first, after, start, end in _list(data.get("other_languages"))
        ),
        quotations_edition=int(data.get("quotations_edition", 0)),
    )


def _list(written: Any) -> tuple[Any, ...]:
    """A list in JSON. Most are empty: a catalogue has ten of them for each document."""
    return tuple(json.loads(str(written))) if written not in (None, "[]") else ()


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _stated_json(stated: Stated) -> str:
    return json.dumps(asdict(stated) | {"published": _iso(stated.published)}, ensure_ascii=False)


def _stated(fields: dict[str, Any]) -> Stated:
    return Stated(
        title=fields["title"],
        published=_day(fields["published"]),
        published_from=fields["published_from"],
        authors=tuple(fields["authors"]),
        language=fields["language"],
    )
