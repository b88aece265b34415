"""Browsers get errors as pages, programs as JSON, and nothing is said in a library's words."""

from __future__ import annotations

import pytest

from assistant.http.error_pages import WORDS
from assistant.http.invalid import in_words
from tests.support.conversations import Page
from tests.support.server import Server

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(("language", "heard"), [("en", "en-GB,de"), ("de", "de-DE,en"), ("en", "fr")])
@pytest.mark.parametrize("path", ["/nothing-here", "/documents/none/such", "/web/none.css"])
def test_a_browser_reads_words_and_finds_a_way_back(
    server: Server, path: str, language: str, heard: str
) -> None:
    response = server.call("GET", path, headers={**BROWSER, "Accept-Language": heard})
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(response.text)
    assert page.all("html") == [{"lang": language}]
    assert WORDS[language][404][1] in page.text
    assert page.all("a") == [{"href": "/"}]


def test_who_may_not_do_something_is_told_why(server: Server) -> None:
    response = server.call(
        "GET", "/embed?origin=<b>&accent=red", headers={**BROWSER, "Cookie": "language=de"}
    )
    assert response.status_code in (403, 422)
    assert Page(response.text).all("html") == [{"lang": "de"}]
    assert "<b>" not in response.text


@pytest.mark.parametrize(
    ("path", "headers"), [("/nothing-here", {}), ("/api/none", BROWSER), ("/v1/none", BROWSER)]
)
def test_programs_get_json(server: Server, path: str, headers: dict[str, str]) -> None:
    response = server.call("GET", path, headers=headers)
    assert (response.status_code, "json" in response.headers["content-type"]) == (404, True)


@pytest.mark.parametrize(
    ("kind", "limits", "words"),
    [
        ("missing", None, "is missing"),
        ("int_parsing", {}, "must be a whole number"),
        ("string_too_long", {"max_length": 4_000}, "must have at most 4,000 characters"),
        ("less_than_equal", {"le": 100}, "must be 100 or less"),
        ("greater_than_equal", {}, "is not within its limits"),
        ("datetime_parsing", {}, "must be a date with a time, as in 2026-05-03T12:00:00Z"),
        ("something_new", {}, "is not valid"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_our_words(
    kind: str, limits: dict[str, int] | None, words: str
) -> None:
    assert in_words(kind, limits) == words
