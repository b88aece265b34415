"""One story from two outlets: quoted once, listed together, told apart by an editor and joined again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.assistant.web.documents.test_documents import seek
from tests.support.browser import Open
from tests.support.server import Server

AGENCY = """Die Seilbahn am Quittenberg bleibt nach einem Brand bis zum 14. Mai geschlossen. Das teilte Betriebsleiterin \
Ortrun Sasse am Montag mit.

Das Feuer war gegen drei Uhr im Maschinenhaus ausgebrochen. 38 Gäste saßen in den Kabinen fest, verletzt wurde niemand. \
Den Schaden schätzt Sasse auf 640.000 Euro.
"""
COPY = """Auch die Wirte am Quittenberg klagen über leere Tische.

Die Seilbahn am Quittenberg bleibt bis zum 14. Mai geschlossen, wie Betriebsleiterin Ortrun Sasse am Montag mitteilte. \
Das Feuer war gegen drei Uhr im Maschinenhaus ausgebrochen. 38 Gäste saßen in den Kabinen fest, verletzt wurde niemand. \
Den Schaden schätzt Sasse auf 640.000 Euro.
"""
QUESTION = "Auf wie viel schätzt Ortrun Sasse den Schaden an der Seilbahn am Quittenberg?"


@pytest.fixture(scope="module")
def told(server: Server) -> Iterator[list[str]]:
    """The ids of two documents of one text, and of a copy of it, published later."""
    texts = {
        "quittenberg-eins": f"---\ndate: 2025-05-05\n---\n{AGENCY}",
        "quittenberg-zwei": f"---\ndate: 2025-05-06\n---\n{AGENCY}",
        "quittenberg-drei": f"---\ndate: 2025-05-07\n---\n{COPY}",
    }
    ids = [str(job["document_id"]) for job in server.add(**texts)]
    yield ids
    for key in ids:
        server.call("DELETE", f"/api/documents/{key}")


def test_a_story_is_quoted_once_from_its_earliest_copy_with_the_places_in_the_others(
    server: Server, told: list[str]
) -> None:
    first, second, third = told
    answer = server.call("POST", "/api/ask", json={"question": QUESTION}).json()
    cited = [one for one in answer["citations"] if one["document_id"] in told]
    assert "640.000" in answer["answer"]
    assert answer["answer"].count("640.000") == 1
    assert {one["document_id"] for one in cited} == {first}
    (citation,) = (one for one in cited if "640.000" in one["quote"])
    assert [copy["document_id"] for copy in citation["also_in"]] == [second, third]
    for copy in citation["also_in"]:
        text = server.call("GET", f"/api/documents/{copy['document_id']}/text").json()["text"]
        assert text[copy["start"] : copy["end"]] == copy["quote"]
        assert "640.000" in copy["quote"]
        assert server.call("GET", copy["url"]).status_code == 200


def test_a_question_about_one_copy_is_answered_from_that_and_names_no_other(
    server: Server, told: list[str]
) -> None:
    asked = {"question": QUESTION, "documents": [told[2]]}
    (citation, *_) = server.call("POST", "/api/ask", json=asked).json()["citations"]
    assert citation["document_id"] == told[2]
    assert citation["also_in"] == []


def test_the_catalogue_lists_a_story(server: Server, told: list[str]) -> None:
    listed = server.call("GET", "/api/documents", params={"story": told[2]}).json()
    assert [one["id"] for one in listed["documents"]] == told
    assert {(one["story"], one["copies"]) for one in listed["documents"]} == {(told[0], 3)}
    assert server.call("GET", "/api/documents", params={"story": "nobody"}).json()["total"] == 0


@pytest.mark.browser
def test_an_editor_tells_copies_apart_and_takes_it_back(visit: Open, server: Server, told: list[str]) -> None:
    page = visit("/documents")
    seek(page, "quittenberg")
    expect(page.locator("tbody tr")).to_have_count(3, timeout=30_000)
    page.get_by_role("button", name="Show each story once").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="3 copies").click()
    expect(page.locator("tr.story li")).to_have_count(2)
    page.locator("tr.story").get_by_role("button", name="Not the same story").last.click()
    expect(page.locator("tbody button.copies")).to_have_text("2 copies", timeout=30_000)
    assert _story(server, told[2]) == told[2]
    _undo(page)
    expect(page.locator("tbody button.copies")).to_have_text("3 copies", timeout=30_000)
    assert _story(server, told[2]) == told[0]


def _undo(page: Page) -> None:
    page.locator(".removed").get_by_role("button", name="Undo").first.click()


def _story(server: Server, document_id: str) -> str:
    return str(server.call("GET", f"/api/documents/{document_id}").json()["story"])
