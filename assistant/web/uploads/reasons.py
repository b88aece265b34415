"""Why a document could not be added, in the reader's language.

Ingestion gives every reason a code and values (`ingest.errors.REASONS`); the phrase ``reason_<code>`` of each language
is filled with the same values.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.service.jobs import Job
from assistant.web.kit.localisation import Words
from ingest.errors import LED_TO

PREFIX = "reason_"


def translated(job: Job, words: Words) -> str:
    """Why ``job`` failed, in the language of ``words``."""
    return in_words(job.error or "", job.error_code, job.error_values, words)


def in_words(error: str, code: str, values: Mapping[str, str], words: Words) -> str:
    """The reason of that code, filled with its values; the ``error``, which is English, where it has none."""
    if not code:
        return error
    text = words(PREFIX + code, **values)
    address = values.get(LED_TO)
    return words(f"{PREFIX}leads", address=address, reason=text) if address else text
