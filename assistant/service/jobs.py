"""The nouns of background ingestion: what a reader sees of it, and what the worker needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

# Files up to SMALL bytes that wait together are embedded together.
SMALL = 200_000

JobState = Literal["queued", "running", "done", "unchanged", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file or URL on its way into the index; ``progress`` is in [0, 1], ``error`` says what to do.

    ``replaced`` tells that an earlier version of the document was in the index, ``retryable`` that what failed or
    was cancelled can be tried again as it is. ``articles`` counts the jobs that a feed has become.
    """

    id: str
    source: str
    state: JobState = "queued"
    stage: str = "queued"
    progress: float = 0.0
    document_id: str | None = None
    error: str | None = None
    error_code: str = (
        ""  # of `ingest.errors.REASONS`, with the values that fill its text; empty for other errors
    )
    error_values: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    replaced: bool = False
    retryable: bool = False
    articles: int = 0

    @property
    def finished(self) -> bool:
        return self.state not in ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the worker needs to do a job; ``path`` is None for a URL, ``size`` is in bytes.

    ``feed`` tells that the URL may be that of a feed, whose articles are wanted then. ``tries`` counts how often
    a process has ended while it was at it.
    """

    job_id: str
    source: str
    name: str
    path: Path | None
    size: int
    keep_original: bool
    feed: bool = False
    tries: int = 0

    def fits(self, batch: Sequence[Task]) -> bool:
        """Whether it may be embedded together with ``batch``: small, harmless files of different sources."""
        return not batch or (all(one._shares and one.source != self.source for one in batch) and self._shares)

    @property
    def _shares(self) -> bool:
        return self.path is not None and self.size <= SMALL and not self.tries
