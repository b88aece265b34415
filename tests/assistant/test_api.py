"""The HTTP API of a running server, and of servers in states that are hard to reach from outside."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from assistant.core import Assistant
from assistant.server.app import create_app
from assistant.service import Service
from assistant.settings import Settings
from ingest.embedding import SentenceTransformerEmbedder
from ingest.errors import EmbeddingError
from ingest.index import Index
from ingest.locking import FolderLock
from tests.conftest import Server

BRIDGE = """# The bridge of Remagen

The old railway bridge at Remagen was 325 metres long. Engineers finished it in August 1918 after two years.

Mayor Clara Vossberg called the surviving towers a monument to peace. A museum has been inside them since 1980.
"""
QUESTION = "How many metres long was the old railway bridge at Remagen?"
CHEESE = "# Käse\n\nDie Käserei Brunnmatt lagert 12.000 Laibe im Felsenkeller. Der Käser heißt Urs Ammann.\n"
ANSWER = {
    "question": str,
    "answer": str,
    "refused": bool,
    "mode": str,
    "model": type(None),
    "language": str,
    "statements": list,
    "citations": list,
    "timings_ms": dict,
}


@pytest.fixture(scope="module")
def bridge(server: Server) -> str:
    """The id of the document about the bridge."""
    (job,) = server.add(bridge=BRIDGE)
    assert job["state"] == "done", job
    return str(job["document_id"])


def ask(server: Server, question: str, **more: Any) -> dict[str, Any]:
    response = server.call("POST", "/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def problem(response: httpx.Response, status: int) -> str:
    """The detail of a problem, which every error must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    return str(body["detail"])


# Asking


def test_an_answer_has_the_documented_shape(server: Server, bridge: str) -> None:
    answer = ask(server, QUESTION, documents=[bridge])
    assert {name: type(value) for name, value in answer.items()} == ANSWER
    assert set(answer["statements"][0]) == {"text", "citations", "supported"}
    names = "number quote document_id title source published page start end url"
    assert set(answer["citations"][0]) == set(names.split())


def test_every_citation_is_the_text_at_its_offsets(server: Server, bridge: str) -> None:
    answer = ask(server, QUESTION, documents=[bridge])
    text = server.call("GET", f"/api/documents/{bridge}/text").json()["text"]
    assert any("325 metres" in citation["quote"] for citation in answer["citations"])
    for number, citation in enumerate(answer["citations"], 1):
        assert citation["number"] == number
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["url"] == f"/documents/{bridge}?start={citation['start']}&end={citation['end']}"
        assert f"[{number}]" in answer["answer"]


def test_a_citation_opens_the_source(server: Server, bridge: str) -> None:
    answer = ask(server, QUESTION, documents=[bridge])
    deadline = time.monotonic() + 60
    while (page := server.call("GET", answer["citations"][0]["url"])).headers.get("retry-after") == "1":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert page.status_code == 200
    assert "<mark" in page.text


def test_asking_with_history_and_dates(server: Server, bridge: str) -> None:
    turns = [{"question": "Who is mayor in Remagen?", "answer": "Clara Vossberg."}]
    answer = ask(server, "What did she say about the towers?", history=turns)
    assert answer["question"] == "What did she say about the towers?"
    refused = ask(server, QUESTION, documents=[bridge], published_from="2020-01-01")
    assert refused["refused"]
    assert refused["citations"] == []


def test_an_answer_streams(server: Server, bridge: str) -> None:
    body = {"question": QUESTION, "documents": [bridge], "stream": True}
    response = server.call("POST", "/api/ask", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [parsed(block) for block in response.text.strip().split("\n\n")]
    names = [name for name, _ in events]
    assert names[0] == "status"
    assert set(names) == {"status", "delta", "citation", "done"}
    assert names[-1] == "done"
    answer = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "delta") == answer["answer"]
    assert [data for name, data in events if name == "citation"] == answer["citations"]


