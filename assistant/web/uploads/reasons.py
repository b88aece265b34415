"""Why a document could not be added, in the reader's language.

Ingestion gives every reason a code and values (`ingest.errors.REASONS`); the phrase ``reason_<code>`` of each language
is filled with the same values.
"""

from __future__ import annotations

from assistant.service.jobs import Job
from assistant.web.kit.localisation import Words
from ingest.errors import LED_TO

PREFIX = "reason_"


def translated(job: Job, words: Words) -> str:
    """Why ``job`` failed, in the language of ``words``; in English if its error has no code."""
    if not job.error_code:
        return job.error or ""
    text = words(PREFIX + job.error_code, **job.error_values)
    address = job.error_values.get(LED_TO)
    return words(f"{PREFIX}leads", address=address, reason=text) if address else text
