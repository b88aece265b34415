"""Documents in an assistant of a test's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.core import Assistant
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.types import Item


def add_texts(assistant: Assistant, folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts into files of these names, and ingest them; all are added."""
    items = []
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        items.append(Item(source=name, name=name, path=folder / name))
    report = ingest(
        items, assistant.index, assistant.embedder, lambda path, name, _: load(path.read_bytes(), name)
    )
    assert report.count("added") == len(items)