def parsed(block: str) -> tuple[str, dict[str, Any]]:
    name, data = block.splitlines()
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("question", "says"), [("", "empty"), (" \n ", "empty"), ("x" * 20_000, "20,000 characters")]
)
def test_a_bad_question_is_refused(server: Server, question: str, says: str, stream: bool) -> None:
    response = server.call("POST", "/api/ask", json={"question": question, "stream": stream})
    assert says in problem(response, 422)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "question: Field required"),
        ({"question": 5}, "question: "),
        ({"question": "Why?", "colour": "red"}, "colour: "),
        ({"question": "Why?", "published_from": "yesterday"}, "published_from: "),
        ({"question": "Why?", "history": [{"question": "Who?"}]}, "history.0.answer: "),
        ([], "body: "),
    ],
)
def test_a_wrong_body_is_named(server: Server, body: Any, says: str) -> None:
    assert says in problem(server.call("POST", "/api/ask", json=body), 422)


def test_broken_and_endless_json(server: Server) -> None:
    headers = {"Content-Type": "application/json"}
    broken = server.call("POST", "/api/ask", content=b'{"question": ', headers=headers)
    assert "not valid JSON" in problem(broken, 400)
    endless = server.call("POST", "/api/ask", content=b'"' + b"x" * 3_000_000, headers=headers)
    assert "longer than" in problem(endless, 413)


def test_searching(server: Server, bridge: str) -> None:
    body = {"query": "museum in the towers", "limit": 3, "documents": [bridge]}
    hits = server.call("POST", "/api/search", json=body).json()["hits"]
    assert 1 <= len(hits) <= 3
    text = server.call("GET", f"/api/documents/{bridge}/text").json()["text"]
    for hit in hits:
        assert set(hit) == set("document_id title source text start end page score".split())
        assert text[hit["start"] : hit["end"]] == hit["text"]
    assert "limit" in problem(server.call("POST", "/api/search", json={"query": "x", "limit": 0}), 422)
    assert "empty" in problem(server.call("POST", "/api/search", json={"query": " "}), 422)


# Documents


def test_an_upload_is_added_unchanged_and_replaced(server: Server) -> None:
    (added,) = server.add(cheese=CHEESE)
    assert (added["state"], added["replaced"], added["progress"]) == ("done", False, 1.0)
    assert added["source"] == "cheese.md"
    assert added["title"] == "Käse"
    (same,) = server.add(cheese=CHEESE)
    assert (same["state"], same["document_id"]) == ("unchanged", added["document_id"])
    (other,) = server.add(cheese=CHEESE.replace("12.000", "15.000"))
    assert (other["state"], other["replaced"]) == ("done", True)
    assert other["document_id"] == added["document_id"]
    text = server.call("GET", f"/api/documents/{added['document_id']}/text").json()["text"]
    assert "15.000" in text
    assert "12.000" not in text


def test_several_files_each_fare_on_their_own(server: Server) -> None:
    files = [
        ("files", ("oak.txt", b"The oak of Ivenack is a thousand years old. It grows in Germany.")),
        ("files", ("photo.png", b"\x89PNG\r\n\x1a\n")),
        ("files", ("empty.md", b"")),
        ("files", ("lime.txt", b"The lime tree of Schenklengsfeld is even older than the oak.")),
    ]
    response = server.call("POST", "/api/documents", files=files)
    assert response.status_code == 202
    jobs = [server.finished(job["id"]) for job in response.json()["jobs"]]
    assert [job["state"] for job in jobs] == ["done", "failed", "failed", "done"]
    assert ".png cannot be read" in jobs[1]["error"]
    assert "is empty (0 bytes)" in jobs[2]["error"]
    assert [job["source"] for job in jobs] == ["oak.txt", "photo.png", "empty.md", "lime.txt"]


