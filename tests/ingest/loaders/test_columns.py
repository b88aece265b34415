"""Columns and tables of PDF pages, whichever way they are drawn; pages of one column stay as they are."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.loaders import load

SIZE, LEADING, TOP, LEFT = 9, 12, 700, 50
WIDTH = 0.6 * SIZE  # of every letter of Courier
WORDS = [
    "the",
    "council",
    "voted",
    "on",
    "plans",
    "for",
    "a",
    "bridge",
    "that",
    "would",
    "join",
    "both",
    "banks",
    "of",
    "river",
    "and",
    "town",
    "while",
    "others",
    "asked",
    "who",
    "should",
    "pay",
    "for",
    "it",
    "since",
    "nobody",
    "had",
    "counted",
    "what",
    "repairs",
    "of",
    "old",
    "piers",
    "might",
    "cost",
    "before",
    "winter",
    "comes",
    "again",
]

Placed = tuple[float, float, float, str]  # left, baseline, type size, words


def drawn(pieces: Sequence[Placed]) -> bytes:
    """A page with pieces of text in Courier, in that order."""
    shown = "\n".join(
        f"BT /F1 {size} Tf 1 0 0 1 {x:.1f} {y:.1f} Tm ({words}) Tj ET" for x, y, size, words in pieces
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 700 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    body = "%PDF-1.4\n"
    for number, content in enumerate(objects, 1):
        body += f"{number} 0 obj\n{content}\nendobj\n"
    return (body + "trailer<</Root 1 0 R>>\n%%EOF\n").encode()


def read(pieces: Sequence[Placed]) -> str:
    return load(drawn(pieces), "page.pdf").text


def flat(text: str) -> str:
    return " ".join(text.split())


def wrapped(words: Sequence[str], letters: int) -> list[str]:
    """Sentences of ten words in lines of so many letters, none of them with a number."""
    sentences = [" ".join(words[at : at + 10]).capitalize() + "." for at in range(0, len(words), 10)]
    return textwrap.wrap(" ".join(sentences), letters, break_long_words=False)


@st.composite
def columns(draw: st.DrawFn) -> list[list[str]]:
    """The lines of two or three columns of running text, of 26 letters each."""
    count = draw(st.integers(2, 3))
    seed = draw(st.integers(0, len(WORDS) - 1))
    lengths = [draw(st.integers(60, 90)) for _ in range(count)]
    return [
        wrapped([WORDS[(seed + 7 * number + at) % len(WORDS)] for at in range(length)], 26)
        for number, length in enumerate(lengths)
    ]


def placed(lines: Sequence[Sequence[str]], gutter: float, *, by_row: bool) -> list[Placed]:
    step = 26 * WIDTH + gutter
    cells = [
        (LEFT + number * step, TOP - at * LEADING, float(SIZE), words)
        for number, column in enumerate(lines)
        for at, words in enumerate(column)
    ]
    return sorted(cells, key=lambda cell: (-cell[1], cell[0])) if by_row else cells


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lines=columns(),
    gutter=st.floats(10, 30),
    by_row=st.booleans(),
    headed=st.booleans(),
    followed=st.booleans(),
)
def test_columns_are_read_one_after_the_other(
    lines: list[list[str]], gutter: float, by_row: bool, headed: bool, followed: bool
) -> None:
    heading = [(LEFT, TOP + 40, 16.0, "Council postpones its vote on bridge")] if headed else []
    below = TOP - LEADING * (max(map(len, lines)) + 2)
    after = (
        [(LEFT, below, float(SIZE), "This note stands under all of the columns and reaches across.")]
        if followed
        else []
    )
    content = load(drawn([*heading, *placed(lines, gutter, by_row=by_row), *after]), "page.pdf")
    text = flat(content.text)
    assert content.doubtful_pages == ()
    expected = " ".join(words for column in lines for words in column)
    assert text == " ".join([*(words for *_, words in heading), expected, *(words for *_, words in after)])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(("Schools", "Roads", "Culture", "Fire brigade", "Old harbour", "Parks")),
            st.integers(10, 9_999),
            st.integers(10, 9_999),
        ),
        min_size=3,
        max_size=12,
    ),
    by_row=st.just(True),
)
def test_a_table_is_read_row_by_row(rows: list[tuple[str, int, int]], by_row: bool) -> None:
    cells = [("Area", "2023", "2024"), *((name, f"{one:,}", f"{two:,}") for name, one, two in rows)]
    page = [
        (LEFT + 150 * number, TOP - 18 * at, float(SIZE), cell)
        for at, row in enumerate(cells)
        for number, cell in enumerate(row)
    ]
    assert read(page).split("\n") == [" | ".join(row) for row in cells]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(length=st.integers(40, 200), seed=st.integers(0, 60), spread=st.floats(0, 9))
def test_a_page_of_one_column_stays_as_it_is_however_far_its_words_are_spread(
    length: int, seed: int, spread: float
) -> None:
    lines = wrapped([WORDS[(seed + at) % len(WORDS)] for at in range(length)], 60)
    page = []
    for at, words in enumerate(lines):
        left = float(LEFT)
        for word in words.split():
            page.append((left, TOP - at * LEADING, float(SIZE), word))
            left += len(word) * WIDTH + WIDTH + spread * (((at * 7 + len(word)) % 3) / 2)
    assert flat(read(page)) == " ".join(lines)


def test_a_word_divided_at_the_end_of_a_column_s_line_is_made_whole() -> None:
    left = [
        "die Bank schliesst zum Jah-",
        "resende ihre Filiale und",
        "bietet nichts mehr an, das be-",
        "dauern viele im Dorf.",
    ]
    right = [
        "denn der Weg nach Moor-",
        "bach ist weit und steil",
        "und der Bus selten da. Das",
        "sagen alle seit Jahren.",
    ]
    page = placed([left, right], 60, by_row=True)
    text = flat(read(page))
    assert "zum Jahresende ihre" in text
    assert "das bedauern viele" in text
    assert "nach Moorbach ist weit" in text


@pytest.mark.parametrize("by_row", [True, False])
def test_what_stands_beside_labels_stays_there(by_row: bool) -> None:
    labels, values = (
        ["From:", "To:", "Subject:", "Copy:"],
        ["Anna Dierks", "Uwe Petersen", "The new bridge", "All members"],
    )
    page = [
        piece
        for at, (label, value) in enumerate(zip_longest(labels, values))
        for piece in ((LEFT, TOP - at * LEADING, 9.0, label), (LEFT + 90, TOP - at * LEADING, 9.0, value))
    ]
    text = flat(read(page))
    assert all(f"{label} {value}" in text for label, value in zip(labels, values, strict=True))


def test_a_number_at_the_end_of_a_column_ends_no_sentence() -> None:
    left = [
        "The club of Haldern said on",
        "Monday that it has by now",
        "found a place to stay for",
        "all of its more than 1.140",
    ]
    right = [
        "members who were left out",
        "when the hall was closed",
        "by the council of the town",
        "in the spring.",
    ]
    assert "more than 1.140 members who" in read(placed([left, right], 60, by_row=True))


@pytest.mark.parametrize("ragged", [25, 40, 60])
def test_a_page_whose_columns_stay_mixed_is_doubtful(ragged: int) -> None:
    lines = wrapped(WORDS[:30], 26), wrapped(WORDS[10:], 26)
    away = [
        7 * number % 5 * ragged / 4 for number in range(len(lines[0]))
    ]  # where a line of the second column begins
    right = [(26 * WIDTH + LEFT + 20 + at, words) for at, words in zip(away, lines[1], strict=False)]
    rows = [
        (x, TOP - number * LEADING, float(SIZE), piece)
        for number, words in enumerate(lines[0])
        for x, piece in ((float(LEFT), words), *right[number : number + 1])
    ]
    content = load(drawn(rows), "page.pdf")
    whole = flat(" ".join(lines[0])) in flat(content.text)
    assert content.doubtful_pages == (() if whole else (1,))


@pytest.mark.parametrize("beside", ["Eva Roth", "12. Mai 2025", "4.120 Euro"])
def test_what_stands_beside_labels_is_not_doubtful(beside: str) -> None:
    labels = ("Name des Vereins", "Tag der Wahl", "Sitz und Gericht", "Beitrag im Jahr")
    rows = [
        (x, TOP - number * LEADING, float(SIZE), words)
        for number, label in enumerate(labels)
        for x, words in ((LEFT, label), (LEFT + 220, beside))
    ]
    assert load(drawn(rows), "page.pdf").doubtful_pages == ()
