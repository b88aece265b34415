"""The HTTP API of a running server, and of servers in states that are hard to reach from outside."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import BaseModel

from assistant.api.schemas.answers import AnswerSchema, HitsSchema
from assistant.api.schemas.documents import DocumentSchema, JobSchema
from assistant.api.schemas.drafts import CheckedDraftSchema, ChecksSchema
from assistant.api.schemas.status import StatusSchema
from tests.support.server import Server, problem

QUESTION = "How many metres long was the old railway bridge at Remagen?"
ANSWER = {
    "question": str,
    "answer": str,
    "refused": bool,
    "mode": str,
    "model": type(None),
    "language": str,
    "statements": list,
    "citations": list,
    "nearest": list,
    "possible": list,
    "notice": str,
    "timings_ms": dict,
    "searched": list,
    "dropped": int,
    "usage": dict,
}


def ask(server: Server, question: str, **more: Any) -> dict[str, Any]:
    response = server.call("POST", "/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


# Asking


def test_an_answer_has_the_documented_shape(server: Server, bridge: str) -> None:
    answer = ask(server, QUESTION, documents=[bridge])
    assert {name: type(value) for name, value in answer.items()}.items() >= ANSWER.items()
    assert set(answer["statements"][0]) >= {"text", "citations", "supported", "reason"}
    names = "number quote document_id title source published page start end url translation"
    assert set(answer["citations"][0]) >= set(names.split())


def test_every_citation_is_the_text_at_its_offsets(server: Server, bridge: str) -> None:
    answer = ask(server, QUESTION, documents=[bridge])
    text = server.call("GET", f"/api/documents/{bridge}/text").json()["text"]
    assert any("325 metres" in citation["quote"] for citation in answer["citations"])
    for number, citation in enumerate(answer["citations"], 1):
        assert citation["number"] == number
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        version = server.call("GET", f"/api/documents/{bridge}/versions").json()["version"]
        assert citation["version"] == version
        place = f"start={citation['start']}&end={citation['end']}&version={version}"
        assert citation["url"].startswith(f"/documents/{bridge}?{place}&quote=")
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


def test_a_history_may_be_as_long_as_the_limits_allow(server: Server) -> None:
    turns = [{"question": "Why " * 1_000, "answer": "Because. " * 2_222}] * 20
    question = "And what did he say about it?"
    assert ask(server, question, history=turns)["searched"] == [question]


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
        ({}, "question: is missing"),
        ({"question": 5}, "question: must be a text"),
        ({"question": "Why?", "colour": "red"}, "colour: is not known here"),
        (
            {"question": "Why?", "published_from": "yesterday"},
            "published_from: must be a date, as in 2026-05-03",
        ),
        ({"question": "Why?", "history": [{"question": "Who?"}]}, "history.0.answer: "),
        ({"question": "Why?", "history": [{"question": "x" * 4_001, "answer": ""}]}, "history.0.question: "),
        (
            {"question": "Why?", "history": [{"question": "Who?", "answer": "x" * 20_001}]},
            "history.0.answer: ",
        ),
        ({"question": "Why?", "history": [{"question": "Who?", "answer": ""}] * 1_001}, "history: "),
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
        assert set(hit) >= {"document_id", "title", "source", "text", "start", "end", "page", "score"}
        assert text[hit["start"] : hit["end"]] == hit["text"]
    assert "limit" in problem(server.call("POST", "/api/search", json={"query": "x", "limit": 0}), 422)
    assert "empty" in problem(server.call("POST", "/api/search", json={"query": " "}), 422)


# Jobs, status, errors


def test_jobs_are_listed_and_finished_ones_stay(server: Server) -> None:
    (job,) = server.add(job_test="# Heron\n\nThe heron stands in the pond all day.")
    jobs = server.call("GET", "/api/jobs", params={"limit": 5}).json()["jobs"]
    assert job in jobs
    newest = server.call("GET", "/api/jobs", params={"limit": 1}).json()["jobs"]
    assert newest not in [
        server.call("GET", "/api/jobs", params={"limit": 1, "offset": 1}).json()["jobs"],
        [],
    ]
    done = server.call("GET", "/api/jobs", params={"state": "done", "limit": 1_000}).json()["jobs"]
    assert {one["state"] for one in done} == {"done"}
    assert "state" in problem(server.call("GET", "/api/jobs", params={"state": "lost"}), 422)
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
    assert status["embedding_model"] == "multilingual-e5-small"
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


@pytest.mark.parametrize(
    "shape",
    [AnswerSchema, HitsSchema, DocumentSchema, JobSchema, StatusSchema, CheckedDraftSchema, ChecksSchema],
)
def test_examples_have_the_shapes(shape: type[BaseModel]) -> None:
    (example,) = shape.model_json_schema()["examples"]
    assert shape.model_validate(example).model_dump(mode="json") == example


def test_the_api_is_described_without_the_internet(server: Server) -> None:
    paths = server.call("GET", "/openapi.json").json()["paths"]
    assert set(paths) >= {"/api/ask", "/api/search", "/api/documents", "/api/jobs/{job_id}", "/api/health"}
    page = server.call("GET", "/docs")
    assert page.status_code == 200
    assert all(path in page.text for path in paths)
    assert "<script" not in page.text
