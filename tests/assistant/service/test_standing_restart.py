"""A server process that is killed while documents arrive tells each answer once, and loses none."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support.forked_command import ForkedCommand
from tests.support.server import Server, environment, wait_until_ready
from tests.support.waiting import wait_until

QUESTION = "Where do the storks of Linum nest?"
YEARS = range(1901, 1909)


def said(year: int) -> str:
    return f"In {year} the storks of Linum nest on {year - 1890} chimneys."


def start(folder: Path, model: Path) -> Server:
    process = ForkedCommand(
        "assistant",
        *("serve", "--port", "0"),
        folder=folder,
        environment=environment(
            ASSISTANT_DATA_DIR=str(folder / "data"), ASSISTANT_EMBEDDING_MODEL=str(model)
        ),
        errors=Path(os.devnull),
    )
    line = process.stdout.readline()
    server = Server(next(word for word in line.split() if word.startswith("http")), folder / "data", process)
    wait_until_ready(server)
    return server


def end(server: Server) -> None:
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()


def quotes(server: Server, key: str) -> list[str]:
    return [one["quote"] for one in server.call("GET", f"/api/questions/{key}").json()["findings"]]


@pytest.mark.parametrize("delay", [0.2])
def test_killed_amid_what_arrives_a_server_tells_each_answer_once(
    tmp_path: Path, tiny_model: Path, delay: float
) -> None:
    server = start(tmp_path, tiny_model)
    try:
        kept = server.call("POST", "/api/questions", json={"question": QUESTION}).json()["id"]
        for half in (YEARS[:4], YEARS[4:]):
            files = [("files", (f"{year}.md", f"# {year}\n\n{said(year)}".encode())) for year in half]
            assert server.call("POST", "/api/documents", files=files).status_code == 202
            if half == YEARS[:4]:
                wait_until(partial(quotes, server, kept), 180)
                time.sleep(delay)
                os.kill(server.process.pid, signal.SIGKILL)
                end(server)
                server = start(tmp_path, tiny_model)

        def told() -> list[int]:
            every = quotes(server, kept)
            return [sum(said(year) in quote for quote in every) for year in YEARS]

        wait_until(lambda: all(told()), 180)
        assert told() == [1] * len(YEARS)
    finally:
        server.process.kill()
        end(server)
