"""The check of a draft as one HTML file that needs nothing else: the draft with its marks, each leading to what is said of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import escape
from itertools import chain, pairwise

from assistant.drafts.remarks import SIGNS, Evidence, Remark
from assistant.drafts.report_wording import say
from assistant.drafts.types import CheckedDraft
from assistant.types import Citation

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STYLE = """
:root { color-scheme: light dark; --soft: #526077; --line: #c9d3df; --well: #166534; --wrong: #b42318; --doubtful: #7a4a00; --unknown: #526077; }
@media (prefers-color-scheme: dark) { :root { --soft: #a3b0c4; --line: #3b4a62; --well: #86e0a5; --wrong: #ff9d92; --doubtful: #f0c274; --unknown: #a3b0c4; } }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 84rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
main { display: grid; gap: 2rem; } @media (min-width: 60rem) { main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
.draft { white-space: pre-wrap; font-family: Charter, Georgia, serif; font-size: 1.1rem; }
.draft span { text-decoration: underline 2px; text-underline-offset: .25em; }
.draft .wrong { text-decoration-style: wavy; } .draft .doubtful { text-decoration-style: dashed; } .draft .unknown { text-decoration-style: dotted; }
.well { --mark: var(--well); } .wrong { --mark: var(--wrong); } .doubtful { --mark: var(--doubtful); } .unknown { --mark: var(--unknown); }
.draft span { text-decoration-color: var(--mark); } .draft a { font: 600 .75rem system-ui, sans-serif; color: var(--mark); text-decoration: none; margin: 0 .15em; }
ol { padding: 0; list-style: none; } li { padding: .5rem .75rem; margin-bottom: .75rem; border-inline-start: 4px solid var(--mark); }
li h2 { font-size: 1rem; margin: 0; color: var(--mark); } p { margin: .2rem 0; } mark { font-weight: 700; } blockquote { white-space: pre-line; margin: .3rem 0; padding-inline-start: .75rem; border-inline-start: 2px solid var(--line); }
.soft { color: var(--soft); font-size: .9rem; } li:target, .draft :target { outline: 2px solid currentColor; }
""".strip()


def html_report(
    checked: CheckedDraft,
    noted: Sequence[Remark],
    language: str,
    when: datetime,
    link: Callable[[Citation], str],
) -> str:
    """``link`` gives a citation's address, empty where there is none."""
    title = checked.draft.name or say("title", language)
    about = [
        f"{when:%Y-%m-%d %H:%M} UTC",
        say("searched", language, count=checked.documents),
        f"SHA-256 {checked.draft.sha256}",
    ]
    stopped = [] if checked.complete else [f"<p><strong>{_text(say('stopped', language))}</strong></p>"]
    items = "".join(_item(number, remark, checked.draft.text, link) for number, remark in enumerate(noted, 1))
    nothing = "" if noted else f"<p>{_text(say('nothing', language))}</p>"
    spoken = language if language.isalpha() else "en"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="{spoken}"><head><meta charset="utf-8"><title>{_text(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<style>{_STYLE}</style></head><body><h1>{_text(title)}</h1>"
        f'<p class="soft">{_text(" · ".join(about))}</p>{"".join(stopped)}{_counts(noted)}'
        f'<main><div class="draft" dir="auto">{"".join(_marked(checked.draft.text, noted))}</div>'
        f"<div><ol>{items}</ol>{nothing}</div></main></body></html>\n"
    )


def _counts(noted: Sequence[Remark]) -> str:
    counted: dict[tuple[str, str], int] = {}
    for remark in noted:
        key = (SIGNS[remark.gravity], remark.heading)
        counted[key] = counted.get(key, 0) + 1
    return f"<p>{_text(' · '.join(f'{sign} {name}: {count}' for (sign, name), count in counted.items()))}</p>"


def _marked(text: str, noted: Sequence[Remark]) -> Iterator[str]:
    """The text with every remark's words marked, and its number behind them; marks within others are cut at their borders."""
    differing = sorted(stretch for one in noted for stretch in one.differing if stretch[0] < stretch[1])
    borders = sorted(
        {0, len(text), *(at for one in noted for at in (one.start, one.end)), *chain.from_iterable(differing)}
    )
    ending = defaultdict[int, list[str]](list)
    for number, one in enumerate(noted, 1):
        if one.start < one.end:
            mark = (
                f'<a class="{one.gravity}" id="m{number}" href="#r{number}">{SIGNS[one.gravity]}{number}</a>'
            )
            ending[one.end].append(mark)
    waiting, over = sorted(noted, key=lambda one: one.start), list[Remark]()
    at = next_one = furthest = 0
    for start, end in pairwise(borders):
        over = [one for one in over if one.end >= end]
        while at < len(waiting) and waiting[at].start <= start:
            over += [waiting[at]] if waiting[at].end >= end else []
            at += 1
        while next_one < len(differing) and differing[next_one][0] <= start:
            furthest = max(furthest, differing[next_one][1])
            next_one += 1
        words = _text(text[start:end])
        words = f"<mark>{words}</mark>" if end <= furthest else words
        for one in over:
            words = f'<span class="{one.gravity}">{words}</span>'
        yield words
        yield from ending[end]


def _item(number: int, remark: Remark, text: str, link: Callable[[Citation], str]) -> str:
    lines = "".join(f"<p>{_text(line)}</p>" for line in remark.lines)
    evidence = "".join(_evidence(one, link(one.citation)) for one in remark.evidence)
    words = " ".join(text[remark.start : remark.end].split())
    return (
        f'<li class="{remark.gravity}" id="r{number}"><h2>{SIGNS[remark.gravity]} {number}. {_text(remark.heading)}</h2>'
        f'<p dir="auto"><a href="#m{number}">{_text(words)}</a></p>{lines}{evidence}</li>'
    )


def _evidence(one: Evidence, address: str) -> str:
    where = _text(one.where)
    if address.startswith(("http://", "https://")):
        where = f'<a href="{_text(address)}">{where}</a>'
    return f'<p class="soft">{_text(one.label)}: {where}</p><blockquote dir="auto">{_quote(one)}</blockquote>'


def _quote(one: Evidence) -> str:
    """The words of a source, those marked that the draft has otherwise."""
    quote, at, parts = one.citation.quote, 0, []
    for start, end in sorted(one.differing):
        if start >= at:
            parts.append(f"{_text(quote[at:start])}<mark>{_text(quote[start:end])}</mark>")
            at = end
    return "".join([*parts, _text(quote[at:])])


def _text(value: str) -> str:
    return escape(_UNSHOWABLE.sub("\ufffd", value))
