"""Changing the embedding model while the server answers: everything is embedded anew beside the index, then it is switched.

none ─▶ running ─▶ switching ─▶ done
           └──────────┴──▶ cancelled | failed

One thread does it. What it has done is in the store: the next process goes on, and others on the same Chroma server, which
load the model themselves once it is in use, wait for it.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Literal

from assistant.core import Assistant, OnGone
from assistant.errors import Conflict, NotReady
from assistant.settings import Settings
from ingest.embedding.loading import default_model
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import Cancelled, IngestError
from ingest.pipeline import prepare, prepare_all
from ingest.store.chroma import ChromaStore
from ingest.store.chroma_client import connect
from ingest.store.disk_space import give_back
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.store.rebuild import forget_derived
from ingest.store.records import Prepared
from ingest.store.reembedding import Reembedded, Reembedding
from ingest.store.reindex_lease import (
    LEAVING,
    ask_to_cancel,
    discard_half_made,
    drop_former,
    reindex_note,
)

_PATIENCE = 10.0  # seconds that closing waits for the thread
_SOON, _LONG = 1.0, 10.0  # seconds between two looks at whether the former index is still used
_ENOUGH = 64  # passages by which the time left is told
_FOLLOW_AGAIN = 30.0  # seconds between two attempts to load what another server has changed to
_USED = 300.0  # seconds that answers under way may use the former index at the most
_log = logging.getLogger(__name__)

ReindexState = Literal["none", "running", "switching", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexView:
    """How far it has come to embed everything with ``model``; ``seconds_left`` is None while that is not known.

    ``elsewhere``: another server on the same Chroma is at it. ``wanted`` is the model to change to: empty where the one that
    is configured made the index.
    """

    state: ReindexState = "none"
    model: str = ""
    wanted: str = ""
    documents: int = 0
    of_documents: int = 0
    seconds_left: int | None = None
    error: str = ""
    elsewhere: bool = False

    @property
    def under_way(self) -> bool:
        return self.state in ("running", "switching")


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What answered before: the assistant may still be used, and its index is closed once it is not."""

    assistant: weakref.ref[Assistant]
    index: Index


