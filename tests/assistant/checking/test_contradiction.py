"""Two sentences that answer one question: what they contradict each other in, and what only looks like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.disagreement import asked_for
from assistant.checking.claims import Claim
from assistant.checking.contradiction import Difference, difference
from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand

EARLY, LATE = date(2025, 5, 3), date(2025, 5, 7)
HOW_MANY = "Wie viele Menschen starben bei der Explosion in Strehlau?"
COST = "What does the new bridge of Orrin cost?"
OPENS = "When does the Orrin museum open?"
SAFE = "Is the water of Lake Orrin safe?"


def claim(
    text: str, day: date | None = EARLY, language: str = "", speaker: str = "", place: str = "Orrin"
) -> Claim:
    """A sentence in a passage that names the place."""
    german = language == "de" or (not language and any(word in text for word in ("Menschen", "Tote", "Euro")))
    return Claim(
        text=text,
        language="de" if german else "en",
        passage=f"{'Ein Bericht aus' if german else 'A report from'} {place}. {text}",
        title="",
        published=day,
        speaker=speaker,
    )


def compared(question: str, one: Claim, other: Claim) -> Difference | None:
    query = understand(question, ("de", "en"), shipped())
    return difference(one, other, asked_for(query), shipped())


def differing(question: str, one: Claim, other: Claim) -> tuple[str, str] | None:
    found = compared(question, one, other)
    return found and (one.text[slice(*found.one)], other.text[slice(*found.other)])


CONTRARY = [
    (HOW_MANY, "Sieben Menschen starben in Strehlau.", "In Strehlau gab es elf Tote.", ("Sieben", "elf")),
    (HOW_MANY, "Die Zahl der Toten von Strehlau stieg auf 11.", "7 Menschen kamen ums Leben.", ("11", "7")),
    (COST, "The bridge costs 12 million euros.", "Die Brücke kostet 15,5 Mio. Euro.", ("12 million euros", "15,5 Mio. Euro")),
    (OPENS, "The museum opens on 9 June.", "The museum will be opened on 23 June 2025.", ("9 June", "23 June 2025")),
    (SAFE, "The water is safe.", "The water is not safe.", ("The water is safe.", "The water is not safe.")),
]  # fmt: skip
ALIKE = [
    (HOW_MANY, "Sieben Menschen starben in Strehlau.", "In Strehlau gab es 7 Tote."),
    (HOW_MANY, "Mehr als zehn Menschen starben.", "Elf Menschen starben."),
    (HOW_MANY, "Sieben Menschen starben.", "Elf Menschen wurden verletzt."),
    (HOW_MANY, "Elf Menschen starben, darunter drei Kinder.", "Drei Kinder starben."),
    (HOW_MANY, "2019 starben sieben Menschen.", "2021 starben elf Menschen."),
    (HOW_MANY, "Am 3. Mai starben sieben Menschen.", "Am 9. Mai starben elf Menschen."),
    (COST, "The bridge costs 12.3 million euros.", "Die Brücke kostet 12,3 Mio. Euro."),
    (COST, "The bridge costs about 12 million euros.", "The bridge costs 11.9 million euros."),
    (COST, "The bridge costs 12 million euros.", "The bridge is 15 metres high."),
    (COST, "We expect the bridge to cost 12 million euros.", "The bridge costs 15 million euros."),
    (OPENS, "The museum opens on 9 June.", "The museum opens on 9 June 2025."),
    (OPENS, "The museum opens in June.", "The museum opens on 9 June."),
    (SAFE, "The water is not safe.", "The water is unsafe."),
    (SAFE, "The water might not be safe.", "The water is safe."),
]


def place_of(question: str) -> str:
    return "Strehlau" if question == HOW_MANY else "Orrin"


@pytest.mark.parametrize(("question", "one", "other", "words"), CONTRARY)
def test_what_differs_is_told(question: str, one: str, other: str, words: tuple[str, str]) -> None:
    place = place_of(question)
    assert differing(question, claim(one, place=place), claim(other, LATE, place=place)) == words


@pytest.mark.parametrize(("question", "one", "other"), ALIKE)
def test_what_only_looks_like_it_is_not(question: str, one: str, other: str) -> None:
    place = place_of(question)
    assert differing(question, claim(one, place=place), claim(other, place=place)) is None


def test_another_place_is_another_matter() -> None:
    one, other = (
        claim("120 houses were flooded.", place="Ashcombe"),
        claim("45 houses were flooded.", place="Wexmoor"),
    )
    assert compared("How many houses were flooded?", one, other) is None
    assert compared("How many houses were flooded in Ashcombe?", one, other) is None


def test_what_is_announced_again_once_it_is_over_is_the_next_one() -> None:
    one = claim("The museum opens on 5 May.", date(2025, 5, 3))
    assert compared(OPENS, one, claim("The museum opens on 20 May.", date(2025, 5, 7))) is None
    assert compared(OPENS, one, claim("The museum opens on 20 May.", date(2025, 5, 4))) is not None


def test_what_two_people_foresee_may_differ() -> None:
    one = claim("“It will cost 12 million euros,” she said.", speaker="Ida Behn")
    other = claim("“It will cost 15 million euros,” he said.", speaker="Olaf Krey")
    assert compared(COST, one, other) is None
    assert compared(COST, one, replace(other, speaker="Ida Behn")) is not None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (HOW_MANY, "figures"),
        (COST, "figures"),
        ("Wie lange dauerte der Streik?", "figures"),
        ("How much oil leaked from the Marisol?", "figures"),
        (OPENS, "dates"),
        ("Wann starb Almut Reinecke?", "dates"),
        (SAFE, "polarity"),
        ("Enthält das Dach Asbest?", "polarity"),
        ("What did Behn say about the bridge?", ""),
        ("Wer leitet das Museum?", ""),
        ("Warum brannte die Mühle?", ""),
    ],
)
def test_what_a_question_asks_for_is_told(question: str, kind: str) -> None:
    assert asked_for(understand(question, ("de", "en"), shipped())).kind == kind


SENTENCES = st.sampled_from([text for _, one, other, *_ in (*CONTRARY, *ALIKE) for text in (one, other)])
QUESTIONS = st.sampled_from([HOW_MANY, COST, OPENS, SAFE])
DAYS = st.sampled_from([EARLY, LATE, None])
CLAIMS = st.builds(claim, SENTENCES, DAYS)


@given(QUESTIONS, CLAIMS, CLAIMS)
def test_it_is_the_same_whichever_comes_first(question: str, one: Claim, other: Claim) -> None:
    found, turned = compared(question, one, other), compared(question, other, one)
    assert (found is None) == (turned is None)
    if found and turned:
        assert (found.kind, found.one, found.other) == (turned.kind, turned.other, turned.one)


@given(QUESTIONS, CLAIMS, DAYS)
def test_nothing_contradicts_itself_or_a_copy(question: str, one: Claim, day: date | None) -> None:
    assert compared(question, one, one) is None
    assert compared(question, one, replace(one, published=day, text=one.text.upper())) is None


@given(QUESTIONS, CLAIMS, CLAIMS, st.sampled_from([" ", "  ", "\n", " \t "]))
def test_white_space_changes_nothing(question: str, one: Claim, other: Claim, space: str) -> None:
    wide = replace(one, text=space.join(["", *one.text.split(" "), ""]))
    plain, spread = differing(question, one, other), differing(question, wide, other)
    assert (plain is None) == (spread is None)
    if plain and spread:
        assert [" ".join(words.split()) for words in plain] == [" ".join(words.split()) for words in spread]