def test_the_catalogue_pages_and_filters(server: Server, bridge: str) -> None:
    server.add(page_one="# Alpha Zebra\n\nZebras graze.", page_two="# Beta Zebra\n\nZebras run.")
    found = server.call("GET", "/api/documents", params={"query": "zebra", "limit": 1}).json()
    assert found["total"] == 2
    assert [one["title"] for one in found["documents"]] == ["Beta Zebra"]
    rest = server.call("GET", "/api/documents", params={"query": "ZEBRA", "limit": 1, "offset": 1}).json()
    assert [one["title"] for one in rest["documents"]] == ["Alpha Zebra"]
    one = server.call("GET", f"/api/documents/{bridge}").json()
    assert (one["id"], one["title"], one["media_type"]) == (bridge, "The bridge of Remagen", "text/markdown")
    assert (one["language"], one["pages"], one["source"]) == ("en", None, "bridge.md")
    assert "offset" in problem(server.call("GET", "/api/documents", params={"offset": -1}), 422)


def test_an_original_comes_back_as_a_download(server: Server, bridge: str) -> None:
    response = server.call("GET", f"/api/documents/{bridge}/original")
    assert response.content == BRIDGE.encode()
    assert response.headers["content-disposition"] == 'attachment; filename="bridge.md"'
    assert response.headers["x-content-type-options"] == "nosniff"


def test_names_are_data(server: Server) -> None:
    name = '../..\\x"<script>\r\nSet-Cookie: a=b; .html'
    page = b"<html><body><h1>Title</h1><p>The script of the play was lost in 1640.</p></body></html>"
    jobs = server.call("POST", "/api/documents", files=[("files", (name, page))]).json()["jobs"]
    job = server.finished(jobs[0]["id"])
    assert job["state"] == "done", job
    assert not set("/\\\r\n") & set(job["source"])
    response = server.call("GET", f"/api/documents/{job['document_id']}/original")
    assert response.headers["content-disposition"].startswith("attachment; filename")
    assert response.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in response.headers


def test_removing(server: Server) -> None:
    text = "# Lighthouse\n\nThe lighthouse of Roter Sand was built in 1885. Its keeper was Ole Frisius."
    (job,) = server.add(lighthouse=text)
    path = f"/api/documents/{job['document_id']}"
    before = server.call("GET", "/api/status").json()
    originals = list(server.data.glob("originals/*/*.md"))
    assert server.call("DELETE", path).status_code == 204
    for gone in (path, f"{path}/text", f"{path}/original"):
        assert "no document" in problem(server.call("GET", gone), 404)
    assert "no document" in problem(server.call("DELETE", path), 404)
    after = server.call("GET", "/api/status").json()
    assert after["documents"] == before["documents"] - 1
    assert after["revision"] != before["revision"]
    assert len(list(server.data.glob("originals/*/*.md"))) == len(originals) - 1


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(server: Server) -> None:
    files = [("files", ("small.txt", b"A short text.")), ("files", ("big.txt", b"long " * 300_000))]
    response = server.call("POST", "/api/documents", files=files)
    assert "big.txt has more than the 1 MB allowed" in problem(response, 413)
    assert list(server.data.glob("uploads/*")) == []
    assert server.call("GET", "/api/documents", params={"query": "small.txt"}).json()["total"] == 0


def test_the_limit_holds_while_the_body_comes(server: Server) -> None:
    stored = 0

    def long() -> Iterator[bytes]:
        nonlocal stored
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
        for _ in range(20):
            yield b"x" * 1_000_000
            stored = max([stored, *(path.stat().st_size for path in server.data.glob("uploads/*"))])

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = server.call("POST", "/api/documents", content=long(), headers=headers)
    assert "1 MB" in problem(response, 413)
    assert stored <= 1_000_000
    assert list(server.data.glob("uploads/*")) == []


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        ({"content": b"hello", "headers": {"Content-Type": "text/plain"}}, 415, "multipart/form-data"),
        ({"files": [("other", (None, b"no file"))]}, 422, "no file"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "boundary"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400, "form"),
        ({"json": {"address": "https://example.org"}}, 422, "url"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, "JSON"),
    ],
)
def test_what_is_no_upload(server: Server, options: dict[str, Any], status: int, says: str) -> None:
    assert says in problem(server.call("POST", "/api/documents", **options), status)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "http://127.0.0.1:9/a", "http://169.254.169.254/latest", "nonsense"]
)
def test_a_url_that_must_not_be_fetched_fails_in_words(server: Server, url: str) -> None:
    jobs = server.call("POST", "/api/documents", json={"url": url}).json()["jobs"]
    job = server.finished(jobs[0]["id"])
    assert (job["state"], job["source"]) == ("failed", url)
    assert len(job["error"]) > 20


