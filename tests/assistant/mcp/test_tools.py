"""The tools through a server whose language model takes its time, or whose queue is long."""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mcp

from assistant.core import Assistant
from assistant.http.streaming import MOST_THREADS
from assistant.service.service import Service
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from tests.assistant.service.test_worker import LAKE, Gated
from tests.support.language_model import Ramble, ScriptedModel, saying
from tests.support.server import Server, environment, in_a_loop, serving, wait_until_ready

QUESTION = "How long is the Ever Given?"


def test_the_model_stops_when_the_caller_of_a_tool_has_gone(
    generating_server: Server, scripted: ScriptedModel
) -> None:
    scripted.answer = saying("The Ever Given", Ramble())
    command = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp"],
        env=environment(ASSISTANT_DATA_DIR=str(generating_server.data)),
    )

    async def run() -> None:
        async with mcp.Client(command) as client:
            call = asyncio.create_task(client.call_tool("ask", {"question": QUESTION}))
            while not scripted.asked:
                await asyncio.sleep(0.05)
            assert not scripted.left.is_set()
            call.cancel()
            assert await asyncio.to_thread(scripted.left.wait, 60), "the model must see its connection closed"

    in_a_loop(run())


def added(server: Server, number: int) -> str:
    """Adds a document by the tool; its state when the tool returns."""
    call = {
        "jsonrpc": "2.0",
        "id": number,
        "method": "tools/call",
        "params": {
            "name": "add_document",
            "arguments": {"title": f"Note {number}", "text": f"{number}. {LAKE}"},
        },
    }
    headers = {"Accept": "application/json, text/event-stream"}
    response = server.call("POST", "/mcp", json=call, headers=headers)
    return str(response.json()["result"]["structuredContent"]["state"])


def test_questions_are_answered_while_many_documents_wait(
    tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    gated, many = Gated(tiny_embedder), MOST_THREADS + 4

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        return Assistant(Index.open(chosen.data_dir, gated, lock=lock), gated)

    settings = {"data_dir": tmp_path / "data", "rate_limit": 100_000, "at_once": 2 * many}
    service = Service(Settings.model_validate(settings), opener=opener)
    with ThreadPoolExecutor(many) as callers, serving(service) as server:
        wait_until_ready(server)
        server.add(lake=LAKE)
        gated.gate.clear()
        try:
            adding = [callers.submit(added, server, number) for number in range(many)]
            deadline = time.monotonic() + 60
            while len(server.call("GET", "/api/jobs?limit=1000").json()["jobs"]) < many + 1:
                assert time.monotonic() < deadline
                assert not any(one.done() for one in adding), "refused"
                time.sleep(0.05)
            question = {"question": "Do ferries cross it every day?"}
            answers = [server.call("POST", "/api/ask", json=question) for _ in range(3)]
            assert not any(one.done() for one in adding)
        finally:
            gated.gate.set()
        assert [answer.status_code for answer in answers] == [200] * 3
        assert all("every day" in answer.json()["answer"] for answer in answers)
        assert {one.result() for one in adding} == {"done"}
