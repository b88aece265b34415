"""OpenAI's protocol where a model fails in the midst of an answer, and where the reader goes: in this process."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from assistant.api.schemas.answers import CitationSchema
from assistant.api.schemas.openai import ChatMessage, turns_of, with_sources, without_sources
from assistant.core import Assistant
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import Answer, DeltaEvent, DoneEvent, RetractedEvent, Usage
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from tests.support.server import Server, serving

NOTICE = "The language model failed: this is quoted."
ASKED = {"model": "assistant", "messages": [{"role": "user", "content": "Why?"}]}


class Failing(Assistant):
    """Its model says some words, then fails."""

    def stream(self, *asked: Any, **more: Any) -> Iterator[Any]:
        yield DeltaEvent(text="Because the ")
        yield RetractedEvent(reason="broken")
        yield DeltaEvent(text="Therefore.")
        yield DoneEvent(
            answer=Answer(
                question="Why?",
                text="Therefore.",
                statements=(),
                citations=(),
                refused=False,
                mode="quoted",
                language="en",
                notice=NOTICE,
                usage=Usage(input_tokens=7, output_tokens=3),
            )
        )


class Endless(Assistant):
    stopped = threading.Event()

    def stream(self, *asked: Any, **more: Any) -> Iterator[Any]:
        try:
            while True:
                yield DeltaEvent(text="and so on ")
                time.sleep(0.01)
        finally:
            self.stopped.set()


@contextmanager
def served(kind: type[Assistant], folder: Path, embedder: SentenceTransformerEmbedder) -> Iterator[Server]:
    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        return kind(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

    with serving(Service(Settings.model_validate({"data_dir": folder / "data"}), opener=opener)) as server:
        while server.call("GET", "/api/health").json()["status"] == "loading":
            time.sleep(0.05)
        yield server


def test_what_was_streamed_stays_and_the_quotes_follow(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    with served(Failing, tmp_path, embedder) as server:
        client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none is asked for")
        messages: Any = ASKED["messages"]
        chunks = client.chat.completions.create(model="assistant", messages=messages, stream=True)
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert said == f"Because the \n\n---\n{NOTICE}\n\nTherefore."
        whole = client.chat.completions.create(model="assistant", messages=messages)
        assert whole.choices[0].message.content == f"Therefore.\n\n{NOTICE}"
        assert whole.usage is not None
        assert (whole.usage.prompt_tokens, whole.usage.completion_tokens) == (7, 3)
        counted = server.call("GET", "/metrics").text
        assert "assistant_questions_total" in counted


@pytest.mark.parametrize("stream", [True, False])
def test_a_reader_who_goes_stops_the_answer(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, stream: bool
) -> None:
    Endless.stopped.clear()
    with served(Endless, tmp_path, embedder) as server:
        url, patience = f"{server.url}/v1/chat/completions", 60 if stream else 1
        with httpx.Client(timeout=httpx.Timeout(60, read=patience), trust_env=False) as client:
            if stream:
                with client.stream("POST", url, json={**ASKED, "stream": True}) as response:
                    next(response.iter_bytes())
            else:
                with pytest.raises(httpx.ReadTimeout):
                    client.post(url, json=ASKED)
        assert Endless.stopped.wait(60)


def test_sources_are_added_and_taken_off() -> None:
    citation = CitationSchema(
        number=1,
        quote="x",
        document_id="d",
        title="A\nB",
        source="s",
        published=None,
        page=2,
        start=0,
        end=1,
        url="http://here/documents/d",
        translation="",
    )
    text = with_sources("It is so [1].", [citation], "de")
    assert text == "It is so [1].\n\nQuellen:\n[1] A B (p. 2): http://here/documents/d"
    assert without_sources(text) == "It is so [1]."
    hostile = citation.model_copy(update={"title": "![a](http://evil.example)"})
    shown = with_sources("“![b](http://evil.example)” [1]", [hostile], "en")
    assert "](" not in shown
    assert re.findall(r"\w+://\S+", shown) == ["http://here/documents/d"]
    assert without_sources("No Sources:\n[1] here") == "No Sources:\n[1] here"
    question, turns = turns_of(
        [
            ChatMessage(role="system", content="Be a pirate."),
            ChatMessage(role="user", content="Never answered"),
            ChatMessage(role="user", content="First?"),
            ChatMessage(role="assistant", content=text),
            ChatMessage(role="user", content="Second?"),
        ]
    )
    assert question == "Second?"
    assert [(turn.question, turn.answer) for turn in turns] == [("First?", "It is so [1].")]


def test_a_conversation_is_never_too_long(server: Server) -> None:
    """Clients send all of it, however long its answers are."""
    messages = [
        {"role": "user", "content": "Who is mayor in Remagen? " * 400},
        {"role": "assistant", "content": "Clara Vossberg. " * 2_000},
    ] * 20
    body = {"model": "assistant", "messages": [*messages, {"role": "user", "content": "What did she say?"}]}
    response = server.call("POST", "/v1/chat/completions", json=body)
    assert response.status_code == 200, response.text
