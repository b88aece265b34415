"""Several servers behind nginx, as deploy/nginx.conf has it, on one Chroma server: any request may go to any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.chroma_server import Chroma, free_port
from tests.support.forked_command import ForkedCommand
from tests.support.nginx import nginx, nginx_program
from tests.support.server import Server, environment
from tests.support.waiting import wait_until

_START_SECONDS = 180.0


@dataclass
class ReplicaProcess:
    """An `assistant serve` that can be killed, and started again over its data folder at the same port."""

    folder: Path
    port: int
    settings: Mapping[str, str]
    key: str = ""
    process: ForkedCommand | None = None

    @property
    def server(self) -> Server:
        assert self.process
        return Server(f"http://127.0.0.1:{self.port}/assistant", self.folder / "data", self.process, self.key)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Its model is loaded later: see `ready`."""
        self.folder.mkdir(exist_ok=True)
        self.process = ForkedCommand(
            "assistant",
            *("serve", "--port", str(self.port)),
            folder=self.folder,
            environment=environment(ASSISTANT_DATA_DIR=str(self.folder / "data"), **self.settings),
            errors=self.folder / "errors.txt",
        )
        self.process.stdout.readline()

    def ready(self) -> bool:
        return self.server.call("GET", "/api/health", params={"ready": True}).is_success

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def errors(self) -> str:
        return (self.folder / "errors.txt").read_text("utf-8")


@dataclass
class Cluster:
    """The servers one by one, and ``front``, where nginx hands each request to the next of them."""

    replicas: list[ReplicaProcess] = field(default_factory=list)
    front: Server | None = None

    @property
    def servers(self) -> list[Server]:
        return [one.server for one in self.replicas if one.alive]

    @property
    def any(self) -> Server:
        assert self.front
        return self.front

    def start_dead(self) -> None:
        """Start those again that were killed."""
        for one in self.replicas:
            if not one.alive:
                one.start()
        for one in self.replicas:
            wait_until(one.ready, _START_SECONDS)


@contextmanager
def cluster(folder: Path, model: str, *, count: int = 3, key: str = "", **settings: str) -> Iterator[Cluster]:
    """``count`` servers on one Chroma; ``settings`` are those of all of them."""
    with Chroma(folder / "chroma", free_port()) as chroma, ExitStack() as stack:
        shared = {
            "ASSISTANT_CHROMA_URL": chroma.url,
            "ASSISTANT_EMBEDDING_MODEL": model,
            "ASSISTANT_ROOT_PATH": "/assistant",
            "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
            "OMP_NUM_THREADS": "1",
            **settings,
        }
        made = Cluster()
        for number in range(count):
            replica = ReplicaProcess(folder / f"replica{number}", free_port(), shared, key)
            replica.start()
            stack.callback(lambda one=replica: one.alive and one.kill())
            made.replicas.append(replica)
        for replica in made.replicas:
            wait_until(replica.ready, _START_SECONDS)
        program, front = nginx_program(), folder / "nginx"
        assert program, "nginx is missing: apt-get install nginx-light"
        front.mkdir()
        port = stack.enter_context(nginx(program, front, [replica.port for replica in made.replicas]))
        made.front = Server(f"http://127.0.0.1:{port}/assistant", folder, None, key)  # type: ignore[arg-type]
        wait_until(lambda: made.any.call("GET", "/api/health").is_success)
        yield made
