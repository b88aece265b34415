"""What is asked of the collection is answered from catalogue and index, with quotes that are the documents' own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.citations import markers
from assistant.core import Assistant
from assistant.types import Answer, CitationEvent, DeltaEvent, DoneEvent, Filters, Turn
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.loaders import load
from ingest.pipeline import ingest
from ingest.store.index import Index
from ingest.types import Item

ARTICLES = {
    "tram-1.md": """---
title: Stadtrat beschließt Tramlinie 7
date: 2024-03-12
authors: [Anna Schmidt]
---

# Stadtrat beschließt Tramlinie 7

Der Stadtrat hat am Dienstag den Bau der Tramlinie 7 beschlossen. Hanne Olbricht nannte Kosten von 120 Millionen Euro.

Gegen den Bau stimmten die Freien Wähler.
""",
    "tram-2.md": """---
title: Baubeginn der Tram verschoben
date: 2025-02-18
---

# Baubeginn der Tram verschoben

Der Baubeginn der Tramlinie 7 verschiebt sich um ein Jahr. Jonas Trapp hat Hanne Olbricht im Januar abgelöst.
""",
    "flood.md": """---
title: Insurers count the cost of the floods
date: 2024-02-20
---

# Insurers count the cost of the floods

Insurers put the damage of the January flood at 41 million euros. Is that all? Nobody knows.

## Claims

About 2,600 claims were filed in the first week.

## Rivers

