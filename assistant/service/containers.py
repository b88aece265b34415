"""What becomes of an upload that holds several documents: how its job ends, and what it replaces. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.service.jobs import JobMembers, ReplacedDocument
from ingest.containers import is_within
from ingest.errors import reason
from ingest.types import Record, Result, document_id


def container_end(source: str, outcomes: Sequence[Result], skipped: Sequence[str]) -> dict[str, Any]:
    """How the job of a container ends, as the fields of a `Job`: failed only where nothing of it is there."""
    members = JobMembers(outcomes=tuple(outcomes), skipped=tuple(skipped))
    own = next((result for result in outcomes if result.source == source), None)
    fields: dict[str, Any] = {"members": members}
    if own is not None:
        fields |= {"document_id": own.document_id, "title": own.title}
    kinds = {result.outcome for result in outcomes}
    if kinds == {"failed"}:
        first = outcomes[0]
        name = first.source.removeprefix(source).lstrip("/")
        values = {"n": str(len(outcomes)), "name": name, "reason": str(first.error)}
        error = reason("members_failed", values)
        return {
            **fields,
            "state": "failed",
            "error": error,
            "error_code": "members_failed",
            "error_values": values,
        }
    changed = kinds & {"added", "replaced", "removed"}
    return {**fields, "state": "done" if changed else "unchanged"}


def replaced_container(records: Sequence[Record], source: str) -> ReplacedDocument | None:
    """What an upload of a container of the same name replaces; None where there is nothing."""
    inside = [record for record in records if record.id == document_id(source) or is_within(record, source)]
    if not inside:
        return None
    latest = max(inside, key=lambda record: record.added)
    return ReplacedDocument(title=source, added=latest.added, added_by=latest.added_by)
