"""Quotations nest by the rule of their language, and have one pair of marks around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.quotation_marks import MARKS, marks, quoted


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Sie geht.", "de", "„Sie geht.“"),
        ("Er sagte: „Wir kommen.“", "de", "„Er sagte: ‚Wir kommen.‘“"),
        ("„Wir kommen“, sagte er.", "de", "„‚Wir kommen‘, sagte er.“"),
        ("„Wir kommen.“", "de", "„Wir kommen.“"),
        ("„Wir kommen.", "de", "„Wir kommen.“"),
        ("Wir kommen.“", "de", "„Wir kommen.“"),
        ("„A“, sagte er, „und B.“", "de", "„‚A‘, sagte er, ‚und B.‘“"),
        ("Er sagte: „Wir kommen.", "de", "„Er sagte: ‚Wir kommen.‘“"),
        ("Wir kommen.“ Er ging.", "de", "„‚Wir kommen.‘ Er ging.“"),
        ("Er rief: „Sie sagte ‚Halt!‘ und ging.“", "de", "„Er rief: ‚Sie sagte „Halt!“ und ging.‘“"),
        ("»Nein«, rief er.", "de", "„‚Nein‘, rief er.“"),
        ('"Wir gehen", sagte er.', "de", "„‚Wir gehen‘, sagte er.“"),
        ("Das „Ende” naht.", "de", "„Das ‚Ende‘ naht.“"),
        ("“We’re here,” she said, “and we’ll stay.”", "en", "“‘We’re here,’ she said, ‘and we’ll stay.’”"),
        ("He said “she told me ‘no’ twice”.", "en-GB", "“He said ‘she told me “no” twice’.”"),
        ('He said "we don\'t know" and left.', "en", "“He said ‘we don't know’ and left.”"),
        ("A 5\" pipe and the students' 6' rope", "en", "“A 5\" pipe and the students' 6' rope”"),
        ("'Tis the season.", "en", "“'Tis the season.”"),
        ("Il a dit « bonjour » hier.", "fr", "«\u202fIl a dit “bonjour” hier.\u202f»"),
        ("« Bonjour »", "fr", "«\u202fBonjour\u202f»"),
        ("Он сказал «да».", "ru", "«Он сказал „да“.»"),
        ("two\n  lines", "xx", "“two lines”"),
    ],
)
def test_marks_nest(text: str, language: str, expected: str) -> None:
    assert quoted(text, language) == expected


@given(st.text(alphabet="ab .,„“”‚‘’«»\"'5", max_size=25), st.sampled_from([*MARKS, "en", ""]))
def test_any_text_gets_one_pair_and_keeps_its_words(text: str, language: str) -> None:
    opening, closing = marks(language)[:2]
    written = quoted(text, language)
    assert written.startswith(opening)
    assert written.endswith(closing)
    assert [sign for sign in written if sign.isalnum()] == [sign for sign in text if sign.isalnum()]
