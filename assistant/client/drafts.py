"""A draft checked for a command or a tool: in this process, or by the running server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from assistant.access.callers import Caller
from assistant.api.schemas.drafts import CheckedDraftSchema
from assistant.service.checked_drafts import KeptCheck
from assistant.service.draft_checks import CheckAsked, CheckStage, DraftChecks, ReportForm, progress_of
from ingest.client.remote import Remote
from ingest.errors import Cancelled, StoreError

OnProgress = Callable[[CheckStage, int, int], object]


def no_progress(stage: CheckStage, done: int, total: int) -> None:
    """For those who show none."""


def check_here(
    checks: DraftChecks,
    caller: Caller,
    asked: CheckAsked,
    on_progress: OnProgress,
    cancelled: Callable[[], bool],
) -> CheckedDraftSchema:
    """Raises `Cancelled` once ``cancelled()``, and what reading a draft does."""
    from assistant.api.check import owner_of  # imports FastAPI

    owner = owner_of(caller)
    with closing(checks.check(owner, asked, asked.filters)) as events:
        for event in events:
            if isinstance(event, KeptCheck):
                return CheckedDraftSchema.from_kept(event)
            if progress := progress_of(event):
                on_progress(*progress)
            if cancelled():
                break
    raise Cancelled("Nobody waits for the check.")


def report_here(checks: DraftChecks, caller: Caller, check_id: str, form: ReportForm, language: str) -> bytes:
    """A kept check as a file, without links: no server runs that could open them. Raises `NotFound`."""
    from assistant.api.check import owner_of  # imports FastAPI

    owner = owner_of(caller)
    kept = checks.kept.get(owner, check_id)
    return checks.report(owner, kept, form, language or kept.checked.draft.language, lambda citation: "")


def check_there(
    remote: Remote, asked: CheckAsked, on_progress: OnProgress, cancelled: Callable[[], bool]
) -> CheckedDraftSchema:
    """Raises `Refused`, `StoreError`, and `Cancelled` once ``cancelled()``."""
    sent: dict[str, Any] = {"again": asked.again, "documents": list(asked.filters.documents)}
    options: dict[str, Any]
    if asked.file is not None:
        options = {"data": {**sent, "stream": "true"}, "files": {"file": (asked.name, asked.file)}}
    else:
        options = {"json": {**sent, "stream": True, "text": asked.text, "name": asked.name}}
    for name, data in remote.events("/api/check", cancelled, **options):
        if name == "done":
            return CheckedDraftSchema.model_validate(data)
        if name in ("cutting", "sentence", "quotation"):
            on_progress("cutting" if name == "cutting" else "checking", data["done"], data["total"])
    raise StoreError(f"The server at {remote.url} broke the check off. Try again, or restart it.")
