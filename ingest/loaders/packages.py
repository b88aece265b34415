"""ZIP archives that hold XML parts, as Office, OpenDocument and EPUB files are: checked, then read part by part."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ingest.errors import DamagedSource, EncryptedSource, SourceError, TooLarge, UnsupportedFormat

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Unpacked sizes in bytes: of a whole file, and of one XML part, whose tree takes many times its size.
MAX_TOTAL, MAX_PART = 1_000_000_000, 100_000_000
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_XML = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")
_OF_MIMETYPE = {
    b"application/epub+zip": ".epub",
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
}
_OF_FOLDER = {"word/": ".docx", "ppt/": ".pptx", "xl/": ".xlsx"}
# Others may lie in each of these, workbooks most often.
_OF_STREAM = {"WordDocument": ".doc", "PowerPoint Document": ".ppt", "Workbook": ".xls"}


def kind_of_package(data: bytes) -> str:
    """The suffix of the format that a ZIP archive is; ``.zip`` where it is none of those known here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            stated = package.read("mimetype")[:100].strip() if "mimetype" in names[:3] else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
        return ""
    if stated in _OF_MIMETYPE:
        return _OF_MIMETYPE[stated]
    if "[Content_Types].xml" not in names:
        return ".zip"
    folders = (kind for folder, kind in _OF_FOLDER.items() if any(name.startswith(folder) for name in names))
    return next(folders, ".zip")


def kind_of_container(data: bytes) -> str:
    """The suffix of the format that an OLE container is, by the names of its streams; empty where none is known."""
    found = (kind for name, kind in _OF_STREAM.items() if name.encode("utf-16-le") in data)
    return next(found, "")


class Package:
    """The parts of an archive by name. Raises what tells why it cannot be read; nothing else is thrown by `part`."""

    def __init__(self, data: bytes, name: str, suffix: str) -> None:
        self._name, self._suffix = name, suffix
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            entries = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise not_a_package(data, name, suffix) from error
        largest = max((one.file_size for one in entries if one.filename.lower().endswith(_XML)), default=0)
        if sum(one.file_size for one in entries) > MAX_TOTAL or largest > MAX_PART:
            raise TooLarge(name, "unpacks_large")
        self._entries = {one.filename: one for one in entries}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def part(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none of that name. Raises `SourceError` where it cannot be unpacked."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise EncryptedSource(self._name, "encrypted")
        try:
            return self._archive.read(entry)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            OSError,
            EOFError,
            ValueError,
            RuntimeError,
        ) as error:
            raise self.damaged() from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma", "bz2", "_lzma"):
                raise self.damaged() from error
            raise

    def tree(self, name: str) -> Any:
        """The root element of an XML part; None where there is no such part. Raises `DamagedSource` for what is no XML."""
        data = self.part(name)
        return None if data is None else self.parsed(data)

    def needed(self, name: str) -> Any:
        """The root element of a part without which there is no document. Raises `DamagedSource` where it is missing."""
        root = self.tree(name)
        if root is None:
            raise self.damaged()
        return root

    def parsed(self, data: bytes) -> Any:
        """The root element; entities that a file declares are not resolved, and nothing is fetched."""
        from lxml import etree  # type: ignore[import-untyped]  # it ships no types

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, load_dtd=False
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged() from error
        if root is None:
            raise self.damaged()
        return root

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """The elements of a large part with one of ``tags``, one after the other; each is forgotten after it was used."""
        from lxml import etree

        data = self.part(name)
        if data is None:
            return
        walk = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag=tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in walk:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise self.damaged() from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part of an Office file is related to: by id, the last word of its kind and the name of the other part."""
        folder, _, last = part.rpartition("/")
        root = self.tree(f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels")
        found = {}
        for relation in () if root is None else root.iter("{*}Relationship"):
            if relation.get("TargetMode") != "External":
                kind = relation.get("Type", "").rpartition("/")[2]
                found[relation.get("Id", "")] = (kind, target(part, relation.get("Target", "")))
        return found

    def damaged(self) -> DamagedSource:
        return DamagedSource(self._name, "office_damaged", suffix=self._suffix)


def target(part: str, reference: str) -> str:
    """The name of the part that ``reference``, written in ``part``, leads to."""
    path = unquote(reference.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), path)).lstrip("/")


def not_a_package(data: bytes, name: str, suffix: str) -> SourceError:
    """Why a file that should be an archive is none: it has a password, is of an older format, or is damaged."""
    if is_encrypted(data):
        return EncryptedSource(name, "encrypted")
    if data.startswith(OLE):
        kind = kind_of_container(data)
        return UnsupportedFormat(name, "old_office", kind=kind or "Office", suffix=suffix)
    return DamagedSource(name, "office_damaged", suffix=suffix)


def is_encrypted(data: bytes) -> bool:
    """Whether an Office file has a password: then its archive lies encrypted in an OLE container."""
    return data.startswith(OLE) and _ENCRYPTED_PACKAGE in data


def attribute(element: Any, name: str) -> str:
    """An attribute by its name without namespace; empty where there is none."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), "")


def local(element: Any) -> str:
    """The tag of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag[tag.find("}") + 1 :] if isinstance(tag, str) else ""
