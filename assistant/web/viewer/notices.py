"""What the viewer says above a text: what has become of the words that a link quotes, and that a version is an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.viewer.binding import Binding, CitedLink
from assistant.web.viewer.document_view import DocumentView, Offsets
from ingest.store.versions import EarlierVersion, RemovedDocument
from ingest.text.differences import MOST_CHANGES, ChangedStretch

_OF_A_CHANGE = frozenset({"moved", "gone", "unsure"})  # the findings that say when the document has changed


def finding(view: DocumentView, bound: Binding, link: CitedLink, words: Words) -> Html:
    """What has become of the quoted words since the link was made; nothing where they stand where it says."""
    if not bound.finding:
        return NOTHING
    changed = bound.earlier.replaced if bound.earlier else view.record.added
    when = {"date": _day(changed, words)} if bound.finding in _OF_A_CHANGE else {}
    parts = [text(words(f"words_{bound.finding}", **when))]
    if bound.earlier:
        address = earlier_address(bound.earlier, link.span)
        parts.append(element("a", text(words("to_quoted_version")), href=address))
    elif link.version and bound.finding == "gone":
        parts.append(text(words("quoted_version_gone")))
    return element("aside", join(parts, text(" ")), class_="version", data_finding=bound.finding)


def earlier(view: DocumentView, version: EarlierVersion, changed: list[ChangedStretch], words: Words) -> Html:
    """That this version is not the present one, a link to that, and what has changed since."""
    when = {"since": _day(version.record.added, words), "until": _day(version.replaced, words)}
    lines = [
        element("strong", text(words("earlier_version"))),
        text(words("earlier_period", **when)),
        element("a", text(words("to_present_version")), href=view.record.id),
    ]
    return element("aside", join(lines, text(" ")), _changes(changed, words), class_="version earlier")


def earlier_address(version: EarlierVersion, span: Offsets | None) -> str:
    """The address of an earlier version, relative to that of its document, at words where there are any."""
    at = {"earlier": 1, "start": span[0], "end": span[1]} if span else {}
    return f"{version.record.id}?{urlencode({'version': version.version, **at})}{'#cited' if span else ''}"


def removed_hint(removed: RemovedDocument, words: Words) -> str:
    """When a document was deleted, and for how long it can be put back."""
    minutes = max(1, round((removed.until - datetime.now(UTC)).total_seconds() / 60))
    left = words.count("undo_minutes", minutes)
    return words("deleted_hint", title=removed.title, date=_day(removed.removed, words), left=left)


def _changes(changed: list[ChangedStretch], words: Words) -> Html:
    if not changed:
        return element("p", text(words("changes_none")))
    more = [element("p", text(words("changes_more", n=MOST_CHANGES)))] if len(changed) > MOST_CHANGES else []
    summary = element("summary", text(words("changes")))
    listed = stretches(changed[:MOST_CHANGES], words)
    return element("details", summary, listed, *more, open=True, class_="changes")


def stretches(changed: Sequence[ChangedStretch], words: Words) -> Html:
    """Changed sentences, as they were and as they are."""
    return element("ul", *(element("li", *_stretch(stretch, words)) for stretch in changed))


def _stretch(stretch: ChangedStretch, words: Words) -> list[Html]:
    sides = (("del", "changes_before", stretch.before), ("ins", "changes_now", stretch.now))
    return [
        element("p", element("b", text(words(label))), text(" "), element(tag, text(said)), dir="auto")
        for tag, label, said in sides
        if said
    ]


def _day(moment: datetime, words: Words) -> str:
    return words.date(moment.date())
