"""What somebody has asked, as text: checked before anything is loaded for it."""

from __future__ import annotations

import re

from assistant.errors import BadQuestion

LONGEST_QUESTION = 4_000  # characters
_HALVES = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """``text`` with U+FFFD for every half of a character (a lone surrogate), which cannot be encoded.

    Programs that cut a text in the middle of an emoji send such halves, and so do names of files in another encoding.
    """
    return _HALVES.sub("\ufffd", text)


def checked(question: str) -> str:
    """The question without surrounding space. Raises `BadQuestion` where it is empty or too long."""
    trimmed = whole(question.replace("\0", "")).strip()
    if not trimmed:
        raise BadQuestion("The question is empty. Type what you want to know.")
    if len(trimmed) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(trimmed):,} characters. Shorten it to {LONGEST_QUESTION:,}, "
            "or add the long text as a document and ask about it."
        )
    return trimmed
