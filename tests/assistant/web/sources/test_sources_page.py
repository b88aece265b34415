"""Source by source and the proof of absence through every door: HTTP, command, tool, page, file."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from assistant import cli
from assistant.api.schemas.sources import CSV_COLUMNS, read_csv
from tests.support.accessibility import grave
from tests.support.browser import Open, ask
from tests.support.server import Server

ONE = """---
title: Streik der Gondolieri in Quellmar
date: 2025-04-02
---

# Streik der Gondolieri in Quellmar

Die Gondolieri in Quellmar streiken seit Dienstag, weil die Stadt die Liegegebühr verdoppelt hat. Kein Boot fährt mehr.
"""
TWO = """---
title: Quellmar without gondolas
date: 2025-04-03
---

# Quellmar without gondolas

Mayor Ilse Brandauer said the gondoliers of Quellmar were on strike because of the doubled mooring fee. Hotels are worried.
"""
THREE = """---
title: Neue Brücke in Quellmar
date: 2025-02-01
---

# Neue Brücke in Quellmar

Quellmar bekommt eine neue Brücke aus Lärchenholz. Die Arbeiten beginnen im Mai.
"""
HOSTILE = """---
title: "=cmd|' /C calc'!A0 <img src=x onerror=\\"window.hacked=1\\">"
date: 2025-04-04
---

