"""HTML built from parts: text is escaped on the way in, so nothing that is not `Html` can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NewType

Html = NewType("Html", str)
Attribute = str | int | float | bool | None

NOTHING = Html("")
# Control characters and lone surrogates have no place in HTML, and surrogates none in UTF-8.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "&<>\"'\n\t`$*_{}[]\\~|#"} | {"\r": None})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


def showable(value: str) -> str:
    """``value`` with a replacement character for whatever can neither be shown nor sent."""
    return _UNSHOWABLE.sub("\ufffd", value)


def text(value: str) -> Html:
    """``value`` as text and nothing else."""
    return Html(showable(value).translate(_ENTITIES))


def element(tag: str, *children: Html, **attributes: Attribute) -> Html:
    """``<tag attribute="…">children</tag>``: `class_` gives class, `aria_label` aria-label; False and None give none."""
    opening = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    return Html(opening if tag in _VOID else f"{opening}{''.join(children)}</{tag}>")


def join(parts: Iterable[Html], between: Html = NOTHING) -> Html:
    return Html(between.join(parts))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{text(str(value))}"'


def policy(*, form_action: str, frame_ancestors: str) -> str:
    """The page's Content-Security-Policy; both are source lists such as ``'none'`` or ``'self' https://a.example``."""
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            f"form-action {form_action}",
            f"frame-ancestors {frame_ancestors}",
        )
    )