class Reindexing:
    """``assistant`` gives the one that answers, ``replace`` puts another in its place. Thread-safe."""

    def __init__(
        self,
        settings: Settings,
        lock: FolderLock,
        assistant: Callable[[], Assistant],
        replace_by: Callable[[Assistant], None],
        on_gone: OnGone,
    ) -> None:
        self._settings = settings
        self._folder_lock = lock
        self._assistant = assistant
        self._replace_by = replace_by
        self._on_gone = on_gone
        self._view = ReindexView()
        self._changing = threading.Lock()
        self._cancelled = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._follow_after = 0.0

    # -- asked for ---------------------------------------------------------------------------

    def view(self) -> ReindexView:
        """How it stands. Raises `NotReady`."""
        index = self._assistant().index
        view, target = self._view, self._target()
        wanted = target if target != index.model and index.records() else ""
        note = reindex_note(index.replica.store) if index.replica.shared and not view.under_way else None
        if note and not note.leaving and note.owner != index.replica.name and not note.is_dead(time.time()):
            view = ReindexView(
                state="running",
                model=note.name,
                documents=note.documents,
                of_documents=note.of_documents,
                elsewhere=True,
            )
        return replace(view, wanted=wanted)

    def start(self) -> ReindexView:
        """Begin, or go on; while it is under way, nothing. Raises `NotReady`, and `Conflict` where there is nothing to do."""
        with self._changing:
            view = self.view()
            if view.under_way:
                return view
            if not view.wanted:
                raise Conflict(
                    f"Nothing to do: the documents are embedded with {self._assistant().index.model}. "
                    "For another model set ASSISTANT_EMBEDDING_MODEL and restart the server."
                )
            self._begin(view.wanted)
            return replace(self._view, wanted=view.wanted)

    def cancel(self) -> ReindexView:
        """Give it up: the index stays as it was, and what is half made is deleted. Raises `NotReady`."""
        with self._changing:
            view, store = self.view(), self._assistant().index.replica.store
            if view.elsewhere:
                ask_to_cancel(store)
                return view
            thread = self._thread
            if view.under_way and thread:
                self._cancelled.set()
            elif view.state == "failed":
                discard_half_made(store, self._settings.data_dir)
                self._view = ReindexView(state="cancelled", model=view.model)
        if view.under_way and thread:
            thread.join(_PATIENCE)
        return self.view()

    def resume(self) -> None:
        """Go on with what an earlier process has begun, and delete what it has left."""
        with suppress(NotReady, IngestError), self._changing:
            index = self._assistant().index
            note = reindex_note(index.replica.store)
            if note is None:
                forget_derived(self._settings.data_dir, {index.replica.store.fingerprint})
            elif note.leaving and note.fingerprint == index.replica.store.fingerprint:
                self._spawn(self._let_go, None)
            elif note.owner == index.replica.name and not note.leaving:
                if note.name == self._target() and note.name != index.model:
                    self._begin(note.name)
                else:
                    discard_half_made(index.replica.store, self._settings.data_dir)

    def stop(self) -> None:
        """Let it end soon; the next process goes on."""
        self._closing.set()

    def close(self) -> None:
        """Stop, and wait for the thread."""
        self.stop()
        if self._thread:
            self._thread.join(_PATIENCE)

    def follow(self) -> None:
        """Another server has changed the model: load it, and answer from what it has made. Returns at once."""
        with self._changing:
            busy = self._thread is not None and self._thread.is_alive()
            if not busy and not self._closing.is_set() and time.monotonic() > self._follow_after:
                self._follow_after = time.monotonic() + _FOLLOW_AGAIN
                self._spawn(self._follow)

    def _target(self) -> str:
        return self._settings.embedding_model or default_model()

    def _begin(self, model: str) -> None:
        self._cancelled.clear()
        self._view = ReindexView(state="running", model=model)
        self._spawn(self._run, model)

    def _spawn(self, act: Callable[..., None], *arguments: object) -> None:
        before = self._thread

        def run() -> None:
            if before:
                before.join()
            act(*arguments)

        self._thread = threading.Thread(target=run, name="reindex", daemon=True)
        self._thread.start()

    # -- the thread --------------------------------------------------------------------------

    def _run(self, model: str) -> None:
        try:
            former = self._embed_and_switch(model)
        except Cancelled:
            if not self._closing.is_set():
                self._view = ReindexView(state="cancelled", model=model)
            return
        except Exception as error:  # a thread's edge: what went wrong is told to whoever asks
            if not isinstance(error, IngestError):
                _log.exception("Embedding anew failed")
            self._view = replace(
                self._view, state="failed", seconds_left=None, error=str(error) or type(error).__name__
            )
            return
        self._view = replace(self._view, state="done", seconds_left=0)
        self._let_go(former)

    def _embed_and_switch(self, model: str) -> Former:
        """Returns what answered until now."""
        settings, assistant = self._settings, self._assistant()
        embedder = SentenceTransformerEmbedder(model, settings.number_format)
        with closing(connect(settings.data_dir, settings.chroma_url)) as client:
            work = Reembedding(
                assistant.index.replica.store,
                ChromaStore(client, embedder.fingerprint),
                embedder,
                lambda documents: prepare_all(documents, embedder, self._ends),
                assistant.index.records,
                assistant.index.replica.name,
            )
            work.claim()
            try:
                self._embed(work)
                self._view = replace(self._view, state="switching", seconds_left=None)
                work.derive(settings.data_dir)
                with assistant.index.replica.at_rest(), work.lease.standstill():
                    work.finish()
                    before = work.switch()
                    try:
                        self._succeed(assistant, embedder)
                    except BaseException:
                        work.lease.step_back(before)
                        raise
            except Cancelled:
                if not self._closing.is_set():
                    work.lease.give_up(settings.data_dir)
                    self._give_back()
                raise
        return Former(assistant=weakref.ref(assistant), index=assistant.index)

    def _embed(self, work: Reembedding) -> None:
        began, first = time.monotonic(), None
        for progress in work.rounds():
            if self._ends():
                raise Cancelled("It was given up.")
            first = first or progress
            self._view = replace(
                self._view,
                documents=progress.documents,
                of_documents=progress.of_documents,
                seconds_left=_seconds_left(first, progress, time.monotonic() - began),
            )

    def _ends(self) -> bool:
        return self._cancelled.is_set() or self._closing.is_set()

    def _succeed(self, assistant: Assistant, embedder: SentenceTransformerEmbedder) -> None:
        """Open the index that is in use by now, and put it in the place of the one before. Called while that is at rest."""
        settings = self._settings
        index = Index.open(
            settings.data_dir,
            embedder,
            chroma_url=settings.chroma_url,
            lock=self._folder_lock,
            on_gone=self._on_gone,
            on_switched=self.follow,
            keep_days=settings.keep_days,
        )
        try:
            other = assistant.over(index, embedder, settings)
        except BaseException:
            index.replica.close()
            raise

        def again(prepared: Prepared) -> Prepared:
            return replace(prepare(prepared.document, embedder), added=prepared.added)

        assistant.index.succeed(index, again)
        self._replace_by(other)

    def _follow(self) -> None:
        try:
            assistant = self._assistant()
            index = assistant.index
            embedder = SentenceTransformerEmbedder(index.replica.store.model, self._settings.number_format)
            with index.replica.at_rest():
                self._succeed(assistant, embedder)
            former = Former(assistant=weakref.ref(assistant), index=index)
            del assistant
        except (IngestError, NotReady) as error:
            _log.warning("The model that another server has changed to cannot be used: %s", error)
            return
        self._let_go(former)

    def _let_go(self, former: Former | None) -> None:
        """Delete what the former model made, once no answer is being given out of it."""
        if former:
            self._wait_for_answers(former.assistant)
            with suppress(IngestError):
                former.index.replica.close()
        with suppress(IngestError, NotReady):
            index = self._assistant().index
            while index.replica.shared and not self._closing.is_set():
                note = reindex_note(index.replica.store)
                if note is None or not note.leaving or note.leaving < time.time() - LEAVING:
                    break
                self._closing.wait(_LONG)
            if not self._closing.is_set():
                drop_former(index.replica.store, self._settings.data_dir, at_once=not index.replica.shared)
                forget_derived(self._settings.data_dir, {index.replica.store.fingerprint})
                self._give_back()

    def _wait_for_answers(self, assistant: weakref.ref[Assistant]) -> None:
        """Until nobody uses a former assistant any more."""
        until = time.monotonic() + _USED
        while assistant() is not None and time.monotonic() < until:
            if self._closing.wait(_LONG if self._used_long(until) else _SOON):
                return
            gc.collect()  # it is part of cycles

    def _used_long(self, until: float) -> bool:
        return time.monotonic() > until - _USED + _LONG

    def _give_back(self) -> None:
        if not self._settings.chroma_url:
            give_back(self._settings.data_dir / "chroma")


def _seconds_left(first: Reembedded, now: Reembedded, elapsed: float) -> int | None:
    """By the passages that have been embedded since the beginning; None before there are enough."""
    done, left = now.passages - first.passages, now.of_passages - now.passages
    return round(elapsed / done * left) if done >= _ENOUGH else None
