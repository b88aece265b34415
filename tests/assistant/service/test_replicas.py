"""Several servers on one Chroma server behave as one, whichever of them is killed, and when."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from ingest.store.changes import GRACE, Changes
from ingest.store.chroma import store_in_use
from ingest.store.chroma_client import server_client
from tests.support.chroma_server import STORK, WORDS, Chroma, free_port
from tests.support.forked_command import ForkedCommand
from tests.support.server import Server, environment, problem
from tests.support.waiting import wait_until

SECONDS = 30.0  # that a replica gets to see what another has done; it takes about one


def eventually(holds: Callable[[], object], seconds: float = SECONDS) -> None:
    wait_until(holds, seconds)


@dataclass
class Replica:
    """An `assistant serve` on that Chroma that can be killed and started again."""

    folder: Path
    chroma: Chroma
    model: Path
    errors: IO[str]
    server: Server | None = None

    def start(self) -> None:
        """It answers; its model may still be loading."""
        self.folder.mkdir(exist_ok=True)
        settings = {
            "ASSISTANT_DATA_DIR": str(self.folder / "data"),
            "ASSISTANT_CHROMA_URL": self.chroma.url,
            "ASSISTANT_EMBEDDING_MODEL": str(self.model),
            "OMP_NUM_THREADS": "1",
        }
        process = ForkedCommand(
            "assistant",
            *("serve", "--port", "0"),
            folder=self.folder,
            environment=environment(**settings),
            errors=Path(self.errors.name),
        )
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http"))
        self.server = Server(url, self.folder / "data", process)

    def kill(self) -> None:
        process = self.now.process
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()

    @property
    def now(self) -> Server:
        assert self.server
        return self.server

    def ready(self) -> bool:
        return self.now.call("GET", "/api/health", params={"ready": True}).is_success

    def places(self, query: str) -> list[str]:
        """What is found word for word."""
        found = self.now.call("GET", "/api/search", params={"query": query}).json()
        return [hit["text"] for hit in found["hits"]]

    def texts(self) -> dict[str, str]:
        """Every document's text by its source; each source once, each text whole."""
        listed, again = self.listed(), list[dict[str, Any]]()
        texts: dict[str, str] = {}
        while listed != again:  # it may follow the other just now
            again, texts = listed, {one["source"]: self.text(one["id"]) for one in listed}
            listed = self.listed()
        assert len(texts) == len(listed)
        assert {one["source"]: one["characters"] for one in listed} == {
            source: len(text) for source, text in texts.items()
        }
        return texts

    def listed(self) -> list[dict[str, Any]]:
        return list(self.now.call("GET", "/api/documents", params={"limit": 1000}).json()["documents"])

    def text(self, document_id: str) -> str:
        return str(self.now.call("GET", f"/api/documents/{document_id}/text").json().get("text"))

    def quotes(self, question: str) -> str:
        """What it quotes first; empty where it refuses."""
        citations = self.now.call("POST", "/api/ask", json={"question": question}).json()["citations"]
        return str(citations[0]["quote"]) if citations else ""


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    with Chroma(tmp_path_factory.mktemp("chroma"), free_port()) as chroma:
        yield chroma


@pytest.fixture(scope="module")
def pair(
    chroma: Chroma, tmp_path_factory: pytest.TempPathFactory, tiny_model: Path
) -> Iterator[tuple[Replica, Replica]]:
    folder = tmp_path_factory.mktemp("replicas")
    with ExitStack() as stack:
        errors = [stack.enter_context((folder / f"{name}.txt").open("w+")) for name in "ab"]
        one, other = (
            Replica(folder / name, chroma, tiny_model, file) for name, file in zip("ab", errors, strict=True)
        )
        for replica in (one, other):
            replica.start()
        eventually(lambda: one.ready() and other.ready(), 120)
        yield one, other
        for replica in (one, other):
            replica.kill()
        for file in errors:
            file.seek(0)
            assert "Traceback" not in file.read()


def in_step(one: Replica, other: Replica) -> None:
    """Both have the same documents, whole."""
    eventually(lambda: one.texts() == other.texts())


def test_what_one_is_given_the_other_answers_from(pair: tuple[Replica, Replica]) -> None:
    one, other = pair
    (job,) = one.now.add(stork=STORK)
    question = "Where does the stork Adele nest?"
    eventually(lambda: "town hall of Linum" in other.quotes(question))
    document = job["document_id"]
    assert other.now.call("GET", f"/documents/{document}").status_code == 200
    assert other.places('"stork Adele nests"') == ["stork Adele nests"]
    changed = STORK.replace("town hall", "old mill")
    other.now.add(stork=changed)
    eventually(lambda: "old mill of Linum" in one.quotes(question))
    assert (one.places('"town hall"'), one.places('"old mill"')) == ([], ["old mill"])
    assert other.now.call("DELETE", f"/api/documents/{document}").status_code == 204
    eventually(lambda: "Linum" not in one.quotes(question))
    assert "There is no document" in problem(one.now.call("GET", f"/api/documents/{document}"), 404)
    eventually(lambda: not list((one.now.data / "originals").rglob("*.md")))  # nor what it was made of


