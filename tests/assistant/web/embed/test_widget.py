"""What the server gives to whoever embeds the chat: validated options, strict policies, a small script, true examples."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.embed.embed_page import EmbedOptions, ink_on, page
from assistant.web.kit.localisation import words
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item
from tests.support import conversations as making
from tests.support import embedding
from tests.support.embedding import blocks
from tests.support.hostile import ATTACKS, naughty
from tests.support.server import BRIDGE, INTRANET, KEYS, ROOT, Server
from tests.support.site import Site

LARGEST = 10_000  # bytes of the script that every page of a host loads


@pytest.fixture(scope="module")
def examples(guarded: Server, intranet: Site) -> dict[str, Any]:
    """What the Python examples define, run against the server as the document says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAT_URL", guarded.url)
        patch.setenv("CHAT_KEY", KEYS["reader"])
        defined: dict[str, Any] = {}
        for code in blocks("python"):
            if "AssistantRetriever" not in code:
                exec(code.replace(embedding.INTRANET, intranet.origin), defined)  # noqa: S102  # our own document
        yield defined


@pytest.mark.parametrize("option", ["language", "theme", "accent", "documents", "origin"])
def test_options_that_make_no_sense_are_named(server: Server, option: str) -> None:
    for attack in (*ATTACKS[::7], "#12", "#12345g", "a,,b", "\n#123456", "#123456\n", "https://evil.example"):
        response = server.call("GET", "/embed", params={option: attack})
        assert response.status_code in (403, 422), (attack, response.text)
        if (option, attack) == ("origin", "https://evil.example"):
            continue  # a page may be told what to set so that it can show the chat
        assert response.headers["content-type"] == "application/problem+json"
        assert "frame-ancestors 'self'" in response.headers["content-security-policy"]
    assert server.call("GET", "/embed", params={"documents": ",".join(["x"] * 101)}).status_code == 403
    assert server.call("GET", "/embed", params={"greeting": "x" * 501}).status_code == 422


@given(st.sampled_from((*ATTACKS, *naughty())) | st.text())
def test_a_greeting_is_only_text(greeting: str) -> None:
    shown = making.Page(page(EmbedOptions(greeting=greeting), words("en")))
    plain = making.Page(page(EmbedOptions(greeting="Hello"), words("en")))
    for tag in ("script", "img", "iframe", "a", "p", "style", "svg", "form", "base"):
        assert shown.all(tag) == plain.all(tag)


