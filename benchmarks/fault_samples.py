"""Samples made by script for `benchmarks.faults`: tables, short words in compounds, misspelt words, and columns of a PDF."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator
from pathlib import Path

Made = tuple[str, str, str, str]  # kind, language, question, and the words of the answer

_TABLES = (
    ("de", "Wahl in Sellnitz", "Partei Stimmen Anteil Sitze", "Bürgerblock Talpartei Ortsliste Wählerbund Hafenliste",
     ("Wer bekam {Anteil} %?", "Welche Partei hat {Stimmen} Stimmen?", "Welche Partei erhielt {Anteil} Prozent?")),
    ("de", "Haushalt von Treuwerd", "Bereich Ausgaben Stellen", "Schulen Straßen Kultur Feuerwehr Friedhof Stadtgrün",
     ("Welcher Bereich hat Ausgaben von {Ausgaben} Euro?", "Wie viele Stellen hat der Bereich {0}?")),
    ("en", "Districts of Tarnsay", "District Households Schools", "Northhaven Coldness Fenmoor Ashwick Millbrae",
     ("Which district had {Households} households?", "How many households does {0} have?")),
    ("en", "Results of the Marlow regatta", "Club Points Share", "Seagulls Harriers Kestrels Plovers Otters",
     ("Which club got {Share} percent?", "Which club scored {Points} points?")),
)  # fmt: skip
# What a text says, and what is asked with a short word that stands in one of its compounds.
_COMPOUNDS = """Die Tramlinie 4 wird bis zum Krankenhaus verlängert.|Bis wohin wird die Tram verlängert?
Der Zugverkehr nach Ellerau ruht wegen eines Erdrutsches.|Warum ruht der Zug nach Ellerau?
Der Kulturetat sinkt um zwei Millionen Euro.|Um wie viel sinkt der Etat?
Der Stadtrat lehnte den Abriss der Mühle ab.|Was lehnte der Rat ab?
Das Bauamt prüft die Statik der Halle.|Was prüft das Amt?
Der Schulbus hält nicht mehr in Moorbach.|Wo hält der Bus nicht mehr?
Das Freibad schließt am 12. September.|Wann schließt das Bad?
Der Radweg am Deich ist überflutet.|Welcher Weg ist überflutet?
Die Eishalle wurde für neun Millionen saniert.|Für wie viel wurde die Halle mit dem Eis saniert?
Der Windpark liefert Strom für 8.000 Haushalte.|Was liefert der Park?
Die Talbrücke ist 640 Meter hoch.|Was ist im Tal 640 Meter hoch?
Die Müllabfuhr kommt künftig dienstags.|Wann kommt die Abfuhr für den Müll?
Der Landarzt behandelt 90 Patienten am Tag.|Wie viele Patienten behandelt der Arzt?
Die Dorfschule bekommt eine neue Turnhalle.|Was bekommt die Schule im Dorf?
Der Seehafen schlug 4 Millionen Tonnen um.|Was schlug der Hafen an der See um?"""
_MISSPELT = """Das Hochwasser beschädigte drei Brücken in Lohbruck.|Was beschädigte das {}?|Hochwasser
Die Gewerkschaft forderte sechs Prozent mehr Lohn.|Was forderte die {}?|Gewerkschaft
Ingenieur Karl Olbricht leitete die Arbeiten am Damm.|was leitete {}?|olbricht
Die Bürgermeisterin eröffnete das Museum im Mai.|Was eröffnete die {}?|Bürgermeisterin
Der Feuerwehrhauptmann warnte vor Glatteis.|Wovor warnte der {}?|Feuerwehrhauptmann
Das Krankenhaus kaufte zwei Beatmungsgeräte.|Was kaufte das {}?|Krankenhaus
The committee rejected the proposal on parking fees.|What did the {} reject?|committee
The orchestra cancelled its concert in Velden.|What did the {} cancel?|orchestra
The lighthouse was painted red and white in 1921.|When was the {} painted?|lighthouse
The archaeologists found a bronze mirror.|What did the {} find?|archaeologists"""


def documents(folder: Path) -> list[Path]:
    """The texts that the samples ask about, written into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (_, title, names, keys, _) in enumerate(_TABLES):
        rows = [names.split(), *_rows(names.split(), keys.split(), number)]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines.insert(1, "|" + "---|" * len(rows[0]))
        paths.append(_written(folder / f"table-{number}.md", f"# {title}\n\n" + "\n".join(lines) + "\n"))
    for name, text in (("compounds", _COMPOUNDS), ("misspelt", _MISSPELT)):
        sentences = [line.split("|")[0] for line in text.splitlines()]
        for at in range(0, len(sentences), 5):
            paths.append(
                _written(
                    folder / f"{name}-{at}.md", f"# Meldungen {at}\n\n{' '.join(sentences[at : at + 5])}\n"
                )
            )
    return [*paths, *_newspapers(folder)]


