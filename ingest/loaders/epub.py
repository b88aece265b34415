"""Books in EPUB, through zipfile and lxml: the chapters in the order in which they are read, with what the book says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.errors import EncryptedSource
from ingest.loaders import html, metadata
from ingest.loaders.blocks import Block, compose
from ingest.loaders.packages import Package, attribute, target
from ingest.types import Content

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "")


def load(data: bytes, name: str) -> Content:
    """The text of all chapters with their headings; title, authors, language and the day of publication as the book has them."""
    package = Package(data, name, ".epub")
    book = _Book(package, name)
    text, headings = compose(book.blocks())
    published = metadata.day(book.published())
    return Content(
        text=text,
        media_type="application/epub+zip",
        title=metadata.title(book.said("title"), metadata.first(headings), text, name),
        published=published,
        published_from="metadata" if published else "",
        authors=book.authors(),
        language=metadata.language(book.said("language")),
        headings=headings,
    )


class _Book:
    """The package document of a book: what it says of itself, its files, and their order."""

    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name
        container = package.needed(_CONTAINER)
        roots = [one.get("full-path", "") for one in container.iter("{*}rootfile")]
        self._at = next((path for path in roots if path in package.names), "")
        self._root = package.needed(self._at)
        self._items = {item.get("id", ""): item for item in self._root.iterfind("{*}manifest/{*}item")}

    def said(self, name: str) -> str:
        return next((text for element in self._about(name) if (text := (element.text or "").strip())), "")

    def authors(self) -> tuple[str, ...]:
        """Those who wrote it; translators, editors and the like have roles of their own."""
        roles = {
            refined.get("refines", "").lstrip("#"): (refined.text or "").strip()
            for refined in self._root.iterfind("{*}metadata/{*}meta")
            if refined.get("property") == "role"
        }
        creators = [
            element.text
            for element in self._about("creator")
            if (attribute(element, "role") or roles.get(element.get("id", ""), "aut")) == "aut"
        ]
        return metadata.names(creators)

    def published(self) -> str:
        """The date that is no date of a change; what programs converted it on is one of those."""
        dates = list(self._about("date"))
        said = [
            element
            for element in dates
            if attribute(element, "event") in ("publication", "original-publication")
        ]
        plain = [element for element in dates if not attribute(element, "event")]
        return next((text for element in [*said, *plain] if (text := (element.text or "").strip())), "")

    def blocks(self) -> Iterator[Block]:
        """The chapters; the table of contents, which repeats their headings, is left out."""
        self._refuse_protected()
        for part in self._spine():
            page = self._package.part(part)
            if page is not None:
                yield from _page(page, self._name)

    def _about(self, name: str) -> Iterator[Any]:
        head = self._root.find("{*}metadata")
        yield from () if head is None else head.iter("{*}" + name)

    def _spine(self) -> Iterator[str]:
        contents = {
            target(self._at, one.get("href", ""))
            for one in self._root.iterfind("{*}guide/{*}reference")
            if one.get("type") == "toc" and "#" not in one.get("href", "")
        }
        for reference in self._root.iterfind("{*}spine/{*}itemref"):
            item = self._items.get(reference.get("idref", ""))
            if item is None or item.get("media-type", "") not in _PAGES:
                continue
            part = target(self._at, item.get("href", ""))
            if "nav" not in (item.get("properties") or "").split() and part not in contents:
                yield part

    def _refuse_protected(self) -> None:
        """Raises `EncryptedSource` where pages are encrypted; that fonts are is no matter."""
        encryption = self._package.tree(_ENCRYPTION)
        references = () if encryption is None else encryption.iter("{*}CipherReference")
        encrypted = {target("", reference.get("URI", "")) for reference in references}
        if any(part in encrypted for part in self._spine()):
            raise EncryptedSource(self._name, "copy_protected")


def _page(page: bytes, name: str) -> Iterator[Block]:
    """What readers see of a chapter."""
    from ingest.loaders import html_hidden, html_tree  # they need lxml

    root = html_tree.parse(html.without_declaration(html.decode(page, name)))
    seen = html_hidden.shown(root)
    yield from html_tree.body_blocks(seen)