@given(st.integers(0, 0xFFFFFF))
def test_what_is_written_on_the_accent_can_be_read(colour: int) -> None:
    channels = [((colour >> shift) & 255) / 255 for shift in (16, 8, 0)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    accent = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    ink = 1.0 if ink_on(f"#{colour:06x}") == "#fff" else 0.0
    assert (max(ink, accent) + 0.05) / (min(ink, accent) + 0.05) >= 4.5


def test_short_colours_are_as_long_ones() -> None:
    assert ink_on("#ff0") == ink_on("#ffff00") == "#000"
    assert ink_on("#00f") == ink_on("#0000ff") == "#fff"


def test_the_frame_may_be_shown_where_it_is_said(guarded: Server, intranet: Site) -> None:
    def policy(query: str) -> str:
        response = guarded.call("GET", f"/embed{query}", headers={"Authorization": ""})
        assert "x-frame-options" not in response.headers
        return response.headers["content-security-policy"]

    every, one = policy(""), policy(f"?origin={INTRANET}")
    assert every.endswith(f"frame-ancestors 'self' {INTRANET} {intranet.origin}")
    assert one.endswith(f"frame-ancestors 'self' {INTRANET}")
    assert "default-src 'none'" in one
    assert "unsafe" not in one
    refusal = guarded.call("GET", "/embed?origin=https://other.example&language=de")
    assert refusal.status_code == 403
    assert "ASSISTANT_EMBED_ORIGINS=https://other.example" in making.Page(refusal.text).text
    assert refusal.headers["content-security-policy"].endswith("form-action 'none'; frame-ancestors *")
    framed = {"Sec-Fetch-Dest": "iframe", "Referer": "https://unsaid.example/page?x"}
    assert "ASSISTANT_EMBED_ORIGINS=https://unsaid.example<" in html.unescape(
        guarded.call("GET", "/embed", headers=framed).text
    )


def test_a_form_of_another_site_opens_nothing(guarded: Server, intranet: Site) -> None:
    def opened(origin: str, token: str = "a.b") -> Any:  # noqa: S107  # it is none
        headers = {"Origin": origin, "Authorization": ""}
        path = "/embed/documents/0123?start=3&end=9"
        return guarded.call("POST", path, headers=headers, data={"token": token})

    for origin in (intranet.origin, "null", "https://evil.example"):
        assert opened(origin).status_code == 403
    for token in ("", "a; Domain=evil.example", "a\r\nSet-Cookie: b", "ä", "x" * 4_000):
        assert opened(guarded.url, token).status_code == 422
    onward = opened(guarded.url)
    assert (onward.status_code, onward.headers["location"]) == (303, "/documents/0123?start=3&end=9")
    bound = "?start=3&end=9&version=0123456789abcdef&quote=Am+1.+%C3%A4&quote=%26&digest=3-0123456789abcdef"
    form = {"Origin": guarded.url, "Authorization": ""}
    whole = guarded.call("POST", f"/embed/documents/0123{bound}", headers=form, data={"token": "a.b"})
    assert whole.headers["location"] == f"/documents/0123{bound}"
    cookies = onward.headers.get_list("set-cookie")
    assert [one.split("Path=")[1].split(";")[0] for one in cookies] == [
        "/documents/0123",
        "/api/documents/0123",
    ]
    assert all("HttpOnly" in one for one in cookies)


def test_the_script_is_small_and_careful() -> None:
    code = (ROOT / "assistant" / "web" / "static" / "widget.js").read_text("utf-8")
    assert len(code.encode()) < LARGEST
    for risky in ("innerHTML", "insertAdjacent", "eval", "Function(", "document.write", "import(", "'*'"):
        assert risky not in code


def test_the_script_loads_everywhere(server: Server) -> None:
    response = server.call("GET", "/widget.js", headers={"Origin": "https://any.example"})
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_bot_of_the_document_answers(examples: dict[str, Any], guarded: Server) -> None:
    said = examples["reply"]("How many metres long was the old railway bridge at Remagen?")
    assert "325 metres long" in said
    assert f"[1] <{guarded.url}/documents/" in said
    history = [("Who is mayor in Remagen?", "Mayor Clara Vossberg.")]
    assert "monument to peace" in examples["reply"]("What did she say about the towers?", history)
    assert "question is empty" in examples["reply"](" ")


def test_the_back_end_of_the_document_gets_tokens(
    examples: dict[str, Any], guarded: Server, intranet: Site
) -> None:
    token = examples["chat_token"]()["token"]
    headers = {"Authorization": f"Bearer {token}", "Origin": intranet.origin}
    assert guarded.call("GET", "/api/documents", headers=headers).status_code == 200


def test_the_chat_model_of_the_document_answers(examples: dict[str, Any]) -> None:
    answer = examples["model"].invoke("How many metres long was the old railway bridge at Remagen?")
    assert "325 metres" in answer.content


def test_the_retriever_of_the_document_retrieves(
    tmp_path: Path,
    embedder: SentenceTransformerEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    index = Index.open(tmp_path, embedder)
    path = tmp_path / "bridge.md"
    path.write_text(BRIDGE)
    items = [Item(source=path.name, name=path.name, path=path)]
    ingest(items, index, embedder, lambda path, name, _: load(path.read_bytes(), name))
    index.close()
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    (code,) = (one for one in blocks("python") if "AssistantRetriever" in one)
    defined: dict[str, Any] = {}
    exec(code, defined)  # noqa: S102  # our own document
    defined["retriever"].assistant.close()
    assert capsys.readouterr().out.startswith("The bridge of Remagen 0 ")


def test_the_other_examples_are_well_formed(guarded: Server) -> None:
    for code in blocks("python"):
        compile(code, "docs/embedding.md", "exec")
    for text in blocks("json"):
        assert json.loads(text)
    for kind in ("html", "jsx", "php", "js"):
        for code in blocks(kind):
            assert [code.count(sign) for sign in "({["] == [code.count(sign) for sign in ")}]"]


def test_a_verdict_is_kept_with_what_it_is_about(server: Server) -> None:
    body = {
        "id": "0123456789abcdef",
        "verdict": "down",
        "question": "How long?",
        "answer": "325 metres [1]",
        "mode": "quoted",
        "model": None,
        "citations": [{"document_id": "d", "title": "The bridge", "quote": "325 metres long"}],
    }
    assert server.call("POST", "/embed/feedback", json=body).status_code == 204
    last = json.loads((server.data / "feedback.jsonl").read_text("utf-8").splitlines()[-1])
    assert {**last, "time": None, "note": ""} == {**body, "time": None, "note": ""}
    assert server.call("POST", "/embed/feedback", json={**body, "verdict": "<b>"}).status_code == 422
