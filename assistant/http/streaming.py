"""Server-sent events out of an iterator that blocks: it runs in a thread, and stops when the reader goes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

from fastapi.responses import StreamingResponse

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
