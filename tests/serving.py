"""A running server as tests see it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
BRIDGE = """# The bridge of Remagen

The old railway bridge at Remagen was 325 metres long. Engineers finished it in August 1918 after two years.

Mayor Clara Vossberg called the surviving towers a monument to peace. A museum has been inside them since 1980.
"""


@dataclass(frozen=True)
class Server:
    """A running `assistant serve`: where it is, what it owns, and its process."""

    url: str
    data: Path
    process: subprocess.Popen[str]

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(method, self.url + path, timeout=60, trust_env=False, **options)

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
        time.sleep(0.2)
    assert status["state"] == "ready", status
    for job in server.call("GET", "/api/jobs").json()["jobs"]:
        assert server.finished(job["id"])["state"] == "done"


def problem(response: httpx.Response, status: int) -> str:
    """The detail of a problem, which every error must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    return str(body["detail"])


@contextmanager
def started(folder: Path, *options: str, **settings: str) -> Iterator[Server]:
    """A server process with the samples, over a data folder in ``folder``; in the end it must have had no complaint."""
    data = folder / "data"
    with (folder / "errors.txt").open("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--port", "0", "--samples", *options],
            cwd=folder,
            env=environment(ASSISTANT_DATA_DIR=str(data), **settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        server = Server(url, data, process)
        wait_until_ready(server)
        yield server
        process.terminate()
        status = process.wait(30)
        process.stdout.close()
        errors.seek(0)
        assert (status, errors.read()) == (0, "")
