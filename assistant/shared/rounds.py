"""What a server tells the others, and hears of them, every few seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from ingest.errors import StoreError

_log = logging.getLogger(__name__)


class Rounds:
    """Calls ``act`` every so many ``seconds`` in a thread of its own. While the database is away it says so once, and goes on trying."""

    def __init__(self, name: str, seconds: float, act: Callable[[], object]) -> None:
        self._seconds = seconds
        self._act = act
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Returns at once; the database may come later."""
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Stop, and wait for a round that is being made, but no longer than until the next one."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(self._seconds)

    def _work(self) -> None:
        away = False
        while not self._closing.is_set():
            try:
                self._act()
                away = False
            except StoreError as error:
                if not away:
                    _log.warning(error)
                away = True
            self._closing.wait(self._seconds)
