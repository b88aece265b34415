"""What the pages show is what was meant, and text stays text whatever it holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.absence import Absence, DaysPublished, MissReason, NearMiss, SoughtWord
from assistant.citation_links import place
from assistant.service.jobs import Job
from assistant.sources.types import SourceRow, SourcesAsked, SourceTable
from assistant.types import Answer, Filters, Hit, Statement
from assistant.web.answer import actions, export, render, source_panel
from assistant.web.answer.answer_view import AnswerView, view_answer
from assistant.web.answer.conversations import Exchange
from assistant.web.answer.source_view import view_citation
from assistant.web.chat import components, conversation_history, filters
from assistant.web.documents import documents_table
from assistant.web.kit.html import element, showable, text
from assistant.web.kit.localisation import FOLDER, Words, translations, words
from assistant.web.sources import source_rows
from assistant.web.uploads import progress
from tests.support.conversations import QUOTE, TEXT, Page, citation, quoting, record

EN = words("en-GB,en;q=0.9")
DE = words("de-AT")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "**bold** _x_ `code` [link](javascript:alert(1)) $x^2$ $$y$$ \\(z\\)",
    '${alert(1)} {{constructor}} __i18n__{"key": "ask"}',
    "line\n\n# heading\n\n<b>after a blank line</b>\r\n\ttab",
    "</div></body><iframe srcdoc=x>",
    "&lt;script&gt; &amp; &#60;b&#62;",
    "\x00\x07\x1b[31m \ud800 \ufffe \u202egnp.exe",
    "[1] [2] [99]",
]
TAGS = {
    "a",
    "article",
    "bdi",
    "blockquote",
    "button",
    "caption",
    "details",
    "div",
    "h2",
    "input",
    "li",
    "mark",
    "ol",
    "p",
    "progress",
    "section",
    "span",
}
TAGS |= {"label", "strong", "summary", "template", "table", "tbody", "td", "th", "thead", "time", "tr", "ul"}
ATTRIBUTES = {
    "aria-description",
    "aria-hidden",
    "aria-label",
    "aria-pressed",
    "aria-sort",
    "checked",
    "class",
    "datetime",
    "dir",
    "hidden",
    "href",
    "id",
    "lang",
    "max",
    "maxlength",
    "name",
    "placeholder",
    "role",
    "scope",
    "tabindex",
    "target",
    "title",
    "type",
    "value",
}


def replied(answer: Answer, text_of: str = TEXT, documents: int = 1) -> AnswerView:
    return view_answer(answer, lambda _: text_of, documents)


def everything(title: str, words_of_source: str, asked: str, name: str) -> list[str]:
    """Everything that can be shown of a document, with hostile text wherever text comes in."""
    quote = words_of_source or "x"
    body = f"before {quote} after"
    document = record(title, name, authors=(name,), language="de")
    cited = citation(body, quote, of=document)
    hit = Hit(passage=cited.passage, document=document, score=1.0, dense_rank=1, lexical_rank=None)
    quoted = replace(quoting(cited), searched=(asked, name), question="")
    refused = replace(quoted, refused=True, text=asked, nearest=(hit,), possible=(cited,), notice=name)
    miss = NearMiss(
        passage=cited.passage,
        document=document,
        quote=cited.quote,
        start=cited.start,
        end=cited.end,
        reasons=(
            MissReason(kind="other_speaker", words=(name,)),
            MissReason(kind="lacks_words", words=(asked,)),
        ),
    )
    sought = SoughtWord(
        text=asked,
        name=True,
        spellings=(name,),
        equivalents={title: (asked,)},
        unknown_in=(name,),
        found=DaysPublished(documents=1, first=document.published, last=document.published),
    )
    absence = Absence(
        refused_for="nobody_named",
        names=(name, title),
        searched=DaysPublished(documents=1),
        languages={},
        words=(sought,),
        nearest=(miss,),
    )
    refused = replace(refused, absence=absence)
    rows = [
        SourceRow(key="k", name=title, outlet=name, document=document, documents=2, saying=1, citation=cited),
        SourceRow(key="l", name=title, outlet=name, document=document, documents=1, saying=0, miss=miss),
    ]
    table = SourceTable(
        question=asked, language="de", by="outlet", rows=tuple(rows), total=3, saying=1, searched=3, judged=2
    )
    doubted = Statement(text=asked, citations=(1,), supported="no", reason=name)
    generated = replace(quoted, mode="generated", model=name, statements=(doubted,))
    replies = [replied(one, body) for one in (quoted, refused, generated)]
    judged = Exchange(question=asked, reply=replies[2], sources=replies[2].sources, verdict="down")
    told = Exchange(question=asked, told=asked, sources=replies[0].sources, problem=name)
    job = Job(id="j", source=name, state="failed", error=asked, title=title)
    talked = components.messages([judged, told, replace(judged, note=name)], "http://h/", EN)
    return [
        *(message["content"] for message in talked),
        *(render.answer(one, 1, EN, "http://h/") for one in replies),
        source_rows.beginning(table, SourcesAsked(question=asked), lambda _: body, EN),
        *(components.announcement(one, EN) for one in (judged, told)),
        components.source_cards([judged, told], "", EN),
        components.bridge_data(asked + title + name),
        actions.suggested_questions([asked, title], EN),
        filters.chips(Filters(documents=(name, title)), lambda _: title, EN),
        conversation_history.list_frame(EN),
        progress.rows(
            [job, replace(job, state="running"), replace(job, state="done", document_id="d")], 50, EN
        ),
        documents_table.table(
            documents_table.table_page([document], documents_table.TableState(selected=(document.id,))), EN
        ),
    ]


@given(st.text(), st.text(min_size=1), st.text(), st.text(min_size=1))
@example(*HOSTILE[:4])
@example(*HOSTILE[4:8])
@example(HOSTILE[8], HOSTILE[9], HOSTILE[10], HOSTILE[0])
def test_no_text_becomes_markup(title: str, quote: str, asked: str, name: str) -> None:
    for html in everything(title, quote, asked, name):
        page = Page(html)
        assert {tag for tag, _ in page.elements} <= TAGS
        attributes = {name for _, attributes in page.elements for name in attributes}
        assert {name for name in attributes if not name.startswith("data-")} <= ATTRIBUTES
        assert all(
            re.match(r"(documents/|#s-|#conversation|sources\?question=|api/sources\.csv\?)", link["href"])
            for link in page.all("a")
        )
        # Nothing is left for Markdown, LaTeX, Gradio's translations or its templates to read.
        assert not re.search(r"[\n\r\t`$*_{}\[\]\\~|]", html)
        html.encode()


@given(st.text() | st.sampled_from(HOSTILE))
def test_text_is_shown_as_it_is(value: str) -> None:
    page = Page(element("p", text(value), title=value))
    assert page.text == showable(value).replace("\r", "")
    assert page.all("p") == [{"title": showable(value).replace("\r", "")}]


def test_an_answer_names_its_source_and_links_every_marker_to_a_card() -> None:
    given = replied(quoting(citation()), documents=12)
    answer = Page(render.answer(given, 3, EN))
    assert "Der Plan 3 Dec 2025" in answer.text
    assert f"{QUOTE}\xa0Source [1]" in answer.text
    assert "Quoted verbatim · 0.4 s · 12 documents searched" in answer.text
    (marker,) = answer.all("a")
    assert marker["aria-description"] == (
        "Der Plan · plan.md · 3 Dec 2025 · „Am Freitag“ = 5 Dec 2025 (published 3 Dec 2025)"
    )
    panel = Page(source_panel.panel([(3, Exchange(question="Wann?", sources=given.sources))], EN))
    assert marker["href"] == "#" + panel.all("article")[0]["id"]
    assert panel.marked == QUOTE
    assert (
        panel.all("a")[0]["href"]
        == "documents/0123456789abcdef?start=16&end=54&quote=Am+Freitag+reist+Uschakow+nach+Moskau.#cited"
    )


def test_each_source_is_named_once_above_its_quotes() -> None:
    first, second = citation(), citation(quote="Der Plan steht.", number=2)
    assert render.answer(replied(quoting(first, second)), 1, EN).count("<h2") == 1


def test_what_possibly_answers_stands_apart_from_an_answer() -> None:
    cited = citation()
    refused = replace(
        quoting(), refused=True, text="No.", statements=(), citations=(), possible=(cited,), nearest=()
    )
    page = Page(render.answer(replied(refused), 1, EN))
    assert "Möglicherweise, aber nicht sicher:" in page.text
    assert cited.quote in page.text
    assert {"class": "possibly"} in page.all("div")
    assert not any(link.get("class") == "cite" for link in page.all("a"))


def test_a_refusal_offers_the_nearest_passages_and_what_to_try() -> None:
    cited = citation()
    hit = Hit(passage=cited.passage, document=cited.document, score=1.0, dense_rank=1, lexical_rank=1)
    refused = replace(
        quoting(), refused=True, text="Die Dokumente beantworten diese Frage nicht.", nearest=(hit,)
    )
    page = Page(render.answer(replied(refused), 1, DE))
    assert page.text.startswith("Die Dokumente beantworten diese Frage nicht.Verwenden Sie andere Wörter")
    assert "Die Stelle, die am nächsten kommt" in page.text
    assert TEXT in page.text
    assert page.all("details") == [{"class": "nearest"}]
    assert "zitiert" not in page.text
    assert DE("try_all") not in page.text
    assert DE("try_all") in Page(render.answer(replace(replied(refused), restricted=True), 1, DE)).text


@pytest.mark.parametrize(("language", "page", "spoken"), [("de", EN, DE), ("en", DE, EN), ("it", DE, DE)])
def test_what_stands_below_a_refusal_is_in_its_language(language: str, page: Words, spoken: Words) -> None:
    refused = replace(quoting(), refused=True, text="No.", language=language)
    shown = Page(render.answer(replied(refused), 1, page))
    assert spoken("try_words") in shown.text
    assert len(shown.all("li")) == 2
    (around,) = [one for one in shown.all("div") if one.get("class") == "refusal"]
    assert around.get("lang") == (language if spoken is not page else None)


def test_a_quoted_row_of_a_table_has_the_names_of_its_columns_above_it() -> None:
    rows = ("Partei | Stimmen | Sitze", "SPD | 3.019 | 6")
    whole = "\n".join(rows)
    cited = replace(citation(), quote=rows[1], start=len(rows[0]) + 1, end=len(whole))
    source = replace(view_citation(citation(), lambda _: TEXT), columns=("Partei", "Stimmen", "Sitze"))
    assert view_citation(cited, lambda _: whole).columns == source.columns
    reply = replace(replied(quoting(citation())), sources=(source,))
    assert "Spalten: Partei | Stimmen | Sitze" in Page(render.answer(reply, 1, DE)).text
    assert "columns: Partei | Stimmen | Sitze" in export.whereabouts(source, EN)


def test_a_quote_from_a_page_with_mixed_columns_says_so() -> None:
    record = replace(citation().document, page_starts=(0, 10_000), doubtful_pages=(1,))
    cited = replace(citation(), document=record)
    assert "womöglich Spalten vermischt" in Page(render.answer(replied(quoting(cited)), 1, DE)).text
    assert "order of lines doubtful" in export.whereabouts(view_citation(cited, lambda _: TEXT), EN)
    other = replace(cited, document=replace(record, doubtful_pages=(2,)))
    assert "vermischt" not in Page(render.answer(replied(quoting(other)), 1, DE)).text


def test_what_a_model_says_without_support_is_marked_with_the_reason() -> None:
    statements = (
        Statement(text="Sure [1].", citations=(1,), supported="yes"),
        Statement(text="Unsure.", citations=(), supported="no", reason="cites nothing"),
    )
    answer = replace(
        quoting(citation()), mode="generated", model="m", statements=statements, notice="Slow today."
    )
    page = Page(render.answer(replied(answer), 1, EN))
    assert page.text.count("not supported by its sources: cites nothing") == 1
    (doubt,) = [mark for mark in page.all("span") if mark.get("class") == "doubt"]
    assert doubt == {"class": "doubt", "tabindex": "0", "data-peek": "cites nothing"}
    assert "match in 1 of 2 sentences; what happened was not checked" in page.text
    assert "Slow today." in page.text
    assert "Written by m" in page.text


def test_a_label_says_in_words_whether_what_happened_was_found() -> None:
    found = Statement(text="Sure [1].", citations=(1,), supported="yes", events="found")
    missed = Statement(
        text="Odd [1].", citations=(1,), supported="not checked", reason="look", events="not found"
    )
    unchecked = Statement(text="Who knows [1].", citations=(1,), supported="yes")
    answer = replace(quoting(citation()), mode="generated", model="m")

    def shown(*statements: Statement) -> str:
        return Page(render.answer(replied(replace(answer, statements=statements)), 1, EN)).text

    assert "figures, names, negations and what happened match in 1 of 1 sentence" in shown(found)
    assert "match in 2 of 2 sentences; what happened was not found in the quotes for 1 of them" in shown(
        found, missed
    )
    assert "look at the quote: look" in shown(missed)
    assert "match in 2 of 2 sentences; what happened was not checked in 1 of them" in shown(found, unchecked)
    assert "in 1 of 1 sentence; what happened was not checked" in shown(unchecked)


def test_what_was_searched_for_is_said_where_it_was_not_the_question() -> None:
    answer = replace(quoting(citation()), question="And he?", searched=("And Uschakow?", "And he?"))
    assert "Searched for: And Uschakow?" in Page(render.answer(replied(answer), 1, EN)).text
    same = replace(answer, searched=("And he? ",))
    assert "Searched for" not in Page(render.answer(replied(same), 1, EN)).text


def test_markers_of_unknown_sources_stay_text() -> None:
    sources = (view_citation(citation(), lambda _: TEXT),)
    told = f"One [1], two [2], many [{'9' * 5000}]."
    page = Page(render.partial_answer(Exchange(question="?", told=told, sources=sources), 1, EN))
    assert [link["href"] for link in page.all("a")] == ["#s-1-1"]
    assert page.text.replace("\u2060", "").startswith("One Source [1], two [2], many [999")


def test_a_thumb_can_be_taken_back_and_asks_why_once() -> None:
    one = Exchange(question="?", reply=replied(quoting(citation())), verdict="down")
    asking = Page(actions.answer_buttons(one, 2, True, "", EN))
    thumbs = {thumb["class"]: thumb for thumb in asking.all("button") if "thumb" in thumb.get("class", "")}
    assert thumbs["thumb up"]["data-verdict"] == "up"
    assert (thumbs["thumb down"]["data-verdict"], thumbs["thumb down"]["aria-pressed"]) == ("none", "true")
    assert len(asking.all("input")) == 1
    thanked = Page(actions.answer_buttons(replace(one, note="wrong date"), 2, True, "", EN))
    assert not thanked.all("input")
    assert "wrong date" not in thanked.text


def test_a_chip_leaves_the_rest_of_the_restriction() -> None:
    day = record().published
    restriction = Filters(documents=("a", "b"), published_from=day)
    page = Page(filters.chips(restriction, {"a": "Eins", "b": "Zwei"}.__getitem__, DE))
    assert page.text == "Eins×Zwei×ab 3. Dez. 2025×"
    left = [(chip["data-documents"], chip["data-since"]) for chip in page.all("button")]
    assert left == [("b", "2025-12-03"), ("a", "2025-12-03"), ("a,b", "")]
    many = Filters(documents=tuple("abcdef"))
    assert Page(filters.chips(many, str, DE)).text == "6 Dokumente×"
    assert filters.chips(Filters(), str, DE, 3) == ""


def test_a_restriction_to_days_offers_the_documents_without_a_date() -> None:
    days = Filters(documents=("a",), published_from=date(2025, 3, 1))
    assert not Page(filters.chips(days, str, EN, 0)).all("input")
    for chosen, said in (
        (days, "1 document without a date is left outthese too"),
        (replace(days, include_undated=True), "also 1 document without a date"),
    ):
        page = Page(filters.chips(chosen, str, EN, 1))
        (box,) = page.all("input")
        assert page.text.endswith(said)
        assert (box["data-documents"], box["data-since"], "checked" in box) == (
            "a",
            "2025-03-01",
            chosen.include_undated,
        )
        assert [chip.get("data-undated") for chip in page.all("button")] == [
            "true" if chosen.include_undated else None
        ] * 2


def test_only_the_last_answers_sources_are_shown() -> None:
    shown = (view_citation(citation(), lambda _: TEXT),)
    groups = list(
        enumerate([*(Exchange(question="a", sources=shown) for _ in "ab"), Exchange(question="c")], 1)
    )
    classes = [section["class"] for section in Page(source_panel.panel(groups[:2], EN)).all("section")]
    assert classes == ["group", "group active"]
    assert "active" not in source_panel.panel(groups, EN)


def test_a_card_shows_whole_sentences_around_a_quote_that_reaches_over_its_passage() -> None:
    long = "Ein Satz davor. " * 30 + QUOTE + " Ein Satz danach." * 30
    cited = citation(long, QUOTE)
    late = replace(cited, passage=replace(cited.passage, start=cited.start + 5))
    assert view_citation(late, lambda _: long).before == ""
    shown = view_citation(cited, lambda _: long)
    assert shown.before.startswith("… Ein Satz davor. ")
    assert shown.after.endswith("Ein Satz danach. …")
    assert len(shown.before) < 250


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        ("https://www.example.org/a/b.html?c", "example.org"),
        ("/home/me/Artikel/Plan.pdf", "Plan.pdf"),
        ("C:\\Users\\me\\Plan.pdf", "Plan.pdf"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_the_place_of_a_document_is_its_site_or_file(origin: str, shown: str) -> None:
    assert place(record(source=origin)) == shown


def test_jobs_say_in_words_how_far_they_are() -> None:
    job = Job(id="a1", source="Plan.pdf", state="running", stage="embedding", progress=0.5)
    running = Page(progress.rows([job], 50, DE))
    assert "Wird durchsuchbar gemacht" in running.text
    assert running.all("progress") == [{"max": "1", "value": "0.5", "aria-label": "Plan.pdf"}]
    assert running.all("button")[0]["value"] == "a1"
    failed = Page(progress.rows([replace(job, state="failed", error="is empty: add another")], 50, EN))
    assert "Could not be added" in failed.text
    assert "is empty: add another" in failed.text
    assert [button["data-act"] for button in failed.all("button")] == ["clear"]
    done = progress.rows(
        [replace(job, state="done", document_id="0f", title="Der Plan", replaced=True)], 50, EN
    )
    assert Page(done).all("a")[0]["href"] == "documents/0f"
    assert "Updated" in done


def test_what_was_added_is_not_hidden_by_what_failed() -> None:
    states = ["failed", "done", "failed", "unchanged", "done", "failed", "done"]
    jobs = [
        Job(id=str(at), source=f"{at}.md", state=state, replaced=at == 6)  # type: ignore[arg-type]  # one of the states
        for at, state in enumerate(states)
    ]
    shown = Page(progress.rows(jobs, 50, EN))
    assert shown.text.startswith("2 added, 1 updated, 1 unchanged, 3 failed")
    assert [line["data-job"] for line in shown.all("li")] == ["1", "3", "4", "6", "0", "2", "5"]
    going = [*jobs, Job(id="7", source="7.md", state="running")]
    shown = Page(progress.rows(going, 50, DE))
    assert shown.text.startswith("2 hinzugefügt, 1 aktualisiert, 1 unverändert, 1 in Arbeit, 3 gescheitert")
    assert [line["data-job"] for line in shown.all("li")] == list("01234567")  # nothing jumps meanwhile
    assert "hidden" in Page(progress.rows(jobs[:1], 50, EN)).all("p")[0]


def test_the_shelf_lists_finds_and_says_when_it_is_empty() -> None:
    plan, other = record(), record("Other", "https://www.example.org/x", id="ff", language="")
    assert documents_table.matching([plan, other], "EXAMPLE oth") == [other]
    page = Page(
        documents_table.table(
            documents_table.table_page([plan], documents_table.TableState(selected=(plan.id,))), EN
        )
    )
    assert [box.get("checked") for box in page.all("input")] == [None, ""]
    assert "Der Planplan.md" in page.text
    assert "There are no documents yet" in documents_table.table(
        documents_table.table_page([], documents_table.TableState()), EN
    )
    assert "No document matches" in documents_table.table(
        documents_table.table_page([plan], documents_table.TableState(search="x y")), EN
    )


def test_both_languages_say_everything() -> None:
    assert set(translations()) == {"de", "en"}
    english, german = translations()["en"], translations()["de"]
    assert english.keys() == german.keys()
    for key, phrase in english.items():
        assert sorted(re.findall(r"{\w+}", phrase)) == sorted(re.findall(r"{\w+}", german[key])), key


def test_every_phrase_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in FOLDER.parents[1].rglob("*.py"))
    named = set(re.findall(r"""["'](\w+)["']""", code))
    made = [re.sub(r"{[\w.]+}", r"\\w+", name) for name in re.findall(r'f"([a-z_]*{[\w.]+}[a-z_]*)"', code)]
    elsewhere = (
        "reason_",
        "stage_",
        "state_",
        "job_stage_",
        "language_",
        "followed_",
    )  # completed by what the service says
    for key in translations()["en"]:
        stem = re.sub(r"_(one|other|lead|hint|title)$", "", key)
        known = key.startswith(elsewhere) or {key, stem} & named
        assert known or any(re.fullmatch(name, key) for name in made if name not in (r"\w+", r"\w+_\w+")), key


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-AT,en", "de"), ("DE", "de"), ("fr,de", "en"), ("", "en"), (None, "en"), ("*", "en")],
)
def test_the_browsers_first_language_decides(header: str | None, language: str) -> None:
    assert words(header).language == language


def test_numbers_and_dates_are_written_as_in_the_language() -> None:
    day = record().published
    assert day is not None
    assert (EN.number(1234.5), DE.number(1234.5)) == ("1,234.5", "1.234,5")
    assert (EN.date(day), DE.date(day)) == ("3 Dec 2025", "3. Dez. 2025")
    assert EN.count("searched", 1) == "1 document searched"
