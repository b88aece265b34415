"""Whose words a quote tells: in the API, on the page, in what is copied and in the terminal's answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Open, ask
from tests.support.server import Server

WEIR = (
    "# Das Wehr von Lüdersau\n\nDas Wehr von Lüdersau wird nicht abgerissen. Es sei noch immer dicht, sagte Bauamtsleiterin Marta "
    "Brehm am Freitag im Rat.\n\n„Brehm hat das Wehr seit Jahren nicht gesehen“, sagte der Müller Konrad Ahlers nach der "
    "Sitzung. Das Wehr staut die Lüder seit 1911.\n"
)


@pytest.fixture(scope="module")
def weir(server: Server) -> str:
    (job,) = server.add(weir=WEIR)
    return str(job["document_id"])


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        ("Was sagte Brehm über das Wehr?", "dicht", {"speaker": "Marta Brehm", "kind": "indirect"}),
        (
            "What did Ahlers say about the weir?",
            "seit Jahren",
            {"speaker": "Konrad Ahlers", "kind": "direct"},
        ),
        ("Seit wann staut das Wehr die Lüder?", "1911", None),
    ],
)
def test_a_citation_says_whose_words_it_tells(
    server: Server, weir: str, question: str, words: str, said: dict[str, str] | None
) -> None:
    answer = server.call("POST", "/api/ask", json={"question": question, "documents": [weir]}).json()
    first, *others = answer["citations"]
    assert words in first["quote"]
    assert first["attribution"] == said
    if said:  # what another says is not given as theirs
        assert all(one["attribution"] in (said, None) for one in others)


@pytest.mark.browser
def test_the_page_says_whose_words_a_quote_tells(visit: Open, weir: str) -> None:
    page = visit(locale="de-DE")
    ask(page, "Was sagte Brehm über das Wehr von Lüdersau?")
    quote = page.locator(".answer blockquote", has_text="noch immer dicht")
    expect(quote).to_contain_text("gesagt von Marta Brehm, indirekte Rede")
