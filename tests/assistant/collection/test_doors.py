"""Questions about the collection through every door: the API, OpenAI's protocol, the tools, the command, with a model and without."""

from __future__ import annotations

from typing import Any

import pytest

from assistant import cli
from tests.support.language_model import ScriptedModel, right, saying
from tests.support.server import Server

QUESTION = "Which documents mention the Quarzbach viaduct?"
LEAD = "1 document mentions “Quarzbach viaduct”."
VIADUCT = """---
title: The Quarzbach viaduct is closed
date: 2023-04-05
---

# The Quarzbach viaduct is closed

Engineers found cracks in the Quarzbach viaduct on Monday. Trains are diverted by Osterfeld.

The repair will take until autumn, the railway said.
"""
MCP = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def viaduct(server: Server) -> str:
    (job,) = server.add(viaduct=VIADUCT)
    return str(job["document_id"])


def asked(server: Server, question: str, **more: Any) -> dict[str, Any]:
    response = server.call("POST", "/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_the_api_says_what_the_answer_is(server: Server, viaduct: str) -> None:
    answer = asked(server, QUESTION)
    assert answer["listing"] == {"kind": "list", "lead": LEAD, "more": "", "groups": []}
    assert [citation["document_id"] for citation in answer["citations"]] == [viaduct]
    assert answer["answer"].startswith(LEAD)
    assert asked(server, "What did engineers find in the Quarzbach viaduct?")["listing"] is None


def test_chosen_documents_are_the_only_ones(server: Server, viaduct: str) -> None:
    answer = asked(server, "What is it about?", documents=[viaduct])
    assert answer["listing"]["kind"] == "summary"
    assert [citation["quote"] for citation in answer["citations"]] == [
        "Engineers found cracks in the Quarzbach viaduct on Monday.",
        "The repair will take until autumn, the railway said.",
    ]


def test_openais_protocol_has_the_whole_list(server: Server, viaduct: str) -> None:
    body = {"model": "assistant", "messages": [{"role": "user", "content": QUESTION}]}
    reply = server.call("POST", "/v1/chat/completions", json=body).json()
    content = reply["choices"][0]["message"]["content"]
    assert content.startswith(LEAD)
    assert "Engineers found cracks" in content
    assert [citation["document_id"] for citation in reply["citations"]] == [viaduct]


def test_the_tool_and_the_command_give_the_same(
    server: Server, viaduct: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    text = server.call("POST", "/mcp", json=body, headers=MCP).text
    assert LEAD in text.encode().decode("unicode_escape", "ignore") or LEAD in text
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(server.data))
    assert cli.main(["ask", QUESTION]) == 0
    assert capsys.readouterr().out.startswith(LEAD)


def test_lists_stay_from_the_catalogue_where_a_model_writes(
    generating_server: Server, scripted: ScriptedModel
) -> None:
    answer = asked(generating_server, "How many documents are there?")
    assert (answer["listing"]["kind"], answer["mode"]) == ("count", "quoted")
    assert scripted.asked == []


def test_a_model_writes_summaries_from_the_document(
    generating_server: Server, scripted: ScriptedModel
) -> None:
    question = "Summarise the article about the Ever Given"
    scripted.answer = right("longer", "A ship of 400 metres blocked the canal {}.")
    answer = asked(generating_server, question)
    assert (answer["mode"], answer["listing"]) == ("generated", None)
    assert len(answer["citations"]) == 1
    scripted.answer = saying("NOANSWER")
    answer = asked(generating_server, question)
    assert answer["listing"]["kind"] == "summary"
    assert not answer["refused"]
