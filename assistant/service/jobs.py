"""The nouns of background ingestion: what a reader sees of it, and what the worker needs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from time import time_ns
from typing import Any, Literal

from ingest.loaders import CONTAINERS, suffix_of
from ingest.tracing import traceparent
from ingest.types import Outcome, Result

# Files up to SMALL bytes that wait together are embedded together.
SMALL = 200_000

JobState = Literal["queued", "running", "done", "unchanged", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedDocument:
    """The document that an upload of the same name replaces; ``added_by`` is empty where that is not known."""

    title: str
    added: datetime
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMembers:
    """What became of each document in an archive, a mail or a list of articles; ``skipped`` are files in other formats."""

    outcomes: tuple[Result, ...]
    skipped: tuple[str, ...] = ()

    def count(self, outcome: Outcome) -> int:
        return sum(result.outcome == outcome for result in self.outcomes)

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.outcomes if result.outcome == "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file or URL on its way into the index; ``progress`` is in [0, 1], ``error`` says what to do.

    While a scan is recognised, it is at ``page`` of ``pages``; both are 0 at other stages.

    ``replaces`` is the document that an upload is going to replace, or has replaced; it is None for what is updated
    as a matter of course, such as a web page. ``replaced`` says that an earlier version of the document was in the
    index, which the removal ``removal_id`` holds for undo; ``version`` names the new one. ``retryable`` says that a
    failed or cancelled job can be tried again as it is. ``articles`` counts the jobs that a feed has become. ``members``
    is None where the file is one document. ``followed`` is the id of the followed source that it was found in, empty for
    what people add. ``queued``, ``began`` and ``moved``, at its last step, are in seconds since 1970; 0 where it has not come so far.
    Jobs that are done together have begun at the same moment.
    """

    id: str
    source: str
    state: JobState = "queued"
    stage: str = "queued"
    progress: float = 0.0
    page: int = 0
    pages: int = 0
    document_id: str | None = None
    error: str | None = None
    error_code: str = (
        ""  # a key of `ingest.errors.REASONS`, which ``error_values`` fill; empty for other errors
    )
    error_values: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    replaced: bool = False
    retryable: bool = False
    articles: int = 0
    replaces: ReplacedDocument | None = None
    removal_id: str | None = None
    version: str = ""
    followed: str = ""
    members: JobMembers | None = None
    queued: float = 0.0
    began: float = 0.0
    moved: float = 0.0

    @property
    def finished(self) -> bool:
        return self.state not in ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the worker needs to do a job; ``path`` is None for a URL, ``size`` is in bytes.

    ``feed``: the URL may be that of a feed, whose articles are queued then. ``tries`` counts how many processes have
    ended during the task. ``upload``: only the file's name identifies the document, so another person's file may
    have it too; with ``keep_both`` the upload gets a free name then. ``published`` is what a feed says, ``followed`` as in a job.
    ``since`` is when it was queued, in nanoseconds since 1970: of two versions of a document the later one has to be stored last.
    """

    job_id: str
    source: str
    name: str
    path: Path | None
    size: int
    keep_original: bool
    feed: bool = False
    tries: int = 0
    added_by: str = ""
    upload: bool = False
    keep_both: bool = False
    published: date | None = None
    followed: str = ""
    since: int = 0
    traceparent: str = (
        ""  # the request that has asked for it, where spans are sent; another process knows it no more
    )

    def fits(self, batch: Sequence[Task]) -> bool:
        """Whether it may be embedded together with ``batch``: small, harmless files of different sources."""
        return not batch or (
            self._shares and all(task._shares and task.source != self.source for task in batch)
        )

    @property
    def _shares(self) -> bool:
        alone = self.path is None or self.size > SMALL or self.tries
        return not alone and suffix_of(self.name) not in CONTAINERS


def new_task(name: str, path: Path | None, source: str, keep_original: bool, **options: Any) -> Task:
    """What is to be done for a file or a URL that has just come; ``options`` are the fields of a `Task` that have defaults."""
    return Task(
        job_id=uuid.uuid4().hex[:16],
        source=source,
        name=name,
        path=path,
        size=path.stat().st_size if path else 0,
        keep_original=keep_original,
        since=time_ns(),
        traceparent=traceparent(),
        **options,
    )


def waiting_job(task: Task, **fields: Any) -> Job:
    """The job of a task that has been queued."""
    return Job(id=task.job_id, source=task.source, followed=task.followed, queued=task.since / 1e9, **fields)


def ended_job(job: Job, task: Task, state: JobState, **changes: Any) -> Job:
    """A job with its last word, unless it is tried again: a URL can be, and a file that was cancelled."""
    again = state == "cancelled" or (state == "failed" and task.path is None)
    done: dict[str, Any] = {"progress": 1.0} if state in ("done", "unchanged") else {}
    return replace(job, state=state, stage=state, retryable=again, **done, **changes)
