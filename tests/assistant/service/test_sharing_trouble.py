"""What several servers share while one of them is held up or broken, or the database is away."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.errors import NotReady
from assistant.service import sharing
from assistant.service.condition import condition_of
from assistant.service.service import Service
from assistant.service.sharing import MovingLock
from assistant.service.trash import Trash
from assistant.service.worker import IngestWorker
from assistant.settings import load_settings
from assistant.shared import database as database_module
from assistant.shared.database import Database, DatabaseBusy
from ingest.errors import StoreUnreachable, WrongSetting
from ingest.originals import Originals
from tests.assistant.service.test_worker import LAKE, Gated, put, started
from tests.support.replica_queues import Replicas
from tests.support.waiting import wait_until


@pytest.fixture
def another(url: str) -> Iterator[Database]:
    other = Database(url)
    yield other
    other.close()


def test_one_that_is_held_up_in_a_transaction_is_cut_off(
    database: Database, another: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "SILENT", 0.3)
    lost = threading.Event()

    def held_up() -> None:
        with suppress(StoreUnreachable), database.writing("jobs"):
            begun.set()
            lost.wait(10)

    begun, thread = threading.Event(), threading.Thread(target=held_up)
    thread.start()
    assert begun.wait(10)
    with another.writing("jobs") as rows:  # it does not wait for whoever says nothing
        assert rows.one("SELECT 1") == (1,)
    lost.set()
    thread.join(10)
    with database.writing("jobs"):
        pass


def test_one_that_moves_documents_for_long_keeps_the_lock_and_one_that_is_held_up_loses_it(
    database: Database, another: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "SILENT", 0.3)
    monkeypatch.setattr(database_module, "_PATIENCE", 0.2)
    monkeypatch.setattr(sharing, "_TELLING", 0.05)
    here, there, order = MovingLock(database), MovingLock(another), list[str]()

    def elsewhere() -> None:
        with there:
            order.append("there")

    with here:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        time.sleep(0.8)  # longer than anybody waits at a time, and than anybody may be silent
        order.append("here")
    thread.join(10)
    assert order == ["here", "there"]
    monkeypatch.setattr(sharing, "_TELLING", 10.0)  # as if the process were stopped
    with here, there:
        order.append("both")
    monkeypatch.setattr(database_module, "SILENT", 10.0)
    monkeypatch.setattr(sharing, "_PATIENCE", 0.1)
    with here, pytest.raises(DatabaseBusy, match="Try again in a few seconds"), there:
        pass
    with there:  # nothing is left of the attempt
        pass


def test_a_database_that_is_silent_keeps_one_caller_waiting_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database_module, "_SECONDS", 0.2)
    monkeypatch.setattr(database_module, "_AGAIN", 60.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        away = Database(f"postgresql://anna:geheim@127.0.0.1:{silent.getsockname()[1]}/none")
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(StoreUnreachable, match="ASSISTANT_DATABASE_URL") as raised, away.reading():
                pass
            assert "geheim" not in str(raised.value)
        assert time.monotonic() - began < 1.0


def test_never_more_connections_than_a_server_may_have(
    url: str, another: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_MOST", 2)
    database, most = Database(url), list[int]()
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'article-assistant'"

    def ask() -> None:
        with database.writing("jobs") as rows:
            most.append(rows.all(count)[0][0])

    with another.reading() as rows:
        (before,) = rows.one(count) or (0,)
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(most) == 8
    assert max(most) <= before + 2
    database.close()


def test_a_server_without_a_model_leaves_the_jobs_to_others(replicas: Replicas, tmp_path: Path) -> None:
    def broken(timeout: float | None = None) -> None:
        tried.set()
        raise NotReady("The model cannot be loaded.")

    tried, other = threading.Event(), replicas["b"]
    job = other.add("lake.txt", put(replicas.folder, "lake.txt", LAKE), "lake.txt", True)
    worker = IngestWorker(
        broken,  # type: ignore[arg-type]
        Originals(tmp_path / "originals"),
        Trash(tmp_path / "trash"),
        replicas.folder,
        lambda url, folder: pytest.fail(url),
        queue=replicas["a"],
    )
    assert tried.wait(10)
    time.sleep(0.1)
    assert other.get(job.id).state == "queued"
    worker.close()
    assert [task.job_id for task in other.take()] == [job.id]


@pytest.fixture
def shared(
    url: str, database: Database, tmp_path: Path, embedder: Gated, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Service, Gated]]:
    """A server on the shared database, with an index of its own, whose embedder can be held up."""
    gated = Gated(embedder)
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", url)
    monkeypatch.setenv("ASSISTANT_SHARED_DIR", str(tmp_path))
    service = started(tmp_path, gated)
    service.wait(60)
    yield service, gated
    gated.gate.set()
    service.close()


def test_one_that_was_held_up_does_not_store_over_what_is_newer(
    shared: tuple[Service, Gated], replicas: Replicas
) -> None:
    service, gated = shared
    gated.gate.clear()
    job = service.jobs.submit("lake.txt", put(replicas.folder, "1", LAKE), "lake.txt")
    wait_until(lambda: len(gated.calls) == 1)
    other, database = replicas["b"], service.database
    assert database
    with database.writing("presence") as rows:
        rows.do("DELETE FROM replicas WHERE name <> ?", replicas.name("b"))
    (task,) = other.take()
    assert task.job_id == job.id
    gated.gate.set()
    later = service.jobs.submit("sea.txt", put(replicas.folder, "2", f"{LAKE} Not the sea."), "sea.txt")
    wait_until(lambda: service.jobs.get(later.id).finished)
    assert [record.source for record in service.assistant.index.records()] == ["sea.txt"]
    assert other.open([task]) == [task]


def test_a_server_starts_and_tells_what_is_wrong_while_the_database_is_away(
    tmp_path: Path, embedder: Gated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://anna:geheim@127.0.0.1:9/none")
    monkeypatch.setenv("ASSISTANT_SHARED_DIR", str(tmp_path))
    service = started(tmp_path, Gated(embedder))
    service.following.add("https://example.org/feed", "", folders=False)
    service.wait(60)
    found = condition_of(service)
    assert ([one.kind for one in found.concerns if one.kind == "database_away"], found.job_states) == (
        ["database_away"],
        {},
    )
    with pytest.raises(StoreUnreachable):
        service.withdraw([])
    service.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:ge/heim@h/x",
        "postgresql://u:geh#eim@h/x",
        "postgresql://u:geheim@h:0/x",
        "postgresql://u:℀geheim@h/x",
    ],
)
def test_an_address_that_is_wrong_is_told_without_the_password(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", address)
    with pytest.raises(WrongSetting, match="ASSISTANT_DATABASE_URL is wrong: write postgresql") as raised:
        load_settings()
    assert "ge" not in str(raised.value).replace("postgresql", "")
    assert "geh" not in repr(raised.value)
