"""Dates with where they come from, corrections, and restrictions to days, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.assistant.api.test_documents import send
from tests.support.files import pdf
from tests.support.server import KEYS, Server, problem

PROSE = "The weir of Adlerbach was closed for repairs, as the warden Mila Kestrel told the council."


def page(head: str) -> str:
    """A web page with an article of some length."""
    text = f"<p>{PROSE}</p>" * 8
    return f"<html><head><title>Weir</title>{head}</head><body><article><h1>Weir</h1>{text}</article></body></html>"


def record(server: Server, document_id: str) -> dict[str, Any]:
    document: dict[str, Any] = server.call("GET", f"/api/documents/{document_id}").json()
    return document


def correct(server: Server, document_id: str, **changes: Any) -> dict[str, Any]:
    response = server.call("PATCH", f"/api/documents/{document_id}", json=changes)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


@pytest.mark.parametrize(
    ("name", "text", "day", "origin"),
    [
        ("said.txt", f"Adlerbach, 14 March 2026\n\n{PROSE}", "2026-03-14", "text"),
        ("2025-12-03_named.txt", PROSE, "2025-12-03", "file name"),
        ("2025-12-03_both.txt", f"Published on 14 March 2026\n\n{PROSE}", "2026-03-14", "text"),
        ("headed.md", f"---\ndate: 2026-03-14\n---\n# Weir\n\n{PROSE}", "2026-03-14", "front matter"),
        (
            "page.html",
            page('<meta property="article:published_time" content="2026-03-14">'),
            "2026-03-14",
            "page",
        ),
        (
            "changed.html",
            page('<meta property="article:modified_time" content="2026-03-14">'),
            None,
            "",
        ),
        ("undated.txt", f"{PROSE} It had opened on 14 March 1966.", None, ""),
    ],
)
def test_the_date_and_where_it_comes_from(
    server: Server, name: str, text: str, day: str | None, origin: str
) -> None:
    known = record(server, send(server, name, text)["document_id"])
    assert (known["published"], known["published_from"], known["corrections"]) == (day, origin, [])


def test_the_day_on_which_a_file_was_made_is_none_of_publication(server: Server) -> None:
    data = pdf([["Published: 3 December 2025", PROSE]], about={"CreationDate": "D:20240517083000"})
    undated = pdf([[PROSE]], about={"CreationDate": "D:20240517083000", "ModDate": "D:20240517083000"})
    for name, content, day in (("dated.pdf", data, "2025-12-03"), ("undated.pdf", undated, None)):
        response = server.call("POST", "/api/documents", files=[("files", (name, content))])
        job = server.finished(response.json()["jobs"][0]["id"])
        assert record(server, job["document_id"])["published"] == day


def test_what_is_corrected_is_shown_cited_found_and_kept(guarded: Server) -> None:
    editor = replace(guarded, key=KEYS["editor"])
    key = send(editor, "weir.txt", f"Weir report\n\nAdlerbach, 14 March 2026\n\n{PROSE}")["document_id"]
    changed = correct(
        editor,
        key,
        title="Minutes of the zander council",
        published="2026-02-28",
        authors=["Ann Lee", "Bo Li"],
        source="https://archive.example/17",
        language="en",
    )
    assert changed == record(guarded, key)
    assert (changed["published"], changed["published_from"]) == ("2026-02-28", "corrected")
    assert (changed["source"], changed["original_source"]) == ("https://archive.example/17", "weir.txt")
    said = {one["field"]: one["stated"] for one in changed["corrections"]}
    assert said == {"title": "Weir report", "published": "2026-03-14", "authors": [], "source": "weir.txt"}
    assert {one["by"] for one in changed["corrections"]} == {"editor"}
    question = {"question": "Who told the council that the weir of Adlerbach was closed?", "documents": [key]}
    (citation, *_) = guarded.call("POST", "/api/search", json={"query": "zander council"}).json()["hits"]
    assert citation["title"] == changed["title"]
    answer = guarded.call("POST", "/api/ask", json=question).json()
    shown = [(one["published"], one["published_from"], one["source"]) for one in answer["citations"]]
    assert set(shown) <= {("2026-02-28", "corrected", "https://archive.example/17")}
    days = {"published_from": "2026-02-28", "published_to": "2026-02-28", "query": "zander"}
    assert guarded.call("GET", "/api/documents", params=days).json()["total"] == 1

    again = send(editor, "weir.txt", f"Weir report\n\nAdlerbach, 15 March 2026\n\n{PROSE} Again.")
    assert (again["document_id"], again["replaced"]) == (key, True)
    later = record(guarded, key)
    assert (later["title"], later["published"], later["authors"]) == (
        changed["title"],
        "2026-02-28",
        ["Ann Lee", "Bo Li"],
    )
    back = correct(guarded, key, withdraw=["published", "source", "authors"], title="A third title")
    assert (back["published"], back["published_from"]) == ("2026-03-15", "text")
    assert (back["source"], back["authors"], back["title"]) == ("weir.txt", [], "A third title")
    assert [one["field"] for one in back["corrections"]] == ["title"]
    original = guarded.call("GET", f"/api/documents/{key}/original")
    assert original.content.endswith(b"Again.")
    undated = correct(guarded, key, published=None)
    assert (undated["published"], undated["published_from"]) == (None, "corrected")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": " "}, "title: It must not be empty."),
        ({"title": "x" * 501}, "title: It is too long."),
        ({"source": ""}, "source: It must not be empty."),
        (
            {"published": (date.today() + timedelta(days=9)).isoformat()},
            "published: This day is in the future.",
        ),
        ({"published": "yesterday"}, "published: "),
        ({"language": "zz"}, "language: Write a language code"),
        ({"authors": ["x" * 201]}, "authors: It is too long."),
        ({"name": "x"}, "name: "),
        ({"withdraw": ["name"]}, "withdraw.0: "),
        ({"title": "", "language": "xyz"}, "title: It must not be empty. language: "),
    ],
)
def test_what_cannot_be_right_is_refused_and_changes_nothing(
    server: Server, changes: dict[str, Any], says: str
) -> None:
    key = send(server, "refused.txt", PROSE)["document_id"]
    before = record(server, key)
    assert says in problem(server.call("PATCH", f"/api/documents/{key}", json=changes), 422)
    assert record(server, key) == before


def test_only_editors_correct_and_only_what_is_there(guarded: Server) -> None:
    key = send(guarded, "roles.txt", PROSE)["document_id"]
    reader = replace(guarded, key=KEYS["reader"])
    problem(reader.call("PATCH", f"/api/documents/{key}", json={"title": "x"}), 403)
    problem(guarded.call("PATCH", "/api/documents/nothing", json={"title": "x"}), 404)
    assert correct(guarded, key) == record(guarded, key)


def test_a_restriction_to_days_says_which_undated_documents_it_leaves_out(server: Server) -> None:
    dated = send(server, "dated.txt", f"Adlerbach, 14 March 2026\n\n{PROSE} Dated.")["document_id"]
    undated = send(server, "undated.txt", f"{PROSE} Undated.")["document_id"]
    asked: dict[str, Any] = {"documents": [dated, undated], "published_from": "2026-03-01"}
    for path, words in (("/api/ask", "question"), ("/api/search", "query")):
        strict = server.call("POST", path, json={words: "Who is the warden of Adlerbach?", **asked}).json()
        assert strict["undated_left_out"] == 1
        every = server.call(
            "POST", path, json={words: "Who is the warden of Adlerbach?", **asked, "include_undated": True}
        ).json()
        assert every["undated_left_out"] == 0
        found = every.get("hits") or [*every["citations"], *every["nearest"]]
        assert found
    hits = server.call("POST", "/api/search", json={"query": "warden", **asked}).json()["hits"]
    assert {hit["document_id"] for hit in hits} == {dated}
    hits = server.call(
        "POST", "/api/search", json={"query": "warden", **asked, "include_undated": True}
    ).json()["hits"]
    assert {hit["document_id"] for hit in hits} == {dated, undated}
    days = {"query": "dated", "published_from": "2026-03-01"}
    listed = server.call("GET", "/api/documents", params=days).json()
    assert dated in [one["id"] for one in listed["documents"]]
    assert listed["undated_left_out"] >= 1
    both = server.call("GET", "/api/documents", params={**days, "include_undated": True}).json()
    assert {dated, undated} <= {one["id"] for one in both["documents"]}
    assert both["undated_left_out"] == 0


def test_reversed_days_are_refused(server: Server) -> None:
    days = {"published_from": "2026-03-02", "published_to": "2026-03-01"}
    message = "published_from must not be after published_to"
    assert message in problem(server.call("POST", "/api/ask", json={"question": "Why?", **days}), 422)
    assert message in problem(server.call("POST", "/api/search", json={"query": "Why?", **days}), 422)
    assert message in problem(server.call("GET", "/api/documents", params=days), 422)
    chat = {"model": "assistant", "messages": [{"role": "user", "content": "Why?"}], **days}
    refused = server.call("POST", "/v1/chat/completions", json=chat)
    assert refused.status_code == 422
    assert message in refused.json()["error"]["message"]
