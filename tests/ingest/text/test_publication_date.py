"""When a text was published, by what it says itself: the lines and names that say it, and the traps that do not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.publication_date import from_name, from_text

TODAY = date(2026, 5, 20)
DAY = "2026-03-14"
PROSE = "The committee met twice and came to no result, as everybody had expected."

# Language, the text (its first line, mostly), and the day of publication; None for a trap.
TEXTS: list[tuple[str, str, str | None]] = [
    # What says when a text was published.
    ("de", "Stand: 14. März 2026", DAY),
    ("de", "Stand: 14.03.2026", DAY),
    ("de", "Stand: 14.03.26", DAY),
    ("de", "Veröffentlicht am Samstag, 14. März 2026", DAY),
    ("de", "Erschienen am 14.3.2026 in der Abendausgabe", DAY),
    ("de", "Pressemitteilung vom 14. März 2026", DAY),
    ("de", "Pressemitteilung Nr. 12 vom 14. März 2026", DAY),
    ("de", "vom 14. März 2026", DAY),
    ("de", "Beschluss vom 14.03.2026", DAY),
    ("de", "Berlin, 14. März 2026", DAY),
    ("de", "Berlin, den 14. März 2026", DAY),
    (
        "en",
        "Oban, 14 March 2026. The ferry will sail four times a day from 1 July until the end of the winter.",
        DAY,
    ),
    ("de", "Berlin, 14. März 2026 – Der Minister hat einen Plan vorgelegt, den niemand kannte.", DAY),
    ("de", "Frankfurt am Main, 14.03.2026. Die Bank senkt den Zins, wie sie am Samstag mitteilte.", DAY),
    ("de", "WIEN (14. März 2026) – Die Regierung tritt zurück.", DAY),
    ("de", "Wien, 14. Jänner 2026", "2026-01-14"),
    ("de", "Samstag, 14. März 2026, 10:15 Uhr", DAY),
    ("de", "14.03.2026", DAY),
    ("de", "14. 3. 2026 | Von Max Muster", DAY),
    ("de", "Von Max Muster, 14. März 2026", DAY),
    ("de", "Max Muster · 14. Mrz. 2026 · 5 Minuten", DAY),
    ("de", "Datum: 14.03.2026", DAY),
    ("de", "03/04/2026", "2026-04-03"),
    ("en", "Published on March 14, 2026", DAY),
    ("en", "Published: Saturday, 14 March 2026", DAY),
    ("en", "First published 14 March 2026, updated 16 March 2026", DAY),
    ("en", "Posted by Ann Lee on 14 March 2026", DAY),
    ("en", "LONDON, March 14, 2026 (Agency) — The government has resigned.", DAY),
    ("en", "By Ann Lee | 14 March 2026", DAY),
    ("en", "By Ann Lee and Bo Li, March 14th, 2026", DAY),
    ("en", "Saturday 14 March 2026 10.15 GMT", DAY),
    ("en", "14th of March 2026", DAY),
    ("en", "2026-03-14", DAY),
    ("en", "2026-03-14T10:15", DAY),
    ("en", "Date: Sat, 14 Mar 2026 10:15:00 +0100", DAY),
    ("en", "Press release of 14 March 2026", DAY),
    ("en", "Weekly report – 14 March 2026", DAY),
    ("en", "Date: 14/03/2026", DAY),
    ("en", f"Published: 03/04/2026\n{PROSE}\nBerlin, 14/03/2026", "2026-04-03"),  # another date decides
    ("en", f"A headline\nAnn Lee\n\n14 March 2026\n\n{PROSE}", DAY),
    ("en", PROSE + f"\n{PROSE * 60}\nPublished 14 March 2026", DAY),  # the imprint at the end
    # Other languages, their months by CLDR.
    ("fr", "Publié le 14 mars 2026", DAY),
    ("fr", "Paris, le 1er mars 2026", "2026-03-01"),
    ("es", "Publicado el 14 de marzo de 2026", DAY),
    ("pl", "Warszawa, 14 marca 2026 r.", DAY),
    ("ru", "14 марта 2026 г.", DAY),
    ("hu", "2026. március 14.", DAY),
    ("ja", "2026年3月14日", DAY),
    ("fi", "Julkaistu 14. maaliskuuta 2026", DAY),
    # Traps: events, deadlines, births.
    ("de", "Termin: 14. März 2026", None),
    ("de", "Konzert, 14. März 2026", None),
    ("de", "Einladung zur Tagung, Berlin, 14. März 2026", None),
    (
        "de",
        "Termin: Bonn, 14. März 2026. Die Kapelle spielt ab 20 Uhr im Park, und der Eintritt ist frei.",
        None,
    ),
    (
        "en",
        "The battle, 14 March 2026. The ships sailed from the harbour until they met the enemy near the coast.",
        None,
    ),
    ("de", "Datum: 14.03.2026\nOrt: Stadthalle\nUhrzeit: 19 Uhr", None),
    ("de", "Bewerbungsschluss: 14. März 2026", None),
    ("de", "Max Muster, geboren am 14. März 1966", None),
    ("de", "* 14. März 1966 in Bonn", None),
    ("de", "Gültig ab 14.03.2026", None),
    ("en", "Save the date: 14 March 2026", None),
    ("en", "Summer festival, 14 March 2026", None),
    ("en", "Ann Lee (born 14 March 1966)", None),
    ("en", "Applications are due 14 March 2026", None),
    ("en", "Treaty of Somewhere (28 June 1919)", None),
    # Traps: changes of the file, quotations, sentences.
    ("de", "Zuletzt geändert: 14. März 2026", None),
    ("de", "Abgerufen am 14.03.2026", None),
    ("en", "Last modified: 14 March 2026", None),
    ("en", "Updated 14 March 2026", None),
    ("en", "“14 March 2026 – I shall remember that day,” she said.", None),
    ("en", "On 14 March 2026 the committee met.", None),
    ("en", "As of 14 March 2026, the fund holds twelve million shares and", None),
    ("en", "Released on 14 March 2026, the film was a success.", None),
    ("de", "Veröffentlicht am 14. März 2026 wurde das Buch ein Erfolg.", None),
    ("ru", "Опубликовано 14 марта 2026 г.", DAY),
    ("en", "As of: 14 March 2026. No liability is taken.", DAY),
    ("en", "14 March 2026 was a cold day.", None),
    ("en", "The contract ended on Monday, March 14, 2026.", None),
    ("de", "Der Vertrag endete am Samstag, 14. März 2026.", None),
    ("en", f"{PROSE}\n" * 30 + "Berlin, 14 March 2026", None),  # far down
    # Traps: spans, years and months alone, what is ambiguous, the future.
    ("de", "14.–16. März 2026", None),
    ("de", "14.03.2026 bis 16.03.2026", None),
    ("en", "March 14-16, 2026", None),
    ("en", "Berlin, 14 March 2026 – 16 March 2026", None),
    ("en", "March 2026", None),
    ("en", "Spring 2026", None),
    ("en", "Copyright 2026", None),
    ("en", "03/04/2026", None),
    ("", "03/04/2026", None),
    ("en", "31 June 2025", None),
    ("de", "Berlin, 24. Mai 2026", None),  # four days ahead
    ("de", "Berlin, 23. Mai 2026", "2026-05-23"),
    ("en", "14 March 2026 – A flood\n15 March 2026 – A storm\n16 March 2026 – A calm", None),  # a chronicle
    # Traps: numbers that look like days.
    ("en", "Version 2.10.2025", None),
    ("de", "Tel. 030/12/2025", None),
    ("en", "192.168.10.2025", None),
    ("de", "Az. 12.03.2026-17", None),
]
NAMES: list[tuple[str, str, str | None]] = [
    ("de", "2025-12-03_Gespräch.pdf", "2025-12-03"),
    ("de", "2025_12_03 Gespräch.pdf", "2025-12-03"),
    ("de", "20251203.txt", "2025-12-03"),
    ("en", "20251203-article.docx", "2025-12-03"),
    ("de", "Bericht 03.12.2025.docx", "2025-12-03"),
    ("de", "Bericht_3.12.2025_neu.docx", "2025-12-03"),
    ("de", "bericht-03-12-2025.docx", "2025-12-03"),
    ("en", "report 14 March 2026.txt", DAY),
    ("en", "report-03-12-2025.docx", None),  # ambiguous
    ("en", "report-14-12-2025.docx", "2025-12-14"),
    ("de", "Scan_20251203.pdf", None),
    ("en", "IMG_20251203_101500.pdf", None),
    ("en", "Screenshot 2025-12-03.txt", None),
    ("en", "20251203101500.txt", None),
    ("en", "12345678.txt", None),
    ("en", "report-2025.txt", None),
    ("en", "report-2025-12.txt", None),
    ("en", "2025-12-03_2025-12-05.txt", None),
    ("de", "Einladung_2025-12-03.pdf", None),
    ("en", "tool-1.2.2025.1.txt", None),
    ("en", "2031-01-01.txt", None),
]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@pytest.mark.parametrize(("language", "text", "day"), TEXTS)
def test_the_day_that_a_text_says_it_was_published(language: str, text: str, day: str | None) -> None:
    assert from_text(text, language, TODAY) == _day(day)
    assert from_text(f"{text}\n\n{PROSE}", language, TODAY) == _day(day)


@pytest.mark.parametrize(("language", "name", "day"), NAMES)
def test_the_day_in_the_name_of_a_file(language: str, name: str, day: str | None) -> None:
    assert from_name(name, language, TODAY) == _day(day)


@given(st.dates(date(1901, 1, 1), TODAY), st.sampled_from(["de", "en", "fr", "sv", "ru"]))
def test_every_day_is_read_as_it_was_written(day: date, language: str) -> None:
    assert from_text(f"{day.isoformat()}\n{PROSE}", language, TODAY) == day
    assert from_text(f"Stand: {day.day}.{day.month}.{day.year}", language, TODAY) == day
    assert from_name(f"{day:%Y%m%d}_a.txt", language, TODAY) == day


@given(st.text(), st.sampled_from(["de", "en", "zh", "xx", ""]))
def test_any_text_is_read_and_no_far_day_is_taken(text: str, language: str) -> None:
    for found in (from_text(text, language, TODAY), from_name(text, language, TODAY)):
        assert found is None or found <= TODAY + timedelta(days=3)
