"""A text as a draft: checked for its length, with its language and hash. Nothing but line ends is changed."""

from __future__ import annotations

import hashlib
import re

from assistant.drafts.types import Draft
from assistant.errors import BadDraft
from ingest.text.languages import detect

LONGEST_DRAFT = 400_000  # characters: more than a hundred pages
_LINE_END = re.compile("\r\n?")
_HALVES = re.compile("[\ud800-\udfff]")


def draft_of(text: str, name: str = "", language: str = "") -> Draft:
    """The draft of a text, with "\\n" for every line end; ``language`` (ISO 639-1) is told by the text where it is not given.

    Halves of characters (lone surrogates), which cannot be encoded, become U+FFFD. Raises `BadDraft` for an empty or too long text.
    """
    text = _HALVES.sub("\ufffd", _LINE_END.sub("\n", text))
    if not text.strip():
        raise BadDraft("The text is empty. Paste or choose the text that is to be checked.")
    if len(text) > LONGEST_DRAFT:
        raise BadDraft(
            f"The text has {len(text):,} characters. Check it in parts of at most {LONGEST_DRAFT:,}."
        )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Draft(name=name, text=text, language=language or detect(text) or "en", sha256=sha256)
