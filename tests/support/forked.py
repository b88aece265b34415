"""Servers in processes of their own that start in a second: forked from one that has imported what takes ten.

They have the whole API and no pages, and may be killed and started again over the same data folder.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.support.forked_command import CONTEXT
from tests.support.server import Server


def start(data: Path, model: Path | None, **settings: str) -> tuple[Server, ForkServerProcess]:
    """A server that answers, its model loaded; the default one where none is given."""
    here, there = CONTEXT.Pipe()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("ASSISTANT_")},
        "ASSISTANT_DATA_DIR": str(data),
        "ASSISTANT_EMBEDDING_MODEL": str(model or ""),
        **settings,
    }
    process = CONTEXT.Process(target=_serve, args=(there, environment), daemon=True)
    process.start()
    there.close()
    server = Server(here.recv(), data, None)  # type: ignore[arg-type]  # its process is given beside it
    here.close()
    deadline = time.monotonic() + 300
    while not server.call("GET", "/api/health", params={"ready": True}).is_success:
        status = server.call("GET", "/api/status")
        assert status.json().get("state") != "failed", status.text
        assert time.monotonic() < deadline, status.text
        time.sleep(0.05)
    return server, process


def end(process: ForkServerProcess, *, kill: bool) -> None:
    process.kill() if kill else process.terminate()
    process.join(60)
    assert process.exitcode is not None


@contextmanager
def forked(data: Path, model: Path, *, kill: bool = False, **settings: str) -> Iterator[Server]:
    """A server until the end of the context, where it is stopped or killed."""
    server, process = start(data, model, **settings)
    try:
        yield server
    finally:
        end(process, kill=kill)


def ingest(data: Path, *arguments: str) -> int:
    """The command `ingest` in a process of its own; its exit status."""
    process = CONTEXT.Process(target=_ingest, args=(data, arguments), daemon=True)
    process.start()
    process.join()
    return int(process.exitcode or 0)


def _ingest(data: Path, arguments: tuple[str, ...]) -> None:
    from ingest.cli import main

    os.environ["ASSISTANT_DATA_DIR"] = str(data)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    raise SystemExit(main([*arguments]))


def _serve(told: Connection, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    log = Path(environment["ASSISTANT_DATA_DIR"]).with_suffix(".log")
    with log.open("a") as errors:  # what reads files complains when the server is killed
        os.dup2(errors.fileno(), 2)
    from tests.support.forked_server import serve

    serve(told)
