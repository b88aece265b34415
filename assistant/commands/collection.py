"""``assistant documents export`` and ``import``: a whole collection as one file, to be moved or kept."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from ingest.client.owners import lock_or_owner
from ingest.client.remote import Remote
from ingest.client.targets import LocalTarget
from ingest.client.terminal import ProgressBar, complain, plain, say, say_json, stoppable
from ingest.collection_file import export, head_of, import_all
from ingest.errors import SourceNotFound, StoreError
from ingest.originals import kept_originals
from ingest.store.lock import FolderLock


def add_options(command: argparse.ArgumentParser) -> None:
    """``assistant documents`` alone lists them; both parts are optional."""
    parts = command.add_subparsers(metavar="export | import", required=False)
    for name, run, words in (
        (
            "export",
            run_export,
            "Write all documents, with originals, corrections and earlier versions, to one file.",
        ),
        (
            "import",
            run_import,
            "Bring in what `assistant documents export` has written; what is there already stays.",
        ),
    ):
        part = parts.add_parser(name, help=words, description=words)
        part.set_defaults(run=run)
        part.add_argument("file", type=Path, metavar="FILE.zip")
        part.add_argument("--json", action="store_true", help="one JSON object per line")


def run_export(options: argparse.Namespace, settings: Settings) -> int:
    """A file that is there already stays. Raises `StoreError` where the file cannot be written."""
    path = options.file
    if path.exists():
        complain(f"{path} is there already. Choose another name, or delete it first.")
        return 1
    try:
        with _held(settings, "assistant documents export") as held:
            if isinstance(held, Remote):
                held.download("/api/collection", path)
            else:
                _export(held, settings, path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error
    count, size = head_of(path).documents, path.stat().st_size
    if options.json:
        say_json({"exported": count, "file": str(path), "bytes": size})
    else:
        say(f"{count:,} documents in {path}, {size / 1e6:,.1f} MB.")
    return 0


def _export(target: LocalTarget, settings: Settings, path: Path) -> None:
    index = target.index
    if index is None:
        raise StoreError("There are no documents yet. Add some with `ingest`.")
    with ProgressBar(len(index.records()), "documents") as bar:
        for record in export(index, kept_originals(settings), path):
            bar.finished(record.title)


def run_import(options: argparse.Namespace, settings: Settings) -> int:
    """The status is 1 where a document of the file could not be stored, which is named, or it was stopped."""
    if not options.file.is_file():
        raise SourceNotFound(str(options.file), "no_file")
    total = head_of(options.file).documents
    counts: Counter[str] = Counter()
    with (
        _held(settings, "assistant documents import") as held,
        stoppable() as stop,
        ProgressBar(total, "documents") as bar,
        closing(_imported(held, settings, options.file)) as results,
    ):
        for result in results:
            counts[str(result["outcome"])] += 1
            bar.finished(str(result["source"]))
            if options.json:
                say_json(result)
            if result["outcome"] == "failed":
                complain(f"failed: {plain(str(result['source']))}: {result['error']}")
            if stop.is_set():
                complain("Stopped. What was stored stays; run the same command again to go on.")
                break
    if options.json:
        say_json({"summary": dict(counts)})
    else:
        said = ", ".join(f"{number:,} {outcome}" for outcome, number in counts.items())
        say(f"{said or 'Nothing to do'}.")
    return 1 if counts["failed"] or counts.total() < total else 0


def _imported(held: LocalTarget | Remote, settings: Settings, path: Path) -> Generator[dict[str, Any]]:
    if isinstance(held, Remote):
        with path.open("rb") as file:
            yield from held.post_file("/api/collection", file)
        return
    _, index = held.load()
    results = import_all(path, index, kept_originals(settings), lambda: held.load()[0])
    yield from (result.line() for result in results)


@contextmanager
def _held(settings: Settings, command: str) -> Iterator[LocalTarget | Remote]:
    """The index in this process, or the server that has it."""
    held = lock_or_owner(settings.data_dir, command)
    opened = LocalTarget(settings, held) if isinstance(held, FolderLock) else Remote(held)
    with closing(opened):
        yield opened
