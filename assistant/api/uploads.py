"""Receiving files: a multipart body goes to disk as it comes, each file no longer than allowed."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.http.body_limits import MAX_FILES

if TYPE_CHECKING:  # it exists for type checkers only
    from python_multipart.multipart import MultipartCallbacks

LONGEST_NAME = 255  # bytes of a file's name, as on disks
LONGEST_SUFFIX = 10
MAX_FIELD = 10_000  # bytes of a form field that is no file
# What is still being sent after a refusal would be read for as long as the sender likes.
_CLOSE = {"Connection": "close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file received: the name its sender gave it, without folders, and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    uploads: list[Upload]
    fields: dict[str, list[str]]


async def receive(request: Request, new_path: Callable[[str], Path], max_bytes: int) -> Form:
    """The files and fields of a multipart request, the files at paths that ``new_path`` gives for their names.

    A file of more than ``max_bytes`` makes it fail with 413; whatever fails, no file stays behind.
    """
    parts = _Parts(new_path, max_bytes)
    try:
        parser = MultipartParser(_boundary(request), parts.callbacks())
        drained = 0
        async for chunk in request.stream():
            if parts.refused is None:
                await run_in_threadpool(parser.write, chunk)
            elif (drained := drained + len(chunk)) > max_bytes:
                break  # read on for a while: a client that is still sending would not see the answer
        if parts.refused is None:
            parser.finalize()
            return Form(uploads=parts.uploads, fields=parts.fields)
        raise parts.refused
    except FormParserError as error:
        parts.discard()
        raise HTTPException(400, f"The form cannot be read ({error}).") from error
    except BaseException:
        parts.discard()
        raise


def _boundary(request: Request) -> bytes:
    _, options = parse_options_header(request.headers.get("content-type", ""))
    if not options.get(b"boundary"):
        raise HTTPException(400, "The form cannot be read (its Content-Type names no boundary).")
    return options[b"boundary"]


class _Parts:
    """What the parser calls: collects fields, writes files."""

    def __init__(self, new_path: Callable[[str], Path], max_bytes: int) -> None:
        self._new_path = new_path
        self._max_bytes = max_bytes
        self.uploads: list[Upload] = []
        self.fields: dict[str, list[str]] = {}
        self.refused: HTTPException | None = None
        self._clear()

    def _clear(self) -> None:
        self._field = self._value = self._disposition = b""
        self._name, self._data, self._written = "", b"", 0
        self._file: BinaryIO | None = None

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._clear,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
        }

    def discard(self) -> None:
        """Delete what was received."""
        if self._file is not None:
            self._file.close()
        for upload in self.uploads:
            upload.path.unlink(missing_ok=True)

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition.decode("latin-1"))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        name = base_name(options.get(b"filename", b"").decode("utf-8", "replace"))
        if name:  # a form without a chosen file sends a part with an empty name
            self._open(name)

    def _open(self, name: str) -> None:
        if len(self.uploads) == MAX_FILES:
            self._refuse(422, f"There are more than {MAX_FILES:,} files. Send them in several requests.")
        else:
            upload = Upload(name=name, path=self._new_path(name))
            self._file = upload.path.open("xb")
            self.uploads.append(upload)

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._written += end - start
        if self.refused is not None:
            return
        if self._file is None:
            self._take(data[start:end])
        elif self._written > self._max_bytes:
            limit = f"{self._max_bytes / 1e6:,.0f} MB"
            self._refuse(
                413, f"{self.uploads[-1].name} has more than the {limit} allowed. Nothing was added."
            )
        else:
            self._file.write(data[start:end])

    def _take(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > MAX_FIELD:
            self._refuse(422, f"The form field {self._name!r} has more than {MAX_FIELD:,} bytes.")

    def _on_part_end(self) -> None:
        if self._file is not None:
            self._file.close()
        elif self._name:
            self.fields.setdefault(self._name, []).append(self._data.decode("utf-8", "replace"))
        self._file = None

    def _refuse(self, status: int, detail: str) -> None:
        self.refused = self.refused or HTTPException(status, detail, _CLOSE)


def base_name(name: str) -> str:
    """A file's name without folders and unprintable characters: an upload must not pass for a path or a URL.

    It is in NFC and has at most `LONGEST_NAME` bytes: of a longer one the beginning, a mark of the whole, and the suffix.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    whole = unicodedata.normalize("NFC", printable)
    if len(whole.encode("utf-8", "replace")) <= LONGEST_NAME:
        return whole
    suffix = PurePosixPath(whole).suffix if len(PurePosixPath(whole).suffix) <= LONGEST_SUFFIX else ""
    end = f"~{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()[:8]}{suffix}"
    room = LONGEST_NAME - len(end.encode("utf-8", "replace"))
    return whole.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip() + end
