"""The command ``assistant reindex``: all documents embedded anew, by the running server beside what it answers from, or here."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from assistant.settings import Settings
from ingest.client.owners import lock_or_owner
from ingest.client.remote import Refused, Remote
from ingest.client.terminal import ProgressBar, complain, say, say_json, working
from ingest.store.lock import FolderLock

if TYPE_CHECKING:  # it imports what answers, which takes a second
    from assistant.api.schemas.reindex import ReindexSchema

_LOOK = 0.5  # seconds between two looks at how far the server is
_CONFLICT = 409


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cancel", action="store_true", help="give up what a running server is at; the index stays as it was"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    held = lock_or_owner(settings.data_dir, "assistant reindex")
    if isinstance(held, FolderLock):
        held.release()
        return _give_up_here(settings) if options.cancel else _embed_here(options, settings)
    with closing(Remote(held)) as server:
        return _cancel(server, options) if options.cancel else _embed_there(server, options, settings)


def _embed_here(options: argparse.Namespace, settings: Settings) -> int:
    from ingest.embedding.models import SentenceTransformerEmbedder
    from ingest.pipeline import prepare_all
    from ingest.store.reembedding import reembed

    with working("Loading the embedding model…"):
        embedder = SentenceTransformerEmbedder(settings.embedding_model, settings.number_format)
    steps = reembed(
        settings.data_dir,
        embedder,
        lambda documents: prepare_all(documents, embedder),
        chroma_url=settings.chroma_url,
    )
    documents = _shown((step.documents, step.of_documents) for step in steps)
    again = _shown(_read_again(settings)) if documents is None else 0
    return _report(documents, embedder.name, options, again or 0)


def _read_again(settings: Settings) -> Iterator[tuple[int, int]]:
    """Read documents again that earlier rules have read, here; yields how many of how many are done."""
    from ingest.reading_again import in_groups, read_again, stored_by_earlier_rules
    from ingest.store.index import Index

    lock = FolderLock(settings.data_dir, "assistant reindex")
    with ExitStack() as opened:
        opened.callback(lock.release)
        index = Index.open_stored(settings.data_dir, lock, chroma_url=settings.chroma_url)
        if index is None:
            return
        opened.pop_all()
        opened.callback(index.close)
        waiting = stored_by_earlier_rules(index.records())
        done = 0
        yield done, len(waiting)
        for group in in_groups(waiting):
            read_again(index, group)
            done += len(group)
            yield done, len(waiting)


def _give_up_here(settings: Settings) -> int:
    from ingest.store.reembedding import give_up

    given_up = give_up(settings.data_dir, chroma_url=settings.chroma_url)
    say("Given up: the index is as it was." if given_up else "Nothing is under way.")
    return 0


def _embed_there(server: Remote, options: argparse.Namespace, settings: Settings) -> int:
    view = _view(server, "GET")
    if settings.embedding_model not in ("", view.wanted or view.embedding_model):
        complain(
            f"The running server is set to {view.wanted or view.embedding_model}: restart it with "
            f"ASSISTANT_EMBEDDING_MODEL={settings.embedding_model}. It answers from the index as it is until all is embedded anew."
        )
        return 1
    try:
        view = _view(server, "POST")
    except Refused as error:
        if error.status != _CONFLICT:
            raise
        return _report(None, view.embedding_model, options)
    try:
        _shown(_progress(server, view))
    except KeyboardInterrupt:
        complain(
            "The server goes on: `assistant reindex` shows how far it is, `assistant reindex --cancel` gives it up."
        )
        return 1
    view = _view(server, "GET")
    if view.state != "done":
        complain(f"It was given up: the index is as it was. {view.error}".strip())
        return 1
    return _report(view.documents, view.model, options)


def _progress(server: Remote, view: ReindexSchema) -> Iterator[tuple[int, int]]:
    while view.state in ("running", "switching"):
        yield view.documents, view.of_documents
        time.sleep(_LOOK)
        view = _view(server, "GET")


def _cancel(server: Remote, options: argparse.Namespace) -> int:
    state = _view(server, "DELETE").state
    words = "Given up: the index is as it was." if state == "cancelled" else f"Nothing to give up ({state})."
    say_json({"state": state}) if options.json else say(words)
    return 0


def _view(server: Remote, method: str) -> ReindexSchema:
    from assistant.api.schemas.reindex import ReindexSchema

    return ReindexSchema.model_validate(server.call(method, "/api/reindex"))


def _shown(steps: Iterator[tuple[int, int]]) -> int | None:
    """The number of documents in all, once the steps (documents done, of all) have ended; None where there were none."""
    first = next(((done, total) for done, total in steps if total), None)
    if first is None:
        return None
    shown, total = first
    with ProgressBar(total, "documents") as bar:
        for _ in range(shown):
            bar.finished("")
        for done, _ in steps:
            for _ in range(done - shown):
                bar.finished("")
            shown = max(shown, done)
    return total


def _report(documents: int | None, model: str, options: argparse.Namespace, read_again: int = 0) -> int:
    words = "Nothing to do: the index was made by this model."
    if documents is not None:
        words = f"{documents:,} documents embedded anew with {model}."
    elif read_again:
        counted = "1 document" if read_again == 1 else f"{read_again:,} documents"
        words = f"{counted} read again for who said what. The index was made by this model already."
    data = {"embedded": documents or 0, "read_again": read_again, "embedding_model": model}
    say_json(data) if options.json else say(words)
    return 0
