"""``GET /api/search``: words and phrases, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.server import INTRANET, Server, problem

PIER = "---\ntitle: The pier\ndate: {day}\n---\n\nThe pier of Quellmoor is ninety ells long. Zimmerling, the mayor, {said}.\n"


@pytest.fixture(scope="module")
def piers(server: Server) -> Iterator[dict[str, str]]:
    """The ids of two documents by their names."""
    texts = {
        "pier one": PIER.format(day="2024-05-01", said="wept"),
        "pier two": PIER.format(day="2025-05-01", said="laughed about ninety  \nells of timber"),
    }
    jobs = server.add(**texts)
    yield dict(zip(texts, (job["document_id"] for job in jobs), strict=True))
    for job in jobs:
        server.call("DELETE", f"/api/documents/{job['document_id']}")


def test_every_hit_is_the_text_and_its_link_opens_it(server: Server, piers: dict[str, str]) -> None:
    found = server.call("GET", "/api/search", params={"query": '"NINETY ells"'}).json()
    assert (found["total"], found["documents"], found["counted"]) == (3, 2, True)
    for hit in found["hits"]:
        whole = server.call("GET", f"/api/documents/{hit['document_id']}/text").json()
        assert whole["version"] == hit["version"]
        assert whole["text"][hit["start"] : hit["end"]] == hit["text"]
        assert hit["before"] + hit["text"] + hit["after"] in f"… {whole['text']} …"
        page = server.call("GET", hit["url"]).text
        assert "<mark" in page
    said = [(hit["document_id"], hit["text"]) for hit in found["hits"]]
    one, two = piers["pier one"], piers["pier two"]
    assert sorted(said) == sorted([(one, "ninety ells"), (two, "ninety ells"), (two, "ninety\nells")])
    assert [text for key, text in said if key == two] == ["ninety ells", "ninety\nells"]


def test_days_names_and_documents_restrict_it(server: Server, piers: dict[str, str]) -> None:
    def where(**more: object) -> set[str]:
        found = server.call("GET", "/api/search", params={"query": "Zimmerling", **more}).json()
        return {hit["document_id"] for hit in found["hits"]}

    one, two = piers["pier one"], piers["pier two"]
    assert where() == {one, two}
    assert where(published_from="2025-01-01") == {two}
    assert where(published_to="2025-01-01") == {one}
    assert where(documents=[one]) == {one}
    assert where(source="TWO") == {two}
    assert where(language="de") == set()
    assert where(query="Zimmerling wept") == {one}


def test_a_page_of_hits_goes_on_where_the_one_before_ended(server: Server, piers: dict[str, str]) -> None:
    def page(offset: int, limit: int) -> list[tuple[str, int]]:
        asked = {"query": "ninety", "documents": [*piers.values()], "offset": offset, "limit": limit}
        found = server.call("GET", "/api/search", params=asked).json()
        assert found["total"] == 3
        return [(hit["document_id"], hit["start"]) for hit in found["hits"]]

    assert page(0, 2) + page(2, 2) == page(0, 10)
    assert page(3, 2) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"query": '"…"'}, "no word to look for"),
        ({}, "query"),
        ({"query": "a", "published_from": "2025-02-01", "published_to": "2025-01-01"}, "published_from"),
        ({"query": "a", "limit": 0}, "limit"),
        ({"query": "a", "words": "b"}, "words"),
    ],
)
def test_what_makes_no_sense_is_refused(server: Server, asked: dict[str, str], said: str) -> None:
    assert said in problem(server.call("GET", "/api/search", params=asked), 422)


def test_an_embed_token_finds_only_what_it_opens(guarded: Server) -> None:
    jobs = guarded.add(a="The pier of Quellmoor.", b="The pier of Quellmoor, once more.")
    ids = [job["document_id"] for job in jobs]
    body = {"origin": INTRANET, "documents": ids[:1]}
    token = guarded.call("POST", "/api/embed-tokens", json=body)
    bearer = {"Authorization": f"Bearer {token.json()['token']}"}
    found = guarded.call("GET", "/api/search", params={"query": "Quellmoor"}, headers=bearer).json()
    assert {hit["document_id"] for hit in found["hits"]} == set(ids[:1])
    asked = {"query": "Quellmoor", "documents": ids}
    problem(guarded.call("GET", "/api/search", params=asked, headers=bearer), 403)
    stranger = replace(guarded, key="")
    assert stranger.call("GET", "/api/search", params={"query": "Quellmoor"}).status_code == 401
    for key in ids:
        guarded.call("DELETE", f"/api/documents/{key}")
