"""The text rules every loader follows: what a document's text may and may not hold."""

from __future__ import annotations

import re
import unicodedata

# Line, page and paragraph separators of other systems; made line feeds so that no words stick together.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, soft hyphens (they hide words from search), byte order marks, the two non-characters.
_DROPPED = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\ufffe\uffff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """``text`` in NFC, with line feeds only, without control characters, trimmed; else unchanged.

    Cleaning twice changes nothing.
    """
    text = _BREAKS.sub("\n", _DROPPED.sub("", text))
    return unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", text)).strip()


def one_line(text: str) -> str:
    """``text`` cleaned, every run of white space made one space."""
    return _SPACE.sub(" ", clean(text))
