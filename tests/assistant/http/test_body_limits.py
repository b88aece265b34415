"""How long a body may be: by route, whatever the request says of its length and kind."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.http.body_limits import MAX_FILES, SIZES
from assistant.http.permissions import RULES
from tests.support.server import Server, problem

MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
MEGABYTE = 1_000_000  # ASSISTANT_MAX_UPLOAD_MB of the server is 1
ROUTES = [
    ("POST", "/api/ask", SIZES["json"]),
    ("POST", "/api/search", SIZES["json"]),
    ("POST", "/v1/chat/completions", SIZES["text"]),
    ("POST", "/embed/ask", SIZES["json"]),
    ("POST", "/gradio_api/cancel", SIZES["json"]),
    ("POST", "/login", SIZES["form"]),
    ("POST", "/embed/documents/x", SIZES["form"]),
    ("POST", "/mcp", SIZES["text"]),
    ("POST", "/gradio_api/queue/join", SIZES["text"]),
]
# A form's route does not read JSON at all.
READ = [
    (*route, kind)
    for route in ROUTES
    for kind in ("application/json", "application/x-www-form-urlencoded", MULTIPART["Content-Type"])
    if (route[2], kind) != (SIZES["form"], "application/json")
]


def pieces(length: int, head: bytes = b"") -> Iterator[bytes]:
    """``head`` and so many bytes after it, sent in chunks, which announces no length."""
    yield head
    for start in range(0, length, 100_000):
        yield b"x" * min(100_000, length - start)


def part(name: str = "a.txt") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()


@pytest.mark.parametrize(("method", "path", "limit", "kind"), READ)
def test_a_longer_body_in_chunks_is_refused(
    server: Server, method: str, path: str, limit: int, kind: str
) -> None:
    head = part() if kind.startswith("multipart") else b""
    headers = {"Content-Type": kind, "Accept": "application/json, text/event-stream"}
    response = server.call(method, path, content=pieces(limit + 1, head), headers=headers)
    if path.startswith("/v1/"):
        assert response.status_code == 413
        detail = response.json()["error"]["message"]
    else:
        detail = problem(response, 413)
    assert f"longer than the {limit:,} bytes" in detail
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize(("method", "path", "limit"), ROUTES)
def test_an_announced_length_is_refused_before_the_body(
    server: Server, method: str, path: str, limit: int
) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=60) as sender:
        head = f"{method} {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {limit + 1}\r\n\r\n"
        sender.sendall(head.encode())
        answer = b""
        while b"}" not in answer and (received := sender.recv(65_536)):
            answer += received
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert f"{limit:,} bytes".encode() in answer


def test_a_body_of_exactly_the_limit_is_read(server: Server) -> None:
    body = b"[" + b" " * (SIZES["json"] - 2) + b"]"
    headers = {"Content-Type": "application/json"}
    assert server.call("POST", "/api/ask", content=body, headers=headers).status_code == 422
    assert server.call("POST", "/api/ask", content=body + b" ", headers=headers).status_code == 413


def test_an_upload_takes_files_up_to_their_limit(server: Server) -> None:
    def upload(length: int, path: str = "/api/documents") -> httpx.Response:
        def body() -> Iterator[bytes]:
            yield from pieces(length, part("limit.bin"))
            yield b"\r\n--x--\r\n"

        return server.call("POST", path, content=body(), headers=MULTIPART)

    accepted = upload(MEGABYTE)
    assert accepted.status_code == 202, accepted.text
    server.finished(accepted.json()["jobs"][0]["id"])
    assert "1 MB" in problem(upload(MEGABYTE + 1), 413)
    assert upload(MEGABYTE, "/gradio_api/upload").status_code == 200


def test_several_files_together_may_be_longer_than_one(server: Server) -> None:
    files = [("files", (f"{number}.bin", b"\0" * 900_000)) for number in range(3)]
    accepted = server.call("POST", "/api/documents", files=files)
    assert accepted.status_code == 202, accepted.text
    for job in accepted.json()["jobs"]:
        server.finished(job["id"])


@pytest.mark.parametrize("path", ["/api/documents", "/gradio_api/upload"])
def test_an_upload_is_limited_as_a_whole(server: Server, path: str) -> None:
    """By what the client announces: nobody sends a gigabyte here."""
    address = urlsplit(server.url)
    length = 2 * MAX_FILES * MEGABYTE
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=60) as sender:
        sender.sendall(head.encode())
        assert sender.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_what_is_sent_as_json_is_no_upload(server: Server) -> None:
    headers = {"Content-Type": "application/json"}
    response = server.call("POST", "/api/documents", content=pieces(SIZES["json"] + 1), headers=headers)
    assert "longer than" in problem(response, 413)


def test_strangers_are_limited_too(guarded: Server) -> None:
    anyone = replace(guarded, key="")
    response = anyone.call("POST", "/login", content=pieces(SIZES["form"] + 1, part()), headers=MULTIPART)
    assert "longer than" in problem(response, 413)


def test_only_uploads_are_longer_than_a_text() -> None:
    uploads = {rule.path for rule in RULES if rule.body == "upload"}
    assert uploads == {"/api/documents", "/gradio_api/upload"}
