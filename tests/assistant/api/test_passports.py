"""``POST /api/export`` and ``/api/verify``: quotes carried away and found again, by HTTP, at the terminal and as a tool."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import mcp
import pytest
from docx import Document as WordDocument
from mcp.client.streamable_http import streamable_http_client

from tests.assistant.test_commands import Run, lines, run, through  # noqa: F401  # fixtures
from tests.support.server import INTRANET, Server, in_a_loop, problem

LOCK = """---
title: Die Schleuse von Nesselwerder
date: 2024-05-01
author: Imke Sandvoss
---

Die Schleuse von Nesselwerder wurde im Jahr 1911 gebaut. Sie sei dicht, sagte die Wärterin Hedwig Katzmarek.

Ein Fährmann aus Nesselwerder bringt im Sommer sechzig Gäste am Tag über den Kanal.
"""
QUOTES = ("Die Schleuse von Nesselwerder wurde im Jahr 1911 gebaut.", "Sie sei dicht")
FORMS = ("md", "html", "docx", "csl", "ris", "bib")


@pytest.fixture(scope="module")
def lock(server: Server) -> Iterator[str]:
    (job,) = server.add(lock=LOCK)
    yield str(job["document_id"])
    server.call("DELETE", f"/api/documents/{job['document_id']}")


def places(server: Server, document: str) -> list[dict[str, Any]]:
    text = server.call("GET", f"/api/documents/{document}/text").json()["text"]
    return [
        {"document_id": document, "start": text.index(one), "end": text.index(one) + len(one)}
        for one in QUOTES
    ]


def exported(server: Server, **body: Any) -> bytes:
    response = server.call("POST", "/api/export", json=body)
    assert response.is_success, response.text
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    return response.content


def verdicts(server: Server, content: bytes, name: str = "file") -> list[str]:
    found = server.call("POST", "/api/verify", files=[("file", (name, content))])
    assert found.is_success, found.text
    return [one["verdict"] for one in found.json()["quotes"]]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_exported_is_verified_until_a_word_is_changed(server: Server, lock: str, form: str) -> None:
    content = exported(server, form=form, citations=places(server, lock), language="de")
    assert verdicts(server, content) == ["stands", "stands"]
    if form != "docx":
        assert b"Hedwig Katzmarek" in content
        assert b"Imke Sandvoss" in content
        assert sorted(verdicts(server, content.replace(b"1911 gebaut", b"1912 gebaut"))) == [
            "never",
            "stands",
        ]
        text = {"text": content.decode(), "name": f"x.{form.replace('csl', 'json')}"}
        assert server.call("POST", "/api/verify", json=text).json()["standing"] == 2


def test_an_answer_is_exported_as_the_api_gave_it(server: Server, lock: str) -> None:
    question = "Wann wurde die Schleuse von Nesselwerder gebaut?"
    answer = server.call("POST", "/api/ask", json={"question": question}).json()
    assert answer["citations"]
    content = exported(server, form="docx", answers=[answer, answer], title="Schleusen")
    read = WordDocument(io.BytesIO(content))
    assert [one.text for one in read.paragraphs][:2] == ["Schleusen", question]
    assert {relation.target_ref for relation in read.part.rels.values()} >= {"footnotes.xml", "styles.xml"}
    assert set(verdicts(server, content)) == {"stands"}
    assert set(verdicts(server, json.dumps(answer).encode(), "answer.json")) == {"stands"}


def test_words_that_are_not_there_are_named_or_left_out(server: Server, lock: str) -> None:
    there, other = places(server, lock)
    gone = {**other, "document_id": "0" * 16}
    body = {"form": "ris", "citations": [there, gone]}
    assert "0" * 16 in problem(server.call("POST", "/api/export", json=body), 404)
    response = server.call("POST", "/api/export", json=body | {"leave_out_missing": True})
    assert response.headers["x-left-out"] == "1"
    assert verdicts(server, response.content) == ["stands"]
    assert problem(server.call("POST", "/api/export", json={"form": "pdf"}), 422)


def test_what_cannot_be_read_is_refused_in_words(server: Server) -> None:
    for name, content in (
        ("x.json", b"{"),
        ("x.docx", b"PK\3\4no archive"),
        ("x", b"\x00\x01\x02\x03" * 200),
    ):
        assert problem(server.call("POST", "/api/verify", files=[("file", (name, content))]), 422)
    assert problem(server.call("POST", "/api/verify", json={"txt": "x"}), 422)
    assert problem(server.call("POST", "/api/verify", content=b"x", headers={"Content-Type": "a/b"}), 415)
    assert server.call("POST", "/api/verify", json={"text": "No quotes."}).json()["total"] == 0
    deep = "[" * 100_000 + "]" * 100_000
    assert problem(server.call("POST", "/api/verify", json={"text": deep, "name": "x.json"}), 422)


def test_a_token_for_some_documents_exports_and_verifies_these_alone(guarded: Server) -> None:
    mine, other = (job["document_id"] for job in guarded.add(lock=LOCK, weir=LOCK.replace("1911", "1922")))
    chosen = {"origin": INTRANET, "documents": [mine]}
    token = guarded.call("POST", "/api/embed-tokens", json=chosen).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "Origin": INTRANET}
    citations = [{"document_id": one, "start": 0, "end": 30} for one in (mine, other)]
    body = {"form": "ris", "citations": citations}
    whole = guarded.call("POST", "/api/export", json=body)
    assert verdicts(guarded, whole.content) == ["stands", "stands"]
    assert other in problem(guarded.call("POST", "/api/export", json=body, headers=headers), 404)
    found = guarded.call("POST", "/api/verify", files=[("file", ("x.ris", whole.content))], headers=headers)
    assert [one["verdict"] for one in found.json()["quotes"]] == ["stands", "unknown"]
    assert found.json()["quotes"][1]["title"] == ""


def test_the_commands_write_and_verify(through: Run, server: Server, lock: str, tmp_path: Path) -> None:  # noqa: F811
    question = "Wann wurde die Schleuse von Nesselwerder gebaut?"
    for suffix in ("md", "html", "docx", "json", "ris", "bib"):
        status, output, _ = through("ask", question, "--export", f"answer.{suffix}")
        assert (status, output) == (0, f"Wrote answer.{suffix}.\n")
        status, output, _ = through("verify", f"answer.{suffix}")
        assert status == 0, output
        assert "stands" in output
    status, output, _ = through("ask", question, "--format", "ris")
    assert status == 0
    assert output.startswith("TY  - GEN")
    wrong = (tmp_path / "answer.ris").read_text("utf-8").replace("1911", "1912")
    (tmp_path / "wrong.ris").write_text(wrong, "utf-8")
    status, output, _ = through("verify", "answer.md", "wrong.ris", "--json")
    assert status == 1
    found = lines(output)
    assert {one["verdict"] for one in found if one["file"] == "answer.md"} == {"stands"}
    assert [one["verdict"] for one in found if one["file"] == "wrong.ris" and "1912" in one["quote"]] == [
        "never"
    ]
    status, output, _ = through("verify", "wrong.ris")
    assert "[-1912-]{+1911+}" in output
    assert server.call("PATCH", f"/api/documents/{lock}", json={"title": "Die neue Schleuse"}).is_success
    for suffix in ("md", "json", "ris"):
        status, output, _ = through("verify", f"answer.{suffix}")
        assert status == 0
        assert "the title is now “Die neue Schleuse” (in the file: “Die Schleuse von Nesselwerder”)" in output
        assert output.count("is now") == output.count("the title is now")
    server.call("PATCH", f"/api/documents/{lock}", json={"withdraw": ["title"]})
    assert through("verify", "nowhere.ris")[0] == 2
    assert through("ask", question, "--export", "answer.pdf")[0] == 2


def test_the_command_verifies_without_a_server(run: Run, tmp_path: Path) -> None:  # noqa: F811
    from ingest import cli as ingesting

    (tmp_path / "lock.md").write_text(LOCK, "utf-8")
    assert run("verify", str(tmp_path / "lock.md"))[0] == 1  # there are no documents yet
    assert run(str(tmp_path / "lock.md"), command=ingesting.main)[0] == 0
    status, output, _ = run("ask", "Wann wurde die Schleuse gebaut?", "--export", "answer.docx")
    assert status == 0, output
    status, output, _ = run("verify", "answer.docx")
    assert status == 0, output
    assert "quotes stand." in output


def test_the_tool_verifies(server: Server, lock: str) -> None:
    text = exported(server, form="md", citations=places(server, lock)).decode()

    async def called() -> Any:
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=60) as http,
            streamable_http_client(f"{server.url}/mcp", http_client=http) as (read, write),
            mcp.ClientSession(read, write) as client,
        ):
            await client.initialize()
            return await client.call_tool("verify_quotes", {"text": text})

    result = in_a_loop(called())
    assert result.structured_content["standing"] == 2
    assert result.content[0].text.startswith("2 of 2 quotes stand")
