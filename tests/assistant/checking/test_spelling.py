"""Names in a text that spells them otherwise: by a letter or two, inflected, in a compound, or translated."""

from __future__ import annotations

import pytest

from assistant.checking.spelling import occurs_in
from assistant.language.lexicon import shipped


def occurs(name: str, text: str, *, near: bool = True) -> bool:
    return occurs_in(name, text, "de", shipped(), near=near)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Lukaschenko", "Lukaschanka"),
        ("Steinmeier", "Steinmaier"),
        ("Peskov", "Pesakow"),
        ("Peskov", "Pesko"),
    ],
)
def test_a_letter_or_two_may_differ_only_where_that_is_allowed(name: str, written: str) -> None:
    assert occurs(name, f"Am Abend sprach {written}.")
    assert not occurs(name, f"Am Abend sprach {written}.", near=False)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Steinmeier", "Steinbauer"),  # three letters
        ("Kirijenko", "Kiriakis"),
        ("Peskov", "Leskov"),  # the first letter
        ("Scholz", "Schilz"),  # a short name
        ("Belgrad", "Belgrab"),  # a place that everybody spells the same
    ],
)
def test_other_names_are_not_near(name: str, written: str) -> None:
    assert not occurs(name, f"Am Abend sprach {written}.")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Merkel", "Merkels Rede"),
        ("Norwegen", "The Norwegian government waits."),
        ("Berlin", "Das Berliner Parlament tagt."),
        ("Putin", "Der Putin-Vertraute schweigt."),
        ("Minsk", "Das Minskabkommen galt."),
    ],
)
def test_a_name_may_be_inflected_translated_or_part_of_a_compound(name: str, text: str) -> None:
    assert occurs(name, text, near=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Uschakow", "Об этом сообщил Ушаков."),
        ("Uschakow", "Встреча с Ушаковым прошла в Москве."),
        ("Ushakov", "Слова Ушакова были услышаны."),
        ("Ушаков", "Am Abend sprach Uschakow."),
        ("Putin", "Он позвонил Путину."),
        ("Zelenskyy", "Про це повідомили Зеленському."),
        ("Selenskyj", "По словам Зеленского, время идёт."),
        ("Gorbachev", "Беседа с Горбачёвым"),
        ("Tsipras", "Ο Αλέξης Τσίπρας μίλησε."),
        ("Mitsotakis", "η κυβέρνηση του Μητσοτάκη"),
        ("Papadopoulos", "η ομιλία του Παπαδόπουλου"),
    ],
)
def test_a_name_may_be_written_in_another_script(name: str, text: str) -> None:
    assert occurs(name, text, near=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Lawrow", "Об этом сообщил Песков."),
        ("Putin", "Лукашенко и Медведев прибыли."),
        ("Zelensky", "Виступив Сирський."),
        ("Tsipras", "Ο Μητσοτάκης μίλησε."),
    ],
)
def test_other_names_in_another_script_are_not_taken_for_it(name: str, text: str) -> None:
    assert not occurs(name, text)
