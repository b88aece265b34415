"""The command ``ingest``: files, folders, patterns, web pages, feeds and sitemaps into the index.

Exit status: 0 all well, 1 something failed or was stopped, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from ingest.client.targets import SourceOrPage, Target, open_target
from ingest.client.terminal import (
    ProgressBar,
    complain,
    plain,
    run_command,
    say,
    say_json,
    stoppable,
)
from ingest.client.watching import WatchedAddresses
from ingest.errors import IngestError, SourceError
from ingest.loaders import suffix_of
from ingest.moving import StoredSource, renamed
from ingest.pipeline import Progress
from ingest.privacy import quiet, silence
from ingest.settings import IngestSettings, load_settings
from ingest.sources import OnSkipped, Source, checked, expand, forms_of
from ingest.types import Result

WATCH_EVERY = 2.0  # seconds
_MOST_NAMED = 20  # sources stored that are named where others failed
_MOST_KINDS = 8  # formats of skipped files that are named
_SETTLING = 0.2  # seconds; a file that changes during them is still being written
_OUTCOMES = ("added", "replaced", "unchanged", "moved", "removed", "failed", "cancelled")

_FileStates = dict[str, tuple[int, int]]  # by path: modification time in nanoseconds, size in bytes


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(_parser(), sys.argv[1:] if argv is None else argv, _run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ingest", description="Bring articles into the index: what is unchanged is left as it is."
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a file, a folder, a pattern like '*.pdf', a web page, a feed or a sitemap",
    )
    parser.add_argument(
        "--sync",
        action="store_true",
        help="also remove documents whose files are gone from the folders given; a renamed file keeps its document",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="go on: bring in files as they are added or changed, and what feeds, sitemaps and pages have that is new",
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object per source and a last one that sums up"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    silence()
    settings = load_settings()
    quiet(settings.embedding_model)
    skipped: set[str] = set()
    files = _files(options.sources, settings, skipped.add)
    target = open_target(settings, "ingest")
    reporter = _Reporter(options.json, skipped)
    try:
        with stoppable() as stop:
            _work(target, options, settings, files, reporter, stop)
        return reporter.sum_up(stopped=stop.is_set() and not options.watch)
    except IngestError as error:
        complain(str(error))
        return reporter.sum_up(stopped=True)
    except KeyboardInterrupt:
        return reporter.sum_up(stopped=True)
    finally:
        target.close()


def _work(
    target: Target,
    options: argparse.Namespace,
    settings: IngestSettings,
    files: Sequence[Source | SourceError],
    reporter: _Reporter,
    stop: threading.Event,
) -> None:
    before = _states(files)
    moved = _moved(target, options.sources, files, reporter) if options.sync else set()
    files = [file for file in files if isinstance(file, SourceError) or file.name not in moved]
    addresses = _addresses(options.sources, settings)
    _ingest(target, [*files, *addresses.due(stop.is_set)], reporter, stop.is_set)
    addresses.ended(reporter.failed, reporter.known_as)
    if options.sync and not stop.is_set():
        _sync(target, options.sources, settings, reporter)
    if options.watch and not stop.is_set():
        reporter.start_watching()
        while not stop.wait(WATCH_EVERY):
            before = _ingest_changed(target, options, settings, reporter, before, stop.is_set)
            if pages := addresses.due(stop.is_set):
                _ingest(target, pages, reporter, stop.is_set)
                addresses.ended(reporter.failed, reporter.known_as)


def _addresses(arguments: Sequence[str], settings: IngestSettings) -> WatchedAddresses:
    """The web pages, feeds and sitemaps among the arguments."""
    from ingest.fetch.pages import is_url

    return WatchedAddresses(
        filter(is_url, arguments),
        allow_private=settings.allow_private_urls,
        every=settings.follow_minutes * 60,
    )


def _files(
    arguments: Sequence[str], settings: IngestSettings, on_skipped: OnSkipped = lambda path: None
) -> list[Source | SourceError]:
    """The files that those arguments name that are no URLs."""
    from ingest.fetch.pages import is_url

    paths = [argument for argument in arguments if not is_url(argument)]
    most = settings.max_upload_mb * 1_000_000
    return [checked(file) for file in expand(paths, max_bytes=most, on_skipped=on_skipped)]


def _ingest(
    target: Target, sources: Sequence[SourceOrPage], reporter: _Reporter, cancelled: Callable[[], bool]
) -> None:
    with ProgressBar(len(sources), "files") as bar:
        named = {source.name if isinstance(source, Source) else source.source for source in sources}

        def on_progress(progress: Progress) -> None:
            if progress.known_as:
                reporter.known_as[progress.source] = progress.known_as
            if progress.stage == "skipped":
                reporter.skip(progress.source)
            elif progress.result is None:
                note = f": page {progress.page} of {progress.pages}" if progress.pages else ""
                bar.part(progress.source, progress.fraction, note)
            else:
                bar.finished(progress.source, extra=progress.source not in named)
                reporter.result(progress.result)

        target.ingest(sources, on_progress, cancelled)


class _Reporter:
    """Prints the result of every source as it comes, and a summary at the end."""

    def __init__(self, as_json: bool, skipped: Collection[str]) -> None:
        """``skipped`` are the paths of files in other formats than are read."""
        self._json = as_json
        self._skipped = Counter(suffix_of(path) or "without suffix" for path in skipped)
        self._began = time.monotonic()
        self._counts: Counter[str] = Counter()
        self._stored: list[str] = []
        self._watching = False
        self._told: set[tuple[str, str | None]] = set()  # failures, each of which is told once
        self.failed: dict[str, Result] = {}  # by source, for as long as its last result is a failure
        self.known_as: dict[str, str] = {}  # by address of a page: its source, after redirects

    def result(self, result: Result) -> None:
        from ingest.fetch.pages import is_url

        self.failed.pop(result.source, None)
        if result.outcome == "failed":
            self.failed[result.source] = result
            if (
                is_url(result.source) and (result.source, result.error) in self._told
            ):  # it was tried once more
                return
            self._told.add((result.source, result.error))
        self._counts[result.outcome] += 1
        if self._json:
            say_json(result.line())
        elif self._watching and result.outcome != "failed":
            say(f"{result.outcome}: {plain(result.source)}")
        elif result.outcome in ("added", "replaced"):
            self._stored.append(f"{result.outcome}: {plain(result.source)}")
        if result.outcome == "failed":
            complain(f"failed: {plain(result.source)}: {result.error}")

    def skip(self, path: str) -> None:
        """A file in another format, in an archive or attached to a mail."""
        self._skipped[suffix_of(path) or "without suffix"] += 1

    def start_watching(self) -> None:
        """Sum the first round up; from here on every change is printed, also without JSON."""
        self._watching = True
        if not self._json:
            say(f"{self._summary()} Watching for changes; stop with Ctrl-C.")

    def sum_up(self, stopped: bool) -> int:
        """Print the last line; returns the exit status."""
        if stopped:
            complain("Stopped. What was stored stays; run the same command again to go on.")
        if self._json:
            counts = {outcome: self._counts[outcome] for outcome in _OUTCOMES}
            skipped = {"skipped": self._skipped.total(), "skipped_formats": dict(self._skipped.most_common())}
            say_json({"summary": {**counts, **skipped, "seconds": round(time.monotonic() - self._began, 3)}})
        else:
            self._name_stored()
            say(self._summary())
        return 1 if stopped or self._counts["failed"] else 0

    def _name_stored(self) -> None:
        """Say what was stored where something else failed: failures alone would read as if nothing had been."""
        if not self._counts["failed"]:
            return
        for line in self._stored[:_MOST_NAMED]:
            say(line)
        more = len(self._stored) - _MOST_NAMED
        if more > 0:
            say(f"and {more:,} more")

    def _summary(self) -> str:
        counts = [f"{self._counts[outcome]:,} {outcome}" for outcome in _OUTCOMES if self._counts[outcome]]
        done = f"{', '.join(counts) or 'Nothing to do'} in {time.monotonic() - self._began:.1f} s"
        if not self._skipped:
            return f"{done}."
        kinds = [f"{plain(kind)} {n:,}" for kind, n in self._skipped.most_common(_MOST_KINDS)]
        more = ", …" if len(self._skipped) > _MOST_KINDS else ""
        return f"{done}, {self._skipped.total():,} skipped: {', '.join(kinds)}{more}."


def _sync(target: Target, arguments: Sequence[str], settings: IngestSettings, reporter: _Reporter) -> None:
    """Remove the documents whose files are gone from the folders among ``arguments``.

    A file may have been renamed since the folders were listed: they are once more, after it was seen to be gone.
    """
    missing = {document.id for document in _gone(target.documents(), arguments)}
    if not missing:
        return
    _moved(target, arguments, _files(arguments, settings), reporter)
    gone = [document for document in _gone(target.documents(), arguments) if document.id in missing]
    if gone:
        target.remove([document.id for document in gone])
    for document in gone:
        reporter.result(Result(source=document.source, outcome="removed", document_id=document.id))


def _gone(known: Sequence[StoredSource], arguments: Sequence[str]) -> list[StoredSource]:
    """The documents whose files are gone from the folders among ``arguments``."""
    paths = [os.path.abspath(os.path.expanduser(argument)) for argument in arguments]
    folders = tuple(os.path.join(path, "") for path in paths if os.path.isdir(path))
    return [
        document
        for document in known
        if (document.container or document.source).startswith(folders) and _has_gone(document)
    ]


def _moved(
    target: Target,
    arguments: Sequence[str],
    files: Sequence[Source | SourceError],
    reporter: _Reporter,
) -> set[str]:
    """Make documents whose files have another name by now those of the new names; returns these."""
    known = target.documents()
    sources = [file for file in files if isinstance(file, Source)]
    moved = set()
    for document_id, file in renamed(_gone(known, arguments), known, sources).items():
        if target.move(document_id, file.name):
            moved.add(file.name)
            reporter.result(Result(source=file.name, outcome="moved"))
    return moved


def _has_gone(document: StoredSource) -> bool:
    """Whether the file of a document is gone, or the one that it was found in, which may lie in another."""
    if not document.container:
        return _is_gone(document.source)
    path = document.container
    while path != os.path.dirname(path):
        if not _is_gone(path):
            return os.path.isdir(path)  # a folder: what lay in it, and held the document, has gone
        path = os.path.dirname(path)
    return True


def _is_gone(path: str) -> bool:
    """Whether there is certainly nothing at ``path``; a folder that may not be read proves nothing."""
    for form in forms_of(path):
        try:
            os.stat(form)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return False
        return False
    return True


def _states(sources: Sequence[SourceOrPage]) -> _FileStates:
    """The state of every file among ``sources`` now."""
    states: _FileStates = {}
    for source in sources:
        if isinstance(source, Source):
            try:
                state = os.stat(source.path)
            except OSError:
                continue
            states[source.name] = (state.st_mtime_ns, state.st_size)
    return states


def _ingest_changed(
    target: Target,
    options: argparse.Namespace,
    settings: IngestSettings,
    reporter: _Reporter,
    before: _FileStates,
    cancelled: Callable[[], bool],
) -> _FileStates:
    """Ingest the files whose state is not the one ``before``; returns the states now."""
    files = _files(options.sources, settings)
    now = _states(files)
    time.sleep(_SETTLING)
    settled = {path: state for path, state in _states(files).items() if now.get(path) == state}
    changed = [
        file
        for file in files
        if isinstance(file, Source) and file.name in settled and settled[file.name] != before.get(file.name)
    ]
    if changed and options.sync:
        moved = _moved(target, options.sources, changed, reporter)
        changed = [file for file in changed if file.name not in moved]
    if changed:
        _ingest(target, changed, reporter, cancelled)
    if options.sync:
        _sync(target, options.sources, settings, reporter)
    return {path: settled.get(path, before.get(path, (0, 0))) for path in now}


if __name__ == "__main__":
    raise SystemExit(main())
