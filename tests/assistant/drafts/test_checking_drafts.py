"""Drafts checked through the assistant, with the real store and the bundled model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.drafts.drafting import LONGEST_DRAFT, draft_of
from assistant.drafts.parts import DraftParts, cut, parts_of
from assistant.drafts.types import (
    CheckedDraft,
    CheckedQuotation,
    CheckedSentence,
    Draft,
    DraftCut,
    DraftDone,
    QuotationChecked,
    SentenceChecked,
)
from assistant.errors import BadDraft
from assistant.types import Filters
from ingest.embedding.types import Embedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.multilingual import needs_multilingual

pytestmark = needs_multilingual

TEXTS = {
    "bridge.txt": "Brücke in Lindau gesperrt\n\nDie Brücke über den Fluss wurde am 3. Mai 2025 gesperrt. Sie ist 140 Meter lang"
    " und gehört der Stadt Lindau. „Wir müssen die Pfeiler bis zum Herbst er-\nneuern und brauchen dafür 12 Millionen Euro“,"
    " sagte Bürgermeisterin Ines Volk am Dienstag. Verkehrsminister Jörn Albers warf der Stadt vor, sie habe die Anwohner zu spät"
    " informiert. Die Gemeinde lehnte eine längere Sperrung ab.\n\nDie Polizei leitet den Verkehr um.",
    "yard.txt": "Die Werft\n\nDie Reederei Nordwind verklagte 2019 die Firma Keller wegen verspäteter Lieferung. Gebaut wurden 2023 zusammen"
    " 5 Boote, 2024 zusammen 7 Boote.",
    "school.txt": "The quay school\n\nThe school on the quay has four boats and 63 pupils, 28 of them from the islands.",
    "ferry.txt": "A ferry for the lake\n\nThe ferry across the lake carries 2,300 passengers a day. The operator, Nord Shipping,"
    " does not expect delays. “The season has been better than we feared,” said Tom Brehm, the captain. The harbour was founded in"
    " 1908 and has eleven berths. A councillor, Paul Dent, claimed that the mayor had hidden the true costs.",
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


@pytest.mark.parametrize(
    ("text", "language", "verdict"),
    [
        ("Die Brücke über den Fluss wurde am 3. Mai 2025 gesperrt.", "de", "supported"),
        ("Die Fähre über den See befördert 2300 Passagiere am Tag.", "de", "supported"),
        ("The harbour, founded in 1908, has eleven berths.", "en", "supported"),
        ("Jörn Albers sagte, die Stadt habe die Anwohner zu spät informiert.", "de", "supported"),
        ("Die Stadt hat die Anwohner zu spät informiert.", "de", "claim"),
        ("The mayor hid the true costs.", "en", "claim"),
        ("In Kiel wird ein neues Museum gebaut.", "de", "not_found"),
        ("In Kiel wurde eine längere Brücke gebaut.", "de", "not_found"),
        (
            "The harbour has eleven berths and will be painted next spring by a Danish artist.",
            "en",
            "not_found",
        ),
        ("Was folgt daraus für Lindau?", "de", "no_claim"),
        ("Brücke gesperrt", "de", "no_claim"),
        ("Sehr geehrte Damen und Herren,", "de", "no_claim"),
        ("Ich finde das sehr schade.", "de", "no_claim"),
    ],
)
def test_a_sentence_gets_its_verdict(assistant: Assistant, text: str, language: str, verdict: str) -> None:
    found = sentence(assistant, text, language)
    assert found.verdict == verdict, found
    assert bool(found.citations) == (verdict in ("supported", "claim"))
    assert bool(found.nearest) == (verdict == "not_found")


@pytest.mark.parametrize(
    ("text", "language", "kind", "written", "in_source"),
    [
        (
            "Die Brücke über den Fluss wurde am 4. Mai 2025 gesperrt.",
            "de",
            "date",
            "4. Mai 2025",
            "3. Mai 2025",
        ),
        ("The harbour was founded in 1918 and has eleven berths.", "en", "date", "1918", "1908"),
        ("Die Fähre über den See befördert 2600 Passagiere am Tag.", "de", "figure", "2600", "2,300"),
        ("Die Schule am Kai hat 36 Schüler.", "de", "figure", "36", "63"),
        ("The operator, Nord Shipping, expects delays.", "en", "negation", "", "not"),
        ("Die Gemeinde lehnte eine längere Sperrung nicht ab.", "de", "negation", "nicht", ""),
        ("Die Gemeinde stimmte einer längeren Sperrung zu.", "de", "wording", "stimmte", "lehnte"),
        ("Die Brücke ist 140 Meter lang und gehört der Stadt Bregenz.", "de", "name", "Bregenz", "Lindau"),
        (
            "Ines Volk sagte, die Stadt habe die Anwohner zu spät informiert.",
            "de",
            "attribution",
            "Ines Volk",
            "Verkehrsminister Jörn Albers",
        ),
    ],
)
def test_what_differs_is_marked_on_both_sides(
    assistant: Assistant, text: str, language: str, kind: str, written: str, in_source: str
) -> None:
    whole = checked(assistant, text, language)
    found = whole.sentences[0]
    assert found.verdict == "differs", found
    assert [(one.kind, one.written, one.in_source) for one in found.differences] == [
        (kind, written, in_source)
    ]
    (one,) = found.differences
    source = assistant.index.texts.of(whole.citations[found.citations[0] - 1].document)
    assert (text[one.start : one.end], source[one.source_start : one.source_end]) == (written, in_source)
    assert found.reason


@pytest.mark.parametrize(
    ("text", "differences"),
    [
        (
            "Die Firma Keller verklagte 2019 die Reederei Nordwind wegen verspäteter Lieferung.",
            [("Firma Keller", "Reederei Nordwind"), ("Reederei Nordwind", "Firma Keller")],
        ),
        ("Gebaut wurden 2023 zusammen 7 Boote, 2024 zusammen 5 Boote.", [("7", "5"), ("5", "7")]),
    ],
)
def test_what_is_exchanged_is_marked(
    assistant: Assistant, text: str, differences: list[tuple[str, str]]
) -> None:
    found = sentence(assistant, text)
    assert found.verdict == "differs", found
    assert [(one.written, one.in_source) for one in found.differences] == differences
    assert "vertauscht" in found.reason


def test_a_pronoun_is_who_is_named_before(assistant: Assistant) -> None:
    text = "Die Brücke in Lindau wurde am 3. Mai 2025 gesperrt. Sie ist 140 Meter lang."
    assert [one.verdict for one in checked(assistant, text).sentences] == ["supported", "supported"]
    text = "Der Tunnel in Bregenz wurde am 3. Mai 2025 gesperrt. Er ist 140 Meter lang."
    assert checked(assistant, text).sentences[1].verdict == "not_found"


def test_the_claim_names_whose_it_is(assistant: Assistant) -> None:
    assert sentence(assistant, "Die Stadt hat die Anwohner zu spät informiert.").claimed_by == "Jörn Albers"


def test_translated_words_are_left_to_their_sentence(assistant: Assistant) -> None:
    whole = checked(assistant, "„Die Saison war besser, als wir befürchtet haben“, sagte Tom Brehm.")
    assert whole.quotations[0].verdict == "not_found"
    assert "Übersetzte Worte" in whole.quotations[0].reason


def test_a_document_that_is_replaced_meanwhile_is_searched_anew(
    tmp_path: Path, tiny_embedder: Embedder
) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", tiny_embedder), tiny_embedder)
    add_texts(
        assistant, tmp_path, {"a.txt": "The tower of Wick is forty metres high. It stands by the old mill."}
    )
    draft = draft_of("The tower of Wick is forty metres high.\n\nThe mill of Wick was sold last year.")
    events = assistant.check_draft(draft)
    first = next(events)
    assert isinstance(first, SentenceChecked)
    assert first.sentence.verdict == "supported"
    assistant.index.remove([first.citations[0].document.id])
    add_texts(assistant, tmp_path, {"b.txt": "The mill of Wick was sold last year."})
    second = next(events)
    assert isinstance(second, SentenceChecked)
    assert (second.sentence.verdict, second.citations[0].document.source) == ("supported", "b.txt")
    assistant.close()


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


def test_a_sentence_differs_where_its_quotation_does(assistant: Assistant) -> None:
    text = "„Wir müssen die Pfeiler bis zum Winter erneuern und brauchen dafür 12 Millionen Euro“, sagte Ines Volk am Dienstag."
    found = sentence(assistant, text)
    assert (found.verdict, found.nearest) == ("differs", ())
    assert [(one.written, one.in_source) for one in found.differences] == [("Winter", "Herbst")]


def test_a_sentence_that_gives_a_quotation_to_somebody_else_says_whose_it_is(assistant: Assistant) -> None:
    text = "„Wir müssen die Pfeiler bis zum Herbst erneuern“, sagte Tom Brehm vor der Presse in Kiel."
    whole = checked(assistant, text)
    found = whole.sentences[0]
    assert found.verdict == "differs"
    (one,) = found.differences
    assert (one.kind, one.written) == ("attribution", "Tom Brehm")
    assert "Ines Volk" in one.in_source
    assert "Ines Volk" in found.reason
    source = assistant.index.texts.of(whole.citations[found.citations[0] - 1].document)
    assert source[one.source_start : one.source_end] == one.in_source


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("„Wir müssen die Pfeiler bis zum Herbst erneuern“, hieß es.", "supported"),
        (
            "„Wir müssen die Pfeiler bis zum Herbst erneuern“, sagte Ines Volk beim Besuch einer Delegation aus Japan.",
            "not_found",
        ),
    ],
)
def test_a_sentence_of_which_a_quotation_stands_word_for_word(
    assistant: Assistant, text: str, verdict: str
) -> None:
    whole = checked(assistant, text)
    assert whole.quotations[0].verdict == "verbatim"
    found = whole.sentences[0]
    assert found.verdict == verdict
    assert found.citations if verdict == "supported" else whole.quotations[0].citation in found.nearest
    assert ("Zitat" in found.reason) == (verdict == "not_found")


def test_events_come_in_order_and_their_citations_are_the_documents_text(assistant: Assistant) -> None:
    text = "Brücke gesperrt\n\n" + TEXTS["bridge.txt"].split("\n\n", 1)[1]
    events = list(assistant.check_draft(draft_of(text)))
    last = events[-1]
    assert isinstance(last, DraftDone)
    parts = [one for one in events[:-1] if isinstance(one, SentenceChecked | QuotationChecked)]
    assert [one.done for one in parts] == list(range(1, len(events)))
    told = [citation for one in parts for citation in one.citations]
    assert tuple(told) == last.checked.citations
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    for one in told:
        assert assistant.index.texts.of(one.document)[one.start : one.end] == one.quote


def test_closing_the_events_stops_the_check(assistant: Assistant) -> None:
    events = assistant.check_draft(draft_of(TEXTS["bridge.txt"]))
    assert isinstance(next(events), SentenceChecked | QuotationChecked)
    events.close()
    assert list(events) == []


def test_cutting_a_long_draft_tells_how_far_it_is_and_can_be_stopped(assistant: Assistant) -> None:
    sentences = "Das Dorf hat eine Mühle. „Sie steht am Bach“, sagte Ines Volk. "
    draft = draft_of(sentences * (LONGEST_DRAFT // len(sentences)), language="de")
    cutting = cut(draft)
    told = [next(cutting) for _ in range(3)]
    cutting.close()  # long before it is done
    assert [one.total for one in told] == [2 * len(draft.text)] * 3
    assert told[0].done < told[1].done < told[2].done < len(draft.text)
    events = assistant.check_draft(draft)
    assert isinstance(next(events), DraftCut)
    events.close()
    assert list(events) == []


def test_cutting_in_steps_cuts_as_in_one(assistant: Assistant) -> None:
    text = "\n\n".join([TEXTS["bridge.txt"], TEXTS["yard.txt"]] * 40)
    steps = list(cut_up := _Cut(draft_of(text, language="de")))
    assert [one.done for one in steps] == sorted(one.done for one in steps)
    assert steps[-1].done <= steps[-1].total
    whole = parts_of(draft_of(text, language="de"))
    assert cut_up.parts == whole
    assert len(whole.quotations) == 40
    for one in (*whole.sentences, *whole.quotations):
        assert text[one.start : one.end] == one.text


class _Cut:
    """The steps of cutting a draft, and what comes of it."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.parts: DraftParts | None = None

    def __iter__(self) -> Iterator[DraftCut]:
        self.parts = yield from cut(self._draft)


