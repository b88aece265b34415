"""Answers that take a while: sent as server-sent events, or waited for only as long as the reader does."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import closing, suppress
from functools import partial
from typing import TypeVar

from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from assistant.types import Answer, DoneEvent, Event

HEARTBEAT = 10.0  # seconds without an event after which a comment tells proxies that all is well
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_log = logging.getLogger(__name__)

_Item = TypeVar("_Item")


def event(name: str, data: str) -> str:
    """One event; ``data`` is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n"


def respond(items: Iterator[str], on_error: Callable[[Exception], str]) -> StreamingResponse:
    """A response of events as they come; ``on_error`` makes the last one where the iterator fails."""
    return StreamingResponse(_events(items, on_error), media_type="text/event-stream", headers=_HEADERS)


async def _events(items: Iterator[str], on_error: Callable[[Exception], str]) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    gone = threading.Event()

    def put(item: str | None) -> None:
        if not gone.is_set():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    # Its own thread: a model that is slow must not use up the few that all requests share.
    threading.Thread(target=_run, args=(items, put, gone, on_error), name="stream", daemon=True).start()
    try:
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if item is None:
                return
            yield item
    finally:
        gone.set()


def _run(
    items: Iterator[str],
    put: Callable[[str | None], None],
    gone: threading.Event,
    on_error: Callable[[Exception], str],
) -> None:
    """Pass items on until there are no more or no one reads them."""
    try:
        for item in items:
            if gone.is_set():
                break
            put(item)
    except Exception as error:  # the thread's edge: the reader is told
        put(on_error(error))
    finally:
        if hasattr(items, "close"):
            items.close()
        put(None)


_LOOK = 0.5  # seconds between two looks whether the reader is still there

_Result = TypeVar("_Result")


async def whole(request: Request, events: Generator[Event]) -> Answer:
    """The answer that the events end with. Raises `ClientDisconnect`, the events stopped, where nobody waits for it."""
    return await while_wanted(request, partial(last, events))


async def while_wanted(request: Request | None, work: Callable[[threading.Event], _Result]) -> _Result:
    """What ``work`` returns in a thread; the event that it is given is set once nobody waits for the result."""
    gone = threading.Event()
    task = asyncio.create_task(run_in_threadpool(work, gone))
    task.add_done_callback(_noticed)
    try:
        while not (await asyncio.wait({task}, timeout=_LOOK))[0]:
            if request is not None and await request.is_disconnected():
                gone.set()
        return await task
    finally:
        gone.set()


def last(events: Generator[Event], gone: threading.Event) -> Answer:
    """The answer that the events end with. Raises `ClientDisconnect` as soon as ``gone`` is set."""
    with closing(events):
        for event in events:
            if isinstance(event, DoneEvent):
                return event.answer
            if gone.is_set():
                break
    raise ClientDisconnect


def _noticed(task: asyncio.Task[_Result]) -> None:
    """Who has stopped waiting does not look at the error: without this asyncio would complain."""
    with suppress(asyncio.CancelledError):
        task.exception()
