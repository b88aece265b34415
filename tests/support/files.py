"""Makes the files that tests read, so that none made by others lies in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

import docx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The standard security handler with a user password; no reader finds out that nothing is encrypted.
_ENCRYPTION = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
_IMAGE = b"q 200 0 0 200 72 500 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q"


def pdf(
    pages: Sequence[Sequence[str]], *, about: Mapping[str, str] | None = None, encrypted: bool = False
) -> bytes:
    """A PDF of Helvetica lines, 14 points apart; ``# `` makes one large, an empty one leaves a gap.

    A page without lines holds a picture only. ``about`` is the information dictionary.
    """
    return _pdf([_drawing(lines) if lines else _IMAGE for lines in pages], about or {}, encrypted)


def pdf_drawn(*drawings: bytes) -> bytes:
    """A PDF with a page for each content stream; ``/F1`` is Helvetica."""
    return _pdf(drawings, {}, False)


def _pdf(drawings: Sequence[bytes], about: Mapping[str, str], encrypted: bool) -> bytes:
    count = len(drawings)
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, drawing in enumerate(drawings):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    trailer = f"/Root 1 0 R /Info {len(objects) + 1} 0 R"
    objects.append(b"<< %s >>" % b" ".join(b"/%s %s" % (k.encode(), _string(v)) for k, v in about.items()))
    if encrypted:
        objects.append(_ENCRYPTION.encode())
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
    return _file(objects, trailer)


def _drawing(lines: Sequence[str]) -> bytes:
    shown = []
    for number, line in enumerate(lines):
        size, words = (20, line[2:]) if line.startswith("# ") else (11, line)
        shown.append(b"BT /F1 %d Tf 1 0 0 1 72 %d Tm %s Tj ET" % (size, 780 - 14 * number, _string(words)))
    return b"\n".join(shown)


def _string(text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return b"(%s)" % escaped.encode("cp1252")


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    end = f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + table.encode() + end.encode()


def word() -> bytes:
    """A Word document with a title, two headings, a list, a table, and core properties."""
    document = docx.Document()
    document.core_properties.title = "Der Plan für den Frieden"
    document.core_properties.author = "Anna Müller; Bo Li"
    document.core_properties.created = datetime(2024, 5, 17, 8, 30)
    document.core_properties.language = "de-DE"
    document.add_heading("Was bisher geschah", level=1)
    document.add_paragraph("Die Gespräche dauerten fünf Stunden.\tSie endeten ").add_run(
        "ohne Ergebnis."
    ).bold = True
    document.add_paragraph("Erster Punkt", style="List Bullet")
    document.add_paragraph("Zweiter Punkt", style="List Bullet")
    document.add_heading("Zahlen", level=2)
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ["Jahr", "Anzahl", "2024", "siebzehn"], strict=True):
        cell.text = words
    document.add_paragraph("Nach der Tabelle kommt der Schluss.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def encrypted_word() -> bytes:
    """The shell of a Word document with a password: an OLE container with the encrypted package."""
    return OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)


def zip_bomb() -> bytes:
    """A Word document of some 100 kB whose text unpacks to more than 100 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(101):
                part.write(b" " * 1_000_000)
    return stream.getvalue()


def large_text(megabytes: int) -> bytes:
    """UTF-8 text of about so many million bytes, all lines alike."""
    line = "Die Gespräche über das Territorium waren lang, aber nützlich, sagte der Berater.\n".encode()
    return line * (megabytes * 1_000_000 // len(line))
