"""A running server as tests see it."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

from tests.support.forked_command import ForkedCommand

Result = TypeVar("Result")
# No test speaks over TLS; without this each call would read the certificates of all authorities first.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ROOT = Path(__file__).resolve().parents[2]
BRIDGE = """# The bridge of Remagen

The old railway bridge at Remagen was 325 metres long. Engineers finished it in August 1918 after two years.

Mayor Clara Vossberg called the surviving towers a monument to peace. A museum has been inside them since 1980.
"""
# The keys, users and other settings of the server that asks who is asking.
KEYS = {
    "reader": "a-key-for-a-reader-0123456789",
    "editor": "a-key-for-an-editor-0123456789",
    "admin": "a-key-for-an-admin-0123456789",
    "expired": "a-key-of-long-ago-0123456789",
}
PASSWORD = "correct horse, battery"  # noqa: S105  # the users of the tests have it
INTRANET = "http://intranet.example"
GUARDED = {
    "ASSISTANT_API_KEYS": ",".join(
        f"{name}:{'reader' if name == 'expired' else name}:{key}{':2020-01-31' if name == 'expired' else ''}"
        for name, key in KEYS.items()
    ),
    "ASSISTANT_USERS": f"rita:reader:{PASSWORD}, eddi:editor:{PASSWORD}",
    "ASSISTANT_PROXY_HEADER": "X-Remote-User",
    "ASSISTANT_TRUSTED_PROXIES": "127.0.0.2",
    "ASSISTANT_RATE_LIMIT": "100000",
    "ASSISTANT_LOG": "json",
}


@dataclass(frozen=True)
class Server:
    """A running `assistant serve`: where it is, what it owns, its process, and the API key that calls send."""

    url: str
    data: Path
    process: ForkedCommand | subprocess.Popen[str]
    key: str = ""

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        key = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers = {**key, **options.pop("headers", {})}
        return httpx.request(
            method, self.url + path, timeout=60, trust_env=False, verify=NO_TLS, headers=headers, **options
        )

    def add(self, **texts: str) -> list[dict[str, Any]]:
        """Upload Markdown articles by name, and wait for their jobs to end."""
        files = [("files", (f"{name}.md", text.encode())) for name, text in texts.items()]
        jobs = self.call("POST", "/api/documents", files=files).json()["jobs"]
        return [self.finished(job["id"]) for job in jobs]

    def finished(self, job_id: str, seconds: float = 60) -> dict[str, Any]:
        """A job once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job: dict[str, Any] = self.call("GET", f"/api/jobs/{job_id}").json()
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.05)
        raise AssertionError(f"job {job_id} did not end: {job}")


def environment(**more: str) -> dict[str, str]:
    """What a process started by a test gets, whatever its working folder is."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def wait_until_ready(server: Server, seconds: float = 120) -> None:
    """Until the model is loaded and what was to be indexed at the start is."""
    deadline = time.monotonic() + seconds
    while (status := server.call("GET", "/api/status").json())["state"] == "loading":
        assert time.monotonic() < deadline, status
        time.sleep(0.05)
    assert status["state"] == "ready", status
    for job in server.call("GET", "/api/jobs").json()["jobs"]:
        assert server.finished(job["id"])["state"] == "done"


@contextmanager
def started(
    folder: Path, errors: IO[str], *arguments: str, key: str = "", **settings: str
) -> Iterator[Server]:
    """A server process of its own, ready to answer; what it writes to standard error goes to ``errors``."""
    data = folder / "data"
    process = ForkedCommand(
        "assistant",
        *("serve", "--port", "0", *arguments),
        folder=folder,
        environment=environment(ASSISTANT_DATA_DIR=str(data), **settings),
        errors=Path(errors.name),
    )
    line = process.stdout.readline()
    url = next(word for word in line.split() if word.startswith("http"))
    server = Server(url, data, process, key)
    wait_until_ready(server)
    yield server
    process.terminate()
    assert process.wait(30) == 0
    process.stdout.close()


@contextmanager
def serving(service: Any, **options: Any) -> Iterator[Server]:
    """A server in this process, for states that a process would have to be caught in."""
    import uvicorn

    from assistant.server.app import create_app

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(service, service.settings, pages=False, **options), log_level="critical"
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Server(url, service.settings.data_dir, None)  # type: ignore[arg-type]  # it has no process
    finally:
        running.should_exit = True
        thread.join()
        service.close()


def problem(response: httpx.Response, status: int) -> str:
    """The detail of a problem, which every error must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    return str(body["detail"])


def in_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread of its own: tests of pages leave the browser's event loop running in theirs."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()
