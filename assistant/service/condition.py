"""What is slow or stuck in a running server, told to those who run it: by its status, its metrics, and on the documents page."""

from __future__ import annotations

import shutil
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from assistant.service.jobs import Job, JobState
from assistant.service.question_times import TimedQuestion
from ingest.errors import StoreError

if TYPE_CHECKING:
    from assistant.service.service import Service

ConcernKind = Literal[
    "store_away",
    "database_away",
    "index_behind",
    "jobs_waiting",
    "job_slow",
    "job_stuck",
    "deliveries_failing",
    "following_failing",
    "disk_nearly_full",
    "model_failing",
    "questions_slow",
]
KINDS: tuple[ConcernKind, ...] = get_args(ConcernKind)

LONG_WAIT = 600.0  # seconds in the queue from which on a job waits long
SILENT = 300.0  # seconds without a step from which on a running job is stuck
# A running job is slow from so many times the usual time on, and never before so many seconds.
TIMES_USUAL, LEAST_SLOW = 20.0, 600.0
FEW_VISITS = 2  # visits of a followed source that failed one after the other, from which on it is told
# The disk is nearly full below this share of it or this many bytes, whichever is less.
LEAST_SHARE, LEAST_FREE = 0.05, 5e9
MANY_SLOW = 0.05  # the share of recent questions from which on slow ones are told

