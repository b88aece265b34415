"""Makes presentations, spreadsheets, books and texts of word processors that tests read, none of them made by others."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pptx
import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF_SPACES = " ".join(
    f'xmlns:{prefix}="{ODF}{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("presentation", "presentation"), ("meta", "meta"), ("fo", "xsl-fo-compatible"),
    ]
)  # fmt: skip
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive with these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook() -> bytes:
    """Two sheets that are seen, with numbers in formats, dates, cells over several rows, and much that is hidden."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties(
        {"title": "Die Länder in Zahlen", "author": "Anna Müller", "created": datetime(2020, 1, 2)}
    )
    share, people = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "#,##0"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    money = book.add_format({"num_format": '#,##0.00 "€";[Red]-#,##0.00 "€"'})
    sheet = book.add_worksheet("Tabelle1")
    sheet.write(0, 0, "Einwohner der Länder")
    for column, name in enumerate(["Land", "Einwohner", "Anteil", "Stand", "Geheim"]):
        sheet.write(2, column, name)
    rows: list[tuple[str, int, float, date]] = [
        ("Österreich", 9104772, 0.153, date(2023, 1, 1)),
        ("Schweiz", 8815385, 0.1482, date(2022, 12, 31)),
        ("Unsichtbarien", 1, 0.5, date(2022, 12, 31)),
    ]
    for number, (land, count, part, stand) in enumerate(rows, 3):
        sheet.write(number, 0, land)
        sheet.write(number, 1, count, people)
        sheet.write(number, 2, part, share)
        sheet.write_datetime(number, 3, datetime.combine(stand, datetime.min.time()), day)
        sheet.write(number, 4, "verborgene Spalte")
    sheet.set_row(5, None, None, {"hidden": True})
    sheet.set_column(4, 4, None, None, {"hidden": True})
    sheet.write(8, 0, "Quelle: eigene Zählung")
    costs = book.add_worksheet("Kosten")
    costs.write_row(0, 0, ["Bereich", "Jahr", "Betrag"])
    costs.merge_range(1, 0, 2, 0, "Verkehr")
    for number, (year, amount) in enumerate([(2023, 1234.5), (2024, -17.0)], 1):
        costs.write(number, 1, year)
        costs.write(number, 2, amount, money)
    secret = book.add_worksheet("Versteckt")
    secret.write(0, 0, "verborgenes Blatt")
    secret.hide()
    book.close()
    return stream.getvalue()


def long_workbook(rows: int) -> bytes:
    """A sheet of towns with two figures each; only its first row says what they are."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Towns")
    sheet.write_row(0, 0, ["Town", "Inhabitants", "Bridges"])
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, [f"Town{number}ville", 1000 + 7 * number, number % 9])
    book.close()
    return stream.getvalue()


def sheet_without_end() -> bytes:
    """A small spreadsheet whose only row is repeated as often as a sheet has rows."""
    rows = ods_row(["a", "b"], ' table:number-rows-repeated="1048576"')
    return opendocument("spreadsheet", f'<table:table table:name="A">{rows}</table:table>')


def _relations(kind: str, target: str) -> str:
    return f'<Relationships><Relationship Id="r1" Type="t/{kind}" Target="{target}"/></Relationships>'


def plain_zip() -> bytes:
    """An archive that is no document."""
    return zipped({"a.txt": "Some words."})


def entity_bomb() -> bytes:
    """A workbook whose sheet names entities that unfold to gigabytes."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    sheet = (
        f'<!DOCTYPE worksheet [<!ENTITY e0 "Bombe Bombe"><!ENTITY out SYSTEM "file:///etc/passwd">{entities}]><worksheet>'
        '<sheetData><row><c t="inlineStr"><is><t>Anfang &e11;&out;</t></is></c></row></sheetData></worksheet>'
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/a.xml"),
            "xl/worksheets/a.xml": sheet,
        }
    )


