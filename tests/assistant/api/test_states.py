"""Servers that load, have failed, have nothing, or lose their reader: in this process, for a process would have to be caught in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from assistant.core import Assistant
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import DeltaEvent
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import EmbeddingError
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from tests.support.server import Server, problem, serving


def settings(folder: Path) -> Settings:
    return Settings.model_validate({"data_dir": folder / "data"})


def test_while_it_loads_and_with_nothing_in_it(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    go = threading.Event()

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        go.wait(60)
        return Assistant(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

    with serving(Service(settings(tmp_path), opener=opener)) as server:
        assert server.call("GET", "/api/health").json() == {"status": "loading"}
        assert server.call("GET", "/api/status").json()["documents"] is None
        response = server.call("POST", "/api/ask", json={"question": "Is anyone there?"})
        assert "loading" in problem(response, 503)
        assert int(response.headers["retry-after"]) >= 1
        job = server.call("POST", "/api/documents", files=[("files", ("a.md", b"Waiting pays."))]).json()
        assert server.call("GET", f"/api/jobs/{job['jobs'][0]['id']}").json()["state"] == "queued"
        server.call("DELETE", f"/api/jobs/{job['jobs'][0]['id']}")
        go.set()
        service_ready(server)
        answer = server.call("POST", "/api/ask", json={"question": "Is anyone there?"}).json()
        assert answer["refused"]
        assert answer["answer"] == "There are no documents yet. Add some, then ask again."
        assert server.call("POST", "/api/search", json={"query": "x"}).json()["hits"] == []
        assert server.call("GET", "/api/documents").json() == {
            "total": 0,
            "documents": [],
            "undated_left_out": 0,
        }


def service_ready(server: Server) -> None:
    deadline = time.monotonic() + 60
    while server.call("GET", "/api/status").json()["state"] == "loading":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        raise EmbeddingError("The weights are damaged: install them again.")

    with serving(Service(settings(tmp_path), opener=opener)) as server:
        service_ready(server)
        for response in (
            server.call("GET", "/api/health"),
            server.call("POST", "/api/ask", json={"question": "Why?"}),
            server.call("GET", "/api/documents"),
        ):
            assert problem(response, 503) == "The weights are damaged: install them again."
            assert "retry-after" not in response.headers
        job = server.call("POST", "/api/documents", files=[("files", ("a.md", b"Lost?"))]).json()["jobs"][0]
        assert server.finished(job["id"])["error"] == "The weights are damaged: install them again."


def test_a_reader_who_goes_stops_the_answer(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    class Endless(Assistant):
        told = 0
        stopped = threading.Event()

        def stream(self, *asked: Any, **more: Any) -> Iterator[Any]:
            try:
                while True:
                    self.told += 1
                    yield DeltaEvent(text="and so on ")
                    time.sleep(0.01)
            finally:
                self.stopped.set()

    held: list[Endless] = []

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        held.append(Endless(Index.open(chosen.data_dir, embedder, lock=lock), embedder))
        return held[0]

    with serving(Service(settings(tmp_path), opener=opener)) as server:
        service_ready(server)
        body = {"question": "Why?", "stream": True}
        with httpx.stream("POST", f"{server.url}/api/ask", json=body, trust_env=False) as response:
            next(response.iter_bytes())
        assert held[0].stopped.wait(60)
