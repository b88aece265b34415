"""The sandbox's child process: reads files under limits until its parent goes.

    python -m ingest.loaders.sandbox_worker MEMORY_BYTES CPU_SECONDS

It ends by the end of its input, which comes however the parent ends. (Linux could also kill it with its
parent, PR_SET_PDEATHSIG, but does so already when the *thread* that started it ends.)
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from ingest.errors import DamagedSource, SourceError, SourceNotFound, TooLarge
from ingest.loaders import (
    CONTAINERS,
    LOADERS,
    guarded,
    hocr,
    load,
    open_container,
    pdf_images,
    pdf_places,
    pdf_recognition,
    sandbox_protocol,
    suffix_of,
    tesseract,
)
from ingest.loaders.docx_comments import DocxComment, commented
from ingest.loaders.members import OpenContainer
from ingest.loaders.pdf_alignment import PageQuote

_KEPT = 4  # containers one in the other, which are read in turn
_opened: dict[tuple[str, int, int], OpenContainer] = {}  # by path, size and time: the last ones read


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    requests, answers = _private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this one
    logging.disable(logging.CRITICAL)  # libraries that grumble about a page
    _limit(memory)
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()
    sandbox_protocol.send(answers, sandbox_protocol.encode({"ready": True}))
    while True:
        request = inbox.get()
        _limit_time(seconds)
        _answer(request, answers)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, moved away from where a library's ``print`` could reach them."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, answers


def _listen(requests: BinaryIO, inbox: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Passes requests on; ends the process, whatever it is doing, when the parent is gone."""
    while (request := sandbox_protocol.receive(requests)) is not None:
        inbox.put(request)
    tesseract.end()
    os._exit(0)


def _answer(request: dict[str, Any], answers: BinaryIO) -> None:
    path, name = Path(request["path"]), request["name"]
    try:
        sandbox_protocol.answer(answers, _read(path, name, request))
    except MemoryError:
        _opened.clear()
        sandbox_protocol.answer(answers, TooLarge(name, "memory"))


def _read(path: Path, name: str, request: dict[str, Any]) -> sandbox_protocol.Result | SourceError:
    """What the file holds or, where a page of a PDF is asked for, its picture, where words stand on it, or what is recognised.

    Of a Word document that is to have comments, the document with them.
    """
    suffix, page, quote = suffix_of(str(path)), request.get("page"), request.get("quote")
    try:
        if "contents" in request:
            return _open(path, name).contents
        if "member" in request:
            return _member(_open(path, name), name, request["member"])
        if "comment" in request:
            return _commented(path, name, **request["comment"])
        if page is not None and quote is not None:
            return pdf_places.places(path.read_bytes(), name, page, PageQuote(**quote))
        if page is not None:
            return pdf_images.render(path.read_bytes(), name, page)
        if "recognise" in request:
            return pdf_recognition.recognise(path.read_bytes(), name, **request["recognise"])
        pages = [hocr.recognised_page(page) for page in request.get("recognised", ())]
        suffix = suffix if suffix in LOADERS else suffix_of(name)
        return load(path.read_bytes(), name, suffix=suffix, recognised=pages)
    except SourceError as error:
        return error
    except OSError as error:
        return SourceNotFound(name, "unopened", why=error.strerror)


def _open(path: Path, name: str) -> OpenContainer:
    """The container at ``path``, opened once for all of its members."""
    state = path.stat()
    key = (str(path), state.st_size, state.st_mtime_ns)
    if key in _opened:
        _opened[key] = _opened.pop(key)
    else:
        while len(_opened) >= _KEPT:
            del _opened[next(iter(_opened))]
        suffix = suffix_of(str(path))
        suffix = suffix if suffix in CONTAINERS else suffix_of(name)
        _opened[key] = open_container(path.read_bytes(), name, suffix=suffix)
    return _opened[key]


def _member(container: OpenContainer, name: str, number: int) -> bytes:
    try:
        return container.read(number)
    except (MemoryError, SourceError):
        raise
    except Exception as error:  # the file has changed since its contents were listed
        raise DamagedSource(name, "member_damaged") from error


def _commented(path: Path, name: str, text: str, comments: list[dict[str, Any]], author: str) -> bytes:
    return guarded(
        partial(commented, text=text, comments=[DocxComment(**one) for one in comments], author=author),
        path.read_bytes(),
        name,
    )


def _limit(memory: int) -> None:
    """At most ``memory`` bytes of address space; no files written, no core dumps, none of it on Windows."""
    if sys.platform != "win32":
        import resource

        limits = {resource.RLIMIT_AS: memory, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
        for what, limit in limits.items():
            hard = resource.getrlimit(what)[1]
            allowed = limit if hard < 0 else min(limit, hard)
            with suppress(ValueError, OSError):  # macOS has no limit of address space
                resource.setrlimit(what, (allowed, allowed))


def _limit_time(seconds: int) -> None:
    """At most ``seconds`` of processor time from now on, should the parent be unable to watch the clock."""
    if sys.platform != "win32":
        import resource

        soft = int(time.process_time()) + seconds + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


if __name__ == "__main__":
    main()