def made() -> Iterator[Made]:
    """What is asked."""
    for number, (language, _, names, keys, questions) in enumerate(_TABLES):
        for row in _rows(names.split(), keys.split(), number):
            values = dict(zip(names.split(), row, strict=True))
            for question in questions:
                yield "tables", language, question.format(row[0], **values), " | ".join(row)
    for line in _COMPOUNDS.splitlines():
        sentence, question = line.split("|")
        yield "compounds", "de", question, sentence
    for line in _MISSPELT.splitlines():
        sentence, question, word = line.split("|")
        for typo in _typos(word):
            yield "typos", "en" if sentence.startswith("The ") else "de", question.format(typo), sentence
    for number, page in enumerate(_PAGES):
        for sentence, question in page:
            yield "columns", "de", question.format(number), sentence.format(number)


def _rows(names: list[str], keys: list[str], seed: int) -> list[list[str]]:
    """Rows of a table with numbers as its language writes them; shares have one digit after the comma."""
    chance, german = random.Random(seed), _TABLES[seed][0] == "de"
    found = []
    for key in keys:
        numbers = [
            f"{chance.randint(30, 399) / 10:.1f}" if name in ("Anteil", "Share")
            else f"{chance.randint(1_001, 9_999):,}" if name in ("Stimmen", "Ausgaben", "Households")
            else str(chance.randint(11, 99))
            for name in names[1:]
        ]  # fmt: skip
        found.append([key, *(number.translate(_COMMAS) if german else number for number in numbers)])
    return found


_COMMAS = str.maketrans(",.", ".,")


def _typos(word: str) -> list[str]:
    """A word with a letter left out, one doubled, and two swapped."""
    middle = len(word) // 2
    swapped = word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :]
    return list(
        dict.fromkeys((word[: middle + 1] + word[middle + 2 :], word[:3] + word[2] + word[3:], swapped))
    )


_PAGES = tuple(
    [
        (f"Ortsvorsteherin Uta Brandt nannte die Schließung der Filiale in {name} einen Schlag für die Älteren.",
         f"Wer nannte die Schließung der Filiale in {name} einen Schlag?"),
        (f"Der Verein aus {name} hat dafür seit Ostern 1.140 Unterschriften gesammelt und im Rathaus abgegeben.",
         f"Wie viele Unterschriften hat der Verein aus {name} gesammelt?"),
        (f"Die Sparkasse {name} will das Haus am Markt bis zum Jahresende räumen und dann verkaufen.",
         f"Bis wann will die Sparkasse {name} das Haus räumen?"),
    ]
    for name in ("Haldern", "Ellerau", "Brenkhof", "Lohwinkel", "Sellnitz", "Treuwerd", "Odenkirch", "Pastrup", "Wiesmar", "Gronde")
)  # fmt: skip


def _newspapers(folder: Path) -> Iterator[Path]:
    """A PDF for each page, its two columns drawn line by line across the page."""
    for number, page in enumerate(_PAGES):
        words = " ".join(sentence for sentence, _ in page)
        lines = textwrap.wrap(words, 34)
        half = (len(lines) + 1) // 2
        pieces = [
            (50 + 230 * column, 700 - 12 * row, lines[column * half + row])
            for row in range(half)
            for column in (0, 1)
            if column * half + row < len(lines)
        ]
        path = folder / f"zeitung-{number}.pdf"
        path.write_bytes(_pdf([(50, 740, f"Nachrichten aus dem Kreis {number}"), *pieces]))
        yield path


def _pdf(pieces: list[tuple[int, int, str]]) -> bytes:
    """A page with pieces of text in Courier, in that order."""
    shown = b"\n".join(
        f"BT /F1 9 Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET".encode("cp1252") for x, y, words in pieces
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
