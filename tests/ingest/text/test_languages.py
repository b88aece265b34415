"""What language a document is in, said only where it can be told."""

from __future__ import annotations

import pytest

from ingest.text.languages import detect_surely


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Rat hat am Dienstag über die neue Brücke gestritten und die Abstimmung vertagt."),
        ("en", "The council argued about the new bridge on Tuesday and put off the vote."),
        ("fr", "Le conseil a débattu mardi du nouveau pont et a reporté le vote."),
        ("uk", "Рада у вівторок сперечалася про новий міст і відклала голосування."),
        ("tr", "Konsey salı günü yeni köprüyü tartıştı ve oylamayı erteledi."),
    ],
)
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    assert detect_surely(text) == language
    assert detect_surely(f"{text} " * 500) == language


@pytest.mark.parametrize(
    "text",
    ["Test page", "2024-05-17 14:30", "8uPr5e8gVGVzbGEgLSDw4/j5+iDn+unu5CDy7CDk4ff55CDs+O", "", "- x\n- y"],
)
def test_a_few_words_and_codes_tell_none(text: str) -> None:
    assert detect_surely(text) == ""
