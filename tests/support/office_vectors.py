"""The table of test files goes on: presentations, spreadsheets, books and texts of word processors."""

from __future__ import annotations

from datetime import date

from ingest.errors import DamagedSource, EncryptedSource, TooLarge, UnsupportedFormat
from tests.support import files as building
from tests.support import office_files as office
from tests.support.file_vectors import Vector

CSV = 'Land;Einwohner;Anmerkung\n"Österreich";9,1 Mio.;"klein; aber\nhoch"\nSchweiz;8,8 Mio.;\n'

OFFICE_READABLE = (
    Vector(
        name="deck.pptx",
        make=office.presentation,
        includes=(
            "- Drei neue Kräne\n- Ein tieferes Becken",
            "Notizen: Der Hafen wächst\n\nDie Kräne kommen erst im Mai.",
            "Jahr | Schiffe\n2024 | 1.742",
            "| Anteil\nKohle | 25%\nErz | 75%",
            "Folie 4\n\nZum Schluss eine Frage.",
        ),
        excludes=("neben der Folie", "verborgene"),
        headings=("Der Hafen wächst", "Notizen: Der Hafen wächst", "Zahlen", "Folie 4"),
        title="Der Hafen wächst",
        authors=("Anna Müller",),
        pages=4,
    ),
    Vector(
        name="numbers.xlsx",
        make=office.workbook,
        includes=(
            "Einwohner der Länder\n\nLand | Einwohner | Anteil | Stand\nÖsterreich | 9.104.772 | 15,3% | 01.01.2023\nSchweiz",
            "31.12.2022\n\nQuelle: eigene Zählung",
            "Verkehr | 2023 | 1.234,50 €\nVerkehr | 2024 | -17,00 €",
        ),
        excludes=("verborgen", "Unsichtbarien", "0.153", "44927"),
        headings=("Tabelle1", "Kosten"),
        title="Die Länder in Zahlen",
        authors=("Anna Müller",),
    ),
    Vector(
        name="election.xls",
        make=office.old_workbook,
        includes=("Partei | Anteil | Tag\nGrüne | 15,30% | 17.05.2024",),
        headings=("Wahl",),
        title="election",
    ),
    Vector(
        name="export.xls",  # as many a register exports what only looks like a workbook
        make=lambda: b"<html><body><table><tr><td>Ort<td>Zahl<tr><td>Linz<td>17</table></body></html>",
        includes=("Ort | Zahl\nLinz | 17",),
        title="export",
    ),
    Vector(
        name="my_countries.csv",
        make=lambda: CSV.encode("cp1252"),
        includes=(
            "Land | Einwohner | Anmerkung\nÖsterreich | 9,1 Mio. | klein; aber hoch\nSchweiz | 8,8 Mio. |",
        ),
        title="my countries",
    ),
    Vector(
        name="values.tsv",
        make=lambda: "Name\tWert\nTür, Tor\t3\n".encode("utf-16"),
        includes=("Name | Wert\nTür, Tor | 3",),
        title="values",
    ),
    Vector(
        name="way.odt",
        make=lambda: office.opendocument("text", office.ODT, office.ODT_STYLES),
        includes=(
            "Am Anfang war der Hafen klein.",
            "- Apfel\n- Birne",
            "Jahr | Anzahl\n2024 | siebzehn",
            "Eine Fußnote.",
        ),
        excludes=("verborgen", "gelöschte"),
        headings=("Ein langer Weg", "Der Anfang"),
        title="Der Plan",
        authors=("Anna Müller",),
    ),
    Vector(
        name="areas.ods",
        make=office.ods,
        includes=("Gebiet | Jahr | Anteil\nNorden | 2023 | 15,3 %\nNorden | 2024 | 16,1 %",),
        excludes=("verborgen", "0.153"),
        headings=("Gebiete",),
        title="Der Plan",
        authors=("Anna Müller",),
    ),
    Vector(
        name="talk.odp",
        make=office.odp,
        includes=("Wir sind da.\n\nNotizen: Ankunft\n\nLeise sprechen.",),
        excludes=("Fußzeile",),
        headings=("Ankunft", "Notizen: Ankunft", "Abfahrt"),
        title="Der Plan",
        authors=("Anna Müller",),
        pages=2,
    ),
    Vector(
        name="valley.epub",
        make=office.book,
        includes=("Erstes Kapitel\n\nIm Tal standen neun Mühlen.\n\nZweites", "Mühle | Räder\nObere | 2"),
        excludes=("Inhalt des Buches", "verborgen"),
        headings=("Erstes Kapitel", "Zweites Kapitel"),
        title="Das Tal der Mühlen",
        published=date(2019, 5, 17),
        authors=("Anna Müller",),
        language="de",
    ),
    Vector(
        name="plan.rtf",
        make=lambda: office.RTF,
        includes=(
            "Ein fetter Satz mit €uro und „Anführung“. Мир",
            "ein Verweis",
            "- Apfel\n- Birne",
            "Jahr | Anzahl\n2024 | siebzehn\n\nEnde gut.\n\nEine Fußnote.",
        ),
        excludes=("verborgen", "weg", "Kopfzeile", "HYPERLINK", "Riched", "89504e47", "Times"),
        headings=("Der erste Schritt",),
        title="Der Plan für morgen",
        authors=("Anna Müller",),
    ),
)

OFFICE_UNREADABLE = (
    Vector(name="cut.xlsx", make=lambda: office.workbook()[:3000], error=DamagedSource, says="no .xlsx file"),
    Vector(
        name="locked.xlsx", make=building.encrypted_word, error=EncryptedSource, says="remove the password"
    ),
    Vector(name="endless.ods", make=office.sheet_without_end, error=TooLarge, says="filled cells"),
    Vector(name="entities.xlsx", make=office.entity_bomb, error=DamagedSource, says="damaged"),
    Vector(name="other.xlsx", make=office.ods, error=UnsupportedFormat, says="but is a .ods file: rename it"),
    Vector(
        name="endless.csv",
        make=lambda: b"1," * 1_000 + b"1\n" + (b"1," * 1_000 + b"1\n") * 1_000,
        error=TooLarge,
        says="filled cells",
    ),
    Vector(name="quotes.csv", make=lambda: b'a,"' + b"b" * 1_000_001, error=DamagedSource, says="line 1"),
    Vector(
        name="locked.odt",
        make=lambda: office.opendocument("text", "", encrypted=True),
        error=EncryptedSource,
        says="remove the password",
    ),
    Vector(
        name="protected.epub",
        make=lambda: office.book(protected=True),
        error=EncryptedSource,
        says="copying (DRM)",
    ),
    Vector(name="no.rtf", make=lambda: b"This is no RTF.", error=DamagedSource, says="no .rtf file"),
    Vector(name="plain.zip.odt", make=office.plain_zip, error=DamagedSource, says="no .odt file"),
)
