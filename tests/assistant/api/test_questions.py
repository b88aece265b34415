"""``/api/questions``: questions that are kept, what is found for them, their feeds, and whose they are."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from subprocess import CompletedProcess
from typing import Any
from uuid import uuid4

import pytest

from tests.support.forked_command import completed
from tests.support.server import KEYS, PASSWORD, Server, environment, problem
from tests.support.waiting import wait_until

QUESTION = "Where do the storks of Quellheim nest?"
NEST = "The storks of Quellheim nest on the chimney of the old brewery <b>&amp; “Bräu”</b>."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def kept(server: Server) -> Iterator[dict[str, Any]]:
    response = server.call("POST", "/api/questions", json={"question": f"{QUESTION} {uuid4()}"})
    assert response.status_code == 201, response.text
    yield response.json()
    server.call("DELETE", f"/api/questions/{response.json()['id']}")


@pytest.fixture
def found(server: Server, kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The question with what was found for it."""
    (job,) = server.add(**{f"storks-{uuid4()}": f"# Storks\n\nVisitors stop. {NEST.replace('<', '&lt;')}"})
    path = f"/api/questions/{kept['id']}"
    wait_until(lambda: server.call("GET", path).json()["findings"])
    yield server.call("GET", path).json()
    server.call("DELETE", f"/api/documents/{job['document_id']}")


def test_what_is_new_is_listed_with_a_link_to_the_words(server: Server, found: dict[str, Any]) -> None:
    finding = found["findings"][-1]
    assert "chimney of the old brewery" in finding["quote"]
    assert finding["new"]
    assert (found["question"]["total"], found["question"]["new"]) == (len(found["findings"]),) * 2
    text = server.call("GET", f"/api/documents/{finding['document_id']}/text").json()["text"]
    assert text[finding["start"] : finding["end"]] == finding["quote"]
    page = server.call("GET", finding["url"].partition("#")[0])
    assert page.is_success
    assert "<mark" in page.text


def test_they_are_listed_in_parts_and_counted_alone(server: Server, found: dict[str, Any]) -> None:
    more = server.call("POST", "/api/questions", json={"question": f"{QUESTION} {uuid4()}"}).json()
    whole = server.call("GET", "/api/questions").json()
    parts = [
        server.call("GET", "/api/questions", params={"limit": 1, "offset": n}).json()["questions"]
        for n in range(whole["total"] + 1)
    ]
    assert [one["id"] for part in parts for one in part] == [one["id"] for one in whole["questions"]]
    counted = server.call("GET", "/api/questions", params={"limit": 0}).json()
    assert counted == whole | {"questions": []}
    assert counted["new"] == sum(one["new"] for one in whole["questions"]) >= found["question"]["new"]
    server.call("DELETE", f"/api/questions/{more['id']}")


def test_it_is_new_until_it_has_been_looked_at(server: Server, found: dict[str, Any]) -> None:
    path = f"/api/questions/{found['question']['id']}"
    assert server.call("GET", "/api/questions").json()["new"] >= 1
    seen = server.call("POST", f"{path}/seen", json={}).json()
    assert (seen["new"], seen["total"]) == (0, found["question"]["total"])
    assert seen["looked"]
    assert not any(one["new"] for one in server.call("GET", path).json()["findings"])


def test_the_feed_opens_by_its_token_alone(server: Server, found: dict[str, Any]) -> None:
    question = found["question"]
    response = server.call("GET", question["feed"])
    assert response.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.text)  # noqa: S314  # our own
    assert feed.findtext(f"{ATOM}title") == question["question"]
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}content") for entry in entries] == [
        one["quote"] for one in found["findings"]
    ]
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].startswith(f"{server.url}/documents/")
    renewed = server.call("POST", f"/api/questions/{question['id']}/token").json()
    assert "renewed" in problem(server.call("GET", question["feed"]), 404)
    assert server.call("GET", renewed["feed"]).is_success
    problem(server.call("GET", f"/api/questions/{question['id']}/feed"), 404)


def test_what_is_removed_is_shown_no_more(server: Server, found: dict[str, Any]) -> None:
    server.call("DELETE", f"/api/documents/{found['findings'][0]['document_id']}")
    after = server.call("GET", f"/api/questions/{found['question']['id']}").json()
    assert (after["findings"], after["question"]["total"], after["question"]["new"]) == ([], 0, 0)
    assert "brewery" not in server.call("GET", found["question"]["feed"]).text


