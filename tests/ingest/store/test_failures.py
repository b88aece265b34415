"""What goes wrong below the index is an error of this package that says what to do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import StoreError, StoreUnreachable
from ingest.store import chroma_client as chroma
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import local_client, server_client
from ingest.store.lexical import Entry, LexicalIndex, Term
from ingest.store.records import versioned
from tests.ingest.store.test_changes import prepared

ENTRY = Entry(passage_id="p", document_id="d", key="d-1", text="the river is high")


@contextmanager
def answering(*replies: bytes | None) -> Iterator[str]:
    """The address of a server that gives one reply after the other, the last to every further request; None never replies."""
    numbers = count()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def serve() -> None:
            with suppress(OSError):
                while not stop.is_set():
                    connection, _ = listening.accept()
                    with connection, suppress(OSError):
                        connection.recv(65_536)
                        reply = replies[min(next(numbers), len(replies) - 1)]
                        connection.sendall(reply) if reply is not None else stop.wait()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)


def http(status: str, body: str, kind: str = "text/html") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


IDENTITY = http(
    "200 OK",
    '{"user_id": "", "tenant": "default_tenant", "databases": ["default_database"]}',
    "application/json",
)
TENANT = http("200 OK", '{"name": "default_tenant"}', "application/json")


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreUnreachable, match=r"does not answer.*Check ASSISTANT_CHROMA_URL"):
        server_client("http://127.0.0.1:9")


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
@pytest.mark.parametrize("body", ["<html>{}</html>", "busy", ""])
def test_a_proxy_before_a_server_that_starts_is_tried_again(status: str, body: str) -> None:
    with answering(http(status, body.format(status))) as url, pytest.raises(StoreUnreachable, match=url):
        server_client(url)


@pytest.mark.parametrize("before", [(), (IDENTITY,), (IDENTITY, TENANT)])
def test_a_server_that_accepts_connections_and_never_answers(
    monkeypatch: pytest.MonkeyPatch, before: tuple[bytes, ...]
) -> None:
    """With any of the requests that Chroma's client sends while it is being made."""
    monkeypatch.setattr(chroma, "ANSWER_SECONDS", 0.3)
    with (
        answering(*before, None) as url,
        pytest.raises(StoreUnreachable, match=r"does not answer in time.*Check ASSISTANT_CHROMA_URL"),
    ):
        server_client(url)


def test_a_failure_of_the_server_itself_is_not_tried_again() -> None:
    with (
        answering(http("500 Internal Server Error", "boom")) as url,
        pytest.raises(StoreError, match="boom") as caught,
    ):
        server_client(url)
    assert not isinstance(caught.value, StoreUnreachable)


@pytest.mark.parametrize(
    "reply", [http("200 OK", "<html>An intranet</html>"), http("404 Not Found", "nothing")]
)
def test_a_server_that_is_no_chroma(reply: bytes) -> None:
    with answering(reply) as url, pytest.raises(StoreError, match=url):
        server_client(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    store = ChromaStore(local_client(tmp_path), "three-numbers")
    store.close()
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database at all" * 1_000)
    with pytest.raises(StoreError, match=r"damaged.*backup"):
        local_client(tmp_path)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match="chroma"):
        local_client(tmp_path / "chroma")


def test_vectors_of_another_length_are_refused_with_the_reason(tmp_path: Path) -> None:
    store = ChromaStore(local_client(tmp_path), "three-numbers")
    river = versioned(prepared("river", "high"))
    pairs = [(passage, river.record.version) for passage in river.passages]
    store.put_passages(pairs, river.vectors, river.sentences)
    with pytest.raises(StoreError, match="dimension"):
        store.put_passages(pairs, np.ones((2, 5), dtype=np.float32), river.sentences)
    store.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("database or disk is full (code: 13)", "Free some space"),
        ("attempt to write a readonly database (code: 8)", "permissions"),
        ("database disk image is malformed", "backup"),
    ],
)
def test_what_sqlite_says_is_told_apart(tmp_path: Path, text: str, words: str) -> None:
    """A full disk and the like cannot be had here: the words are SQLite's own."""
    error = chroma.local_failure(tmp_path, RuntimeError(text))
    assert words in str(error)
    assert str(tmp_path) in str(error)


def test_a_lexical_index_that_cannot_be_written_says_so_and_goes_on_after(tmp_path: Path) -> None:
    lexical = LexicalIndex(tmp_path / "lexical")
    lexical.update([ENTRY])
    other = LexicalIndex(tmp_path / "lexical")  # Tantivy has one writer for a folder
    with pytest.raises(StoreError, match=r"index of words.*cannot be read or written"):
        other.update([ENTRY])
    lexical.close()
    other.update([ENTRY])
    assert [key for key, _ in other.search([Term(("river",))], 3)] == ["p"]
    other.close()


def test_a_damaged_lexical_index_is_made_anew(tmp_path: Path) -> None:
    lexical = LexicalIndex(tmp_path / "lexical")
    lexical.update([ENTRY])
    lexical.close()
    (tmp_path / "lexical" / "meta.json").write_text("{", encoding="utf-8")
    again = LexicalIndex(tmp_path / "lexical")
    assert again.keys() == {}
    again.update([ENTRY])
    assert again.keys() == {"d-1": 1}
    again.close()
