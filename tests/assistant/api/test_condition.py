"""What is slow or stuck, through the doors: a language model that fails is told until it answers again."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.answering.timing import MOMENTS, STAGES
from tests.support.language_model import Fail, ScriptedModel, right
from tests.support.server import ROOT, Server

QUESTION = "When did the Webb telescope lift off from Kourou?"


def told(server: Server) -> list[str]:
    return [one["kind"] for one in server.call("GET", "/api/status").json()["concerns"]]


def asked(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = server.call("POST", "/api/ask", json={"question": QUESTION}).json()
    return found


def test_a_model_that_fails_is_told_until_it_answers(
    generating_server: Server,
    scripted: ScriptedModel,
) -> None:
    scripted.answer = right("lifted off from Kourou", "It lifted off on 25 December 2021 {}.")
    written = asked(generating_server)
    assert "model_failing" not in told(generating_server)
    scripted.failures = [Fail(401), Fail(401)]  # for the other wordings, and for the answer
    asked(generating_server)
    assert "model_failing" in told(generating_server)
    metrics = generating_server.call("GET", "/metrics").text
    assert 'assistant_concern{kind="model_failing"} 1.0' in metrics
    assert 'assistant_concern{kind="store_away"} 0.0' in metrics
    asked(generating_server)
    assert "model_failing" not in told(generating_server)
    # Its stages are those of the documentation, and together the whole time.
    stages = {name: ms for name, ms in written["timings_ms"].items() if name not in (*MOMENTS, "total")}
    assert written["mode"] == "generated"
    assert {"retrieve", "read", "model", "check", "deliver", "copies"} <= stages.keys() <= set(STAGES)
    assert sum(stages.values()) == pytest.approx(written["timings_ms"]["total"])
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert all(f"`{stage}`" in page for stage in (*STAGES, *MOMENTS))
