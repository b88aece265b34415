"""Clients that others have made, unchanged, against a running server that asks who is asking."""

from __future__ import annotations

import json
import socket
import sys
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import gradio_client
import httpx
import httpx2
import mcp
import openai
import pytest
from gradio_client.exceptions import AuthenticationError
from langchain_openai import ChatOpenAI
from mcp.client.streamable_http import streamable_http_client

from tests.support.server import KEYS, Server, environment, in_a_loop

QUESTION = "How many metres long was the old railway bridge at Remagen?"
ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


@pytest.fixture(scope="module")
def client(guarded: Server) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{guarded.url}/v1", api_key=KEYS["reader"], max_retries=0)


# OpenAI


def test_openai_asks(client: openai.OpenAI, guarded: Server) -> None:
    assert [model.id for model in client.models.list()] == ["assistant"]
    assert client.models.retrieve("assistant").owned_by == "article-assistant"
    answer = client.chat.completions.create(model="assistant", messages=ASKED, temperature=0.1)
    text = answer.choices[0].message.content or ""
    assert "325 metres long" in text
    assert "[1]" in text
    assert answer.choices[0].finish_reason == "stop"
    citations: list[dict[str, Any]] = answer.citations  # type: ignore[attr-defined]  # ours
    assert citations[0]["url"].startswith(f"{guarded.url}/documents/")
    assert f"\n\nSources:\n[1] The bridge of Remagen: {citations[0]['url']}" in text
    usage = answer.usage
    assert usage is not None
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.completion_tokens > usage.prompt_tokens > 10


def test_openai_streams_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="assistant", messages=ASKED)
    chunks = list(
        client.chat.completions.create(
            model="assistant", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].citations == whole.citations  # type: ignore[attr-defined]  # ours
    assert chunks[-1].usage == whole.usage


def test_openai_holds_a_conversation_and_filters(client: openai.OpenAI, guarded: Server) -> None:
    first = client.chat.completions.create(
        model="assistant", messages=[{"role": "user", "content": "Who is mayor in Remagen?"}]
    )
    answer = client.chat.completions.create(
        model="assistant",
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": "Who is mayor in Remagen?"},
            {"role": "assistant", "content": first.choices[0].message.content},
            {"role": "user", "content": [{"type": "text", "text": "What did she say about the towers?"}]},
        ],
    )
    assert "monument to peace" in (answer.choices[0].message.content or "")
    none = client.chat.completions.create(
        model="assistant", messages=ASKED, extra_body={"published_from": "2020-01-01"}
    )
    assert none.citations == []  # type: ignore[attr-defined]  # ours


def test_openai_is_told_what_is_wrong(client: openai.OpenAI, guarded: Server) -> None:
    with pytest.raises(openai.NotFoundError, match="The only one is 'assistant'"):
        client.chat.completions.create(model="gpt-4o", messages=ASKED)
    for messages in ([{"role": "user", "content": " "}], [{"role": "assistant", "content": "Well?"}]):
        with pytest.raises(openai.UnprocessableEntityError, match="must be a user's"):
            client.chat.completions.create(model="assistant", messages=messages)  # type: ignore[arg-type]
    with pytest.raises(openai.UnprocessableEntityError, match="20,000 characters"):
        client.chat.completions.create(
            model="assistant", messages=[{"role": "user", "content": "x" * 20_000}], stream=True
        )
    with pytest.raises(openai.AuthenticationError, match="is expired"):
        client.with_options(api_key=KEYS["expired"]).models.list()
    body = httpx.post(f"{guarded.url}/v1/nope", headers={"Authorization": "Bearer x"}, trust_env=False).json()
    assert set(body["error"]) == {"message", "type", "param", "code"}


def test_langchain_asks_and_streams(guarded: Server) -> None:
    model = ChatOpenAI(model="assistant", base_url=f"{guarded.url}/v1", api_key=KEYS["reader"])  # type: ignore[arg-type]  # it takes text
    answer = model.invoke([("system", "Be brief."), ("human", QUESTION)])
    assert "325 metres long" in str(answer.content)
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 10
    assert "".join(str(chunk.content) for chunk in model.stream(QUESTION)) == answer.content


# MCP


