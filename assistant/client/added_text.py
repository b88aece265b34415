"""A text that a tool adds as a document: what its file is called, and what is in it."""

from __future__ import annotations


def file_name(title: str) -> str:
    """The source of a text of that title, so that the next of the same title replaces it."""
    letters = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return f"{' '.join(letters.split())[:100] or 'text'}.md"


def markdown(title: str, text: str) -> bytes:
    """The text as the file of a document with that title."""
    return f"# {' '.join(title.split())}\n\n{text}\n".encode()
