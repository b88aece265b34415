"""Somebody's words that are told as fact: flagged where the statement drops whose they are, left alone where it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.told_as_fact import cited_words, told_as_fact
from assistant.language.lexicon import shipped
from assistant.types import Citation
from ingest.quotations import find_quotations
from ingest.types import Passage
from tests.support.hits import hit_of

GERMAN = (
    "Am Montag kamen die Minister in Halle zusammen. Verkehrsminister Jan Petersen sagte, die Brücke sei seit Jahren baufällig. "
    "Die Sperrung koste die Stadt jeden Tag 40.000 Euro. Der Bund zahlt die Hälfte."
)
ENGLISH = (
    "Ministers met in Halle on Monday. “The bridge has been crumbling for years,” said transport minister Jan Petersen on Monday evening. "
    "According to engineers, the repair will take two summers. The state pays half of it."
)


def cite(text: str, language: str, words: str) -> Citation:
    """The citation of a text's sentence with these words."""
    found = hit_of(text)
    passage = Passage(
        id="a",
        document_id=found.document.id,
        text=text,
        start=0,
        end=len(text),
        page=None,
        heading="",
        quotations=find_quotations(text, language),
    )
    at = text.index(words)
    ends = [place for place in (text.find(". ", at), len(text) - 1) if place >= 0]
    start, end = text.rfind(". ", 0, at) + 2 if ". " in text[:at] else 0, min(ends) + 1
    document = replace(found.document, language=language)
    return Citation(number=1, quote=text[start:end], start=start, end=end, passage=passage, document=document)


@pytest.mark.parametrize(
    ("statement", "language", "text", "words", "speaker"),
    [
        ("Die Brücke ist seit Jahren baufällig.", "de", GERMAN, "baufällig", "Jan Petersen"),
        ("Die Sperrung kostet die Stadt jeden Tag 40.000 Euro.", "de", GERMAN, "40.000", "Jan Petersen"),
        ("The bridge has been crumbling for years.", "en", ENGLISH, "crumbling", "Jan Petersen"),
        ("The repair will take two summers.", "en", ENGLISH, "summers", "engineers"),
        ("The bridge has been dilapidated for years.", "en", GERMAN, "baufällig", "Jan Petersen"),
        ("Die Reparatur dauert zwei Sommer.", "de", ENGLISH, "summers", "engineers"),
    ],
)
def test_a_claim_told_as_fact_is_somebodys(
    statement: str, language: str, text: str, words: str, speaker: str
) -> None:
    citation = cite(text, "de" if text is GERMAN else "en", words)
    assert told_as_fact(statement, "", [citation], language, shipped()) == speaker


@pytest.mark.parametrize(
    ("statement", "language", "text", "words"),
    [
        ("Laut Petersen ist die Brücke seit Jahren baufällig.", "de", GERMAN, "baufällig"),
        ("Petersen hält die Brücke für baufällig.", "de", GERMAN, "baufällig"),
        ("Die Brücke sei seit Jahren baufällig.", "de", GERMAN, "baufällig"),
        ("Die Brücke ist angeblich seit Jahren baufällig.", "de", GERMAN, "baufällig"),
        ("Der Minister sagte: Die Brücke ist baufällig.", "de", GERMAN, "baufällig"),
        ("Die Minister kamen am Montag in Halle zusammen.", "de", GERMAN, "Halle"),
        ("Der Bund zahlt die Hälfte.", "de", GERMAN, "Hälfte"),
        ("The minister said the bridge had been crumbling for years.", "en", ENGLISH, "crumbling"),
        ("According to Petersen, the bridge is crumbling.", "en", ENGLISH, "crumbling"),
        ("The transport minister spoke on Monday evening.", "en", ENGLISH, "crumbling"),
        ("Engineers put the repair at two summers.", "en", ENGLISH, "summers"),
        ("Transport minister Petersen calls the bridge dilapidated.", "en", GERMAN, "baufällig"),
        ("Le pont est délabré depuis des années.", "fr", GERMAN, "baufällig"),
    ],
)
def test_who_says_so_or_tells_no_claim_is_left_alone(
    statement: str, language: str, text: str, words: str
) -> None:
    citation = cite(text, "de" if text is GERMAN else "en", words)
    assert told_as_fact(statement, "", [citation], language, shipped()) is None


def test_a_statement_goes_on_with_the_words_before_it() -> None:
    citation = cite(GERMAN, "de", "40.000")
    statement, before = "Das hätte 40.000 Euro gekostet.", "Petersen sagte, die Sperrung sei teuer. "
    assert told_as_fact(statement, before, [citation], "de", shipped()) is None


def test_a_source_of_its_own_bears_out_what_somebody_says() -> None:
    said, own = cite(GERMAN, "de", "baufällig"), cite("Die Brücke ist baufällig.", "de", "Brücke")
    assert told_as_fact("Die Brücke ist baufällig.", "", [said], "de", shipped()) == "Jan Petersen"
    assert told_as_fact("Die Brücke ist baufällig.", "", [said, own], "de", shipped()) is None
    assert told_as_fact("Die Brücke ist baufällig.", "", [], "de", shipped()) is None


def test_what_was_stored_without_quotations_is_not_judged() -> None:
    citation = cite(GERMAN, "de", "baufällig")
    unread = replace(citation, passage=replace(citation.passage, quotations=None))
    assert told_as_fact("Die Brücke ist seit Jahren baufällig.", "", [unread], "de", shipped()) is None


@given(
    st.text(max_size=120),
    st.sampled_from(["de", "en", "fr", ""]),
    st.sampled_from(["baufällig", "40.000", "Halle"]),
)
def test_any_text_is_read(statement: str, language: str, words: str) -> None:
    citation = cite(GERMAN, "de", words)
    told_as_fact(statement, statement, [citation], language, shipped())
    parts = cited_words(citation)
    merged = [one if one != " " else other for one, other in zip(parts.said, parts.frame, strict=True)]
    assert "".join(merged) == citation.quote
