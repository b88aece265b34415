"""Every loader against the table of test files, and the rules that hold for whatever they are given."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import EmptySource
from ingest.loaders import LOADERS, load, markdown, metadata, suffix_of, text
from ingest.loaders.blocks import clean
from ingest.loaders.reflow import Flow, Line, reflow
from ingest.types import Content
from tests.support import files as building
from tests.support.file_vectors import READABLE, UNREADABLE, Vector
from tests.support.office_vectors import OFFICE_READABLE, OFFICE_UNREADABLE


def check(content: Content, vector: Vector) -> None:
    """The content is what the table says, and keeps the rules that every content keeps."""
    for wanted in vector.includes:
        assert wanted in content.text
    for unwanted in vector.excludes:
        assert unwanted not in content.text
    assert tuple(heading.text for heading in content.headings) == vector.headings
    assert (content.title, content.published) == (vector.title, vector.published)
    assert (content.authors, content.language) == (vector.authors, vector.language)
    assert len(content.page_starts) == vector.pages
    check_rules(content)


def check_rules(content: Content) -> None:
    assert content.text
    assert content.text == clean(content.text)
    assert content.title == clean(content.title) != ""
    assert list(content.page_starts) == sorted(content.page_starts)
    assert content.page_starts[:1] in ((), (0,))
    assert max(content.page_starts, default=0) <= len(content.text)
    for heading in content.headings:
        assert content.text[heading.start :].startswith(heading.text)


@pytest.mark.parametrize("vector", [*READABLE, *OFFICE_READABLE], ids=str)
def test_reads(vector: Vector) -> None:
    check(load(vector.make(), vector.name), vector)


@pytest.mark.parametrize("vector", [*UNREADABLE, *OFFICE_UNREADABLE], ids=str)
def test_says_what_is_wrong(vector: Vector) -> None:
    assert vector.error
    with pytest.raises(vector.error) as caught:
        load(vector.make(), vector.name)
    assert type(caught.value) is vector.error
    assert caught.value.source == vector.name
    assert vector.says in caught.value.reason


def test_pages_begin_where_their_text_begins() -> None:
    content = next(load(vector.make(), vector.name) for vector in READABLE if vector.name == "report.pdf")
    beginnings = [content.text[start:][:12] for start in content.page_starts]
    assert beginnings == ["Der Frieden ", "in einem Hot", "Die dritte S"]


def test_a_page_without_text_begins_where_the_next_one_does() -> None:
    content = load(building.pdf([[], ["One."], [], ["Two."], []]), "gaps.pdf")
    assert (content.text, content.page_starts) == ("One.\n\nTwo.", (0, 0, 6, 6, 10))


def test_a_file_of_50_megabytes_loses_nothing() -> None:
    data = building.large_text(50)
    content = load(data, "large.txt")
    assert content.text.encode() == data.strip()


ENCODED = [
    ("Les élèves ont été reçus à l’école où ça va très bien.", "cp1252"),
    ("El niño comió mañana; ¿qué pasó después en España?", "latin-1"),
    ("Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.", "cp1250"),
    ("Все люди рождаются свободными и равными в своем достоинстве и правах.", "cp1251"),
    ("Все люди рождаются свободными и равными в своем достоинстве и правах.", "koi8-r"),
    ("Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια.", "cp1253"),
    ("すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。", "shift_jis"),
    ("人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。", "gb18030"),
    ("Größe: 5 €", "cp1252"),
    ("The first line.\nKein BOM, aber UTF-16: Größe.", "utf-16-le"),
    ("Все люди рождаются свободными и равными.", "utf-16-be"),
    ("Ohne Marke, 32 Bit: Größe.", "utf-32-le"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "encoding"), ENCODED)
def test_encodings_without_a_mark(words: str, encoding: str) -> None:
    assert load(words.encode(encoding), "words.txt").text == words


def test_utf8_that_was_cut_stays_utf8() -> None:
    assert load("Größe und Übermut tun selten gut".encode() + "ü".encode()[:1], "cut.txt").text.startswith(
        "Größe"
    )


# Marks tell the encoding of anything; a NUL at the very beginning would make another mark of that of UTF-16.
any_text = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda words: not words.startswith("\0"))
no_controls = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\r"))


@given(any_text, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_marked_unicode_comes_back(words: str, encoding: str) -> None:
    assert text.load(words.encode(encoding), "any.txt").text == clean(words)


@given(no_controls)
def test_utf8_comes_back(words: str) -> None:
    assert text.load(words.encode(), "any.txt").text == clean(words)


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing_more(words: str) -> None:
    once = clean(words)
    assert clean(once) == once
    assert not {"\r", "\0", "\x7f", "\ufeff", "\u00ad"} & set(once)
    once.encode()  # no lone surrogates


inline = st.text(st.sampled_from("abÄß é\u0301*_`[]()#<>&!|~-1.\u200d\U0001f600"), max_size=12)
markdown_line = st.builds(
    str.__add__, st.sampled_from(["# ", "## ", "- # ", "> # ", "", "- ", "1. ", "    "]), inline
)


@given(st.lists(markdown_line, max_size=12).map("\n\n".join))
def test_headings_of_markdown_are_where_they_say(source: str) -> None:
    content = markdown.load(source.encode(), "any.md")
    for heading in content.headings:
        assert content.text[heading.start :].startswith(heading.text)
    assert content.text == clean(content.text)


tag = st.sampled_from(
    ["h1", "h2", "p", "li", "td", "div", "pre", "b", "table", "tr", "ul", "ol", "br", "section"]
)
element = st.builds(lambda name, words: f"<{name}>{words}</{name}>", tag, inline)


@settings(deadline=None)
@given(st.lists(element, max_size=12).map("".join))
def test_headings_of_pages_are_where_they_say(source: str) -> None:
    with suppress(EmptySource):
        check_rules(load(f"<html><body>{source}</body></html>".encode(), "any.html"))


def test_table_cells_and_code_of_pages() -> None:
    page = "<h2>A</h2><table><tr><td>1<td><p>2</p><p>3</p></tr></table><pre>if x:\n    y</pre><ol><li>a<li>b</ol>"
    assert load(page.encode(), "page.html").text == "A\n\n1 | 2 3\n\nif x:\n    y\n\n1. a\n2. b"


def test_plain_text_needs_no_parsing_library() -> None:
    code = (
        "import sys; from ingest.loaders import load; load(b'Some words.', 'a.txt');"
        "print({'lxml', 'trafilatura', 'markdown_it', 'pypdfium2', 'docx', 'pptx', 'xlrd', 'yaml'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_suffixes_of_paths_names_and_addresses() -> None:
    assert suffix_of("/a.b/Report.PDF") == ".pdf"
    assert suffix_of("https://example.org/a.html?x=1.pdf") == ".html"
    assert suffix_of("C:\\folder.d\\letter.docx") == ".docx"
    assert load(b"Some words.", "https://example.org/article", suffix=".txt").title == "article"
    assert set(LOADERS) >= {".txt", ".md", ".html", ".pdf", ".docx"}


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-05-17T08:30:00Z", date(2024, 5, 17)),
        ("D:20240517083000+02'00'", date(2024, 5, 17)),
        ("17.5.2024", date(2024, 5, 17)),
        (date(2024, 5, 17), date(2024, 5, 17)),
        ("2024-13-45", None),
        ("yesterday", None),
        (None, None),
        ((date.today() + timedelta(days=9)).isoformat(), None),
    ],
)
def test_days(value: object, day: date | None) -> None:
    assert metadata.day(value) == day


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("By Ann Lee and Bo Li; Cy Ray", ("Ann Lee", "Bo Li", "Cy Ray")),
        ("Müller, Anna", ("Müller, Anna",)),
        ("Ann Lee, Bo Li", ("Ann Lee", "Bo Li")),
        ("admin", ()),
        ("ann@example.org", ()),
        ("", ()),
    ],
)
def test_names(value: str, names: tuple[str, ...]) -> None:
    assert metadata.names([value]) == names


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        ("Peace at last\n\nThe talks ended.", "Peace at last"),
        ("Peace at last\nThe talks, which had gone on for five hours, ended on Tuesday.", "Peace at last"),
        ("The talks, which had gone on\nfor five hours, ended late.", ""),
        ("It ended.\n\nThen what?", ""),
        ("- an item\n\nMore.", ""),
        ("Only this", ""),
    ],
)
def test_headlines(words: str, headline: str) -> None:
    assert metadata.headline(words) == headline


@pytest.mark.parametrize(
    "title", ["Microsoft Word - plan.docx", "untitled", "Document1", "scan.pdf", "--", "(anonymous)"]
)
def test_what_programs_write_is_no_title(title: str) -> None:
    assert metadata.title(title, "", "Words.", "/some/the_real-one.pdf") == "the real one"


def lines(*texts: str, pages: tuple[int, ...] = (), divided: bool = False) -> list[Line]:
    """Lines of a column, each as wide as it has letters; the widest reach the right margin."""
    return [
        Line(
            text=words,
            page=pages[number] if pages else 0,
            left=50,
            right=50 + 5 * len(words),
            baseline=700 - 12 * number,
            size=10,
            divided=divided and words.endswith("-"),
        )
        for number, words in enumerate(texts)
    ]


def flowing(*texts: str, divided: bool = False) -> str:
    return reflow(lines(*texts, divided=divided), 1).text


def test_hard_wrapped_lines_become_paragraphs() -> None:
    wrapped = flowing(
        "The talks were long and useful,",
        "said the man who was there. And",
        "they go on.",
        "A new one begins here, it seems.",
    )
    assert (
        wrapped
        == "The talks were long and useful, said the man who was there. And they go on.\n\nA new one begins here, it seems."
    )


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("a long con-", "structive talk", "a long constructive talk"),
        ("the Anglo-", "Saxon people", "the Anglo-Saxon people"),
        ("für Ein-", "und Ausgabe", "für Ein- und Ausgabe"),
        ("the years 2019-", "2020 and on", "the years 2019-2020 and on"),
        ("it was so -", "he said it", "it was so - he said it"),
        ("well-known; a well-", "known man", "well-known; a well-known man"),
    ],
)
def test_divided_words(first: str, second: str, joined: str) -> None:
    assert flowing(first, second) == joined


def test_bullets_begin_lines() -> None:
    assert flowing("We want the following things:", "• peace in all of our countries", "• bread") == (
        "We want the following things:\n• peace in all of our countries\n• bread"
    )


def test_running_heads_and_page_numbers_go() -> None:
    pages = range(4)
    found = reflow(
        [
            Line(text=words, page=page, left=50, right=50 + 5 * len(words), baseline=height, size=10)
            for page in pages
            for words, height in [
                ("The Annual Report", 800),
                (f"First of page {'abcd'[page]}.", 700),
                (f"Second of page {'abcd'[page]}.", 600),
                (f"Third of page {'abcd'[page]}.", 500),
                (f"Page {page + 1} of 4", 40),
            ]
        ],
        len(pages),
    )
    assert found.text.count("The Annual Report") == 1
    assert "of 4" not in found.text
    assert found.text.count("Second of page") == 4


def test_nothing_flows_from_nothing() -> None:
    assert reflow([], 3) == Flow(text="", page_starts=(), headings=(), title="")


@given(
    st.lists(
        st.builds(
            Line,
            text=st.text(st.sampled_from("ab-. •1A"), min_size=1).map(str.strip).filter(bool),
            page=st.integers(0, 4),
            left=st.floats(0, 500),
            right=st.floats(0, 500),
            baseline=st.floats(0, 800),
            size=st.sampled_from([8.0, 10.0, 20.0]),
            divided=st.booleans(),
        )
    ).map(lambda found: sorted(found, key=lambda line: line.page))
)
def test_flowing_keeps_letters_and_page_order(found: list[Line]) -> None:
    flow = reflow(found, 5)
    starts = list(flow.page_starts)
    assert starts == sorted(starts)
    assert len(starts) == (5 if flow.text else 0)
    for heading in flow.headings:
        assert flow.text[heading.start :].startswith(heading.text)
    if max((line.page for line in found), default=0) < 2:  # no running heads are dropped from two pages
        kept = "".join(line.text for line in found)
        assert [c for c in flow.text if c.isalnum()] == [c for c in kept if c.isalnum()]
