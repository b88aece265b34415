"""A thread that keeps an index in step with the others on its Chroma server."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ingest.errors import IngestError

# Seconds between two looks. Where taking over the changes takes long, as with very many documents, looks are fewer.
PAUSE, LONGEST_PAUSE = 0.5, 10.0
SHARE = 0.2
_TIDY_EVERY = 10.0  # seconds between two rounds of tidying
_PATIENCE = 5.0  # seconds that closing waits for a look to end
_log = logging.getLogger(__name__)


class Follower:
    """Calls ``follow`` twice a second and ``tidy`` every ten seconds, in a thread, until it is closed.

    ``problem`` says in words why the last call of ``follow`` failed, ``since`` when they fail; it is empty where that succeeded.
    """

    def __init__(self, follow: Callable[[], object], tidy: Callable[[], object]) -> None:
        self.problem = ""
        self.since: float | None = None  # seconds since 1970
        self._follow = follow
        self._tidy = tidy
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        tidied, pause = 0.0, PAUSE
        while not self._stop.wait(pause):
            began = time.monotonic()
            self._look()
            if began - tidied >= _TIDY_EVERY and not self.problem:
                self._try(self._tidy)
                tidied = began
            took = time.monotonic() - began
            pause = PAUSE if self.problem else min(LONGEST_PAUSE, max(PAUSE, took / SHARE))

    def _look(self) -> None:
        problem = self._try(self._follow)
        if bool(problem) != bool(self.problem):
            self.since = time.time() if problem else None
        if problem != self.problem:
            _log.warning(problem or "The Chroma server answers again.")
        self.problem = problem

    def _try(self, act: Callable[[], object]) -> str:
        """What is wrong, in words; empty where nothing is."""
        try:
            act()
        except IngestError as error:
            return str(error)
        except Exception as error:  # the thread's edge: it goes on
            _log.exception("Following failed")
            return f"{type(error).__name__}: {error}"
        return ""
