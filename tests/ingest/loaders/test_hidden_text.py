"""Text that no reader of a document sees is not read; what can be opened, and an article that a script shows, is."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from ingest.errors import EmptySource
from ingest.loaders import load
from tests.support import files as building

BODY = "The lighthouse of Corran was built of grey stone in the year 1887 and stands to this day."
END = "Its keeper, Morag Blair, said that nobody has lived in it since her grandfather left."
UNSEEN = "The lighthouse will be sold to a bank."


def page(fragment: str, *, head: str = "", around: str = "{}") -> bytes:
    article = around.format(f"<h1>The lighthouse of Corran</h1><p>{BODY}</p>{fragment}<p>{END}</p>")
    return f"<!doctype html><html lang=en><head><title>Corran</title>{head}</head><body>{article}</body></html>".encode()


def read(data: bytes, name: str = "corran.html") -> str:
    content = load(data, name)
    assert BODY in content.text
    assert END in content.text
    return content.text


def styled(css: str) -> str:
    return f"<style>{css}</style>"


HIDDEN_INLINE = [
    "display:none", "display: none !important", "visibility:hidden", "opacity:0", "opacity: 0.0", "font-size:0",
    "font-size:1px", "font-size:0.5pt", "font:0/0 serif", "position:absolute;left:-9999px",
    "position:fixed;top:-200vh", "text-indent:-9999px", "color:#fff;background:#fff",
    "color:white;background-color:rgb(255, 255, 254)", "color:hsl(0,0%,100%);background:#ffffff no-repeat",
    "position:absolute;clip:rect(0,0,0,0)", "clip-path:inset(50%)", "height:0;overflow:hidden",
    "width:1px;height:1px;overflow:hidden", "transform:translateX(-9999px)", "content-visibility:hidden",
]  # fmt: skip


@pytest.mark.parametrize("style", HIDDEN_INLINE)
def test_a_style_of_its_own_hides(style: str) -> None:
    assert UNSEEN not in read(page(f'<p style="{style}">{UNSEEN}</p>'))


@pytest.mark.parametrize(
    "attributes",
    ["hidden", 'hidden=""', 'aria-hidden="true"', 'id="x" hidden="hidden"', 'class="note" hidden'],
)
def test_an_attribute_hides(attributes: str) -> None:
    assert UNSEEN not in read(page(f"<div {attributes}><p>{UNSEEN}</p></div>"))


@pytest.mark.parametrize(
    ("css", "attributes"),
    [
        (".x{display:none}", 'class="x"'),
        ("#x{visibility:hidden}", 'id="x"'),
        ("p.x.y , .z { opacity : 0 ; }", 'class="y x"'),
        ("article .x{display:none}", 'class="x"'),
        ("article > .x{display:none}", 'class="x"'),
        (".x{display:block}.x{display:none}", 'class="x"'),
        (".x{display:none!important}#y{display:block}", 'class="x" id="y"'),
        ("@media screen{.x{display:none}}", 'class="x"'),
        ("@media all and (min-width:1px){b{color:red}} .x{display:none}", 'class="x"'),
        ("/* .x{display:block} */ .x{display:none} @media print{.x{display:block}}", 'class="x"'),
        ("body{background:#fafafa}.x{color:#fafafa}", 'class="x"'),
        (".x{content:'}';display:none}", 'class="x"'),
        ("@font-face{font-family:a;src:url(a)} .x{position:absolute;left:-5000px}", 'class="x"'),
    ],
)
def test_a_rule_of_the_page_hides(css: str, attributes: str) -> None:
    fragment = f"<p {attributes}>{UNSEEN}</p>"
    assert UNSEEN not in read(page(fragment, head=styled(css), around="<article>{}</article>"))


@pytest.mark.parametrize(
    ("css", "fragment"),
    [
        ("", '<details><summary>More</summary><p>{}</p></details>'),
        ("", '<button aria-controls="more">More</button><div id="more" hidden><p>{}</p></div>'),
        ("", '<a href="#m">More</a><div id="m" style="display:none"><p>{}</p></div>'),
        ("", """<button onclick="show('m')">More</button><div id="m" style="display:none"><p>{}</p></div>"""),
        ("", '<div role="tabpanel" aria-hidden="true"><p>{}</p></div>'),
        ("", '<div hidden="until-found"><p>{}</p></div>'),
        (".m{display:none}.m.open{display:block}", '<div class="m"><p>{}</p></div>'),
        (".m{display:none}:checked~.m{display:block}", '<input type=checkbox><div class="m"><p>{}</p></div>'),
        (".m{display:none}@media(min-width:600px){.m{display:block}}", '<div class="m"><p>{}</p></div>'),
        ("@media print{.m{display:none}}", '<div class="m"><p>{}</p></div>'),
        ("@media (max-width:600px){.m{display:none}}", '<div class="m"><p>{}</p></div>'),
        (
            "@media (prefers-color-scheme:dark){body{color:#fff}}body{background:#fff}",
            '<div class="m"><p>{}</p></div>',
        ),
        (".m{opacity:0;animation:fade 1s forwards}@keyframes fade{to{opacity:1}}", '<div class="m"><p>{}</p></div>'),
        (".m:hover{display:none}.other .m{display:none}", '<div class="m"><p>{}</p></div>'),
        (".m{display:none}.m{display:block}", '<div class="m"><p>{}</p></div>'),
        (".m{color:#fff;background:#036}", '<div class="m"><p>{}</p></div>'),
        (".m{color:#fff;background:#fff url(night.jpg)}", '<div class="m"><p>{}</p></div>'),
        (".row{font-size:0}.row>*{font-size:16px}", '<div class="row"><p>{}</p></div>'),
        (".out{visibility:hidden}.in{visibility:visible}", '<div class="out"><p class="in">{}</p></div>'),
    ],
)  # fmt: skip
def test_what_can_be_seen_or_opened_stays(css: str, fragment: str) -> None:
    assert UNSEEN in read(page(fragment.format(UNSEEN), head=styled(css), around="<article>{}</article>"))


@pytest.mark.parametrize(
    "around",
    [
        '<div style="opacity:0">{}</div>',
        '<main style="visibility:hidden">{}</main>',
        '<div id="root" aria-hidden="true"><article>{}</article></div><div role="dialog"><p>Choose a language.</p></div>',
        '<div class="late" hidden>{}</div>',
    ],
)
def test_an_article_that_a_script_shows_is_read(around: str) -> None:
    read(page("", around=around))


def test_where_nothing_else_is_left_what_is_hidden_is_read() -> None:
    words = f'<p style="display:none">{BODY}</p><p style="display:none">{END}</p>'
    read(f"<html><head><title>Corran</title></head><body><p>Please wait</p>{words}</body></html>".encode())


def test_a_first_letter_that_only_screen_readers_skip_is_read() -> None:
    assert "Many birds live there." in read(
        page('<p><span aria-hidden="true">M</span>any birds live there.</p>')
    )


def test_deep_pages_and_long_selectors_are_read() -> None:
    deep = '<div class="a">' * 150 + f'<p class="x">{UNSEEN}</p>' + "</div>" * 150
    css = ".a " * 100 + ".b{display:none}" + ".a " * 60 + ".x{display:none}"
    assert UNSEEN not in read(page(deep, head=styled(css)))


def test_hidden_html_in_markdown_is_left_out() -> None:
    source = f'# Corran\n\n{BODY}\n\n<div style="opacity:0">{UNSEEN}</div>\n\n{END}\n'
    assert UNSEEN not in read(source.encode(), "corran.md")


def word(write: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    document.add_paragraph(BODY)
    write(document)
    document.add_paragraph(END)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def run_hidden(document: docx.document.Document) -> None:
    document.add_paragraph("Open to all. ").add_run(UNSEEN).font.hidden = True


def character_style_hidden(document: docx.document.Document) -> None:
    base = document.styles.add_style("Secret", WD_STYLE_TYPE.CHARACTER)
    base.font.hidden = True
    document.styles.add_style("Secret too", WD_STYLE_TYPE.CHARACTER).base_style = base
    document.add_paragraph("Open to all. ").add_run(UNSEEN, style="Secret too")


def paragraph_style_hidden(document: docx.document.Document) -> None:
    document.styles.add_style("Notes", WD_STYLE_TYPE.PARAGRAPH).font.hidden = True
    document.add_paragraph("Open to all. ")
    document.add_paragraph(UNSEEN, style="Notes")


def cell_hidden(document: docx.document.Document) -> None:
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].add_run("Open to all. ")
    cell.paragraphs[0].add_run(UNSEEN).font.hidden = True


def too_small(document: docx.document.Document) -> None:
    document.add_paragraph("Open to all. ").add_run(UNSEEN).font.size = Pt(1)


def on_its_own_colour(document: docx.document.Document) -> None:
    run = document.add_paragraph("Open to all. ").add_run(UNSEEN)
    for name, attribute in (("color", "val"), ("shd", "fill")):
        element = OxmlElement(f"w:{name}")
        element.set(qn(f"w:{attribute}"), "FFFFFF")
        run._r.get_or_add_rPr().append(element)


def white_on_paper(document: docx.document.Document) -> None:
    document.add_paragraph("Open to all. ").add_run(UNSEEN).font.color.rgb = RGBColor(255, 255, 255)


def white_in_a_dark_cell(document: docx.document.Document) -> None:
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:fill"), "1F3864")
    cell._tc.get_or_add_tcPr().append(shade)
    cell.paragraphs[0].add_run(UNSEEN).font.color.rgb = RGBColor(255, 255, 255)


HIDING = [
    run_hidden,
    character_style_hidden,
    paragraph_style_hidden,
    cell_hidden,
    too_small,
    on_its_own_colour,
    white_on_paper,
]


@pytest.mark.parametrize("write", HIDING)
def test_hidden_text_of_word_files_is_left_out(write: Callable[[docx.document.Document], None]) -> None:
    text = read(word(write), "corran.docx")
    assert "Open to all." in text
    assert UNSEEN not in text


def shown_again(document: docx.document.Document) -> None:
    document.styles.add_style("Notes", WD_STYLE_TYPE.PARAGRAPH).font.hidden = True
    document.add_paragraph(style="Notes").add_run(UNSEEN).font.hidden = False


def test_white_text_on_a_dark_ground_is_read() -> None:
    assert UNSEEN in read(word(white_in_a_dark_cell), "corran.docx")


def test_text_that_undoes_its_style_is_read() -> None:
    assert UNSEEN in read(word(shown_again), "corran.docx")


IMAGE = b"q 500 0 0 30 60 690 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q\n"
LINE = b"BT /F1 11 Tf %s 1 0 0 1 72 %d Tm (%s) Tj ET\n"


def pdf(secret: bytes, *, before: bytes = b"") -> bytes:
    """Two lines that are seen, with ``secret`` drawn between them."""
    first, last = LINE % (b"", 760, BODY.encode()), LINE % (b"", 640, END.encode())
    return building.pdf_drawn(first + before + secret + last)


def pdf_line(style: bytes = b"", *, at: int = 700, words: str = UNSEEN) -> bytes:
    return b"BT /F1 11 Tf %s 1 0 0 1 72 %d Tm (%s) Tj ET\n" % (style, at, words.encode())


HIDDEN_IN_PDF = {
    "white": pdf_line(b"1 g"),
    "nearly white": pdf_line(b"0.99 0.99 1 rg"),
    "invisible": pdf_line(b"3 Tr"),
    "clipping only": pdf_line(b"7 Tr"),
    "tiny": b"BT /F1 1 Tf 0.5 0 0 0.5 72 700 Tm (%s) Tj ET\n" % UNSEEN.encode(),
    "off the page": pdf_line(at=-80),
    "under an area": pdf_line(b"0 g") + b"0 g 60 690 500 30 re f\n",
    "on its colour": b"0.2 0.3 0.4 rg 60 690 500 30 re f\n" + pdf_line(b"0.2 0.3 0.4 rg"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HIDDEN_IN_PDF)
def test_text_of_pdfs_that_is_not_seen_is_left_out(kind: str) -> None:
    assert UNSEEN not in read(pdf(HIDDEN_IN_PDF[kind] + b"0 g 0 Tr\n"), "corran.pdf")


def test_a_hidden_end_of_a_line_is_left_out() -> None:
    line = b"BT /F1 11 Tf 72 700 Td (Open to all. ) Tj 1 g (%s) Tj 0 g ET\n" % UNSEEN.encode()
    text = read(pdf(line), "corran.pdf")
    assert "Open to all." in text
    assert UNSEEN not in text


SEEN_IN_PDF = {
    "white on dark": b"0.1 g 60 690 500 30 re f\n" + pdf_line(b"1 g"),
    "thin and white on dark": b"0.1 g 60 690 500 30 re f\n" + pdf_line(b"1 g", words="Il I lie " + UNSEEN),
    "white on a picture": IMAGE + pdf_line(b"1 g"),
    "read in a scan": IMAGE + pdf_line(b"3 Tr"),
    "grey": pdf_line(b"0.8 g"),
    "size by a matrix": b"BT /F1 1 Tf 11 0 0 11 72 700 Tm (%s) Tj ET\n" % UNSEEN.encode(),
    "outlined": b"1 g 0 G " + pdf_line(b"2 Tr"),
}


@pytest.mark.parametrize("kind", SEEN_IN_PDF)
def test_text_of_pdfs_that_is_seen_or_read_in_a_scan_stays(kind: str) -> None:
    assert UNSEEN in read(pdf(SEEN_IN_PDF[kind] + b"0 g 0 Tr\n"), "corran.pdf")


def test_a_page_with_only_invisible_text_is_read() -> None:
    words = b"".join(LINE % (b"3 Tr", height, line.encode()) for height, line in ((760, BODY), (740, END)))
    read(building.pdf_drawn(words), "corran.pdf")


def test_a_file_with_nothing_to_see_is_empty() -> None:
    with pytest.raises(EmptySource):
        load(building.pdf_drawn(pdf_line(b"1 g")), "corran.pdf")
