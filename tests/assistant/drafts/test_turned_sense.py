"""Drafts that say nearly what their sources say, and mean something else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.core import Assistant
from assistant.drafts.drafting import draft_of
from assistant.drafts.html_report import html_report
from assistant.drafts.remarks import Remark
from assistant.drafts.speakers import names_agree
from assistant.drafts.types import CheckedDraft, DraftDone
from assistant.drafts.verbatim import MOST_SEGMENTS, segments_of, verbatim_places, written
from ingest.embedding.types import Embedder
from ingest.store.index import Index
from tests.support.documents import add_texts
from tests.support.multilingual import needs_multilingual

TEXTS = {
    "budget.txt": "Stadtrat beschließt Haushalt\n\nDie Ausgaben von Wolfsberg steigen um 3,5 Prozent auf 240 Millionen Euro. Die"
    " Arbeitslosenquote sank im Februar von 6,2 auf 5,8 Prozent. Oberbürgermeisterin Renate Meier sagte: „Wir werden die Grundsteuer"
    " nicht erhöhen, solange die Rücklagen reichen. Das ist, was niemand erwartet hat, ein guter Tag.“ Nicht nur die Schulen, sondern"
    " auch die Kitas bekommen mehr Geld. Das Museum wurde 1987 eröffnet und hatte im vorigen Jahr 52.000 Besucher. Die Stadt verkauft"
    " das alte Schwimmbad nicht.",
    "results.txt": "Harlow reports annual results\n\nHarlow said that its revenue rose by 12 percent to 310 million dollars. Profit fell"
    " to 18 million dollars. Chief executive Susan Clarke said: “We are not planning to close the Leeds plant.” The share of exports"
    " rose from 40 percent to 45 percent.",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("turned")
    opened = Assistant(Index.open(folder / "data", embedder), embedder)
    add_texts(opened, folder, TEXTS)
    yield opened
    opened.close()


def checked(assistant: Assistant, text: str, language: str) -> CheckedDraft:
    *_, last = assistant.check_draft(draft_of(text, language=language))
    assert isinstance(last, DraftDone)
    return last.checked


@needs_multilingual
@pytest.mark.parametrize(
    ("text", "language", "verdict"),
    [
        ("„Wir werden die Grundsteuer […] erhöhen, solange die Rücklagen reichen.“", "de", "altered"),
        ("„Wir werden die Grundsteuer [bald] erhöhen.“", "de", "altered"),
        ("„Wir werden die Grundsteuer [niemals] erhöhen.“", "de", "verbatim"),
        ("„Das ist […] ein guter Tag.“", "de", "verbatim"),
        ("“We are […] planning to close the Leeds plant.”", "en", "altered"),
        ("“We are not […] to close the Leeds plant.”", "en", "verbatim"),
    ],
)
def test_an_omission_that_turns_the_sense_is_no_quotation(
    assistant: Assistant, text: str, language: str, verdict: str
) -> None:
    (found,) = checked(assistant, text, language).quotations
    assert found.verdict == verdict
    if verdict == "altered":
        (difference,) = found.differences
        assert difference.kind == "negation"
        assert difference.in_source in ("nicht", "not")
        assert difference.in_source in found.reason
        assert text[difference.start : difference.end] == difference.written


def test_a_report_takes_time_with_the_number_of_its_remarks() -> None:
    text = "One more sentence. " * 15_000
    noted = [
        Remark(
            of="sentence",
            start=at,
            end=at + 18,
            gravity="wrong",
            heading="",
            lines=(),
            evidence=(),
            differing=((at, at + 3),),
        )
        for at in range(0, len(text), 19)
    ]
    check = CheckedDraft(
        draft=draft_of(text), sentences=(), quotations=(), citations=(), documents=0, revision=""
    )
    before = time.monotonic()
    page = html_report(check, noted, "en", datetime(2026, 1, 1, tzinfo=UTC), lambda citation: "")
    assert time.monotonic() - before < 10
    assert (
        page.count(
            '<span class="wrong"><mark>One</mark></span><span class="wrong"> more sentence.</span><a class'
        )
        == 15_000
    )


def test_full_names_with_other_last_names_are_two_people() -> None:
    assert names_agree("Jens Schmidt", "Jens Schmitt") == "wrong"
    assert names_agree("Jens Schmitt", "Schmitt") == "right"
    assert names_agree("Minister Schmitt", "Jens Schmitt") == "right"


def test_omissions_take_time_with_their_number_only() -> None:
    text = written("der Mann und der Hund und der Baum " * 200)
    quoted = segments_of("der … " * (MOST_SEGMENTS - 1) + "Haus")
    before = time.monotonic()
    assert not list(verbatim_places(quoted, text))
    assert time.monotonic() - before < 5
    assert next(verbatim_places(segments_of("der … " * 10 + "Baum"), text))


@needs_multilingual
def test_a_quotation_that_is_too_long_says_so(assistant: Assistant) -> None:
    (found,) = checked(assistant, f"“{'the plant … ' * 60}”", "en").quotations
    assert (found.verdict, found.reason.startswith("This is too long")) == ("not_found", True)


@needs_multilingual
@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Die Ausgaben steigen um 3,5 Prozentpunkte auf 240 Millionen Euro.", "de", "figure"),
        ("Die Ausgaben steigen auf 3,5 Prozent.", "de", "figure"),
        ("Die Arbeitslosenquote sank im Februar von 5,8 auf 6,2 Prozent.", "de", "figure"),
        ("Die Arbeitslosenquote sank im Februar um 5,8 Prozent.", "de", "figure"),
        ("Das Museum hatte im vorigen Jahr 52 Besucher.", "de", "figure"),
        ("Harlow said that its revenue rose by 12 percentage points to 310 million dollars.", "en", "figure"),
        ("Profit fell by 18 million dollars.", "en", "figure"),
        ("The share of exports rose from 45 percent to 40 percent.", "en", "figure"),
        ("Das Museum hatte im vorigen Jahr mehr als 52.000 Besucher.", "de", "figure"),
        ("Harlow said that its revenue rose by almost 12 percent to 310 million dollars.", "en", "figure"),
        ("Nur die Schulen bekommen mehr Geld.", "de", "negation"),
        ("Das Museum wurde 1987 geschlossen.", "de", "wording"),
        ("Die Stadt kauft das alte Schwimmbad nicht.", "de", "wording"),
        ("Die Ausgaben von Wolfsburg steigen um 3,5 Prozent auf 240 Millionen Euro.", "de", "name"),
        (
            "Renate Meyer sagte, die Grundsteuer werde nicht erhöht, solange die Rücklagen reichen.",
            "de",
            "name",
        ),
    ],
)
def test_what_is_turned_is_not_supported(assistant: Assistant, text: str, language: str, kind: str) -> None:
    (found,) = checked(assistant, text, language).sentences
    assert found.verdict == "differs", found
    kinds = {"name": {"name", "attribution"}}.get(kind, {kind})
    assert kinds & {one.kind for one in found.differences}


@needs_multilingual
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Ausgaben steigen um 3,5 Prozent auf 240 Millionen Euro.", "de"),
        ("Die Ausgaben Wolfsbergs steigen auf 240 Millionen Euro.", "de"),
        ("Die Arbeitslosenquote sank im Februar von 6,2 auf 5,8 Prozent.", "de"),
        ("Das Museum hatte im vorigen Jahr 52.000 Besucher.", "de"),
        ("Profit fell to 18 million dollars.", "en"),
        ("The share of exports rose from 40 percent to 45 percent.", "en"),
        ("Die Schulen bekommen mehr Geld.", "de"),
    ],
)
def test_what_is_as_in_its_source_stays_supported(assistant: Assistant, text: str, language: str) -> None:
    assert checked(assistant, text, language).sentences[0].verdict == "supported"
