"""JSON and JSON Lines of articles: each object that has a text is a document, under the names that such files use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ingest.errors import DamagedSource, EmptySource
from ingest.loaders import html, metadata, text
from ingest.loaders.blocks import clean, one_line
from ingest.loaders.members import Contents, Member, OpenContainer
from ingest.types import Content

_TITLE = ("title", "headline", "titel", "name", "subject")
_TEXT = (
    "text", "body", "content", "articlebody", "article_body", "fulltext", "full_text", "maintext", "main_text",
    "article", "content_text", "content_html", "body_html", "html", "inhalt", "summary", "description",
)  # fmt: skip
_URL = ("url", "link", "canonical_url", "canonicalurl", "permalink", "web_url", "source_url", "uri")
_DATE = (
    "date", "published", "published_at", "publishedat", "datepublished", "date_published", "date_publish",
    "pubdate", "pub_date", "publication_date", "publicationdate", "publish_date", "datum",
)  # fmt: skip
_AUTHORS = ("authors", "author", "byline", "creator", "autor", "autoren", "writers")
_LANGUAGE = ("language", "lang", "inlanguage", "sprache")
# Where files that are one object have the list of articles.
_LISTS = ("articles", "items", "documents", "docs", "data", "results", "entries", "posts", "news", "records")
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|li|article|section|blockquote|table)\b[^>]*>", re.I)
_LONGEST_ADDRESS = 2_000
_TIMES = (1e8, 1e11)  # seconds since 1970 are below the second, milliseconds above

Article = Mapping[str, Any]


def load(data: bytes, name: str) -> Content:
    """One article. Raises `EmptySource` where an object has no text, `DamagedSource` where it is no JSON."""
    value = _parsed(text.decode(data, name), name)
    articles = list(_articles(value))
    if len(articles) != 1:
        raise EmptySource(name, "no_articles")
    return _content(articles[0], name)


def open_json(data: bytes, name: str) -> OpenContainer:
    """The articles of a list; one article by itself is the file's own document."""
    value = _parsed(text.decode(data, name), name)
    articles = list(_articles(value))
    if not articles:
        raise EmptySource(name, "no_articles")
    if isinstance(value, dict) and articles[0] is value:
        return OpenContainer(contents=Contents(own=True, members=()), read=lambda number: b"")
    return _container([_object(article) for article in articles])


def open_lines(data: bytes, name: str) -> OpenContainer:
    """The articles of JSON Lines; a line that is no JSON is one that cannot be read."""
    lines = [line for line in text.decode(data, name).split("\n") if line.strip()]
    articles = [_of_line(line) for line in lines]
    if not any(article is not None and _is_article(article) for article in articles):
        raise EmptySource(name, "no_articles")
    return _container(articles)


def _parsed(page: str, name: str) -> Any:
    try:
        return json.loads(page)
    except (ValueError, RecursionError) as error:
        raise DamagedSource(name, "json_damaged", why=str(error)[:100]) from error


def _of_line(line: str) -> Article | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(value: Any) -> Article | None:
    return value if isinstance(value, dict) else None


def _articles(value: Any) -> Iterator[Any]:
    """The articles in a file's value: it is one, a list of them, or has such a list."""
    if isinstance(value, list):
        yield from value if any(_is_article(entry) for entry in value) else ()
    elif isinstance(value, dict):
        fields = _lowered(value)
        named = [fields[key] for key in _LISTS if isinstance(fields.get(key), list)]
        found: list[Any] = next((entries for entries in named if any(map(_is_article, entries))), [])
        if _first(fields, _TEXT[:-2], _words):  # a summary or description may be that of a feed
            yield value
        elif found:
            yield from found
        elif _is_article(value):
            yield value


def _container(articles: Sequence[Article | None]) -> OpenContainer:
    written = [_written(article) for article in articles]
    members = []
    addresses: set[str] = set()
    for number, (article, data) in enumerate(zip(articles, written, strict=True), 1):
        address = _address(article) if article else ""
        if address in addresses:  # another version of the same article, perhaps: nothing is lost
            address = ""
        addresses.add(address)
        members.append(
            Member(
                name=f"#{number}",
                suffix=".json",
                size=len(data),
                address=address,
                problem=None if article else "line_damaged",
            )
        )
    return OpenContainer(
        contents=Contents(own=False, members=tuple(members)), read=lambda number: written[number]
    )


def _written(article: Article | None) -> bytes:
    """An article's own file: the same whatever stands around it in the list."""
    shown = json.dumps(article, ensure_ascii=False, indent=2) if article else ""
    return shown.encode("utf-8", "replace")


def _is_article(value: Any) -> bool:
    return isinstance(value, dict) and bool(_text_of(_lowered(value)))


def _lowered(article: Article) -> dict[str, Any]:
    return {str(key).strip().lower(): value for key, value in article.items()}


def _first(fields: Mapping[str, Any], keys: Sequence[str], read: Callable[[Any], str]) -> str:
    return next((found for key in keys if (found := read(fields.get(key)))), "")


def _words(value: Any) -> str:
    """A text, or one in a list or an object, as some interfaces give them."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
        return "\n\n".join(value).strip()
    if isinstance(value, dict):
        return next((value[key].strip() for key in ("rendered", "text", "value", "name") if isinstance(value.get(key), str)), "")  # fmt: skip
    return ""


def _text_of(fields: Mapping[str, Any]) -> str:
    return _first(fields, _TEXT, _words)


def _address(article: Article) -> str:
    """The web address that an article names as its own; empty where it names none."""
    address = _first(_lowered(article), _URL, _words)
    if len(address) > _LONGEST_ADDRESS or not address.isprintable() or " " in address:
        return ""
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        return ""
    return address if named else ""


def _content(article: Article, name: str) -> Content:
    fields = _lowered(article)
    said = _text_of(fields)
    if not said:
        raise EmptySource(name, "article_no_text")
    marked = _MARKUP.search(said) is not None
    read = html.load(said.encode("utf-8", "replace"), "article.html") if marked else None
    body = read.text if read else clean(said)
    published = _day(next((fields[key] for key in _DATE if fields.get(key)), None))
    return Content(
        text=body,
        media_type="application/json",
        title=metadata.title(_first(fields, _TITLE, _words), "", body, name),
        published=published,
        published_from="article data" if published else "",
        authors=metadata.names(_authors(next((fields[key] for key in _AUTHORS if fields.get(key)), None))),
        language=metadata.language(*(fields.get(key) for key in _LANGUAGE)),
        headings=read.headings if read else (),
    )


def _day(value: Any) -> Any:
    """A date as text, or a moment as seconds or milliseconds since 1970."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("$date", "value", "date") if key in value), None)
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= _TIMES[0]:
        seconds = value / 1000 if value >= _TIMES[1] else value
        try:
            return metadata.day(datetime.fromtimestamp(seconds, UTC))
        except (OverflowError, OSError, ValueError):
            return None
    return metadata.day(value) or metadata.mail_day(one_line(str(value or "")))


def _authors(value: Any) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    return [_words(entry) for entry in entries]
