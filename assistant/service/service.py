"""What a running server holds: the assistant, which loads in the background, the jobs and the originals."""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.answering.asked_days import asked_days
from assistant.core import Assistant, OnAnswer
from assistant.errors import Conflict, NotFound, NotReady
from assistant.language.words import load_lemmas
from assistant.service.admission import Admission
from assistant.service.background import BackgroundThread
from assistant.service.corrections import correct
from assistant.service.draft_checks import DraftChecks
from assistant.service.feedback import open_feedback
from assistant.service.follow_list import FollowList
from assistant.service.followed_sources import FollowedSources
from assistant.service.following import Visits
from assistant.service.ingestion_run import discard
from assistant.service.jobs import Job
from assistant.service.page_images import PageImages
from assistant.service.question_times import QuestionTimes
from assistant.service.reading_again import ReadingAgain
from assistant.service.reindexing import Reindexing
from assistant.service.samples import sample_records, submit_samples
from assistant.service.shared_queue import shared_queue
from assistant.service.sharing import UPKEEP, MovingLock, open_sharing
from assistant.service.standing import StandingWatch
from assistant.service.standing_list import StandingList
from assistant.service.standing_store import StandingStore
from assistant.service.telling import Messenger
from assistant.service.trash import LEFT_BEHIND, UNDO_SECONDS, Removal, Trash
from assistant.service.undo import Undo
from assistant.service.worker import IngestWorker
from assistant.settings import Settings
from assistant.statements.finding import all_speakers
from assistant.types import Answer
from ingest.containers import ContainerLimits
from ingest.errors import IngestError, StoreUnreachable
from ingest.loaders import scans
from ingest.moving import move
from ingest.originals import content_sha256, kept_originals
from ingest.store.catalogue import Catalogue
from ingest.store.chroma_client import server_client
from ingest.store.corrections import FieldChanges
from ingest.store.disk_space import give_back
from ingest.store.lock import FolderLock
from ingest.types import Item, Record

if TYPE_CHECKING:
    from assistant.shared.database import Database

LOADING = "The embedding model and the index are loading. Try again in a few seconds."
COMMAND = "assistant serve"
_GIVE_WAY = 1.0  # seconds that a step of ingestion or of a draft's check waits at most while questions wait
_AGAIN = 2.0  # seconds between two attempts to reach a Chroma server
_PATIENCE = 30.0  # seconds that closing waits for a model that is being loaded

ServiceState = Literal["loading", "ready", "failed"]
Opener = Callable[[Settings, FolderLock], Assistant]
_log = logging.getLogger(__name__)


