"""What a refusal says that was searched: the words, in how many documents of which days, and why the nearest is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.absence import Absence, DaysPublished
from assistant.answering.absence import days_published, forms_of
from assistant.api.schemas.absence import AbsenceSchema, absence_in_words
from assistant.core import Assistant
from assistant.types import Answer, Filters, Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store import passage_search
from ingest.store.index import Index
from ingest.text.folding import fold
from ingest.text.word_forms import REST, FoldedPatterns, word_form
from ingest.text.wording import index_form, words_in
from tests.support.documents import add_texts

TEXTS = {
    "bridge.md": "---\ntitle: Brücke bleibt gesperrt\ndate: 2024-03-07\n---\n"
    "Die Brücke über die Weser bleibt bis zum Herbst gesperrt. Ein Staatsvertrag fehlt.\n\n"
    "Bürgermeisterin Petra Lindqvist sagte, die Fähre fahre weiter.\n",
    "ferry.md": "---\ntitle: Ferry returns\ndate: 2023-11-20\n---\n"
    "The ferry sailed again. Captain Moira Fenwick praised the engine. Ushakov was aboard.\n",
    "bread.txt": "Das Rezept ist einfach. Man mischt Mehl, Wasser und Salz. Die Verträge regeln nichts.\n",
}
TEXTS |= {f"more{n}.txt": f"Band {n}. Die Chronik der Stadt nennt das Jahr 1{n}00." for n in range(3)}


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, tiny_embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("absence")
    assistant = Assistant(Index.open(folder / "data", tiny_embedder), tiny_embedder)
    add_texts(assistant, folder, TEXTS)
    yield assistant
    assistant.close()


def refusal(assistant: Assistant, question: str, filters: Filters | None = None) -> tuple[Answer, Absence]:
    answer = assistant.ask(question, filters=filters)
    assert answer.refused
    assert answer.absence is not None, answer.text
    return answer, answer.absence


def test_words_are_counted_with_their_days(assistant: Assistant) -> None:
    _, absence = refusal(assistant, "Which treaty did the astronaut Zwolinski sign in Reykjavik?")
    assert absence.searched == DaysPublished(
        documents=6, first=date(2023, 11, 20), last=date(2024, 3, 7), undated=4
    )
    words = {word.text: word for word in absence.words}
    treaty = words["treaty"]
    assert "vertrag" in treaty.equivalents["de"]
    # In a compound, and with an umlaut in the plural.
    assert treaty.found == DaysPublished(
        documents=2, first=date(2024, 3, 7), last=date(2024, 3, 7), undated=1
    )
    assert words["Zwolinski"].name
    assert words["Zwolinski"].found.documents == 0


def test_a_name_is_found_in_another_spelling(assistant: Assistant) -> None:
    _, absence = refusal(assistant, "Was trank Uschakow in Reykjavik am liebsten zum Frühstück?")
    words = {word.text: word.found.documents for word in absence.words}
    assert words["Uschakow"] == 1
    assert words["Reykjavik"] == 0


def test_restrictions_restrict_what_is_counted(assistant: Assistant) -> None:
    newer = Filters(published_from=date(2024, 1, 1))
    _, absence = refusal(assistant, "Which treaty did the astronaut sign in Reykjavik?", newer)
    assert absence.searched == DaysPublished(documents=1, first=date(2024, 3, 7), last=date(2024, 3, 7))
    assert absence.undated_left_out == 4
    assert (absence.published_from, absence.published_to) == (date(2024, 1, 1), None)
    assert {word.text: word.found.documents for word in absence.words}["treaty"] == 1
    assert {miss.document.title for miss in absence.nearest} <= {"Brücke bleibt gesperrt"}
    _, nothing = refusal(assistant, "Which treaty?", Filters(published_from=date(2030, 1, 1)))
    assert nothing.refused_for == "nothing_selected"
    assert (nothing.searched.documents, nothing.nearest) == (0, ())


def test_what_came_nearest_is_quoted_verbatim_with_the_reasons(assistant: Assistant) -> None:
    _, absence = refusal(assistant, "Which treaty did the astronaut Zwolinski sign in Reykjavik?")
    assert absence.refused_for == "unlike"
    assert absence.value is not None
    assert absence.threshold is not None
    assert absence.value < absence.threshold
    assert absence.nearest
    for miss in absence.nearest:
        assert assistant.index.texts.of(miss.document)[miss.start : miss.end] == miss.quote
        assert miss.reasons
        for reason in miss.reasons:
            assert reason.value is None or reason.threshold is None or reason.value < reason.threshold
    lacking = {word for miss in absence.nearest for reason in miss.reasons for word in reason.words}
    assert "Zwolinski" in lacking


def test_somebody_who_is_not_quoted_is_the_reason(assistant: Assistant) -> None:
    answer, absence = refusal(assistant, "Was sagte Ole Zwolinski über das Rezept für Wasser, Mehl und Salz?")
    assert absence.refused_for == "not_quoted", answer.text
    assert absence.names == ("Ole Zwolinski",)
    kinds = {reason.kind for miss in absence.nearest for reason in miss.reasons}
    assert kinds & {"no_words", "other_speaker"}


def test_a_why_without_a_reason_says_so(assistant: Assistant) -> None:
    told = assistant.ask("Wie lange bleibt die Brücke über die Weser gesperrt?")
    assert told.absence is None
    assert not told.refused
    history = [Turn(question=told.question, answer=told.text)]
    answer = assistant.ask("Warum?", history)
    assert answer.absence is not None
    assert answer.absence.refused_for == "no_reason"
    kinds = {reason.kind for miss in answer.absence.nearest for reason in miss.reasons}
    assert "gives_no_reason" in kinds


def test_days_asked_for_are_a_reason(tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder) -> None:
    index = Index.open(tmp_path / "data", tiny_embedder)
    assistant = Assistant(index, tiny_embedder, today=lambda: date(2026, 3, 10))
    add_texts(
        assistant,
        tmp_path,
        {
            "zoo.md": "---\ntitle: Zoo\ndate: 2024-05-02\n---\nDer Zoo hat am 30. April 2024 ein Gehege für Otter eröffnet.\n"
        },
    )
    answer = assistant.ask("Was hat der Zoo letzte Woche für Otter eröffnet?")
    assistant.close()
    assert answer.absence is not None, answer.text
    assert answer.absence.refused_for == "other_days"
    assert "other_days" in {reason.kind for miss in answer.absence.nearest for reason in miss.reasons}


def test_an_empty_collection_is_said_to_be_empty(
    tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    assistant = Assistant(Index.open(tmp_path / "data", tiny_embedder), tiny_embedder)
    absence = assistant.ask("Who signed the treaty?").absence
    assistant.close()
    assert absence is not None
    assert absence.refused_for == "no_documents"
    assert absence.searched == DaysPublished(documents=0)


def test_the_same_in_words(assistant: Assistant) -> None:
    _, absence = refusal(assistant, "Which treaty did the astronaut Zwolinski sign in Reykjavik?")
    first, counts, *more = absence_in_words(AbsenceSchema.of(absence))
    assert first.startswith("Refused: no sentence is near enough")
    assert "Searched 6 documents from 2023-11-20 to 2024-03-07 (4 without a date)" in counts
    assert "“treaty” is in 2 documents" in counts
    assert "“Zwolinski” in none" in counts
    assert any(line.startswith("Near: “") for line in more)


# -- the counts, by brute force over the documents -----------------------------------------------

WORDS = sorted({word.text for text in TEXTS.values() for word in words_in(text)})
QUESTIONS = ["treaty", "Vertrag", "Fähre", "captain", "Uschakow", "water", "Jahr", "sagen", "1200", "Herbst"]


def has(patterns: FoldedPatterns, folded: str, german: bool) -> bool:
    """Whether a word is what the patterns say, by their definition."""
    written = [folded, *([f"<{folded[::-1]}"] if german else [])]
    return folded in patterns.words or any(
        one.startswith(stem) and len(one) >= len(stem) + REST for one in written for stem in patterns.stems
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    asked=st.lists(st.sampled_from([*QUESTIONS, *WORDS]), min_size=1, max_size=4),
    chosen=st.sets(st.integers(0, len(TEXTS) - 1)),
)
def test_the_counts_are_those_of_a_brute_force(
    assistant: Assistant, asked: list[str], chosen: set[int]
) -> None:
    records = assistant.index.records()
    among = [records[number] for number in chosen] or records
    query = assistant.understand(" ".join(asked))
    filters = Filters(documents=tuple(record.id for record in among))
    absence = assistant.ask("Xylqwrtz zzyzx?", filters=filters).absence
    assert absence is not None
    assert absence.searched == days_published(among)
    for word in query.words:
        forms = forms_of(word, query.language)
        expected = []
        for record in among:
            text = f"{record.title}\n{assistant.index.texts.of(record)}"
            folded = {fold(index_form(one.text)) for one in words_in(text)}
            german = record.language == "de"
            if any(
                all(any(has(part, one, german) for one in folded) for part in form.parts) for form in forms
            ):
                expected.append(record.id)
        for few in (1, passage_search.FEW):  # many passages are counted another way than few
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(passage_search, "FEW", few)
                counted = assistant.index.search.having(forms)
            assert sorted(r.id for r in counted if r in among) == sorted(expected), word.text


@pytest.mark.parametrize(
    ("form", "language", "text", "found"),
    [
        ("Vertrag", "de", "Vertrags", True),
        ("Vertrag", "de", "Friedensvertrages", True),
        ("Vertrag", "de", "Vertragsentwurf", True),
        ("Vertrag", "de", "Zuschlag", False),
        ("Rechnung", "de", "Zeichnung", False),
        ("make", "en", "making", True),
        ("flight", "en", "light", False),
        ("light", "en", "flight", False),
        ("Rat", "de", "Rades", False),
        ("Uschakow", "de", "Ushakov", True),
        ("15,3", "de", "15,30", False),
    ],
)
def test_what_counts_as_a_word(form: str, language: str, text: str, found: bool) -> None:
    wanted = word_form(form, language)
    assert wanted is not None
    (patterns,) = wanted.parts
    assert has(patterns, fold(index_form(text)), language == "de") is found
