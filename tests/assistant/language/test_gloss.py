"""What the words of a text mean in another language: the right words, at their places, in a text that stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.gloss import Gloss, glosses
from assistant.language.lexicon import Lexicon, shipped
from assistant.language.meanings import MOST
from assistant.language.words import as_written

WORDS = st.sampled_from(
    [
        "Die",
        "Gebietsfragen",
        "Übernahme",
        "Gebiets\xadfragen",
        "EU-Gipfel",
        "Uschakow",
        "sagte",
        "2025",
        "ums",
        "Leben",
        "gekommen",
        "the",
        "White",
        "House",
        "interest",
        "rates",
        "Monday",
        "Putin's",
        "𝔘ni",
        "😀",
        "<b>",
        "&amp;",
        "\u202e",
        "İstanbul",
        "ß",
        "nicht",
    ]
)
GAPS = st.sampled_from([" ", "  ", "\n", ". ", ", ", "-", "’", '"', "\u00a0", "", "\u0301"])
TEXTS = st.text() | st.lists(st.tuples(WORDS, GAPS)).map(lambda pairs: "".join(map("".join, pairs)))


def meant(text: str, language: str = "de", reader: str = "en") -> dict[str, tuple[str, ...]]:
    """The equivalents, or those of the parts, by the words of the text."""
    found = glosses(text, language, reader, shipped())
    return {text[one.start : one.end]: one.equivalents or parted(one) for one in found}


def parted(gloss: Gloss) -> tuple[str, ...]:
    return tuple(f"{part.word}: {', '.join(part.equivalents)}" for part in gloss.parts)


@given(TEXTS, st.sampled_from([("de", "en"), ("en", "de")]))
@example("", ("de", "en"))
@example("-'’\u0301\u00ad", ("de", "en"))
@example("Gebietsfragen", ("de", "en"))
def test_glosses_are_words_of_the_text_in_their_order(text: str, languages: tuple[str, str]) -> None:
    end = 0
    for gloss in glosses(text, *languages, shipped()):
        assert end <= gloss.start < gloss.end <= len(text)
        word = text[gloss.start : gloss.end]
        assert word == word.strip()
        assert word[0].isalnum()
        assert bool(gloss.equivalents) != bool(gloss.parts)
        for equivalents in (gloss.equivalents, *(part.equivalents for part in gloss.parts)):
            assert len(equivalents) <= MOST
            assert word.casefold() not in map(str.casefold, gloss.equivalents)
            assert all(equivalents)
        end = gloss.end


@given(TEXTS, st.sampled_from([("de", "de"), ("de", "fr"), ("", "en"), ("de", ""), ("xx", "yy")]))
def test_there_are_none_where_no_table_joins_the_languages(text: str, languages: tuple[str, str]) -> None:
    assert glosses(text, *languages, shipped()) == ()
    assert glosses(text, "de", "en", Lexicon({})) == ()


def test_content_words_have_what_their_base_forms_mean() -> None:
    found = meant("In der Frage der Territorien sei kein Kompromiss gefunden worden, sagte Uschakow.")
    assert list(found) == ["Frage", "Territorien", "Kompromiss", "gefunden"]
    assert found["Frage"][0] == "question"
    assert found["Territorien"] == ("territory",)
    english = meant("Engineers finished the old railway bridge.", "en", "de")
    assert english["Engineers"][0] == "Ingenieur"
    assert english["bridge"] == ("Brücke",)


def test_a_compound_that_the_lexicon_lacks_has_what_its_parts_mean() -> None:
    (parts,) = meant("Offene Gebietsfragen bleiben.").keys() & {"Gebietsfragen"}
    assert meant(parts)[parts] == ("Gebiet: area, territory, zone", "Fragen: question, issue, query")
    assert meant("Bundesverfassungsrichterin").popitem()[1] == (
        "Bundes: federal",
        "Verfassung: constitution",
        "Richterin: judge",
    )
    assert meant("Länderfragen")["Länderfragen"][0] == "Land: nation, country, countryside"
    assert meant("der EU-Gipfel") == {"EU-Gipfel": ("Gipfel: summit, pinnacle, peak",)}
    assert meant("peace-talks", "en", "de")["peace-talks"][0] == "peace: Frieden"


def test_a_phrase_is_one_word() -> None:
    assert meant("The interest rates of the White House", "en", "de")["White House"] == ("weißes Haus",)
    assert meant("Sie sind ums Leben gekommen.") == {"ums Leben gekommen": ("perish",)}


@pytest.mark.parametrize(
    ("language", "text", "silent"),
    [
        ("de", "Helmut Kohl und Klaus Müller trafen Herrn Wolf.", {"Helmut", "Kohl", "Müller", "Wolf"}),
        (
            "de",
            "Es war nicht so, wie er es haben wollte, aber das soll es.",
            {"nicht", "war", "wollte", "soll"},
        ),
        ("de", "Außenminister Steinmeier in Hamburg und Regensburg", {"Steinmeier", "Hamburg", "Regensburg"}),
        ("de", "Der Minister und die NATO im Jahr 2025", {"Minister", "NATO", "2025"}),
        (
            "en",
            "President Trump met Tony Baker and Theresa May.",
            {"Trump", "Tony", "Baker", "Theresa", "May"},
        ),
        ("en", "It wasn't what they would have done.", {"It", "wasn't", "what", "they", "would", "have"}),
    ],
)
def test_names_function_words_and_what_is_the_same_have_none(
    language: str, text: str, silent: set[str]
) -> None:
    reader = "en" if language == "de" else "de"
    assert not silent & set(meant(text, language, reader))


def test_a_name_that_is_another_one_there_has_it() -> None:
    assert meant("Am Montag in Österreich") == {"Montag": ("Monday",), "Österreich": ("Austria",)}
    assert meant("He left Germany in March.", "en", "de")["Germany"] == ("Deutschland",)


def test_after_a_genitive_stands_a_noun() -> None:
    assert meant("Putins Berater Juri Uschakow sprach.").keys() == {"Berater", "sprach"}


def test_a_word_in_lower_case_is_not_taken_for_a_noun() -> None:
    assert meant("Die Polizei verbot es")["verbot"][0] == "forbid"
    assert meant("Eine junge Stadt")["junge"] == meant("jung")["jung"]
    assert meant("Er ging, ehe die leise Musik begann.").keys() == {"leise", "Musik", "begann"}
    assert meant("Sie frohlocken") == {}
    assert meant("Ein Verbot")["Verbot"][0] in ("ban", "prohibition")


@pytest.mark.parametrize("written", ["Gebiets\u00adfragen", "Gebiets\u200bfragen"])
def test_signs_that_break_a_word_do_not_hide_it(written: str) -> None:
    assert meant(f"die {written}.") == {written: meant("Gebietsfragen")["Gebietsfragen"]}


def test_a_word_that_is_too_long_to_be_one_is_passed_over() -> None:
    text = f"Die Regierung {'Haus-' * 20}Haus in der Stadt"
    assert list(meant(text)) == ["Regierung", "Stadt"]


def test_letters_and_their_accents_may_be_apart() -> None:
    for word in ("Übernahme", "Universitätsfragen"):
        apart = unicodedata.normalize("NFD", word)
        assert meant(f"Die {apart}") == {apart: meant(word)[word]}


@pytest.mark.parametrize(
    ("base", "written"),
    [
        ("gebiet", "Gebiet"),
        ("finden", "finden"),
        ("gut", "gut"),
        ("eu", "EU"),
        ("weißes haus", "weißes Haus"),
    ],
)
def test_german_nouns_have_a_capital_letter(base: str, written: str) -> None:
    assert as_written(base, "de") == written