def test_a_question_is_worded_anew_and_paused(server: Server, kept: dict[str, Any]) -> None:
    path = f"/api/questions/{kept['id']}"
    changed = server.call("PATCH", path, json={"question": "  Who feeds them?  ", "paused": True}).json()
    assert (changed["question"], changed["paused"], changed["feed"]) == (
        "Who feeds them?",
        True,
        kept["feed"],
    )
    problem(server.call("PATCH", path, json={"question": " "}), 422)
    problem(server.call("PATCH", path, json={"asked": "?"}), 422)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"webhook": "ftp://example.org"}, "http"),
        ({"webhook": "https://anna:secret@example.org"}, "name"),
        ({"mail": "anna@example.org"}, "No mail server"),
    ],
)
def test_where_nothing_can_be_told_is_refused(
    server: Server, kept: dict[str, Any], place: dict[str, str], said: str
) -> None:
    assert said in problem(server.call("PATCH", f"/api/questions/{kept['id']}", json=place), 422)
    assert server.call("GET", f"/api/questions/{kept['id']}").json()["question"]["webhook"] == ""


def test_a_webhook_has_a_secret_and_may_not_be_private(server: Server, kept: dict[str, Any]) -> None:
    path = f"/api/questions/{kept['id']}"
    changed = server.call("PATCH", path, json={"webhook": "http://127.0.0.1:9/hook"}).json()
    assert len(changed["webhook_secret"]) > 30
    tested = server.call("POST", f"{path}/test").json()["results"]
    assert "inside your network" in tested["webhook"]
    assert server.call("PATCH", path, json={"webhook": ""}).json()["webhook_secret"] is None


def test_each_user_has_their_own(guarded: Server) -> None:
    def call(name: str, method: str, path: str, **options: Any) -> Any:
        return guarded.call(method, path, headers={"Authorization": f"Bearer {KEYS[name]}"}, **options)

    kept = call("reader", "POST", "/api/questions", json={"question": QUESTION}).json()
    assert [one["id"] for one in call("reader", "GET", "/api/questions").json()["questions"]] == [kept["id"]]
    assert call("admin", "GET", "/api/questions").json()["questions"] == []
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/token"),
        ("POST", "/seen"),
        ("POST", "/test"),
    ):
        body = {"json": {}} if method == "PATCH" or path == "/seen" else {}
        problem(call("admin", method, f"/api/questions/{kept['id']}{path}", **body), 404)
    feed = guarded.call("GET", kept["feed"], headers={"Authorization": ""})
    assert feed.is_success
    assert call("reader", "DELETE", f"/api/questions/{kept['id']}").status_code == 204
    problem(guarded.call("GET", kept["feed"], headers={"Authorization": ""}), 404)


def test_nobody_keeps_questions_without_signing_in(guarded: Server) -> None:
    for method, path in (("GET", "/api/questions"), ("POST", "/api/questions")):
        problem(guarded.call(method, path, headers={"Authorization": ""}), 401)


def test_a_user_and_a_key_of_one_name_are_two(guarded: Server) -> None:
    import httpx

    from tests.support.server import NO_TLS

    with httpx.Client(base_url=guarded.url, trust_env=False, verify=NO_TLS) as browser:
        browser.post("/login", data={"name": "rita", "password": PASSWORD})
        kept = browser.post("/api/questions", json={"question": QUESTION})
        assert kept.status_code == 201, kept.text
        assert len(browser.get("/api/questions").json()["questions"]) == 1
        browser.delete(f"/api/questions/{kept.json()['id']}")


def test_the_terminal_keeps_lists_and_removes(server: Server) -> None:
    def run(*arguments: str) -> CompletedProcess[str]:
        settings = environment(ASSISTANT_DATA_DIR=str(server.data))
        return completed("assistant", "questions", *arguments, environment=settings)

    kept = json.loads(run("Who mends the nets of Quellheim?", "--json").stdout)
    assert kept["id"] in run().stdout
    assert run("--remove", kept["id"]).returncode == 0
    gone = run("--remove", kept["id"])
    assert (gone.returncode, "No question" in gone.stderr) == (1, True)