def test_only_the_owner_says_where_a_file_comes_from(server: Server) -> None:
    token = json.loads((server.data / "owner.json").read_text())["token"]
    files = [("files", ("a.md", b"# Otters\n\nOtters hold hands while they sleep."))]
    fields = {"source": "/nowhere/otters.md"}
    for headers in ({}, {"X-Owner-Token": "wrong"}, {"X-Owner-Token": ""}):
        response = server.call("POST", "/api/documents", files=files, data=fields, headers=headers)
        assert "ingest" in problem(response, 403)
    response = server.call(
        "POST", "/api/documents", files=files, data=fields, headers={"X-Owner-Token": token}
    )
    job = server.finished(response.json()["jobs"][0]["id"])
    assert (job["state"], job["source"]) == ("done", "/nowhere/otters.md")
    original = server.call("GET", f"/api/documents/{job['document_id']}/original")
    assert "not kept, or has been moved" in problem(original, 404)


# Jobs, status, errors


def test_jobs_are_listed_and_finished_ones_stay(server: Server) -> None:
    (job,) = server.add(job_test="# Heron\n\nThe heron stands in the pond all day.")
    jobs = server.call("GET", "/api/jobs", params={"limit": 5}).json()["jobs"]
    assert job in jobs
    cancelled = server.call("DELETE", f"/api/jobs/{job['id']}")
    assert cancelled.json() == job
    assert "no job" in problem(server.call("GET", "/api/jobs/nope"), 404)
    assert "no job" in problem(server.call("DELETE", "/api/jobs/nope"), 404)


def test_health_and_status(server: Server, bridge: str) -> None:
    assert server.call("GET", "/api/health").json() == {"status": "ok"}
    status = server.call("GET", "/api/status").json()
    assert status["state"] == "ready"
    assert status["documents"] >= 1
    assert status["passages"] >= status["documents"]
    assert status["embedding_model"] == "all-MiniLM-L6-v2"
    assert status["language_model"] is None
    assert status["revision"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nope", 404),
        ("POST", "/api/documents/x/y/z", 404),
        ("PUT", "/api/ask", 405),
        ("DELETE", "/api/documents", 405),
        ("GET", "/api/documents/0000000000000000", 404),
        ("GET", "/api/documents/..%2f..%2fetc%2fpasswd", 404),
    ],
)
def test_every_error_is_a_problem(server: Server, method: str, path: str, status: int) -> None:
    response = server.call(method, path)
    assert problem(response, status)
    assert "allow" in response.headers or status != 405


def test_the_api_is_described_without_the_internet(server: Server) -> None:
    paths = server.call("GET", "/openapi.json").json()["paths"]
    assert set(paths) >= {"/api/ask", "/api/search", "/api/documents", "/api/jobs/{job_id}", "/api/health"}
    page = server.call("GET", "/docs")
    assert page.status_code == 200
    assert all(path in page.text for path in paths)
    assert "<script" not in page.text


# Who may ask


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_a_page_of_another_site_changes_nothing(server: Server, origin: str) -> None:
    for method, path in (
        ("POST", "/api/ask"),
        ("DELETE", "/api/documents/x"),
        ("POST", "/gradio_api/upload"),
    ):
        assert "may not" in problem(server.call(method, path, headers={"Origin": origin}), 403)
    assert server.call("GET", "/api/health", headers={"Origin": origin}).status_code == 200


