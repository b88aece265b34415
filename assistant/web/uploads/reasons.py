"""Why a document could not be added, in the reader's language.

Ingestion gives every reason a code and values (`ingest.errors.REASONS`); the phrase ``reason_<code>`` of each language
is filled with the same values.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.service.jobs import Job
from assistant.web.kit.localisation import Words
from ingest.errors import LED_TO
from ingest.types import Result

PREFIX = "reason_"


def translated(job: Job, words: Words) -> str:
    """Why ``job`` failed, in the language of ``words``; in English if its error has no code."""
    failed = job.members.failed if job.members else ()
    if failed and job.error_code:
        values = {**job.error_values, "reason": of_member(failed[0], words)}
        return words(PREFIX + job.error_code, **values)
    return _translated(job.error, job.error_code, job.error_values, words)


def of_member(result: Result, words: Words) -> str:
    """Why a document in a container failed, likewise."""
    return _translated(result.error, result.code, result.values, words)


def _translated(error: str | None, code: str, values: Mapping[str, str], words: Words) -> str:
    if not code:
        return error or ""
    text = words(PREFIX + code, **values)
    address = values.get(LED_TO)
    return words(f"{PREFIX}leads", address=address, reason=text) if address else text
