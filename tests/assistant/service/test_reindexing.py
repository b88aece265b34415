"""A server changes its embedding model while it answers: resumed when killed, given up when asked, in step with every change."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from tests.support.chroma_server import STORK, WORDS, Chroma, free_port
from tests.support.forked import forked
from tests.support.server import Server
from tests.support.tiny_model import write_tiny_model
from tests.support.waiting import wait_until

QUESTION = "Where does the stork Adele nest?"
DOCUMENTS = 16


def article(chance: random.Random) -> str:
    sentences = (" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(60))
    return " ".join(sentences)


@dataclass(frozen=True)
class Folder:
    """A data folder and the two models that servers over it may be set to."""

    data: Path
    models: tuple[Path, Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Folder:
    path = tmp_path_factory.mktemp("reindexing")
    return Folder(path / "data", (tiny_model, write_tiny_model(path / "other", seed=1)))


def reindex(server: Server, method: str = "GET") -> dict[str, Any]:
    response = server.call(method, "/api/reindex")
    assert response.is_success, response.text
    return dict(response.json())


def quote(server: Server) -> str:
    answer = server.call("POST", "/api/ask", json={"question": QUESTION})
    assert answer.status_code == 200, answer.text
    citations = answer.json()["citations"]
    return str(citations[0]["quote"]) if citations else ""


def texts(server: Server) -> dict[str, str]:
    listed = server.call("GET", "/api/documents", params={"limit": 1000}).json()["documents"]
    assert len({one["source"] for one in listed}) == len(listed)
    return {
        one["source"]: server.call("GET", f"/api/documents/{one['id']}/text").json()["text"] for one in listed
    }


def collections(server: Server) -> set[str]:
    """The models of which there is something in the data folder."""
    derived = [*(server.data / "lexical").iterdir(), *(server.data / "stories").glob("*.sqlite3")]
    return {path.name.partition(".")[0] for path in derived}


def run_here(server: Server, model: Path, *arguments: str) -> int:
    """The command, set to a model, while the server has the folder."""
    settings = {"ASSISTANT_DATA_DIR": str(server.data), "ASSISTANT_EMBEDDING_MODEL": str(model)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        return main(arguments)


def test_everything_is_embedded_anew_while_the_server_answers(folder: Folder) -> None:
    first, second = folder.models
    chance = random.Random(3)
    expected = {f"article{n:02}.md": article(chance) for n in range(DOCUMENTS)}
    with forked(folder.data, first) as server:
        assert server.call("POST", "/api/reindex").status_code == 409
        server.add(stork=STORK, **{name.removesuffix(".md"): text for name, text in expected.items()})

    with forked(folder.data, second, kill=True) as server:  # the model that made the index still answers
        status = server.call("GET", "/api/status").json()
        assert status["embedding_model"] == str(first)
        assert "assistant reindex" in status["hint"]
        assert "town hall of Linum" in quote(server)
        assert reindex(server)["wanted"] == str(second)
        assert reindex(server, "POST")["state"] == "running"  # it loads the model first
        assert reindex(server, "DELETE")["state"] == "cancelled"
        assert "town hall of Linum" in quote(server)
        assert len(collections(server)) == 1
        assert reindex(server, "POST")["state"] in ("running", "switching")
        wait_until(lambda: reindex(server)["documents"] or reindex(server)["state"] == "done")

    with forked(folder.data, second) as server, ThreadPoolExecutor(1) as asking:
        stop: list[bool] = []

        def ask() -> set[str]:
            quotes = set()
            while not stop:
                quotes.add(quote(server))
            return quotes

        quotes = asking.submit(ask)
        changed = {name: article(chance) for name in list(expected)[:2]}
        server.add(**{name.removesuffix(".md"): text for name, text in changed.items()})
        gone = next(one for one in listed(server) if one["source"] == "article05.md")
        assert server.call("DELETE", f"/api/documents/{gone['id']}").status_code == 204
        wait_until(lambda: reindex(server)["state"] in ("done", "none"))
        wait_until(lambda: server.call("GET", "/api/status").json()["embedding_model"] == str(second))
        stop.append(True)
        assert all("town hall of Linum" in found for found in quotes.result())
        expected |= changed
        del expected["article05.md"]
        assert texts(server).items() >= expected.items()
        assert len(texts(server)) == len(expected) + 1
        assert server.call("GET", "/api/integrity").json()["whole"]
        wait_until(lambda: len(collections(server)) == 1)
        assert run_here(server, second, "reindex") == 0
        assert run_here(server, first, "reindex") == 1  # the server is set to the other


def listed(server: Server) -> list[dict[str, Any]]:
    return list(server.call("GET", "/api/documents", params={"limit": 1000}).json()["documents"])


def test_replicas_follow_the_switch_and_none_begins_it_twice(folder: Folder, tmp_path: Path) -> None:
    first, second = folder.models
    with ExitStack() as running:
        chroma = running.enter_context(Chroma(tmp_path / "chroma", free_port())).url
        with forked(tmp_path / "one", first, ASSISTANT_CHROMA_URL=chroma) as server:
            server.add(stork=STORK, **{f"article{n}": article(random.Random(n)) for n in range(6)})
        one, other = (
            running.enter_context(forked(tmp_path / name, second, ASSISTANT_CHROMA_URL=chroma))
            for name in ("one", "two")
        )
        assert "town hall of Linum" in quote(other)
        reindex(one, "POST")
        wait_until(lambda: reindex(other)["elsewhere"] or model_of(other) == str(second))
        reindex(other, "POST") if reindex(other)["elsewhere"] else None
        with ThreadPoolExecutor(1) as adding:
            late = adding.submit(other.add, late=STORK.replace("Adele", "Berta"))
            wait_until(lambda: model_of(one) == model_of(other) == str(second))
            assert late.result()[0]["state"] == "done"
        wait_until(lambda: texts(one) == texts(other))
        assert "late.md" in texts(one)
        assert "town hall of Linum" in quote(one)
        assert "town hall of Linum" in quote(other)
        assert one.call("GET", "/api/integrity").json()["whole"]


def model_of(server: Server) -> str:
    return str(server.call("GET", "/api/status").json()["embedding_model"])
