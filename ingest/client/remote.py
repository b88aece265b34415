"""The HTTP API of a server that holds the data folder, as commands of the same user call it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import httpx

from ingest.errors import Cancelled, IngestError, StoreError
from ingest.files import write_whole
from ingest.store.lock import Owner

_CONNECT, _ANSWER = 10.0, 600.0  # seconds
LOADING_SECONDS = (
    600.0  # for which a server may say that it is loading; models of some gigabytes take minutes
)
_AGAIN = 1.0  # seconds between two requests to a server that is loading
_POLL = 0.2  # seconds between two requests for the state of a job
_PAGE = 1_000


class Refused(IngestError):
    """The server refused a request: ``status`` is HTTP's, the message the server's."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Remote:
    """The API of a running server. While the server loads, requests are repeated for some minutes.

    Every method raises `Refused`, or `StoreError` where no server answers.
    """

    def __init__(self, owner: Owner) -> None:
        self.url = owner.url
        self._http = httpx.Client(
            base_url=owner.url,
            headers={"X-Owner-Token": owner.token},
            timeout=httpx.Timeout(_ANSWER, connect=_CONNECT),
            trust_env=False,  # a proxy has no business between two processes of one machine
        )

    def close(self) -> None:
        self._http.close()

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of the response; None where it is empty. ``options`` are those of `httpx.Client.build_request`."""
        with self._reachable():
            response = self._response(method, path, **options)
            return response.json() if response.content else None

    def content(self, method: str, path: str, **options: Any) -> bytes:
        """The bytes of the response; otherwise as `call`."""
        with self._reachable():
            return self._response(method, path, **options).content

    def ask(self, body: dict[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
        """The answer to the question in ``body``. Raises `Cancelled` once ``cancelled()``; the server stops then, too.

        The answer is streamed, and ``cancelled`` is called at every line: the server sends one every ten seconds at least.
        """
        for name, data in self.events("/api/ask", cancelled, json={**body, "stream": True}):
            if name == "done":
                return dict(data)
        raise StoreError(f"The server at {self.url} broke its answer off. Try again, or restart it.")

    def events(
        self, path: str, cancelled: Callable[[], bool], **options: Any
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The events that are streamed in answer to a POST, by their names. Raises `Refused` for an event `error`, and as `ask` does."""
        with (
            self._reachable(),
            closing(self._response("POST", path, stream=True, **options)) as response,
        ):
            for name, data in _events(response):
                if name == "error":
                    raise Refused(data["status"], data["detail"])
                if name:
                    yield name, data
                if cancelled():
                    raise Cancelled("Nobody waits for the answer.")

    def submit(self, name: str, content: BinaryIO | bytes, source: str | None = None) -> str:
        """Upload a file, as a document of ``source`` (default: ``name``); returns the job's id."""
        data = {} if source is None else {"source": source}
        accepted = self.call("POST", "/api/documents", data=data, files=[("files", (name, content))])
        return str(accepted["jobs"][0]["id"])

    def submit_url(self, url: str) -> str:
        """Have the server fetch a page; returns the job's id."""
        return str(self.call("POST", "/api/documents", json={"url": url})["jobs"][0]["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/api/jobs/{job_id}"))

    def members(self, job_id: str) -> list[dict[str, Any]]:
        """What became of each document of the container that a job has read."""
        return list(self.call("GET", f"/api/jobs/{job_id}/members")["members"])

    def follow(self, job_id: str, on_change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Wait until a job has ended and return it; ``on_change`` is called with its state until then."""
        while (job := self.job(job_id))["state"] in ("queued", "running"):
            on_change(job)
            time.sleep(_POLL)
        return job

    def cancel(self, job_id: str) -> None:
        self.call("DELETE", f"/api/jobs/{job_id}")

    def documents(self) -> Iterator[dict[str, Any]]:
        """The record of every document, newest first."""
        offset, total = 0, 1
        while offset < total:
            page = self.call("GET", "/api/documents", params={"limit": _PAGE, "offset": offset})
            yield from page["documents"]
            offset, total = offset + _PAGE, page["total"]

    def correct(self, document_id: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Correct fields of a document; returns its record."""
        return dict(self.call("PATCH", f"/api/documents/{quote(document_id, safe='')}", json=changes))

    def move(self, document_id: str, source: str) -> bool:
        """Make a document that of another file with the same content; False where it is gone, or the file has a document."""
        try:
            path = f"/api/documents/{quote(document_id, safe='')}/move"
            self.call("POST", path, json={"source": source})
        except Refused as error:
            if error.status not in (404, 409):
                raise
            return False
        return True

    def remove(self, document_id: str) -> None:
        self.call("DELETE", f"/api/documents/{quote(document_id, safe='')}")

    def download(self, path: str, target: Path) -> None:
        """Write what is at ``path`` to a file, wholly or not at all. Raises `OSError` where it cannot be written."""
        with self._reachable(), closing(self._response("GET", path, stream=True)) as response:
            write_whole(target, response.iter_bytes(), durable=True)

    def post_file(self, path: str, file: BinaryIO) -> Iterator[dict[str, Any]]:
        """Send a file; yields the JSON of each line of the answer as it comes."""
        self.call(
            "GET", "/api/health", params={"ready": True}
        )  # a body that is streamed cannot be sent again
        with (
            self._reachable(),
            closing(self._response("POST", path, stream=True, content=file)) as response,
        ):
            yield from (json.loads(line) for line in _lines(response) if line)

    def _response(self, method: str, path: str, *, stream: bool = False, **options: Any) -> httpx.Response:
        """A successful response; with ``stream`` its body is still to be read.

        Raises `Refused`, and `StoreError` where the server has been loading for `LOADING_SECONDS`.
        """
        until = time.monotonic() + LOADING_SECONDS
        while True:
            response = self._http.send(self._http.build_request(method, path, **options), stream=stream)
            if response.is_success:
                return response
            response.read()
            if response.status_code != 503 or "retry-after" not in response.headers:
                raise Refused(response.status_code, _detail(response))
            if time.monotonic() + _AGAIN > until:
                raise StoreError(
                    f"The server at {self.url} is still not ready ({_detail(response)}). Look at its log; try again later, "
                    "or restart it."
                )
            time.sleep(_AGAIN)  # the server is loading

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise StoreError(
                f"The server at {self.url} does not answer ({error or type(error).__name__}). Try again, or restart it."
            ) from error


def _events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Server-sent events as pairs of name and data, and a pair of "" and None for every other line."""
    name = ""
    for line in _lines(response):
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        yield (name, json.loads(value)) if field == "data" else ("", None)


def _lines(response: httpx.Response) -> Iterator[str]:
    """The lines of a body. `httpx.Response.iter_lines` also breaks at U+2028 and the like, which JSON may contain."""
    rest = b""
    for piece in response.iter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in lines)


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered {response.status_code} {response.reason_phrase}."
