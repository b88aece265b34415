"""While a language model is slow: who waits, who is refused, and what answers all the same."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.core import Assistant
from assistant.http import streaming
from assistant.http.streaming import MOST_THREADS
from assistant.service.service import Service
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from tests.support.event_loops import run_apart
from tests.support.server import PASSWORD, Server, problem, serving

QUESTION = {"question": "Why?"}
MESSAGES = {"model": "assistant", "messages": [{"role": "user", "content": "Why?"}]}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": "Why?"}},
}
SECRET = "a-secret-of-more-than-twenty-letters"  # noqa: S105  # made up
MANY = 45  # more than the threads that all routes share


@dataclass
class Stalled:
    """A server whose questions do not end before ``go`` is set; ``begun`` has an item for each that has begun."""

    server: Server
    go: threading.Event
    begun: list[None]
    pool: ThreadPoolExecutor
    asked: list[Any] = field(default_factory=list)

    def ask(
        self, times: int, path: str = "/api/ask", body: dict[str, Any] = QUESTION, **headers: str
    ) -> None:
        """Send so many questions and wait until each has begun or is answered."""
        before = len(self.begun) + len(self.answered())
        for _ in range(times):
            self.asked.append(self.pool.submit(self._post, path, body, headers))
        self.wait(lambda: len(self.begun) + len(self.answered()) == before + times)

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        accept = {"Accept": "application/json, text/event-stream"}
        return self.server.call("POST", path, json=body, headers={**accept, **headers})

    def answered(self) -> list[httpx.Response]:
        return [future.result() for future in self.asked if future.done()]

    def wait(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not until():
            assert time.monotonic() < deadline, (len(self.begun), self.answered())
            time.sleep(0.02)

    def end(self) -> list[httpx.Response]:
        """Let the questions go on; every response."""
        self.go.set()
        return [future.result() for future in self.asked]


@pytest.fixture
def stalled(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> Callable[..., Any]:
    @contextmanager
    def opened(**settings: Any) -> Iterator[Stalled]:
        go, begun = threading.Event(), list[None]()

        class Slow(Assistant):
            def stream(self, *asked: Any, **more: Any) -> Iterator[Any]:
                begun.append(None)
                go.wait(60)
                yield from super().stream(*asked, **more)

        def opener(chosen: Settings, lock: FolderLock) -> Assistant:
            return Slow(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

        chosen = Settings.model_validate({"data_dir": tmp_path / "data", "rate_limit": 100_000, **settings})
        with (
            ThreadPoolExecutor(MANY) as pool,
            serving(Service(chosen, opener=opener)) as server,
        ):
            while server.call("GET", "/api/health").json()["status"] == "loading":
                time.sleep(0.05)
            try:
                yield Stalled(server, go, begun, pool)
            finally:
                go.set()

    return opened


def test_slow_questions_leave_the_rest_of_the_server_alone(stalled: Any) -> None:
    users = f"rita:reader:{PASSWORD}"
    with stalled(api_keys=f"one:reader:{SECRET}", users=users, at_once=MANY) as busy:
        busy.ask(MANY, Authorization=f"Bearer {SECRET}")
        assert len(busy.begun) == MOST_THREADS
        refused = busy.answered()
        assert len(refused) == MANY - MOST_THREADS
        for response in refused:
            assert "questions already" in problem(response, 503)
            assert int(response.headers["retry-after"]) >= 1
        assert busy.server.call("GET", "/api/health").status_code == 200
        signed_in = busy.server.call("POST", "/login", data={"name": "rita", "password": PASSWORD})
        assert signed_in.status_code == 303
        assert replace(busy.server, key=SECRET).call("GET", "/api/documents").status_code == 200
        assert [response.status_code for response in busy.end()].count(200) == MOST_THREADS


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", QUESTION),
        ("/api/ask", {**QUESTION, "stream": True}),
        ("/v1/chat/completions", MESSAGES),
        ("/v1/chat/completions", {**MESSAGES, "stream": True}),
        ("/mcp", CALL),
    ],
    ids=["ask", "ask, streamed", "chat", "chat, streamed", "mcp"],
)
def test_where_nobody_signs_in_an_address_has_its_limit(
    stalled: Any, path: str, body: dict[str, Any]
) -> None:
    with stalled(at_once=2) as busy:
        busy.ask(2, path, body)
        busy.ask(1, path, body)
        (refused,) = busy.answered()
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "1"
        assert busy.server.call("GET", "/api/documents").status_code == 200
        assert sorted(response.status_code for response in busy.end()) == [200, 200, 429]


def test_all_sessions_of_a_user_have_one_limit(stalled: Any) -> None:
    users = f"rita:reader:{PASSWORD}, eddi:editor:{PASSWORD}"

    def session(name: str) -> str:
        response = busy.server.call("POST", "/login", data={"name": name, "password": PASSWORD})
        return str(response.headers["set-cookie"].partition(";")[0])

    with stalled(users=users, at_once=1) as busy:
        busy.ask(1, Cookie=session("rita"))
        busy.ask(1, Cookie=session("rita"))
        busy.ask(1, Cookie=session("eddi"))
        (refused,) = busy.answered()
        assert "at the same time" in problem(refused, 429)
        assert len(busy.begun) == 2
        assert sorted(response.status_code for response in busy.end()) == [200, 200, 429]


def test_a_client_that_leaves_a_stream_has_its_place_back_when_the_answer_has_stopped(stalled: Any) -> None:
    with stalled(at_once=1) as busy:
        with httpx.stream(
            "POST", f"{busy.server.url}/api/ask", json={**QUESTION, "stream": True}, trust_env=False
        ):
            busy.wait(lambda: len(busy.begun) == 1)
        time.sleep(1)  # time for the server to see that the client has left
        busy.ask(1)
        assert [response.status_code for response in busy.answered()] == [429]
        busy.go.set()
        busy.wait(lambda: busy.server.call("POST", "/api/ask", json=QUESTION).status_code == 200)


def test_an_answer_stops_also_for_a_client_that_has_left_before_it_began() -> None:
    stopped = threading.Event()

    def items() -> Iterator[str]:
        try:
            while True:
                yield "more"
                time.sleep(0.01)
        finally:
            stopped.set()

    async def disconnect() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        await asyncio.sleep(0.1)

    async def respond() -> None:
        response = streaming.respond(items(), str)
        await response({"type": "http", "asgi": {"spec_version": "2.3"}}, disconnect, send)
        assert await asyncio.to_thread(stopped.wait, 60)

    run_apart(respond())
