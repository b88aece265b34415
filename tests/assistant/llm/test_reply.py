"""A whole reply, collected; the model is a generator of the test's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator

import pytest

from assistant.errors import ModelFailed
from assistant.llm.reply import Piece, Reply, collected
from assistant.types import StatusEvent, Usage


def outcome(steps: Generator[StatusEvent, None, str]) -> tuple[list[StatusEvent], str]:
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as stop:
            return events, stop.value


def reply(stream: Callable[[], AsyncIterator[Piece]]) -> Reply:
    return Reply(stream, timeout=60, retries=0)


def test_a_reply_is_collected_with_its_usage() -> None:
    async def stream() -> AsyncIterator[Piece]:
        yield Piece(text="It is ")
        await asyncio.sleep(0.7)  # longer than a tick: the reader hears of it
        yield Piece(text="so.", usage=Usage(input_tokens=3, output_tokens=2), ending="stop")

    model = reply(stream)
    events, text = outcome(collected(model, "answering", 1_000))
    assert text == "It is so."
    assert set(events) == {StatusEvent(stage="answering")}
    assert model.usage == Usage(input_tokens=3, output_tokens=2)


@pytest.mark.parametrize("why", ["busy", "broken"])
def test_a_reply_that_fails_is_empty(why: str) -> None:
    async def stream() -> AsyncIterator[Piece]:
        yield Piece(text="It is ")
        raise ModelFailed(why, "no")

    assert outcome(collected(reply(stream), "answering", 1_000))[1] == ""


def test_a_reply_without_end_is_stopped() -> None:
    stopped = threading.Event()

    async def stream() -> AsyncIterator[Piece]:
        try:
            while True:
                yield Piece(text="and so on ")
                await asyncio.sleep(0)
        finally:
            stopped.set()

    text = outcome(collected(reply(stream), "answering", 100))[1]
    assert text.startswith("and so on and so on ")
    assert len(text) <= 110
    assert stopped.wait(30)
