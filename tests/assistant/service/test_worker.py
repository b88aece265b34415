"""Background ingestion: what becomes of files and URLs, of originals, and of what is stopped or fails."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.errors import NotFound, NotReady
from assistant.service import queue
from assistant.service.jobs import Job
from assistant.service.journal import Journal
from assistant.service.service import Service
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.types import PassageVectors
from ingest.errors import StoreLocked
from ingest.originals import Originals
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.text.sentences import Span

LAKE = "The lake of Constance lies between three countries. Ferries cross it every day."
LONG = "\n\n".join(
    f"Paragraph {number} tells of the year {1000 + number}, and of much else." for number in range(900)
)


class Gated(SentenceTransformerEmbedder):
    """The shared embedder, which embeds passages only while its gate is open."""

    def __init__(self, embedder: SentenceTransformerEmbedder) -> None:
        self.__dict__.update(embedder.__dict__)
        self.gate = threading.Event()
        self.gate.set()
        self.calls: list[int] = []
        self.watched: Callable[[], None] = lambda: None  # called before each batch

    def embed_with_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> PassageVectors:
        self.calls.append(len(texts))
        self.watched()
        assert self.gate.wait(60)
        return super().embed_with_sentences(texts, sentences)


@pytest.fixture
def gated(embedder: SentenceTransformerEmbedder) -> Gated:
    return Gated(embedder)


@pytest.fixture
def service(tmp_path: Path, gated: Gated) -> Iterator[Service]:
    service = started(tmp_path, gated)
    service.wait(60)
    yield service
    gated.gate.set()
    service.close()


def started(folder: Path, embedder: SentenceTransformerEmbedder) -> Service:
    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        return Assistant(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

    chosen = settings(folder)
    return Service(chosen, opener=opener).start()


def settings(folder: Path) -> Settings:
    return Settings.model_validate({"data_dir": folder / "data", "allow_private_urls": True})


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def finished(service: Service, job: Job) -> Job:
    until(lambda: service.jobs.get(job.id).finished)
    return service.jobs.get(job.id)


def originals(service: Service) -> set[str]:
    return {path.name for path in service.settings.data_dir.glob("originals/*/*")}


def test_a_file_goes_in_and_its_original_is_kept(service: Service, tmp_path: Path) -> None:
    path = put(tmp_path, "lake.txt", LAKE)
    job = finished(service, service.jobs.submit("lake.txt", path))
    assert (job.state, job.stage, job.progress, job.error, job.replaced) == ("done", "done", 1.0, None, False)
    assert (job.source, job.title) == ("lake.txt", "lake")
    assert job.document_id is not None
    assert service.assistant.index.texts.by_id(job.document_id) == LAKE
    assert service.original(job.document_id).read_text() == LAKE
    assert originals(service) == {f"{hashlib.sha256(LAKE.encode()).hexdigest()}.txt"}
    assert path.exists()
    assert list(service.jobs.folder.iterdir()) == []


def test_unchanged_then_replaced(service: Service, tmp_path: Path) -> None:
    first = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "a.txt", LAKE)))
    same = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "b.txt", LAKE)))
    assert (same.state, same.document_id, same.title) == ("unchanged", first.document_id, "lake")
    other = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "c.txt", LAKE + " And boats.")))
    assert (other.state, other.replaced, other.document_id) == ("done", True, first.document_id)
    assert originals(service) == {f"{hashlib.sha256((LAKE + ' And boats.').encode()).hexdigest()}.txt"}


def test_what_fails_says_why_and_leaves_nothing(service: Service, tmp_path: Path) -> None:
    for name, says in (
        ("photo.png", ".png cannot be read"),
        ("blank.txt", "has no text"),
        ("a.pdf", "a.pdf"),
    ):
        job = finished(service, service.jobs.submit(name, put(tmp_path, name, "   \n")))
        assert job.state == "failed"
        assert says in f"{job.source} {job.error}"
    assert originals(service) == set()
    assert list(service.jobs.folder.iterdir()) == []


def test_small_files_that_wait_are_embedded_together(service: Service, gated: Gated, tmp_path: Path) -> None:
    gated.gate.clear()
    first = service.jobs.submit("first.txt", put(tmp_path, "first.txt", LAKE))
    until(lambda: bool(gated.calls))
    rest = [service.jobs.submit(f"{n}.txt", put(tmp_path, f"{n}.txt", f"{LAKE} {n}")) for n in range(9)]
    gated.gate.set()
    assert {finished(service, job).state for job in (first, *rest)} == {"done"}
    assert len(gated.calls) == 2


def test_two_versions_of_one_source_follow_each_other(service: Service, gated: Gated, tmp_path: Path) -> None:
    gated.gate.clear()
    service.jobs.submit("first.txt", put(tmp_path, "first.txt", LAKE))
    until(lambda: bool(gated.calls))
    old = service.jobs.submit("lake.txt", put(tmp_path, "old.txt", "Old " + LAKE))
    new = service.jobs.submit("lake.txt", put(tmp_path, "new.txt", "New " + LAKE))
    gated.gate.set()
    assert finished(service, old).replaced is False
    assert finished(service, new).replaced is True
    assert service.assistant.index.texts.by_id(str(service.jobs.get(new.id).document_id)).startswith("New")


def test_a_waiting_job_is_cancelled_at_once(service: Service, gated: Gated, tmp_path: Path) -> None:
    gated.gate.clear()
    running = service.jobs.submit("long.txt", put(tmp_path, "long.txt", LONG))
    until(lambda: bool(gated.calls))
    waiting = service.jobs.submit("lake.txt", put(tmp_path, "lake.txt", LAKE))
    assert service.jobs.cancel(waiting.id).state == "cancelled"
    gated.gate.set()
    assert finished(service, running).state == "done"
    assert service.assistant.index.records()[0].source == "long.txt"


def test_cancelling_one_job_spares_those_embedded_with_it(
    service: Service, gated: Gated, tmp_path: Path
) -> None:
    gated.gate.clear()
    service.jobs.submit("first.txt", put(tmp_path, "first.txt", LAKE))
    until(lambda: bool(gated.calls))
    jobs = [service.jobs.submit(f"{n}.txt", put(tmp_path, f"{n}.txt", LONG + f" {n}")) for n in range(2)]
    first, gated.gate = gated.gate, threading.Event()  # from the second call on
    first.set()
    until(lambda: len(gated.calls) == 2)
    service.jobs.cancel(jobs[0].id)
    gated.gate.set()
    assert finished(service, jobs[1]).state == "done"
    assert finished(service, jobs[0]).state == "cancelled"
    assert {record.source for record in service.assistant.index.records()} == {"first.txt", "1.txt"}
    assert len(originals(service)) == 2


def test_cancelling_a_finished_job_changes_nothing(service: Service, tmp_path: Path) -> None:
    job = finished(service, service.jobs.submit("lake.txt", put(tmp_path, "lake.txt", LAKE)))
    assert service.jobs.cancel(job.id) == job
    with pytest.raises(NotFound, match="no job"):
        service.jobs.cancel("nope")


def test_progress_grows(service: Service, gated: Gated, tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    gated.watched = lambda: seen.extend((job.stage, job.progress) for job in service.jobs.list())
    job = finished(service, service.jobs.submit("long.txt", put(tmp_path, "long.txt", LONG)))
    seen.append((job.stage, job.progress))
    assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
    assert "embedding" in {stage for stage, _ in seen}
    assert len({progress for _, progress in seen}) > 2


def test_the_last_thousand_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(queue, "KEPT", 3)
    jobs = queue.JobQueue(Journal(tmp_path))
    first = jobs.add("a", None, "a", True)
    jobs.cancel(first.id)
    for name in "bcd":
        jobs.add(name, None, name, True)
    assert [job.source for job in jobs.all()] == ["d", "c", "b"]
    with pytest.raises(NotFound):
        jobs.get(first.id)


def test_files_of_a_killed_process_are_cleared_away(tmp_path: Path, gated: Gated) -> None:
    put(tmp_path / "data", "keep.txt", "")
    (tmp_path / "data" / "uploads").mkdir()
    left = put(tmp_path / "data" / "uploads", "left.txt", "half a fi")
    stray = put(tmp_path / "data" / "originals", "0.draft", "half a fi")
    service = started(tmp_path, gated)
    service.wait(60)
    service.close()
    assert not left.exists()
    assert not stray.exists()


def test_jobs_wait_for_the_model_and_closing_does_not(tmp_path: Path, gated: Gated) -> None:
    go = threading.Event()

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        go.wait(60)
        return Assistant(Index.open(chosen.data_dir, gated, lock=lock), gated)

    service = Service(settings(tmp_path), opener=opener)
    job = service.jobs.submit("lake.txt", put(tmp_path, "lake.txt", LAKE))
    with pytest.raises(NotReady, match="loading"):
        _ = service.assistant
    service.start()
    assert service.jobs.get(job.id).state == "queued"
    with pytest.raises(StoreLocked):
        Service(service.settings)
    # The model is there once no job begins any more: before, one might have.
    late = threading.Thread(target=lambda: (until(lambda: "stopping" in service.message), go.set()))
    late.start()
    service.close()
    late.join()
    assert service.jobs.get(job.id).state == "queued"
    assert service.jobs.submit("late.txt", put(tmp_path, "late.txt", LAKE)).state == "queued"
    FolderLock(tmp_path / "data", "test").release()


def test_the_samples_are_indexed_when_asked_for(tmp_path: Path, gated: Gated) -> None:
    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        return Assistant(Index.open(chosen.data_dir, gated, lock=lock), gated)

    service = Service(settings(tmp_path), samples=True, opener=opener)
    jobs = service.start().jobs.list()
    assert len(jobs) >= 6
    assert {finished(service, job).state for job in jobs} == {"done"}
    assert all(job.source.startswith("samples/") for job in jobs)
    service.close()


def test_an_original_goes_with_its_last_document(service: Service, tmp_path: Path) -> None:
    one, two = (
        finished(service, service.jobs.submit(name, put(tmp_path, name, LAKE))) for name in ("a.txt", "b.txt")
    )
    assert len(originals(service)) == 1
    service.remove([str(one.document_id)])
    assert service.original(str(two.document_id)).read_text() == LAKE
    service.remove([str(two.document_id), "unknown"])
    assert originals(service) == set()


def test_a_file_on_this_machine_is_its_own_original(service: Service, tmp_path: Path) -> None:
    path = put(tmp_path, "lake.txt", LAKE)
    job = service.jobs.submit("lake.txt", path, source=str(path), keep_original=False)
    key = str(finished(service, job).document_id)
    assert originals(service) == set()
    assert service.original(key) == path
    path.write_text("Something else, and secret.")
    with pytest.raises(NotFound, match="has changed"):
        service.original(key)
    path.unlink()
    with pytest.raises(NotFound, match="moved"):
        service.original(key)


def test_a_file_on_this_machine_is_not_read_for_every_picture_of_it(service: Service, tmp_path: Path) -> None:
    path = put(tmp_path, "lake.txt", LAKE)
    job = service.jobs.submit("lake.txt", path, source=str(path), keep_original=False)
    key = str(finished(service, job).document_id)
    service.original(key)
    with reads_of(path) as reads:
        for _ in range(3):
            assert service.original(key) == path
        assert reads == []
        path.write_text(LAKE[::-1])  # as long as before
        with pytest.raises(NotFound, match="has changed"):
            service.original(key)


_watched: dict[str, list[str]] = {}  # by path: the modes in which it was opened


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and str(arguments[0]) in _watched:
        _watched[str(arguments[0])].append(str(arguments[1]))


sys.addaudithook(_watch)


@contextmanager
def reads_of(path: Path) -> Iterator[list[str]]:
    """The modes in which this process has opened the file."""
    _watched[str(path)] = []
    yield _watched[str(path)]
    del _watched[str(path)]


def test_originals_are_found_by_content(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "originals")
    sha256 = kept.keep(put(tmp_path, "a", "text"), ".md")
    assert kept.keep(put(tmp_path, "b", "text"), ".txt") == sha256
    assert [kept.find(sha256, suffix).suffix for suffix in (".md", ".txt", "")] == [".md", ".txt", ".md"]  # type: ignore[union-attr]
    assert kept.find("../" * 22, ".md") is None
    assert kept.find("0" * 64) is None
    kept.discard(sha256, lambda: True)
    assert kept.find(sha256) is not None
    kept.discard(sha256, lambda: False)
    assert kept.find(sha256) is None
    assert not list(tmp_path.glob("originals/*.draft"))


@pytest.fixture
def page() -> Iterator[str]:
    """The address of a web page on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/lake" else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            if self.path == "/lake":
                self.wfile.write(f"<html><body><h1>The lake</h1><p>{LAKE}</p></body></html>".encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{site.server_address[1]}/lake"
        site.shutdown()
        thread.join()


def test_a_web_page_is_fetched_and_its_original_kept(service: Service, page: str) -> None:
    job = finished(service, service.jobs.submit_url(page))
    assert (job.state, job.source) == ("done", page), job.error
    record = service.record(str(job.document_id))
    assert record.source == page
    assert b"<h1>The lake</h1>" in service.original(record.id).read_bytes()
    assert finished(service, service.jobs.submit_url(page)).state == "unchanged"
    missing = finished(service, service.jobs.submit_url(f"{page}/not"))
    assert (missing.state, missing.document_id) == ("failed", None)
    assert "404" in str(missing.error)
    # What was fetched for the first two goes before the next begins.
    assert list(service.jobs.folder.iterdir()) == []
