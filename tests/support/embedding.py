"""The examples of docs/embedding.md, with the addresses of the tests in place of its own."""

from __future__ import annotations

import re

from tests.support.server import ROOT, Server

CHAT, INTRANET = "https://chat.example.org", "https://intranet.example.org"


def blocks(language: str) -> list[str]:
    """The code blocks of a language, in order."""
    text = (ROOT / "docs" / "embedding.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def page_of_the_document(chat: Server) -> str:
    """The plain page that shows the button."""
    (page,) = (one for one in blocks("html") if "<!doctype html>" in one)
    return page.replace(CHAT, chat.url)
