"""``POST /api/check`` and what is kept of it: by HTTP, at the terminal and as a tool."""

from __future__ import annotations

import io
import json
import re
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import docx
import httpx
import httpx2
import mcp
import pytest
from mcp.client.streamable_http import streamable_http_client

from tests.ingest.loaders.test_docx_comments import covered, saved
from tests.ingest.loaders.test_sandbox import readers
from tests.support.forked_command import ForkedCommand, completed
from tests.support.hostile import ENDLESS
from tests.support.server import KEYS, NO_TLS, Server, environment, in_a_loop, problem
from tests.support.waiting import wait_until

MILL = """---
title: Die Mühle von Tannwieck
date: 2025-04-02
---

Die Mühle von Tannwieck hat 14 Mahlgänge und steht seit 1821 am Fluss. Im Herbst wird ihr Rad erneuert.

„Wir geben das Wasser niemals ab“, sagte die Müllerin Ottilie Brandauer am Freitag.
"""
TRUE = "Die Mühle von Tannwieck hat 14 Mahlgänge."
FALSE = "Die Mühle von Tannwieck hat 17 Mahlgänge."
NOWHERE = "Ein Zirkus aus Quandovia gastiert im Januar auf dem Marktplatz von Elmsbüttel."
QUOTED = "„Wir geben das Wasser niemals ab“, sagte Ottilie Brandauer."
ALTERED = "„Wir geben das Wasser immer ab“, sagte Ottilie Brandauer."
DRAFT = f"{TRUE} {FALSE} {NOWHERE}\n\n{QUOTED} {ALTERED}\n"
Event = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def mill(server: Server) -> Iterator[str]:
    (job,) = server.add(mill=MILL)
    yield str(job["document_id"])
    server.call("DELETE", f"/api/documents/{job['document_id']}")


def check(server: Server, **body: Any) -> dict[str, Any]:
    response = server.call("POST", "/api/check", json=body)
    assert response.status_code == 200, response.text
    return dict(response.json())


def check_file(server: Server, name: str, data: bytes, **fields: Any) -> httpx.Response:
    return server.call("POST", "/api/check", data=fields, files={"file": (name, data)})


def verdicts(checked: dict[str, Any]) -> dict[str, str]:
    return {one["text"]: one["verdict"] for one in (*checked["sentences"], *checked["quotations"])}


def events(response: httpx.Response) -> list[Event]:
    found = re.findall(r"^event: (\w+)\ndata: (.+)$", response.text, re.M)
    return [(name, json.loads(data)) for name, data in found]


def word_file() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("Die Mühle von Tannwieck hat 17 ").italic = True
    paragraph.add_run(f"Mahlgänge. {ALTERED}")
    return saved(document)


