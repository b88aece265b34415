"""Verified quotes as HTML: the form, how many stand, and each quote with what has become of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.api.schemas.passports import (
    MetadataDifferenceSchema,
    VerificationSchema,
    VerifiedQuoteSchema,
)
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words

_SUFFIXES = ".md,.markdown,.txt,.html,.htm,.docx,.json,.jsonl,.ris,.bib"


def form(words: Words) -> Html:
    """A field for a file, one for pasted text, and the place for what is found."""
    file = element("input", type="file", name="file", accept=_SUFFIXES)
    pasted = element(
        "textarea",
        name="text",
        rows=6,
        maxlength=2_000_000,
        placeholder=words("verify_text_hint"),
        spellcheck="false",
    )
    buttons = (
        element("button", text(words("verify_check")), type="submit", class_="check"),
        element("button", text(words("cancel")), type="button", class_="cancel", hidden=True),
    )
    fields = (
        element("label", text(words("verify_file")), file),
        element("label", text(words("verify_text")), pasted),
        element("div", *buttons, class_="line"),
    )
    found = element(
        "div",
        class_="found",
        aria_live="polite",
        data_failed=words("find_texts_failed"),
        data_busy=words("verify_busy"),
        data_nothing=words("verify_nothing_given"),
        data_large=words("verify_too_large"),
    )
    intro = element("p", text(words("verify_intro")), class_="hint")
    return join([element("h2", text(words("verify_title"))), intro, element("form", *fields), found])


def verdicts(found: VerificationSchema, words: Words) -> Html:
    """How many stand, then those that don't, then the others, each in the order of the file."""
    if not found.total:
        return element("p", text(words("verify_no_quotes")), class_="count problem")
    fallen = [one for one in found.quotes if one.verdict != "stands"]
    standing = [one for one in found.quotes if one.verdict == "stands"]
    count = words.count("verify_count", found.standing, total=words.number(found.total))
    parts = [element("p", text(count), class_="count")]
    if fallen:
        parts.append(element("h3", text(words.count("verify_fallen", len(fallen)))))
        parts.append(_list(fallen, words))
    if standing:
        parts.append(element("h3", text(words.count("verify_standing", len(standing)))))
        parts.append(_list(standing, words))
    return join(parts)


def _list(quotes: list[VerifiedQuoteSchema], words: Words) -> Html:
    return element("ol", *(_quote(one, words) for one in quotes), class_="verdicts")


def _quote(found: VerifiedQuoteSchema, words: Words) -> Html:
    verdict = element("p", element("strong", text(words(f"verdict_{found.verdict}"))), class_="verdict")
    shown = " ".join(found.quote.split())
    said = element("blockquote", text(shown), dir="auto") if shown else NOTHING
    lines = (element("p", text(line)) for line in _told(found, words))
    return element(
        "li", verdict, said, *lines, _difference(found, words), _where(found, words), class_=found.verdict
    )


def _told(found: VerifiedQuoteSchema, words: Words) -> Iterator[str]:
    """What more there is to say of a quote."""
    if found.replaced:
        yield words("verify_until", date=words.date(found.replaced.date()))
    if found.changed:
        yield words("verify_changed")
    if found.link_alone:
        yield words("verify_link_alone")
    if found.same_text:
        yield words("verify_same_text")
    for one in found.contradictions:
        yield words(f"contradiction_{one}")
    for difference in found.metadata:
        now, written = (_shown(difference, value, words) for value in (difference.now, difference.written))
        yield (
            words(f"metadata_{difference.field}", now=now, written=written)
            if now
            else words(f"metadata_no_{difference.field}", written=written)
        )


def _shown(difference: MetadataDifferenceSchema, value: str, words: Words) -> str:
    whole_day = difference.field == "published" and len(value) == len("2026-03-14")
    return words.date(date.fromisoformat(value)) if whole_day else value


def _difference(found: VerifiedQuoteSchema, words: Words) -> Html:
    """What stands there instead, with what differs marked: the file's words struck out, the document's underlined."""
    if not found.nearest:
        return NOTHING
    pieces = []
    for one in found.nearest:
        if one.written == one.in_source:
            pieces.append(text(one.written))
            continue
        pieces += [element("del", text(one.written))] if one.written else []
        pieces += [element("ins", text(one.in_source))] if one.in_source else []
    label = element("span", text(f"{words('verify_nearest')} "), class_="label")
    return element("p", label, join(pieces), class_="nearest", dir="auto")


def _where(found: VerifiedQuoteSchema, words: Words) -> Html:
    """The document, and a link to the words in it, or to what is nearest."""
    parts = [element("bdi", text(found.title))] if found.title else []
    if found.url:
        name = "verify_open_earlier" if found.verdict == "earlier" else "verify_open"
        new_tab = element("span", text(f" ({words('new_tab')})"), class_="unseen")
        parts.append(element("a", text(words(name)), new_tab, href=found.url, target="_blank"))
    return element("p", join(parts, text(" · ")), class_="where") if parts else NOTHING
