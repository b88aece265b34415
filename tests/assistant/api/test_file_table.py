"""Files of every kind: uploaded, then read by every route that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.file_vectors import READABLE, UNREADABLE
from tests.support.office_vectors import OFFICE_READABLE, OFFICE_UNREADABLE
from tests.support.server import Server

MEDIA_TYPES = {
    "deck.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "numbers.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "election.xls": "application/vnd.ms-excel",
    "export.xls": "application/octet-stream",  # a page: a browser must not take it for one
    "my_countries.csv": "text/csv; charset=utf-8",
    "valley.epub": "application/epub+zip",
    "plan.rtf": "application/rtf",
}


@pytest.fixture(scope="module")
def jobs(guarded: Server) -> Iterator[dict[str, dict[str, Any]]]:
    """Every file of the table, uploaded at once, with its job."""
    vectors = [*READABLE, *UNREADABLE, *OFFICE_READABLE, *OFFICE_UNREADABLE]
    files = [("files", (vector.name, vector.make())) for vector in vectors]
    started = guarded.call("POST", "/api/documents", files=files).json()["jobs"]
    ended = [guarded.finished(job["id"]) for job in started]
    yield {job["source"]: job for job in ended}
    for job in ended:
        if job["document_id"]:
            guarded.call("DELETE", f"/api/documents/{job['document_id']}")


def test_what_is_read_is_in_the_catalogue_with_its_text(
    guarded: Server, jobs: dict[str, dict[str, Any]]
) -> None:
    for vector in (*READABLE, *OFFICE_READABLE):
        job = jobs[vector.name]
        assert job["state"] == "done", job
        about = guarded.call("GET", f"/api/documents/{job['document_id']}").json()
        assert (about["title"], about["pages"]) == (
            vector.title or Path(vector.name).stem,
            vector.pages or None,
        )
        assert tuple(about["authors"]) == vector.authors
        assert about["published"] == (str(vector.published) if vector.published else None)
        text = guarded.call("GET", f"/api/documents/{job['document_id']}/text").json()["text"]
        assert all(wanted in text for wanted in vector.includes)
        assert not any(unwanted in text for unwanted in vector.excludes)


def test_what_is_not_read_says_why(jobs: dict[str, dict[str, Any]]) -> None:
    for vector in (*UNREADABLE, *OFFICE_UNREADABLE):
        assert jobs[vector.name]["state"] == "failed"
        assert vector.says in jobs[vector.name]["error"]


def test_what_an_office_file_states_is_told_from_days_in_its_cells(
    guarded: Server, jobs: dict[str, dict[str, Any]]
) -> None:
    for vector in OFFICE_READABLE:
        about = guarded.call("GET", f"/api/documents/{jobs[vector.name]['document_id']}").json()
        assert about["published_from"] == ("metadata" if vector.published else "")


def test_originals_come_back_as_what_they_are(guarded: Server, jobs: dict[str, dict[str, Any]]) -> None:
    for vector in OFFICE_READABLE:
        path = f"/api/documents/{jobs[vector.name]['document_id']}/original"
        response = guarded.call("GET", path)
        assert response.headers["content-disposition"].startswith("attachment")
        if vector.name in MEDIA_TYPES:
            assert response.headers["content-type"] == MEDIA_TYPES[vector.name]


def test_the_viewer_shows_sheets_as_tables_and_slides_by_number(
    guarded: Server, jobs: dict[str, dict[str, Any]]
) -> None:
    sheet = guarded.call("GET", f"/documents/{jobs['numbers.xlsx']['document_id']}").text
    assert sheet.count("<table>") == 2
    assert ">Einwohner</th>" in sheet
    assert ">9.104.772</td>" in sheet
    slides = guarded.call("GET", f"/documents/{jobs['deck.pptx']['document_id']}").text
    assert 'id="page-4"' in slides
