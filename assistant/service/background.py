"""A thread that works for as long as the server runs, and ends soon when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable

_PATIENCE = 10.0  # seconds that closing waits for the thread


class BackgroundThread:
    """Runs ``work``, which looks at ``closing`` between two steps and waits by it. Thread-safe."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.closing = threading.Event()
        self._thread = threading.Thread(target=work, name=name, daemon=True)

    def start(self) -> None:
        """Begin, or go on where an earlier process has been. Returns at once."""
        if self._thread.ident is None and not self.closing.is_set():
            self._thread.start()

    def stop(self) -> None:
        """Let it end soon."""
        self.closing.set()

    def close(self) -> None:
        """Stop, and wait for the thread."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)