def test_every_sentence_and_quotation_has_its_verdict_and_its_source(server: Server, mill: str) -> None:
    checked = check(server, text=DRAFT, documents=[mill])
    found = verdicts(checked)
    assert found[TRUE] == "supported"
    assert found[FALSE] == "differs"
    assert found[NOWHERE] == "not_found"
    assert found["Wir geben das Wasser niemals ab"] == "verbatim"
    assert found["Wir geben das Wasser immer ab"] == "altered"
    assert checked["text"] == DRAFT
    for one in (*checked["sentences"], *checked["quotations"]):
        assert checked["text"][one["start"] : one["end"]] == one["text"]
    text = server.call("GET", f"/api/documents/{mill}/text").json()["text"]
    numbers = {one["number"] for one in checked["citations"]}
    for citation in checked["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert "<mark" in server.call("GET", citation["url"]).text
    for sentence in checked["sentences"]:
        assert {*sentence["citations"], *sentence["nearest"]} <= numbers
    for quotation in checked["quotations"]:
        assert quotation["citation"] in {*numbers, None}
        assert quotation["speaker"] == "Ottilie Brandauer"
    assert sum(checked["counts"].values()) == len(checked["sentences"])


def test_a_stream_tells_how_far_it_is_and_ends_with_the_whole(server: Server, mill: str) -> None:
    response = server.call("POST", "/api/check", json={"text": DRAFT, "documents": [mill], "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    (first, draft), *between, (last, whole) = events(response)
    assert (first, last) == ("draft", "done")
    assert draft["text"] == whole["text"] == DRAFT
    assert [data["done"] for _, data in between] == list(range(1, len(between) + 1))
    assert {data["total"] for _, data in between} == {len(between)}
    assert [data["sentence"] for name, data in between if name == "sentence"] == whole["sentences"]
    assert [data["quotation"] for name, data in between if name == "quotation"] == whole["quotations"]
    cited = [citation for _, data in between for citation in data["citations"]]
    assert cited == whole["citations"]


def test_a_long_draft_tells_how_far_it_is_cut_and_is_stopped_by_leaving(server: Server) -> None:
    long = "Das Dorf hat eine Mühle am Bach und keine Kirche. " * 7_900
    address, body = f"{server.url}/api/check", {"text": long, "stream": True}
    with (
        httpx.Client(timeout=60, trust_env=False, verify=NO_TLS) as client,
        client.stream("POST", address, json=body) as response,
    ):
        lines = response.iter_lines()
        names = [line for line in (next(lines) for _ in range(8)) if line.startswith("event: ")]
        assert names[:2] == ["event: draft", "event: cutting"]

    def free() -> bool:
        return server.call("POST", "/api/check", json={"text": "x"}).status_code == 200

    wait_until(free)


def test_a_check_is_kept_told_again_and_deleted(server: Server, mill: str) -> None:
    first = check(server, text=f"{NOWHERE} {TRUE}", name="circus", documents=[mill])
    listed = server.call("GET", "/api/checks").json()["checks"]
    assert next(one for one in listed if one["id"] == first["id"])["name"] == "circus"
    assert server.call("GET", f"/api/checks/{first['id']}").json() == first
    (job,) = server.add(circus=f"# Zirkus\n\n{NOWHERE}\n")
    again = check(server, again=first["id"])
    assert (again["id"], again["text"], again["name"]) == (first["id"], first["text"], "circus")
    assert again["earlier"] == first["checked_at"]
    assert [(one["of"], one["before"]) for one in again["changed"]] == [("sentence", "not_found")]
    edited = check(server, text=f"Neu ist nur dies: {FALSE} {NOWHERE}", again=first["id"])
    assert edited["id"] != first["id"]
    assert {one["before"] for one in edited["changed"]} == {""}
    server.call("DELETE", f"/api/documents/{job['document_id']}")
    assert server.call("DELETE", f"/api/checks/{first['id']}").status_code == 204
    assert "deleted" in problem(server.call("GET", f"/api/checks/{first['id']}"), 404)
    problem(server.call("POST", "/api/check", json={"again": first["id"]}), 404)


def test_a_word_file_comes_back_with_comments_and_its_formatting(server: Server, mill: str) -> None:
    response = check_file(server, "Entwurf ü.docx", word_file(), documents=mill)
    checked = response.json()
    assert checked["word_file"]
    report = server.call("GET", f"/api/checks/{checked['id']}/report.docx", params={"language": "de"})
    assert "checked.docx" in report.headers["content-disposition"]
    found = covered(report.content)
    assert {words for said, words in found.items() if said.startswith("Weicht von der Quelle ab")} >= {FALSE}
    assert any("verändert" in said and "immer" in words for said, words in found.items())
    assert all("/documents/" in said for said in found if said.startswith("Zitat"))
    runs = docx.Document(io.BytesIO(report.content)).paragraphs[0].runs
    assert "".join(run.text for run in runs if run.italic) == "Die Mühle von Tannwieck hat 17 "
    again = check(server, again=checked["id"])
    assert again["word_file"]


def test_what_is_no_word_file_gets_a_new_one_and_html_of_its_own(server: Server, mill: str) -> None:
    hostile = f"<script>window.hacked=1</script> {FALSE} <img src=x onerror=window.hacked=1>"
    checked = check(server, text=hostile, name="<b>&.txt", documents=[mill])
    report = server.call("GET", f"/api/checks/{checked['id']}/report.docx").content
    assert any(FALSE in words for words in covered(report).values())
    page = server.call("GET", f"/api/checks/{checked['id']}/report.html").text
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in page
    assert f"{server.url}/documents/{mill}?start=" in page
    assert "://" not in re.sub(re.escape(server.url), "", page)  # it needs nothing from elsewhere
    problem(server.call("GET", f"/api/checks/{checked['id']}/report.exe"), 422)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", FALSE.encode()),
        ("a.txt", FALSE.encode("cp1252")),
        ("a.md", f"# Mühle\n\n*{FALSE}*\n".encode()),
        (
            "a.html",
            f"<html><body><h1>Mühle</h1><article><p>{FALSE} {TRUE}</p></article></body></html>".encode(),
        ),
    ],
)
def test_texts_pages_and_markdown_are_read(server: Server, mill: str, name: str, data: bytes) -> None:
    checked = check_file(server, name, data, documents=mill).json()
    assert verdicts(checked).get(FALSE) == "differs", checked
    assert not checked["word_file"]


def test_what_cannot_be_checked_is_said_in_plain_words(server: Server) -> None:
    assert "text must not be empty" in problem(server.call("POST", "/api/check", json={"text": " \n"}), 422)
    assert "empty" in problem(check_file(server, "a.txt", b""), 422)
    assert "cannot be read" in problem(check_file(server, "a.exe", b"MZ"), 422)
    assert "a.docx" in problem(check_file(server, "a.docx", b"PK\x03\x04no"), 422)
    assert "PDF" in problem(check_file(server, "a.txt", b"%PDF-1.7 ..."), 422)
    two = [("file", ("a.txt", b"x")), ("file", ("b.txt", b"y"))]
    assert "one file" in problem(server.call("POST", "/api/check", files=two), 422)
    problem(server.call("POST", "/api/check", content=b"x", headers={"Content-Type": "text/plain"}), 415)
    problem(server.call("POST", "/api/check", json={"text": "x" * 400_001}), 422)
    problem(server.call("POST", "/api/check", json={"text": "x", "documets": []}), 422)
    problem(server.call("POST", "/api/check", json={"text": "x" * 5_000_000}), 413)
    problem(check_file(server, "a.txt", b"x" * 2_000_000), 413)
    problem(check_file(server, "a.txt", b"x", published_from="yesterday"), 422)


def test_whoever_leaves_stops_the_check_and_few_run_at_a_time(server: Server) -> None:
    long = " ".join(f"Das Dorf Nummer {n} hat {n * 7} Einwohner und eine Mühle." for n in range(600))
    before = server.call("GET", "/api/checks").json()
    address, body = f"{server.url}/api/check", {"text": long, "stream": True}
    with (
        httpx.Client(timeout=60, trust_env=False, verify=NO_TLS) as client,
        client.stream("POST", address, json=body) as one,
        client.stream("POST", address, json=body) as two,
    ):
        lines = [one.iter_lines(), two.iter_lines()]  # a connection is closed with its lines
        assert [next(one) for one in lines] == ["event: draft"] * 2
        assert "under way" in problem(server.call("POST", "/api/check", json={"text": "x"}), 429)

    def free() -> bool:
        return server.call("POST", "/api/check", json={"text": "x"}).status_code == 200

    wait_until(free)  # the whole text would take minutes
    after = server.call("GET", "/api/checks").json()["checks"]
    assert len([one for one in after if one["characters"] > 1_000]) == len(
        [one for one in before["checks"] if one["characters"] > 1_000]
    )


def test_whoever_leaves_ends_the_reading_of_a_file(server: Server) -> None:
    own = readers(server.process.pid)
    address, sent = f"{server.url}/api/check", {"stream": "true"}
    file = {"file": ("endless.md", ENDLESS)}
    with (
        httpx.Client(timeout=60, trust_env=False, verify=NO_TLS) as client,
        client.stream("POST", address, data=sent, files=file) as one,
        client.stream("POST", address, data=sent, files=file) as two,
    ):
        lines = [one.iter_lines(), two.iter_lines()]
        assert [next(one) for one in lines] == [": reading"] * 2
        assert "under way" in problem(check_file(server, "a.txt", b"x"), 429)
        wait_until(lambda: len(readers(server.process.pid) - own) == 2)
    wait_until(lambda: readers(server.process.pid) <= own, 20)
    with pytest.raises(httpx.ReadTimeout):  # who waits for the whole check may leave, too
        httpx.post(address, files=file, timeout=1, trust_env=False, verify=NO_TLS)
    wait_until(lambda: readers(server.process.pid) <= own, 20)
    wait_until(lambda: check_file(server, "a.txt", b"x").status_code == 200)


def test_what_cannot_be_read_ends_a_stream_that_has_begun(server: Server) -> None:
    response = check_file(server, "a.docx", b"PK\x03\x04no", stream="true")
    assert response.status_code == 200
    ((name, data),) = events(response)
    assert (name, data["status"]) == ("error", 422)
    assert "a.docx" in data["detail"]
    response = server.call("POST", "/checked", data={"stream": "true"}, files={"file": ("a.docx", b"PK")})
    ((name, data),) = events(response)
    assert name == "error"
    assert "a.docx" in data["detail"]


def test_checks_belong_to_who_made_them(guarded: Server) -> None:
    def as_key(name: str, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {KEYS[name]}"}
        return Server(guarded.url, guarded.data, guarded.process).call(
            method, path, headers=headers, **options
        )

    mine = as_key("reader", "POST", "/api/check", json={"text": "The bridge was 325 metres long."}).json()
    assert [one["id"] for one in as_key("reader", "GET", "/api/checks").json()["checks"]] == [mine["id"]]
    for other in ("editor", "admin"):
        assert mine["id"] not in as_key(other, "GET", "/api/checks").text
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/report.html")):
            problem(as_key(other, method, f"/api/checks/{mine['id']}{path}"), 404)
        problem(as_key(other, "POST", "/api/check", json={"again": mine["id"]}), 404)
    assert as_key("reader", "DELETE", f"/api/checks/{mine['id']}").status_code == 204
    problem(
        guarded.call("POST", "/api/check", json={"text": "x"}, headers={"Authorization": "Bearer no"}), 401
    )


def command(server: Server, *arguments: str, given: bytes = b"") -> CompletedProcess[str]:
    settings = environment(ASSISTANT_DATA_DIR=str(server.data))
    return completed("assistant", "check", *arguments, environment=settings, given=given)


def test_the_command_checks_through_the_server(server: Server, mill: str, tmp_path: Path) -> None:
    draft = tmp_path / "draft.docx"
    draft.write_bytes(word_file())
    out = {"--docx": tmp_path / "out.docx", "--html": tmp_path / "out.html"}
    exports = [part for option, path in out.items() for part in (option, str(path))]
    ran = command(server, str(draft), *exports, "--document", mill)
    said = ran.stdout
    assert ran.returncode == 1, ran.stderr
    assert f"! 1: Weicht von der Quelle ab: {FALSE}" in said
    assert "Zitat verändert: Wir geben das Wasser immer ab" in said
    assert FALSE in covered(out["--docx"].read_bytes()).values()
    assert "<!doctype html>" in out["--html"].read_text("utf-8")
    ran = command(server, "-", "--json", given=TRUE.encode())
    assert ran.returncode == 0, ran.stdout
    assert verdicts(json.loads(ran.stdout)) == {TRUE: "supported"}
    ran = command(server, "-", given=NOWHERE.encode())
    assert ran.returncode == 0
    assert command(server, "-", "--strict", given=NOWHERE.encode()).returncode == 1
    assert command(server, str(tmp_path / "none.txt")).returncode == 2
    assert command(server, "-").returncode == 2


def test_ctrl_c_ends_the_reading_of_a_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "endless.md").write_bytes(ENDLESS)
    for data in (server.data, tmp_path / "data"):
        process = ForkedCommand(
            *("assistant", "check", "endless.md"),
            folder=tmp_path,
            environment=environment(ASSISTANT_DATA_DIR=str(data)),
            errors=tmp_path / "errors.txt",
        )
        reading = server.process.pid if data == server.data else process.pid
        own = readers(reading)
        wait_until(partial(lambda reading, own: readers(reading) - own, reading, own))
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 1
        assert "Traceback" not in process.errors.read_text("utf-8")
        wait_until(partial(lambda reading, own: readers(reading) <= own, reading, own), 20)
        process.stdout.close()


def test_the_tool_checks_a_draft(server: Server, mill: str) -> None:
    async def run() -> None:
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=60) as http,
            mcp.Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
        ):
            result = await client.call_tool("check", {"text": DRAFT, "documents": [mill]})
            assert verdicts(result.structured_content)[FALSE] == "differs"
            (content,) = result.content
            assert f"differs: {FALSE}" in content.text
            assert f"{server.url}/documents/{mill}?start=" in content.text
            assert (await client.call_tool("check", {"text": " "})).is_error

    in_a_loop(run())
