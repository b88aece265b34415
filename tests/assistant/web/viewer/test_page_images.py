"""The pages are served whole, advertise nothing, and take nothing from elsewhere."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Server


@pytest.mark.parametrize("path", ["/", "/documents", "/web/chat.css", "/web/viewer.js", "/theme.css"])
def test_every_page_and_file_is_there(server: Server, path: str) -> None:
    assert server.call("GET", path).status_code == 200


def test_one_endpoint_of_gradio_is_advertised(server: Server) -> None:
    found = server.call("GET", "/gradio_api/info").json()
    assert (list(found["named_endpoints"]), found["unnamed_endpoints"]) == (["/ask"], {})
    config = server.call("GET", "/config").json()
    shown = [one["api_name"] for one in config["dependencies"] if one["api_visibility"] != "private"]
    assert shown == ["ask"]
    assert not config["analytics_enabled"]


@pytest.mark.parametrize(
    "path", ["/", "/documents", "/theme.css", "/web/chat.css", "/web/viewer.css", "/web/citations.js"]
)
def test_nothing_is_loaded_from_elsewhere(server: Server, path: str) -> None:
    loaded = r"""(?:url\(|@import|<script[^>]+src=|<link[^>]+href=|fetch\()\s*["']?(https?:|//)"""
    assert not re.search(loaded, server.call("GET", path).text)
