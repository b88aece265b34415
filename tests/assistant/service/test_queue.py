"""What waits is not lost: the queue on disk, trying again, and feeds that become many jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.service import queue
from assistant.service.jobs import Task
from assistant.service.journal import Journal
from assistant.service.service import Service
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import EmbeddingError
from ingest.store.lock import FolderLock
from tests.assistant.service.test_worker import LAKE, finished, put, settings, started


def broken(chosen: Settings, lock: FolderLock) -> Assistant:
    raise EmbeddingError("The weights are damaged: install them again.")


def task(folder: Path, name: str) -> Task:
    path = put(folder, f"{name}.txt", LAKE)
    size = path.stat().st_size
    return Task(
        job_id=name, source=name, name=name, path=path, size=size, keep_original=True, since=time.time_ns()
    )


def test_what_waits_when_a_process_ends_is_done_by_the_next(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    first = Service(settings(tmp_path))  # it never gets as far as loading
    jobs = [first.jobs.submit(f"{n}.txt", put(tmp_path, f"{n}.txt", f"{LAKE} {n}")) for n in range(3)]
    first.jobs.cancel(jobs[1].id)
    first.close()
    second = started(tmp_path, embedder)
    ended = {job.id: finished(second, job) for job in second.jobs.list()}
    assert {key: job.state for key, job in ended.items()} == {jobs[0].id: "done", jobs[2].id: "done"}
    assert {record.source for record in second.assistant.index.records()} == {"0.txt", "2.txt"}
    second.close()
    assert list((tmp_path / "data" / "uploads").iterdir()) == []


def test_order_names_and_tries_survive_and_what_is_torn_is_cleared_away(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    tasks = [task(tmp_path, name) for name in ("zebra", "ape", "gnu")]
    for one in tasks:
        journal.note(one)
    journal.begin(tasks[1])
    put(tmp_path, "half.pdf", "half a fi")
    put(tmp_path, "torn.task", '{"job_id": "to')
    tasks[2].path.unlink()  # type: ignore[union-attr]  # it was done, and the process killed before its note was deleted
    found = Journal(tmp_path).recover()
    assert [(one.source, one.tries) for one in found] == [("zebra", 0), ("ape", 1)]
    assert found[0] == tasks[0]
    assert {path.name for path in tmp_path.iterdir()} == {
        "zebra.txt", "zebra.task", "ape.txt", "ape.task", "ape.tries",
    }  # fmt: skip


def test_of_two_versions_the_later_stays_the_later_when_a_process_is_stopped_amid_the_first(
    tmp_path: Path,
) -> None:
    jobs = queue.JobQueue(Journal(tmp_path))
    first, later = (
        jobs.add("plan.txt", put(tmp_path, f"{n}.txt", f"{LAKE} {n}"), "plan.txt", True) for n in range(2)
    )
    batch = jobs.take()
    jobs.close()
    jobs.requeue(batch)
    assert [task.job_id for task in batch] == [first.id]
    assert [task.job_id for task in Journal(tmp_path).recover()] == [first.id, later.id]


def test_a_file_that_ends_every_process_is_given_up_and_its_neighbours_are_not(tmp_path: Path) -> None:
    poison, harmless = task(tmp_path, "poison"), task(tmp_path, "harmless")
    for one in (poison, harmless):
        Journal(tmp_path).note(one)
    ended: dict[str, str] = {}
    for _ in range(queue.MOST_TRIES + 1):
        jobs = restarted(tmp_path)
        while batch := jobs.take():
            if any(one.source == "poison" for one in batch):
                break  # here the process would end
            for one in batch:
                jobs.end(one, state="done")
        ended |= {job.source: job.state for job in jobs.all() if job.finished}
    assert ended == {"poison": "failed", "harmless": "done"}
    assert restarted(tmp_path).all() == ()
    assert list(tmp_path.iterdir()) == []


def restarted(folder: Path) -> queue.JobQueue:
    journal = Journal(folder)
    jobs = queue.JobQueue(journal)
    for one in journal.recover():
        jobs.restore(one)
    return jobs


def test_what_failed_by_no_fault_of_its_own_is_tried_again(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    first = Service(settings(tmp_path), opener=broken).start()
    job = finished(first, first.jobs.submit("lake.txt", put(tmp_path, "lake.txt", LAKE)))
    assert (job.state, job.retryable) == ("failed", True)
    assert finished(first, first.jobs.retry(job.id)).error == "The weights are damaged: install them again."
    first.close()
    second = started(tmp_path, embedder)
    assert finished(second, job).state == "done"
    second.close()


def test_a_cancelled_file_can_be_added_after_all_and_a_broken_one_cannot(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    service = Service(settings(tmp_path))
    job = service.jobs.submit("lake.txt", put(tmp_path, "lake.txt", LAKE))
    assert service.jobs.cancel(job.id).retryable
    assert service.jobs.retry(job.id).state == "queued"
    service.close()
    service = started(tmp_path, embedder)
    assert finished(service, job).state == "done"
    damaged = finished(service, service.jobs.submit("a.pdf", put(tmp_path, "a.pdf", "no PDF")))
    assert (damaged.state, damaged.retryable) == ("failed", False)
    assert service.jobs.retry(damaged.id) == damaged
    service.close()


def test_only_so_many_cancelled_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "CANCELLED_FILES", 2)
    jobs = queue.JobQueue(Journal(tmp_path))
    added = [jobs.add(n, put(tmp_path, n, LAKE), n, True) for n in "abc"]
    for job in added:
        jobs.cancel(job.id)
    assert [jobs.get(job.id).retryable for job in added] == [False, True, True]
    assert {path.name for path in tmp_path.iterdir()} == {"b", "c"}


@contextmanager
def site(pages: dict[str, str]) -> Iterator[str]:
    """A web site on this machine; its pages are changed by changing ``pages``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def test_a_feed_becomes_a_job_for_each_article(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    items = "".join(f"<item><link>/{name}</link></item>" for name in ("lake", "missing"))
    pages = {"/feed": f'<rss version="2.0"><channel>{items}</channel></rss>', "/lake": f"<p>{LAKE}</p>"}
    service = started(tmp_path, embedder)
    with site(pages) as url:
        feed = finished(service, service.jobs.submit_url(f"{url}/feed"))
        assert (feed.state, feed.articles, feed.document_id) == ("done", 2, None)
        articles = {job.source: finished(service, job) for job in service.jobs.list() if job.id != feed.id}
        assert {source: job.state for source, job in articles.items()} == {
            f"{url}/lake": "done",
            f"{url}/missing": "failed",
        }
        pages["/missing"] = f"<p>{LAKE} It was missing.</p>"
        assert finished(service, service.jobs.retry(articles[f"{url}/missing"].id)).state == "done"
    service.close()


def test_what_is_tried_again_at_once_is_done_once(tmp_path: Path) -> None:
    jobs = queue.JobQueue(Journal(tmp_path))
    job = jobs.add("https://example.org", None, "https://example.org", True)
    batch = jobs.take()
    jobs.end(batch[0], state="failed", error="answers 503")
    jobs.retry(job.id)  # before the worker has done with its batch
    jobs.requeue(batch)
    assert len(jobs.take()) == 1
    assert jobs.take() == []
