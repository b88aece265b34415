"""What the files of Office programs since 2007 have in common: what they say about themselves, and where their parts are."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.loaders import metadata
from ingest.loaders.packages import Package, local


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreProperties:
    """Title, authors and language of the core properties, empty where there are none; the day of creation is no date of publication."""

    title: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""


def core_properties(package: Package) -> CoreProperties:
    """What an Office file says about itself."""
    part = next((name for kind, name in package.relations("").values() if kind == "core-properties"), "")
    root = package.tree(part)
    if root is None:
        return CoreProperties()
    said = {local(element): element.text or "" for element in root}
    return CoreProperties(
        title=said.get("title", ""),
        authors=metadata.names([said.get("creator")]),
        language=metadata.language(said.get("language")),
    )


def main_part(package: Package) -> str:
    """The name of the part that is the document. Raises `DamagedSource` where none is named."""
    for kind, name in package.relations("").values():
        if kind == "officeDocument":
            return name
    raise package.damaged()
