"""A server changes its embedding model while it answers: resumed when killed, given up when asked, in step with every change."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.store.chroma_client import local_client
from tests.support.forked import forked
from tests.support.server import Server
from tests.support.tiny_model import write_tiny_model

STORK = "# Storks of Linum\n\nThe stork Adele nests on the roof of the town hall of Linum."
QUESTION = "Where does the stork Adele nest?"
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


def eventually(holds: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


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


def collections(data: Path) -> set[str]:
    client = local_client(data / "chroma")
    try:
        return {collection.name for collection in client.list_collections()}
    finally:
        client.close()


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
        assert reindex(server, "POST")["state"] in ("running", "switching")
        eventually(lambda: reindex(server)["documents"] or reindex(server)["state"] == "done")

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
        eventually(lambda: reindex(server)["state"] in ("done", "none"))
        eventually(lambda: server.call("GET", "/api/status").json()["embedding_model"] == str(second))
        stop.append(True)
        assert all("town hall of Linum" in found for found in quotes.result())
        expected |= changed
        del expected["article05.md"]
        assert texts(server).items() >= expected.items()
        assert len(texts(server)) == len(expected) + 1
        assert server.call("GET", "/api/integrity").json()["whole"]
        eventually(lambda: len(list((server.data / "lexical").iterdir())) == 1)
    assert len(collections(server.data)) == 4


def listed(server: Server) -> list[dict[str, Any]]:
    return list(server.call("GET", "/api/documents", params={"limit": 1000}).json()["documents"])
