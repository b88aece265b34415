"""What the sandbox and its worker say to each other: JSON objects, each with its length before it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from ingest.errors import SourceError
from ingest.loaders.hocr import RecognisedPage, recognised_page
from ingest.loaders.members import Contents, Member
from ingest.loaders.pdf_places import PagePlaces, PlaceBox
from ingest.types import Content, Heading

# What a file says, which documents it holds, the picture of a page, the bytes of a member or a document with comments, where words stand, or what
# was recognised on a page.
Result = Content | Contents | bytes | PagePlaces | RecognisedPage

_LENGTH = 8  # bytes, big-endian
_ERRORS = {kind.__name__: kind for kind in SourceError.__subclasses__()}


def encode(message: dict[str, Any]) -> bytes:
    """The message as it is sent. File names that are no valid text (lone surrogates) pass unchanged."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")


def send(stream: IO[bytes], payload: bytes) -> None:
    stream.write(len(payload).to_bytes(_LENGTH, "big"))
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None where the other side has gone. Bytes follow their message as they are."""
    payload = _piece(stream)
    if payload is None:
        return None
    message: dict[str, Any] = json.loads(payload.decode("utf-8", "surrogatepass"))
    if "bytes" in message:
        message["bytes"] = _piece(stream)
        return None if message["bytes"] is None else message
    return message


def _piece(stream: IO[bytes]) -> bytes | None:
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    payload = stream.read(int.from_bytes(length, "big"))
    return payload if len(payload) == int.from_bytes(length, "big") else None


def answer(stream: IO[bytes], result: Result | SourceError) -> None:
    """Send a result. Raises `MemoryError` before anything is sent."""
    payload = encode(pack(result))
    send(stream, payload)
    if isinstance(result, bytes):
        send(stream, result)


def pack(result: Result | SourceError) -> dict[str, Any]:
    if isinstance(result, SourceError):
        return {"error": type(result).__name__, "code": result.code, "values": result.values}
    if isinstance(result, bytes):
        return {"bytes": len(result)}
    if isinstance(result, Contents):
        return {"contents": asdict(result)}
    if isinstance(result, PagePlaces):
        return {"places": asdict(result)}
    if isinstance(result, RecognisedPage):
        return {"recognised": asdict(result)}
    return {"content": asdict(result) | {"published": result.published and result.published.isoformat()}}


def unpack(message: dict[str, Any], name: str) -> Result | SourceError:
    if "error" in message:
        return _ERRORS.get(message["error"], SourceError)(name, message["code"], **message["values"])
    if "bytes" in message:
        return bytes(message["bytes"])
    if "contents" in message:
        members = tuple(Member(**member) for member in message["contents"]["members"])
        return Contents(own=message["contents"]["own"], members=members)
    if "places" in message:
        boxes = tuple(PlaceBox(**box) for box in message["places"]["boxes"])
        return PagePlaces(boxes=boxes, whole=message["places"]["whole"])
    if "recognised" in message:
        return recognised_page(message["recognised"])
    fields = message["content"]
    return Content(
        text=fields["text"],
        media_type=fields["media_type"],
        title=fields["title"],
        published=date.fromisoformat(fields["published"]) if fields["published"] else None,
        published_from=fields["published_from"],
        authors=tuple(fields["authors"]),
        language=fields["language"],
        page_starts=tuple(fields["page_starts"]),
        doubtful_pages=tuple(fields["doubtful_pages"]),
        recognised_pages=tuple(fields["recognised_pages"]),
        unread_pages=tuple(fields["unread_pages"]),
        headings=tuple(Heading(**heading) for heading in fields["headings"]),
        time_starts=tuple((at, second) for at, second in fields["time_starts"]),
    )