class Service:
    """Holds the data folder from the start; `start` loads the model and the index in the background.

    ``samples`` asks for the shipped articles to be indexed too; ``on_answer`` is called with every answer, in the
    thread that has asked. Raises `StoreLocked` at once where another process has the folder. Thread-safe.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        samples: bool = False,
        lock: FolderLock | None = None,
        opener: Opener | None = None,
        on_answer: OnAnswer = lambda answer: None,
    ) -> None:
        self.settings = settings
        self.lock = lock or FolderLock(settings.data_dir, COMMAND)
        self.state: ServiceState = "loading"
        self.message = LOADING
        self._unreachable = ""
        self._unreachable_since: float | None = None
        self._on_answer = on_answer
        self.question_times = QuestionTimes()
        self.questions = Admission()
        self._opener = opener or self._open
        self._assistant: Assistant | None = None
        self._settled = threading.Event()
        self._sharing = open_sharing(settings)
        database = self.database
        self.originals = kept_originals(settings)
        self.feedback = open_feedback(settings, database)
        self.checks = DraftChecks(
            settings.files_dir / "checks", lambda: self.assistant, lambda: self.questions.give_way(_GIVE_WAY)
        )
        self.trash = Trash(
            settings.files_dir / "trash", on_purged=self._tidy_versions, moving=MovingLock(database)
        )
        self._upkeep = BackgroundThread("upkeep", self._keep_up)
        self.pages = PageImages(settings.data_dir / "pages")
        self.jobs = IngestWorker(
            self.wait,
            self.originals,
            self.trash,
            settings.files_dir / "uploads",
            self._fetch,
            self._expand,
            ContainerLimits(
                member=settings.max_upload_mb * 1_000_000, total=settings.max_upload_mb * 10_000_000
            ),
            scans.recognition(settings),
            shared_queue(self._sharing),
            lambda: self.questions.give_way(_GIVE_WAY),
        )
        self.following = FollowList(FollowedSources(settings.data_dir / "followed"), settings.data_dir)
        self._visits = Visits(self.following, self.jobs, settings)
        self.reindexing = Reindexing(settings, self.lock, lambda: self.assistant, self._replace, self._tidy)
        self.reading_again = ReadingAgain(lambda: self.assistant.index, self.trash.moving)
        self.standing = StandingList(StandingStore(settings.data_dir), self._catalogue)
        self._standing_watch = StandingWatch(self.standing, lambda: self.assistant)
        self.standing_counts = self._standing_watch.counts
        self.messenger = Messenger(self.standing, settings)
        self._thread = threading.Thread(target=self._load, name="load", daemon=True)
        if samples:
            self.add_samples()

    def start(self) -> Service:
        """Begin to load, unless that has begun or all has ended. Returns at once."""
        if self._thread.ident is None and not self._settled.is_set():
            self._thread.start()
            self._visits.start()
            if self._sharing:
                self._sharing.presence.start()
        return self

    @property
    def database(self) -> Database | None:
        """What this server shares with others beside Chroma; None where nothing."""
        return self._sharing.database if self._sharing else None

    @property
    def assistant(self) -> Assistant:
        """Raises `NotReady` with the reason until it is loaded."""
        if self._assistant is None:
            raise NotReady(self.message)
        return self._assistant

    @property
    def away_since(self) -> float | None:
        """Since when that is so, in seconds since 1970."""
        return self._assistant.index.replica.problem_since if self._assistant else self._unreachable_since

    @property
    def away(self) -> str:
        """Why the Chroma server is not used for the moment, in words; empty where it answers, or there is none."""
        return self._assistant.index.replica.problem if self._assistant else self._unreachable

    def wait(self, timeout: float | None = None) -> Assistant:
        """The assistant, once loaded. Raises `NotReady` where loading fails or takes over ``timeout`` seconds."""
        self._settled.wait(timeout)
        return self.assistant

    def close(self) -> None:
        """Stop the jobs and give the data folder up. A model that is being loaded is waited for."""
        self._visits.close()
        self._upkeep.stop()
        self.reindexing.stop()
        self.reading_again.thread.stop()
        self._standing_watch.thread.stop()
        self.messenger.stop()
        self.following.close()
        self.jobs.stop()
        self.message = "The server is stopping."
        self._settled.set()  # those who still wait for the assistant get the message
        self.jobs.close()
        self.reindexing.close()
        self.reading_again.thread.close()
        self._standing_watch.thread.close()
        self.messenger.close()
        self.standing.close()
        self.pages.close()
        self._upkeep.close()
        if self._sharing:
            self._sharing.presence.close()
            self._sharing.database.close()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)
        if self._assistant is not None:
            self._assistant.close()
        self.lock.release()

    # -- documents ---------------------------------------------------------------------------

    def record(self, document_id: str) -> Record:
        """A document's record. Raises `NotFound`."""
        record = self.assistant.index.found(document_id)
        if record is None:
            removed = self.assistant.index.history.removed(document_id)
            if removed is not None:
                raise NotFound(
                    f"The document {removed.title!r} was deleted on {removed.removed:%Y-%m-%d at %H:%M} UTC. "
                    f"It can be put back until {removed.until:%H:%M} UTC."
                )
            raise NotFound(f"There is no document {document_id!r}. It may have been removed.")
        return record

    def remove(self, ids: Sequence[str], *, undo_seconds: float = 0.0) -> list[Record]:
        """Remove documents, what was found in them, and their originals; unknown ids are passed over. Returns what was removed.

        Their earlier versions stay for as long as it can be undone.
        """
        index = self.assistant.index
        with self.trash.moving:
            removed = index.remove(index.present.with_members(ids), undo_seconds=undo_seconds)
            for sha256 in {record.sha256 for record in removed}:
                discard(self.originals, index, sha256)
        return removed

    def correct(self, document_id: str, changes: FieldChanges, by: str) -> Record:
        """Correct a document's fields, by a user of that name. Raises `NotFound` or `Outdated`."""
        assistant = self.assistant
        with self.trash.moving:
            return correct(assistant.index, lambda: assistant.embedder, document_id, changes, by)

    def move(self, document_id: str, source: str) -> Record:
        """Make a document that of another file of this machine, with the same content.

        Raises `NotFound`, and `Conflict` where that file has another content, or a document.
        """
        record, assistant = self.record(document_id), self.assistant
        try:
            same = content_sha256(Path(source)) == record.sha256
        except OSError:
            same = False
        with self.trash.moving:
            moved = move(assistant.index, lambda: assistant.embedder, document_id, source) if same else None
        if moved is None:
            raise Conflict(f"The document {document_id!r} cannot become that of {source}: add the file anew.")
        return moved

    def add_samples(self) -> list[Job]:
        """Submit the articles that come with this product; one that is there already stays as it is."""
        return submit_samples(self.jobs)

    def remove_samples(self) -> Removal | None:
        """Remove the articles that come with this product, so that it can be undone for a while."""
        return self.withdraw([record.id for record in sample_records(self.assistant.index)])

    def withdraw(self, ids: Sequence[str]) -> Removal | None:
        """Remove documents so that it can be undone for a while; None where none of them is there."""
        index = self.assistant.index
        with self.trash.moving:
            named = index.present.with_members(ids)
            records = [record for key in named if (record := index.record(key))]
            if not records:
                return None
            name = self._undo.hold(records)
            try:
                self.remove([record.id for record in records], undo_seconds=UNDO_SECONDS)
            finally:  # also where it failed half-way: undoing passes over what is still there
                removal = self.trash.offer(name)
        return removal

    def undo(self, removal_id: str) -> list[Record]:
        """Put the documents of a removal back; returns their records, none where it is too late.

        Of removed documents, those added anew since are passed over; the version that has replaced a document can be
        put back in turn.
        """
        return self._undo.restore(removal_id)

    def keep_both(self, job_id: str) -> Job:
        """Let an upload be another document than the one of the same name that it replaces or has replaced.

        It gets a free name, and the replaced version is put back. Raises `NotFound` where there is no such job, or the
        replaced version is not stored any more, `Conflict` where the job is running or has replaced nothing.
        """
        if self.jobs.keep_both(job_id):
            return self.jobs.get(job_id)
        with self.trash.moving:
            return self._keep_both(job_id)

    def _keep_both(self, job_id: str) -> Job:
        job, index = self.jobs.get(job_id), self.assistant.index
        record = index.record(job.document_id or "")
        if job.removal_id is None or job.replaces is None or record is None:
            raise Conflict(
                f"The job has not replaced a document, so there are not two to keep ({job.state})."
            )
        if record.version != job.version:
            raise Conflict(f"{job.source} has been changed since, so this upload is not the current version.")
        name = self.jobs.free_name(job_id, index, job.source, record.sha256, taken=job.source)
        renamed = self._undo.rename(record, name, job.removal_id)
        return self.jobs.update(
            job_id,
            source=name,
            document_id=renamed.id,
            title=renamed.title,
            version=renamed.version,
            replaced=False,
            replaces=None,
            removal_id=None,
        )

    @property
    def _undo(self) -> Undo:
        return Undo(self.assistant, self.originals, self.trash)

    def original(self, document_id: str) -> Path:
        """The file that a document was made of, if it is still the same. Raises `NotFound`."""
        record = self.record(document_id)
        if original := self.originals.of(record):
            return original
        path = Path(record.source)
        if path.is_absolute() and path.is_file():
            raise NotFound(f"The file {record.source} has changed since it was added: add it again.")
        raise NotFound(f"The original of {record.title!r} is not here: it was not kept, or has been moved.")

    def trusts(self, token: str | None) -> bool:
        """Whether a caller has shown the token that only readers of the data folder know."""
        return token is not None and hmac.compare_digest(token.encode(), self.lock.token.encode())

    # -- loading -----------------------------------------------------------------------------

    def _load(self) -> None:
        opened = ExitStack()
        beside = threading.Thread(target=load_lemmas, args=(("en", "de"),), name="lemmas", daemon=True)
        try:
            beside.start()  # the model is built outside of Python for the most part
            assistant = self._opened()
            opened.callback(assistant.close)
            with suppress(OSError):
                self.originals.sweep({record.sha256 for record in assistant.index.records()})
                if not self._sharing:
                    self.trash.recover(lambda key: _content(assistant.index.record(key)))
                self.trash.purge()
            self._replace(assistant)
            self.state, self.message = "ready", ""
        except Exception as error:  # a thread's edge: what went wrong is told to whoever asks
            if not isinstance(error, IngestError):
                _log.exception("Loading failed")
            self.state, self.message = "failed", str(error) or type(error).__name__
            self._assistant = None
            with suppress(IngestError):
                opened.close()
            self.lock.release()
        finally:
            self._settled.set()
        if self.state == "ready":
            beside.join()
            self._warm_up()
            self.reindexing.resume()
            self.reading_again.thread.start()
            self._standing_watch.thread.start()
            self.messenger.start()
            if self._sharing:
                self._upkeep.start()

    def _opened(self) -> Assistant:
        """The assistant, as soon as the Chroma server answers, where one is configured."""
        while True:
            try:
                if self.settings.chroma_url:
                    # Ask the server first: loading the model takes ten seconds.
                    server_client(self.settings.chroma_url).close()
                return self._opener(self.settings, self.lock)
            except StoreUnreachable as error:
                if not self._unreachable:
                    _log.warning(error)
                    self._unreachable_since = time.time()
                self._unreachable = self.message = str(error)
            if self._settled.wait(_AGAIN):
                raise NotReady("The server is stopping.")

    def _catalogue(self) -> Catalogue | None:
        return self._assistant.index.catalogue if self._assistant else None

    def _tidy(self, gone: Sequence[Record]) -> None:
        """Delete the originals of what others have removed or replaced; those gone before it has loaded are swept."""
        assistant = self._assistant
        for record in gone if assistant else ():
            with suppress(OSError):
                discard(self.originals, self.assistant.index, record.sha256)

    def _keep_up(self) -> None:
        """Look now and then after what servers have left that were killed."""
        rounds = count()
        while not self._upkeep.closing.wait(UPKEEP):
            with suppress(OSError, IngestError):
                with self.trash.moving:
                    self.trash.recover(self._content, LEFT_BEHIND)
                self.trash.purge()
                if next(rounds) % 60 == 0:
                    self.originals.sweep({record.sha256 for record in self.assistant.index.records()})
                    self.jobs.sweep()

    def _content(self, document_id: str) -> str | None:
        return _content(self.assistant.index.record(document_id))

    def _tidy_versions(self) -> None:
        """Delete the earlier versions of what can no longer be put back."""
        if self._assistant is not None:
            with suppress(IngestError):  # it is done another time
                self._assistant.index.replica.tidy_versions()

    def _open(self, settings: Settings, lock: FolderLock) -> Assistant:
        give_back(settings.data_dir / "chroma", closed=True)
        return Assistant.open(
            settings,
            lock=lock,
            on_answer=self._answered,
            on_gone=self._tidy,
            on_switched=self.reindexing.follow,
            as_made=True,
        )

    def _answered(self, answer: Answer) -> None:
        self.question_times.took(answer)
        self._on_answer(answer)

    def _replace(self, assistant: Assistant) -> None:
        if assistant.reader:
            assistant.reader.waiting = lambda: self.questions.waiting
        self._assistant = assistant

    def _warm_up(self) -> None:
        """Load what the first question would, tables of lemmas and names, and fold the names of speakers: some seconds."""
        for language, question in (("en", "What is this about?"), ("de", "Worum geht es hier?")):
            with suppress(Exception):
                asked_days(question, language, date.today())
                self.assistant.search(question, 1)
        with suppress(Exception):
            all_speakers(self.assistant.index)

    def _fetch(self, url: str, folder: Path) -> Item:
        from ingest.fetch.pages import fetch

        return fetch(
            url,
            folder,
            allow_private=self.settings.allow_private_urls,
            max_bytes=self.settings.max_upload_mb * 1_000_000,
        )

    def _expand(self, url: str) -> dict[str, date | None]:
        from ingest.fetch.listings import pages_of

        return pages_of(url, allow_private=self.settings.allow_private_urls)


def _content(record: Record | None) -> str | None:
    return record.sha256 if record else None
