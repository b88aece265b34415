"""Half a character, as where a program cuts a text within an emoji, makes no error; and what a stream's error says."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.core import Assistant
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import StatusEvent, Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from tests.support.server import BRIDGE, Server, serving, wait_until_ready

HALF = "\\ud83d"  # as JSON writes it
QUESTION = f"How long was the bridge at Remagen? {HALF}"
INNER = "TextEncodeInput must be Union"
MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
JSON = {"Content-Type": "application/json"}


class Broken(Assistant):
    """An assistant with a mistake in it, which nobody has foreseen."""

    def stream(self, *asked: Any, **more: Any) -> Generator[Any, None, None]:
        yield StatusEvent(stage="searching")
        raise TypeError(INNER)


def served(kind: type[Assistant], folder: Path, embedder: SentenceTransformerEmbedder) -> Iterator[Server]:
    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        return kind(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

    with serving(Service(Settings.model_validate({"data_dir": folder / "data"}), opener=opener)) as server:
        wait_until_ready(server)
        yield server


@pytest.fixture(scope="module")
def bridge(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Server]:
    for server in served(Assistant, tmp_path_factory.mktemp("halves"), embedder):
        server.add(bridge=BRIDGE)
        yield server


@pytest.fixture(scope="module")
def broken(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Server]:
    yield from served(Broken, tmp_path_factory.mktemp("broken"), embedder)


def whole(text: str) -> bool:
    return "\ufffd" in text and HALF not in text


@pytest.mark.parametrize("stream", ["false", "true"])
def test_a_question_is_answered(bridge: Server, stream: str) -> None:
    body = f'{{"question": "{QUESTION}", "history": [{{"question": "{HALF}", "answer": "x{HALF}"}}], "stream": {stream}}}'
    response = bridge.call("POST", "/api/ask", content=body, headers=JSON)
    assert response.status_code == 200
    assert "error" not in response.text
    assert '"answer":' in response.text
    assert whole(response.text)


def test_passages_are_found_among_documents_that_there_are_not(bridge: Server) -> None:
    body = f'{{"query": "{QUESTION}", "documents": ["{HALF}"]}}'
    response = bridge.call("POST", "/api/search", content=body, headers=JSON)
    assert (response.status_code, response.json()) == (200, {"hits": [], "undated_left_out": 0})
    response = bridge.call("POST", "/api/search", content=f'{{"query": "{QUESTION}"}}', headers=JSON)
    assert response.json()["hits"]


@pytest.mark.parametrize("stream", ["false", "true"])
def test_chat_completions_are_given(bridge: Server, stream: str) -> None:
    messages = (
        f'[{{"role": "system", "content": "{HALF}"}}, {{"role": "user", "content": "Remagen {HALF}"}}, '
        f'{{"role": "assistant", "content": "{HALF}"}}, {{"role": "user", "content": [{{"type": "text", "text": "{QUESTION}"}}]}}]'
    )
    body = f'{{"model": "assistant", "messages": {messages}, "stream": {stream}, "stream_options": {{"include_usage": true}}}}'
    response = bridge.call("POST", "/v1/chat/completions", content=body, headers=JSON)
    assert response.status_code == 200
    assert '"error"' not in response.text
    assert '"usage"' in response.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/documents", f'{{"url": "http://example.org/{HALF}"}}'),
        ("/api/ask", f'{{"{HALF}": "Why?"}}'),
        ("/v1/chat/completions", f'{{"model": "{HALF}", "messages": [{{"role": "user", "content": "x"}}]}}'),
        (
            "/v1/chat/completions",
            f'{{"model": "assistant", "messages": [{{"role": "{HALF}", "content": "x"}}]}}',
        ),
        ("/api/ask", '{"question": ' + "[" * 500 + "]" * 500 + "}"),
    ],
)
def test_where_it_cannot_be_meant_the_request_is_refused(bridge: Server, path: str, body: str) -> None:
    response = bridge.call("POST", path, content=body, headers=JSON)
    assert 400 <= response.status_code < 500
    assert response.json()["request_id"]


def test_a_file_keeps_what_of_its_name_is_text(bridge: Server) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="files"; filename="bad\xed\xa0\xbd.md"\r\n\r\nWords.\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = bridge.call("POST", "/api/documents", content=part, headers=headers)
    assert response.status_code == 202
    assert bridge.finished(response.json()["jobs"][0]["id"])["state"] == "done"


@pytest.mark.parametrize("tool", ["ask", "search", "list_documents"])
def test_tools_say_what_is_wrong_or_answer(bridge: Server, tool: str) -> None:
    name = "question" if tool == "ask" else "query"
    arguments = f'{{"{name}": "{QUESTION}"}}'
    call = f'{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {{"name": "{tool}", "arguments": {arguments}}}}}'
    response = bridge.call("POST", "/mcp", content=call, headers=MCP)
    assert response.status_code < 500
    assert "Something went wrong" not in response.text


def test_a_question_from_python_may_have_one(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    index = Index.open(tmp_path, embedder)
    try:
        assistant = Assistant(index, embedder)
        turns = [Turn(question="Why \ud83d", answer="So \udc80")]
        assert assistant.ask("How long was it? \ud83d", turns).question == "How long was it? \ufffd"
    finally:
        index.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", {"question": "Why?", "stream": True}),
        ("/v1/chat/completions", {"model": "assistant", "messages": [{"role": "user", "content": "Why?"}], "stream": True}),
    ],
)  # fmt: skip
def test_the_error_of_a_stream_says_nothing_internal_and_has_the_id_of_its_request(
    broken: Server, path: str, body: dict[str, Any]
) -> None:
    response = broken.call("POST", path, json=body, headers={"X-Request-ID": "mine-1"})
    assert response.status_code == 200
    assert INNER not in response.text
    last = json.loads(response.text.rstrip().rpartition("data: ")[2])
    assert last["request_id"] == response.headers["x-request-id"] == "mine-1"
    assert "The server's log says more." in json.dumps(last)
