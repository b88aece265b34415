"""Text as HTML, XML and UTF-8 can hold it. Pure."""

from __future__ import annotations

import re

# Control characters and lone surrogates are not valid in HTML and XML, nor surrogates in UTF-8.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def showable(value: str) -> str:
    """``value`` with a replacement character for each character that HTML or UTF-8 cannot hold."""
    return _UNSHOWABLE.sub("\ufffd", value)


def shown_words(value: str) -> list[str]:
    """What white space separates in ``value``, where signs that cannot be shown separate, too."""
    return showable(value).replace("\ufffd", " ").split()
