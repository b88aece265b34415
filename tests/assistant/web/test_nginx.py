"""Behind nginx under a path of its own, set up by the very file that deploy/ offers."""

from __future__ import annotations

import os
import re
import select
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import httpx2
import mcp
import openai
import pytest
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.support.browser import GERMAN, add, ask
from tests.support.language_model import MODEL, ScriptedModel, Stall, right
from tests.support.nginx import nginx, nginx_program
from tests.support.server import BRIDGE, GUARDED, KEYS, PASSWORD, Server, in_a_loop, started

QUESTION = "How many metres long was the old railway bridge at Remagen?"
LIMIT_MB = 100


def program() -> str:
    """The program, or the reason why it cannot be tested; CI has it."""
    found = nginx_program()
    if found is None:
        reason = "nginx is missing: apt-get install nginx-light"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return str(found)


@pytest.fixture(scope="module")
def direct(
    model_server: ScriptedModel, tmp_path_factory: pytest.TempPathFactory, tiny_model: Path
) -> Iterator[Server]:
    """The server behind nginx, as it is without it: it asks who is asking, and answers through the scripted model."""
    program()
    folder = tmp_path_factory.mktemp("behind")
    settings = {
        "ASSISTANT_EMBEDDING_MODEL": str(tiny_model),
        "ASSISTANT_LLM": f"openai:{MODEL}",
        "ASSISTANT_LLM_BASE_URL": model_server.url,
        "ASSISTANT_LLM_API_KEY": "a-key",
        "ASSISTANT_API_KEYS": GUARDED["ASSISTANT_API_KEYS"],
        "ASSISTANT_USERS": GUARDED["ASSISTANT_USERS"],
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
        "ASSISTANT_PROXY_HEADER": "X-Remote-User",
        "ASSISTANT_RATE_LIMIT": "100000",
        "ASSISTANT_MAX_UPLOAD_MB": str(LIMIT_MB),
    }
    arguments = ("--root-path", "/assistant")
    with (
        (folder / "errors.txt").open("w+") as errors,
        started(folder, errors, *arguments, key=KEYS["admin"], **settings) as server,
    ):
        server.add(bridge=BRIDGE)
        yield server


