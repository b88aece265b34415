"""One name in several scripts and spellings folds into one; words that are no such names stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.folding import fold, tokens, word_grams, words

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџѓќѕ"
GREEK = "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰ"
ARMENIAN_AND_GEORGIAN = "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցփքօֆაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
TRANSLITERATED = st.one_of(
    *(st.text(alphabet, min_size=2, max_size=20) for alphabet in (CYRILLIC, GREEK, ARMENIAN_AND_GEORGIAN))
)


def names() -> Iterator[tuple[str, list[str]]]:
    """Each name as its own language writes it, and as German, English and French do."""
    for line in (Path(__file__).parent / "spellings.tsv").read_text("utf-8").splitlines():
        own, others = line.split("\t")
        yield own, list(dict.fromkeys(others.split("|")))


def similarity(one: str, other: str) -> float:
    """The Jaccard similarity of two words' 4-grams."""
    ours, theirs = set(word_grams(one)), set(word_grams(other))
    return len(ours & theirs) / len(ours | theirs)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ушаков", "Uschakow", "Ushakov", "Ouchakov"),
        ("Зеленський", "Selenskyj", "Zelensky", "Zelenskyy"),
        ("Хрущёв", "Chruschtschow", "Khrushchev", "Khrouchtchev"),
        ("Горбачёв", "Gorbatschow", "Gorbachev", "Gorbatchev"),
        ("Чайковский", "Tschaikowski", "Tchaikovsky"),
        ("Шевченко", "Schewtschenko", "Shevchenko"),
        ("Жуков", "Schukow", "Zhukov", "Joukov"),
        ("Соловьёв", "Solowjow", "Solovyov", "Soloviev"),
        ("Тургенев", "Turgenjew", "Tourgueniev"),
        ("Макаревич", "Makarewitsch", "Makarevich", "Makarevitch"),
        ("Дзержинский", "Dserschinski", "Dzerzhinsky", "Dzerjinski"),
        ("Вучић", "Vučić", "Vucic"),
        ("Τσίπρας", "ΤΣΊΠΡΑΣ", "Tsipras"),
        ("Παπανδρέου", "Papandreou"),
        ("Ευαγγελία", "Evangelia"),
        ("სააკაშვილი", "Saakaschwili", "Saakashvili"),
        ("Փաշինյան", "Paschinjan", "Pashinyan"),
    ],
)
def test_spellings_in_several_scripts_fold_into_one(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


def test_most_names_fold_into_one_and_nearly_all_are_alike() -> None:
    pairs = [(own, other) for own, others in names() for other in others]
    assert len(pairs) > 250
    assert sum(fold(own) == fold(other) for own, other in pairs) > 0.85 * len(pairs)
    assert sum(similarity(own, other) >= 0.5 for own, other in pairs) > 0.9 * len(pairs)


def test_other_names_stay_apart() -> None:
    """Of the names of the list, only those that are one name in two languages fold into one."""
    alike = {
        frozenset((one, other))
        for (one, _), (other, _) in combinations(names(), 2)
        if fold(one) == fold(other)
    }
    assert alike == {frozenset(("Зеленський", "Зеленский"))}


@pytest.mark.parametrize("word", ["東京", "北京大学", "かな", "نتنياهو", "נתניהו", "ไทย", "µg", "β", "в"])
def test_symbols_and_other_scripts_stay_as_they_are(word: str) -> None:
    assert fold(word) == word.casefold()


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("µg", "mg"),
        ("μm", "mm"),
        ("Andrejew", "Andrew"),
        ("switch", "swish"),
        ("wich", "wish"),
        ("jetzt", "ist"),
    ],
)
def test_other_words_stay_apart(word: str, other: str) -> None:
    assert fold(word) != fold(other)


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Frieden", "friden"), ("Talkshow", "talkshov"), ("interview", "interviv"), ("Sandwich", "sandvikh")],
)
def test_german_and_english_words_keep_their_letters(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(TRANSLITERATED)
def test_transliterated_words_are_latin_whatever_their_case(word: str) -> None:
    assert fold(word) == fold(word.upper())
    assert fold(word).isalnum() or fold(word) == word
    assert fold(word)


@given(st.text(max_size=100))
def test_every_word_of_a_text_has_grams_without_a_blank_between(text: str) -> None:
    for word in words(text):
        assert all(word_grams(word))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("15,3", "15.3"),
        ("15.3", "15.3"),
        ("4.812", "4812"),
        ("4,812", "4812"),
        ("4’812", "4812"),
        ("4812", "4812"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567.8", "1234567.8"),
        ("0,125", "0.125"),
        ("14:30", "14.30"),
    ],
)
def test_a_number_with_its_separators_is_one_token(written: str, folded: str) -> None:
    assert tokens(f"Es waren {written} am Ende.") == ["Es", "waren", written, "am", "Ende"]
    assert fold(written) == folded
    assert word_grams(written) == (folded,)


def test_days_and_lists_are_no_numbers() -> None:
    assert tokens("25.05.2025, 1,2,3 und v3.2") == ["25", "05", "2025", "1", "2", "3", "und", "v3", "2"]
    assert tokens("am 25.05. war") == ["am", "25.05", "25", "05", "war"]
