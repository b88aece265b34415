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
from assistant.service import admission
from assistant.service.admission import Admission
from assistant.service.service import Service
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from tests.support.event_loops import run_apart
from tests.support.server import BRIDGE, PASSWORD, Server, problem, serving

QUESTION: dict[str, Any] = {"question": "Why?"}
ABOUT_THE_BRIDGE = {"question": "How long was the old railway bridge at Remagen?"}
MESSAGES: dict[str, Any] = {"model": "assistant", "messages": [{"role": "user", "content": "Why?"}]}
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
    questions: Admission
    asked: list[Any] = field(default_factory=list)

    def ask(
        self, times: int, path: str = "/api/ask", body: dict[str, Any] = QUESTION, **headers: str
    ) -> None:
        """Send so many questions and wait until each has begun, waits for its turn or is answered."""
        before = self._seen()
        for _ in range(times):
            self.asked.append(self.pool.submit(self._post, path, body, headers))
        self.wait(lambda: self._seen() == before + times)

    def _seen(self) -> int:
        return len(self.begun) + self.questions.waiting + len(self.answered())

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
def stalled(
    tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    # Whatever the machine is busy with, it is not for that that a question is refused.
    monkeypatch.setattr(admission, "LONGEST_WAIT", 600.0)

    @contextmanager
    def opened(questions: Admission | None = None, **settings: Any) -> Iterator[Stalled]:
        go, begun = threading.Event(), list[None]()

        class Slow(Assistant):
            def stream(self, question: str, *asked: Any, **more: Any) -> Iterator[Any]:
                if question == QUESTION["question"]:
                    begun.append(None)
                    go.wait(60)
                yield from super().stream(question, *asked, **more)

        def opener(chosen: Settings, lock: FolderLock) -> Assistant:
            return Slow(Index.open(chosen.data_dir, tiny_embedder, lock=lock), tiny_embedder)

        chosen = Settings.model_validate({"data_dir": tmp_path / "data", "rate_limit": 100_000, **settings})
        service = Service(chosen, opener=opener)
        service.questions = questions or service.questions
        with (
            ThreadPoolExecutor(MANY) as pool,
            serving(service) as server,
        ):
            while server.call("GET", "/api/health").json()["status"] == "loading":
                time.sleep(0.05)
            try:
                yield Stalled(server, go, begun, pool, service.questions)
            finally:
                go.set()

    return opened


def test_questions_beyond_what_can_be_answered_are_refused_at_once_and_the_rest_of_the_server_goes_on(
    stalled: Any,
) -> None:
    users = f"rita:reader:{PASSWORD}"
    questions = Admission(at_once=4, waiting=8)
    with stalled(questions=questions, api_keys=f"one:editor:{SECRET}", users=users, at_once=MANY) as busy:
        busy.ask(MANY, Authorization=f"Bearer {SECRET}")
        assert (len(busy.begun), questions.waiting) == (3, 8)  # one place is left for somebody else
        refused = busy.answered()
        assert len(refused) == MANY - 11
        for response in refused:
            assert "than can be answered in time" in problem(response, 503)
            assert int(response.headers["retry-after"]) >= 1
        assert busy.server.call("GET", "/api/health").status_code == 200
        signed_in = busy.server.call("POST", "/login", data={"name": "rita", "password": PASSWORD})
        assert signed_in.status_code == 303
        server = replace(busy.server, key=SECRET)
        assert server.call("GET", "/api/documents").status_code == 200
        server.add(bridge=BRIDGE)
        assert [response.status_code for response in busy.end()].count(200) == 11
        answer = server.call("POST", "/api/ask", json=ABOUT_THE_BRIDGE).json()
        assert "325 metres" in answer["answer"]
        assert questions.running == 0


def test_the_slow_questions_of_one_caller_keep_no_other_waiting(stalled: Any) -> None:
    keys = f"one:editor:{SECRET}, two:reader:{SECRET}-too"
    with stalled(questions=Admission(at_once=2), api_keys=keys, at_once=MANY) as busy:
        replace(busy.server, key=SECRET).add(bridge=BRIDGE)
        busy.ask(6, Authorization=f"Bearer {SECRET}")
        quick = replace(busy.server, key=f"{SECRET}-too").call("POST", "/api/ask", json=ABOUT_THE_BRIDGE)
        assert "325 metres" in quick.json()["answer"]
        assert busy.answered() == []
        assert [response.status_code for response in busy.end()] == [200] * 6


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


def test_each_door_refuses_before_it_sends_anything(stalled: Any) -> None:
    with stalled(questions=Admission(at_once=1, waiting=0)) as busy:
        busy.ask(1)
        for body in (QUESTION, {**QUESTION, "stream": True}):
            response = busy.server.call("POST", "/api/ask", json=body)
            assert "Ask again in" in problem(response, 503)
            assert int(response.headers["retry-after"]) >= 1
        for body in (MESSAGES, {**MESSAGES, "stream": True}):
            response = busy.server.call("POST", "/v1/chat/completions", json=body)
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) >= 1
            error = response.json()["error"]
            assert (error["type"], error["param"], error["code"]) == ("server_error", None, None)
            assert "Ask again in" in error["message"]
        for path in ("/api/sources", "/api/sources.csv"):
            response = busy.server.call("GET", path, params={"question": "Why?"})
            assert "Ask again in" in problem(response, 503)
            assert int(response.headers["retry-after"]) >= 1
        accept = {"Accept": "application/json, text/event-stream"}
        tool = busy.server.call("POST", "/mcp", json=CALL, headers=accept)
        assert '"isError":true' in tool.text.replace(" ", "")
        assert "Ask again in" in tool.text


def test_a_stream_says_that_others_come_first(stalled: Any) -> None:
    with stalled(questions=Admission(at_once=1)) as busy:
        busy.ask(1)
        address = f"{busy.server.url}/api/ask"
        with httpx.stream("POST", address, json={**QUESTION, "stream": True}, trust_env=False) as response:
            lines = response.iter_lines()
            assert (next(lines), next(lines)) == ("event: status", 'data: {"stage":"waiting"}')
            assert len(busy.begun) == 1
            busy.go.set()
            assert "event: done" in list(lines)


def test_who_leaves_while_others_come_first_waits_no_more(
    stalled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stalled(questions=Admission(at_once=1)) as busy:
        busy.ask(1)
        for path, body in (("/api/ask", QUESTION), ("/v1/chat/completions", MESSAGES)):
            address = f"{busy.server.url}{path}"
            with httpx.stream("POST", address, json={**body, "stream": True}, trust_env=False):
                assert busy.questions.waiting == 1
            busy.wait(lambda: busy.questions.waiting == 0)
        with monkeypatch.context() as patched:  # no thread is free for it
            patched.setattr(streaming, "_free_threads", threading.BoundedSemaphore(0))
            for path, body in (("/api/ask", QUESTION), ("/v1/chat/completions", MESSAGES)):
                for streams in (True, False):
                    response = busy.server.call("POST", path, json={**body, "stream": streams})
                    assert response.status_code == 503
            busy.wait(lambda: busy.questions.waiting == 0)
        address = f"{busy.server.url}/api/sources"
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(address, params={"question": "Why?"}, timeout=0.3, trust_env=False)
        busy.wait(lambda: busy.questions.waiting == 0)


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
