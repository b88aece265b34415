"""What always holds of a checked draft, whatever its text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant.core import Assistant
from assistant.drafts.drafting import draft_of
from assistant.drafts.types import CheckedDraft, CheckedQuotation, DraftDone
from ingest.embedding.types import Embedder
from ingest.store.index import Index
from tests.support.documents import add_texts

TEXTS = {
    "harbour.txt": "Der Hafen von Wulsdorf wird bis 2027 für 48,5 Millionen Euro ausgebaut. Der Rat stimmte am Montag mit 21 zu 9"
    " Stimmen zu. Die neue Kaimauer ist 320 Meter lang, das Becken wird auf zwölf Meter vertieft. Bürger hatten vor Lärm und höheren"
    " Gebühren gewarnt; eine Einwohner- und Umweltinitiative sammelte 4.200 Unterschriften.\n\nDie Stadt rechnet mit 35 % mehr"
    " Schiffen. Die Straße „Am Deich“ bleibt während der Bauarbeiten ge-\nsperrt, der Müll wird über die Brücke gebracht.",
    "island.txt": "The island's council has approved a plan to protect its dunes. Fences, which don't stop the wind but slow it, will"
    " be put up along nine kilometres of beach by October. The work costs £1.3m, and half of it is paid by visitors, who have been"
    " charged a fee of £2 a night since 2019.",
}
WORDS = {
    name: text.replace("ge-\nsperrt", "gesperrt").replace("„Am Deich“", "Am Deich").split()
    for name, text in TEXTS.items()
}
MARKS = (("„", "“"), ("»", "«"), ("«", "»"), ('"', '"'), ("“", "”"))
SPACES = (" ", "  ", "\n", "\u00a0", " \n ")
SLOW = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, tiny_embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("invariants")
    opened = Assistant(Index.open(folder / "data", tiny_embedder), tiny_embedder)
    add_texts(opened, folder, TEXTS)
    yield opened
    opened.close()


def checked(assistant: Assistant, text: str) -> CheckedDraft:
    *_, last = assistant.check_draft(draft_of(text))
    assert isinstance(last, DraftDone)
    return last.checked


def quoted(
    assistant: Assistant, words: list[str], marks: tuple[str, str], spaces: list[str]
) -> CheckedQuotation:
    """The words in quotation marks, checked."""
    between = [*spaces[: len(words) - 1], *[" "] * (len(words) - 1 - len(spaces)), ""]
    text = "".join(word + space for word, space in zip(words, between, strict=True))
    (found,) = checked(assistant, f"{marks[0]}{text}{marks[1]}").quotations
    assert found.text == text
    return found


@st.composite
def stretches(draw: st.DrawFn) -> list[str]:
    """At least four words in a row of a document."""
    words = WORDS[draw(st.sampled_from(sorted(WORDS)))]
    length = draw(st.integers(4, 25))
    first = draw(st.integers(0, len(words) - length))
    return words[first : first + length]


@SLOW
@given(words=stretches(), marks=st.sampled_from(MARKS), spaces=st.lists(st.sampled_from(SPACES), max_size=24))
def test_a_stretch_of_a_document_is_word_for_word(
    assistant: Assistant, words: list[str], marks: tuple[str, str], spaces: list[str]
) -> None:
    found = quoted(assistant, words, marks, spaces)
    assert (found.verdict, found.differences) == ("verbatim", ())
    assert found.citation is not None


@SLOW
@given(
    words=stretches(),
    marks=st.sampled_from(MARKS),
    place=st.integers(0, 24),
    other=st.text("abeinrstäöüß", min_size=1, max_size=9),
)
def test_a_stretch_with_another_word_is_not(
    assistant: Assistant, words: list[str], marks: tuple[str, str], place: int, other: str
) -> None:
    at = place % len(words)
    assume(any(letter.isalnum() for letter in words[at]))
    assume(other.lower() != "".join(letter for letter in words[at].lower() if letter.isalnum()))
    words = [*words[:at], other, *words[at + 1 :]]
    assume(not any(" ".join(words).lower() in " ".join(own).lower() for own in WORDS.values()))
    assert quoted(assistant, words, marks, []).verdict != "verbatim"


@SLOW
@given(
    st.lists(
        st.sampled_from(
            [
                *TEXTS.values(),
                "„",
                "“",
                '"',
                "\n",
                "\n\n",
                " ",
                "[…]",
                "…",
                ". ",
                "Er sagte: ",
                "«x y z»",
                "''",
                "12 %",
                "\ud800",
            ]
        ),
        max_size=8,
    )
)
def test_offsets_are_those_of_the_draft_and_citations_the_documents_text(
    assistant: Assistant, pieces: list[str]
) -> None:
    text = "".join(pieces)
    assume(text.strip())
    found = checked(assistant, text)
    written = found.draft.text
    for one in (*found.sentences, *found.quotations):
        assert not one.failed
        assert written[one.start : one.end] == one.text
        for each in one.differences:
            assert written[each.start : each.end] == each.written
            assert one.start <= each.start <= each.end <= one.end
    for number, citation in enumerate(found.citations, 1):
        assert citation.number == number
        assert assistant.index.texts.of(citation.document)[citation.start : citation.end] == citation.quote
    used = [n for one in found.sentences for n in (*one.citations, *one.nearest)]
    used += (
        [n for one in found.quotations for n in ((one.citation or 1), *one.also_in)]
        if found.citations
        else []
    )
    assert set(used) <= set(range(1, len(found.citations) + 1))
