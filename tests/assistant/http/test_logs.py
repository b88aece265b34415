"""What a server tells those who run it: ids of requests, numbers, logs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.support.server import KEYS, Server, problem
from tests.support.waiting import wait_until

QUESTION = "How many metres long was the old railway bridge at Remagen?"


def test_a_request_keeps_the_id_it_came_with(guarded: Server) -> None:
    for path in ("/api/health", "/api/nope", "/login", "/api/documents/x"):
        response = guarded.call("GET", path, headers={"X-Request-ID": "from-the-proxy:1"})
        assert response.headers["x-request-id"] == "from-the-proxy:1"
    assert response.json()["request_id"] == "from-the-proxy:1"
    refused = replace(guarded, key="").call("GET", "/api/status")
    assert problem(refused, 401)
    assert refused.json()["request_id"] == refused.headers["x-request-id"]


@pytest.mark.parametrize("sent", ["", "two words", "x" * 65, "a;b"])
def test_an_id_that_is_none_is_replaced(guarded: Server, sent: str) -> None:
    given = guarded.call("GET", "/api/health", headers={"X-Request-ID": sent}).headers["x-request-id"]
    assert given != sent
    assert len(given) == 32


def metrics(server: Server) -> dict[str, float]:
    response = server.call("GET", "/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_what_happens_is_counted(guarded: Server) -> None:
    before = metrics(guarded)
    assert before["assistant_ready"] == 1
    assert before["assistant_documents"] >= 1
    assert before['assistant_jobs{state="done"}'] >= 1
    guarded.call("POST", "/api/ask", json={"question": QUESTION})
    guarded.call("POST", "/api/ask", json={"question": QUESTION, "published_from": "2020-01-01"})
    for name in ("a", "b", "c"):
        guarded.call("GET", f"/api/documents/{name}")
        guarded.call("GET", f"/{name}/nowhere")
    after = metrics(guarded)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more('assistant_questions_total{mode="quoted"}') == 2
    assert more("assistant_refusals_total") == 1
    assert more("assistant_question_seconds_count") == 2
    route = 'method="GET",route="/api/documents/{document_id}",status="404"'
    assert more(f"assistant_requests_total{{{route}}}") == 3
    assert not [name for name in after if "nowhere" in name]


def test_logs_are_json_without_questions(guarded: Server) -> None:
    headers = {"X-Request-ID": "find-me", "Authorization": f"Bearer {KEYS['reader']}"}
    guarded.call("POST", "/api/ask", json={"question": QUESTION}, headers=headers)
    guarded.call("GET", "/api/documents", params={"query": "railway"}, headers=headers)
    wait_until(lambda: "GET /api/documents 200" in str(logged(guarded, "find-me")))
    lines = logged(guarded, "find-me")
    asked = next(line for line in lines if line["message"] == "POST /api/ask 200")
    assert (asked["caller"], asked["status"], asked["client"]) == ("reader", 200, "127.0.0.1")
    assert next(line for line in lines if line["message"] == "answered")["mode"] == "quoted"
    text = json.dumps(lines)
    assert "railway" not in text
    assert KEYS["reader"] not in text


def logged(server: Server, name: str) -> list[dict[str, Any]]:
    text = (server.data.parent / "errors.txt").read_text()
    return [json.loads(line) for line in text.splitlines() if name in line and line.endswith("}")]
