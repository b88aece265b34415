"""A language model's reply as it comes, read on an event loop so that it can be stopped at any moment.

A thread that waits for a socket cannot be told to stop; a task of an event loop can. Cancelling it closes
the connection, and that is what makes a server stop generating.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, SimpleQueue

from assistant.errors import ModelFailed
from assistant.llm.failures import Failure, failure_of
from assistant.types import StatusEvent, Usage

TICK = 0.5  # seconds of silence after which an empty piece is yielded
RETRIES = 2  # after the first attempt
PAUSES = (0.5, 1.5)  # seconds before each retry, where the server asks for nothing else
LONGEST_REPLY = 200_000  # characters, thoughts included, after which a model is stopped
LONGEST_PAUSE = 10.0  # seconds; a server that asks for more is not asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """More of a reply; the last one's ``ending`` is why it ended: "stop", "length", "" without a reason."""

    text: str
    usage: Usage | None = None
    ending: str | None = None


class Reply:
    """Iterate for the text, "" after each `TICK` of silence; `close` stops the model.

    ``request`` starts a new stream for each attempt; ``timeout`` is in seconds of silence. With ``strict``
    a stream that ends without a reason counts as cut. ``on_end`` is told whether the model has answered. Iterating raises `ModelFailed`.
    """

    def __init__(
        self,
        request: Callable[[], AsyncIterator[Piece]],
        *,
        timeout: float,
        retries: int = RETRIES,
        strict: bool = False,
        on_end: Callable[[bool], object] = lambda well: None,
    ) -> None:
        self.usage = Usage()
        self.ending: str | None = None
        self._request, self._timeout, self._retries, self._strict = request, timeout, retries, strict
        self._pieces: SimpleQueue[Piece | ModelFailed | None] = SimpleQueue()
        self._on_end = on_end
        self._started = False
        self._length = 0
        self._task = asyncio.run_coroutine_threadsafe(self._run(), _loop())

    def __iter__(self) -> Iterator[str]:
        try:
            while True:
                try:
                    piece = self._pieces.get(timeout=TICK)
                except Empty:
                    yield ""
                    continue
                if piece is None:
                    return
                if isinstance(piece, ModelFailed):
                    raise piece
                yield piece.text
        finally:
            self.close()

    def close(self) -> None:
        """Stop the model, if it has not ended."""
        self._task.cancel()

    async def _run(self) -> None:
        try:
            await self._persist()
            self._on_end(True)
        except ModelFailed as failed:
            self._on_end(False)
            self._pieces.put(failed)
        except asyncio.CancelledError:  # whoever asked has enough
            if self._started:
                self._on_end(True)
            raise
        finally:
            self._pieces.put(None)

    async def _persist(self) -> None:
        """Send the request until it succeeds, as long as a retry may help and no text has come yet."""
        for attempt in range(self._retries + 1):
            try:
                await self._attempt()
                return
            except ModelFailed:
                raise
            except Exception as error:  # every provider raises its own kinds
                failure = failure_of(error)
                pause = _pause(failure, attempt)
                if self._started or attempt == self._retries or pause is None:
                    raise self._failed(failure) from error
            await asyncio.sleep(pause)

    async def _attempt(self) -> None:
        stream = self._request()
        while True:
            async with asyncio.timeout(self._timeout):
                piece = await anext(stream, None)
            if piece is None:
                break
            self._take(piece)
        if self._strict and self.ending is None:
            raise ModelFailed("broken", "The connection ended in the middle of the reply.")

    def _take(self, piece: Piece) -> None:
        self.usage = piece.usage or self.usage
        self.ending = self.ending if piece.ending is None else piece.ending
        self._length += len(piece.text)
        if self._length > LONGEST_REPLY:
            raise ModelFailed("broken", "The reply had no end, and was stopped.")
        if piece.text:
            self._started = True
            self._pieces.put(piece)

    def _failed(self, failure: Failure) -> ModelFailed:
        why = "broken" if self._started and failure.why in ("unreachable", "failed") else failure.why
        if why == "slow":
            return ModelFailed(why, f"Nothing came from the model for {self._timeout:g} seconds.")
        return ModelFailed(why, failure.detail)


def collected(reply: Reply, stage: str, longest: int) -> Generator[StatusEvent, None, str]:
    """The whole text of a reply; "" where the model fails. It is stopped at ``longest`` characters, or when closed.

    Yields the status ``stage`` while the model is silent.
    """
    text = ""
    try:
        for piece in reply:
            text += piece
            if len(text) > longest:
                break
            if not piece:
                yield StatusEvent(stage=stage)
    except ModelFailed:
        return ""
    finally:
        reply.close()
    return text


def _pause(failure: Failure, attempt: int) -> float | None:
    """Seconds to wait before the next attempt; None where another attempt is useless."""
    if not failure.again:
        return None
    pause = PAUSES[min(attempt, len(PAUSES) - 1)] if failure.after is None else failure.after
    return pause if pause <= LONGEST_PAUSE else None


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """One for the process: the clients' connections belong to the loop that opened them."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model", daemon=True).start()
    return loop
