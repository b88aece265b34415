"""Test files, made when asked for, and what reading each must give: one table for every door into the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ingest.errors import (
    DamagedSource,
    EmptySource,
    EncryptedSource,
    SourceError,
    TooLarge,
    UnsupportedFormat,
)
from tests.support import containers
from tests.support import files as building


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A file: its bytes and either what reading it must give, or the error and words of its message."""

    name: str
    make: Callable[[], bytes]
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    title: str = ""
    published: date | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    pages: int = 0
    error: type[SourceError] | None = None
    says: str = ""

    def __str__(self) -> str:
        return self.name


GERMAN = "Größere Städte\n\nJuri Uschakow sagte: „Nicht weiter, das ist sicher.“ Der Übergang kostet 5 €."

MARKDOWN = """\
---
title: "Ein Plan: vier Schritte"
date: 2024-05-17
authors:
  - Anna Müller
  - name: Bo Li
lang: de
---
# Der *erste* Schritt

Ein **fetter** Satz mit [einem Verweis](https://example.org/ziel) und `code_wort`.
Er geht hier weiter. <!-- nicht zu sehen -->

- Apfel
- Birne
  - Quitte

1. Erstens
2. Zweitens

Der zweite Schritt
------------------

> Ein Zitat.

| Jahr | Zahl |
|------|------|
| 2024 | 17   |

```python
if wahr:
    print("**so**")
```

<div>Roher <b>Text</b> <script>alert("nein")</script></div>
"""

HTML = """\
<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Frieden in Sicht? - Die Zeitung</title>
<meta name="author" content="Anna Müller"><meta property="article:published_time" content="2024-05-17T08:30:00+02:00">
<script>document.write("aus dem Skript")</script><style>p { color: red }</style></head><body>
<nav><a href="/">Startseite</a> <a href="/politik">Politik</a> <a href="/abo">Abo bestellen</a></nav>
<article><h1>Frieden in Sicht?</h1>
<p>Die Gespräche zwischen den beiden Ländern über das Ende des Krieges waren <b>konstruktiv</b>, erklärte der
hochrangige Berater des Präsidenten am Mittwoch vor der Presse, aber es bleibe noch sehr viel zu tun.</p>
<h2>Kein Kompromiss</h2>
<p>In der Frage des Territoriums sei bislang kein Kompromiss gefunden worden, ohne den es &quot;keine Lösung&quot;
für die Krise geben könne, sagte er. Die Kontakte würden in den kommenden Wochen fortgesetzt.</p>
<ul><li>Erstens das Gebiet</li><li>Zweitens die Sicherheit</li></ul>
<p>Beide Seiten vereinbarten Stillschweigen über den Inhalt der Gespräche, die am späten Dienstag begannen.</p>
</article><footer>Impressum und Datenschutz</footer></body></html>
"""

PAGES = (
    (
        "# Der Frieden und seine Gegner",
        "",
        "",
        "Die Gespräche zwischen den beiden Ländern über das Ende des Krieges waren kon-",
        "struktiv, aber es bleibt noch viel zu tun, erklärte ein Berater des Präsidenten.",
        "Ein Kompromiss fehlt.",
        "",
        "Am nächsten Tag ging es weiter, und die Unterhändler trafen sich ein weiteres Mal",
    ),
    ("in einem Hotel am Rand der Stadt, um über das Territorium zu sprechen.", "", "Das half."),
    ("Die dritte Seite schließt mit einem Satz.",),
)

