"""Who speaks in interviews, minutes and transcripts: the label before a turn."""

from __future__ import annotations

import re

# "Adeyemi:", "Dr. Jana Koch (SPD):", "FRAGE:"; a label stands at the start of its paragraph and has up to five words.
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.’'-]*"
_LABEL = re.compile(
    rf"[ \t]*(?:[-–•*][ \t]+)?(?P<label>{_NAME}(?:[ \t]+(?:{_NAME}|von|van|de|der|di|da|zu|of|the)){{0,4}})"
    r"(?:[ \t]*\([^()\n]{1,40}\))?:[ \t]+(?=\S)"
)


def turn_start(text: str, at: int) -> int | None:
    """Where the label of the turn stands that ``at`` is in; None where the paragraph has no label."""
    begin = text.rfind("\n", 0, at) + 1
    match = _LABEL.match(text, begin)
    return match.start("label") if match and match.end() <= at else None
