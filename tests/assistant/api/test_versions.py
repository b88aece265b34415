"""Whichever way a citation is asked for, it is bound to its words: its link finds them, or says that they are gone."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from tests.support.conversations import Page
from tests.support.server import Server, problem

QUOTE = "The stone quay at Brommelau was 411 metres long."
QUAY = f"""# The quay of Brommelau

{QUOTE} Engineers finished it in May 1903 after two years.

Mayor Ida Kranz called it a monument to patience.
"""
QUESTION = "How many metres long was the stone quay at Brommelau?"


def by_api(server: Server, document: str) -> str:
    body = {"question": QUESTION, "documents": [document]}
    (citation, *_) = server.call("POST", "/api/ask", json=body).json()["citations"]
    assert citation["quote"] == QUOTE
    versions = server.call("GET", f"/api/documents/{document}/versions").json()
    assert citation["version"] == versions["version"]
    return str(citation["url"])


def by_openai(server: Server, document: str) -> str:
    body = {
        "model": "assistant",
        "messages": [{"role": "user", "content": QUESTION}],
        "documents": [document],
    }
    answer = server.call("POST", "/v1/chat/completions", json=body).json()
    assert answer["citations"][0]["version"]
    return address_in(answer["choices"][0]["message"]["content"], server)


def by_mcp(server: Server, document: str) -> str:
    arguments = {"question": QUESTION, "documents": [document]}
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": arguments},
    }
    headers = {"Accept": "application/json, text/event-stream"}
    result = server.call("POST", "/mcp", json=call, headers=headers).json()["result"]
    return address_in(result["content"][0]["text"], server)


def by_frame(server: Server, document: str) -> str:
    body = {"question": QUESTION, "documents": [document]}
    events = server.call("POST", "/embed/ask", json=body).text
    done: dict[str, Any] = json.loads(events.rpartition("data: ")[2])
    (citation, *_) = done["answer"]["citations"]
    assert f'data-version="{citation["version"]}"' in done["html"]
    assert citation["url"] in html.unescape(done["html"])
    return f"/{citation['url'].partition('#')[0]}"


def address_in(text: str, server: Server) -> str:
    """The path and the query of the first source below an answer."""
    match = re.search(r"^\[1\] .*: (\S+)$", text, re.MULTILINE)
    assert match, text
    return match[1].removeprefix(server.url)


def opened(server: Server, address: str) -> Page:
    response = server.call("GET", address)
    assert response.status_code == 200, response.text
    return Page(response.text)


@pytest.fixture(scope="module")
def quay(guarded: Server) -> str:
    (job,) = guarded.add(quay=QUAY)
    return str(job["document_id"])


def test_every_link_finds_its_words_after_each_change(guarded: Server, quay: str) -> None:
    links = [door(guarded, quay) for door in (by_api, by_openai, by_mcp, by_frame)]
    text = guarded.call("GET", f"/api/documents/{quay}/text").json()
    for link in links:
        assert len(link) < 700
        assert opened(guarded, link).marked == QUOTE
        assert opened(guarded, link).all("aside") == []
    guarded.add(quay=QUAY.replace("Brommelau\n\n", "Brommelau\n\nA correction came first.\n\n", 1))
    for link in links:
        page = opened(guarded, link)
        assert page.marked == QUOTE
        assert "the words still stand here" in page.text
    (job,) = guarded.add(quay=QUAY.replace("411", "417"))
    for link in links:
        page = opened(guarded, link)
        assert page.marked == ""
        assert "no longer stand in this document" in page.text
        (onward,) = [one["href"] for one in page.all("a") if "earlier=1" in one["href"]]
        earlier = opened(guarded, f"/documents/{onward.partition('#')[0]}")
        assert earlier.marked == QUOTE
        assert "417 metres" in earlier.text  # what has changed since
    versions = guarded.call("GET", f"/api/documents/{quay}/versions").json()
    assert [one["version"] for one in versions["earlier"]][-1] == text["version"]
    assert guarded.call("GET", f"/api/documents/{quay}/text?version={text['version']}").json() == text
    assert "not kept" in problem(guarded.call("GET", f"/api/documents/{quay}/text?version=0"), 404)
    present = guarded.call("GET", f"/api/versions?document={quay}&document=nothing").json()
    assert present == {"versions": {quay: versions["version"], "nothing": None}}
    status = guarded.call("GET", "/api/status").json()
    assert status["earlier_versions"] >= 2
    assert status["earlier_versions_bytes"] > len(QUAY)
    guarded.call("POST", f"/api/removals/{job['removal_id']}/undo")
    for link in links:
        assert opened(guarded, link).marked == QUOTE
    guarded.call("DELETE", f"/api/documents/{quay}")
    assert guarded.call("GET", links[0]).status_code == 404
    guarded.add(quay=QUAY)
    assert guarded.call("GET", f"/api/documents/{quay}/versions").json()["earlier"] == []
