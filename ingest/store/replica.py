"""What one process has of a store: the catalogue in memory, a lexical index, links and quotations of its own, in step with the others.

A change is seen by its event: every change leaves one in the store, and a process has taken over those that it has seen.
Where a change of this process fails, it is not known how far it got; then all is looked up in the store.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ingest.errors import ModelSwitched, StoreError
from ingest.store.catalogue import Catalogue
from ingest.store.catalogue_file import CatalogueFile
from ingest.store.changes import Changes
from ingest.store.chroma import ChromaStore
from ingest.store.follower import Follower
from ingest.store.lexical import LexicalIndex
from ingest.store.quotation_index import QuotationIndex
from ingest.store.rebuild import catalogue_file, derive, lexical_folder, links_file, quotations_file
from ingest.store.story_links import StoryLinks
from ingest.store.versions import EarlierVersions
from ingest.types import Record

OnGone = Callable[[Sequence[Record]], object]
OnSwitched = Callable[[], object]

_TIDY_VERSIONS = 300.0  # seconds between two looks for earlier versions that are to go
# What has been seen where it is not known how far a change of this process got: no events are ever these.
_UNSURE = frozenset({"unsure"})
_SWITCHED = (
    "Another server has embedded the documents anew with the model {name!r}, which this one is loading; "
    "until then it answers from the documents as they were."
)


class Replica:
    """The documents of a store as this process has them. Thread-safe.

    ``name`` tells this process from those that share a Chroma server; it is empty where the store is its own.
    ``on_gone`` is called, in any thread, with the records of what others have removed or replaced, and ``on_switched``,
    often and in any thread, once another process has put another model's vectors in place of these. Texts that are
    replaced are kept for ``keep_days`` as earlier versions, with None as long as their document.

    ``catalogue`` is replaced as a whole: whoever reads several things of it takes it once. ``revision`` names its state.
    Once it is ``retired``, it stays as it is: another index takes the changes.
    """

    def __init__(
        self,
        store: ChromaStore,
        lexical: LexicalIndex,
        name: str = "",
        *,
        links: StoryLinks | None = None,
        quotations: QuotationIndex | None = None,
        kept: CatalogueFile | None = None,
        keep_days: int | None = None,
        on_gone: OnGone = lambda gone: None,
        on_switched: OnSwitched = lambda: None,
    ) -> None:
        self.store = store
        self.lexical = lexical
        self.links = links or StoryLinks(store)
        self.quotations = quotations or QuotationIndex(store)
        self._kept = kept or CatalogueFile(None)
        self.name = name
        self.shared = bool(name)
        self.fingerprint, self.dimensions = store.made_by()
        self.changes = Changes(store, name, self.shared)
        self.earlier = EarlierVersions(store.earlier, keep_days)
        self.catalogue = Catalogue()
        self.revision = ""
        self.retired = False
        self._on_gone = on_gone
        self._on_switched = on_switched
        self._versions_tidied = 0.0
        self._follower: Follower | None = None
        self._writing = threading.RLock()
        self._events: frozenset[str] = frozenset()
        self._recover()

    @classmethod
    def open(
        cls,
        folder: Path,
        store: ChromaStore,
        name: str,
        *,
        keep_days: int | None = None,
        on_gone: OnGone = lambda gone: None,
        on_switched: OnSwitched = lambda: None,
    ) -> Replica:
        """The one whose lexical index, links and quotations lie in ``folder``. Raises `StoreError`; ``store`` is left open then."""
        with ExitStack() as opened:
            lexical = LexicalIndex(lexical_folder(folder, store.fingerprint))
            opened.callback(lexical.close)
            links = StoryLinks(store, links_file(folder, store.fingerprint))
            opened.callback(links.close)
            quotations = QuotationIndex(store, quotations_file(folder, store.fingerprint))
            opened.callback(quotations.close)
            kept = CatalogueFile(catalogue_file(folder, store.fingerprint))
            opened.callback(kept.close)
            replica = cls(
                store,
                lexical,
                name,
                links=links,
                quotations=quotations,
                kept=kept,
                keep_days=keep_days,
                on_gone=on_gone,
                on_switched=on_switched,
            )
            opened.pop_all()  # from here on `close` closes them
        return replica

    @property
    def problem(self) -> str:
        """Why the changes of others cannot be followed, in words; empty where they can."""
        return self._follower.problem if self._follower else ""

    @property
    def problem_since(self) -> float | None:
        """Since when that is so, in seconds since 1970."""
        return self._follower.since if self._follower else None

    @property
    def is_unsure(self) -> bool:
        """Whether a change of this process has failed and what it got done has not been looked up yet."""
        return self._events is _UNSURE

    def close(self) -> None:
        """Close the lexical index, the links, the quotations and the store, also where closing one of them fails."""
        with ExitStack() as closing:
            closing.callback(self.store.close)
            closing.callback(self.lexical.close)
            closing.callback(self.links.close)
            closing.callback(self.quotations.close)
            closing.callback(self._kept.close)
            closing.callback(self._keep)
            if self._follower:
                closing.callback(self._follower.close)

    # -- this process's changes --------------------------------------------------------------

    @contextmanager
    def change(self) -> Iterator[None]:
        """A writer's turn, in step with others. Where it fails, what it got done is looked up in the store.

        Raises `ModelSwitched` where another index takes the changes, by now or soon.
        """
        with self._writing:
            if self.retired:
                raise ModelSwitched(self.switched())
            self.follow()
            try:
                yield
            except ModelSwitched:
                raise  # nothing of it has been written
            except BaseException:
                self._events = _UNSURE
                raise

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Nothing of this process changes documents within; all is in step, unless another has changed the model."""
        with self._writing:
            with suppress(ModelSwitched):
                self.follow()
            yield

    def changed(self, catalogue: Catalogue) -> None:
        """The record is written: ``catalogue`` is what counts from here on, and others are told. Called within `change`."""
        before, known = self.catalogue, self._kept.is_of(self._events)
        self.catalogue = catalogue
        self._tell()
        touched = catalogue.touched_since(before)
        if known and touched is not None:
            gone = [key for key in touched if key not in catalogue.by_id]
            self._kept.change(catalogue.some(touched), gone, self._events)

    def _tell(self) -> None:
        self._seen(self.store.state.touch(self._events))

    def _seen(self, events: frozenset[str]) -> None:
        """Everything up to these events is in memory now."""
        self._events = events
        self.revision = hashlib.sha256(" ".join(sorted(events)).encode()).hexdigest()[:12]

    # -- keeping in step ---------------------------------------------------------------------

    def _recover(self) -> None:
        """Finish or undo what a killed process left, then bring the lexical index in step."""
        with self._writing:
            # The events are read first: a change that another process makes while this one settles is then
            # not among those seen, and `follow` takes it over.
            events = self.store.state.events()
            settled = self.changes.settle(restarted=True)
            records = None if settled else self._kept.read(events, self.store.count_documents())
            self._load(events, tell=settled, records=records)
            self._keep()
            self.changes.sweep()
            self.tidy_versions()

    def keep_following(self) -> None:
        """From here on, until it is closed, a thread takes over what others change, where there are others."""
        if self.shared:
            self._follower = Follower(self.follow, self.tidy)

    def follow(self, *, wait: bool = True) -> bool:
        """Take over what others on the same Chroma server have changed; whether there was anything.

        A change of this process that failed half-way is mended too. Without ``wait`` it does nothing while a
        change of this process is under way. Raises `ModelSwitched` where what others have changed is the model.
        """
        if self.retired or not self._is_behind() or not self._writing.acquire(blocking=wait):
            return False
        try:
            if self.shared and self.store.is_left():
                self._on_switched()
                raise ModelSwitched(self.switched())
            before = self.catalogue
            failed = self._events is _UNSURE
            if failed:
                self.changes.abandon()
            events = self.store.state.events()
            self._load(events, tell=failed)
        finally:
            self._writing.release()
        self._on_gone(before.gone(self.catalogue))
        return True

    def mend(self) -> None:
        """Bring memory and the lexical index in step where a change of this process failed; raises `StoreError`."""
        if self._events is _UNSURE:
            with suppress(ModelSwitched):
                self.follow()

    def mend_if_possible(self) -> None:
        """Where a change failed and cannot be mended yet, what the lexical index has still counts."""
        if self._events is _UNSURE:
            with suppress(StoreError):
                self.follow(wait=False)

    def switched(self) -> str:
        """What a `ModelSwitched` says."""
        return _SWITCHED.format(name=self.store.model)

    def _is_behind(self) -> bool:
        return self._events is _UNSURE or (self.shared and self.store.state.events() != self._events)

    def _load(
        self, events: frozenset[str], *, tell: bool = False, records: Sequence[Record] | None = None
    ) -> None:
        """Read the catalogue anew, unless ``records`` are it, and ``tell`` others to.

        ``events`` were read before it: later ones show as others.
        """
        catalogue = Catalogue.of(self.store.records() if records is None else records)
        derive(self.lexical, self.store, catalogue.by_id.values())
        self.links.sync(catalogue.by_id)
        self.quotations.sync(catalogue.by_id)
        self.catalogue = catalogue  # last: what is found by meaning is found by its words too
        self._seen(events)
        if tell or not events:
            self._tell()

    def _keep(self) -> None:
        """Keep the catalogue for the next start, where what is kept of it is not up to date, and it is known to be right."""
        if self._events and self._events is not _UNSURE:
            with suppress(StoreError):
                if not self._kept.is_of(self._events):
                    self._kept.replace(self.catalogue.by_id.values(), self._events)

    # -- tidying -----------------------------------------------------------------------------

    def tidy(self) -> None:
        """Settle what others have left who were killed, and delete what changes have left behind."""
        if self.retired or self.store.is_left():
            return  # what changes leave behind is the other model's
        with self._writing:
            events = self.store.state.events()
            if self.changes.settle():
                self._load(events, tell=True)
        self.changes.sweep()
        if time.monotonic() - self._versions_tidied > _TIDY_VERSIONS:
            self.tidy_versions()

    def tidy_versions(self) -> None:
        """Delete earlier versions that are not to be kept any longer, and those of documents removed for good."""
        self._versions_tidied = time.monotonic()
        self.earlier.tidy(self.store.committed)
