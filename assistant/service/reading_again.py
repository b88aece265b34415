"""Documents that earlier rules have read are read again while the server answers: a few at a time, with pauses.

One thread does it, and ends once all are read. What it has done is in the store; the next process goes on. Where several share
a Chroma server each begins somewhere else, and passes over what another has done.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from assistant.errors import NotReady
from assistant.service.background import BackgroundThread
from ingest.errors import IngestError
from ingest.reading_again import count_stored_by_earlier_rules, in_groups, read_again, stored_by_earlier_rules
from ingest.store.index import Index
from ingest.types import Record

_log = logging.getLogger(__name__)


class ReadingAgain:
    """``index`` gives the one in use, or raises `NotReady`; ``changing`` is held while documents are stored. Thread-safe."""

    def __init__(self, index: Callable[[], Index], changing: AbstractContextManager[None]) -> None:
        self._index = index
        self._changing = changing
        self.thread = BackgroundThread("read-again", self._work)

    def left(self) -> int:
        """How many documents are still to be read again. Raises `NotReady`."""
        return count_stored_by_earlier_rules(self._index())

    def _work(self) -> None:
        try:
            waiting = stored_by_earlier_rules(self._index().records())
            random.shuffle(waiting)
            for group in in_groups(waiting):
                began = time.monotonic()
                self._read(group)
                if self.thread.closing.wait(time.monotonic() - began):  # half of the time is for questions
                    return
        except NotReady:  # the server is stopping
            return
        except Exception:  # a thread's edge: the documents stay as they were, and the next start tries again
            _log.exception("Documents could not be read again")

    def _read(self, records: Sequence[Record]) -> None:
        """Read documents again, those that are still as they were; one by one where one of them can't be."""
        try:
            with self._changing:
                index = self._index()
                present = [known for one in records if (known := index.record(one.id))]
                if waiting := stored_by_earlier_rules(present):
                    read_again(index, waiting)
        except IngestError as error:
            if len(records) == 1:
                _log.warning("%r could not be read again: %s", records[0].title, error)
            for record in records if len(records) > 1 else ():
                self._read([record])
