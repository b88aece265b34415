"""What several servers share: one queue, one log, one lock, and what becomes of it when one of them is killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.access.shared_limits import CountedLimits
from assistant.errors import NotFound
from assistant.service import shared_queue
from assistant.service.feedback import SharedFeedbackLog
from assistant.service.journal import Journal
from assistant.service.queue import MOST_TRIES, JobQueue
from assistant.service.shared_queue import SharedJobQueue
from assistant.service.sharing import MovingLock
from assistant.service.trash import LEFT_BEHIND, Trash
from assistant.settings import Settings, load_settings
from assistant.shared import presence
from assistant.shared.database import Database, Rows
from ingest.errors import StoreUnreachable, WrongSetting
from ingest.originals import GRACE, Originals
from tests.assistant.service.test_feedback import GOOD
from tests.assistant.service.test_worker import LAKE, put
from tests.support.replica_queues import Replicas

AnyQueue = JobQueue | SharedJobQueue


@pytest.fixture(params=["of one process", "of several"])
def jobs(request: pytest.FixtureRequest, tmp_path: Path) -> AnyQueue:
    if request.param == "of one process":
        return JobQueue(Journal(tmp_path))
    made: Replicas = request.getfixturevalue("replicas")
    return made["a"]


def file(folder: Path, name: str) -> Path:
    return put(folder, name, f"{LAKE} {name}")


# Both kinds of queue


def test_a_job_waits_runs_and_ends(jobs: AnyQueue, tmp_path: Path) -> None:
    job = jobs.add("lake.txt", file(tmp_path, "lake.txt"), "lake.txt", True, added_by="anna", upload=True)
    assert (job.state, jobs.get(job.id), jobs.sources()) == ("queued", job, {"lake.txt"})
    assert jobs.wait()
    (task,) = jobs.take()
    assert (task.job_id, task.added_by, task.upload, task.size) == (job.id, "anna", True, len(LAKE) + 9)
    assert jobs.get(job.id).state == "running"
    waiting, running = job, jobs.get(job.id)
    assert (
        time.time() - 60 < waiting.queued <= running.began <= running.moved
    )  # operators are told what is slow
    jobs.update(task, progress=0.5, stage="embedding")
    assert (jobs.get(job.id).progress, jobs.get(job.id).stage) == (0.5, "embedding")
    jobs.end(task, state="done", document_id="lake")
    jobs.requeue([task])
    ended = jobs.get(job.id)
    assert (ended.state, ended.progress, ended.document_id, ended.retryable) == ("done", 1.0, "lake", False)
    assert not list(tmp_path.glob("lake.txt"))
    assert jobs.take() == []
    assert jobs.sources() == set()
    with pytest.raises(NotFound):
        jobs.get("no job")


def test_a_job_says_since_when_it_waits_and_is_under_way(jobs: AnyQueue, tmp_path: Path) -> None:
    before = time.time()
    first, second = (jobs.add(n, file(tmp_path, n), n, True) for n in ("a.txt", "b.txt"))
    assert before <= first.queued <= second.queued <= time.time()
    batch = jobs.take()
    began = {jobs.get(task.job_id).began for task in batch}
    assert len(batch) == 2
    assert len(began) == 1
    assert second.queued <= min(began) <= jobs.get(first.id).moved
    jobs.update(batch[0], progress=0.5)
    jobs.end(batch[0], state="done")
    ended = jobs.get(first.id)
    assert min(began) <= ended.moved <= time.time()
    jobs.end(batch[1], state="cancelled")
    assert jobs.retry(second.id).queued >= ended.moved


def test_what_waits_and_what_runs_is_cancelled_and_tried_again(jobs: AnyQueue, tmp_path: Path) -> None:
    first, second, third = (jobs.add(n, file(tmp_path, n), n, True) for n in ("a.txt", "b.txt", "c.txt"))
    assert jobs.cancel(second.id).retryable
    batch = jobs.take()
    assert [task.source for task in batch] == ["a.txt", "c.txt"]
    assert not jobs.should_stop(batch)
    jobs.cancel(third.id)
    assert jobs.should_stop(batch)
    jobs.requeue(batch)
    assert [jobs.get(one.id).state for one in (first, second, third)] == ["queued", "cancelled", "cancelled"]
    assert jobs.retry(third.id).state == "queued"
    again = jobs.take()
    assert [(task.source, task.tries) for task in again] == [("a.txt", 0), ("c.txt", 0)]
    assert not jobs.should_stop(again)
    jobs.fail(again, "The model is broken.", "reader", {"why": "x"})
    assert [(jobs.get(one.id).error, jobs.get(one.id).retryable) for one in (first, third)] == [
        ("The model is broken.", True)
    ] * 2
    assert [job.id for job in jobs.all()] == [third.id, second.id, first.id]


def test_an_upload_that_waits_gets_a_name_of_its_own(jobs: AnyQueue, tmp_path: Path) -> None:
    upload = jobs.add("plan.txt", file(tmp_path, "1"), "plan.txt", True, upload=True)
    page = jobs.add("https://example.org", None, "https://example.org", True)
    assert (jobs.keep_both(upload.id), jobs.keep_both(page.id)) == (True, False)
    (task,) = jobs.take()
    assert task.keep_both


# Several servers


def test_each_task_is_taken_once_and_each_source_by_one_at_a_time(replicas: Replicas) -> None:
    one, other = replicas["a"], replicas["b"]
    first = one.add("plan.txt", file(replicas.folder, "1"), "plan.txt", True)
    taken = one.take()
    later = other.add("plan.txt", file(replicas.folder, "2"), "plan.txt", True)
    lake = other.add("lake.txt", file(replicas.folder, "3"), "lake.txt", True)
    assert [task.job_id for task in taken] == [first.id]
    assert [task.job_id for task in other.take()] == [lake.id]  # the later version waits for the earlier one
    one.end(taken[0], state="done")
    assert [task.job_id for task in one.take()] == [later.id]


def test_any_of_them_cancels_what_another_is_at(replicas: Replicas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_queue, "_LOOK", 0.0)
    one, other = replicas["a"], replicas["b"]
    job = one.add("lake.txt", file(replicas.folder, "1"), "lake.txt", True)
    batch = one.take()
    assert other.get(job.id).state == "running"
    other.cancel(job.id)
    assert one.should_stop(batch)
    one.requeue(batch)
    assert (other.get(job.id).state, other.retry(job.id).state) == ("cancelled", "queued")
    assert [task.job_id for task in other.take()] == [job.id]


def test_what_a_killed_one_was_at_is_done_by_another(
    replicas: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "DEAD", 0.5)
    job = replicas["a"].add("lake.txt", file(replicas.folder, "1"), "lake.txt", True)
    (task,) = replicas["a"].take()
    replicas.kill("a")
    other = replicas["b"]
    assert other.take() == []  # it may be alive still
    time.sleep(0.6)
    replicas.tell("b")
    (again,) = other.take()
    assert (again.job_id, again.tries) == (task.job_id, 1)
    other.end(again, state="done")
    assert other.get(job.id).state == "done"


def test_a_process_on_the_same_data_folder_takes_over_at_once(replicas: Replicas) -> None:
    job = replicas["a"].add("lake.txt", file(replicas.folder, "1"), "lake.txt", True)
    replicas["a"].take()
    replicas.kill("a")
    assert [task.job_id for task in replicas["a"].take()] == [job.id]


def test_one_that_was_taken_for_dead_does_no_harm(
    replicas: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "DEAD", 0.3)
    monkeypatch.setattr(shared_queue, "_LOOK", 0.0)
    job = replicas["a"].add("lake.txt", file(replicas.folder, "1"), "lake.txt", True)
    batch = replicas["a"].take()
    time.sleep(0.4)
    other = replicas["b"]
    (taken,) = other.take()
    assert replicas["a"].should_stop(batch)
    replicas["a"].end(batch[0], state="failed", error="half of it")
    replicas["a"].requeue(batch)
    assert (other.get(job.id).state, other.open([taken])) == ("running", [taken])
    assert taken.path
    assert taken.path.exists()


def test_a_file_that_ends_every_process_is_given_up(replicas: Replicas) -> None:
    job = replicas["a"].add("poison.txt", file(replicas.folder, "1"), "poison.txt", True)
    for _ in range(MOST_TRIES):
        assert replicas["a"].take()
        replicas.kill("a")
    assert replicas["a"].take() == []
    ended = replicas["a"].get(job.id)
    assert (ended.state, ended.error_code) == ("failed", "given_up")
    assert not list(replicas.folder.iterdir())


def test_what_nobody_names_is_swept_after_a_day(replicas: Replicas) -> None:
    jobs = replicas["a"]
    waiting, left, fresh = (file(replicas.folder, name) for name in ("waiting.txt", "left.txt", "fresh.txt"))
    jobs.add("waiting.txt", waiting, "waiting.txt", True)
    for path in (waiting, left):
        os.utime(path, (time.time() - 100_000,) * 2)
    jobs.sweep()
    assert (waiting.exists(), left.exists(), fresh.exists()) == (True, False, True)


def test_verdicts_of_all_are_read_by_all(url: str, database: Database) -> None:
    elsewhere = Database(url)
    one, other = SharedFeedbackLog(database), SharedFeedbackLog(elsewhere)
    one.add(replace(GOOD, id="a"))
    other.add(replace(GOOD, id="b", verdict="down"))
    one.add(replace(GOOD, id="b", verdict="none"))
    assert [(kept.id, kept.verdict) for kept in other.all()] == [("a", "up")]
    elsewhere.close()


def test_one_process_moves_documents_at_a_time(url: str, database: Database) -> None:
    another = Database(url)
    here, there, order = MovingLock(database), MovingLock(another), list[str]()

    def elsewhere() -> None:
        with there:
            order.append("there")

    with here, here:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        time.sleep(0.2)
        order.append("here")
    thread.join(10)
    assert order == ["here", "there"]
    another.close()


def test_a_database_that_goes_and_comes_back_loses_nothing(url: str) -> None:
    database = Database(url)
    database.make("trial", ("CREATE TABLE IF NOT EXISTS trial (what TEXT)",))
    done: list[str] = []

    def write(then: Callable[[Rows], object]) -> None:
        with database.writing("trial") as rows:
            rows.afterwards(lambda: done.append("done"))
            rows.do("INSERT INTO trial VALUES (?)", "half")
            then(rows)

    with pytest.raises(ZeroDivisionError):
        write(lambda rows: 1 // 0)
    with pytest.raises(StoreUnreachable):
        write(lambda rows: rows.all("SELECT pg_terminate_backend(pg_backend_pid())"))
    with database.writing("trial") as rows:
        # The connections that are kept open are closed beneath it.
        rows.all(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND application_name = 'article-assistant'"
        )
        assert (rows.all("SELECT * FROM trial"), done) == ([], [])
    write(lambda rows: None)
    assert done == ["done"]
    with database.writing("trial") as rows:
        rows.do("DROP TABLE trial")
    database.close()


def test_a_database_that_is_not_there_is_said_to_be() -> None:
    with (
        pytest.raises(StoreUnreachable, match="ASSISTANT_DATABASE_URL"),
        Database("postgresql://nobody@127.0.0.1:9/none").reading(),
    ):
        pass


# Limits


def test_what_one_counts_counts_for_all(url: str, database: Database) -> None:
    elsewhere = Database(url)
    here, there = CountedLimits(database), CountedLimits(elsewhere)
    ours, theirs = (one.limit("requests", 3, 60.0) for one in (here, there))
    other_kind = there.limit("sign-in", 3, 60.0)
    ours.count("anna")
    ours.count("anna")
    theirs.count("anna")
    assert (ours.wait("anna"), theirs.wait("anna")) == (0.0, 0.0)  # they have not told each other yet
    for one in (here, there, here):
        one.exchange()
    assert 55 < ours.wait("anna") <= 60
    assert 55 < theirs.wait("anna") <= 60
    assert (ours.wait("berta"), other_kind.wait("anna")) == (0.0, 0.0)
    ours.forget("anna")
    for one in (here, there):
        one.exchange()
    assert theirs.wait("anna") == 0.0
    elsewhere.close()


# Files in a folder that several use


def test_an_original_that_another_has_just_stored_stays(tmp_path: Path) -> None:
    one, other = Originals(tmp_path / "originals", GRACE), Originals(tmp_path / "originals", GRACE)
    path = file(tmp_path, "lake.txt")
    sha256 = one.keep(path, ".txt")
    one.discard(sha256, lambda: False)
    assert other.find(sha256)
    stored = other.find(sha256)
    assert stored
    os.utime(stored, (time.time() - 2 * GRACE,) * 2)
    other.keep(path, ".txt")  # it touches what is there
    one.sweep(set())
    assert other.find(sha256)
    os.utime(stored, (time.time() - 2 * GRACE,) * 2)
    one.discard(sha256, lambda: False)
    assert other.find(sha256) is None
    assert not [
        left for left in (tmp_path / "originals").rglob("*") if left.is_file() and left.name != ".clock"
    ]


def test_what_a_killed_one_held_is_offered_by_another_and_what_is_under_way_is_not(tmp_path: Path) -> None:
    trash = Trash(tmp_path)
    held, draft = tmp_path / "abcd.held", tmp_path / "half.draft"
    for folder in (held, draft):
        folder.mkdir()
    trash.recover(lambda key: None, LEFT_BEHIND)
    assert (held.exists(), draft.exists()) == (True, True)
    for folder in (held, draft):
        os.utime(folder, (time.time() - 2 * LEFT_BEHIND,) * 2)
    trash.recover(lambda key: None, LEFT_BEHIND)
    assert (held.exists(), draft.exists()) == (False, False)


# Settings


def test_what_is_shared_needs_all_three_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_SHARED_DIR", str(tmp_path))
    with pytest.raises(WrongSetting, match="ASSISTANT_DATABASE_URL"):
        load_settings()
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://db.example.org/assistant")
    with pytest.raises(WrongSetting, match="ASSISTANT_CHROMA_URL"):
        load_settings()
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "http://127.0.0.1:9")
    assert load_settings().files_dir == tmp_path
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "mysql://db.example.org/assistant")
    with pytest.raises(WrongSetting, match="postgresql://"):
        load_settings()


def test_without_them_files_are_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings.model_validate({"data_dir": tmp_path}).files_dir == tmp_path
