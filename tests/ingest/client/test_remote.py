"""The client of a server's API, against servers of the standard library."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest

from ingest.client import remote as module
from ingest.client.remote import Refused, Remote
from ingest.errors import Cancelled, StoreError
from ingest.store.lock import Owner

DONE = {"answer": "One line\u2028and, in Unicode's eyes, another\u0085one."}
Bodies = Callable[[int], tuple[int, bytes]]


@contextmanager
def remote(bodies: Bodies) -> Iterator[tuple[Remote, list[str]]]:
    """A client of a server that answers its n-th request with ``bodies(n)``; and the paths that were requested."""
    paths: list[str] = []
    numbers = count()

    class Handler(BaseHTTPRequestHandler):
        def do_DELETE(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            paths.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, body = bodies(next(numbers))
            self.send_response(status)
            if status == 503:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = Remote(Owner(pid=1, command="test", url=f"http://127.0.0.1:{server.server_port}"))
        yield client, paths
        client.close()
        server.shutdown()
        thread.join()


def event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def always(reply: tuple[int, bytes], number: int) -> tuple[int, bytes]:
    return reply


def never() -> bool:
    return False


def test_an_answer_comes_as_it_was_sent() -> None:
    body = event("status", {"stage": "searching"}) + b": still here\n\n" + event("done", DONE)
    with remote(lambda number: (200, body)) as (client, _):
        assert client.ask({"question": "?"}, never) == DONE


def test_a_request_is_repeated_while_the_server_loads() -> None:
    loading = json.dumps({"detail": "loading"}).encode()
    with remote(lambda number: (200, event("done", DONE)) if number else (503, loading)) as (client, paths):
        assert client.ask({"question": "?"}, never) == DONE
        assert paths == ["/api/ask"] * 2


def test_a_server_that_never_becomes_ready_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOADING_SECONDS", 0.0)
    busy = json.dumps({"detail": "The models are loading."}).encode()
    with (
        remote(partial(always, (503, busy))) as (client, paths),
        pytest.raises(StoreError, match=r"not ready \(The models are loading.\). .*restart it") as caught,
    ):
        client.call("POST", "/api/search", json={"query": "?"})
    assert client.url in str(caught.value)
    assert paths == ["/api/search"]


def test_a_refusal_is_raised_with_its_status_before_and_within_a_stream() -> None:
    problem = {"status": 422, "detail": "The question is empty."}
    for status, body in ((422, json.dumps(problem).encode()), (200, event("error", problem))):
        with (
            remote(partial(always, (status, body))) as (client, _),
            pytest.raises(Refused, match="is empty") as caught,
        ):
            client.ask({"question": " "}, never)
        assert caught.value.status == 422


def test_who_cancels_reads_no_further() -> None:
    body = event("delta", {"text": "One"}) + event("done", DONE)
    with remote(lambda number: (200, body)) as (client, _), pytest.raises(Cancelled):
        client.ask({"question": "?"}, lambda: True)


def test_an_answer_that_is_broken_off_says_so() -> None:
    body = event("delta", {"text": "One"})
    with (
        remote(lambda number: (200, body)) as (client, _),
        pytest.raises(StoreError, match="broke its answer off"),
    ):
        client.ask({"question": "?"}, never)


def test_an_id_is_one_segment_of_the_path() -> None:
    with remote(lambda number: (204, b"")) as (client, paths):
        client.remove("../jobs/1")
        assert paths == ["/api/documents/..%2Fjobs%2F1"]