def test_a_page_of_this_site_does(server: Server) -> None:
    response = server.call("POST", "/api/search", json={"query": "bridge"}, headers={"Origin": server.url})
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers
    proxied = {"Origin": "https://chat.example.org", "X-Forwarded-Host": "chat.example.org"}
    assert server.call("POST", "/api/search", json={"query": "x"}, headers=proxied).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:1234", 200), ("127.0.0.1", 200), ("[::1]:7860", 200), ("evil.example", 403), ("", 403)],
)
def test_only_loopback_names_are_answered(server: Server, host: str, status: int) -> None:
    assert server.call("GET", "/api/health", headers={"Host": host}).status_code == status


def test_every_response_is_dressed(server: Server) -> None:
    for path in ("/", "/api/status", "/api/nope", "/docs"):
        headers = server.call("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors" in headers["content-security-policy"]


# States that pass


@contextmanager
def serving(service: Service) -> Iterator[Server]:
    """A server in this process, for states that a process would have to be caught in."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(service, service.settings, pages=False), log_level="critical")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Server(url, service.settings.data_dir, None)  # type: ignore[arg-type]  # it has no process
    finally:
        running.should_exit = True
        thread.join()
        service.close()


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", _env_file=None)


def test_while_it_loads_and_with_nothing_in_it(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    go = threading.Event()

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        go.wait(60)
        return Assistant(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

    with serving(Service(settings(tmp_path), opener=opener)) as server:
        assert server.call("GET", "/api/health").json() == {"status": "loading"}
        assert server.call("GET", "/api/status").json()["documents"] is None
        response = server.call("POST", "/api/ask", json={"question": "Is anyone there?"})
        assert "loading" in problem(response, 503)
        assert int(response.headers["retry-after"]) >= 1
        job = server.call("POST", "/api/documents", files=[("files", ("a.md", b"Waiting pays."))]).json()
        assert server.call("GET", f"/api/jobs/{job['jobs'][0]['id']}").json()["state"] == "queued"
        server.call("DELETE", f"/api/jobs/{job['jobs'][0]['id']}")
        go.set()
        service_ready(server)
        answer = ask(server, "Is anyone there?")
        assert answer["refused"]
        assert answer["answer"] == "There are no documents yet. Add some, then ask again."
        assert server.call("POST", "/api/search", json={"query": "x"}).json() == {"hits": []}
        assert server.call("GET", "/api/documents").json() == {"total": 0, "documents": []}


def service_ready(server: Server) -> None:
    deadline = time.monotonic() + 60
    while server.call("GET", "/api/status").json()["state"] == "loading":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        raise EmbeddingError("The weights are damaged: install them again.")

    with serving(Service(settings(tmp_path), opener=opener)) as server:
        service_ready(server)
        for response in (
            server.call("GET", "/api/health"),
            server.call("POST", "/api/ask", json={"question": "Why?"}),
            server.call("GET", "/api/documents"),
        ):
            assert problem(response, 503) == "The weights are damaged: install them again."
            assert "retry-after" not in response.headers
        job = server.call("POST", "/api/documents", files=[("files", ("a.md", b"Lost?"))]).json()["jobs"][0]
        assert server.finished(job["id"])["error"] == "The weights are damaged: install them again."


def test_a_reader_who_goes_stops_the_answer(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    class Endless(Assistant):
        told = 0
        stopped = threading.Event()

        def stream(self, *asked: Any) -> Iterator[Any]:
            from assistant.types import Delta

            try:
                while True:
                    self.told += 1
                    yield Delta(text="and so on ")
                    time.sleep(0.01)
            finally:
                self.stopped.set()

    held: list[Endless] = []

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        held.append(Endless(Index.open(chosen.data_dir, embedder, lock=lock), embedder))
        return held[0]

    with serving(Service(settings(tmp_path), opener=opener)) as server:
        service_ready(server)
        body = {"question": "Why?", "stream": True}
        with httpx.stream("POST", f"{server.url}/api/ask", json=body, trust_env=False) as response:
            next(response.iter_bytes())
        assert held[0].stopped.wait(10)
