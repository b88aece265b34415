"""What a file says of where a quote is from, perhaps in several places: put together, and where it contradicts itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from assistant.passports.metadata import NOTHING_SAID
from assistant.passports.quoted import QuotedWords, parse_quoted
from assistant.passports.types import CarriedMetadata, CarriedQuote, Contradiction
from ingest.text.showable import shown_words

_PATH = re.compile(r"(?:^|/)documents/([^/]+)$")
_HALVES = re.compile("[\ud800-\udfff]")  # of characters, which JSON may have and UTF-8 can't
_NUMBER = re.compile(r"[0-9]{1,11}")
# The line of `references.identity`. The words come last, for they may be anything.
_LINE = re.compile(r"Document: (\S+)\s+Offsets: (\S*)-(\S*)\s+SHA-256: (\w+)\s+Quote: (.*)", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedIdentity:
    """Where a quote is from as one part of a file says it; empty or None where it does not."""

    document_id: str = ""
    start: int | None = None
    end: int | None = None
    version: str = ""
    sha256: str = ""
    linked: QuotedWords | None = None
    quote: str = ""


def in_address(address: str) -> CarriedIdentity | None:
    """What a link to the viewer says, on whatever host; None for every other link, and for one that leads to no words.

    Where its offsets make no sense, it has none.
    """
    try:
        parts = urlsplit(address.strip())
        query = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    path = _PATH.search(parts.path)
    start, end = (query.get(name, [""])[0] for name in ("start", "end"))
    if path is None or not (start or end):
        return None
    sensible = bool(_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end))
    return CarriedIdentity(
        document_id=unquote(path[1]),
        start=int(start) if sensible else None,
        end=int(end) if sensible else None,
        version=query.get("version", [""])[0],
        linked=parse_quoted(query.get("quote", []), query.get("digest", [""])[0]),
    )


def in_note(note: str) -> CarriedIdentity | None:
    """What a reference's note says; None where it says nothing of that."""
    found = _LINE.search(note)
    if found is None:
        return None
    sensible = bool(_NUMBER.fullmatch(found[2]) and _NUMBER.fullmatch(found[3]))
    return CarriedIdentity(
        document_id=found[1],
        start=int(found[2]) if sensible else None,
        end=int(found[3]) if sensible else None,
        sha256=found[4],
        quote=found[5].strip(),
    )


def carried_quote(
    where: str,
    words: tuple[str, ...],
    parts: Iterable[CarriedIdentity | None],
    *,
    in_marks: bool = False,
    metadata: CarriedMetadata = NOTHING_SAID,
) -> CarriedQuote | None:
    """A quote of a file by all that is said of it, the first part first; None where no document is named.

    Where one part names no offsets that make sense, that is a contradiction.
    """
    known = [part for part in parts if part is not None]
    document_id = next((part.document_id for part in known if part.document_id), "")
    spans = [(part.start, part.end) for part in known if part.start is not None and part.end is not None]
    if not document_id:
        return None
    start, end = spans[0] if spans else (0, 0)
    quotes = [*words[:1], *(part.quote for part in known if part.quote)]
    versions = {part.version for part in known if part.version}
    hashes = {part.sha256 for part in known if part.sha256}
    contradictions: list[Contradiction] = []
    if len({part.document_id for part in known if part.document_id}) > 1:
        contradictions.append("document")
    if len(set(spans)) > 1 or any(part.document_id and part.start is None for part in known):
        contradictions.append("offsets")
    if len(versions | {sha256[:16] for sha256 in hashes}) > 1 or len(hashes) > 1:
        contradictions.append("hash")
    links = {part.linked for part in known if part.linked}
    if len(links) > 1 or (len({tuple(shown_words(quote)) for quote in quotes}) > 1 and not in_marks):
        contradictions.append("words")
    return CarriedQuote(
        words=tuple(_HALVES.sub("\ufffd", one) for one in words or quotes[:1]),
        where=_HALVES.sub("\ufffd", where),
        document_id=_HALVES.sub("\ufffd", document_id),
        start=start or 0,
        end=end or 0,
        version=next(iter(sorted(versions)), ""),
        sha256=next(iter(sorted(hashes)), ""),
        linked=next((part.linked for part in known if part.linked), None),
        in_marks=in_marks,
        contradictions=tuple(contradictions),
        metadata=metadata,
    )
