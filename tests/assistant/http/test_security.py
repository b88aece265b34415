"""Who may ask a server what, and what every response carries."""

from __future__ import annotations

import re

import pytest

from tests.support.server import Server, problem


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_a_page_of_another_site_changes_nothing(server: Server, origin: str) -> None:
    for method, path in (
        ("POST", "/api/ask"),
        ("DELETE", "/api/documents/x"),
        ("POST", "/gradio_api/upload"),
    ):
        assert "may not" in problem(server.call(method, path, headers={"Origin": origin}), 403)
    assert server.call("GET", "/api/health", headers={"Origin": origin}).status_code == 200


def test_a_page_of_this_site_does(server: Server) -> None:
    response = server.call("POST", "/api/search", json={"query": "bridge"}, headers={"Origin": server.url})
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers
    proxied = {"Origin": "https://chat.example.org", "X-Forwarded-Host": "chat.example.org"}
    assert server.call("POST", "/api/search", json={"query": "x"}, headers=proxied).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:1234", 200), ("127.0.0.1", 200), ("[::1]:7860", 200), ("evil.example", 403), ("", 403)],
)
def test_only_loopback_names_are_answered(server: Server, host: str, status: int) -> None:
    assert server.call("GET", "/api/health", headers={"Host": host}).status_code == status


def test_every_response_is_dressed(server: Server) -> None:
    for path in ("/", "/api/status", "/api/nope", "/docs"):
        headers = server.call("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors" in headers["content-security-policy"]


def test_a_browser_keeps_what_is_named_by_its_content(server: Server) -> None:
    page = server.call("GET", "/")
    named = re.findall(r"assets/[\w.-]+\.(?:js|css)", page.text)
    assert named
    for path in named:
        assert "immutable" in server.call("GET", f"/{path}").headers["cache-control"]
    for path in ("/", "/api/status", "/assets/no-such-file-00000000.js"):
        assert "immutable" not in server.call("GET", path).headers.get("cache-control", "")
