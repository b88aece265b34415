"""What is carried away says who said it where, in one pair of marks, and calls a refusal a refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.translation import foreign
from assistant.types import Hit, Statement
from assistant.web.answer import export
from assistant.web.answer.answer_view import AnswerView, view_answer
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.source_view import view_citation
from assistant.web.kit.localisation import Words, words
from tests.support.conversations import QUOTE, TEXT, Page, citation, quoting, record

EN, DE = words("en"), words("de")
CITED = citation()
HIT = Hit(passage=CITED.passage, document=CITED.document, score=1.0, dense_rank=1, lexical_rank=1)
DAY = date(2026, 2, 3)
QUOTED = replace(view_answer(quoting(CITED), lambda _: TEXT, 3), answered=DAY)
REFUSED = replace(
    view_answer(
        replace(quoting(), refused=True, text="No.", nearest=(HIT,), possible=(CITED,)), lambda _: TEXT, 3
    ),
    answered=DAY,
)
LINK = "documents/0123456789abcdef?start=16&end=54&quote=Am+Freitag+reist+Uschakow+nach+Moskau.#cited"
TOLD = "„Am Freitag“ = 5 Dec 2025 (published 3 Dec 2025)"
TOLD_DE = "„Am Freitag“ = 5. Dez. 2025 (veröffentlicht am 3. Dez. 2025)"
INTERVIEW = (
    "Frau Koch, reicht das?\n\n"
    "Dr. Jana Koch (SPD): Nein. „Mehr“ hieß es, doch es blieb bei „weniger“.\n\n"
    "Hinweis: Das Gespräch fand am Montag statt.\n"
)


def test_an_answer_is_copied_with_its_quotes_once_and_links_to_them() -> None:
    copied = export.answer(QUOTED, "http://h/x/", EN)
    assert copied.markdown == (
        f"„{QUOTE}“ [1]\n\n"
        f"[1] Anna Müller: [Der Plan](<http://h/x/{LINK}>), plan.md, 3 Dec 2025, {TOLD}, accessed on 3 Feb 2026"
    )
    assert export.answer(QUOTED, "http://h/", DE).plain == (
        f"„{QUOTE}“ [1]\n\n"
        f"[1] Anna Müller: Der Plan, plan.md, 3. Dez. 2025, {TOLD_DE}, abgerufen am 3. Feb. 2026\nhttp://h/{LINK}"
    )
    rich = Page(copied.html)
    assert rich.text == copied.markdown.replace("\\", "").replace("\n\n", "").replace(
        f"[Der Plan](<http://h/x/{LINK}>)", "Der Plan"
    )
    assert rich.all("a") == [{"href": f"http://h/x/{LINK}"}]


def test_a_passage_in_another_language_is_quoted_in_its_marks_and_needs_no_translation_into_it() -> None:
    english = "The company regrets the delay."
    cited = citation(f"Der Rat tagte.\n\n{english}", english)
    own = replace(cited, passage=replace(cited.passage, language="en"))
    assert [foreign([one], "en") for one in (cited, own)] == [[cited], []]
    assert [foreign([one], "de") for one in (cited, own)] == [[], [own]]
    view = replace(view_answer(quoting(own), lambda _: own.passage.text, 1), answered=DAY)
    assert export.answer(view, "http://h/", DE).plain.startswith(f"“{english}” [1]")
    assert view.foreign == {1: english}


def test_a_quote_is_copied_with_its_speaker_and_page() -> None:
    of = record(
        "Ein\nGespräch",
        "https://www.zeitung.de/koch",
        published=None,
        page_starts=(0,),
        authors=("A. Beer", "C. Dahl"),
    )
    said = "Dr. Jana Koch (SPD): Nein. „Mehr“ hieß es, doch es blieb bei „weniger“."
    for quote in (said, said.partition(": ")[2]):
        source = view_citation(citation(INTERVIEW, quote, of=of), lambda _: INTERVIEW)
        assert export.quote(source, QUOTED, "http://h/", DE).plain.splitlines()[0] == (
            "„Nein. ‚Mehr‘ hieß es, doch es blieb bei ‚weniger‘.“ (Dr. Jana Koch (SPD), in: A. Beer, C. Dahl:"
            " Ein Gespräch, zeitung.de, Seite 1, abgerufen am 3. Feb. 2026)"
        )
    unlabelled = view_citation(citation(INTERVIEW, "Das Gespräch fand am Montag statt."), lambda _: INTERVIEW)
    assert unlabelled.speaker == ""


@pytest.mark.parametrize("talk", [EN, DE])
def test_a_refusal_is_called_one_and_what_is_near_is_no_answer(talk: Words) -> None:
    copied = export.answer(REFUSED, "http://h/", talk)
    for text in (copied.markdown, copied.plain, Page(copied.html).text):
        order = [
            talk("copied_refusal"),
            "No.",
            talk("possibly"),
            QUOTE,
            talk("copied_nearest", what=talk.count("nearest", 1)),
            "Danach wird verhandelt.",
        ]
        places = [text.replace("\\", "").index(part) for part in order]
        assert places == sorted(places)


def test_doubts_are_copied_too_and_no_text_becomes_markup() -> None:
    doubted = Statement(text="*Sure* <b> [1].", citations=(1,), supported="no", reason="12 is not there")
    given: AnswerView = replace(QUOTED, mode="generated", statements=(doubted,))
    copied = export.answer(given, "", EN)
    assert copied.markdown.startswith(
        "\\*Sure\\* \\<b\\>. [1] (not supported by its sources: 12 is not there)\n\n"
    )
    assert f"[1] „{QUOTE}“ (Anna" in copied.markdown
    assert "*Sure* <b>. [1] (not supported" in copied.plain
    assert "<b>" not in copied.html


@given(st.text())
def test_a_question_is_one_heading_of_an_export(question: str) -> None:
    copied = export.conversation([Exchange(question=question, problem="no")], "", EN)
    assert copied.markdown.startswith("##")
    assert copied.markdown.count("\n") == 4
    assert {name for name, _ in Page(copied.html).elements} == {"h2", "p", "strong"}
