"""Which questions are kept, by whom, and what was found for each: what people change of it, and what has arrived meanwhile."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hmac import compare_digest

from assistant.asked_text import checked
from assistant.errors import Conflict, NotFound
from assistant.service.standing_store import StandingStore
from assistant.standing.findings import digest, sentences
from assistant.standing.types import NOWHERE, Arrival, NewFinding, StandingQuestion, Telling
from assistant.types import EVERYTHING, Filters
from ingest.store.catalogue import Catalogue
from ingest.store.index import Index
from ingest.types import Record

# Of one user, and of all together.
MOST_KEPT, MOST_OF_ALL = 1_000, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingView:
    """A question as it is shown: how many findings there are, how many nobody has looked at, and what could not be sent, by way."""

    question: StandingQuestion
    total: int
    new: int
    troubles: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanges:
    """What is to be other of a question; None: as it is."""

    question: str | None = None
    filters: Filters | None = None
    paused: bool | None = None
    telling: Telling | None = None


class StandingList:
    """The questions in ``store``. Thread-safe.

    ``catalogue`` gives the documents, None while they are being loaded. ``may_ask`` says whether there still is an owner of that name.
    """

    def __init__(
        self, store: StandingStore, catalogue: Callable[[], Catalogue | None] = lambda: None
    ) -> None:
        self.store = store
        self.may_ask: Callable[[str], bool] = lambda owner: True
        self.catalogue: Catalogue | None = None  # what `follow` has seen last
        self.on_found: Callable[[], object] = lambda: None
        self._present_now = catalogue
        self._lock = threading.RLock()
        self._questions = {one.id: one for one in store.questions()}
        self._present = store.present()

    def close(self) -> None:
        self.store.close()

    # -- people ------------------------------------------------------------------------------

    def of(self, owner: str, limit: int | None = None, offset: int = 0) -> list[StandingView]:
        """So many of the questions of an owner, the first kept first."""
        own = self.kept_by(owner)[offset:]
        return [self.view(one) for one in own[:limit]]

    def kept_by(self, owner: str) -> list[StandingQuestion]:
        """The questions of an owner, the first kept first."""
        with self._lock:
            return [one for one in self._questions.values() if one.owner == owner]

    def view(self, question: StandingQuestion) -> StandingView:
        """A question as it is shown."""
        here = [
            number
            for number, document in self.store.documents(question.id).items()
            if self._is_here(document)
        ]
        return StandingView(
            question=question,
            total=len(here),
            new=sum(number > question.seen for number in here),
            troubles=self.store.deliveries.troubles(question.id),
        )

    def get(self, question_id: str, owner: str) -> StandingView:
        """Raises `NotFound`, also where it is somebody else's."""
        return self.view(self._own(question_id, owner))

    def add(
        self, question: str, owner: str, filters: Filters = EVERYTHING, telling: Telling = NOWHERE
    ) -> StandingView:
        """Keep a question; one that is kept with the same filters stays as it is. Raises `BadQuestion` and `Conflict`."""
        wording = checked(question)
        with self._lock:
            own = self.kept_by(owner)
            same = next((one for one in own if (one.question, one.filters) == (wording, filters)), None)
            if same is not None:
                return self.view(same)
            if len(own) >= MOST_KEPT or len(self._questions) >= MOST_OF_ALL:
                raise Conflict(f"{len(own):,} questions are kept already. Remove one first.")
            kept = StandingQuestion(
                id=secrets.token_hex(8),
                question=wording,
                owner=owner,
                created=_now(),
                after=self._now_here(),
                token=_token(),
                filters=filters,
                telling=telling,
            )
            self._keep(kept)
        return self.view(kept)

    def restore(self, question: StandingQuestion) -> StandingView:
        """Keep a question as it was."""
        with self._lock:
            self._keep(question)
        return self.view(question)

    def change(self, question_id: str, owner: str, changes: QuestionChanges) -> StandingView:
        """Raises `NotFound`, and `BadQuestion` for other words that are none.

        With other words or filters it is another question: what arrives from now on counts. So it is after a pause.
        """
        with self._lock:
            old = self._own(question_id, owner)
            new = replace(
                old,
                question=old.question if changes.question is None else checked(changes.question),
                filters=old.filters if changes.filters is None else changes.filters,
                paused=old.paused if changes.paused is None else changes.paused,
                telling=old.telling if changes.telling is None else changes.telling,
            )
            other = (new.question, new.filters) != (old.question, old.filters)
            if other or (old.paused and not new.paused):
                new = replace(new, after=self._now_here())
            self._keep(new)
            if other_ways := {way for way in old.telling.ways if _place(new, way) != _place(old, way)}:
                self.store.deliveries.forget(question_id, other_ways)
        return self.view(new)

    def renew_token(self, question_id: str, owner: str) -> StandingView:
        """Give its feed another address; who has the old one reads nothing more."""
        with self._lock:
            renewed = replace(self._own(question_id, owner), token=_token())
            self._keep(renewed)
        return self.view(renewed)

    def look(self, question_id: str, owner: str, up_to: int | None = None) -> StandingView:
        """What was found has been looked at, up to the finding of a number."""
        with self._lock:
            question = self._own(question_id, owner)
            newest = max(self.store.documents(question_id), default=0)
            seen = newest if up_to is None else min(up_to, newest)
            looked = replace(question, seen=max(question.seen, seen), looked=_now())
            self._keep(looked)
        return self.view(looked)

    def remove(self, question_id: str, owner: str) -> StandingView:
        with self._lock:
            view = self.view(self._own(question_id, owner))
            self.store.delete(question_id)
            del self._questions[question_id]
        return view

    def findings(self, question_id: str, owner: str) -> list[NewFinding]:
        """What was found in documents that are here, the newest first. Raises `NotFound`."""
        self._own(question_id, owner)
        return self.present(self.store.findings(question_id))

    def by_token(self, question_id: str, token: str) -> StandingQuestion:
        """The question that a feed's address means. Raises `NotFound`, also where its owner may not ask any more."""
        with self._lock:
            question = self._questions.get(question_id)
        if question is None or not compare_digest(question.token.encode(), token.encode()):
            raise NotFound("There is no such feed. Its address may have been renewed.")
        if not self.may_ask(question.owner):
            raise NotFound("There is no such feed any more.")
        return question

    def new(self, owner: str) -> dict[str, int]:
        """How many findings an owner has not looked at, by question; those with none are left out."""
        seen = {one.id: one.seen for one in self.kept_by(owner)}
        here = {
            key: sum(map(self._is_here, documents))
            for key, documents in self.store.new_documents(seen).items()
        }
        return {key: count for key, count in here.items() if count}

    def known(self, question_id: str) -> StandingQuestion | None:
        with self._lock:
            return self._questions.get(question_id)

    def records(self) -> Catalogue | None:
        """The documents; None while they are being loaded."""
        return self._present_now()

    def present(self, findings: Sequence[NewFinding]) -> list[NewFinding]:
        """Those in documents that are here."""
        return [one for one in findings if self._is_here(one.document_id)]

    # -- what arrives ------------------------------------------------------------------------

    def questions(self) -> list[StandingQuestion]:
        """All questions of those who may ask."""
        with self._lock:
            every = list(self._questions.values())
        may = {owner: self.may_ask(owner) for owner in {one.owner for one in every}}
        return [one for one in every if may[one.owner]]

    def follow(self, index: Index) -> None:
        """Note what has come and gone since."""
        if index.catalogue is not self.catalogue:
            self._note(index.catalogue)

    def _note(self, catalogue: Catalogue) -> None:
        with self._lock:
            touched = None if self.catalogue is None else catalogue.touched_since(self.catalogue)
            looked_at = catalogue.by_id.values() if touched is None else catalogue.some(touched)
            versions = {record.id: self.version_of(record) for record in looked_at}
            fresh = [
                (record.id, versions[record.id])
                for record in sorted(looked_at, key=lambda one: (one.added, one.id))
                if self._present.get(record.id) != versions[record.id]
            ]
            known = self._present if touched is None else self._present.keys() & touched
            gone = [(key, self._present[key]) for key in known if versions.get(key) != self._present[key]]
            moved = {key for key, version in fresh if self._had(catalogue.by_id[key], version)}
            if fresh or gone:
                self.store.arrive(fresh, gone, moved, time.time(), asked=bool(self._questions))
            for key, _ in gone:
                del self._present[key]
            self._present.update(versions)
            self.catalogue = catalogue

    def _had(self, record: Record, version: str) -> bool:
        """Whether a document had that text under an earlier name of its file."""
        return any(self._present.get(old) == version for old in record.moved_from)

    def tell(self, arrival: Arrival, question_id: str, found: Sequence[NewFinding]) -> int:
        """What an arrival brings for a question is kept and sent. Returns how many findings are new."""
        known = [(one, [digest(part) for part in sentences(one.quote, one.language)]) for one in found]
        told = self.store.tell(arrival, question_id, known, time.time())
        if told:
            self.on_found()
        return told

    @staticmethod
    def version_of(record: Record) -> str:
        """What names a text; records of earlier releases have no name of it."""
        return record.text_version or record.version

    def _now_here(self) -> int:
        """The number of the last coming or going. What has come by now and was not noted counts as here."""
        catalogue = self._present_now()
        if catalogue is not None and catalogue is not self.catalogue:
            self._note(catalogue)
        return self.store.last()

    # ----------------------------------------------------------------------------------------

    def _own(self, question_id: str, owner: str) -> StandingQuestion:
        question = self._questions.get(question_id)
        if question is None or question.owner != owner:
            raise NotFound(f"No question {question_id!r} is kept. `assistant questions` lists them.")
        return question

    def _is_here(self, document_id: str) -> bool:
        catalogue = self._present_now()
        return catalogue is None or document_id in catalogue.by_id or document_id in catalogue.moved

    def _keep(self, question: StandingQuestion) -> None:
        self.store.put(question)
        self._questions[question.id] = question


def _place(question: StandingQuestion, way: str) -> str:
    return question.telling.webhook if way == "webhook" else question.telling.mail


def _token() -> str:
    return secrets.token_urlsafe(24)


def _now() -> datetime:
    return datetime.now(UTC)
