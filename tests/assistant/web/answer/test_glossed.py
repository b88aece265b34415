"""A quote with what its words mean shows the quote and nothing else, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.web.answer import glossed, render, source_panel
from assistant.web.answer.answer_view import AnswerView, view_answer
from assistant.web.answer.conversations import Exchange
from assistant.web.kit.html import showable
from assistant.web.kit.localisation import words
from tests.support.conversations import QUOTE, TEXT, Page, citation, quoting

EN, DE = words("en"), words("de")
PIECES = st.sampled_from(
    [
        "Gebietsfragen ",
        "Staatsanwaltschaft",
        "<b>Regierung</b>",
        '" onfocus="',
        "&amp;",
        "{{Stadt}}",
        "\r\n",
        " ",
    ]
)


def english(language: str = "en") -> AnswerView:
    """A quoting answer in that language from a German document."""
    return replace(view_answer(quoting(citation()), lambda _: TEXT, 1), language=language)


@given(st.text() | st.lists(PIECES).map("".join))
@example("Die <script>Regierung</script> und 'die' \"Staatsanwaltschaft\"")
def test_the_text_of_a_quote_stays_what_it_is(quoted: str) -> None:
    page = Page(glossed.quote("mark", quoted, ("de", "en"), EN, id="cited", class_="current"))
    assert page.text == showable(quoted).replace("\r", "")
    (tag, attributes), *inside = page.elements
    assert tag == "mark"
    assert attributes["id"] == "cited"
    assert attributes["class"].split() == (["current", "glossed"] if inside else ["current"])
    assert all(
        tag == "span" and {"data-gloss"} <= marks.keys() <= {"data-gloss", "tabindex"}
        for tag, marks in inside
    )
    assert [marks.get("tabindex") for _, marks in inside] == ["0", *[None] * (len(inside) - 1)][: len(inside)]


def test_equivalents_are_text() -> None:
    html = glossed.quote("span", "Die Staatsanwaltschaft", ("de", "en"), EN)
    assert "prosecutor's" not in html
    assert Page(html).all("span")[1]["data-gloss"].startswith("prosecutor's office, ")


def test_a_compound_names_its_parts() -> None:
    html = glossed.quote("span", "Gebietsfragen", ("de", "en"), DE, lang="de")
    outer, word = Page(html).all("span")
    assert outer == {"lang": "de", "class": "glossed", "data-reader": "en", "data-label": DE("word_by_word")}
    assert word["data-gloss"] == "Gebiet: area, territory, zone · Fragen: question, issue, query"


@pytest.mark.parametrize("languages", [("de", "de"), ("", "en"), ("de", ""), ("fr", "en")])
def test_nothing_is_marked_where_nothing_can_be_said(languages: tuple[str, str]) -> None:
    assert not glossed.joined(*languages)
    assert glossed.quote("mark", "Die Regierung", languages, EN) == "<mark>Die Regierung</mark>"


def test_a_long_text_is_left_alone() -> None:
    long = "Die Regierung. " * (glossed.LONGEST // 15)
    assert "data-gloss" in glossed.quote("mark", long, ("de", "en"), EN)
    assert "data-gloss" not in glossed.quote("mark", long + "Die Regierung. ", ("de", "en"), EN)


def test_an_answer_in_another_language_has_it_in_its_quotes_and_cards() -> None:
    reply = english()
    answer = Page(render.answer(reply, 1, DE))
    assert f"{QUOTE}\xa0" in answer.text
    assert DE("gloss_hint") in answer.text
    panel = Page(
        source_panel.panel([(1, Exchange(question="When?", sources=reply.sources, reply=reply))], DE)
    )
    assert panel.marked == QUOTE
    for page in (answer, panel):
        meanings = [span["data-gloss"] for span in page.all("span") if "data-gloss" in span]
        assert meanings[:2] == ["Friday", "travel"]


def test_an_answer_in_the_language_of_its_quotes_has_none() -> None:
    reply = english("de")
    answer = render.answer(reply, 1, EN)
    given = (Exchange(question="Wann?", sources=reply.sources, reply=known) for known in (reply, None))
    panel = source_panel.panel(enumerate(given, 1), EN)
    assert "gloss" not in answer + panel
    assert EN("gloss_hint") not in answer
