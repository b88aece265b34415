"""The commands `assistant` and `ingest`, forked from a process that has imported what takes them ten seconds to import.

What is run is the command's own `main`, with an environment, a working folder, output and signals of its own; `test_wheel`,
`test_first_run` and some others start them anew, as people do.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

CONTEXT = multiprocessing.get_context("forkserver")
# All that a server with pages and its models import, and the command `ingest`: ten seconds of work.
CONTEXT.set_forkserver_preload(
    [
        "assistant.server.run",
        "assistant.web.mounting",
        "ingest.cli",
        "sentence_transformers",
        "chromadb.api.rust",
        "ingest.embedding.openvino_engine",
        "ingest.embedding.packed_tokenizer",
        "tests.support.forked_server",  # which comes last
    ]
)


class ForkedCommand:
    """A command that runs. It has those methods of `subprocess.Popen` that tests use; ``stdout`` is what it writes."""

    def __init__(
        self,
        name: str,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str],
        errors: Path,
        given: Path = Path(os.devnull),
    ) -> None:
        """Runs ``name`` in ``folder``; its standard error is added to the file ``errors``, its input is the file ``given``."""
        self.errors = errors
        here, there = CONTEXT.Pipe(duplex=False)
        self._process: ForkServerProcess = CONTEXT.Process(
            target=_run,
            args=(there, name, arguments, folder, dict(environment), errors, given),
            daemon=True,
        )
        self._process.start()
        there.close()
        self.stdout = os.fdopen(os.dup(here.fileno()), encoding="utf-8")
        here.close()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def completed(
    name: str, *arguments: str, environment: Mapping[str, str], given: bytes = b"", seconds: float = 120
) -> CompletedProcess[str]:
    """The command once it has ended, with what it has written."""
    with TemporaryDirectory() as folder:
        errors, input_file = Path(folder, "errors"), Path(folder, "input")
        errors.touch()
        input_file.write_bytes(given)
        process = ForkedCommand(
            name, *arguments, folder=Path.cwd(), environment=environment, errors=errors, given=input_file
        )
        with process.stdout as stdout:
            output = stdout.read()
        return CompletedProcess(arguments, process.wait(seconds), output, errors.read_text("utf-8"))


def _run(
    output: Connection,
    name: str,
    arguments: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    errors: Path,
    given: Path,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with given.open("rb") as input_file, errors.open("ab") as error_file:
        for file, descriptor in ((input_file, 0), (output, 1), (error_file, 2)):
            os.dup2(file.fileno(), descriptor)
    output.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    raise SystemExit(importlib.import_module(f"{name}.cli").main([*arguments]))
