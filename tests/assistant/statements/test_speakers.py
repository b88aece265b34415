"""Names folded into speakers: spellings of one person are one, two persons stay two, and nobody is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.statements.name_folding import MOST_OF_A_SURNAME, fold_names, is_common
from assistant.statements.speakers import Speakers


def groups(*names: str) -> set[frozenset[str]]:
    return {frozenset(speaker.names) for speaker in fold_names(dict.fromkeys(names, 1), is_common)}


def together(*names: str) -> bool:
    return groups(*names) == {frozenset(names)}


def apart(*names: str) -> bool:
    return groups(*names) == {frozenset([name]) for name in names}


@pytest.mark.parametrize(
    "names",
    [
        ("Uschakow", "Ushakov", "Juri Uschakow", "Yuri Ushakov", "Jurij Uschakow", "Юрий Ушаков"),
        ("Wolodymyr Selenskyj", "Volodymyr Zelensky", "Volodymyr Zelenskyy", "Selenskyj"),
        ("Ursula von der Leyen", "von der Leyen", "Leyen"),
        ("Donald Trump", "Trump", "Donald J. Trump", "D. Trump"),
        ("Hans-Peter Friedrich", "Hans Peter Friedrich", "Friedrich"),
        ("Baschar al-Assad", "Bashar al-Assad", "Assad"),
        ("Gordon Brown", "Brown"),
        ("Hans Küng", "Kritiker Hans Küng"),
        ("Peter Dahms", "Hafenmeister Peter Dahms", "Dahms"),
        ("Saddam Hussein", "Saddam Husseins"),
        ("Sergej Lawrow", "Dr. Sergei Lavrov", "Außenminister Lawrow"),
        ("Auswärtige Amt", "Auswärtigen Amtes"),
        ("Süddeutsche Zeitung", "Süddeutscher Zeitung"),
        ("SPIEGEL ONLINE", "Spiegel Online"),
    ],
)
def test_spellings_of_one_are_one(names: tuple[str, ...]) -> None:
    assert together(*names)


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Müller", "Peter Müller", "Müller"),  # whom the surname alone means, nobody can tell
        ("George W. Bush", "George H. W. Bush", "George Bush", "Jeb Bush"),
        ("Donald Trump", "Donald Trump Jr."),
        ("Polizei", "Hamburger Polizei", "Berliner Polizei"),
        ("Deutschland", "Wikimedia Deutschland"),
        ("Bush", "Manfred Busch", "Manfred Kolbe"),
        ("Behörden", "Afghanischen Behörden"),
        ("Stern", "Klaus Stern", "Klaus Kolbe"),  # a magazine
        ("Martin Weiss", "Martina Weiss"),
        ("Regierung", "Britische Regierung"),
    ],
)
def test_what_may_be_two_stays_two(names: tuple[str, ...]) -> None:
    assert apart(*names)


def test_an_initial_joins_the_only_one_whom_it_fits() -> None:
    assert groups("J. Roth", "Jana Roth", "Peter Roth") == {
        frozenset({"J. Roth", "Jana Roth"}),
        frozenset({"Peter Roth"}),
    }
    assert apart("J. Roth", "Jana Roth", "Jens Roth")


def test_the_fullest_of_the_most_frequent_names_is_shown() -> None:
    (speaker,) = fold_names({"Merkel": 9, "Angela Merkel": 3, "A. Merkel": 5}, is_common)
    assert (speaker.name, speaker.quotations) == ("Angela Merkel", 17)
    assert speaker.spellings == (("Merkel", 9), ("A. Merkel", 5), ("Angela Merkel", 3))


def test_a_name_is_found_in_any_spelling() -> None:
    known = Speakers(
        fold_names({"Juri Uschakow": 2, "Anna Müller": 1, "Peter Müller": 1, "Müller": 1}, is_common)
    )

    def asked(name: str) -> set[str]:
        return {speaker.name for speaker in known.asked(name)}

    assert asked("ushakov") == asked("Yuri Ushakov") == asked("Ушаков") == {"Juri Uschakow"}
    assert asked("Müller") == {"Müller"}  # whose name is no fuller
    assert {one.name for one in known.fitting("Müller")} == {"Anna Müller", "Peter Müller", "Müller"}
    assert asked("mueller") == {"Anna Müller", "Peter Müller", "Müller"}
    assert asked("A. Müller") == {"Anna Müller"}
    assert asked("Maria Müller") == asked("Nemo") == asked("?!") == set()
    assert [one.name for one in known.beginning("mül pe")] == ["Peter Müller"]


FIRST = st.sampled_from(
    ["", "Anna", "A.", "Peter", "P.", "Peter H.", "Hans Peter", "Ana", "Dr. Anna", "von", "der"]
)
LAST = st.sampled_from(
    [
        "Müller",
        "Mueller",
        "Müllers",
        "Weber",
        "Polizei",
        "Uschakow",
        "Ushakov",
        "al-Assad",
        "Jr.",
        "<b>",
        "",
        "…",
        "李",
    ]
)
NAMES = st.dictionaries(
    st.builds("{} {}".format, FIRST, LAST) | st.text(max_size=12), st.integers(1, 9), max_size=14
)


@settings(max_examples=150)
@given(NAMES, st.randoms(use_true_random=False))
def test_nobody_is_lost_and_the_order_does_not_matter(counts: dict[str, int], shuffle: random.Random) -> None:
    speakers = fold_names(counts, is_common)
    assert sorted(name for speaker in speakers for name in speaker.names) == sorted(counts)
    assert sum(speaker.quotations for speaker in speakers) == sum(counts.values())
    assert all(dict(speaker.spellings)[speaker.name] for speaker in speakers)
    shuffled = list(counts.items())
    shuffle.shuffle(shuffled)
    assert fold_names(dict(shuffled), is_common) == speakers
    known = Speakers(speakers)
    assert all(
        known.of(name) in known.asked(name) or not name.strip()
        for name in counts
        if name == " ".join(name.split())
    )


def test_two_first_names_are_never_one_person() -> None:
    first = ["Anna", "Peter", "Jonas", "Clara", "Ole"]
    names = [f"{one} {surname}" for one in first for surname in ("Müller", "Uschakow", "Fischer")]
    for group in groups(*names, "Müller", "Uschakow", "Fischer", "A. Müller"):
        assert len({name.split()[0] for name in group if name.split()[0] in first}) <= 1


def test_thousands_of_one_surname_are_soon_told() -> None:
    names = {f"{chr(97 + n % 26).upper()}{n} Müller": 1 for n in range(20 * MOST_OF_A_SURNAME)}
    assert len(fold_names({**names, "Müller": 3}, is_common)) == len(names) + 1
