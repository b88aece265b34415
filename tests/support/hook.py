"""A web server that is posted to, and answers as it is told: with a status, a redirect, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Posted:
    """What has been posted."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Hook:
    """``answers`` are statuses or places to lead to, the next one first; then it answers 204. ``hangs`` keeps it from answering."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook"
        self.posted: list[Posted] = []
        self.answers: list[int | str] = []
        self.hangs = threading.Event()
        self.goes_on = threading.Event()


@contextmanager
def hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # so named by the library
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.posted.append(Posted(self.path, dict(self.headers), body))
            if there.hangs.is_set():
                there.goes_on.wait(30)
            answer = there.answers.pop(0) if there.answers else 204
            self.send_response(307 if isinstance(answer, str) else answer)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = Hook(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield there
    finally:
        there.goes_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
