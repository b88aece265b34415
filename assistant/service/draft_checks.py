"""Checks of drafts, from the text or file that somebody gives to what is kept and exported of them."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.core import Assistant
from assistant.drafts.drafting import draft_of
from assistant.drafts.html_report import html_report
from assistant.drafts.remarks import as_comment, remarks
from assistant.drafts.report_wording import say
from assistant.drafts.types import (
    ClaimsAwaited,
    Draft,
    DraftCut,
    DraftDone,
    QuotationChecked,
    SentenceChecked,
)
from assistant.service.checked_drafts import CheckedDrafts, KeptCheck
from assistant.service.feedback import now
from assistant.types import EVERYTHING, Citation, Filters
from ingest.loaders import suffix_of
from ingest.loaders.docx_comments import DocxComment, document_of
from ingest.loaders.sandbox import Sandbox

WORD = ".docx"
ReportForm = Literal["docx", "html"]
CheckStage = Literal["cutting", "checking"]
Link = Callable[[Citation], str]
_POLL = 0.5  # seconds between two signs that a file is still being read
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAsked:
    """A draft to check: its ``text``, or a ``file`` whose format its ``name`` tells.

    ``again`` is the id of an earlier check: what is new is told since that one, whose text is taken where none is given.
    """

    text: str = ""
    file: bytes | None = None
    name: str = ""
    again: str = ""
    filters: Filters = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDraft:
    """A draft that was read, and its bytes where it was a Word document."""

    draft: Draft
    word_file: bytes | None = None
    since: KeptCheck | None = None


@dataclass(frozen=True, slots=True)
class ReadingDraft:
    """A file is still being read: told again and again, so that whoever has left is noticed."""


CheckEvent = (
    ReadingDraft | ReadDraft | DraftCut | ClaimsAwaited | SentenceChecked | QuotationChecked | KeptCheck
)


class DraftChecks:
    """Checks of drafts in the data folder of an assistant; ``give_way`` is called between sentences, to let questions go first. Thread-safe."""

    def __init__(
        self,
        folder: Path,
        assistant: Callable[[], Assistant],
        give_way: Callable[[], object] = lambda: None,
    ) -> None:
        self.kept = CheckedDrafts(folder)
        self._assistant = assistant
        self._give_way = give_way

    def check(self, owner: str, asked: CheckAsked, filters: Filters) -> Generator[CheckEvent]:
        """Read a draft, which is the first event but for those of reading a file, and check it sentence by sentence; the last event is
        the whole check, which is kept.

        Closing it stops the reading or the check, and then nothing is kept. Raises a `SourceError` for a file that cannot be read, `BadDraft`
        or `NotFound`.
        """
        read = yield from self._read(owner, asked)
        yield read
        with closing(self._assistant().check_draft(read.draft, filters)) as events:
            for event in events:
                if isinstance(event, DraftDone):
                    yield self._keep(owner, read, event)
                else:
                    yield event
                    self._give_way()

    def _read(self, owner: str, asked: CheckAsked) -> Generator[ReadingDraft, None, ReadDraft]:
        since = self.kept.get(owner, asked.again) if asked.again else None
        name = asked.name or (since.checked.draft.name if since else "")
        if asked.file is not None:
            word_file = asked.file if suffix_of(name) == WORD else None
            text = yield from _file_read(asked.file, name)
            return ReadDraft(draft=draft_of(text, name), word_file=word_file, since=since)
        if asked.text or since is None:
            return ReadDraft(draft=draft_of(asked.text, name), since=since)
        file = self.kept.file(owner, asked.again)
        return ReadDraft(
            draft=since.checked.draft, word_file=file.read_bytes() if file else None, since=since
        )

    def _keep(self, owner: str, read: ReadDraft, done: DraftDone) -> KeptCheck:
        try:
            return self.kept.put(owner, done.checked, word_file=read.word_file, since=read.since)
        except OSError:  # the check has taken minutes: it is shown, if not kept
            _log.exception("A check could not be kept")
            return _unkept(done)

    def report(self, owner: str, kept: KeptCheck, form: ReportForm, language: str, link: Link) -> bytes:
        """A check as a Word document with comments, the checked file itself where it was one, or as HTML.

        ``link`` gives the address of a citation, empty where there is none.
        """
        noted = remarks(kept.checked, language, kept.changed)
        if form == "html":
            page = html_report(kept.checked, noted, language, kept.checked_at, link)
            return page.encode("utf-8", "replace")
        comments = [DocxComment(start=one.start, end=one.end, text=as_comment(one, link)) for one in noted]
        author, text = say("title", language), kept.checked.draft.text
        file = self.kept.file(owner, kept.id) if kept.word_file and kept.id else None
        if file is None:
            return document_of(text, comments, author)
        with Sandbox() as sandbox:
            return sandbox.commented(file, kept.checked.draft.name, text, comments, author)


def progress_of(event: CheckEvent) -> tuple[CheckStage, int, int] | None:
    """At what a check is, and how far: so much done of all; None where an event does not tell."""
    match event:
        case DraftCut():
            return "cutting", event.done, event.total
        case SentenceChecked() | QuotationChecked():
            return "checking", event.done, event.total
        case _:
            return None


def _unkept(done: DraftDone) -> KeptCheck:
    return KeptCheck(id="", checked_at=now(), checked=done.checked)


def _file_read(data: bytes, name: str) -> Generator[ReadingDraft, None, str]:
    """A file's text, read beside this thread; closing it ends the reading. Raises a `SourceError`."""
    left = threading.Event()
    with ThreadPoolExecutor(1, "draft") as pool:
        reading = pool.submit(_read_file, data, name, left.is_set)
        try:
            yield ReadingDraft()
            while not wait([reading], _POLL).done:
                yield ReadingDraft()
        finally:
            left.set()
        return reading.result()


def _read_file(data: bytes, name: str, cancelled: Callable[[], bool]) -> str:
    """A file's text, read in a process of its own, which ends once ``cancelled()``. Raises a `SourceError`, and `Cancelled`."""
    with tempfile.TemporaryDirectory(prefix="assistant-draft-") as folder, Sandbox() as sandbox:
        path = Path(folder) / f"draft{suffix_of(name)[:12]}"
        path.write_bytes(data)
        return sandbox.load(path, name, cancelled=cancelled).text
