"""The viewer shows the whole text with the cited words marked, whatever is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.core import Assistant
from assistant.errors import NotFound, NotReady
from assistant.web.kit.localisation import words
from assistant.web.viewer import document_page, document_text, document_view, routes
from assistant.web.viewer.binding import CitedLink, EarlierTexts, bind, spans
from assistant.web.viewer.document_view import DocumentView
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.pipeline import prepare
from ingest.store.index import Index
from ingest.types import Document, Heading, document_id
from tests.support.conversations import Page, record

EN = words("en")
BODY = "Der Plan\n\nErster Satz. Zweiter Satz.\nNeue Zeile.\n\nKapitel\n\n<b>Dritter</b> Absatz.\n\n\n  Ende."


@dataclass
class Holder:
    """As much of a service as the viewer needs."""

    held: Assistant | None
    kept: Path | None = None
    state: str = "loading"
    message: str = ""
    away: str = ""

    @property
    def assistant(self) -> Assistant:
        if self.held is None:
            raise NotReady("still loading")
        return self.held

    def original(self, document_id: str) -> Path:
        if self.kept is None:
            raise NotFound("not kept")
        return self.kept


def article(source: str = "plan.md", text: str = BODY) -> Document:
    return Document(
        id=document_id(source),
        source=source,
        title="Der Plan",
        text=text,
        published=None,
        authors=("Anna <i>Müller</i>",),
        language="de",
        media_type="text/markdown",
        sha256="ab" * 32,
        page_starts=(0, text.index("Neue")),
        headings=(Heading(start=text.index("Kapitel"), text="Kapitel"),),
    )


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> Iterator[Assistant]:
    index = Index.open(tmp_path_factory.mktemp("data"), embedder)
    index.put([prepare(article(), embedder), prepare(article("https://example.org/a"), embedder)])
    yield Assistant(index, embedder)
    index.close()


def client(holder: Holder) -> TestClient:
    app = FastAPI()
    app.include_router(routes.router(holder))  # type: ignore[arg-type]  # as much of it as is needed
    return TestClient(app)


def shown(assistant: Assistant, query: str = "", source: str = "plan.md", **headers: str) -> Page:
    response = client(Holder(assistant)).get(f"/documents/{document_id(source)}{query}", headers=headers)
    assert response.status_code == 200
    return Page(response.text)


def test_the_cited_words_are_marked_within_the_whole_text(assistant: Assistant) -> None:
    start = BODY.index("Zweiter")
    page = shown(assistant, f"?start={start}&end={start + len('Zweiter Satz.')}")
    assert page.marked == "Zweiter Satz."
    (mark,) = page.all("mark")
    assert mark.items() >= {"id": "cited", "class": "current glossed", "data-cite": "1"}.items()
    assert len([span for span in page.all("span") if "data-gloss" in span]) == 1
    assert "Erster Satz. Zweiter Satz.\n" in page.text
    assert "<b>Dritter</b> Absatz." in page.text
    assert "Cited: page 1" in page.text
    assert "by Anna <i>Müller</i>" in page.text


def test_a_citation_over_paragraphs_is_marked_in_each_and_found_once(assistant: Assistant) -> None:
    page = shown(assistant, f"?start={BODY.index('Erster')}&end={len(BODY)}")
    assert [mark.get("id") for mark in page.all("mark")][:2] == ["cited", None]
    assert "Neue Zeile." in page.marked
    assert page.marked.endswith("Ende.")


def test_headings_and_pages_are_told_apart_from_text(assistant: Assistant) -> None:
    page = shown(assistant)
    assert len(page.all("h2")) == 1
    assert {"class": "page", "id": "page-2", "data-page": "2"} in page.all("span")
    assert page.text.count("Der Plan") == 2  # the window's title and the heading


@pytest.mark.parametrize(
    "query",
    [
        "?start=9&end=3",
        "?start=-1&end=4",
        "?start=x&end=",
        "?start=5",
        f"?start={'9' * 99}&end=1",
        "?start=٣&end=٥",
    ],
)
def test_offsets_that_make_no_sense_mark_nothing(assistant: Assistant, query: str) -> None:
    assert shown(assistant, query).marked == ""


@pytest.mark.parametrize("query", [f"?start={BODY.index('Ende')}&end=99999", "?start=9&end=18"])
def test_a_place_that_the_text_does_not_have_or_that_cuts_a_word_marks_nothing(
    assistant: Assistant, query: str
) -> None:
    page = shown(assistant, query)
    assert page.marked == ""
    assert "What was quoted cannot be checked" in page.text


def test_theme_and_language_follow_the_reader(assistant: Assistant) -> None:
    page = shown(assistant, "?__theme=dark", **{"Accept-Language": "de"})
    assert page.all("html") == [{"lang": "de", "data-theme": "dark"}]
    assert "Dokumente" in page.text
    assert shown(assistant, "?__theme=%22><script>").all("html") == [{"lang": "en"}]


def test_the_original_is_offered_where_there_is_one(assistant: Assistant, tmp_path: Path) -> None:
    assert "Open original" not in shown(assistant).text
    link = shown(assistant, source="https://example.org/a").all("a")[2]
    assert (link["href"], link["rel"]) == ("https://example.org/a", "noopener noreferrer")
    held = client(Holder(assistant, tmp_path)).get(f"/documents/{document_id('plan.md')}?start=47&end=50")
    assert f"/api/documents/{document_id('plan.md')}/original&#35;page=2" in held.text


@pytest.mark.parametrize("wrong", ["0000000000000000", "<script>alert(1)", "config", "%00"])
def test_an_unknown_document_is_a_friendly_404(assistant: Assistant, wrong: str) -> None:
    response = client(Holder(assistant)).get(f"/documents/{wrong}")
    assert response.status_code == 404
    assert "This document is not here" in response.text
    assert "<script>alert" not in response.text


def test_while_loading_the_page_tries_again() -> None:
    response = client(Holder(None)).get("/documents/0123")
    assert response.status_code == 503
    assert {"http-equiv": "refresh", "content": "3"} in Page(response.text).all("meta")


def test_what_cannot_be_loaded_is_not_waited_for() -> None:
    failed = Holder(None, state="failed", message="The index was made by another model.")
    response = client(failed).get("/documents/0123")
    assert response.status_code == 503
    assert "made by another model" in response.text
    assert "refresh" not in response.text


def test_nothing_but_our_own_files_may_run_or_load(assistant: Assistant) -> None:
    headers = client(Holder(assistant)).get(f"/documents/{document_id('plan.md')}").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in policy


def test_several_citations_are_marked_and_each_can_be_gone_to(assistant: Assistant) -> None:
    first, second = BODY.index("Erster"), BODY.index("Ende")
    page = shown(
        assistant, f"?start={second}&end={second + 4}&cite={first}-{first + 6}&cite=9-3&cite=x&cite="
    )
    assert page.marked == "ErsterEnde"
    assert [(mark["data-cite"], mark.get("id")) for mark in page.all("mark")] == [("1", None), ("2", "cited")]
    assert "Citation 2 of 2" in page.text
    (step,) = [link for link in page.all("a") if link.get("class") == "step next"]
    again = shown(assistant, step["href"].partition("#")[0])
    assert [(mark["data-cite"], mark.get("id")) for mark in again.all("mark")] == [
        ("1", "cited"),
        ("2", None),
    ]


def test_a_long_text_comes_in_parts_that_are_its_text(assistant: Assistant) -> None:
    body = "\n\n".join(f"Absatz {number} handelt vom Jahr {number}." for number in range(20_000))
    long = DocumentView(
        record=record(), body=body, headings=frozenset(), parts=tuple(document_view.split_parts(body))
    )
    start = body.index("Absatz 12345 ")
    cited = spans((start, start + 12), [])
    page = Page(document_page.document(long, cited, None, False, EN, ""))
    assert page.marked == "Absatz 12345"
    absent = [section for section in page.all("section") if "data-part" in section]
    assert len(absent) == len(long.parts) - 1 > 10
    assert len(page.html) < 4 * document_view.PART
    told = "".join(
        Page(document_text.fragment(long, number, cited, EN)).text for number in range(len(long.parts))
    )
    assert told == body.replace("\n\n", "")


def test_parts_and_finding_over_http(assistant: Assistant) -> None:
    web, key = client(Holder(assistant)), document_id("plan.md")
    assert "Zweiter Satz." in Page(web.get(f"/documents/{key}/parts/0").text).text
    for wrong in (f"{key}/parts/1", f"{key}/parts/-1", "nothing/parts/0", f"{key}/pages/1.png"):
        assert web.get(f"/documents/{wrong}").status_code == 404
    found = web.get(f"/documents/{key}/find", params={"q": "satz.  zweiter"}).json()
    assert found == {"total": 1, "spans": [[BODY.index("Satz"), BODY.index("Zweiter") + 7]]}
    assert web.get(f"/documents/{key}/find", params={"q": "(a+)+$"}).json()["total"] == 0
    assert web.get("/documents/nothing/find", params={"q": "x"}).json() == {"total": 0, "spans": []}


@given(st.text(alphabet="ab \n<", max_size=200), st.integers(1, 50), st.integers(1, 30))
def test_parts_partition_the_text_and_cut_no_paragraph(body: str, size: int, longest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document_view, "LONGEST_PARAGRAPH", longest)
        spans = list(document_view.split_parts(body, size))
        inside = [block for start, end in spans for block in document_view.split_paragraphs(body, start, end)]
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == len(body)
    told = "".join(body[one.start : one.end] for one in inside)
    assert "".join(told.split()) == "".join(body.split())
    assert all(one.end - one.start <= longest for one in inside)


@given(
    st.text(alphabet="ab \n<&", max_size=60),
    st.integers(0, 70),
    st.integers(0, 70),
    st.lists(st.integers(0, 60), max_size=4),
)
def test_no_character_is_lost_and_the_right_ones_are_marked(
    body: str, start: int, end: int, pages: list[int]
) -> None:
    link = CitedLink(start=str(start), end=str(end))
    cited = bind(link, body, "", EarlierTexts(list, lambda version: "")).cited
    plan = record(title="", page_starts=tuple(sorted(pages)))
    whole = DocumentView(
        record=plan, body=body, headings=frozenset(), parts=tuple(document_view.split_parts(body, 10))
    )
    page = Page(document_text.article(whole, cited, EN))
    for number in range(len(pages), 0, -1):
        page.text = page.text.replace(f"page {number}", "")
        page.marked = page.marked.replace(f"page {number}", "")
    assert "".join(body.split()) in "".join(page.text.split())
    assert "".join(page.marked.split()) == "".join(body[slice(*(cited.current_span or (0, 0)))].split())
