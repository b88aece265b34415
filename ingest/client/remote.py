"""A server that holds the data folder, spoken to over HTTP by the commands of the same user."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from ingest.errors import IngestError, StoreError
from ingest.store.lock import Owner

_CONNECT, _ANSWER = 10.0, 600.0  # seconds
_POLL = 0.2  # seconds between two looks at a job
_PAGE = 1_000


class Refused(IngestError):
    """The server said no: ``status`` is HTTP's, the message the server's."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Remote:
    """The API of a running server. It waits while the server loads.

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
        """The JSON that the server answers; None where it answers nothing."""
        while True:
            response = self._send(method, path, **options)
            if response.status_code != 503 or "retry-after" not in response.headers:
                break
            time.sleep(1)  # it is loading
        if response.is_success:
            return response.json() if response.content else None
        raise Refused(response.status_code, _detail(response))

    def submit(self, name: str, path: Path, source: str) -> str:
        """Send a file that is known as ``source``; returns the job's id."""
        with path.open("rb") as file:
            accepted = self.call(
                "POST", "/api/documents", data={"source": source}, files=[("files", (name, file))]
            )
        return str(accepted["jobs"][0]["id"])

    def submit_url(self, url: str) -> str:
        """Have a page fetched; returns the job's id."""
        return str(self.call("POST", "/api/documents", json={"url": url})["jobs"][0]["id"])

    def follow(self, job_id: str, on_change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """The job once it has ended; ``on_change`` is called as it goes on."""
        while (job := self.call("GET", f"/api/jobs/{job_id}"))["state"] in ("queued", "running"):
            on_change(job)
            time.sleep(_POLL)
        return dict(job)

    def cancel(self, job_id: str) -> None:
        self.call("DELETE", f"/api/jobs/{job_id}")

    def documents(self) -> Iterator[dict[str, Any]]:
        """Every document's record."""
        offset, total = 0, 1
        while offset < total:
            page = self.call("GET", "/api/documents", params={"limit": _PAGE, "offset": offset})
            yield from page["documents"]
            offset, total = offset + _PAGE, page["total"]

    def remove(self, document_id: str) -> None:
        self.call("DELETE", f"/api/documents/{document_id}")

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise StoreError(
                f"The server at {self.url} does not answer ({error or type(error).__name__}). Try again, or restart it."
            ) from error


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered {response.status_code} {response.reason_phrase}."
