"""Words that have changed places: told where that says something else, and not where it says the same."""

from __future__ import annotations

import pytest

from assistant.drafts.faults import SentenceText
from assistant.drafts.swapped import of_another_year, of_exchanged_years, swapped_words
from assistant.language.lexicon import Lexicon, shipped


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


def swapped(stated: str, source: str, language: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    theirs = SentenceText(text=source, language=language)
    found = list(swapped_words(SentenceText(text=stated, language=language), theirs, lexicon))
    return [(one.written, source[slice(*(one.beside or (0, 0)))]) for one in found]


@pytest.mark.parametrize(
    ("stated", "source", "language", "words"),
    [
        ("Keller Optics bought Nordwerft in May.", "Nordwerft bought Keller Optics in May.", "en", ("Keller Optics", "Nordwerft")),
        ("Die Bahn verklagt die Stadt.", "Die Stadt verklagt die Bahn wegen Lärms.", "de", ("Bahn", "Stadt")),
        ("Jonas Kirsch schlug Anton Reber im Finale.", "Anton Reber schlug Jonas Kirsch im Finale.", "de", ("Jonas Kirsch", "Anton Reber")),
        ("The tug rammed the ferry off the pier.", "The ferry rammed the tug off the pier.", "en", ("tug", "ferry")),
        ("Geboren wurden 2023: 7 Kinder, 2024: 5 Kinder.", "Geboren wurden 2023: 5 Kinder, 2024: 7 Kinder.", "de", ("7", "5")),
        ("The mill opened in 1950 and closed in 1908.", "The mill opened in 1908 and closed in 1950.", "en", ("1950", "1908")),
        # of several words each
        ("The Keller Trust was sold to the Nordwerft yard.", "The Nordwerft yard was sold to the Keller Trust in May.", "en", ("Keller Trust", "Nordwerft yard")),
        ("Die Stadt verklagt die insolvente Bahn.", "Die insolvente Bahn verklagt die Stadt wegen Lärms.", "de", ("Stadt", "insolvente Bahn")),
        ("Im Norden waren es 12 Prozent, im Süden 40.", "Im Norden waren es 40 Prozent, im Süden 12.", "de", ("12", "40")),
    ],
)  # fmt: skip
def test_what_is_exchanged_is_told_with_what_stands_there(
    stated: str, source: str, language: str, words: tuple[str, str], lexicon: Lexicon
) -> None:
    assert swapped(stated, source, language, lexicon) == [words, words[::-1]]
    assert swapped(source, source, language, lexicon) == []


@pytest.mark.parametrize(
    ("stated", "source", "language"),
    [
        # the other case, the passive
        ("Den Mieter verklagte der Eigentümer.", "Der Eigentümer verklagte den Mieter.", "de"),
        ("Keller Optics was bought by Nordwerft.", "Nordwerft bought Keller Optics.", "en"),
        # lists, what is mutual, and "is"
        ("Ines Volk, Paul Dent und Tom Brehm kamen.", "Tom Brehm, Paul Dent und Ines Volk kamen.", "de"),
        ("Tom Brehm met Paul Dent in Wick.", "Paul Dent met Tom Brehm in Wick.", "en"),
        ("Trainer ist Anton Reber.", "Anton Reber ist Trainer.", "de"),
        ("The Keller Trust met the Nordwerft yard.", "The Nordwerft yard met the Keller Trust.", "en"),
        ("The Keller Trust and the Nordwerft yard sold two boats.", "The Nordwerft yard and the Keller Trust sold two boats.", "en"),
        # clauses and adverbs in another order
        ("On Monday the Keller Trust sold a boat.", "The Keller Trust sold a boat on Monday.", "en"),
        ("2024 waren es 7 Kinder, 2023 waren es 5 Kinder.", "2023 waren es 5 Kinder, 2024 waren es 7 Kinder.", "de"),
        ("Gestern kaufte Nordwerft zwei Boote.", "Nordwerft kaufte gestern zwei Boote.", "de"),
    ],
)  # fmt: skip
def test_what_says_the_same_in_another_order_is_not(
    stated: str, source: str, language: str, lexicon: Lexicon
) -> None:
    assert swapped(stated, source, language, lexicon) == []


def test_a_figure_of_another_year_is_told_across_sentences() -> None:
    sources = [
        SentenceText(text=text, language="de")
        for text in ("2023 kamen 510 Gäste.", "Im Jahr darauf, 2024, waren es 740 Gäste.")
    ]

    def told(text: str) -> list[str]:
        return [one.written for one in of_another_year(SentenceText(text=text, language="de"), sources)]

    assert told("2023 kamen 740 Gäste.") == ["740"]
    assert told("2023 kamen 510 Gäste.") == []
    assert told("Gekommen sind 740 Gäste.") == []
    assert told("2023 kamen 510 und 2024 kamen 740 Gäste.") == []


@pytest.mark.parametrize(
    ("stated", "source", "told"),
    [
        ("5,600 boats came in 2022 and 4,100 in 2023.", "In 2022 there were 4,100 boats, in 2023 there were 5,600.", ["5,600", "4,100"]),
        ("4,100 boats came in 2022 and 5,600 in 2023.", "In 2022 there were 4,100 boats, in 2023 there were 5,600.", []),
        ("In 2023 5,600 boats came, up from 4,100 in 2022.", "From 4,100 in 2022 they rose to 5,600 in 2023.", []),
        ("In 2023 5,600 boats came, up from 4,100 in 2022.", "In 2022 there were 4,100 boats of 7 owners, in 2023 5,600.", []),
        ("In 2023 5,600 boats came, up from 4,200 in 2022.", "In 2022 there were 4,100 boats, in 2023 there were 5,600.", []),
    ],
)  # fmt: skip
def test_figures_of_two_years_are_told_apart_in_any_order(stated: str, source: str, told: list[str]) -> None:
    texts = (SentenceText(text=text, language="en") for text in (stated, source))
    first, second = texts
    assert [one.written for one in of_exchanged_years(first, [second])] == told