The Lahe rose by four metres within a day.
""",
    "undated.md": "# Notes\n\nThe market hall was painted green last summer.\n",
}


def assistant_over(
    folder: Path, embedder: SentenceTransformerEmbedder, articles: dict[str, str]
) -> Assistant:
    assistant = Assistant(Index.open(folder / "data", embedder), embedder)
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    items = [Item(source=name, name=name, path=folder / name) for name in articles]
    ingest(items, assistant.index, embedder, lambda path, name, _: load(path.read_bytes(), name))
    return assistant


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, tiny_embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    opened = assistant_over(tmp_path_factory.mktemp("articles"), tiny_embedder, ARTICLES)
    yield opened
    opened.close()


def sources(answer: Answer) -> list[str]:
    return [citation.document.source for citation in answer.citations]


def whole(assistant: Assistant, answer: Answer) -> None:
    """The invariants of citations."""
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert markers(answer.text) == tuple(numbers)
    for citation in answer.citations:
        text = assistant.index.texts.by_id(citation.document.id)
        assert text[citation.start : citation.end] == citation.quote
        assert citation.version


@pytest.mark.parametrize(
    ("question", "kind", "lead", "found"),
    [
        (
            "Which documents mention Olbricht?",
            "list",
            "2 documents mention “Olbricht”. Newest first.",
            ["tram-2.md", "tram-1.md"],
        ),
        ("Wie viele Artikel erwähnen Trapp?", "count", "1 Dokument erwähnt „Trapp“.", ["tram-2.md"]),
        ("How many documents are there?", "count", "There are 4 documents.", []),
        ("Wie viele Dokumente gibt es?", "count", "Es gibt 4 Dokumente.", []),
        ("How many English documents are there?", "count", "2 documents in English.", []),
        ("List the articles of February 2024", "list", "1 document dated February 2024.", ["flood.md"]),
        ("What happened on 12 March 2024?", "list", "1 document dated 12 March 2024.", ["tram-1.md"]),
        (
            "Welche Artikel sind vom Februar?",
            "list",
            "2 Dokumente mit Datum im Februar. Die neuesten zuerst. Jeweils mit dem ersten Satz.",
            ["tram-2.md", "flood.md"],
        ),
        (
            "Welcher ist der neueste Artikel über die Tram?",
            "list",
            "Das neueste von 2 Dokumenten, die „Tram“ erwähnen.",
            ["tram-2.md"],
        ),
        ("Which articles are by Anna Schmidt?", "list", "1 document by Anna Schmidt.", ["tram-1.md"]),
        (
            "Summarise the article about the floods",
            "summary",
            "Leading sentences of the document and its sections, not a summary written for you.",
            ["flood.md"] * 3,
        ),
        (
            "Compare 2024 and 2025",
            "comparison",
            "Quotes side by side, not a comparison written for you.",
            ["tram-1.md", "flood.md", "tram-2.md"],
        ),
        (
            "Vergleiche Olbricht und Trapp",
            "comparison",
            "Zitate nebeneinander, kein eigens geschriebener Vergleich.",
            ["tram-2.md", "tram-1.md", "tram-2.md"],
        ),
    ],
)
def test_answers(assistant: Assistant, question: str, kind: str, lead: str, found: list[str]) -> None:
    answer = assistant.ask(question)
    assert answer.listing is not None
    assert (answer.listing.kind, answer.listing.lead, sources(answer)) == (kind, lead, found)
    assert answer.text.startswith(lead)
    assert not answer.refused
    whole(assistant, answer)


def test_a_summary_has_the_first_sentence_of_every_section_and_no_question(assistant: Assistant) -> None:
    answer = assistant.ask("Fasse den Artikel „Insurers count the cost of the floods“ zusammen")
    assert [citation.quote for citation in answer.citations] == [
        "Insurers put the damage of the January flood at 41 million euros.",
        "About 2,600 claims were filed in the first week.",
        "The Lahe rose by four metres within a day.",
    ]
    assert answer.language == "de"


def test_a_comparison_has_its_sides(assistant: Assistant) -> None:
    listing = assistant.ask("Compare 2024 and 2025").listing
    assert listing is not None
    assert [(group.label, group.citations) for group in listing.groups] == [
        ("2024 (2 documents)", (1, 2)),
        ("2025 (1 document)", (3,)),
    ]


def test_what_is_left_out_is_said(
    assistant: Assistant, tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    answer = assistant.ask("List the articles of 2024")
    assert answer.listing is not None
    assert answer.listing.more == "1 document without a date is left out."
    many = {f"{n:02}.md": f"# Note {n}\n\nThe heron was seen {n} times at the weir.\n" for n in range(14)}
    birds = assistant_over(tmp_path, tiny_embedder, many)
    answer = birds.ask("Which documents mention the heron?")
    birds.close()
    assert answer.listing is not None
    assert answer.listing.lead.startswith("14 documents mention “heron”.")
    assert (len(answer.citations), answer.listing.more) == (10, "and 4 more documents")
    assert answer.text.endswith("and 4 more documents")


def test_what_occurs_nowhere_is_refused_with_the_reason(assistant: Assistant) -> None:
    answer = assistant.ask("Which documents mention Zanzibar?")
    assert (answer.refused, answer.text) == (True, "“Zanzibar” occurs in no document.")
    assert answer.nearest
    answer = assistant.ask("Welche Artikel sind vom Juli 2019?")
    assert answer.text.startswith("Kein Dokument passt: mit Datum im Juli 2019.")


def test_a_day_that_no_document_is_of_is_searched_for_in_the_texts(assistant: Assistant) -> None:
    assert assistant.ask("What happened in 1871?").listing is None


def test_restrictions_hold(assistant: Assistant) -> None:
    (flood,) = (record.id for record in assistant.index.records() if record.source == "flood.md")
    chosen = Filters(documents=(flood,))
    assert assistant.ask("Which documents mention Olbricht?", filters=chosen).refused
    answer = assistant.ask("What is it about?", filters=chosen)
    assert set(sources(answer)) == {"flood.md"}
    answer = assistant.ask("How many documents are there?", filters=Filters(published_from=date(2025, 1, 1)))
    assert answer.listing is not None
    assert answer.listing.lead.startswith("There is 1 document. Only the chosen")


def test_a_conversation_goes_on(assistant: Assistant) -> None:
    first = assistant.ask("List the articles of February")
    history = [Turn(question="List the articles of February", answer=first.text)]
    answer = assistant.ask("And in March?", history)
    assert sources(answer) == ["tram-1.md"]
    history = [Turn(question="Which documents mention Trapp?", answer="")]
    for question in ("Who is he?", "And in the port?", "Why?", "Which documents mention him?"):
        assistant.ask(question, history)
    assert sources(assistant.ask("Which documents mention him?", history)) == ["tram-2.md"]


def test_it_streams(assistant: Assistant) -> None:
    events = list(assistant.stream("Which documents mention Olbricht?"))
    done = events[-1]
    assert isinstance(done, DoneEvent)
    assert "".join(event.text for event in events if isinstance(event, DeltaEvent)) == done.answer.text
    cited = [event.citation.number for event in events if isinstance(event, CitationEvent)]
    assert cited == [1, 2]


def test_what_documents_say_of_themselves_stays_text(
    tmp_path: Path, tiny_embedder: SentenceTransformerEmbedder
) -> None:
    hostile = {"odd.md": "---\ntitle: 'A [1] title {n}'\n---\n\nThe osprey [3] nests {topic} here again.\n"}
    odd = assistant_over(tmp_path, tiny_embedder, hostile)
    for question in (
        "Which documents mention the osprey?",
        "Summarise the article about the osprey",
        "Which documents mention {n}?",
    ):
        whole(odd, odd.ask(question))
    odd.close()


def test_a_restriction_that_allows_nothing_is_said(assistant: Assistant) -> None:
    nothing = Filters(published_from=date(1999, 1, 1), published_to=date(1999, 1, 2))
    answer = assistant.ask("How many documents are there?", filters=nothing)
    assert (answer.refused, answer.text) == (True, "None of the documents fits the chosen restriction.")
