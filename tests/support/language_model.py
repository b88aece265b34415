"""A language model that says what a test wants: an OpenAI-compatible server on a real socket, streaming.

    with ScriptedModel() as model:            # model.url goes into ASSISTANT_LLM_BASE_URL
        model.answer = right("325 metres", "The bridge was 325 metres long {}.")

An answer is a function from the prompt to what is sent: words, and things that happen (`Stall`, `Cut`, `Fail`).
"""

from __future__ import annotations

import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

MODEL = "scripted-1"


@dataclass(frozen=True)
class Stall:
    """Nothing more is sent, for so many seconds or until the client goes."""

    seconds: float = 60


@dataclass(frozen=True)
class Ramble:
    """Word after word, for so many seconds or until the client goes: never silent long enough to be given up."""

    seconds: float = 120


@dataclass(frozen=True)
class Pause:
    """A moment of silence, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """The connection ends in the middle."""


@dataclass(frozen=True)
class Fail:
    """An HTTP error instead of a reply."""

    status: int
    message: str = "no"
    headers: dict[str, str] = field(default_factory=dict)


Step = str | Stall | Ramble | Pause | Cut | Fail


@dataclass(frozen=True)
class Prompt:
    """What the model was sent."""

    system: str
    user: str

    def number(self, words: str) -> int:
        """The number of the first sentence that holds ``words``; 0 where none does."""
        found = re.search(rf"^\[(\d+)\] .*{re.escape(words)}", self.user, re.MULTILINE)
        return int(found[1]) if found else 0


Answer = Callable[[Prompt], list[Step]]


def saying(*steps: Step) -> Answer:
    """Whatever is asked, these steps."""
    return lambda prompt: list(steps)


def right(words: str, text: str) -> Answer:
    """``text`` in small pieces, its ``{}`` replaced by the marker of the sentence that holds ``words``."""
    return lambda prompt: list(pieces(text.replace("{}", f"[{prompt.number(words)}]")))


def pieces(text: str, size: int = 3) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


class ScriptedModel:
    """The server. ``answer`` is what it says to a question, ``search`` to being asked for other wordings,
    ``translate`` to being asked for a translation, ``claims`` to being asked for those of a draft. ``left`` is set when a client has gone in mid-stream."""

    def __init__(self) -> None:
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def reset(self) -> None:
        """As at the start: it finds no answer, and no other wording."""
        self.answer: Answer = saying("NOANSWER")
        self.search: Answer = saying("-")
        self.translate: Answer = saying("-")
        self.claims: Answer = saying("-")
        self.failures: list[Fail] = []
        self.prompts: list[Prompt] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def asked(self) -> list[Prompt]:
        """The prompts for answers."""
        return [
            prompt for prompt in self.prompts if "<question>" in prompt.user and "<documents>" in prompt.user
        ]

    def steps(self, prompt: Prompt) -> list[Step]:
        """What is sent for a prompt: first the failures that a test has put in line."""
        if self.failures:
            return [self.failures.pop(0)]
        if "<documents>" in prompt.user:
            return self.answer(prompt)
        if "<conversation>" in prompt.user:
            return self.search(prompt)
        if "<quotations>" in prompt.user:
            return self.translate(prompt)
        if "<draft>" in prompt.user:
            return self.claims(prompt)
        return ["OK"]


def _handler(model: ScriptedModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            texts = {one["role"]: one["content"] for one in body["messages"]}
            prompt = Prompt(texts.get("system", ""), texts["user"])
            model.requests.append(body)
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            model.prompts.append(prompt)
            try:
                self._play(model.steps(prompt), prompt)
            except (BrokenPipeError, ConnectionResetError):
                model.left.set()
                self.close_connection = True

        def _play(self, steps: list[Step], prompt: Prompt) -> None:
            if steps and isinstance(steps[0], Fail):
                self._fail(steps[0])
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._event({"role": "assistant", "content": ""})
            for step in steps:
                if isinstance(step, Pause):
                    time.sleep(step.seconds)
                elif isinstance(step, Stall):
                    self._stall(step.seconds)
                elif isinstance(step, Ramble):
                    self._ramble(step.seconds)
                elif isinstance(step, Cut):
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                else:
                    self._event({"content": step})
            self._event({}, finish="stop")
            words = len(prompt.system + prompt.user) // 4
            self._chunk(usage={"prompt_tokens": words, "completion_tokens": len(steps), "total_tokens": 0})
            self._send(b"data: [DONE]\n\n")
            self._send(b"")

        def _fail(self, failure: Fail) -> None:
            body = json.dumps({"error": {"message": failure.message, "code": failure.status}}).encode()
            self.send_response(failure.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in failure.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _stall(self, seconds: float) -> None:
            """Wait; a client that goes makes the socket readable."""
            readable, _, _ = select.select([self.connection], [], [], seconds)
            if readable:
                raise ConnectionResetError

        def _ramble(self, seconds: float, between: float = 0.25) -> None:
            for _ in range(round(seconds / between)):
                self._stall(between)
                self._event({"content": " on"})

        def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
            self._chunk(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])

        def _chunk(self, **more: Any) -> None:
            chunk = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": MODEL,
                "choices": [],
            }
            self._send(f"data: {json.dumps({**chunk, **more})}\n\n".encode())

        def _send(self, data: bytes) -> None:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()

    return Handler
