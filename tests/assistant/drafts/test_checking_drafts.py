"""Drafts checked through the assistant, with the real store and the bundled model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.core import Assistant
from assistant.drafts.drafting import LONGEST_DRAFT, draft_of
from assistant.drafts.types import CheckedDraft, CheckedQuotation, CheckedSentence, DraftDone, SentenceChecked
from assistant.errors import BadDraft
from ingest.embedding.types import Embedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.multilingual import needs_multilingual

pytestmark = needs_multilingual

TEXTS = {
    "bridge.txt": "Brücke in Lindau gesperrt\n\nDie Brücke über den Fluss wurde am 3. Mai 2025 gesperrt. Sie ist 140 Meter lang"
    " und gehört der Stadt Lindau. „Wir müssen die Pfeiler bis zum Herbst er-\nneuern und brauchen dafür 12 Millionen Euro“,"
    " sagte Bürgermeisterin Ines Volk am Dienstag.\n\nDie Polizei leitet den Verkehr um.",
    "ferry.txt": "A ferry for the lake\n\nThe ferry across the lake carries 2,300 passengers a day. The operator, Nord Shipping,"
    " does not expect delays. “The season has been better than we feared,” said Tom Brehm, the captain.",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("drafts")
    opened = Assistant(Index.open(folder / "data", embedder), embedder)
    add_texts(opened, folder, TEXTS)
    yield opened
    opened.close()


def checked(assistant: Assistant, text: str, language: str = "de") -> CheckedDraft:
    *_, last = assistant.check_draft(draft_of(text, language=language))
    assert isinstance(last, DraftDone)
    return last.checked


def sentence(assistant: Assistant, text: str, language: str = "de") -> CheckedSentence:
    return checked(assistant, text, language).sentences[0]


def quotation(assistant: Assistant, text: str, language: str = "de") -> CheckedQuotation:
    return checked(assistant, text, language).quotations[0]


def test_a_draft_keeps_its_text_but_for_line_ends() -> None:
    draft = draft_of(" Ein Satz.\r\nNoch einer.\r", "d.txt")
    assert (draft.text, draft.name, draft.language) == (" Ein Satz.\nNoch einer.\n", "d.txt", "de")


@pytest.mark.parametrize("text", ["", " \n\t", "x" * (LONGEST_DRAFT + 1)])
def test_a_text_that_is_no_draft_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(BadDraft, match=r"Paste|parts"):
        draft_of(text)


def test_a_changed_date_differs_and_a_true_sentence_is_supported(assistant: Assistant) -> None:
    assert (
        sentence(assistant, "Die Brücke über den Fluss wurde am 3. Mai 2025 gesperrt.").verdict == "supported"
    )
    assert (
        sentence(assistant, "Die Brücke über den Fluss wurde am 4. Mai 2025 gesperrt.").verdict == "differs"
    )
    assert sentence(assistant, "In Kiel wird ein neues Museum gebaut.").verdict == "not_found"
    assert sentence(assistant, "Was folgt daraus für Lindau?").verdict == "no_claim"


def test_a_quotation_is_found_across_a_hyphen_and_an_omission(assistant: Assistant) -> None:
    found = quotation(assistant, "„Wir müssen die Pfeiler […] erneuern“, sagte Ines Volk.")
    assert (found.verdict, found.said_by, found.speaker_verdict) == ("verbatim", "Ines Volk", "right")
    given = quotation(assistant, "„Wir müssen die Pfeiler bis zum Herbst erneuern“, sagte Tom Brehm.")
    assert (given.verdict, given.speaker_verdict) == ("verbatim", "wrong")


def test_an_altered_quotation_shows_both_words(assistant: Assistant) -> None:
    found = quotation(
        assistant, "„Wir müssen die Pfeiler bis zum Winter erneuern und brauchen dafür 12 Millionen Euro“."
    )
    assert found.verdict == "altered"
    assert [(one.written, one.in_source) for one in found.differences] == [("Winter", "Herbst")]
    invented = quotation(assistant, "„Niemand hat damit gerechnet, dass es so kommt“, sagte sie.")
    assert invented.verdict == "not_found"


def test_events_come_in_order_and_their_citations_are_the_documents_text(assistant: Assistant) -> None:
    text = "Brücke gesperrt\n\n" + TEXTS["bridge.txt"].split("\n\n", 1)[1]
    events = list(assistant.check_draft(draft_of(text)))
    last = events[-1]
    assert isinstance(last, DraftDone)
    assert [one.done for one in events[:-1] if not isinstance(one, DraftDone)] == list(range(1, len(events)))
    told = [citation for one in events[:-1] if not isinstance(one, DraftDone) for citation in one.citations]
    assert tuple(told) == last.checked.citations
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    for one in told:
        assert assistant.index.texts.of(one.document)[one.start : one.end] == one.quote


def test_closing_the_events_stops_the_check(assistant: Assistant) -> None:
    events = assistant.check_draft(draft_of(TEXTS["bridge.txt"]))
    assert isinstance(next(events), SentenceChecked)
    events.close()
    assert list(events) == []
