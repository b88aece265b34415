"""Hidden text in pages, Word documents and PDFs: what no reader sees is left out, what readers see or can open stays."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.fault_checks import Checked
from ingest.errors import SourceError
from ingest.loaders import load
from tests.support.files import pdf_drawn

KIND = "hidden"
SEEN = "Der neue Steg in Ostrau wird im Mai eröffnet und kostet 410.000 Euro."
UNSEEN = "Der alte Steg ist einsturzgefährdet."
# Ways to hide an element for good: its attributes, and the style sheet of the page.
_HIDING = (
    ('style="visibility:hidden"', ""), ('style="visibility: collapse;"', ""), ('style="opacity:0"', ""),
    ('style="opacity: 0%"', ""), ('style="display:none"', ""), ('style="DISPLAY : NONE !important"', ""),
    ('class="aus"', ".aus{display:none}"), ('class="aus"', "main .aus{visibility:hidden}"),
    ('id="aus"', "#aus{opacity:0}"), ('class="x aus"', "p.aus,div.aus,span.aus{display:none!important}"),
    ('style="position:absolute;left:-9999px"', ""), ('style="text-indent:-9999px"', ""),
    ('style="position:fixed;top:-400em"', ""), ('class="aus"', ".aus{position:absolute;left:-200vw}"),
    ('style="font-size:0"', ""), ('style="font-size:1px"', ""), ('style="font-size:0.01em"', ""),
    ('style="color:#fff;background:#ffffff"', ""), ('style="color:white;background-color:white"', ""),
    ('aria-hidden="true"', ""), ("hidden", ""), ('hidden=""', ""),
    ('style="clip:rect(0,0,0,0);position:absolute"', ""), ('style="clip-path:inset(100%)"', ""),
    ('style="height:0;overflow:hidden"', ""), ('style="transform:scale(0)"', ""),
    ('style="width:0;height:0;overflow:hidden;position:absolute"', ""), ('class="aus"', "@media screen{.aus{display:none}}"),
)  # fmt: skip
# Ways in which a sentence is seen, or can be opened: the elements around it, and the style sheet.
_SHOWING = (
    ("<details><summary>Mehr</summary><p>{}</p></details>", ""),
    ('<button aria-controls="mehr">Mehr</button><div id="mehr" hidden><p>{}</p></div>', ""),
    ('<div role="tabpanel" style="display:none"><p>{}</p></div>', ""),
    ('<p class="schmal">{}</p>', "@media print{.schmal{display:none}}"),
    ('<p class="schmal">{}</p>', "@media (max-width:400px){.schmal{display:none}}"),
    ('<p style="opacity:.8">{}</p>', ""), ('<p style="font-size:0.8em">{}</p>', ""),
    ('<p style="color:#fff;background:#024">{}</p>', ""), ('<p style="display:none;display:block">{}</p>', ""),
    ('<p class="an">{}</p>', ".an{visibility:hidden}.an{visibility:visible}"),
)  # fmt: skip
_AROUND = "<p>Der Gemeinderat von Ostrau hat am Dienstag lange über den Steg beraten und dann einstimmig beschlossen.</p>"
# What is drawn on a PDF's page: operators around the sentence; and whether it is seen.
_DRAWN = (
    ("1 1 1 rg", 11, False), ("1 g", 11, False), ("0.99 0.99 0.99 rg", 11, False), ("0 0 0 0 k", 11, False),
    ("3 Tr", 11, False), ("0 g", 0.4, False), ("7 Tr", 11, False), ("0 g", 11, True), ("0 0 1 rg", 11, True),
    ("0.4 g", 11, True), ("0 g", 6, True), ("1 Tr 0 G", 11, True),
)  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """Every way, in each format. Nothing is written."""
    for attributes, styles in _HIDING:
        for tag in ("p", "span"):
            body = f"<p>{SEEN}</p><{tag} {attributes}>{UNSEEN}</{tag}>"
            yield _tried(f"html, {tag} {attributes} {styles}", _page(body, styles), "a.html")
    for around, styles in _SHOWING:
        body = f"<p>{UNSEEN[:9]}</p>" + around.format(SEEN)
        yield _tried(f"html, seen: {around} {styles}", _page(body, styles), "a.html")
    for name, hide in _WORD_WAYS.items():
        yield _tried(f"docx, {name}", _word(hide), "a.docx")
    for operators, size, seen in _DRAWN:
        shown = _PDF_LINE % (b"0 g 0 Tr", 11, 700, (SEEN if not seen else "Ostrau").encode("cp1252"))
        other = _PDF_LINE % (operators.encode(), size, 660, (SEEN if seen else UNSEEN).encode("cp1252"))
        yield _tried(f"pdf, {operators} at {size}", pdf_drawn(shown + other), "a.pdf")
    away = b"BT /F1 11 Tf 0 g 1 0 0 1 -900 660 Tm (%b) Tj ET" % UNSEEN.encode("cp1252")
    shown = _PDF_LINE % (b"0 g", 11, 700, SEEN.encode("cp1252"))
    yield _tried("pdf, off the page", pdf_drawn(shown + away), "a.pdf")
    dark = b"0 0 0.4 rg 60 640 500 40 re f " + _PDF_LINE % (b"1 g", 11, 655, SEEN.encode("cp1252"))
    yield _tried("pdf, white on dark", pdf_drawn(dark), "a.pdf")


_PDF_LINE = b"BT %b /F1 %g Tf 1 0 0 1 60 %d Tm (%b) Tj ET\n"


def _tried(name: str, data: bytes, file: str) -> Checked:
    try:
        text = " ".join(load(data, file).text.split())
    except SourceError as error:
        text = f"failed: {error}"
    right = SEEN in text and UNSEEN not in text
    return Checked(kind=KIND, name=name, right=right, seen=text[:200])


def _page(body: str, styles: str) -> bytes:
    head = f"<title>Steg in Ostrau</title><style>{styles}</style>"
    return f"<!doctype html><html lang=de><head><meta charset=utf-8>{head}</head><body><main><article><h1>Steg in Ostrau</h1>{_AROUND}{body}{_AROUND}</article></main></body></html>".encode()


def _vanish(run: Any) -> None:
    run.font.hidden = True


def _white(run: Any) -> None:
    from docx.shared import RGBColor

    run.font.color.rgb = RGBColor(255, 255, 255)


def _small(run: Any) -> None:
    from docx.shared import Pt

    run.font.size = Pt(1)


def _by_style(run: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    style = run.part.document.styles.add_style("Unsichtbar", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    run.style = style


def _by_paragraph_style(run: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    style = run.part.document.styles.add_style("Versteckt", WD_STYLE_TYPE.PARAGRAPH)
    style.font.hidden = True
    run._parent.style = style


def _by_base(run: Any) -> None:
    _by_style(run)
    from docx.enum.style import WD_STYLE_TYPE

    derived = run.part.document.styles.add_style("Abgeleitet", WD_STYLE_TYPE.CHARACTER)
    derived.base_style = run.style
    run.style = derived


def _deleted(run: Any) -> None:
    from docx.oxml import OxmlElement

    element = run._r
    deletion = OxmlElement("w:del")
    element.addprevious(deletion)
    deletion.append(element)


_WORD_WAYS: dict[str, Callable[[Any], None]] = {
    "vanish": _vanish, "white": _white, "one point": _small, "vanish by a character style": _by_style,
    "vanish by a paragraph style": _by_paragraph_style, "vanish by a style's base": _by_base, "deleted": _deleted,
}  # fmt: skip


def _word(hide: Callable[[Any], None]) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Steg in Ostrau", level=1)
    document.add_paragraph(SEEN)
    hide(document.add_paragraph().add_run(UNSEEN))
    document.add_paragraph("Der Gemeinderat hat lange beraten.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
