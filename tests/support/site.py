"""Small sites on ports of their own, for pages that are not the server's."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[], dict[str, Any] | str]


@dataclass(frozen=True, kw_only=True)
class Served:
    """An answer of any kind. With a ``tag`` whoever sends that of the version they know gets 304 and nothing else."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    tag: str = ""


class Site:
    """Answers with what stands in ``pages``, by path: HTML, `Served`, or a function that returns JSON or, when it
    likes, HTML.

    It is called "localhost": for a browser that is another site than 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.asked: list[tuple[str, int]] = []  # path and status of each answer
        self.pages: dict[str, str | Served | Answer] = {
            "/favicon.ico": ""
        }  # browsers ask for it of their own accord


@contextmanager
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # so named by the library
            answer = there.pages.get(self.path)
            if isinstance(answer, Served):
                self.serve(answer)
                return
            page = answer() if callable(answer) else answer
            there.asked.append((self.path, 404 if page is None else 200))
            kind = "text/html" if isinstance(page, str) else "application/json"
            body = page if isinstance(page, str) else json.dumps(page or {})
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def serve(self, served: Served) -> None:
            known = served.tag and self.headers.get("If-None-Match") == served.tag
            status = 304 if known else served.status
            there.asked.append((self.path, status))
            self.send_response(status)
            self.send_header("Content-Type", served.kind)
            if served.tag:
                self.send_header("ETag", served.tag)
            self.end_headers()
            self.wfile.write(b"" if known else served.body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
