"""Files that nobody exported: they are read in time that grows with their size, and break nothing."""

from __future__ import annotations

import json
import time

import pytest

from assistant.passports.carried import MOST_QUOTES, carried_in

LINK = "http://localhost/documents/a6e071589b85306e?start=7&end=79"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ris", b"TY  - GEN\nN1  - " + b"x\n" * 300_000),
        ("a.md", b"\\*" * 500_000),
        ("a.md", b"a\n\n" * 200_000),
        ("a.md", b"[a](b)" * 100_000),
        ("a.html", b"<div>" * 100_000),
        ("a.bib", b"@misc{a,\n quote={" + b"{" * 500_000),
    ],
)
def test_a_large_file_is_read_soon(name: str, data: bytes) -> None:
    before = time.process_time()
    assert not carried_in(data, name)
    assert time.process_time() - before < 10


def test_no_more_quotes_are_read_than_are_verified() -> None:
    assert len(carried_in(f"> Words\n\n[a]({LINK})\n\n".encode() * (MOST_QUOTES + 50), "a.md")) == MOST_QUOTES


def test_half_a_character_is_shown_as_none() -> None:
    data = json.dumps({"quote": "\ud800 words", "document_id": "\udfff", "start": 0, "end": 7}).encode()
    (found,) = carried_in(data, "a.json")
    assert (found.words, found.document_id) == (("\ufffd words",), "\ufffd")


def test_lines_that_go_on_belong_to_their_field() -> None:
    data = (
        f"TY  - GEN\nN1  - Document: a1 Offsets: 3-9 SHA-256: ab Quote: some\n  words\nUR  - {LINK}\nER  - \n"
    )
    (found,) = carried_in(data.encode(), "a.ris")
    assert found.words == ("some words",)