def test_both_given_the_same_at_once_have_it_once(pair: tuple[Replica, Replica]) -> None:
    one, other = pair
    chance = random.Random(5)
    for round_ in range(2):
        names = [f"article{round_}-{number}" for number in range(6)]
        same = {name: article(chance) for name in names}
        theirs = {name: article(chance) if number % 2 else same[name] for number, name in enumerate(names)}
        with ThreadPoolExecutor(2) as both:
            jobs = [both.submit(one.now.add, **same), both.submit(other.now.add, **theirs)]
            assert {job["state"] for added in jobs for job in added.result()} <= {"done", "unchanged"}
        in_step(one, other)
        found = one.texts()
        for name in names:
            assert found[f"{name}.md"] in (same[name], theirs[name])


def article(chance: random.Random) -> str:
    sentences = (" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(60))
    return " ".join(sentences)


def test_answers_go_on_while_the_other_changes_what_is_asked_about(pair: tuple[Replica, Replica]) -> None:
    one, other = pair
    question = "Where does the stork Adele nest?"
    places = ["town hall", "old mill", "church tower"]
    one.now.add(stork=STORK)
    with ThreadPoolExecutor(2) as asking:
        stop: list[bool] = []

        def ask() -> set[str]:
            seen = set()
            while not stop:
                answer = one.now.call("POST", "/api/ask", json={"question": question})
                assert answer.status_code == 200, answer.text
                seen |= {citation["quote"] for citation in answer.json()["citations"]}
            return seen

        answers = asking.submit(ask)
        for place in places * 2:
            (job,) = other.now.add(stork=STORK.replace("town hall", place))
        other.now.call("DELETE", f"/api/documents/{job['document_id']}")
        eventually(lambda: "Linum" not in one.quotes(question))
        stop.append(True)
        assert answers.result()
        assert all(
            any(place in quote for place in places) or "Adele" not in quote for quote in answers.result()
        )


def test_one_and_chroma_are_killed_and_come_back(pair: tuple[Replica, Replica], chroma: Chroma) -> None:
    one, other = pair
    chance = random.Random(7)
    texts = {f"killed{number:02}.md": article(chance) for number in range(24)}
    changed = {name: article(chance) for name in list(texts)[:3]}
    files = [("files", (name, text.encode())) for name, text in texts.items()]
    assert one.now.call("POST", "/api/documents", files=files).status_code == 202
    eventually(lambda: any(job["state"] != "queued" for job in jobs(one)))
    time.sleep(chance.uniform(0, 1))
    one.kill()
    # The other works on, and has nothing by halves.
    other.now.add(stork=STORK, **{name.removesuffix(".md"): text for name, text in changed.items()})
    before = other.texts()
    assert before["stork.md"].endswith("the town hall of Linum.")
    assert {name: before[name] for name in changed} == changed

    chroma.kill()
    detail = problem(other.now.call("POST", "/api/ask", json={"question": "Where does Adele nest?"}), 503)
    assert "ASSISTANT_CHROMA_URL" in detail
    assert other.now.call("GET", "/").status_code == 200
    eventually(lambda: "does not answer" in status(other)["message"])
    assert status(other)["state"] == "ready"
    (job,) = other.now.add(late=STORK.replace("Adele", "Berta"))
    assert job["state"] == "failed"
    assert "does not answer" in job["error"]
    one.start()  # who may use it, it cannot know: it says so and waits
    shown = one.now.call("GET", "/", headers={"Accept": "text/html"})
    assert (shown.status_code, "does not answer" in shown.text) == (503, True)
    assert "ASSISTANT_CHROMA_URL" in problem(one.now.call("GET", "/api/status"), 503)
    assert one.now.call("GET", "/api/health").json() == {"status": "loading"}

    chroma.start()
    eventually(one.ready, 120)
    eventually(lambda: not status(other)["message"])
    eventually(lambda: all(job["state"] in ("done", "unchanged") for job in jobs(one)), 120)
    in_step(one, other)
    found = other.texts()
    assert found.items() >= {name: text for name, text in texts.items() if name not in changed}.items()
    assert all(found[name] in (texts[name], changed[name]) for name in changed)
    other.now.add(late=STORK.replace("Adele", "Berta"))
    eventually(lambda: "Berta" in one.quotes("Where does the stork Berta nest?"))


def jobs(replica: Replica) -> list[dict[str, Any]]:
    return list(replica.now.call("GET", "/api/jobs").json()["jobs"])


def status(replica: Replica) -> dict[str, Any]:
    return dict(replica.now.call("GET", "/api/status").json())


def test_what_all_of_that_left_behind_is_swept(pair: tuple[Replica, Replica], chroma: Chroma) -> None:
    one, other = pair
    in_step(one, other)
    store = store_in_use(server_client(chroma.url))
    assert store
    Changes(store, "a passer-by", shared=True, clock=lambda: time.time() + GRACE).sweep()
    assert store.state.intents() == []
    records = store.records()
    assert (
        len(list(store.passage_ids()))
        == sum(record.passages for record in records)
        == status(one)["passages"]
    )
    assert len({record.source for record in records}) == len(records)
