"""Web pages: the article without the page around it, through trafilatura; nothing in a page ever runs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ingest.errors import EmptySource
from ingest.loaders import metadata, text
from ingest.loaders.blocks import Block, clean, compose
from ingest.loaders.no_article import why_no_article
from ingest.loaders.paywall import shows_paywall
from ingest.types import Content

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.-]{2,40})""", re.I)
# What pages declare, and what browsers therefore read (WHATWG Encoding Standard).
_LABELS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "x-sjis": "cp932", "euc-kr": "cp949",
}  # fmt: skip
# The extensive search takes any year for the date of publication, such as that of the copyright.
_DATES = {"original_date": True, "extensive_search": False}
_STUMBLES = (RecursionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# Where pages say when they were changed: in their head, in elements of time, and in words before a day.
_CHANGED = re.compile(
    r"<meta\b[^>]{0,300}(?:modified|updated|revised)[^>]{0,300}>|<time\b[^>]{0,300}(?:modified|updated)[^>]{0,300}>[^<]{0,80}"
    r"|\b(?:updated|modified|changed|aktualisiert|geändert|überarbeitet)\b(?:[^<>\d]{0,30}|<[^>]{0,200}>){1,4}\d[^<>\n]{0,25}",
    re.I,
)
_BULLET = re.compile(r"\A(?:-|\d+\.) ")
_ENDED = re.compile(r"[.!?…][\"'”’»)]*\Z")
_SENTENCE, _TOO_LITTLE = 40, 300  # characters of a sentence, and of a page that is hardly one
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def load(data: bytes, name: str) -> Content:
    """The main text with title, date, authors and language; the whole body where no article is found.

    Raises `EmptySource` where the page only leads on, asks for something first, shows the beginning to all and the rest to subscribers, or says that there is none.
    """
    from ingest.loaders import html_tree  # needs lxml

    page = without_declaration(clean(decode(data, name)))
    root, seen = _as_seen(page)
    whole = list(html_tree.body_blocks(seen))
    if why := why_no_article(root, whole):
        raise EmptySource(name, why[0], **why[1])
    found = _extract(page, name)
    shown = found if seen is root else _extract(html_tree.written(seen), name)
    article = list(html_tree.blocks(shown.body)) if shown else []
    chosen = _chosen(article, whole, plain=html_tree.is_plain(seen))
    if shows_paywall(root, whole, chosen):
        raise EmptySource(name, "asks_payment")
    body, headings = compose(chosen)
    published = metadata.day(found and _published(found.date, page, name))
    declared = _without_site((found and found.title) or "", html_tree.main_headings(seen))
    return Content(
        text=body,
        media_type="text/html",
        title=metadata.title(declared, metadata.first(headings), body, name),
        published=published,
        published_from="page" if published else "",
        authors=metadata.names([found and found.author]),
        language=metadata.language(*html_tree.languages(root)),
        headings=headings,
    )


def _as_seen(page: str) -> tuple[Any, Any]:
    """The elements of a page, and of what its readers see; the same where nothing is hidden, or hardly anything is not."""
    from ingest.loaders import html_hidden, html_tree  # they need lxml

    root = html_tree.parse(page)
    seen = html_hidden.shown(root)
    if seen is not root and _empty(list(html_tree.body_blocks(seen)), list(html_tree.body_blocks(root))):
        return root, root
    return root, seen


def _empty(seen: Sequence[Block], whole: Sequence[Block]) -> bool:
    """Is nothing left that could be an article, though there was one? Then a script shows it."""
    if not any(_is_sentence(block) for block in whole):
        return False
    length, before = (sum(len(block.text) for block in blocks) for blocks in (seen, whole))
    return not any(_is_sentence(block) for block in seen) or (length < _TOO_LITTLE and 10 * length < before)


def _is_sentence(block: Block) -> bool:
    return not block.heading and len(block.text) >= _SENTENCE and _ENDED.search(block.text) is not None


def decode(data: bytes, name: str) -> str:
    """By byte order mark, as UTF-8, as the page declares, else as plain text is guessed."""
    declared = _CHARSET.search(data[:4096])
    if declared is None or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode(data, name)
    label = declared[1].decode("ascii").lower()
    # UTF-8 first: pages declare wrongly, but what can be read as UTF-8 is UTF-8.
    for encoding in ("utf-8", _LABELS.get(label, label)):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return text.decode(data, name)


def without_declaration(page: str) -> str:
    """The page without the XML declaration, whose encoding it no longer has."""
    return _XML_DECLARATION.sub("", page, count=1)


def _extract(page: str, name: str) -> Any:
    """trafilatura's finding; None where there is no article, or where trafilatura stumbles over the page."""
    import trafilatura

    url = name if "://" in name else None
    try:
        return trafilatura.bare_extraction(
            page, url=url, include_comments=False, with_metadata=True, date_extraction_params=_DATES
        )
    except _STUMBLES:
        return None


def _published(day: str | None, page: str, name: str) -> str | None:
    """``day``, as trafilatura found it, unless it is when the page was changed: then what it finds without that."""
    import trafilatura

    unchanged = _CHANGED.sub("", page) if day else page
    if unchanged == page:
        return day
    try:
        about = trafilatura.extract_metadata(
            unchanged, default_url=name if "://" in name else None, date_config=_DATES
        )
    except _STUMBLES:
        return None
    return about.date if about else None


def _chosen(article: Sequence[Block], whole: Sequence[Block], *, plain: bool) -> Sequence[Block]:
    """The article, or the whole page where that is better, or there is no article.

    trafilatura leaves pieces out of plain documents, and glues all of a page together as its last resort.
    """
    length = sum(len(block.text) for block in article)
    most = 2 * length >= sum(len(block.text) for block in whole)
    glued = len(article) <= 1 and all(_squeezed(block) in "".join(map(_squeezed, article)) for block in whole)
    return whole if whole and (not article or (plain and most) or glued) else article


def _squeezed(block: Block) -> str:
    return "".join(_BULLET.sub("", block.text, count=1).replace(" | ", " ").split())


def _without_site(title: str, headings: Iterable[str]) -> str:
    """``The headline - The Daily Paper`` is ``The headline`` where the page has that as a main heading."""
    for heading in headings:
        if len(heading) >= 8 and re.fullmatch(rf"{re.escape(heading)}\s*[-–—|•·»:].*", title):
            return heading
    return title
