"""A collector of OpenTelemetry's spans on loopback, which decodes what is posted to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True, kw_only=True)
class ReceivedSpan:
    """A span as it was sent; the ids are hexadecimal, times in nanoseconds since 1970."""

    name: str
    trace: str
    id: str
    parent: str
    began: int
    ended: int
    links: tuple[str, ...]
    attributes: dict[str, Any]


@dataclass
class Collector:
    url: str
    requests: int = 0
    spans: list[ReceivedSpan] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    services: set[str] = field(default_factory=set)

    def named(self, name: str) -> list[ReceivedSpan]:
        return [one for one in self.spans if one.name == name]

    def below(self, parent: ReceivedSpan) -> set[str]:
        """The names of a span's immediate parts."""
        return {one.name for one in self.spans if one.parent == parent.id and one.trace == parent.trace}

    def take(self, path: str, body: bytes) -> None:
        self.requests += 1
        assert path == "/v1/traces", path
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services |= {
                one.value.string_value for one in resource.resource.attributes if one.key == "service.name"
            }
            for scope in resource.scope_spans:
                self.spans += [_received(one) for one in scope.spans]


def _received(one: Any) -> ReceivedSpan:
    def value(given: Any) -> Any:
        return getattr(given, given.WhichOneof("value"))

    return ReceivedSpan(
        name=one.name,
        trace=one.trace_id.hex(),
        id=one.span_id.hex(),
        parent=one.parent_span_id.hex(),
        began=one.start_time_unix_nano,
        ended=one.end_time_unix_nano,
        links=tuple(link.span_id.hex() for link in one.links),
        attributes={pair.key: value(pair.value) for pair in one.attributes},
    )


@contextmanager
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.take(self.path, body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Collector(url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