The gondoliers of Quellmar went on strike because the mooring fee was doubled, a leaflet says. <script>window.hacked=1</script>
"""
QUESTION = "Warum streiken die Gondolieri in Quellmar?"
NOWHERE = "Wem gehört der Flughafen von Xanthuria?"


@pytest.fixture(scope="module")
def articles(server: Server) -> list[str]:
    return [
        str(job["document_id"])
        for job in server.add(streik=ONE, gondolas=TWO, footbridge=THREE, leaflet=HOSTILE)
    ]


def asked(server: Server, articles: list[str], **more: object) -> dict[str, object]:
    parameters = {"question": QUESTION, "document": articles, **more}
    response = server.call("GET", "/api/sources", params=parameters)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_each_document_has_its_own_sentence_or_is_silent(server: Server, articles: list[str]) -> None:
    table = asked(server, articles)
    rows = {row["document_id"]: row for row in table["rows"]}  # type: ignore[attr-defined]
    assert (table["total"], table["searched"]) == (4, 4)
    assert "Liegegebühr verdoppelt" in rows[articles[0]]["citation"]["quote"]
    assert "doubled mooring fee" in rows[articles[1]]["citation"]["quote"]
    assert rows[articles[1]]["citation"]["attribution"]["speaker"] == "Ilse Brandauer"
    assert rows[articles[2]]["silent"]
    assert rows[articles[2]]["nearest"]["reasons"]
    for row in rows.values():
        place = row["citation"] or row["nearest"]
        text = server.call("GET", f"/api/documents/{row['document_id']}/text").json()["text"]
        assert text[place["start"] : place["end"]] == place["quote"]


def test_rows_are_ordered_and_paged(server: Server, articles: list[str]) -> None:
    newest = asked(server, articles, order="newest")["rows"]
    days = [row["published"] for row in newest]  # type: ignore[attr-defined]
    assert days == sorted(days, reverse=True)
    pages = [asked(server, articles, order="oldest", limit=1, offset=at)["rows"] for at in range(5)]
    assert [row["published"] for page in pages for row in page] == sorted(days)  # type: ignore[attr-defined]


def test_days_restrict_what_is_asked(server: Server, articles: list[str]) -> None:
    table = asked(server, articles, **{"from": "2025-04-03"})
    assert {row["document_id"] for row in table["rows"]} == {articles[1], articles[3]}  # type: ignore[attr-defined]


def test_a_wrong_question_is_refused(server: Server) -> None:
    assert server.call("GET", "/api/sources", params={"question": " "}).status_code == 422
    assert server.call("GET", "/api/sources", params={"question": "a", "by": "x"}).status_code == 422
    twisted = {"question": "a", "from": "2025-02-01", "to": "2025-01-01"}
    assert server.call("GET", "/api/sources", params=twisted).status_code == 422


def test_the_file_for_spreadsheets_has_no_formulas(server: Server, articles: list[str]) -> None:
    parameters = {"question": QUESTION, "document": articles}
    response = server.call("GET", "/api/sources.csv", params=parameters)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    head, *rows = read_csv(text)
    assert head == list(CSV_COLUMNS)
    assert len(rows) == 4
    by_id = {row[head.index("document_id")]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_id[articles[2]]["says"] == "silent"
    assert by_id[articles[3]]["title"].startswith("=cmd|")
    assert "'=cmd|" in text
    assert by_id[articles[0]]["url"].startswith(f"{server.url}/documents/{articles[0]}?")


def test_the_terminal_asks_the_server(
    server: Server, articles: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(server.data))
    only = [part for document in articles for part in ("--document", document)]
    assert cli.main(["sources", QUESTION, *only]) == 0
    printed = capsys.readouterr().out
    assert "of 4 documents say something; 4 documents searched." in printed
    assert "silent: Neue Brücke in Quellmar" in printed
    assert cli.main(["sources", QUESTION, "--csv", "--by", "story", *only]) == 0
    head, *rows = read_csv(capsys.readouterr().out)
    assert (head, len(rows)) == (list(CSV_COLUMNS), 4)
    assert cli.main(["sources", QUESTION, "--json", *only]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["total"] == 4
    assert cli.main(["sources", " "]) == 2
    assert cli.main(["ask", NOWHERE, "--explain"]) == 0
    assert "“Xanthuria” " in capsys.readouterr().out


def test_the_api_proves_an_absence(server: Server, articles: list[str]) -> None:
    body = {"question": NOWHERE, "documents": articles}
    answer = server.call("POST", "/api/ask", json=body).json()
    absence = answer["absence"]
    assert answer["refused"]
    assert absence["searched"]["documents"] == 4
    assert (absence["searched"]["first"], absence["searched"]["last"]) == ("2025-02-01", "2025-04-04")
    words = {word["text"]: word["found"]["documents"] for word in absence["words"]}
    assert words["Xanthuria"] == 0
    answered = server.call("POST", "/api/ask", json={"question": QUESTION, "documents": articles}).json()
    assert answered["absence"] is None


# -- on the page ---------------------------------------------------------------------------------


def table(page: Page) -> list[str]:
    expect(page.locator("#source-table table")).to_be_visible()
    return page.locator("#source-table tbody tr").all_inner_texts()


@pytest.mark.parametrize(
    ("locale", "width", "scheme"),
    [("en-GB", 1280, "light"), ("de-DE", 390, "dark"), ("en-GB", 390, "dark"), ("de-DE", 1600, "light")],
)
def test_the_page_shows_the_table(
    server: Server, articles: list[str], visit: Open, locale: str, width: int, scheme: str
) -> None:
    page = visit(
        f"/sources?question={quote(QUESTION)}",
        locale=locale,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
    )
    rows = table(page)
    assert any("Liegegebühr verdoppelt" in row for row in rows)
    assert any(("silent" if locale == "en-GB" else "schweigt") in row for row in rows)
    assert any("=cmd|" in row and "<img" in row for row in rows)
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_is_used_with_the_keyboard(server: Server, articles: list[str], visit: Open) -> None:
    page = visit("/sources")
    question = page.get_by_role("searchbox")
    question.fill(QUESTION)
    question.press("Enter")
    assert table(page)
    expect(page).to_have_url(re.compile("question="))
    page.get_by_label("A row for each").select_option("outlet")
    expect(page.locator("#source-table tbody")).to_contain_text("No outlet named")
    page.get_by_label("A row for each").select_option("document")
    # The table by outlet has such rows too: wait until it is gone, or the row opened below goes with it.
    expect(page.locator("#source-table tbody")).not_to_contain_text("No outlet named")
    expect(page.locator("#source-table tbody tr.says")).not_to_have_count(0)
    summary = page.locator("#source-table tr.silent summary").first
    summary.focus()
    summary.press("Enter")
    expect(page.locator("#source-table tr.silent details[open]")).to_have_count(1)
    page.reload()
    assert table(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as CSV").click()
    assert read_csv(download.value.path().read_text("utf-8-sig"))[0] == list(CSV_COLUMNS)


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en-GB", 1280, "light"), ("de-DE", 390, "dark")])
def test_a_refusal_can_be_opened(
    server: Server, articles: list[str], visit: Open, locale: str, width: int, scheme: str
) -> None:
    page = visit("/", locale=locale, viewport={"width": width, "height": 900}, color_scheme=scheme)
    ask(page, NOWHERE if locale == "de-DE" else "Who owns the airport of Xanthuria?")
    summary = page.locator(".absence > summary")
    summary.focus()
    summary.press("Enter")
    proof = page.locator(".absence")
    expect(proof.locator("tbody")).to_contain_text("Xanthuria")
    expect(proof).to_contain_text(
        "“Xanthuria” is in none" if locale == "en-GB" else "„Xanthuria“ steht in keinem"
    )
    assert proof.locator("ol li").count()
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    copied = proof.locator("[data-copy]")
    assert json.loads(copied.last.get_attribute("data-copy") or "")["searched"]["documents"] > 0
    assert "Xanthuria" in (copied.first.get_attribute("data-copy") or "")
    page.reload()  # the browser has kept it
    expect(page.locator(".absence")).to_have_count(1)


def test_an_answer_leads_to_its_sources(server: Server, articles: list[str], visit: Open) -> None:
    page = visit("/")
    ask(page, QUESTION)
    page.get_by_role("link", name="Source by source").click()
    assert any("Liegegebühr verdoppelt" in row for row in table(page))
