"""What a file says of the document of a quote (title, day, authors, outlet, speaker), and in what the collection has it otherwise now. Pure.

Only what a file says is compared: a reference manager leaves out what it has no field for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from assistant.citation_links import place, web_address
from assistant.passports.types import CarriedMetadata, MetadataDifference, MetadataField
from assistant.passports.wording import phrases, said_in
from ingest.text.folding import words
from ingest.text.showable import shown_words
from ingest.text.written_dates import dates_in
from ingest.types import Record

NOTHING_SAID = CarriedMetadata()
_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_KINDS = ("said_direct", "said_indirect", "said_reported")
_LONGEST = 2_000  # characters of what a note says before and after its link
_MOST_AUTHORS = 200


# -- what a file says ----------------------------------------------------------------------------


def of_csl(item: Mapping[str, Any]) -> CarriedMetadata:
    """What an item of CSL-JSON says, or a citation of an answer."""
    authors = item.get("author") or item.get("authors") or ()
    names = [_name(one) for one in authors][:_MOST_AUTHORS] if isinstance(authors, list) else []
    attribution = item.get("attribution")
    speaker = attribution.get("speaker") if isinstance(attribution, dict) else item.get("speaker")
    return CarriedMetadata(
        title=_text(item.get("title")),
        published=_text(item.get("published")) or _csl_day(item.get("issued")),
        authors=_joined(names),
        outlet=_text(item.get("container-title")),
        speaker=_text(speaker),
    )


def _name(author: Any) -> str:
    if not isinstance(author, dict):
        return _text(author)
    parts = (author.get(name) for name in ("literal", "given", "non-dropping-particle", "family"))
    return " ".join(filter(None, map(_text, parts)))


def _text(value: Any) -> str:
    return " ".join(shown_words(value)) if isinstance(value, str) else ""


def _csl_day(issued: Any) -> str:
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = [str(one) for one in first] if isinstance(first, list) else []
    return _day("-".join(numbers))


def of_fields(record: Mapping[str, Sequence[str]]) -> CarriedMetadata:
    """What a record of RIS or an entry of BibTeX says, by the names of its fields."""

    def first(*names: str) -> str:
        return next((said for name in names for one in record.get(name, ()) if (said := _text(one))), "")

    noted = (one.partition(":") for one in record.get("N1", ()))
    speaker = next((_text(value) for name, _, value in noted if name.strip().lower() == "speaker"), "")
    authors = [*record.get("AU", ()), *record.get("A1", ())]
    authors += [name for one in record.get("author", ()) for name in one.split(" and ")]
    return CarriedMetadata(
        title=first("TI", "T1", "title"),
        published=next(filter(None, (_day(first(name)) for name in ("DA", "date", "PY", "Y1", "year"))), ""),
        authors=_joined(map(_text, authors[:_MOST_AUTHORS])),
        outlet=first("T2", "howpublished", "JO", "journal", "organization"),
        speaker=speaker or first("speaker"),
    )


def of_note(before: str, title: str, after: str) -> CarriedMetadata:
    """What a footnote says around the link to its words: authors before it, the document's ``title`` as its text, the rest behind.

    Nothing where it is no footnote of ours, which has the hash of the text.
    """
    before, after = before[-_LONGEST:], after[:_LONGEST]
    details = after.partition(_retrieved_in(after))[0]
    if not title or said_in("hash", (r"\w{1,128}",), after) is None or details == after:
        return NOTHING_SAID
    names = before.rpartition(" — ")[2].strip()
    speakers = (said_in(kind, (r"(?:(?!, ).){1,150}",), details) for kind in _KINDS)
    return CarriedMetadata(
        title=" ".join(shown_words(title)),
        published=next(reversed([*_days(details)]), ""),
        authors=_text(names.removesuffix(":")) if names.endswith(":") else "",
        speaker=next((_text(said[0]) for said in speakers if said), ""),
    )


def _retrieved_in(after: str) -> str:
    """How a note goes on where it tells the day on which a document was retrieved; "\\0", which it has not, where it does not."""
    begins = (f", {spoken['retrieved'].partition('{')[0]}" for spoken in phrases().values())
    return next((one for one in begins if one in after), "\0")


def _days(details: str) -> Iterator[str]:
    """The parts of a note between commas that are nothing but a day."""
    for part in details.split(", "):
        for language in phrases():
            days = list(dates_in(part.strip(), language))
            if len(days) == 1 and (days[0].start, days[0].end) == (0, len(part.strip())):
                yield days[0].day.isoformat()
                break


def _joined(names: Iterable[str]) -> str:
    return ", ".join(filter(None, names))


def _day(written: str) -> str:
    """A day, month or year as in 2026-03-14; empty for anything else."""
    found = _DAY.match(written.strip())
    return "-".join(f"{int(part):02}" for part in found.groups() if part) if found else ""


# -- compared with what is there -----------------------------------------------------------------


def differences(said: CarriedMetadata, record: Record, speaker: str | None) -> tuple[MetadataDifference, ...]:
    """In what a document is otherwise now than a file says; the ``speaker`` is None where the words do not stand in its text now."""
    now: dict[MetadataField, str] = {
        "title": " ".join(shown_words(record.title)) or place(record),
        "published": record.published.isoformat() if record.published else "",
        "authors": ", ".join(record.authors),
        "outlet": place(record) if web_address(record.shown_source) else "",
        "speaker": speaker or "",
    }
    compared: tuple[MetadataField, ...] = get_args(MetadataField)
    return tuple(
        MetadataDifference(field=field, written=written, now=now[field])
        for field in compared
        if (written := getattr(said, field))
        and (field != "speaker" or speaker is not None)
        and (field != "outlet" or now["outlet"])  # of a file it is its name
        and not _same(field, written, now[field])
    )


def _same(field: MetadataField, written: str, now: str) -> bool:
    if field == "published":
        return bool(now) and now.startswith(written)  # perhaps the year alone
    mine, ours = (list(map(str.casefold, words(text))) for text in (written, now))
    if field == "authors":  # "Koch, Jana" is the same person, and "and" is between two in BibTeX
        return sorted(filter(_is_no_link, mine)) == sorted(filter(_is_no_link, ours))
    return mine == ours and bool(mine or shown_words(written) == shown_words(now))


def _is_no_link(word: str) -> bool:
    return word != "and"
