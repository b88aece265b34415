"""Passports for reference managers: CSL-JSON, RIS and BibTeX; each entry holds what finds its words again. Pure.

Where a document has a web address, that is the reference's; the link that opens the words stands beside it. What no field is for
stands in a note, in one order that `references_read` takes apart again: document, offsets, hash, words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from assistant.passports.types import Passport
from ingest.text.showable import showable

_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
# What TeX reads as a command, in text. A brace must not stand in a field where it closes nothing, even after a backslash.
TEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
}
_TO_TEX = str.maketrans({**TEX, "\0": "{}"})
# Signs that TeX joins where they follow one another: to dashes, quotation marks and upturned marks.
_JOINED = re.compile(r"(?<=([-'`<>,]))(?=\1)|(?<=[?!])(?=`)")


def identity(passport: Passport) -> str:
    """What finds the words again, in one line; the words come last, for they may be anything."""
    return (
        f"Document: {passport.document_id} Offsets: {passport.start}-{passport.end} SHA-256: {passport.sha256} "
        f"Quote: {_line(passport.quote)}"
    )


def csl(passports: Sequence[Passport]) -> str:
    """A list of items as the schema of CSL-JSON 1.0.2 has them."""
    items = [_item(passport, key) for passport, key in _keyed(passports)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(passport: Passport, key: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": key,
        "type": "webpage" if passport.outlet else "document",
        "title": passport.title,
        "author": [{"literal": _line(author)} for author in passport.authors],
        "container-title": _container(passport),
        "issued": _csl_day(passport.published),
        "accessed": _csl_day(passport.retrieved),
        "page": str(passport.page) if passport.page else "",
        "language": passport.language,
        "URL": passport.source if passport.outlet else passport.url,
        "note": identity(passport),
        "custom": {
            "quote": passport.quote,
            "document_id": passport.document_id,
            "start": passport.start,
            "end": passport.end,
            "sha256": passport.sha256,
            "url": passport.url,
            **{name: value for name, value in _more(passport) if value},
        },
    }
    return {name: value for name, value in item.items() if value}


def _more(passport: Passport) -> Iterator[tuple[str, str]]:
    yield "speaker", passport.speaker
    yield "kind", passport.kind or ""
    yield "translation", passport.translation
    yield "gloss", passport.gloss
    yield "time", passport.time
    yield "source", passport.source


def _csl_day(day: date | None) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}


def ris(passports: Sequence[Passport]) -> str:
    """One record for each; lines end as the format's description says."""
    lines = [line for passport, key in _keyed(passports) for line in _record(passport, key)]
    return "".join(f"{line}\r\n" for line in lines)


def _record(passport: Passport, key: str) -> Iterator[str]:
    yield "TY  - ELEC" if passport.outlet else "TY  - GEN"
    fields: list[tuple[str, str]] = [
        ("ID", key),
        ("TI", passport.title),
        *(("AU", author) for author in passport.authors),
        ("T2", _container(passport)),
        ("PY", str(passport.published.year) if passport.published else ""),
        ("DA", f"{passport.published:%Y/%m/%d/}" if passport.published else ""),
        ("Y2", f"{passport.retrieved:%Y/%m/%d/}"),
        ("SP", str(passport.page) if passport.page else ""),
        ("LA", passport.language),
        ("UR", passport.source if passport.outlet else ""),
        ("UR", passport.url),
        ("N1", identity(passport)),
        *(("N1", f"{name.capitalize()}: {value}") for name, value in _more(passport) if value),
    ]
    yield from (f"{tag}  - {_line(value)}" for tag, value in fields if value)
    yield "ER  - "
    yield ""


def bibtex(passports: Sequence[Passport]) -> str:
    """An entry of the type misc for each, which BibTeX and BibLaTeX know; fields of ours are passed over by both."""
    return "\n".join(_entry(passport, key) for passport, key in _keyed(passports))


def _entry(passport: Passport, key: str) -> str:
    day = passport.published
    fields: list[tuple[str, str]] = [
        ("title", f"{{{_tex(passport.title)}}}"),
        ("author", " and ".join(f"{{{_tex(author)}}}" for author in passport.authors)),
        ("howpublished", _tex(_container(passport))),
        ("year", str(day.year) if day else ""),
        ("date", day.isoformat() if day else ""),
        ("urldate", passport.retrieved.isoformat()),
        ("pages", str(passport.page) if passport.page else ""),
        ("language", _tex(passport.language)),
        ("url", _tex_address(passport.source if passport.outlet else passport.url)),
        ("link", _tex_address(passport.url)),
        ("quote", _tex(passport.quote)),
        ("documentid", _tex(passport.document_id)),
        ("offsets", f"{passport.start}-{passport.end}"),
        ("textsha256", passport.sha256),
        *((name, _tex(value)) for name, value in _more(passport)),
        ("annote", _tex(identity(passport))),
    ]
    inner = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{key},\n{inner}\n}}\n"


def _tex(text: str) -> str:
    return _JOINED.sub("\0", _line(text)).translate(_TO_TEX)


def _tex_address(address: str) -> str:
    """An address as it is, for styles set it as one; it has no braces and backslashes, which are percent-encoded."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _container(passport: Passport) -> str:
    return passport.outlet or ("" if passport.source == passport.title else passport.source)


def _line(text: str) -> str:
    return " ".join(showable(text).split())


def _keyed(passports: Sequence[Passport]) -> Iterator[tuple[Passport, str]]:
    """The passports with keys by which texts cite them: the title's first words, the year, and the place of the words."""
    taken: set[str] = set()
    for passport in passports:
        words = _NOT_IN_KEY.sub(" ", passport.title.lower()).split()
        year = str(passport.published.year) if passport.published else ""
        stem = "".join(words[:3])[:30] + year or passport.document_id[:8]
        key = f"{stem}-{passport.start}"
        if key in taken:
            key = f"{key}-{passport.document_id[:8]}-{passport.end}"
        taken.add(key)
        yield passport, key