def old_workbook() -> bytes:
    """The stream of a workbook of 1997: a sheet with a share and a day in their formats."""
    styles = [0] * 16 + [10, 14]
    day = (date(2024, 5, 17) - date(1899, 12, 30)) / timedelta(days=1)
    sheet = [
        _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 6)),
        *(_label(0, column, words) for column, words in enumerate(["Partei", "Anteil", "Tag"])),
        _label(1, 0, "Grüne"),
        _record(0x203, struct.pack("<HHHd", 1, 1, 16, 0.153)),
        _record(0x203, struct.pack("<HHHd", 1, 2, 17, day)),
        _record(0x0A, b""),
    ]
    name = "Wahl".encode("utf-16-le")
    country = _record(0x8C, struct.pack("<HH", 49, 49))
    fonts = (
        _record(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial") * 5
    )
    xfs = b"".join(
        _record(0xE0, struct.pack("<HHHBBBBIIH", 0, key, 1, 0, 0, 0, 0, 0, 0, 0)) for key in styles
    )
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 1997, 0, 6)) + country + fonts + xfs
    listed = struct.pack("<IBBBB", 0, 0, 0, 4, 1) + name
    at = len(head) + len(_record(0x85, listed)) + len(_record(0x0A, b""))
    listed = struct.pack("<IBBBB", at, 0, 0, 4, 1) + name
    return head + _record(0x85, listed) + _record(0x0A, b"") + b"".join(sheet)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _label(row: int, column: int, words: str) -> bytes:
    return _record(0x204, struct.pack("<HHHHB", row, column, 15, len(words), 1) + words.encode("utf-16-le"))


def presentation() -> bytes:
    """Four slides: points with notes, a table and a chart, one that is hidden, one without a title."""
    deck = pptx.Presentation()
    deck.core_properties.title, deck.core_properties.author = "PowerPoint-Präsentation", "Anna Müller"
    deck.core_properties.created = datetime(2020, 1, 2)
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Der Hafen wächst"
    first.placeholders[1].text_frame.text = "Drei neue Kräne"
    first.placeholders[1].text_frame.add_paragraph().text = "Ein tieferes Becken"
    first.notes_slide.notes_text_frame.text = "Die Kräne kommen erst im Mai."
    beside = first.shapes.add_textbox(Emu(-9_000_000), Emu(0), Emu(100_000), Emu(100_000))
    beside.text_frame.text = "liegt neben der Folie"
    unseen = first.shapes.add_textbox(Emu(0), Emu(0), Emu(100_000), Emu(100_000))
    unseen.text_frame.text = "verborgene Form"
    unseen._element.nvSpPr.cNvPr.set("hidden", "1")
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Zahlen"
    table = second.shapes.add_table(2, 2, Emu(0), Emu(0), Emu(100_000), Emu(100_000)).table
    for number, words in enumerate(["Jahr", "Schiffe", "2024", "1.742"]):
        table.cell(number // 2, number % 2).text = words
    figures = CategoryChartData(number_format="0%")
    figures.categories = ["Kohle", "Erz"]
    figures.add_series("Anteil", [0.25, 0.75])
    size = (Emu(0), Emu(0), Emu(100_000), Emu(100_000))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, figures)
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "verborgene Folie"
    hidden._element.set("show", "0")
    last = deck.slides.add_slide(deck.slide_layouts[6])
    box = last.shapes.add_textbox(Emu(0), Emu(0), Emu(100_000), Emu(100_000))
    box.text_frame.text = "Zum Schluss eine Frage."
    for slide in deck.slides:
        for run in slide._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}rPr"):
            run.set("lang", "de-DE")
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def opendocument(kind: str, body: str, styles: str = "", *, encrypted: bool = False) -> bytes:
    """An OpenDocument file of a kind ("text", "spreadsheet", "presentation") with this body and these styles."""
    about = "<dc:title>Der Plan</dc:title><meta:initial-creator>Anna Müller</meta:initial-creator>"
    late = "<dc:creator>Bo Li</dc:creator><dc:date>2020-01-02T00:00:00</dc:date>"
    manifest = (
        "<manifest><file-entry><encryption-data/></file-entry></manifest>" if encrypted else "<manifest/>"
    )
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": manifest,
            "meta.xml": f"<office:document-meta {_ODF_SPACES} {_DC}><office:meta>{about}{late}</office:meta></office:document-meta>",
            "content.xml": (
                f"<office:document-content {_ODF_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
                f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
            ),
        }
    )


ODT_STYLES = (
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T" style:family="paragraph" style:parent-style-name="Title"/>'
)
ODT = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>gelöschte Zeile</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>"
    '<text:p text:style-name="T">Ein langer Weg</text:p><text:h text:outline-level="1">Der <text:s/>Anfang</text:h>'
    '<text:p>Am Anfang<text:span text:style-name="H"> verborgen</text:span> war der Hafen<text:note><text:note-citation>1'
    "</text:note-citation><text:note-body><text:p>Eine Fußnote.</text:p></text:note-body></text:note> klein.</text:p>"
    "<text:list><text:list-item><text:p>Apfel</text:p></text:list-item><text:list-item><text:p>Birne</text:p></text:list-item>"
    "</text:list><table:table><table:table-row><table:table-cell><text:p>Jahr</text:p></table:table-cell><table:table-cell>"
    "<text:p>Anzahl</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>2024</text:p>"
    "</table:table-cell><table:table-cell><text:p>siebzehn</text:p></table:table-cell></table:table-row></table:table>"
)


