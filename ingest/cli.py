"""The command ``ingest``: files, folders, patterns, web pages and feeds into the index.

Exit status: 0 all well, 1 something failed or was stopped, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from ingest.client.targets import LocalTarget, Page, ServerTarget, SourceOrPage, Target, lock_or_owner
from ingest.client.terminal import (
    ProgressBar,
    abandon_output,
    complain,
    plain,
    say,
    say_json,
    stoppable,
    working,
)
from ingest.errors import IngestError, SourceError, WrongSetting
from ingest.pipeline import Progress
from ingest.privacy import quiet, silence
from ingest.settings import IngestSettings, load_settings
from ingest.sources import Source, expand
from ingest.store.lock import FolderLock
from ingest.types import Result

WATCH_EVERY = 2.0  # seconds
_SHOWN = ("added", "replaced", "unchanged", "removed", "failed", "cancelled")

_SeenFiles = dict[str, tuple[int, int]]  # by path: modification time in nanoseconds, size in bytes


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as error:  # argparse has said what is wrong
        return int(error.code or 0)
    silence()
    try:
        return _run(options, load_settings())
    except WrongSetting as error:
        complain(str(error))
        return 2
    except IngestError as error:
        complain(str(error))
    except KeyboardInterrupt:
        complain("Stopped.")
    except BrokenPipeError:
        abandon_output()
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ingest", description="Bring articles into the index: what is unchanged is left as it is."
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a file, a folder, a pattern like '*.pdf', a web page or a feed",
    )
    parser.add_argument(
        "--sync",
        action="store_true",
        help="also remove documents whose files are gone from the folders given",
    )
    parser.add_argument(
        "--watch", action="store_true", help="go on: bring in files as they are added or changed"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object per source and a last one that sums up"
    )
    return parser


def _run(options: argparse.Namespace, settings: IngestSettings) -> int:
    quiet(settings.embedding_model)
    wanted = _wanted(options.sources, settings)
    door = _open(settings)
    told = _Reporter(options.json)
    try:
        with stoppable() as stop:
            _work(door, options, settings, wanted, told, stop)
        return told.sum_up(stopped=stop.is_set() and not options.watch)
    except IngestError as error:
        complain(str(error))
        return told.sum_up(stopped=True)
    except KeyboardInterrupt:
        return told.sum_up(stopped=True)
    finally:
        door.close()


def _work(
    door: Target,
    options: argparse.Namespace,
    settings: IngestSettings,
    wanted: Sequence[SourceOrPage],
    told: _Reporter,
    stop: threading.Event,
) -> None:
    before = _state(wanted)
    _bring(door, wanted, told, stop.is_set)
    if options.sync and not stop.is_set():
        _sync(door, options.sources, told)
    if options.watch and not stop.is_set():
        told.so_far()
        while not stop.wait(WATCH_EVERY):
            before = _look_again(door, options, settings, told, before, stop.is_set)


def _open(settings: IngestSettings) -> Target:
    held = lock_or_owner(settings.data_dir, "ingest")
    if not isinstance(held, FolderLock):
        return ServerTarget(held)
    with working("Loading the embedding model…"):
        return LocalTarget(settings, held)


def _wanted(sources: Sequence[str], settings: IngestSettings) -> list[SourceOrPage]:
    """What the arguments name: files, web pages, and what cannot be read."""
    from ingest.fetch.pages import is_url

    limit = settings.max_upload_mb * 1_000_000
    files = [_checked(one) for one in expand([one for one in sources if not is_url(one)], max_bytes=limit)]
    pages: dict[str, SourceOrPage] = {}
    for url in sources:
        if is_url(url):
            pages |= {page.source: page for page in _pages(url, settings)}
    return [*files, *pages.values()]


def _checked(one: Source | SourceError) -> Source | SourceError:
    """A file whose name can be written down, as the catalogue must."""
    if isinstance(one, Source) and any("\ud800" <= sign <= "\udfff" for sign in one.name):
        return SourceError(plain(one.name), "name_no_text")
    return one


def _pages(url: str, settings: IngestSettings) -> Iterator[Page | SourceError]:
    from ingest.fetch.feeds import expand_feed

    try:
        with working(f"Fetching {url}"):
            pages = expand_feed(url, allow_private=settings.allow_private_urls)
        yield from (Page(source=page) for page in pages)
    except SourceError as error:
        yield error


def _bring(
    door: Target, wanted: Sequence[SourceOrPage], told: _Reporter, cancelled: Callable[[], bool]
) -> None:
    with ProgressBar(len(wanted), "files") as bar:

        def on_progress(progress: Progress) -> None:
            if progress.result is None:
                bar.part(progress.source, progress.fraction)
            else:
                bar.finished(progress.source)
                told.result(progress.result)

        door.ingest(wanted, on_progress, cancelled)


class _Reporter:
    """What became of every source, told as it happens and summed up at the end."""

    def __init__(self, as_json: bool) -> None:
        self._json = as_json
        self._began = time.monotonic()
        self._counts: Counter[str] = Counter()
        self._watching = False

    def result(self, result: Result) -> None:
        self._counts[result.outcome] += 1
        if self._json:
            say_json({key: value for key, value in asdict(result).items() if key != "passages"})
        elif self._watching and result.outcome != "failed":
            say(f"{result.outcome}: {plain(result.source)}")
        if result.outcome == "failed":
            complain(f"failed: {plain(result.source)}: {result.error}")

    def so_far(self) -> None:
        """The first round is over; from here on every change is told."""
        self._watching = True
        if not self._json:
            say(f"{self._words()} Watching for changes; stop with Ctrl-C.")

    def sum_up(self, stopped: bool) -> int:
        """The last line; returns the exit status."""
        if stopped:
            complain("Stopped. What was stored stays; run the same command again to go on.")
        if self._json:
            counts = {outcome: self._counts[outcome] for outcome in _SHOWN}
            say_json({"summary": {**counts, "seconds": round(time.monotonic() - self._began, 3)}})
        else:
            say(self._words())
        return 1 if stopped or self._counts["failed"] else 0

    def _words(self) -> str:
        counts = [f"{self._counts[outcome]:,} {outcome}" for outcome in _SHOWN if self._counts[outcome]]
        return f"{', '.join(counts) or 'Nothing to do'} in {time.monotonic() - self._began:.1f} s."


def _sync(door: Target, sources: Sequence[str], told: _Reporter) -> None:
    """Remove the documents whose files are gone from the folders among ``sources``."""
    folders = [os.path.abspath(os.path.expanduser(one)) for one in sources]
    prefixes = tuple(os.path.join(folder, "") for folder in folders if os.path.isdir(folder))
    gone = {
        key: source
        for key, source in door.documents().items()
        if prefixes and source.startswith(prefixes) and _is_gone(source)
    }
    if gone:
        door.remove(list(gone))
    for key, source in gone.items():
        told.result(Result(source=source, outcome="removed", document_id=key))


def _is_gone(path: str) -> bool:
    """Whether there is certainly nothing at ``path``; a folder that may not be read proves nothing."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _state(wanted: Sequence[SourceOrPage]) -> _SeenFiles:
    """The files as they are now."""
    found: _SeenFiles = {}
    for one in wanted:
        if isinstance(one, Source):
            try:
                state = os.stat(one.path)
            except OSError:
                continue
            found[one.name] = (state.st_mtime_ns, state.st_size)
    return found


def _look_again(
    door: Target,
    options: argparse.Namespace,
    settings: IngestSettings,
    told: _Reporter,
    before: _SeenFiles,
    cancelled: Callable[[], bool],
) -> _SeenFiles:
    """Bring in the files that are not as they were ``before``; returns how they are now."""
    from ingest.fetch.pages import is_url

    paths = [one for one in options.sources if not is_url(one)]
    wanted = expand(paths, max_bytes=settings.max_upload_mb * 1_000_000)
    now = _state(wanted)
    time.sleep(0.2)
    still = {
        path: state for path, state in _state(wanted).items() if now.get(path) == state
    }  # written to the end
    changed = [
        one
        for one in map(_checked, wanted)
        if isinstance(one, Source) and one.name in still and still[one.name] != before.get(one.name)
    ]
    if changed:
        _bring(door, changed, told, cancelled)
    if options.sync:
        _sync(door, options.sources, told)
    return {path: still.get(path, before.get(path, (0, 0))) for path in now}


if __name__ == "__main__":
    raise SystemExit(main())
