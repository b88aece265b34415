"""``GET /api/statements`` and ``/api/speakers``: who said what, by HTTP, at the terminal and as a tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import mcp
import pytest
from mcp.client.streamable_http import streamable_http_client

from tests.support.forked_command import completed
from tests.support.server import INTRANET, Server, environment, in_a_loop, problem

WEIR = """---
title: Das Wehr von Quellmoor
date: {day}
---

Das Wehr von Quellmoor wird nicht abgerissen. Es sei noch immer dicht, sagte die Bauamtsleiterin Marta Zwirnlein am Freitag im Rat.

„Zwirnlein hat das Wehr seit Jahren nicht gesehen“, sagte der Müller Konrad Ahlersiek nach der Sitzung.

Ein Passant sagte, das Hochwasser komme wieder.
"""
PIER = """---
title: The pier of Quellmoor
date: 2025-05-01
---

Marta Zwirnlein, the head of the building office, said that the pier is unsafe. "We will close it in June," Zwirnlein said.
"""
BAKER = "# Bread\n\nTilda Zwirnlein, a baker, said that she would bake bread made of acorns.\n"
COPY = WEIR.replace("---\n\nDas Wehr", "---\n\nDie Agentur meldet:\n\nDas Wehr")


@pytest.fixture(scope="module")
def said(server: Server) -> Iterator[dict[str, str]]:
    """The ids of the documents by their names."""
    texts = {"weir": WEIR.format(day="2024-05-01"), "pier": PIER, "baker": BAKER}
    jobs = server.add(**texts)
    yield dict(zip(texts, (job["document_id"] for job in jobs), strict=True))
    for job in jobs:
        server.call("DELETE", f"/api/documents/{job['document_id']}")


def asked(server: Server, **parameters: Any) -> dict[str, Any]:
    response = server.call("GET", "/api/statements", params=parameters)
    assert response.is_success, response.text
    return dict(response.json())


def quotes(server: Server, **parameters: Any) -> list[str]:
    return [one["quote"] for one in asked(server, **parameters)["statements"]]


def test_every_statement_is_the_text_and_its_link_opens_it(server: Server, said: dict[str, str]) -> None:
    found = asked(server, speaker="Marta Zwirnlein")
    assert found["total"] == len(found["statements"]) == 3
    assert [one["published"] for one in found["statements"]] == ["2025-05-01", "2025-05-01", "2024-05-01"]
    for one in found["statements"]:
        whole = server.call("GET", f"/api/documents/{one['document_id']}/text").json()
        assert whole["version"] == one["version"]
        assert whole["text"][one["start"] : one["end"]] == one["quote"]
        assert one["speaker"] == "Marta Zwirnlein"
        assert one["cue"] in whole["text"]
        assert "<mark" in server.call("GET", one["url"]).text
    assert {one["document_id"] for one in found["statements"]} == {said["weir"], said["pier"]}
    (speaker,) = found["speakers"]
    assert (speaker["name"], speaker["quotations"]) == ("Marta Zwirnlein", 3)


def test_what_others_say_about_somebody_is_never_theirs(server: Server, said: dict[str, str]) -> None:
    assert not any("seit Jahren" in quote for quote in quotes(server, speaker="Marta Zwirnlein"))
    assert not any("seit Jahren" in quote for quote in quotes(server, speaker="Zwirnlein"))
    assert quotes(server, speaker="Ahlersiek") == ["„Zwirnlein hat das Wehr seit Jahren nicht gesehen“"]
    profile = server.call("GET", "/api/speakers/profile", params={"speaker": "Marta Zwirnlein"}).json()
    assert profile["spoken_of"] == []  # by her surname alone, which another has too, nobody can tell
    assert profile["months"] == {"2024-05": 1, "2025-05": 2}
    assert (profile["statements"], profile["documents"]) == (3, 2)


def test_what_somebody_denies_is_shown_with_its_sentence(server: Server) -> None:
    sentences = [
        "Ulf Drostmann bestritt, dass das Wehr leckt.",
        "Ulf Drostmann sagte, dass das Wehr dicht ist.",
    ]
    (job,) = server.add(denied=f"# Das Wehr\n\n{sentences[0]} {sentences[1]} Der Rat tagt morgen.\n")
    found = asked(server, speaker="Drostmann", order="oldest")["statements"]
    assert [one["quote"] for one in found] == [sentences[0], "dass das Wehr dicht ist"]
    whole = server.call("GET", f"/api/documents/{job['document_id']}/text").json()["text"]
    assert all(whole[one["start"] : one["end"]] == one["quote"] for one in found)
    server.call("DELETE", f"/api/documents/{job['document_id']}")


def test_nobody_is_named_where_nobody_is(server: Server, said: dict[str, str]) -> None:
    found = asked(server, document=said["weir"])
    assert [(one["speaker"], one["speaker_as_written"]) for one in found["statements"]][-1] == (
        "",
        "Ein Passant",
    )
    assert asked(server, speaker="Passant")["total"] == 0


def test_a_surname_that_two_have_means_both_and_says_so(server: Server, said: dict[str, str]) -> None:
    found = asked(server, speaker="zwirnlein")
    assert {one["name"] for one in found["speakers"]} == {"Marta Zwirnlein", "Tilda Zwirnlein"}
    assert {one["speaker"] for one in found["statements"]} == {"Marta Zwirnlein", "Tilda Zwirnlein"}
    assert asked(server, speaker="Zwirnline")["total"] == 0


def test_days_kinds_and_documents_restrict_it(server: Server, said: dict[str, str]) -> None:
    who = {"speaker": "Marta Zwirnlein"}
    assert quotes(server, **who, **{"from": "2025-01-01"}) == quotes(server, **who, document=said["pier"])
    assert len(quotes(server, **who, to="2024-12-31")) == 1
    assert quotes(server, **who, kind="direct") == ['"We will close it in June,"']
    assert len(quotes(server, **who, kind=["direct", "indirect"])) == 3
    assert quotes(server, **who, order="oldest") == [
        *quotes(server, **who, to="2024-12-31"),
        *quotes(server, **who, **{"from": "2025-01-01"}),
    ]
    assert quotes(server, **who, limit=2) + quotes(server, **who, limit=2, offset=2) == quotes(server, **who)


def test_a_topic_leaves_out_what_is_about_something_else(server: Server, said: dict[str, str]) -> None:
    here = {"document": list(said.values())}
    assert quotes(server, about="Hochwasser", **here) == ["das Hochwasser komme wieder"]
    about = asked(server, about="pier", order="newest", **here)
    assert about["total"]
    assert {one["document_id"] for one in about["statements"]} == {said["pier"]}
    assert asked(server, about="Photosynthese", **here)["total"] == 0


def test_copies_of_a_story_are_told_once_with_their_places(server: Server, said: dict[str, str]) -> None:
    before = asked(server, speaker="Konrad Ahlersiek")
    (job,) = server.add(agency=COPY.format(day="2024-05-02"))
    story = server.call("GET", f"/api/documents?story={said['weir']}").json()
    assert story["total"] == 2, "the two must be taken for copies, or this test says nothing"
    found = asked(server, speaker="Konrad Ahlersiek")
    assert found["total"] == before["total"] == 1
    (statement,) = found["statements"]
    assert statement["document_id"] == said["weir"]
    (copy,) = statement["also_in"]
    assert (copy["document_id"], copy["quote"]) == (job["document_id"], statement["quote"])
    later = asked(server, speaker="Konrad Ahlersiek", **{"from": "2024-05-02", "to": "2024-05-02"})
    assert [one["document_id"] for one in later["statements"]] == [job["document_id"]]
    server.call("DELETE", f"/api/documents/{job['document_id']}")
    assert asked(server, speaker="Konrad Ahlersiek")["statements"][0]["also_in"] == []


def test_statements_come_and_go_with_their_documents(server: Server) -> None:
    text = "# The ferry\n\nThe ferry is {}, {} Ottokar Brindelmann. He has been waiting on the pier since the morning.\n"
    who = {"speaker": "Brindelmann"}
    (job,) = server.add(ferry=text.format("late", "said"))
    assert quotes(server, **who) == ["The ferry is late"]
    (other,) = server.add(ferry=text.format("early", "claimed"))
    assert other["document_id"] == job["document_id"]
    assert quotes(server, **who) == ["The ferry is early"]
    assert server.call("POST", f"/api/removals/{other['removal_id']}/undo").is_success
    assert quotes(server, **who) == ["The ferry is late"]
    assert server.call("DELETE", f"/api/documents/{job['document_id']}").is_success
    assert quotes(server, **who) == []


def test_speakers_are_listed_by_how_their_names_begin(server: Server, said: dict[str, str]) -> None:
    found = server.call("GET", "/api/speakers", params={"query": "zwirn mar"}).json()
    assert [one["name"] for one in found["speakers"]] == ["Marta Zwirnlein"]
    every = server.call("GET", "/api/speakers", params={"limit": 200}).json()
    assert every["total"] == len(every["speakers"])
    counts = [one["quotations"] for one in every["speakers"]]
    assert counts == sorted(counts, reverse=True)
    page = server.call("GET", "/api/speakers", params={"limit": 1, "offset": 1}).json()
    assert page["speakers"] == every["speakers"][1:2]


@pytest.mark.parametrize(
    ("path", "parameters", "said", "status"),
    [
        ("statements", {"from": "2025-02-01", "to": "2025-01-01"}, "from must not be after to", 422),
        ("statements", {"kind": "shouted"}, "kind", 422),
        ("statements", {"limit": 0}, "limit", 422),
        ("statements", {"who": "me"}, "who", 422),
        ("statements", {"speaker": "x" * 301}, "speaker", 422),
        ("speakers", {"limit": 0}, "limit", 422),
        ("speakers/profile", {"speaker": "Nemo"}, "Nemo", 404),
        ("speakers/profile", {}, "speaker", 422),
    ],
)
def test_what_makes_no_sense_is_refused(
    server: Server, path: str, parameters: dict[str, str], said: str, status: int
) -> None:
    assert said in problem(server.call("GET", f"/api/{path}", params=parameters), status)


def test_an_embed_token_knows_only_the_speakers_of_what_it_opens(guarded: Server) -> None:
    jobs = guarded.add(a="The pier is old, said Ada Quint.", b="The pier is new, said Bert Quint.")
    ids = [job["document_id"] for job in jobs]
    token = guarded.call("POST", "/api/embed-tokens", json={"origin": INTRANET, "documents": ids[:1]})
    bearer = {"Authorization": f"Bearer {token.json()['token']}"}
    found = guarded.call("GET", "/api/statements", params={"speaker": "Quint"}, headers=bearer).json()
    assert {one["document_id"] for one in found["statements"]} == set(ids[:1])
    assert [one["name"] for one in found["speakers"]] == ["Ada Quint"]
    listed = guarded.call("GET", "/api/speakers", headers=bearer).json()
    assert [one["name"] for one in listed["speakers"]] == ["Ada Quint"]
    problem(guarded.call("GET", "/api/statements", params={"document": ids}, headers=bearer), 403)
    problem(
        guarded.call("GET", "/api/speakers/profile", params={"speaker": "Bert Quint"}, headers=bearer), 404
    )
    stranger = replace(guarded, key="")
    assert stranger.call("GET", "/api/statements").status_code == 401
    for key in ids:
        guarded.call("DELETE", f"/api/documents/{key}")


def command(server: Server, *arguments: str) -> str:
    settings = environment(ASSISTANT_DATA_DIR=str(server.data))
    run = completed("assistant", "statements", *arguments, environment=settings)
    run.check_returncode()
    return run.stdout


def test_the_command_says_the_same_through_the_server(server: Server, said: dict[str, str]) -> None:
    lines = command(server, "--speaker", "Marta Zwirnlein", "--kind", "direct", "--json").splitlines()
    statement, counted = map(json.loads, lines)
    assert statement == {**asked(server, speaker="Marta Zwirnlein", kind="direct")["statements"][0]}
    assert counted["total"] == 1
    words = command(server, "--speaker", "Zwirnlein", "--to", "2024-12-31", "--order", "oldest")
    assert "Es sei noch immer dicht" in words
    assert "Marta Zwirnlein (indirect): Das Wehr von Quellmoor, 2024-05-01" in words
    assert "1 statement." in words
    names = command(server, "--speakers", "--speaker", "Zwirn")
    assert names.splitlines() == ["Marta Zwirnlein (3, also Zwirnlein)", "Tilda Zwirnlein (1)"] or (
        "Marta Zwirnlein (3)" in names
    )


def test_the_tool_gives_the_words_with_their_links(server: Server, said: dict[str, str]) -> None:
    async def run() -> None:
        async with httpx2.AsyncClient(timeout=60, trust_env=False) as http:
            transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
            async with mcp.Client(transport) as client:
                arguments = {"speaker": "Marta Zwirnlein", "published_from": "2025-01-01"}
                found = await client.call_tool("statements", arguments)
                assert found.structured_content["total"] == 2
                assert "Marta Zwirnlein (direct, 2025-05-01)" in found.content[0].text
                assert f"{server.url}/documents/{said['pier']}" in found.content[0].text
                wrong = await client.call_tool("statements", {"kinds": ["shouted"]})
                assert wrong.is_error

    in_a_loop(run())
