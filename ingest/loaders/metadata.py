"""Reading what a file says about itself: title, date, authors, language. Doubtful values are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.loaders.blocks import one_line
from ingest.types import Heading

_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?:D:)?(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\d)"),
)
# What programs write where a title belongs: their own file names and placeholders.
_PROGRAM = re.compile(r"microsoft (word|powerpoint|excel) - ", re.I)
_NO_TITLE = re.compile(
    r"\W*(untitled( \w+)?|anonymous|unspecified|unbenannt|"
    r"document|dokument|title|slide|word document|print|(?:powerpoint[- ])?(?:presentation|präsentation))\W*\d*",
    re.I,
)
_FILE = re.compile(r"\S+\.(docx?|pdf|odt|rtf|tex|dvi|indd|qxd|pages|pptx?|xlsx?|html?|md|txt|pmd)", re.I)
_NOBODY = {
    "admin", "administrator", "anonymous", "author", "autor", "benutzer", "editor", "guest", "office",
    "microsoft office user", "openpyxl", "owner", "python-docx", "python-pptx", "redaktion", "root", "test", "unbekannt", "unknown",
    "unspecified", "user",
}  # fmt: skip
_ADDRESS = re.compile(r"[@<>{}\\]|://|\.\w{2,4}$|^www\b", re.I)
_BYLINE = re.compile(r"(?:(?:written |posted |view all posts )?by|von|par|author|autor(?:in)?)\b:?\s+", re.I)
_NEAR = 1000
_AND = re.compile(r"\s*(?:;|\||\s(?:and|und|et|&|/)\s)\s*")
_GERMAN = frozenset(
    [
        "aber",
        "als",
        "auch",
        "auf",
        "aus",
        "bei",
        "das",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "ein",
        "eine",
        "einer",
        "für",
        "ist",
        "mit",
        "nicht",
        "sich",
        "sind",
        "und",
        "von",
        "wir",
        "zu",
        "zum",
        "zur",
        "über",
    ]
)
_ENGLISH = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "has",
        "in",
        "is",
        "it",
        "not",
        "of",
        "on",
        "or",
        "our",
        "that",
        "the",
        "this",
        "to",
        "was",
        "we",
        "with",
    ]
)
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")


def day(value: object, *, since: int = 1400) -> date | None:
    """The date in ``value`` (or that its text begins with); None if before ``since`` or in the future."""
    if isinstance(value, datetime):
        value = value.date()
    parsed = value if isinstance(value, date) else _parse(str(value or "").strip())
    tomorrow = date.today() + timedelta(days=1)
    return parsed if parsed and date(since, 1, 1) <= parsed <= tomorrow else None


def _parse(text: str) -> date | None:
    for pattern in _DATES:
        if match := pattern.match(text):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
    return None


def names(values: Iterable[object]) -> tuple[str, ...]:
    """People's names out of texts such as ``"By Ann Lee and Bo Li; Cy Ray"``, in order, each once."""
    found: dict[str, None] = {}
    for value in values:
        for part in _AND.split(one_line(str(value or ""))):
            for name in _by_comma(_BYLINE.sub("", part, count=1).strip(" ,()")):
                if _is_name(name):
                    found[name] = None
    return tuple(found)


def _by_comma(text: str) -> list[str]:
    """``Ann Lee, Bo Li`` is two people, ``Lee, Ann`` is one."""
    parts = [part.strip() for part in text.split(",")]
    return parts if all(" " in part for part in parts) else [text]


def _is_name(text: str) -> bool:
    return 1 < len(text) <= 60 and text.lower() not in _NOBODY and not _ADDRESS.search(text)


def language(*values: object) -> str:
    """The first value that is a language tag, as its ISO 639-1 code; empty where none is."""
    for value in values:
        if match := _LANGUAGE.fullmatch(str(value or "").strip()):
            return match[1].lower()
    return ""


def slide_labels(text: str) -> tuple[str, str]:
    """What slides without a title, and notes, are called: in German where more of the text's small words are German than English."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    german = sum(word in _GERMAN for word in words) > sum(word in _ENGLISH for word in words)
    return ("Folie", "Notizen") if german else ("Slide", "Notes")


def first(headings: Sequence[Heading]) -> str:
    """The words of the first heading if it stands near the beginning, where a title would be; else empty."""
    return headings[0].text if headings and headings[0].start <= _NEAR else ""


def title(declared: str, heading: str, text: str, name: str) -> str:
    """The declared title if it is one, else the heading, else a headline, else from the file name."""
    declared = _PROGRAM.sub("", one_line(declared))
    if _FILE.fullmatch(declared) or _NO_TITLE.fullmatch(declared) or not any(map(str.isalpha, declared)):
        declared = ""
    return declared or heading or headline(text) or from_name(name)


def headline(text: str) -> str:
    """The first line if it reads like a headline: short, no full stop, not wrapped."""
    lines = [one_line(line) for line in text[:4000].split("\n")[:20]]
    first, second = lines[0], lines[1] if len(lines) > 1 else ""
    plain = not re.match(r"\W*\s", first) and " | " not in first
    short = 3 <= len(first) <= 120 and any(map(str.isalpha, first)) and first[-1] not in ".,;:…-"
    # A line that the next word did not fit on was wrapped: it is the beginning of a sentence.
    ended = not second or len(first) + 1 + len(second.split(" ")[0]) <= max(map(len, lines))
    return first if short and plain and ended and len(lines) > 1 else ""


def from_name(name: str) -> str:
    """``/tmp/my_first-article.txt`` and ``https://host/my_first-article?p=1`` make ``my first article``."""
    path = unquote(urlsplit(name).path) if "://" in name else name.replace("\\", "/")
    stem = PurePosixPath(path).stem or name
    return one_line(re.sub(r"[_-]+", " ", stem)) or one_line(name)


def mail_day(value: str) -> date | None:
    """The day in the header of a mail or a feed, as in "Tue, 17 Mar 2026 23:30:00 +0100": where it was sent."""
    try:
        return day(parsedate_to_datetime(value).date(), since=1970)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
