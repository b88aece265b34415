"""Sources that disagree: in the API's answer, on the page, in what is copied, in the terminal and in a model's answer."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, expect

from assistant import cli
from tests.support.accessibility import grave
from tests.support.browser import Open, ask
from tests.support.language_model import Prompt, ScriptedModel, Step
from tests.support.server import Server

FIRST = """---
title: Explosion in der Leimfabrik
date: 2025-05-03
---

# Explosion in der Leimfabrik

Eine Explosion hat am Samstag die Leimfabrik in Dorbeck verwüstet. Sieben Menschen kamen ums Leben, 23 wurden verletzt.

Die Feuerwehr löschte bis in die Nacht.
"""
SECOND = """---
title: Dorbeck trauert
date: 2025-05-07
---

# Dorbeck trauert

Mit einem Gottesdienst hat Dorbeck der Opfer der Explosion in der Leimfabrik gedacht. Bei dem Unglück starben elf Menschen. Die
Glocken läuteten um die Stunde des Unglücks.
"""
LIGHT = "# The light of Skerrow\n\nThe lighthouse of Skerrow is 41 metres high. It was built of granite.\n"
TALLER = "# Climbing Skerrow\n\nFrom the top of the lighthouse of Skerrow one sees France. The lighthouse is 46 metres high.\n"
QUESTION = "Wie viele Menschen starben bei der Explosion in der Leimfabrik in Dorbeck?"
HEIGHT = "How high is the lighthouse of Skerrow?"
LINE = "Spätere Artikel sagen etwas anderes: Sieben am 3. Mai 2025 [1]; elf am 7. Mai 2025 [2]."


@pytest.fixture(scope="module")
def articles(server: Server) -> list[str]:
    jobs = server.add(leim=FIRST, dorbeck=SECOND, light=LIGHT, climbing=TALLER)
    return [str(job["document_id"]) for job in jobs]


def test_the_api_sets_both_side_by_side(server: Server, articles: list[str]) -> None:
    answer = server.call("POST", "/api/ask", json={"question": QUESTION}).json()
    (found,) = answer["disagreements"]
    assert found["kind"] == "figures"
    cited = [answer["citations"][side["citation"] - 1] for side in found["sides"]]
    assert {one["document_id"] for one in cited} == set(articles[:2])
    assert {side["value"] for side in found["sides"]} == {"Sieben", "elf"}
    for side, citation in zip(found["sides"], cited, strict=True):
        at = side["start"] - citation["start"]
        assert citation["quote"][at : at + len(side["value"])] == side["value"]
    numbers = {citation["document_id"]: citation["number"] for citation in cited}
    assert (found["superseded"], found["latest"]) == ([numbers[articles[0]]], numbers[articles[1]])
    assert answer["answer"].endswith(found["line"])
    assert found["line"].startswith("Spätere Artikel sagen etwas anderes: Sieben am 3. Mai 2025 [")


def test_without_days_nothing_is_superseded(server: Server, articles: list[str]) -> None:
    (found,) = server.call("POST", "/api/ask", json={"question": HEIGHT}).json()["disagreements"]
    assert (found["superseded"], found["latest"]) == ([], None)
    assert found["line"].startswith("The sources differ: 4")
    assert {side["value"] for side in found["sides"]} == {"41 metres", "46 metres"}


def test_one_source_alone_disagrees_with_nobody(server: Server, articles: list[str]) -> None:
    body = {"question": QUESTION, "documents": articles[:1]}
    assert server.call("POST", "/api/ask", json=body).json()["disagreements"] == []


def test_the_terminal_says_it(
    server: Server, articles: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(server.data))
    assert cli.main(["ask", HEIGHT]) == 0
    assert "The sources differ: 4" in capsys.readouterr().out
    assert cli.main(["ask", HEIGHT, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["disagreements"][0]["kind"] == "figures"


def boxes(sides: Locator) -> list[dict[str, float]]:
    """Where the columns stand on the page."""
    script = "(sides) => [...sides.children].map((side) => side.getBoundingClientRect().toJSON())"
    found: list[dict[str, float]] = sides.evaluate(script)
    return found


@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "says", "later"),
    [
        ("de-DE", "Spätere Artikel sagen etwas anderes", "Ein späterer Artikel sagt elf (7. Mai 2025)."),
        ("en-GB", "Spätere Artikel sagen etwas anderes", "A later article says elf (7 May 2025)."),
    ],
)
def test_the_page_shows_both_and_marks_what_differs(
    visit: Open, articles: list[str], locale: str, says: str, later: str
) -> None:
    page = visit(locale=locale)
    ask(page, QUESTION)
    block = page.locator(".answer .disagreement")
    expect(block.locator(".differing")).to_contain_text(says)
    assert set(block.locator("mark").all_text_contents()) == {"Sieben", "elf"}
    expect(block.locator(".superseded")).to_have_text(later)
    older = block.locator("section", has_text="Leimfabrik").first
    expect(older.locator(".superseded")).to_be_visible()
    columns = block.locator(".sides")
    one, other = boxes(columns)
    assert one["y"] == other["y"]
    page.set_viewport_size({"width": 360, "height": 700})
    one, other = boxes(columns)
    assert one["y"] + one["height"] <= other["y"]
    assert grave(page) == []


@pytest.mark.browser
def test_a_line_leads_to_its_sources(visit: Open, articles: list[str]) -> None:
    page = visit()
    ask(page, HEIGHT)
    line = page.locator(".answer .differing")
    expect(line.locator("a.cite")).to_have_count(2)
    expect(line).to_contain_text("The sources differ")


def test_a_written_answer_says_it_too(generating_server: Server, scripted: ScriptedModel) -> None:
    jobs = generating_server.add(light=LIGHT, climbing=TALLER)

    def written(prompt: Prompt) -> list[Step]:
        return [f"It is 41 metres high [{prompt.number('41 metres')}]."]

    scripted.answer = written
    answer = generating_server.call("POST", "/api/ask", json={"question": HEIGHT}).json()
    assert answer["mode"] == "generated"
    (found,) = answer["disagreements"]
    assert {answer["citations"][side["citation"] - 1]["document_id"] for side in found["sides"]} == {
        job["document_id"] for job in jobs
    }
    assert answer["answer"].endswith(found["line"])
    streamed = generating_server.call("POST", "/api/ask", json={"question": HEIGHT, "stream": True}).text
    assert "46 metres" in streamed
