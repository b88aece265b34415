"""Every quote that is carried away is found again, in every form; a changed one never is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.passports import references, text_forms
from assistant.passports.carried import carried_in
from assistant.passports.exporting import FORMS, exported
from assistant.passports.making import PassportOffice
from assistant.passports.rich_text import written
from assistant.passports.types import (
    CarriedAnswer,
    CarriedStatement,
    CitedPlace,
    ExportForm,
    Passport,
    VerifiedQuote,
)
from assistant.passports.verifying import QuoteVerifier
from assistant.passports.word_file import word_file
from ingest.store.index import Index
from tests.ingest.store.test_changes import Two
from tests.support.stored_texts import HARD_TEXTS, put

BASE = "http://h.example/x/"
LANGUAGES = st.sampled_from(["en", "de"])
FORM = st.sampled_from(list(FORMS))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    two = Two(tmp_path_factory.mktemp("index"))
    for key, text in HARD_TEXTS.items():
        more = {"title": text, "authors": (text[:40], "B. „Doc“ Meier (SPD)"), "published": date(2025, 3, 1)}
        put(two.indexes[0], key, text, language="de", **(more if key in ("marks", "tex", "markup") else {}))
    yield two.indexes[0]
    two.close()


@st.composite
def places(draw: st.DrawFn) -> CitedPlace:
    """Any stretch of any of the texts that has words."""
    key = draw(st.sampled_from(list(HARD_TEXTS)))
    text = HARD_TEXTS[key]
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, min(len(text), start + 600)))
    assume(text[start:end].strip())
    return CitedPlace(document_id=key, start=start, end=end)


def office(index: Index, language: str = "en") -> PassportOffice:
    return PassportOffice(index, lambda _: True, BASE, language)


def verified(index: Index, content: bytes, name: str = "") -> list[VerifiedQuote]:
    return list(QuoteVerifier(index, lambda _: True, BASE).verified(carried_in(content, name)))


def passport_of(index: Index, cited: CitedPlace) -> Passport:
    return office(index).passports([cited])[0][cited]


@settings(max_examples=150)
@given(chosen=st.lists(places(), min_size=1, max_size=4, unique=True), form=FORM, language=LANGUAGES)
def test_every_quote_of_a_file_stands(
    index: Index, chosen: list[CitedPlace], form: ExportForm, language: str
) -> None:
    file = exported(office(index, language), form, chosen)
    found = verified(index, file.content, file.name)
    assert [one.verdict for one in found] == ["stands"] * len(chosen), found
    for cited, one in zip(chosen, found, strict=True):
        text = HARD_TEXTS[cited.document_id]
        assert one.start is not None
        assert text[one.start : one.end] == text[cited.start : cited.end].strip()
        assert not one.contradictions
        assert not one.metadata


@settings(max_examples=100)
@given(
    chosen=st.lists(places(), min_size=1, max_size=4, unique=True),
    form=FORM,
    language=LANGUAGES,
    said=st.sampled_from(["He says so.", "„Ja“, sagt er [1].", ""]),
    data=st.data(),
)
def test_every_quote_of_an_answer_stands(
    index: Index, chosen: list[CitedPlace], form: ExportForm, language: str, said: str, data: st.DataObject
) -> None:
    numbered = [replace(one, number=number) for number, one in enumerate(chosen, 1)]
    statements = [
        CarriedStatement(
            text=data.draw(
                st.sampled_from([HARD_TEXTS[one.document_id][one.start : one.end].strip(), said, "Und doch."])
            ),
            citations=(one.number, *data.draw(st.lists(st.integers(1, len(numbered)), max_size=1))),
        )
        for one in numbered
    ]
    answer = CarriedAnswer(
        question="Who?", text="", refused=False, statements=tuple(statements), citations=tuple(numbered)
    )
    file = exported(office(index, language), form, (), [answer])
    found = verified(index, file.content, file.name)
    assert {one.verdict for one in found} == {"stands"}, found
    spans = {(one.document_id, one.start, one.end) for one in found}
    for cited in chosen:
        passport = passport_of(index, cited)
        assert (passport.document_id, passport.start, passport.end) in spans


def as_file(passport: Passport, form: ExportForm) -> bytes:
    """A file of one passport, whatever it says."""
    cited = CitedPlace(document_id=passport.document_id, start=passport.start, end=passport.end)
    paragraphs = text_forms.quotes([cited], {cited: passport}, "en")
    match form:
        case "csl":
            return references.csl([passport]).encode()
        case "ris":
            return references.ris([passport]).encode()
        case "bib":
            return references.bibtex([passport]).encode()
        case "docx":
            return word_file("x", paragraphs)
        case "html":
            return written(paragraphs).html.encode()
        case _:
            return written(paragraphs).markdown.encode()


@settings(max_examples=150)
@given(cited=places(), form=FORM, data=st.data())
def test_a_changed_word_never_stands(
    index: Index, cited: CitedPlace, form: ExportForm, data: st.DataObject
) -> None:
    passport = passport_of(index, cited)
    words = [match.span() for match in re.finditer(r"\w+", passport.quote)]
    assume(words)
    start, end = data.draw(st.sampled_from(words))
    changed = data.draw(st.sampled_from(["", "nicht", "12", "xyz", passport.quote[start:end] + "e"]))
    quote = passport.quote[:start] + changed + passport.quote[end:]
    assume(quote.split() != passport.quote.split() and quote.strip())
    (found,) = verified(index, as_file(replace(passport, quote=quote), form), f"x{FORMS[form][0]}")
    assert found.verdict != "stands"
    assert found.verdict == "never" or "words" in found.contradictions or found.verdict == "moved"


@settings(max_examples=150)
@given(cited=places(), form=FORM, data=st.data())
def test_another_place_text_or_document_never_stands(
    index: Index, cited: CitedPlace, form: ExportForm, data: st.DataObject
) -> None:
    """Changed everywhere in the file, so that it doesn't contradict itself; the link's words alone are as they were."""
    passport = passport_of(index, cited)
    match data.draw(st.sampled_from(["start", "end", "sha256", "document_id"])):
        case "start":
            changed = replace(passport, start=passport.start + data.draw(st.sampled_from([-3, -1, 1, 2, 40])))
        case "end":
            changed = replace(passport, end=passport.end + data.draw(st.sampled_from([-2, -1, 1, 2, 30])))
        case "sha256":
            other = hashlib.sha256(data.draw(st.binary(max_size=4))).hexdigest()
            changed = replace(passport, sha256=other)
        case _:
            changed = replace(passport, document_id=data.draw(st.sampled_from(["gone", "long", "table"])))
    assume(changed != passport)
    assume(changed.start >= 0)
    found = verified(index, as_file(_linked(changed, passport.quote), form), f"x{FORMS[form][0]}")
    assert all(one.verdict != "stands" for one in found), found


def _linked(passport: Passport, quote: str) -> Passport:
    from assistant.citation_links import viewer_link

    link = viewer_link(passport.document_id, passport.start, passport.end, passport.version, quote)
    return replace(passport, url=BASE + link)


def test_a_passport_says_what_finds_the_words_and_whose_they_are(index: Index) -> None:
    text = HARD_TEXTS["marks"]
    start = text.index("Wir")
    passport = passport_of(index, CitedPlace(document_id="marks", start=start - 1, end=start + 11))
    assert passport.quote == text[passport.start : passport.end]
    assert passport.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert passport.version == index.texts.version_of(index.record("marks"))  # type: ignore[arg-type]  # it is there
    assert passport.published == date(2025, 3, 1)
    assert passport.url.startswith(
        f"{BASE}documents/marks?start={passport.start}&end={passport.end}&version="
    )


@given(form=FORM)
def test_what_is_not_there_is_said_to_be_missing(index: Index, form: ExportForm) -> None:
    there = CitedPlace(document_id="long", start=0, end=6)
    others = [
        CitedPlace(document_id="nobody", start=0, end=5),
        CitedPlace(document_id="long", start=5, end=10**9),
        CitedPlace(document_id="long", start=6, end=7),  # white space
        CitedPlace(document_id="long", start=0, end=6, version="0" * 16),
    ]
    file = exported(office(index), form, [there, *others])
    assert file.missing == tuple(others)
    assert [one.verdict for one in verified(index, file.content, file.name)] == ["stands"]


def test_words_are_found_in_the_present_text_where_their_own_is_not_kept(index: Index) -> None:
    quote = "Satz 7 erzählt von der Brücke"
    old = CitedPlace(document_id="long", start=0, end=29, version="0" * 16, quote=quote)
    passport = passport_of(index, old)
    assert passport.quote == quote
    assert passport.start == HARD_TEXTS["long"].index(quote)


@pytest.mark.parametrize("form", FORMS)
def test_what_became_of_words_is_told(tmp_path: Path, form: ExportForm) -> None:
    two = Two(tmp_path)
    index = two.indexes[0]
    first = "Der Damm hält. Die Brücke ist achtzig Meter lang. Der Rat tagte am Freitag."
    put(index, "moves", first)
    put(index, "goes", first)
    put(index, "kept", first)
    quotes = ("Die Brücke ist achtzig Meter lang.", "Der Rat tagte am Freitag.")
    cited = [
        CitedPlace(document_id=key, start=first.index(quote), end=first.index(quote) + len(quote))
        for key in ("moves", "goes", "kept")
        for quote in quotes
    ]
    file = exported(office(index), form, cited)
    put(index, "moves", f"Neu: {first[:15]}Der Rat tagte am Freitag. Die Brücke ist neunzig Meter lang.")
    put(index, "kept", f"{first} Und mehr.")
    index.remove(["goes"], undo_seconds=600)
    found = verified(index, file.content, file.name)
    assert [one.verdict for one in found] == ["earlier", "moved", "gone", "gone", "stands", "stands"]
    earlier, moved, gone, _, stands, _ = found
    assert earlier.replaced is not None
    assert "version=" in earlier.url
    assert "earlier=1" in earlier.url
    assert index.texts.by_id("moves")[moved.start : moved.end] == quotes[1]
    assert gone.title == "goes"
    assert stands.changed
    index.remove(["moves"])
    put(index, "again", f"{first} Und mehr.")
    unknown = verified(index, file.content, file.name)[0]
    assert (unknown.verdict, unknown.same_text) == ("unknown", False)
    two.close()


def test_the_same_text_is_found_under_another_id(tmp_path: Path) -> None:
    two = Two(tmp_path)
    index = two.indexes[0]
    put(index, "before", "Der Damm hält.")
    file = exported(office(index), "ris", [CitedPlace(document_id="before", start=0, end=8)])
    put(index, "after", "Der Damm hält.")
    index.remove(["before"])
    (found,) = verified(index, file.content, file.name)
    assert (found.verdict, found.same_text, found.document_id) == ("unknown", True, "after")
    assert found.url.startswith(f"{BASE}documents/after?start=0&end=8")
    two.close()


def test_only_what_the_caller_sees_is_told(index: Index) -> None:
    seen = {"long"}
    mine, other = (CitedPlace(document_id=key, start=0, end=12) for key in ("long", "table"))
    file = exported(office(index), "ris", [mine, other])
    narrow = PassportOffice(index, seen.__contains__, BASE)
    assert exported(narrow, "ris", [mine, other]).missing == (other,)
    found = list(QuoteVerifier(index, seen.__contains__, BASE).verified(carried_in(file.content, "x.ris")))
    assert [one.verdict for one in found] == ["stands", "unknown"]
    assert (found[1].document_id, found[1].title, found[1].url) == ("", "", "")


def test_what_differs_is_shown(index: Index) -> None:
    start = HARD_TEXTS["long"].index("Satz 9")
    passport = passport_of(index, CitedPlace(document_id="long", start=start, end=start + 46))
    (found,) = verified(
        index, as_file(replace(passport, quote=passport.quote.replace("Fluss", "Kanal")), "md")
    )
    assert found.verdict == "never"
    assert found.nearest is not None
    assert [pair for pair in found.nearest.pieces if pair[0] != pair[1]] == [("Kanal", "Fluss")]


def test_what_is_known_otherwise_now_is_told(tmp_path: Path) -> None:
    two = Two(tmp_path)
    index = two.indexes[0]
    before = {"title": "Der Damm, Teil 1", "authors": ("Jana Koch", "Ben Ott"), "published": date(2025, 3, 1)}
    put(index, "dam", "Der Damm hält.", source="https://www.a.example/dam", **before)
    put(index, "same", "Der Deich hält.", source="https://www.a.example/same", **before)
    cited = [CitedPlace(document_id=key, start=0, end=8) for key in ("dam", "same")]
    files = [exported(office(index, spoken), form, cited) for form in FORMS for spoken in ("en", "de")]
    now = {"title": "Der Damm", "authors": ("Jana Koch",), "published": date(2025, 3, 2)}
    put(index, "dam", "Der Damm hält.", source="https://b.example/dam", **now)
    for file in files:
        changed, same = verified(index, file.content, file.name)
        told = {one.field: (one.written, one.now) for one in changed.metadata}
        assert told.pop("title") == ("Der Damm, Teil 1", "Der Damm")
        assert told.pop("published") == ("2025-03-01", "2025-03-02")
        assert told.pop("authors") == ("Jana Koch, Ben Ott", "Jana Koch")
        in_notes = file.name.endswith((".md", ".html", ".docx"))
        assert told == ({} if in_notes else {"outlet": ("a.example", "b.example")})
        assert changed.verdict == same.verdict == "stands"
        assert not same.metadata
    two.close()


def test_who_speaks_is_compared_where_the_words_stand(tmp_path: Path) -> None:
    two = Two(tmp_path)
    index = two.indexes[0]
    put(index, "dam", "Der Damm hält.")
    passport = passport_of(index, CitedPlace(document_id="dam", start=0, end=14))
    said = replace(passport, speaker="Jana Koch", kind="direct")
    for form in FORMS:
        (found,) = verified(index, as_file(said, form))
        assert [(one.field, one.written, one.now) for one in found.metadata] == [("speaker", "Jana Koch", "")]
    two.close()
