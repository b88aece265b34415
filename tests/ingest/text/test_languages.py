"""What language a document is in, said only where it can be told."""

from __future__ import annotations

import pytest

from ingest.text.languages import detect_surely, document_language, foreign_stretches, other_language


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


GERMAN = (
    "Der Rat hat am Dienstag über die neue Brücke gestritten und die Abstimmung vertagt. Die Kosten sind höher als gedacht, "
    "und niemand weiß, woher das Geld kommen soll."
)
ENGLISH = (
    "The council argued about the new bridge on Tuesday and put off the vote. The costs are higher than expected, and nobody "
    "knows where the money should come from."
)


def test_what_a_file_states_holds_unless_its_text_is_clearly_in_another_language() -> None:
    assert document_language(GERMAN, "en") == "de"  # a program's default
    assert document_language(GERMAN * 100, "en") == "de"
    assert document_language(GERMAN, "") == document_language(GERMAN, "de") == "de"
    assert document_language("Brücke gesperrt", "en") == "en"  # too few words
    assert document_language(f"{GERMAN * 50} {ENGLISH * 100}", "en") == "en"  # both
    assert document_language(GERMAN, "gsw") == "gsw"  # too near to tell


def test_a_document_of_many_languages_has_none() -> None:
    french = "Le conseil a débattu mardi du nouveau pont et a reporté le vote. "
    assert detect_surely(f"{GERMAN * 40}{ENGLISH * 40}{french * 80}") == ""
    assert detect_surely(f"{GERMAN * 40}{ENGLISH * 10}{GERMAN * 40}") == "de"


def test_a_part_in_another_language_is_told_only_where_it_is_sure() -> None:
    assert other_language(ENGLISH, "de") == "en"
    assert other_language(GERMAN, "en") == "de"
    assert other_language(ENGLISH, "") == "en"
    assert other_language(GERMAN, "de") == ""
    assert other_language("The council argued about the new bridge.", "de") == ""  # too few words
    assert other_language(f"{GERMAN} {ENGLISH}", "de") == ""  # mixed
    assert other_language(f"{ENGLISH} {GERMAN}", "de") == ""
    assert other_language("1984 | 12.50 | 3.25 | 7.75 | 1985 | 13.10 | 4.00 | 8.05 | " * 9, "de") == ""
    assert (
        other_language(ENGLISH, "nb") == ""
    )  # the detector does not know the document's language by this code


def test_neighbouring_languages_are_not_told_apart_within_a_document() -> None:
    danish = (
        "Byrådet diskuterede tirsdag den nye bro og udsatte afstemningen. Udgifterne er højere end ventet, og ingen ved, hvor "
        "pengene skal komme fra, sagde borgmesteren efter mødet."
    )
    assert other_language(danish, "no") == ""
    assert other_language(danish, "de") == "da"


def test_stretches_are_whole_paragraphs_with_the_short_ones_between() -> None:
    text = f"{GERMAN}\n\n{ENGLISH}\n\n***\n\n{ENGLISH}\n\nKurz.\n\n{GERMAN}\n\n{ENGLISH} {GERMAN}\n"
    (stretch,) = foreign_stretches(text, "de")
    assert text[stretch.start : stretch.end].strip() == f"{ENGLISH}\n\n***\n\n{ENGLISH}"
    assert stretch.language == "en"
    assert foreign_stretches(text, "fr") != []
    assert foreign_stretches(GERMAN, "de") == foreign_stretches("", "de") == []