_WORDS: dict[ConcernKind, str] = {
    "store_away": "The Chroma server does not answer: the documents cannot be reached.",
    "database_away": "The database that several servers share does not answer: nothing can be added, deleted or corrected.",
    "index_behind": "A change could not be finished: the index is behind its documents until the store can be read again.",
    "jobs_waiting": "Jobs wait to be added ({n}), the oldest for {minutes} min.",
    "job_slow": "A job has been running for {minutes} min, much longer than usual; it is at “{stage}”.",
    "job_stuck": "A running job has not gone on for {minutes} min; it is at “{stage}”.",
    "deliveries_failing": "What was found for standing questions cannot be sent (questions: {n}).",
    "following_failing": "Followed sources cannot be visited ({n}).",
    "disk_nearly_full": "The disk with the data folder is nearly full: {gigabytes} GB are left.",
    "model_failing": "The language model has not answered for {minutes} min; documents are quoted instead.",
    "questions_slow": "Questions of the last hour took long ({n} of {of}), most of it for “{stage}”.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that is slow or stuck: of which ``kind``, and the ``values`` that its words need.

    ``since`` is in seconds since 1970; None where nobody knows since when.
    """

    kind: ConcernKind
    since: float | None = None
    values: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is wrong, in English."""
        return _WORDS[self.kind].format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTimes:
    """How ingestion stands: jobs that wait and the seconds of the oldest, of the longest one that runs, of the most silent that are done
    together, of the usual ones."""

    waiting: int
    oldest: float
    running: float
    silent: float
    usual: float
    stage: str  # of the job that has been silent the longest, empty where none runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a running server tells those who run it. ``free`` and ``disk`` are bytes where the data folder lies.

    ``job_states`` counts the jobs; nothing where several servers have them in a database that is away.
    """

    jobs: JobTimes
    job_states: Mapping[JobState, int]
    free: int
    disk: int
    deliveries_failing: int
    following_failing: int
    arrivals_waiting: int
    questions: Sequence[TimedQuestion]
    concerns: tuple[Concern, ...]

    @property
    def slow_questions(self) -> list[TimedQuestion]:
        return [one for one in self.questions if one.slow]


def condition_of(service: Service) -> Condition:
    """How a service stands. Cheap enough to be asked every few seconds."""
    now = time.time()
    known: Sequence[Job] = ()
    concerns: list[Concern] = []
    try:
        known = service.jobs.list()
        job_states = dict.fromkeys(get_args(JobState), 0) | Counter(job.state for job in known)
    except StoreError:
        job_states = {}
        concerns.append(Concern(kind="database_away"))
    jobs = job_times(known, now)
    free, disk = _disk(service.settings.data_dir)
    failing = [one.source for one in service.following.all() if one.source.failures >= FEW_VISITS]
    untold, waiting = 0, 0
    with suppress(StoreError):
        untold, waiting = service.standing.store.deliveries.failing(), service.standing.store.waiting()
    questions = service.question_times.recent()
    concerns += [*_of_the_store(service, now), *_of_jobs(jobs, now), *_of_questions(questions)]
    if untold:
        concerns.append(Concern(kind="deliveries_failing", values={"n": untold}))
    if failing := [one for one in failing if not one.paused]:
        concerns.append(Concern(kind="following_failing", values={"n": len(failing)}))
    if disk and free < min(LEAST_SHARE * disk, LEAST_FREE):
        concerns.append(Concern(kind="disk_nearly_full", values={"gigabytes": round(free / 1e9, 1)}))
    return Condition(
        jobs=jobs,
        job_states=job_states,
        free=free,
        disk=disk,
        deliveries_failing=untold,
        following_failing=len(failing),
        arrivals_waiting=waiting,
        questions=questions,
        concerns=tuple(concerns),
    )


def job_times(jobs: Sequence[Job], now: float) -> JobTimes:
    """How jobs stand at a moment, in seconds since 1970."""
    queued = [job for job in jobs if job.state == "queued" and job.queued]
    running = [job for job in jobs if job.state == "running" and job.began]
    took = [job.moved - job.began for job in jobs if job.state == "done" and job.began]
    # Of those that are done together one goes on at a time: the others wait for it, and are not stuck.
    batches: dict[float, Job] = {}
    for job in running:
        batches[job.began] = max(batches.get(job.began, job), job, key=lambda one: one.moved)
    last = min(batches.values(), key=lambda job: job.moved, default=None)
    return JobTimes(
        waiting=sum(job.state == "queued" for job in jobs),
        oldest=max((now - job.queued for job in queued), default=0.0),
        running=max((now - job.began for job in running), default=0.0),
        silent=now - last.moved if last else 0.0,
        usual=statistics.median(took) if took else 0.0,
        stage=last.stage if last else "",
    )


def _of_jobs(jobs: JobTimes, now: float) -> Iterator[Concern]:
    if jobs.silent > SILENT:
        yield _lasting("job_stuck", jobs.silent, now, stage=jobs.stage)
    elif jobs.running > max(LEAST_SLOW, TIMES_USUAL * jobs.usual):
        yield _lasting("job_slow", jobs.running, now, stage=jobs.stage)
    if jobs.oldest > LONG_WAIT:
        yield _lasting("jobs_waiting", jobs.oldest, now, n=jobs.waiting)


def _of_the_store(service: Service, now: float) -> Iterator[Concern]:
    if service.away:
        yield Concern(kind="store_away", since=service.away_since)
    if service.state != "ready":
        return
    assistant = service.assistant
    if assistant.index.replica.is_unsure:
        yield Concern(kind="index_behind")
    if assistant.model and assistant.model.failing_since is not None:
        yield _lasting("model_failing", now - assistant.model.failing_since, now)


def _of_questions(questions: Sequence[TimedQuestion]) -> Iterator[Concern]:
    slow = [one for one in questions if one.slow]
    if slow and len(slow) >= MANY_SLOW * len(questions):
        (stage, _), *_ = Counter(one.stage for one in slow).most_common(1)
        values: dict[str, str | float] = {"n": len(slow), "of": len(questions), "stage": stage}
        yield Concern(kind="questions_slow", since=slow[-1].at, values=values)


def _lasting(kind: ConcernKind, seconds: float, now: float, **values: str | float) -> Concern:
    """What has been so for some time, which its words tell in minutes."""
    return Concern(kind=kind, since=now - seconds, values={"minutes": max(1, round(seconds / 60)), **values})


def _disk(folder: Path) -> tuple[int, int]:
    """Free bytes and all bytes where a folder lies; zeros where that cannot be known."""
    with suppress(OSError):
        usage = shutil.disk_usage(folder)
        return usage.free, usage.total
    return 0, 0
