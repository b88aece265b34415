"""Answers that take a while: sent as server-sent events, or awaited for as long as the client stays connected.

Each is made in a thread of its own. The 40 threads that Starlette's other routes share stay free for sign-in checks and
documents, however slow a language model is. The number of these threads is limited: `_start` answers 503 beyond it.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import closing, suppress
from functools import partial
from typing import TypeVar

from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from assistant.access.rate_limits import hold_place
from assistant.service.admission import MOST_QUESTIONS
from assistant.types import Answer, DoneEvent, Event

MOST_THREADS = (
    MOST_QUESTIONS + 32
)  # answers and checks of drafts being made, or waiting for their turn, in this process
RETRY_AFTER = "2"  # seconds
_HEARTBEAT = 10.0  # seconds without an event after which a comment keeps proxies from closing the connection
_POLL = 0.5  # seconds between two checks whether the client is still connected
NOTHING_YET = ""  # an item that is not sent: at each it is looked whether the client is still there
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_free_threads = threading.BoundedSemaphore(MOST_THREADS)

_Result = TypeVar("_Result")


def _start(work: Callable[[], None], name: str) -> None:
    """Run ``work`` in a thread of its own. Raises `HTTPException` (503) where all threads are taken."""
    if not _free_threads.acquire(blocking=False):
        detail = f"The server is answering {MOST_THREADS} questions already. Try again in a few seconds."
        raise HTTPException(503, detail, {"Retry-After": RETRY_AFTER})
    context = contextvars.copy_context()  # it has the request's id, for the log
    let_go = hold_place()  # a client that leaves must not begin the next answer before this one has stopped

    def run() -> None:
        try:
            context.run(work)
        finally:
            _free_threads.release()
            let_go()

    try:
        threading.Thread(target=run, name=name, daemon=True).start()
    except RuntimeError:  # the system gives no more threads
        _free_threads.release()
        let_go()
        raise


# Server-sent events


def event(name: str, data: str) -> str:
    """One event; ``data`` is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n"


def respond(items: Iterator[str], on_error: Callable[[Exception], str]) -> StreamingResponse:
    """A response of events as they come; ``on_error`` makes the last one where the iterator fails.

    To be called in the event loop. Raises `HTTPException` (503) where too many answers are being made.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    disconnected = threading.Event()

    def put(item: str | None) -> None:
        if not disconnected.is_set():
            with suppress(RuntimeError):  # the server has stopped
                loop.call_soon_threadsafe(queue.put_nowait, item)

    _start(partial(_produce, items, put, disconnected, on_error), "stream")
    return _EventResponse(_events(queue), disconnected)


class _EventResponse(StreamingResponse):
    """Sets ``disconnected`` when it ends, also where the client has left before the first event was looked at."""

    def __init__(self, events: AsyncIterator[str], disconnected: threading.Event) -> None:
        super().__init__(events, media_type="text/event-stream", headers=_HEADERS)
        self._disconnected = disconnected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._disconnected.set()


async def _events(queue: asyncio.Queue[str | None]) -> AsyncIterator[str]:
    """What the thread puts into the queue, until it puts None."""
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), _HEARTBEAT)
        except TimeoutError:
            yield ": still here\n\n"
            continue
        if item is None:
            return
        yield item


def _produce(
    items: Iterator[str],
    put: Callable[[str | None], None],
    disconnected: threading.Event,
    on_error: Callable[[Exception], str],
) -> None:
    """Put the items until there are no more or the client has disconnected."""
    try:
        for item in items:
            if disconnected.is_set():
                break
            if item != NOTHING_YET:
                put(item)
    except Exception as error:  # the thread's edge: the client gets the error as an event
        put(on_error(error))
    finally:
        if hasattr(items, "close"):
            items.close()
        put(None)


# Whole answers


async def whole_answer(request: Request, events: Generator[Event]) -> Answer:
    """The answer that the events end with.

    Raises `ClientDisconnect`, the events stopped, where the client has disconnected, and `HTTPException` (503) where
    too many answers are being made.
    """
    return await while_connected(request, partial(last_answer, events))


async def while_connected(request: Request | None, work: Callable[[threading.Event], _Result]) -> _Result:
    """What ``work`` returns in a thread of its own; its event is set once the client has disconnected.

    Raises `HTTPException` (503) where too many answers are being made.
    """
    disconnected = threading.Event()
    future = _in_thread(partial(work, disconnected))
    try:
        while not (await asyncio.wait({future}, timeout=_POLL))[0]:
            if request is not None and await request.is_disconnected():
                disconnected.set()
        return future.result()
    finally:
        disconnected.set()


def _in_thread(work: Callable[[], _Result]) -> asyncio.Future[_Result]:
    """The result of ``work``, which runs in a thread of its own."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_Result] = loop.create_future()
    future.add_done_callback(_retrieve_exception)

    def run() -> None:
        try:
            finish = partial(future.set_result, work())
        except BaseException as error:  # the thread's edge: it is raised where the future is awaited
            finish = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the server has stopped
            loop.call_soon_threadsafe(finish)

    _start(run, "answer")
    return future


def last_answer(events: Generator[Event], disconnected: threading.Event) -> Answer:
    """The answer that the events end with. Raises `ClientDisconnect` as soon as ``disconnected`` is set."""
    with closing(events):
        for event in events:
            if isinstance(event, DoneEvent):
                return event.answer
            if disconnected.is_set():
                break
    raise ClientDisconnect


def _retrieve_exception(future: asyncio.Future[_Result]) -> None:
    """asyncio complains of an exception that nobody retrieves, as when the request is cancelled."""
    if not future.cancelled():
        future.exception()
