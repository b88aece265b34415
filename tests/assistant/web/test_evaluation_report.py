"""The report of `assistant evaluate`: one file that needs nothing else, in two languages and themes, wide and narrow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Page

from assistant.evaluation.comparing import RunComparison, compared
from assistant.evaluation.report import classes, report
from assistant.evaluation.results import EvaluatedQuestion, EvaluatedQuote, EvaluationRun, Fault, FoundPassage
from assistant.evaluation.wording import LANGUAGES, phrases
from tests.support.accessibility import grave
from tests.support.hostile import STRINGS

PACKAGE = Path(__file__).parents[3] / "assistant" / "evaluation"
FAULTS = [one for one in get_args(Fault) if one]
# What no text may become: elements that load or run, and handlers. The plots and the style are the report's own.
PROBE = """() => [...document.querySelectorAll('*')]
  .filter((one) => /^(script|img|iframe|object|embed|base|form|video|audio|math|link|a)$/i.test(one.localName)
    || [...one.attributes].some(({ name }) => name.startsWith('on')))
  .map((one) => one.outerHTML)"""


def asked(said: str, at: int, **changes: object) -> EvaluatedQuestion:
    """A question with the same words wherever text comes in."""
    answerable, right = at % 4 != 3, at % 3 == 0
    passages = tuple(
        FoundPassage(title=said, source=said, text=said * 2, score=1.0, language="de", gold=rank == 2)
        for rank in range(1, 11)
    )
    quote = EvaluatedQuote(
        number=1, quote=said, title=said, source=said, language="en", valid=at % 7 != 6, gold=right
    )
    one = EvaluatedQuestion(
        id=f"{said}-{at}",
        question=said,
        gold_quotes=(said,) if answerable else (),
        sources=(said,),
        answerable=answerable,
        question_language=["de", "en"][at % 2],
        gold_language=["en", "de", ""][at % 3] if answerable else "",
        answer=said,
        refused=at % 5 == 4,
        confidence=(at * 37 % 100) / 100,
        quotes=(quote,),
        found=passages,
        gold_rank=2 if answerable else None,
        gold_quote=1 if right and answerable else None,
        stored=at % 11 != 10,
        citations=1,
        citations_valid=int(quote.valid),
        supported=2,
        unsupported=at % 2,
        latency_ms=100.0 + at * 13,
        right=right,
        fault="" if right else FAULTS[at % len(FAULTS)],
        reason="" if right else said,
        error=said if at % 29 == 28 else "",
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # the fields by name


def a_run(strings: Sequence[str]) -> tuple[EvaluationRun, RunComparison]:
    every = [asked(one, at) for at, one in enumerate(strings)]
    run = EvaluationRun(
        made=datetime(2026, 1, 2, tzinfo=UTC),
        questions_file=strings[0],
        setup={"product": "1", "embedding_model": strings[0], "documents": 12_345},
        questions=tuple(every),
        skipped=3,
        stopped=strings[1],
    )
    earlier = {**run.setup, "documents": 12_000, "embedding_model": f"old {strings[0]}"}
    before = replace(
        run, setup=earlier, questions=tuple(replace(one, right=at % 2 == 0) for at, one in enumerate(every))
    )
    return run, compared(before, run, strings[0])


@pytest.fixture
def opened(browser: Browser) -> Iterator[list[Page]]:
    pages: list[Page] = []
    yield pages
    for page in pages:
        page.context.close()


def shown(browser: Browser, opened: list[Page], path: Path, **options: object) -> Page:
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # options of the browser by name
    opened.append(page)
    page.goto(path.as_uri())
    return page


WORDS = [f"Was sagte Ines Tarnow zum Thema Schleuse Nummer {at}?" for at in range(16)]


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "de")])
def test_everyone_can_read_it(
    browser: Browser, opened: list[Page], tmp_path: Path, language: str, theme: str
) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(*a_run(WORDS), language), encoding="utf-8")
    for width in (1600, 390):
        page = shown(browser, opened, path, color_scheme=theme, viewport={"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        # Every plot has a name, and a table with its figures in the same section.
        plots = page.locator("section svg")
        assert plots.count() == 4
        assert page.locator("section:has(svg) table").count() >= 4
        assert all(plots.nth(at).get_attribute("aria-label") for at in range(4))
        # Tables that are wider than the screen are scrolled by the keyboard.
        page.locator(".scroll").first.focus()
        assert page.evaluate("document.activeElement.className") == "scroll"


@pytest.mark.browser
def test_hostile_text_stays_text(browser: Browser, opened: list[Page], tmp_path: Path) -> None:
    strings = STRINGS[:120] + STRINGS[-120:]
    path = tmp_path / "report.html"
    run, comparison = a_run(strings)
    path.write_text(report(run, comparison, "en"), encoding="utf-8")
    page = shown(browser, opened, path)
    assert page.evaluate(PROBE) == []
    assert not page.evaluate("'hacked' in window")
    listed = page.locator("#all ~ .scroll tbody th").all_text_contents()
    assert [" ".join(one.split()) for one in listed] == [" ".join(one.split()) for one in strings]


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = report(*a_run(WORDS), "en")
    assert 'http-equiv="Content-Security-Policy"' in page
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(?:script|link|img|iframe)|url\(|@import", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_without_anything_is_a_page_too(language: str) -> None:
    run = EvaluationRun(made=datetime(2026, 1, 2, tzinfo=UTC), questions_file="none.jsonl")
    assert phrases(language)["nothing"] in report(run, None, language)
    failed = replace(run, questions=(asked("Wer?", 0, error="gone", right=False, fault="failed"),))
    assert "gone" in report(failed, compared(run, failed, "old.json"), language)


def test_the_classes_of_a_histogram_hold_every_value() -> None:
    for values in ([0.0], [1.0, 1.0], [0.3, 999.9], [120.0, 130.0, 4_000.0]):
        counts = classes(values)
        assert sum(count for _, count in counts) == len(values)
        assert counts[-1][0] >= max(values)
        assert len(counts) <= 13


def test_both_languages_have_every_phrase_and_each_is_used() -> None:
    said = json.loads((PACKAGE / "phrases.json").read_text("utf-8"))
    assert said["en"].keys() == said["de"].keys()
    for key, words in said["en"].items():
        fields = set(re.findall(r"\{(\w+)\}", words))
        assert fields == set(re.findall(r"\{(\w+)\}", said["de"][key])), key
    source = "".join(path.read_text("utf-8") for path in PACKAGE.glob("*.py"))
    families = ("fault_", "setup_", "method_", "recall_at_", "_meaning")
    unused = [
        key
        for key in said["en"]
        if f'"{key}"' not in source and f"'{key}'" not in source and not any(one in key for one in families)
    ]
    figures = {
        "citations",
        "gold_first",
        "gold_quoted",
        "latency_median",
        "latency_p95",
        "refusal_precision",
        "supported",
    }
    assert set(unused) <= figures
