"""Small sites on ports of their own, for pages that are not the server's."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[], dict[str, Any] | str]


class Site:
    """Answers with what stands in ``pages``, by path: HTML, or a function that returns JSON or, when it likes, HTML.

    It is called "localhost": for a browser that is another site than 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.pages: dict[str, str | Answer] = {"/favicon.ico": ""}  # browsers ask for it of their own accord


@contextmanager
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # so named by the library
            answer = there.pages.get(self.path)
            page = answer() if callable(answer) else answer
            kind = "text/html" if isinstance(page, str) else "application/json"
            body = page if isinstance(page, str) else json.dumps(page or {})
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

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
