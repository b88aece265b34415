"""Markdown as readable plain text, through markdown-it-py: the words and their order, without the marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from ingest.loaders import metadata
from ingest.loaders.blocks import Block, clean, compose, one_line
from ingest.loaders.text import decode
from ingest.types import Content

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
# A line of it that begins with a key; one that belongs to the key above, or is a comment.
_KEY = re.compile(r"([^\W\d][\w-]{0,30}):(?:\s|\Z)")
_BELOW_KEY = re.compile(r"\s|-\s|#|[\]})]")
_USUAL_KEYS = {
    "author", "authors", "categories", "category", "date", "description", "draft", "id", "image", "keywords", "lang",
    "language", "lastmod", "layout", "modified", "permalink", "published", "slug", "source", "subtitle", "summary",
    "tags", "title", "updated", "url",
}  # fmt: skip
_LINE_BREAK = re.compile(r"<br\b", re.I)
_UNSEEN = re.compile(r"<(/?)(?:script|style)\b", re.I)
_MAX_NESTING = 200


def load(data: bytes, name: str) -> Content:
    matter, source = front_matter(clean(decode(data, name)))
    text, headings = compose(_blocks(_parse(source)))
    published = metadata.day(matter.get("published") or matter.get("date"))
    return Content(
        text=text,
        media_type="text/markdown",
        title=_stated(matter) or metadata.title("", metadata.first(headings), text, name),
        published=published,
        published_from="front matter" if published else "",
        authors=metadata.names(_listed(matter.get("authors") or matter.get("author"))),
        language=metadata.language(matter.get("lang"), matter.get("language")),
        headings=headings,
    )


def _stated(matter: Mapping[str, Any]) -> str:
    """The title in the front matter, where it is one; figures alone are, as in "1984"."""
    words = one_line(str(matter.get("title") or ""))
    only_figures = not any(map(str.isalpha, words)) and any(map(str.isdigit, words))
    return words if only_figures else metadata.title(words, "", "", "")


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The YAML mapping between ``---`` lines at the top, and the text below; empty where there is none.

    What is nearly YAML, as with a colon in a headline without quotes, is read line by line.
    """
    match = _FRONT_MATTER.match(text)
    source = (match[1] or "") if match else ""
    matter = _mapping(source) if match else None
    if match and matter is None:
        matter = _by_key(source)
    if match is None or matter is None:
        return {}, text
    return {str(key).lower(): value for key, value in matter.items()}, text[match.end() :]


def _mapping(source: str) -> dict[object, object] | None:
    """The mapping in ``source``; None where it is none, so that a rule (``---``) over text stays text.

    Every value stays the text that it is: a headline "No" or "12:30" is neither false nor a number.
    """
    import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

    try:
        values = yaml.load(source, Loader=yaml.BaseLoader) if source.strip() else {}  # noqa: S506  # it makes texts, lists and mappings only
    except (yaml.YAMLError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _by_key(source: str) -> dict[object, object] | None:
    """Every key by itself, with its value as YAML or else as it stands; None where ``source`` is running text."""
    lines = [line for line in source.split("\n") if line.strip()]
    keys = [match[1].lower() for line in lines if (match := _KEY.match(line))]
    usual = sum(key in _USUAL_KEYS for key in keys)
    strange = sum(not _KEY.match(line) and not _BELOW_KEY.match(line) for line in lines)
    if not lines or not _KEY.match(lines[0]) or usual < (2 if strange else 1) or strange > len(lines) / 2:
        return None
    entries: list[list[str]] = []
    for line in lines:
        if _KEY.match(line):
            entries.append([])
        entries[-1].append(line)
    return {key: value for entry in entries for key, value in _entry(entry).items()}


def _entry(lines: Sequence[str]) -> dict[object, object]:
    """One key with its value, of which the further lines may be a part."""
    if (value := _mapping("\n".join(lines))) is not None:
        return value
    key, _, words = lines[0].partition(":")
    text = " ".join(line.strip() for line in [words, *lines[1:]]).strip()
    quoted = len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]
    return {key.strip(): text[1:-1] if quoted else text}


def _listed(value: object) -> list[object]:
    """Authors are written as a text, a list of texts, or a list of mappings with a name."""
    values = value if isinstance(value, list) else [value]
    return [item.get("name") if isinstance(item, dict) else item for item in values]


def _parse(source: str) -> list[Token]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    return parser.parse(source)


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    """Every block of text in order; the first in a list item carries its bullet, indented by depth."""
    lists: list[int | None] = []  # of every open list: the next number, None for bullets
    bullet = ""
    row: list[str] | None = None
    heading = False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                bullet = _bullet(lists)
            case "heading_open" | "heading_close":
                heading = token.type == "heading_open"
            case "tr_open":
                row = []
            case "tr_close":
                yield Block(text=" | ".join(row or ()), group="table")
                row = None
            case "inline" if row is not None:
                row.append(_inline(token.children or ()))
            case "inline":
                words = _inline(token.children or ())
                group = "list" if lists else ""
                yield Block(text=words if heading else bullet + words, heading=heading, group=group)
                bullet = ""
            case "fence" | "code_block":
                yield Block(text=bullet + dedent(token.content))
                bullet = ""
            case "html_block":
                yield from _html(token.content)


def _bullet(lists: list[int | None]) -> str:
    number = lists[-1]
    if number is None:
        return "- "
    lists[-1] = number + 1
    return f"{number}. "


def _inline(tokens: Iterable[Token]) -> str:
    """The words of a paragraph: of links their text, of pictures their description, of tags nothing."""
    words: list[str] = []
    unseen = False
    for token in tokens:
        if token.type == "html_inline":
            if match := _UNSEEN.match(token.content):
                unseen = not match[1]
            words.append("\n" if _LINE_BREAK.match(token.content) else "")
        elif token.type == "image":
            words.append(_inline(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" " if token.type == "softbreak" else "\n")
        elif not unseen:
            words.append(token.content)
    return "".join(words)


def _html(source: str) -> Iterator[Block]:
    from ingest.loaders import html_hidden, html_tree  # they need lxml

    yield from html_tree.body_blocks(html_hidden.shown(html_tree.parse(source)))
