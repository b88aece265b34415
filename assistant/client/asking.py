"""One question, answered in this process or through the server that has the data folder open.

A command that goes through a server needs neither the index nor a model: it imports neither, and has its answer at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict

from assistant.api.schemas.answers import AnswerSchema
from assistant.asked_text import checked
from assistant.errors import AssistantError, BadQuestion, NotFound
from assistant.settings import Settings
from assistant.types import Turn
from ingest.client.owners import IsCancelled, lock_or_owner, never
from ingest.client.remote import Refused, Remote
from ingest.store.lock import FolderLock


def ask_once(
    settings: Settings, command: str, question: str, *, translate: bool = False, timeline: bool = False
) -> AnswerSchema:
    """The answer to one question. Raises `StoreLocked` where a process that is no server holds the data folder."""
    checked(question)
    held = lock_or_owner(settings.data_dir, command)
    if not isinstance(held, FolderLock):
        with closing(Remote(held)) as remote:
            return ask_server(remote, question, translate=translate, timeline=timeline)
    from assistant.client.local import LocalClient  # imports what answers: seconds
    from ingest.client.targets import LocalTarget

    with closing(LocalClient(settings, LocalTarget(settings, held))) as client:
        return client.ask(question, translate=translate, timeline=timeline)


def ask_server(
    remote: Remote,
    question: str,
    *,
    history: Sequence[Turn] = (),
    documents: Sequence[str] = (),
    translate: bool = False,
    timeline: bool = False,
    cancelled: IsCancelled = never,
) -> AnswerSchema:
    """The answer of a running server. Raises what answering here would."""
    body = {
        "question": checked(question),
        "history": [asdict(turn) for turn in history],
        "documents": list(documents),
        "translate": translate,
        "timeline": timeline,
    }
    with errors_by_status():
        return AnswerSchema.model_validate(remote.ask(body, cancelled))


@contextmanager
def errors_by_status(wrong: type[AssistantError] = BadQuestion) -> Iterator[None]:
    """Raise what the other client would, where the server refuses what was asked (``wrong``) or does not know a document."""
    try:
        yield
    except Refused as error:
        kinds: dict[int, type[AssistantError]] = {404: NotFound, 422: wrong}
        kind = kinds.get(error.status)
        if kind is None:
            raise
        raise kind(str(error)) from error
