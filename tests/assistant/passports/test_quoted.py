"""The words of a link are found in a changed text, or nothing is: never are other words taken for them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citation_links import LONGEST_QUOTE, viewer_link
from assistant.passports.quoted import QuotedWords, cuts_word, locate, parse_quoted
from ingest.text.differences import changes

# Few words, and such that begin and end alike: so quotes stand in several places, and nearly stand in others.
WORDS = st.sampled_from(
    ["der", "derart", "Rat", "Stadtrat", "12", "12.5", "12,000", "-12", "tagte.", "nicht", "Berlin-Mitte"]
)
SPACES = st.sampled_from([" ", "  ", "\n", "\n\n"])
SIGNS = st.sampled_from(["", "x", ".", "5", "-", " ", "\n", "ä"])


def linked(quote: str) -> QuotedWords:
    """The words as a link brings them to the viewer."""
    query = parse_qs(urlsplit(viewer_link("0123456789abcdef", 3, 9, "0123456789abcdef", quote)).query)
    words = parse_quoted(query["quote"], query.get("digest", [""])[0])
    assert words is not None
    return words


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, int, str]:
    """A quote of a text, its offset, and the text after some edits anywhere."""
    pieces = draw(st.lists(st.tuples(WORDS, SPACES), min_size=3, max_size=60))
    first = draw(st.integers(0, len(pieces) - 1))
    last = draw(st.integers(first, len(pieces) - 1))
    text = "".join(word + space for word, space in pieces)
    start = sum(len(word + space) for word, space in pieces[:first])
    quote = "".join(word + space for word, space in pieces[first : last + 1]).strip()
    changed = text
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(changed)))
        cut = draw(st.integers(0, 12))
        changed = changed[:at] + draw(st.one_of(SIGNS, WORDS)) + changed[at + cut :]
    return quote, text, start, changed


def places(text: str, quote: str) -> list[int]:
    """Where the words stand, each by itself between white space: by comparing words, not characters."""
    words, sought = text.split(), quote.split()
    return [at for at in range(len(words)) if words[at : at + len(sought)] == sought]


@settings(max_examples=600, deadline=None)
@given(edited())
def test_other_words_are_never_taken_for_those_quoted(case: tuple[str, str, int, str]) -> None:
    quote, text, start, changed = case
    assert locate(text, linked(quote), start) == (start, start + len(quote))
    found = locate(changed, linked(quote), start)
    if found:
        assert changed[slice(*found)].split() == quote.split()
        assert not any(cuts_word(changed, offset) for offset in found)
    else:
        assert places(changed, quote) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=200, max_size=260), st.integers(0, 200), st.integers(0, 6), WORDS)
def test_a_shortened_quote_stands_for_all_of_its_words(
    words: list[str], at: int, cut: int, other: str
) -> None:
    quote = " ".join(words)
    short = linked(quote)
    assert short.digest
    before = f"Der Anfang. {quote}\n Das Ende."
    assert locate(before.replace(" ", "\n "), short, 0) is not None
    assert locate(before, short, 0) == (12, 12 + len(quote))
    changed = [*words[:at], other, *words[at + cut :]]
    found = locate(" ".join(changed), short, 0)
    assert (found is not None) == bool(places(" ".join(changed), quote))


@given(st.text(max_size=3_000))
def test_links_stay_short(quote: str) -> None:
    link = viewer_link("0123456789abcdef", 10**9, 10**9 + 3_000, "0123456789abcdef", quote)
    assert len(link) < LONGEST_QUOTE + 220 <= 700
    assert link.isascii()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Es stieg auf 12.5 Prozent.", "Es stieg auf 12"),
        ("Es stieg auf 12.5 Prozent.", "Es stieg auf 12."),
        ("Es waren -5 Grad.", "5 Grad."),
        ("In Berlin-Mitte", "In Berlin"),
        ("They don't", "They don"),
        ("die Stadträte", "die Stadtr"),
        ("cafe\u0301", "cafe"),
        ("किताब", "क"),
        ("👨\u200d👩", "👨"),
    ],
)
def test_a_part_of_a_word_or_a_number_is_another(text: str, quote: str) -> None:
    assert locate(text, QuotedWords(beginning=quote), 0) is None


def test_the_nearest_of_several_places_counts_and_verbatim_goes_before_white_space() -> None:
    text = "ja und nein. " * 5 + "ja  und nein."
    for near in range(0, len(text), 5):
        nearest = 13 * min(range(5), key=lambda number: abs(13 * number - near))
        assert locate(text, QuotedWords(beginning="ja und nein."), near) == (nearest, nearest + 12)
    assert locate("so  ist es", QuotedWords(beginning="so ist es"), 0) == (0, 10)
    assert locate("他说你好世界。", QuotedWords(beginning="你好"), 0) == (2, 4)


def test_what_has_changed_is_shown_by_sentences() -> None:
    before = "Der Rat tagte am Montag. Er beschloss den Plan.\n\nDanach war Pause.\n\nEnde."
    now = "Der Rat  tagte\nam Montag. Er verwarf den Plan.\n\nDanach war Pause.\n\nEnde.\n\nNeu ist das."
    assert [(one.before, one.now) for one in changes(before, now, "de")] == [
        ("Er beschloss den Plan.", "Er verwarf den Plan."),
        ("", "Neu ist das."),
    ]
    assert changes(before, before.replace(" ", "\n"), "de") == []
    long = "\n\n".join(f"Satz {number}." for number in range(50_000))
    assert len(changes(long, long.replace("7", "8"), "de")[0].before) < 5_000
