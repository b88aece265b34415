"""What the pages copy is found again, too: quotes, answers and conversations, as Markdown, as HTML and as plain text."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.answering.turns import turn_at
from assistant.passports.carried import carried_in
from assistant.passports.exporting import exported
from assistant.passports.making import PassportOffice
from assistant.passports.rich_text import CopiedText
from assistant.passports.types import CitedPlace
from assistant.passports.verifying import QuoteVerifier
from assistant.types import Citation
from assistant.web.answer import export
from assistant.web.answer.answer_view import view_answer
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.source_view import view_citation
from assistant.web.kit.localisation import words
from ingest.store.index import Index
from ingest.text.sentences import sentence_spans
from tests.ingest.store.test_changes import Two
from tests.support.conversations import quoting
from tests.support.stored_texts import HARD_TEXTS, put

TALK = (
    "Frau Koch, reicht das?\n\n"
    "Dr. Jana Koch (SPD): Nein. „Mehr“ hieß es, doch es blieb bei „weniger“.\n\n"
    "Dr. Jana Koch (SPD): Das Gespräch fand am Montag statt."
)
TEXTS = {**{key: text for key, text in HARD_TEXTS.items() if key != "controls"}, "talk": TALK}
FORMS = st.sampled_from(["markdown", "html", "plain"])
NAMES = {"markdown": "x.md", "html": "x.html", "plain": "x.txt"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    two = Two(tmp_path_factory.mktemp("index"))
    for key, text in TEXTS.items():
        put(two.indexes[0], key, text, language="de", authors=("Anna Müller",))
    yield two.indexes[0]
    two.close()


@st.composite
def cited(draw: st.DrawFn) -> tuple[str, int, int]:
    key = draw(st.sampled_from(list(TEXTS)))
    span = draw(st.sampled_from(sentence_spans(TEXTS[key], "de")))
    return key, span.start, span.start + len(TEXTS[key][span.start : span.end].rstrip())


def citation(index: Index, place: tuple[str, int, int], number: int) -> Citation:
    key, start, end = place
    (passage,) = index.texts.passages_of(key)
    record = index.record(key)
    assert record is not None
    quote = passage.text[start:end]
    return Citation(number=number, quote=quote, start=start, end=end, passage=passage, document=record)


def verdicts(index: Index, copied: CopiedText, form: str) -> list[str]:
    found = carried_in(getattr(copied, form).encode(), NAMES[form])
    return [one.verdict for one in QuoteVerifier(index, lambda _: True).verified(found)]


@settings(max_examples=80)
@given(place=cited(), form=FORMS, language=st.sampled_from(["en", "de"]))
def test_a_copied_quote_stands_until_a_word_is_changed(
    index: Index, place: tuple[str, int, int], form: str, language: str
) -> None:
    source = view_citation(citation(index, place, 1), index.texts.of)
    copied = export.quote(source, None, "http://h/", words(language))
    assert verdicts(index, copied, form) == ["stands"]
    said = source.unlabelled or source.quote
    word = next((one for one in said.split() if one.isalpha() and len(one) > 3), "")
    assume(word)
    changed = CopiedText(
        **{
            name: getattr(copied, name).replace(word, f"{word}es", 1)
            for name in ("markdown", "html", "plain")
        }
    )
    assert verdicts(index, changed, form) != ["stands"]


@settings(max_examples=40)
@given(places=st.lists(cited(), min_size=1, max_size=4, unique=True), form=FORMS)
def test_copied_answers_and_conversations_stand(
    index: Index, places: list[tuple[str, int, int]], form: str
) -> None:
    citations = [citation(index, place, number) for number, place in enumerate(places, 1)]
    reply = view_answer(quoting(*citations), index.texts.of, 3)
    answer = export.answer(reply, "http://h/", words("en"))
    assert verdicts(index, answer, form) == ["stands"] * len(places)
    twice = [Exchange(question="Who?", reply=reply), Exchange(question="And?", reply=reply)]
    copied = export.conversation(twice, "http://h/", words("de"))
    assert verdicts(index, copied, form) == ["stands"] * len(places) * 2


def test_the_label_of_a_speaker_may_be_left_out(index: Index) -> None:
    start = TALK.index("Dr. Jana Koch (SPD): Nein.")
    turn = turn_at(TALK, start)
    assert turn is not None
    source = view_citation(citation(index, ("talk", start, start + 26), 1), index.texts.of)
    assert source.unlabelled == "Nein."
    copied = export.quote(source, None, "http://h/", words("en"))
    assert verdicts(index, copied, "markdown") == ["stands"]


def test_a_link_alone_is_told_by_its_words(index: Index) -> None:
    source = view_citation(citation(index, ("long", 0, 45), 1), index.texts.of)
    text = f"The report [says so](<http://elsewhere/{source.href}>)."
    (found,) = QuoteVerifier(index, lambda _: True).verified(carried_in(text.encode()))
    assert (found.verdict, found.link_alone, found.quote) == ("stands", True, source.quote)


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is missing: libreoffice-writer-nogui"
)
def test_a_word_processor_opens_the_file_with_its_footnotes_and_what_it_saves_still_stands(
    index: Index, tmp_path: Path
) -> None:
    places = [CitedPlace(document_id="long", start=at, end=at + 46) for at in (0, 47, 94)]
    places.append(CitedPlace(document_id="tex", start=0, end=60))
    office = PassportOffice(index, lambda _: True, "http://h/")
    (tmp_path / "quotes.docx").write_bytes(exported(office, "docx", places).content)
    for form in ("html:HTML (StarWriter)", "docx:MS Word 2007 XML"):
        command = [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
        ]
        subprocess.run(
            [*command, form, "--outdir", tmp_path / "saved", tmp_path / "quotes.docx"],
            check=True,
            capture_output=True,
            timeout=120,
        )
    page = (tmp_path / "saved" / "quotes.html").read_text("utf-8")
    assert page.count("sdfootnotesym") >= len(places)
    assert page.count("SHA-256") == len(places)
    found = carried_in((tmp_path / "saved" / "quotes.docx").read_bytes(), "quotes.docx")
    verified = list(QuoteVerifier(index, lambda _: True).verified(found))
    assert [one.verdict for one in verified] == ["stands"] * len(places)
    assert not any(one.link_alone for one in verified)
