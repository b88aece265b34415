"""A passage in another language than its document is found, quoted, checked and read out as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import Open, ask
from tests.support.server import Server

HARBOUR = (
    "Der Gemeinderat von Sandhagen hat am Dienstag über den Umbau des alten Hafens beraten. Die Arbeiten sollen im "
    "Frühjahr beginnen und zwei Jahre dauern, sagte die Bürgermeisterin nach der Sitzung vor Journalisten."
)
STATEMENT = (
    "The shipping company Norvane regrets the delay of the harbour works. Our engineers have found cracks in the quay wall "
    "and will replace eleven of its steel piles before the winter. We thank the people of the town for their patience."
)
VOTE = (
    "Die Opposition kritisierte die Kosten und verlangte eine Abstimmung der Bürger. Ob es dazu kommt, entscheidet der "
    "Rat nach der Sommerpause, wenn das Gutachten der Landesregierung vorliegt."
)
GERMAN = f"# Sandhagens Hafen\n\n{HARBOUR}\n\n{STATEMENT}\n\n{VOTE}\n"
LIGHTHOUSE = (
    "The lighthouse of Ormsby was built on a rock two miles from the shore. Its keeper lit the lamp every evening and wrote "
    "down which ships went by, until an engine took his place."
)
LEUCHTTURM = (
    "Der Leuchtturm von Ormsby wurde auf einem Felsen vor der Küste gebaut. Sein Wärter zündete jeden Abend die Lampe an und "
    "schrieb auf, welche Schiffe vorbeifuhren. Heute beherbergt der Turm ein kleines Museum mit einer Sammlung von Kompassen."
)
HALVES = f"# Der Turm\n\n{LEUCHTTURM}\n\n{LIGHTHOUSE}\n"
MOTTO = "Wir haben die Brücke aus Lärchenholz gebaut. Sie wird länger halten als wir selbst."
ENGLISH = (
    "# The bridge at Tollwich\n\nThe bridge at Tollwich was opened in the presence of some two hundred guests. Its carpenter, who had "
    f"come from Saxony, spoke German to them: „{MOTTO}“ Nobody translated it, but everybody clapped, and the band played on "
    "until the sun had gone down behind the mill.\n"
)


@pytest.fixture(scope="module")
def mixed(server: Server) -> dict[str, str]:
    """The ids of a German article with an English statement, one of two halves, and an English one with a German quotation."""
    texts = {"sandhagen": GERMAN, "ormsby": HALVES, "tollwich": ENGLISH}
    jobs = server.add(**texts)
    assert all(job["state"] == "done" for job in jobs), jobs
    return {name: job["document_id"] for name, job in zip(texts, jobs, strict=True)}


def asked(server: Server, question: str, document: str) -> list[dict[str, Any]]:
    answer = server.call("POST", "/api/ask", json={"question": question, "documents": [document]}).json()
    assert not answer["refused"], answer
    citations: list[dict[str, Any]] = answer["citations"]
    return citations


@pytest.mark.parametrize(
    ("name", "question", "words", "language"),
    [
        ("sandhagen", "What will the engineers replace?", "eleven of its steel piles", "en"),
        ("sandhagen", "Was bedauert die Reederei Norvane?", "regrets the delay", "en"),
        ("sandhagen", "Wann sollen die Arbeiten am Hafen beginnen?", "Frühjahr", "de"),
        ("ormsby", "Was beherbergt der Leuchtturm heute?", "Museum", "de"),
        ("ormsby", "What did the keeper of the lighthouse write down?", "which ships went by", "en"),
        ("tollwich", "How many guests were there when the bridge was opened?", "two hundred guests", "en"),
    ],
)
def test_what_is_quoted_is_in_its_own_language(
    server: Server, mixed: dict[str, str], name: str, question: str, words: str, language: str
) -> None:
    found = [citation for citation in asked(server, question, mixed[name]) if words in citation["quote"]]
    assert [citation["language"] for citation in found] == [language]


def test_a_document_is_listed_by_its_own_language_and_says_the_others(
    server: Server, mixed: dict[str, str]
) -> None:
    said = {name: server.call("GET", f"/api/documents/{document}").json() for name, document in mixed.items()}
    assert {name: (one["language"], one["other_languages"]) for name, one in said.items()} == {
        "sandhagen": ("de", ["en"]),
        "ormsby": ("de", ["en"]),
        "tollwich": ("en", []),  # a quotation of two sentences within a paragraph
    }
    listed = server.call("GET", "/api/documents", params={"language": "en", "limit": 1_000}).json()
    assert mixed["tollwich"] in {document["id"] for document in listed["documents"]}
    assert mixed["sandhagen"] not in {document["id"] for document in listed["documents"]}


def test_hits_by_words_and_by_meaning_say_their_passages_language(
    server: Server, mixed: dict[str, str]
) -> None:
    here = {"documents": [mixed["sandhagen"]]}
    for words, language in (("steel piles", "en"), ("Sommerpause", "de")):
        (hit,) = server.call("GET", "/api/search", params={"query": words, **here}).json()["hits"]
        assert hit["language"] == language
    hits = server.call("POST", "/api/search", json={"query": "quay wall", **here}).json()["hits"]
    assert {hit["language"] for hit in hits if "Norvane" in hit["text"]} == {"en"}
    assert {hit["language"] for hit in hits if "Norvane" not in hit["text"]} == {"de"}


@pytest.mark.browser
def test_screen_readers_are_told_the_language_of_a_quote_and_of_a_paragraph(
    visit: Open, mixed: dict[str, str], server: Server
) -> None:
    page = visit()
    ask(page, "Was bedauert die Reederei Norvane?")
    expect(page.locator(".answer blockquote [lang=en]", has_text="regrets the delay")).to_be_visible()
    expect(page.locator("article.card blockquote[lang=en]", has_text="Norvane regrets")).to_have_count(1)
    page = visit(f"/documents/{mixed['sandhagen']}")
    expect(page.locator("#text")).to_have_attribute("lang", "de")
    expect(page.locator("#text p[lang]")).to_have_count(1)
    expect(page.locator("#text p[lang=en]")).to_have_text(STATEMENT)


@pytest.mark.browser
def test_a_quote_in_the_readers_language_is_not_explained_word_by_word(
    visit: Open, mixed: dict[str, str], server: Server
) -> None:
    text = server.call("GET", f"/api/documents/{mixed['sandhagen']}/text").json()["text"]
    for words, glossed in ((STATEMENT, 0), (HARBOUR, 1)):
        start = text.index(words)
        page = visit(
            f"/documents/{mixed['sandhagen']}?start={start}&end={start + len(words)}#cited", locale="en-GB"
        )
        expect(page.locator("mark#cited")).to_be_visible()
        expect(page.locator("mark#cited.glossed")).to_have_count(glossed)