def test_copies_of_a_story_are_cited_once(tmp_path: Path, embedder: Embedder) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", embedder), embedder)
    add_texts(
        assistant, tmp_path, {"a.txt": TEXTS["bridge.txt"], "b.txt": f"{TEXTS['bridge.txt']} Mehr folgt."}
    )
    whole = checked(assistant, "„Wir müssen die Pfeiler bis zum Herbst erneuern“, sagte Ines Volk.")
    for number in (*whole.sentences[0].citations, whole.quotations[0].citation or 0):
        cited = whole.citations[number - 1]
        (place,) = cited.also_in
        assert {cited.document.source, place.document.source} == {"a.txt", "b.txt"}
        assert assistant.index.texts.of(place.document)[place.start : place.end] == place.quote
    assert whole.quotations[0].also_in == ()
    assistant.close()


def test_only_documents_that_the_filters_let_through_are_looked_into(assistant: Assistant) -> None:
    ferry = next(one.id for one in assistant.index.records() if one.source == "ferry.txt")
    text = "„Wir müssen die Pfeiler bis zum Herbst erneuern“, sagte Ines Volk. Sie ist 140 Meter lang."
    *_, last = assistant.check_draft(draft_of(text, language="de"), Filters(documents=(ferry,)))
    assert isinstance(last, DraftDone)
    assert {one.verdict for one in (*last.checked.sentences, *last.checked.quotations)} == {"not_found"}
    assert {one.document.id for one in last.checked.citations} == {ferry}
    assert last.checked.documents == 1


def test_every_reason_is_there_in_both_languages() -> None:
    phrases = json.loads((files("assistant.drafts") / "phrases.json").read_text("utf-8"))
    assert phrases["de"].keys() == phrases["en"].keys()