def over_http(server: Server, role: str, use: Callable[[mcp.Client], Awaitable[None]], mode: str) -> None:
    async def run() -> None:
        headers = {"Authorization": f"Bearer {KEYS[role]}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http:
            transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
            async with mcp.Client(transport, mode=mode) as client:
                await use(client)

    in_a_loop(run())


async def names(client: mcp.Client) -> list[str]:
    return [tool.name for tool in (await client.list_tools()).tools]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_mcp_tools_are_listed_and_called(guarded: Server, mode: str) -> None:
    async def use(client: mcp.Client) -> None:
        assert await names(client) == [
            "ask",
            "search",
            "find_words",
            "statements",
            "sources",
            "check",
            "verify_quotes",
            "new_findings",
            "keep_question",
            "list_documents",
        ]
        answer = await client.call_tool("ask", {"question": QUESTION})
        assert not answer.is_error
        assert "325 metres long" in answer.content[0].text
        citation = answer.structured_content["citations"][0]
        assert citation["url"] == f"{guarded.url}{citation['url'].removeprefix(guarded.url)}"
        hits = await client.call_tool("search", {"query": "museum in the towers", "limit": 1})
        assert "museum" in hits.structured_content["hits"][0]["text"]
        found = await client.call_tool("find_words", {"query": '"surviving towers"'})
        assert found.structured_content["hits"][0]["url"].startswith(f"{guarded.url}/documents/")
        assert "the surviving towers a monument" in found.content[0].text
        listed = await client.call_tool("list_documents", {"query": "Remagen"})
        assert listed.structured_content["documents"][0]["id"] == citation["document_id"]
        kept = await client.call_tool("keep_question", {"question": "When does the museum open again?"})
        assert kept.structured_content["question"] == "When does the museum open again?"
        news = await client.call_tool("new_findings", {})
        nothing = {"new": 0, "with_news": 0, "next_offset": None, "questions": []}
        assert news.structured_content == {"kept": 1, **nothing}
        assert "0 new to 0 of 1 standing questions" in news.content[0].text
        too_many = await client.call_tool("new_findings", {"limit": 0})
        assert "limit" in too_many.content[0].text
        refused = await client.call_tool("add_document", {"title": "A", "text": "B."})
        assert refused.is_error
        wrong = await client.call_tool("search", {"query": "x", "limit": 0})
        assert "limit" in wrong.content[0].text
        empty = await client.call_tool("ask", {"question": " "})
        assert "empty" in empty.content[0].text

    over_http(guarded, "reader", use, mode)


def test_mcp_editors_add(guarded: Server) -> None:
    async def use(client: mcp.Client) -> None:
        assert "add_document" in await names(client)
        news = await client.call_tool("new_findings", {})
        assert news.structured_content["kept"] == 0  # of another key's questions nothing is seen
        text = "The otter Ottilie lives below the weir of Bremerwerth. She eats crayfish only."
        added = await client.call_tool("add_document", {"title": "Otters / 2024", "text": text})
        assert added.structured_content["state"] == "done"
        assert added.structured_content["source"] == "Otters 2024.md"
        answer = await client.call_tool("ask", {"question": "Where does the otter Ottilie live?"})
        assert "Bremerwerth" in answer.content[0].text
        again = await client.call_tool("add_document", {"title": "Otters / 2024", "text": text})
        assert again.structured_content["document_id"] == added.structured_content["document_id"]
        neither = await client.call_tool("add_document", {"title": "Otters"})
        assert "a title and a text" in neither.content[0].text

    over_http(guarded, "editor", use, "auto")


@pytest.mark.parametrize("flags", [[], ["--allow-add"]])
def test_mcp_over_stdio_goes_through_the_running_server(guarded: Server, flags: list[str]) -> None:
    command = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", *flags],
        env=environment(ASSISTANT_DATA_DIR=str(guarded.data)),
    )

    async def run() -> None:
        async with mcp.Client(command) as client:
            assert ("add_document" in await names(client)) is bool(flags)
            answer = await client.call_tool("ask", {"question": QUESTION})
            assert "325 metres long" in answer.content[0].text
            assert answer.structured_content["citations"][0]["url"].startswith(guarded.url)
            listed = await client.call_tool("list_documents", {})
            assert listed.structured_content["total"] >= 1
            kept = await client.call_tool("keep_question", {"question": "Who dives near the bridge?"})
            news = await client.call_tool("new_findings", {})
            assert (kept.is_error, news.structured_content["kept"]) == (False, 1)
            added = await client.call_tool(
                "add_document", {"title": "Via stdio", "text": "Herons fish at dawn."}
            )
            assert added.is_error is not bool(flags)

    in_a_loop(run())