def ods_row(cells: Iterable[str], more: str = "") -> str:
    """A row of a sheet; a cell that begins with "<" is XML."""
    made = (
        cell if cell.startswith("<") else f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row{more}>{''.join(made)}</table:table-row>"


def ods() -> bytes:
    """A sheet with figures as they are shown, a cell over two rows, hidden rows, a million empty ones; and a hidden sheet."""
    spanning = '<table:table-cell table:number-rows-spanned="2"><text:p>Norden</text:p></table:table-cell>'
    share = '<table:table-cell office:value-type="percentage" office:value="0.153"><text:p>15,3 %</text:p></table:table-cell>'
    rows = [
        ods_row(["Gebiet", "Jahr", "Anteil"]),
        ods_row([spanning, "2023", share]),
        ods_row(["<table:covered-table-cell/>", "2024", "16,1 %"]),
        ods_row(["Süden", "verborgene Zeile", "1"], ' table:visibility="collapse"'),
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>",
    ]
    hidden = (
        f'<table:table table:name="B" table:style-name="ta2">{ods_row(["verborgenes Blatt"])}</table:table>'
    )
    style = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    return opendocument(
        "spreadsheet", f'<table:table table:name="Gebiete">{"".join(rows)}</table:table>{hidden}', style
    )


def odp() -> bytes:
    """Two slides, the first with notes."""
    frame = (
        '<draw:frame presentation:class="{}"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>'
    )
    notes = f"<presentation:notes>{frame.format('notes', 'Leise sprechen.')}</presentation:notes>"
    return opendocument(
        "presentation",
        f'<draw:page draw:name="page1">{frame.format("title", "Ankunft")}{frame.format("outline", "Wir sind da.")}{notes}'
        f'</draw:page><draw:page draw:name="page2">{frame.format("title", "Abfahrt")}{frame.format("footer", "Fußzeile")}'
        "</draw:page>",
    )


def book(*, protected: bool = False) -> bytes:
    """A book of two chapters with a table of contents, an author, a translator, and a day of publication."""
    page = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    parts: dict[str, Any] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        ),
        "OEBPS/book.opf": (
            f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="3.0"><metadata {_DC}>'
            "<dc:title>Das Tal der Mühlen</dc:title><dc:creator>Anna Müller</dc:creator>"
            '<dc:creator opf:role="trl">Bo Li</dc:creator><dc:language>de-AT</dc:language>'
            '<dc:date opf:event="modification">2022-01-01</dc:date><dc:date>2019-05-17</dc:date></metadata><manifest>'
            '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
            '<item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>'
        ),
        "OEBPS/nav.xhtml": page.format("<ol><li>Inhalt des Buches</li></ol>"),
        "OEBPS/a.xhtml": page.format(
            '<h1>Erstes Kapitel</h1><p>Im Tal standen neun Mühlen.</p><p style="display:none">verborgen</p>'
        ),
        "OEBPS/two b.xhtml": page.format(
            "<h1>Zweites Kapitel</h1><table><tr><th>Mühle</th><th>Räder</th></tr><tr><td>Obere</td><td>2</td></tr></table>"
        ),
    }
    if protected:
        parts["META-INF/encryption.xml"] = (
            '<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
        )
    return zipped(parts)


RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Arial;}}
{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}{\*\generator Riched20;}
{\info{\title Der Plan f\'fcr morgen}{\author Anna M\'fcller}{\creatim\yr2020\mo1\dy2}}
{\header Kopfzeile}\pard\s1 Der erste Schritt\par
\pard\s0 Ein {\b fetter} Satz mit \u8364?uro und \'84Anf\'fchrung\ldblquote .{\v verborgen} {\deleted weg}{\f1\'cc\'e8\'f0}\par
{\field{\*\fldinst HYPERLINK "http://a.example"}{\fldrslt ein Verweis}}{\footnote Eine Fu\'dfnote.}\par
{\listtext\'b7\tab}Apfel\par{\listtext\'b7\tab}Birne\par
\trowd\cellx1\cellx2\pard\intbl Jahr\cell Anzahl\cell\row\trowd\cellx1\cellx2\pard\intbl 2024\cell siebzehn\cell\row
\pard Ende{\pict\pngblip 89504e47} gut.\par}"""
