"""Who speaks in interviews, minutes and transcripts: the label before a turn."""

from __future__ import annotations

import re
from dataclasses import dataclass

# "Adeyemi:", "Dr. Jana Koch (SPD):", "FRAGE:"; a label stands at the start of its paragraph and has up to five words.
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.’'-]*"
_LABEL = re.compile(
    rf"[ \t]*(?:[-–•*][ \t]+)?(?P<label>{_NAME}(?:[ \t]+(?:{_NAME}|von|van|de|der|di|da|zu|of|the)){{0,4}})"
    r"(?:[ \t]*\([^()\n]{1,40}\))?:[ \t]+(?=\S)"
)

# Labels that look like a speaker's in documents that have several of them.
_NOT_NAMES = re.compile(
    r"(?:frage|antwort|question|answer|[qaf]|hinweis|anmerkung|note|quelle|source|bemerkung|beispiel|example|fazit|tipp?"
    r"|achtung|warning|datum|date|ort|place|zeit|time|thema|subject|betreff|redaktion|update|stand|foto|photo)s?",
    re.I,
)
_ROLE = re.compile(r"\([^()\n]{1,40}\)|\b(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau)\b\.?")
_LEADING_MARKUP = re.compile(r"^[ \t]*[-–•*][ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTurn:
    """Who speaks in a turn, as its label says, and where the words begin; an offset in code points of the text."""

    speaker: str
    start: int


def turn_at(text: str, at: int) -> SpokenTurn | None:
    """The turn that ``at`` is in, or whose label begins there; None where the label isn't known to be a speaker's.

    A label is one where another paragraph has it too, by its last word, or where it has a title or a role.
    """
    begin = text.rfind("\n", 0, at) + 1
    match = _LABEL.match(text, begin)
    if match is None or _NOT_NAMES.fullmatch(match["label"]):
        return None
    label = _LEADING_MARKUP.sub("", match[0]).strip().removesuffix(":")
    if not _ROLE.search(label) and not _recurs(match["label"].split()[-1], text):
        return None
    return SpokenTurn(speaker=label, start=match.end())


def _recurs(name: str, text: str) -> bool:
    """Whether the labels of two paragraphs end with that name."""
    paragraphs = re.finditer(
        rf"^[^:\n]{{0,80}}\b{re.escape(name)}(?:[ \t]*\([^()\n]{{1,40}}\))?:", text, re.M
    )
    return sum(_LABEL.match(text, found.start()) is not None for found in paragraphs) > 1


def turn_start(text: str, at: int) -> int | None:
    """Where the label of the turn stands that ``at`` is in; None where the paragraph has no label."""
    begin = text.rfind("\n", 0, at) + 1
    match = _LABEL.match(text, begin)
    return match.start("label") if match and match.end() <= at else None
