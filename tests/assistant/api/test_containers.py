"""Archives, mails and transcripts through the running server: one upload, many documents, each with its own place."""

from __future__ import annotations

from typing import Any

from tests.support import containers as building
from tests.support.server import Server

TALK = """WEBVTT

1
00:12:28.000 --> 00:12:31.000
<v Mara Quellin>The tunnel under the Zellbach will

2
00:12:31.000 --> 00:12:35.000
<v Mara Quellin>cost <i>ninety</i> million &amp; open in 2033.

3
00:12:36.000 --> 00:12:40.000
<v Jon Abt>That is too much for us.

4
00:12:41.000 --> 00:12:44.000
<v Mara Quellin>It is what it costs.
"""


def upload(server: Server, name: str, data: bytes) -> dict[str, Any]:
    job = server.call("POST", "/api/documents", files=[("files", (name, data))]).json()["jobs"][0]
    return server.finished(job["id"])


def documents(server: Server, words: str) -> dict[str, dict[str, Any]]:
    """The documents whose title or source has these words, by source."""
    found = server.call("GET", "/api/documents", params={"query": words, "limit": 100}).json()["documents"]
    return {document["source"]: document for document in found}


def test_an_archive_is_one_job_and_many_documents(server: Server) -> None:
    job = upload(server, "archive.zip", building.archive())
    assert (job["state"], job["error"], job["document_id"]) == ("done", None, None)
    members = job["members"]
    assert (members["added"], members["failed"], members["skipped"]) == (6, 1, ["archive.zip/logo.png"])
    assert members["failures"][0]["source"] == "archive.zip/damaged.pdf"
    assert "damaged" in members["failures"][0]["error"]
    told = server.call("GET", f"/api/jobs/{job['id']}/members").json()["members"]
    assert {one["source"] for one in told if one["outcome"] == "added"} == building.FOUND
    may = documents(server, "archive.zip")["archive.zip/minutes/may.txt"]
    assert may["container"] == "archive.zip"
    assert server.call("GET", f"/api/documents/{may['id']}/original").text == building.MAY

    again = upload(server, "archive.zip", building.archive())
    assert (again["state"], again["members"]["unchanged"]) == ("unchanged", 6)

    newer = upload(server, "archive.zip", building.zipped({"minutes/may.txt": "In May nothing was decided."}))
    assert (newer["state"], newer["error"]) == ("done", None)
    assert newer["replaces"]["title"] == "archive.zip"
    assert (newer["members"]["replaced"], newer["members"]["removed"]) == (1, 5)
    assert documents(server, "archive.zip").keys() == {"archive.zip/minutes/may.txt"}
    for removal in server.call("GET", "/api/removals").json()["removals"][:2]:
        assert server.call("POST", f"/api/removals/{removal['id']}/undo").status_code == 200
    assert len(documents(server, "archive.zip")) == 5
    assert server.call("GET", f"/api/documents/{may['id']}/text").json()["text"] == building.MAY
    assert server.call("GET", f"/api/documents/{may['id']}/original").text == building.MAY


def test_a_mail_goes_with_its_attachments(server: Server) -> None:
    job = upload(server, "budget.eml", building.mail("The budget", plan__txt=b"The plan names four bridges."))
    assert (job["title"], job["members"]["added"]) == ("The budget", 2)
    mail = documents(server, "budget.eml")["budget.eml"]
    assert (mail["published"], mail["published_from"], mail["authors"]) == ("2026-03-17", "mail", ["Ann Lee"])
    assert server.call("DELETE", f"/api/documents/{mail['id']}").status_code == 204
    assert not documents(server, "budget.eml")
    assert server.call("DELETE", f"/api/documents/{mail['id']}").status_code == 404


def test_nothing_that_can_be_read_is_a_failure_with_its_reason(server: Server) -> None:
    job = upload(server, "broken.zip", b"This is no archive.")
    assert (job["state"], job["members"]) == ("failed", None)
    assert "no ZIP archive" in job["error"]
    job = upload(server, "bad.zip", building.zipped({"deep/bad.pdf": b"no PDF"}))
    assert job["state"] == "failed"
    assert "none of its 1 documents could be added; deep/bad.pdf: is damaged" in job["error"]


def test_the_time_is_the_place_of_a_citation(server: Server) -> None:
    document_id = upload(server, "talk.vtt", TALK.encode())["document_id"]
    text = server.call("GET", f"/api/documents/{document_id}/text").json()["text"]
    assert text.startswith(
        "Mara Quellin: The tunnel under the Zellbach will cost ninety million & open in 2033.\n\n"
    )
    body = {"question": "How much will the tunnel under the Zellbach cost?", "documents": [document_id]}
    answer = server.call("POST", "/api/ask", json=body).json()
    citation = answer["citations"][0]
    assert (citation["time"], citation["page"]) == ("00:12:28", None)
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    hits = server.call("POST", "/api/search", json={"query": "tunnel Zellbach", "documents": [document_id]})
    assert hits.json()["hits"][0]["time"] == "00:12:28"
    page = server.call(
        "GET", citation["url"] if citation["url"].startswith("/") else f"/{citation['url']}"
    ).text
    assert "Cited: 00:12:28" in page
    assert '<span class="time">00:12:36</span>' in page