@pytest.mark.usefixtures("with_tiny_model")
def test_mcp_over_stdio_alone(tmp_path: Any) -> None:
    command = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", "--allow-add"],
        env=environment(ASSISTANT_DATA_DIR=str(tmp_path / "data")),
    )

    async def run() -> None:
        async with mcp.Client(command) as client:
            text = "The lighthouse of Hohewarte has 88 steps. Its keeper is Jette Brink."
            added = await client.call_tool("add_document", {"title": "Lighthouse", "text": text})
            assert added.structured_content["state"] == "done", added
            answer = await client.call_tool(
                "ask", {"question": "How many steps has the lighthouse of Hohewarte?"}
            )
            assert "88 steps" in answer.content[0].text

    in_a_loop(run())


# Gradio


def test_gradio_asks_with_a_key_only(guarded: Server) -> None:
    with pytest.raises(AuthenticationError):
        gradio_client.Client(guarded.url, verbose=False)
    headers = {"Authorization": f"Bearer {KEYS['reader']}"}
    client = gradio_client.Client(guarded.url, headers=headers, verbose=False)
    assert list(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == ["/ask"]
    answer = client.predict(QUESTION, api_name="/ask")
    assert "325 metres long" in answer["answer"]
    client.close()


def queued(
    server: Server, fn: int, data: list[Any], event: dict[str, Any] | None = None, **headers: str
) -> dict[str, Any]:
    """What an event of the page leads to, as a page without scripts of ours would send it."""
    session = {"session_hash": uuid.uuid4().hex}
    body = {"data": data, "fn_index": fn, "event_data": event, **session}
    joined = server.call("POST", "/gradio_api/queue/join", json=body, headers=headers)
    assert joined.status_code == 200, joined.text
    events = server.call("GET", "/gradio_api/queue/data", params=session, headers=headers).text
    messages = [json.loads(line.removeprefix("data: ")) for line in events.splitlines() if line.strip()]
    return next(dict(one) for one in messages if one["msg"] == "process_completed")


def handler(server: Server, elem_id: str, event: str) -> int:
    """The number of the function that the page calls for an event of that component."""
    config = server.call("GET", "/config").json()
    ids = [one["id"] for one in config["components"] if one["props"].get("elem_id") == elem_id]
    return next(
        int(one["id"])
        for one in config["dependencies"]
        for target in one["targets"]
        if target == [ids[0], event]
    )


def test_a_page_does_for_readers_what_readers_may(guarded: Server) -> None:
    fn = handler(guarded, "address", "submit")
    refused = queued(guarded, fn, ["http://127.0.0.1:9/", None], Authorization=f"Bearer {KEYS['reader']}")
    assert refused["success"] is False
    assert "your role does not allow it" in refused["output"]["error"]
    assert not jobs(guarded, "http://127.0.0.1:9/")
    allowed = queued(guarded, fn, ["http://127.0.0.1:9/", None], Authorization=f"Bearer {KEYS['editor']}")
    assert allowed["success"] is True
    assert len(jobs(guarded, "http://127.0.0.1:9/")) == 1


@pytest.mark.parametrize(("role", "seen"), [("reader", False), ("editor", True)])
def test_readers_do_not_see_what_adds_and_deletes(guarded: Server, role: str, seen: bool) -> None:
    config = guarded.call("GET", "/config").json()
    ids = {one["props"].get("elem_id"): one["id"] for one in config["components"]}
    parts = [ids[name] for name in ("adding", "delete", "correct")]
    looks = [one for one in config["dependencies"] if one["outputs"] == parts]
    done = queued(guarded, looks[0]["id"], [], Authorization=f"Bearer {KEYS[role]}")
    assert [update["visible"] for update in done["output"]["data"]] == [seen] * 3


def jobs(server: Server, source: str) -> list[dict[str, Any]]:
    listed = server.call("GET", "/api/jobs", params={"limit": 1_000}).json()["jobs"]
    return [job for job in listed if job["source"] == source]


def test_no_component_fetches_an_address(guarded: Server) -> None:
    """A file that the page is told to take from an address would make the server ask there."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/secret.md"
        file = {"path": url, "url": url, "name": "never-fetched.md", "meta": {"_type": "gradio.FileData"}}
        done = queued(guarded, handler(guarded, "jobs", "input"), [None], {"act": "files", "value": [file]})
        assert done["success"] is True
        assert not jobs(guarded, "never-fetched.md")
        trap.setblocking(False)
        with pytest.raises(BlockingIOError):
            trap.accept()
