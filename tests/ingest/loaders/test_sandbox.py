"""The sandbox with real processes: files that hang, crash and swell, parents that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import Cancelled, DamagedSource, IngestError, SourceError, SourceNotFound, TooLarge
from ingest.loaders import load
from ingest.loaders.sandbox import Sandbox
from tests.support import files as building
from tests.support.file_vectors import READABLE, UNREADABLE, VECTORS, Vector
from tests.support.office_vectors import OFFICE_READABLE

Found = TypeVar("Found")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


def put(folder: Path, vector: Vector) -> Path:
    path = folder / vector.name
    path.write_bytes(vector.make())
    return path


def note(folder: Path, words: str) -> Path:
    path = folder / f"{words}.txt"
    path.write_text(words)
    return path


@pytest.mark.parametrize("vector", [*READABLE, *OFFICE_READABLE], ids=str)
def test_reads_what_loaders_read(sandbox: Sandbox, tmp_path: Path, vector: Vector) -> None:
    assert sandbox.load(put(tmp_path, vector), vector.name) == load(vector.make(), vector.name)


@pytest.mark.parametrize("vector", UNREADABLE, ids=str)
def test_errors_come_across(sandbox: Sandbox, tmp_path: Path, vector: Vector) -> None:
    with pytest.raises(SourceError) as caught:
        sandbox.load(put(tmp_path, vector), "its name")
    assert type(caught.value) is vector.error
    assert caught.value.source == "its name"
    assert vector.says in caught.value.reason


def test_a_file_of_50_megabytes_comes_across(sandbox: Sandbox, tmp_path: Path) -> None:
    data = building.large_text(50)
    (tmp_path / "large.txt").write_bytes(data)
    assert sandbox.load(tmp_path / "large.txt", "large").text.encode() == data.strip()


def test_the_name_tells_the_format_where_the_path_does_not(sandbox: Sandbox, tmp_path: Path) -> None:
    stored = tmp_path / "5d41402abc4b2a76"
    stored.write_bytes(b"# Heading\n\nWords.")
    assert sandbox.load(stored, "notes.md").media_type == "text/markdown"
    fetched = tmp_path / "page.html"
    fetched.write_bytes(b"<p>Words of a page.</p>")
    assert sandbox.load(fetched, "https://example.org/paper.pdf").media_type == "text/html"


@linux
def test_names_that_are_no_text_come_across(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"gr\xfc\xdfe.txt")
    path.write_text("Words.")
    assert sandbox.load(path, str(path)).title == "gr\ufffd\ufffde"


def test_a_missing_file_is_an_error_of_the_source(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="cannot be opened"):
        sandbox.load(tmp_path / "gone.txt", "gone.txt")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*VECTORS, *OFFICE_READABLE]), st.data())
def test_damage_is_never_anything_but_a_source_error(
    sandbox: Sandbox, tmp_path: Path, vector: Vector, data: st.DataObject
) -> None:
    content = bytearray(vector.make()[:20_000])
    for place in (
        data.draw(st.lists(st.integers(0, max(0, len(content) - 1)), max_size=30)) if content else ()
    ):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / vector.name
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    assert "crashed" not in reason(sandbox, path)  # what crashes a library deserves a look


def test_a_hanging_file_is_given_up(tmp_path: Path) -> None:
    """Nobody ever writes to this pipe, so reading it never ends."""
    os.mkfifo(tmp_path / "hangs.txt")
    with (
        Sandbox(timeout=0.5) as own,
        pytest.raises(DamagedSource, match=r"took longer than 0\.5 seconds"),
    ):
        own.load(tmp_path / "hangs.txt", "hangs.txt")
    with Sandbox(timeout=60) as own:
        assert own.load(note(tmp_path, "fine"), "fine.txt").text == "fine"


def test_a_reader_is_replaced_after_a_hanging_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hangs.txt")
    with Sandbox() as own:
        assert own.load(note(tmp_path, "before"), "before.txt").text == "before"
        own._timeout = 0.5  # what can be read has more time than that, also on a slow machine
        with pytest.raises(DamagedSource, match="took longer"):
            own.load(tmp_path / "hangs.txt", "hangs.txt")
        own._timeout = 60
        assert own.load(note(tmp_path, "after"), "after.txt").text == "after"


@linux
def test_reading_for_nobody_ends_with_its_process(tmp_path: Path) -> None:
    path, others, left = tmp_path / "hangs.txt", readers(os.getpid()), threading.Event()
    os.mkfifo(path)
    with Sandbox() as own, ThreadPoolExecutor(1) as pool:
        reading = pool.submit(own.load, path, "hangs.txt", cancelled=left.is_set)
        handle = until(lambda: opened(path))
        (reader,) = readers(os.getpid()) - others
        left.set()
        with pytest.raises(Cancelled):
            reading.result(20)
        until(lambda: not Path("/proc", str(reader)).exists())
        os.close(handle)
        assert own.load(note(tmp_path, "after"), "after.txt").text == "after"
    with Sandbox() as own, pytest.raises(Cancelled):  # before it has begun
        own.load(tmp_path / "hangs.txt", "hangs.txt", cancelled=lambda: True)
    assert readers(os.getpid()) == others


@linux
def test_a_crash_is_an_error_of_the_source(tmp_path: Path) -> None:
    path, others = tmp_path / "crashes.txt", readers(os.getpid())
    os.mkfifo(path)
    with Sandbox() as own, ThreadPoolExecutor(1) as pool:
        reading = pool.submit(own.load, path, "crashes.txt")
        handle = until(lambda: opened(path))
        os.kill((readers(os.getpid()) - others).pop(), signal.SIGSEGV)
        with pytest.raises(DamagedSource, match=r"the reader crashed \(signal 11\)"):
            reading.result(60)
        os.close(handle)
        assert own.load(note(tmp_path, "after"), "after.txt").text == "after"


@linux
def test_a_reader_that_died_idle_is_replaced_without_an_error(tmp_path: Path) -> None:
    others = readers(os.getpid())
    with Sandbox() as own:
        own.load(note(tmp_path, "first"), "first.txt")
        os.kill((readers(os.getpid()) - others).pop(), signal.SIGKILL)
        assert own.load(note(tmp_path, "second"), "second.txt").text == "second"


@linux
def test_memory_is_limited(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(building.large_text(100))
    with Sandbox(memory=400_000_000) as own:
        with pytest.raises(TooLarge, match="more memory"):
            own.load(tmp_path / "large.txt", "large.txt")
        assert own.load(note(tmp_path, "small"), "small.txt").text == "small"


@linux
def test_a_reader_that_cannot_start_is_no_error_of_the_source(tmp_path: Path) -> None:
    with Sandbox(memory=1_000_000) as own, pytest.raises(IngestError, match="does not start") as caught:
        own.load(note(tmp_path, "small"), "small.txt")
    assert not isinstance(caught.value, SourceError)


def test_threads_take_turns(sandbox: Sandbox, tmp_path: Path) -> None:
    paths = [note(tmp_path, f"number {number}") for number in range(30)]
    with ThreadPoolExecutor(8) as pool:
        contents = pool.map(lambda path: sandbox.load(path, path.name), paths)
    assert [content.text for content in contents] == [path.stem for path in paths]


def test_the_reader_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    with Sandbox() as own:
        first = threading.Thread(target=own.load, args=(note(tmp_path, "one"), "one.txt"))
        first.start()
        first.join()
        assert own.load(note(tmp_path, "two"), "two.txt").text == "two"


@linux
def test_the_reader_has_limits_and_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_API_KEY", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    others = readers(os.getpid())
    with Sandbox() as own:
        own.load(note(tmp_path, "words"), "words.txt")
        process = Path("/proc", str((readers(os.getpid()) - others).pop()))
        environment = (process / "environ").read_text()
        limits = {
            line[:26].strip(): line[26:].split()[0] for line in (process / "limits").read_text().splitlines()
        }
        home = Path(os.readlink(process / "cwd"))
    assert "secret" not in environment
    assert "PROXY" not in environment
    assert f"HOME={home}" in environment
    assert limits["Max file size"] == limits["Max core file size"] == "0"
    assert limits["Max address space"] == str(2 << 30)
    assert limits["Max cpu time"] != "unlimited"
    assert not home.exists()


@linux
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_the_reader_ends_when_its_parent_is_killed(tmp_path: Path, busy: bool) -> None:
    path = tmp_path / "hangs.txt"
    os.mkfifo(path)
    code = (
        "import sys, time; from pathlib import Path; from ingest.loaders.sandbox import Sandbox\n"
        "with Sandbox() as own: own.load(Path(sys.argv[1]), 'x.txt'); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(path)])
    handle = until(lambda: opened(path))
    (reader,) = readers(parent.pid)
    if not busy:
        os.write(handle, b"Words.")
        os.close(handle)
        time.sleep(0.5)  # it answers
    parent.kill()
    parent.wait()
    until(lambda: not Path("/proc", str(reader)).exists())
    if busy:
        os.close(handle)


def reason(sandbox: Sandbox, path: Path) -> str:
    """Why ``path`` cannot be read; empty where it can."""
    try:
        sandbox.load(path, path.name)
    except SourceError as error:
        return error.reason
    return ""


def readers(parent: int) -> set[int]:
    """The process ids of the readers that ``parent`` started and that still run."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            status = (process / "stat").read_text().rpartition(")")[2].split()
            command = (process / "cmdline").read_text()
            if int(status[1]) == parent and status[0] != "Z" and "ingest.loaders.sandbox_worker" in command:
                found.add(int(process.name))
    return found


def opened(pipe: Path) -> int:
    """A handle for writing into ``pipe``, got only when someone reads from it; 0 before."""
    with suppress(OSError):
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    return 0


def until(true: Callable[[], Found], seconds: float = 60) -> Found:
    """What ``true`` gives as soon as it is true."""
    for _ in range(int(seconds / 0.05)):
        if value := true():
            return value
        time.sleep(0.05)
    raise AssertionError("it never became true")