@pytest.fixture(scope="module")
def proxied(direct: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same server as others reach it; ``url`` ends with the path under which it is offered."""
    folder = tmp_path_factory.mktemp("nginx")
    port_behind = urlsplit(direct.url).port
    assert port_behind
    with nginx(program(), folder, [port_behind]) as port:
        yield replace(direct, url=f"http://127.0.0.1:{port}/assistant")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    wrong: list[str] = []
    context.on("console", lambda message: wrong.extend(_complaint(message)))
    yield context.new_page()
    context.close()
    assert wrong == []


def _complaint(message: ConsoleMessage) -> list[str]:
    """What a browser complains of, but for leaving a page, and for the icon of the whole site, which is not ours."""
    icon = message.location["url"].endswith("/favicon.ico")
    leaving = message.text.startswith(("AbortError", "Unexpected error"))
    return (
        [f"{message.text} {message.location['url']}"]
        if message.type == "error" and not icon | leaving
        else []
    )


@pytest.mark.browser
def test_the_pages_work_under_a_path(proxied: Server, page: Page, scripted: ScriptedModel) -> None:
    scripted.answer = right("325 metres", "The bridge was 325 metres long {}.")
    page.goto(proxied.url)  # without the slash at the end
    assert page.url.startswith(f"{proxied.url}/login?next=")
    page.locator("[name=name]").fill("eddi")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{proxied.url}/")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "assistant_session"]
    assert cookie["path"] == "/assistant"
    ask(page, QUESTION)
    page.locator("#sources .card a").first.evaluate("link => link.target = '_self'")
    page.locator("#sources .card a").first.click()
    expect(page).to_have_url(re.compile(re.escape(f"{proxied.url}/documents/") + r"\w+\?.*"))
    expect(page.locator("mark").first).to_be_in_viewport()
    page.goto(f"{proxied.url}/")
    add(page, "gebiete.md", GERMAN.encode())
    page.get_by_role("link", name="Documents").click()
    expect(page).to_have_url(f"{proxied.url}/documents")
    expect(page.get_by_text("Uschakow nennt Gebietsfragen offen").first).to_be_visible(timeout=30_000)


def test_answers_come_as_they_are_written(proxied: Server, scripted: ScriptedModel) -> None:
    """The model never ends: what is read here was passed on before the rest was there."""
    scripted.answer = lambda prompt: [
        f"The bridge was 325 metres long [{prompt.number('325 metres')}]. ",
        "It ",
        Stall(),
    ]
    headers = {"Authorization": f"Bearer {KEYS['reader']}"}
    body = {"question": QUESTION, "stream": True}
    with httpx.stream(
        "POST", f"{proxied.url}/api/ask", json=body, headers=headers, trust_env=False, timeout=60
    ) as response:
        lines = response.iter_lines()
        assert "event: delta" in lines
    assert scripted.left.wait(60)  # that the reader has gone is passed on, too


def test_gradios_own_streams_are_passed_on(proxied: Server) -> None:
    headers = {"Authorization": f"Bearer {KEYS['reader']}"}
    for path in ("heartbeat/a-session", "queue/data?session_hash=a-session"):
        with httpx.stream(
            "GET", f"{proxied.url}/gradio_api/{path}", headers=headers, trust_env=False, timeout=60
        ) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            assert next(response.iter_lines()).startswith("data: ")


def test_programs_reach_it_under_the_path(proxied: Server, scripted: ScriptedModel) -> None:
    scripted.answer = right("325 metres", "The bridge was 325 metres long {}.")
    client = openai.OpenAI(base_url=f"{proxied.url}/v1", api_key=KEYS["reader"], max_retries=0)
    answer = client.chat.completions.create(
        model="assistant", messages=[{"role": "user", "content": QUESTION}]
    )
    citations: list[dict[str, Any]] = answer.citations  # type: ignore[attr-defined]  # ours
    address = citations[0]["url"]
    assert address.startswith(f"{proxied.url}/documents/")
    opened = httpx.get(address, headers={"X-API-Key": KEYS["reader"]}, trust_env=False, timeout=60)
    assert "<mark" in opened.text
    found = in_a_loop(_asked(proxied))
    assert f"{proxied.url}/documents/" in found
    answered = proxied.call("POST", "/api/ask", json={"question": QUESTION}).json()
    assert answered["citations"][0]["url"].startswith("/assistant/documents/")


async def _asked(server: Server) -> str:
    headers = {"Authorization": f"Bearer {KEYS['reader']}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http,
        streamable_http_client(f"{server.url}/mcp", http_client=http) as (read, write, *_),
        mcp.ClientSession(read, write) as session,
    ):
        await session.initialize()
        return str(await session.call_tool("ask", {"question": QUESTION}))


def test_only_nginx_says_who_is_asking(proxied: Server, direct: Server) -> None:
    anyone = replace(proxied, key="")
    forged = {"X-Remote-User": "eddi", "X-Forwarded-For": "127.0.0.1"}
    assert anyone.call("GET", "/api/jobs", headers=forged).status_code == 401
    assert direct.call("GET", "/api/health").status_code == 200  # for a check on the machine itself
    assert direct.call("GET", "/assistant/api/health").status_code == 200  # a proxy that leaves the path on
    elsewhere = {"Host": "intranet.example.org"}
    assert anyone.call("GET", "/api/health", headers=elsewhere).status_code == 200
    assert direct.call("GET", "/api/health", headers=elsewhere).status_code == 403
    foreign = {"Origin": "http://evil.example"}
    assert anyone.call("POST", "/login", data={"name": "eddi"}, headers=foreign).status_code == 403


def peak_mb(server: Server) -> float:
    """The most memory that the server process has held so far."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000


class Sending:
    """A multipart body of one file of so many megabytes, made as it is sent; ``sent`` counts its megabytes."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="large.zip"\r\n\r\n'
        for _ in range(self.megabytes):
            self.sent += 1
            yield bytes(1_000_000)
        yield b"\r\n--x--\r\n"


def upload(server: Server, body: Sending) -> httpx.Response:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return server.call("POST", "/api/documents", content=body, headers=headers)


def answer_while(body: Sending, server: Server) -> str:
    """The answer that comes while a body is being sent, by a client that looks for one, as browsers do."""
    address = urlsplit(server.url)
    head = (
        f"POST {address.path}/api/documents HTTP/1.1\r\nHost: {address.netloc}\r\nX-API-Key: {server.key}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=60) as sender:
        sender.sendall(head.encode())
        for piece in body:
            sender.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            if select.select([sender], [], [], 0)[0]:
                break
        answer = b""
        while b"}" not in answer and (more := sender.recv(65_536)):  # a problem comes in one piece or in two
            answer += more
        return answer.decode()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_large_uploads_pass_through_memory_in_pieces(proxied: Server) -> None:
    before = peak_mb(proxied)
    accepted = upload(proxied, Sending(LIMIT_MB))
    assert accepted.status_code == 202, accepted.text
    job = proxied.finished(accepted.json()["jobs"][0]["id"])
    assert job["state"] == "failed"  # it is no archive of anything that can be read
    endless = Sending(20 * LIMIT_MB)
    refusal = answer_while(endless, proxied)
    assert "413" in refusal.partition("\r\n")[0]
    assert f"more than the {LIMIT_MB} MB allowed" in refusal
    assert endless.sent < 4 * LIMIT_MB  # the rest was never sent
    assert peak_mb(proxied) - before < LIMIT_MB / 2
    assert not list((proxied.data / "uploads").glob("*"))