READABLE = (
    Vector(name="plain.txt", make=GERMAN.encode, includes=("„Nicht weiter", "5 €"), title="Größere Städte"),
    Vector(
        name="utf16.txt",
        make=lambda: GERMAN.encode("utf-16"),
        includes=("„Nicht", "€"),
        title="Größere Städte",
    ),
    Vector(
        name="unmarked.txt",
        make=lambda: GERMAN.encode("utf-16-be"),
        includes=("„Nicht", "€"),
        title="Größere Städte",
    ),
    Vector(
        name="windows.txt",
        make=lambda: GERMAN.encode("cp1252"),
        includes=("„Nicht", "€"),
        title="Größere Städte",
    ),
    Vector(
        name="latin1.txt",
        make=lambda: b"Caf\xe9 und Stra\xdfe liegen\r\nnebeneinander.\0\x07" + b" Weiter geht es so." * 9,
        includes=("Café und Straße liegen\nnebeneinander.",),
        excludes=("\r", "\0", "\x07"),
        title="Café und Straße liegen",
    ),
    Vector(
        name="article.md",
        make=MARKDOWN.encode,
        includes=(
            "Ein fetter Satz mit einem Verweis und code_wort. Er geht hier weiter.",
            "- Apfel\n- Birne\n- Quitte",
            "1. Erstens\n2. Zweitens",
            "Ein Zitat.",
            "Jahr | Zahl\n2024 | 17",
            'if wahr:\n    print("**so**")',
            "Roher Text",
        ),
        excludes=("authors", "example.org", "**fetter", "alert", "nicht zu sehen", "---", "> Ein", "```"),
        headings=("Der erste Schritt", "Der zweite Schritt"),
        title="Ein Plan: vier Schritte",
        published=date(2024, 5, 17),
        authors=("Anna Müller", "Bo Li"),
        language="de",
    ),
    Vector(
        name="page.html",
        make=HTML.encode,
        includes=("waren konstruktiv, erklärte", 'es "keine Lösung" für', "- Erstens das Gebiet\n- Zweitens"),
        excludes=("aus dem Skript", "color: red", "Abo bestellen", "Impressum", "<p>", "&quot;"),
        headings=("Frieden in Sicht?", "Kein Kompromiss"),
        title="Frieden in Sicht?",
        published=date(2024, 5, 17),
        authors=("Anna Müller",),
        language="de",
    ),
    Vector(
        name="declared.htm",
        make=lambda: HTML.replace("utf-8", "iso-8859-1").encode("cp1252"),
        includes=("zwischen den beiden Ländern",),
        headings=("Frieden in Sicht?", "Kein Kompromiss"),
        title="Frieden in Sicht?",
        published=date(2024, 5, 17),
        authors=("Anna Müller",),
        language="de",
    ),
    Vector(
        name="fragment.html",
        make=lambda: b"<nav>Menu</nav><p>One <i>short</i> line.</p><script>no()</script><p>And two.</p>",
        includes=("One short line.\n\nAnd two.",),
        excludes=("Menu", "no()"),
        title="fragment",
    ),
    Vector(
        name="report.pdf",
        make=lambda: building.pdf(
            PAGES, about={"Author": "Anna Müller and Bo Li", "CreationDate": "D:20240517083000"}
        ),
        includes=(
            "waren konstruktiv, aber",
            "tun, erklärte ein Berater des Präsidenten.\n\nEin Kompromiss fehlt.\n\nAm nächsten",
            "ein weiteres Mal in einem Hotel",
        ),
        headings=("Der Frieden und seine Gegner",),
        title="Der Frieden und seine Gegner",
        authors=("Anna Müller", "Bo Li"),
        pages=3,
    ),
    Vector(
        name="letter.eml",
        make=containers.mail,
        includes=("From: Ann Lee <ann@example.org>\n", f"Subject: The harbour\n\n{containers.HARBOUR}"),
        excludes=("MIME-Version", "Content-"),
        title="The harbour",
        published=date(2026, 3, 17),
        authors=("Ann Lee",),
    ),
    Vector(
        name="letter.msg",
        make=containers.outlook_mail,
        includes=("From: Ann Lee <ann@example.org>\n", f"Subject: The harbour\n\n{containers.HARBOUR}"),
        title="The harbour",
        published=date(2026, 3, 17),
        authors=("Ann Lee",),
    ),
    Vector(
        name="article.json",
        make=lambda: (
            b'{"Headline": "Gulls", "content": {"rendered": "<p>Gulls <b>cry</b>.</p><p>Twice.</p>"},'
            b' "publishedAt": 1773700000000, "author": [{"name": "Ann Lee"}], "lang": "en-GB"}'
        ),
        includes=("Gulls cry.\n\nTwice.",),
        excludes=("<b>",),
        title="Gulls",
        published=date(2026, 3, 16),
        authors=("Ann Lee",),
        language="en",
    ),
    Vector(
        name="talk.vtt",
        make=lambda: (
            b"WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v Bo>The <i>mill</i>\n\n2\n00:02.000 --> 00:03.000\nis sold.\n"
        ),
        includes=("Bo: The mill is sold.",),
        excludes=("<i>", "-->"),
        title="talk",
    ),
    Vector(
        name="titled.pdf",
        make=lambda: building.pdf([[], ["Nur hier steht etwas."], []], about={"Title": "Ein Titel"}),
        includes=("Nur hier steht etwas.",),
        title="Ein Titel",
        pages=3,
    ),
    Vector(
        name="letter.docx",
        make=building.word,
        includes=(
            "dauerten fünf Stunden.\tSie endeten ohne Ergebnis.",
            "- Erster Punkt\n- Zweiter Punkt",
            "Jahr | Anzahl\n2024 | siebzehn\n\nNach der Tabelle",
        ),
        headings=("Was bisher geschah", "Zahlen"),
        title="Der Plan für den Frieden",
        authors=("Anna Müller", "Bo Li"),
        language="de",
    ),
)

