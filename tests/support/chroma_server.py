"""A Chroma server in a process of its own, and articles for several servers on it."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.support.server import NO_TLS
from tests.support.waiting import wait_until

STORK = "# Storks of Linum\n\nThe stork Adele nests on the roof of the town hall of Linum."
WORDS = [
    "harbour",
    "bridge",
    "council",
    "election",
    "river",
    "school",
    "market",
    "street",
    "train",
    "rain",
    "opened",
    "closed",
    "praised",
    "built",
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Chroma:
    """A Chroma server that can be killed and started again on the same port and folder; one that runs, within ``with``."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        chroma = Path(sys.executable).with_name("chroma")
        command = [str(chroma), "run", "--path", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False, verify=NO_TLS).is_success
        except httpx.TransportError:
            return False
