"""Front matter of Markdown files, also where it is no valid YAML."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import load

TEXT = "The ferry of Lindholm sails again."


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: Lindholm: the ferry sails again", "Lindholm: the ferry sails again"),
        ("title: [Update] Ferry sails", "[Update] Ferry sails"),
        ('title: "Again" and again', '"Again" and again'),
        ('title: "Lindholm: the ferry sails', '"Lindholm: the ferry sails'),
        ("title: @lindholm sails", "@lindholm sails"),
        ("title: 'Lindholm''s ferry: sails'", "Lindholm's ferry: sails"),
        ("title: Ferry\ttitle: sails\nsummary: a: b", "Ferry title: sails"),
        ("title: Ferry: the timetable\n  of the year", "Ferry: the timetable of the year"),
        ("title: Ferry: the timetable\nof the year", "Ferry: the timetable of the year"),
        ("title: No", "No"),
        ("title: 1984", "1984"),
        ("title: 12:30 to Oban", "12:30 to Oban"),
        ("title: 2024-02-31 or never", "2024-02-31 or never"),
    ],
)
def test_title_date_and_authors_are_read(line: str, title: str) -> None:
    source = (
        f"---\n{line}\ndate: 2024-03-05\nauthors:\n  - Ann Lee\n  - name: Bo Li\nlang: en\n---\n\n{TEXT}\n"
    )
    content = load(source.encode(), "ferry.md")
    assert (content.title, content.published, content.text) == (title, date(2024, 3, 5), TEXT)
    assert (content.authors, content.language) == (("Ann Lee", "Bo Li"), "en")


def test_a_date_that_is_none_loses_nothing_else() -> None:
    content = load(f"---\ntitle: Ferry\ndate: 2024-02-31\n---\n{TEXT}\n".encode(), "ferry.md")
    assert (content.title, content.published, content.text) == ("Ferry", None, TEXT)


@pytest.mark.parametrize(
    "between",
    [
        "A first paragraph between two rules.",
        "Note: this is text: it has colons.\nAnother line of the same text.\nA third one.",
        "Anna: Are you going?\nBo: No: I am staying.",
        "- one\n- two: three: four",
    ],
)
def test_text_between_two_rules_stays_text(between: str) -> None:
    content = load(f"---\n{between}\n---\n\n{TEXT}\n".encode(), "ferry.md")
    for words in between.replace("- ", "").split("\n"):
        assert words in content.text


headline = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\u00ad"), min_size=1).map(
    "Ferry: {} sails".format
)


@given(headline)
def test_whatever_a_headline_holds_its_date_is_read_and_it_is_no_text(words: str) -> None:
    content = load(f"---\ntitle: {words}\ndate: 2024-03-05\n---\n\n{TEXT}\n".encode(), "ferry.md")
    assert (content.published, content.text) == (date(2024, 3, 5), TEXT)
    assert content.title.startswith("Ferry")