UNREADABLE = (
    Vector(name="no.eml", make=lambda: b"Just some words.\n", error=DamagedSource, says="no mail"),
    Vector(name="no.msg", make=lambda: b"Just some words.", error=DamagedSource, says="no mail"),
    Vector(name="torn.json", make=lambda: b'{"title": "x", ', error=DamagedSource, says="no valid JSON"),
    Vector(name="setup.json", make=lambda: b'{"version": 3}', error=EmptySource, says="holds no articles"),
    Vector(name="empty.txt", make=bytes, error=EmptySource, says="0 bytes"),
    Vector(name="blank.txt", make=lambda: b" \r\n\t\n\xef\xbb\xbf ", error=EmptySource, says="no text"),
    Vector(
        name="blank.md",
        make=lambda: b"---\ntitle: only this\n---\n<!-- -->",
        error=EmptySource,
        says="no text",
    ),
    Vector(name="blank.html", make=lambda: b"<script>no()</script>", error=EmptySource, says="no text"),
    Vector(
        name="binary.txt", make=lambda: bytes(range(256)) * 20, error=UnsupportedFormat, says="binary data"
    ),
    Vector(
        name="really.txt",
        make=lambda: building.pdf(PAGES),
        error=UnsupportedFormat,
        says="rename it to end in .pdf",
    ),
    Vector(name="empty.pdf", make=bytes, error=EmptySource, says="0 bytes"),
    Vector(
        name="locked.pdf",
        make=lambda: building.pdf(PAGES, encrypted=True),
        error=EncryptedSource,
        says="password",
    ),
    Vector(name="scanned.pdf", make=lambda: building.pdf([[], []]), error=EmptySource, says="was scanned"),
    Vector(
        name="broken.pdf", make=lambda: b"%PDF-1.7\n" + b"junk " * 99, error=DamagedSource, says="damaged"
    ),
    Vector(name="no.pdf", make=lambda: b"This is no PDF.", error=DamagedSource, says="no PDF"),
    Vector(name="cut.docx", make=lambda: building.word()[:9000], error=DamagedSource, says="damaged"),
    Vector(name="no.docx", make=lambda: b"This is no archive.", error=DamagedSource, says="no Word document"),
    Vector(
        name="locked.docx", make=building.encrypted_word, error=EncryptedSource, says="remove the password"
    ),
    Vector(
        name="old.docx",
        make=lambda: building.OLE + bytes(2000),
        error=UnsupportedFormat,
        says="save it as .docx",
    ),
    Vector(name="bomb.docx", make=building.zip_bomb, error=TooLarge, says="unpacks"),
    Vector(
        name="photo.jpeg", make=lambda: b"\xff\xd8\xff\xe0", error=UnsupportedFormat, says=".txt, .text, .md"
    ),
    Vector(name="no_suffix", make=GERMAN.encode, error=UnsupportedFormat, says="without a suffix"),
)

VECTORS = READABLE + UNREADABLE
