"""Adding, listing, reading and removing documents over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.files import pdf_drawn
from tests.support.scans import joined, needs_tesseract, scan
from tests.support.server import BRIDGE, KEYS, Server, problem

CHEESE = "# Käse\n\nDie Käserei Brunnmatt lagert 12.000 Laibe im Felsenkeller. Der Käser heißt Urs Ammann.\n"

LIGHTHOUSE = [
    "The lighthouse of Quarn was built in 1874 by the brothers Imhof",
    "and raised three times since. The citizens disputed the costs for",
    "years; in the end they were borne by the parish.",
]


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


def test_a_pdf_with_mixed_columns_is_marked(server: Server) -> None:
    left = (
        "The lighthouse of Sarn was",
        "sold on Monday to a group of",
        "sailors who want to keep it",
        "open for its many guests",
    )
    right = (
        "At the same time the baker",
        "in the old mill closed and",
        "moved to a house that stands",
        "next to the town hall.",
    )
    places = (260, 330, 290, 360)
    rows = [
        b"BT /F1 9 Tf 1 0 0 1 %d %d Tm (%b) Tj ET" % (x, 700 - 12 * number, words.encode())
        for number, pair in enumerate(zip(left, right, strict=True))
        for x, words in zip((50, places[number]), pair, strict=True)
    ]
    response = server.call(
        "POST", "/api/documents", files=[("files", ("sarn.pdf", pdf_drawn(b"\n".join(rows))))]
    )
    document = server.finished(response.json()["jobs"][0]["id"])["document_id"]
    assert server.call("GET", f"/api/documents/{document}").json()["doubtful_pages"] == [1]
    page = server.call("GET", f"/documents/{document}", headers={"Accept-Language": "de"}).text
    assert "Auf Seite 1 sind womöglich Spalten vermischt" in page
    asked = {"question": "sailors lighthouse Sarn sold Monday", "documents": [document]}
    answer = server.call("POST", "/api/ask", json=asked).json()
    shown = [*answer["citations"], *answer["possible"], *answer["nearest"]]
    assert shown
    assert all(one.get("order_doubtful", True) for one in shown)


@needs_tesseract
def test_a_scan_is_recognised_and_marked(server: Server) -> None:
    data = joined(scan([LIGHTHOUSE]), scan([[]]))
    response = server.call("POST", "/api/documents", files=[("files", ("quarn.pdf", data))])
    job = server.finished(response.json()["jobs"][0]["id"])
    document = job["document_id"]
    shown = server.call("GET", f"/api/documents/{document}").json()
    assert (job["state"], job["pages"], shown["recognised_pages"]) == ("done", 0, [1])
    page = server.call("GET", f"/documents/{document}", headers={"Accept-Language": "de"}).text
    assert "Der Text der Seite 1 wurde in einem Scan erkannt und kann Fehler haben." in page
    asked = {"question": "Who built the lighthouse of Quarn in 1874?", "documents": [document]}
    answer = server.call("POST", "/api/ask", json=asked).json()
    cited = [*answer["citations"], *answer["possible"], *answer["nearest"]]
    assert cited
    assert all(one.get("recognised", True) for one in cited)
    text = server.call("GET", f"/api/documents/{document}/text").json()["text"]
    start = text.index("three times")
    where = server.call("GET", f"/documents/{document}/pages/1/places?start={start}&end={start + 11}")
    assert where.status_code == 200


def send(server: Server, name: str, text: str, **form: str) -> dict[str, Any]:
    """Upload one file, and wait for its job to end."""
    response = server.call("POST", "/api/documents", files=[("files", (name, text.encode()))], data=form)
    return server.finished(response.json()["jobs"][0]["id"])


def test_two_codings_of_a_name_are_one_document_and_two_cases_are_two(server: Server) -> None:
    first = send(server, "Bru\u0308cke am See.txt", "The bridge by the lake is closed.")
    same = send(server, "Br\u00fccke am See.txt", "The bridge by the lake is closed.")
    other = send(server, "br\u00fccke am see.txt", "The bridge by the lake is closed.")
    assert (first["state"], same["state"], other["state"]) == ("done", "unchanged", "done")
    assert first["source"] == "Br\u00fccke am See.txt"
    assert first["document_id"] == same["document_id"] != other["document_id"]


def test_long_names_are_shortened_and_stay_apart(server: Server) -> None:
    stem = "\u00dc" * 200  # two bytes each
    one = send(server, f"{stem} one.txt", "The first of two with long names.")
    two = send(server, f"{stem} two.txt", "The second of two with long names.")
    assert (one["state"], two["state"]) == ("done", "done")
    assert one["document_id"] != two["document_id"]
    for job in (one, two):
        assert len(job["source"].encode()) <= 255
        assert job["source"].endswith(".txt")


def text_of(server: Server, document_id: str) -> str:
    return str(server.call("GET", f"/api/documents/{document_id}/text").json()["text"])


def test_a_job_says_whose_document_it_replaces_and_that_can_be_undone(guarded: Server) -> None:
    editor = replace(guarded, key=KEYS["editor"])
    first = send(editor, "mooring.txt", "The mooring plan is Anna's.")
    assert (first["replaces"], first["removal_id"]) == (None, None)
    second = send(guarded, "mooring.txt", "The mooring plan is Bert's.")
    added = guarded.call("GET", f"/api/documents/{first['document_id']}").json()
    assert second["replaces"]["title"] == added["title"] == "mooring"
    assert second["replaces"]["added_by"] == "editor"
    assert second["document_id"] == first["document_id"]
    same = send(guarded, "mooring.txt", "The mooring plan is Bert's.")
    assert (same["state"], same["replaces"]) == ("unchanged", None)
    removals = guarded.call("GET", "/api/removals").json()["removals"]
    (removal,) = [removal for removal in removals if removal["id"] == second["removal_id"]]
    assert (removal["titles"], removal["replaced"]) == (["mooring"], True)
    undo = f"/api/removals/{removal['id']}/undo"
    assert guarded.call("POST", undo).json()["total"] == 1
    assert text_of(guarded, first["document_id"]) == "The mooring plan is Anna's."
    assert "nothing to put back" in problem(guarded.call("POST", undo), 404)


def test_both_documents_of_a_name_are_kept(server: Server) -> None:
    first = send(server, "berth.txt", "The berth plan, one.")
    second = send(server, "berth.txt", "The berth plan, two.", on_conflict="keep_both")
    assert (second["source"], second["replaced"], second["replaces"]) == ("berth (2).txt", False, None)
    again = send(server, "berth.txt", "The berth plan, two.", on_conflict="keep_both")
    assert (again["state"], again["document_id"]) == ("unchanged", second["document_id"])
    third = send(server, "berth.txt", "The berth plan, three.", on_conflict="replace")
    assert third["replaces"]["added_by"] == ""
    both = server.call("POST", f"/api/jobs/{third['id']}/keep-both").json()
    assert both["source"] == "berth (3).txt"
    assert text_of(server, first["document_id"]) == "The berth plan, one."
    assert text_of(server, both["document_id"]) == "The berth plan, three."
    assert "not replaced" in problem(server.call("POST", f"/api/jobs/{third['id']}/keep-both"), 409)
    files = [("files", ("berth.txt", b"x"))]
    wrong = server.call("POST", "/api/documents", files=files, data={"on_conflict": "overwrite"})
    assert "keep_both" in problem(wrong, 422)
    assert list(server.data.glob("uploads/*")) == []


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
    german = server.call("GET", "/api/documents", params={"language": "de", "limit": 1_000}).json()
    assert german["total"] >= 1
    assert {one["language"] for one in german["documents"]} == {"de"}
    days = {"published_from": "2021-11-01", "published_to": "2021-12-31"}
    dated = server.call("GET", "/api/documents", params=days).json()["documents"]
    assert [one["source"] for one in dated] == ["samples/ampelkoalition-2021.md"]
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

    def size(path: Path) -> int:
        with suppress(FileNotFoundError):  # deleted this moment
            return path.stat().st_size
        return 0

    def long() -> Iterator[bytes]:
        nonlocal stored
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
        for _ in range(20):
            yield b"x" * 1_000_000
            stored = max([stored, *map(size, server.data.glob("uploads/*"))])

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
