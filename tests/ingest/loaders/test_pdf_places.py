"""Words of a document are found on the pictures of its pages: all of them, and never others."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceNotFound
from ingest.loaders import pdf as loader
from ingest.loaders.pdf_alignment import CONTEXT, PageQuote, align, spans_of
from ingest.loaders.pdf_places import PagePlaces, places
from ingest.loaders.sandbox import Sandbox
from tests.support.files import pdf, pdf_drawn

PAGES = [
    [
        "# Report on bridges",
        "The bridge of Meissen was closed in May because of cracks in its",
        "main girder. The town hall said that the repair would cost nine mil-",
        "lion euros and take a year. The bridge of Riesa stays open, it said.",
    ],
    ["The bridge of Riesa stays open. A bridge is a bridge is a bridge,", "said Anna Kessler of the well-", "known office."],
]  # fmt: skip
FILE = pdf(PAGES)
CONTENT = loader.load(FILE, "bridges.pdf")
WORDS = [match.span() for match in re.finditer(r"\w[^\s]*\w|\w", CONTENT.text)]


def quote_of(start: int, end: int, number: int) -> PageQuote | None:
    first, last = spans_of(CONTENT.page_starts, len(CONTENT.text), number) or (0, 0)
    start, end = max(start, first), min(end, last)
    if not CONTENT.text[start:end].strip():
        return None
    return PageQuote(
        words=CONTENT.text[start:end],
        before=CONTENT.text[max(first, start - CONTEXT) : start],
        after=CONTENT.text[end : min(last, end + CONTEXT)],
    )


def under(file: bytes, number: int, found: PagePlaces) -> str:
    """What the PDF says where the boxes are."""
    document = pypdfium2.PdfDocument(file)
    page = document[number - 1]
    width, height = page.get_size()
    said = page.get_textpage()
    pieces = []
    for box in found.boxes:
        middle = height - (box.top + box.height / 2) * height / 100
        left, right = box.left * width / 100, (box.left + box.width) * width / 100
        pieces.append(said.get_text_bounded(left - 0.2, middle - 1, right + 0.2, middle + 1))
    document.close()
    return " ".join(pieces)


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


@given(st.data())
def test_any_words_are_found_where_they_stand_and_no_others(data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(WORDS) - 1))
    last = data.draw(st.integers(first, min(first + 15, len(WORDS) - 1)))
    for number in (1, 2):
        quote = quote_of(WORDS[first][0], WORDS[last][1], number)
        if quote:
            found = places(FILE, "bridges.pdf", number, quote)
            assert found.whole
            assert letters(under(FILE, number, found)) == letters(quote.words)


def test_a_quote_has_a_box_for_each_line(tmp_path: Path) -> None:
    (tmp_path / "bridges.pdf").write_bytes(FILE)
    start = CONTENT.text.index("The town hall")
    quote = quote_of(start, CONTENT.text.index("a year.") + 7, 1)
    assert quote
    assert "million euros" in quote.words
    with Sandbox() as sandbox:
        found = sandbox.places(tmp_path / "bridges.pdf", "bridges.pdf", 1, quote)
        assert len(found.boxes) == 2
        upper, lower = found.boxes
        assert upper.left > lower.left
        assert upper.top < lower.top
        with pytest.raises(SourceNotFound):
            sandbox.places(tmp_path / "bridges.pdf", "bridges.pdf", 3, quote)


@pytest.mark.parametrize(
    ("quote", "page", "found", "whole"),
    [
        (PageQuote(words="another"), "an other", [], False),
        (PageQuote(words="an other"), "another", [], False),
        (PageQuote(words="ham"), "hamlet", [], False),
        (PageQuote(words="Mitte"), "Berlin-Mitte", ["Mitte"], True),
        (PageQuote(words="Mitte", before="in der "), "in Berlin-Mitte", [], False),
        (PageQuote(words="Ausgabe", before="Ein- und "), "Ein- und\r\nAusgabe", ["Ausgabe"], True),
        (PageQuote(words="million"), "nine mil-\r\nlion", ["mil-\r\nlion"], True),
        (PageQuote(words="well-known"), "well-\r\nknown", ["well-\r\nknown"], True),
        (PageQuote(words="well-known"), "wellknown", [], False),
        (PageQuote(words="re-cover"), "recover", [], False),
        (PageQuote(words="Müller"), "Mu\u0308ller", ["Mu\u0308ller"], True),
        (PageQuote(words="12"), "12 of 12", [], False),
        (PageQuote(words="12", before="12 of "), "12 of 12", ["12"], True),
        (PageQuote(words="nothing of that"), "wholly different words", [], False),
    ],
)
def test_only_the_same_words_count(quote: PageQuote, page: str, found: list[str], whole: bool) -> None:
    ranges, all_of_them = align(quote, page)
    assert ([page[slice(*one)] for one in ranges], all_of_them) == (found, whole)


def test_a_quote_across_a_note_or_a_column_is_marked_in_pieces() -> None:
    page = "It said that the repair would\r\n3 See the annual report.\r\ncost nine million euros."
    ranges, whole = align(PageQuote(words="It said that the repair would cost nine million euros."), page)
    assert [page[slice(*one)] for one in ranges] == [
        "It said that the repair would",
        "cost nine million euros.",
    ]
    assert whole
    assert all(one[1] <= other[0] for one, other in pairwise(ranges))


def test_words_that_stand_twice_with_nothing_to_tell_them_apart_are_not_marked() -> None:
    assert align(PageQuote(words="stays open"), "stays open\r\nstays open") == ([], False)


def test_text_that_nobody_sees_is_not_marked() -> None:
    """The white words above are the same ones."""
    drawn = b"1 1 1 rg BT /F1 11 Tf 72 780 Td (The bridge stays open) Tj ET 0 g BT /F1 11 Tf 72 700 Td (The bridge stays open) Tj ET"
    found = places(pdf_drawn(drawn), "white.pdf", 1, PageQuote(words="The bridge stays open"))
    assert [round(box.top) for box in found.boxes] == [16]


def test_a_turned_page_has_its_boxes_where_its_picture_has_the_words() -> None:
    upright = pdf_drawn(b"BT /F1 11 Tf 72 780 Td (The bridge stays open) Tj ET")
    turned = upright.replace(b"/MediaBox [0 0 595 842]", b"/Rotate 90 /MediaBox [0 0 595 842]")
    (before,) = places(upright, "upright.pdf", 1, PageQuote(words="stays")).boxes
    (after,) = places(turned, "turned.pdf", 1, PageQuote(words="stays")).boxes
    assert after.top == pytest.approx(before.left, abs=0.1)
    assert after.height == pytest.approx(before.width, abs=0.1)
