"""When a text was published, by its dateline, a line that says so, or the name of its file. Pure.

A day counts only where it stands as days of publication do: "Stand: 14. März 2026", "Berlin, 14 March 2026 – …",
"By Ann Lee | 14 March 2026". One within a sentence, or of an event, a birth or a deadline, does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from ingest.text.months import weekdays
from ingest.text.written_dates import WrittenDate, dates_in, numeric_order

DAYS_AHEAD = 3  # that a date may lie in the future: time zones, and papers dated the day they are delivered
_HEAD, _TAIL = 4_000, 1_500  # characters looked at
_LONGEST = 300  # characters of a line
_HEAD_LINES, _DATELINES, _TAIL_LINES = 40, 15, 12
_PROSE = 60  # characters from which on what follows a day is prose
_FIRST_FILE_YEAR = 1900
_MOST_DAYS = 2  # of a text with more datelines, none is the text's own

# What stands before a day of publication, in the languages that labels are usual in.
_LABELS = (
    r"stand|veröffentlich(?:t|ung|ungsdatum)|erstveröffentlich(?:t|ung)|publiziert|erschienen|erscheinungsdatum|erschienen\s+in"
    r"|online\s+(?:seit|gestellt)|publikationsdatum|ausgabe\s+vom"
    r"|(?:first\s+|date\s+)?published|publication\s+date|date\s+of\s+publication|posted|released|release\s+date|issued|as\s+of|dated"
    r"|publié|publication|paru|mis\s+en\s+ligne|date\s+de\s+publication|publicado|publicada|fecha\s+de\s+publicación"
    r"|data\s+(?:de\s+publicação|di\s+pubblicazione|publikacji)|pubblicato|pubblicata|gepubliceerd|opublikowano|publicerad|publisert"
    r"|udgivet|offentliggjort|julkaistu|publikováno|zveřejněno|megjelent|yayınlanma(?:\s+tarihi)?|опубликовано|опубліковано|дата\s+публикации"
)
# Labels that notices of events have as well.
_WEAK = r"date|datum|fecha|data|dato|дата|päiväys|dátum|tarih|sent|gesendet"
_FILLER = r"(?:\s+(?:am|on|the|den|le|el|il|op|em|dne|dnia|in|by\s+[^|·,]{2,40}\s+on))?"
_LABELLED = re.compile(rf"(?:^|[|·•–—(,;/]\s*|\s-\s)(?:{_LABELS}){_FILLER}\s*:?\s*(?:den\s+)?$", re.I)
_WEAKLY = re.compile(rf"^(?:{_WEAK})\s*:\s*$", re.I)
_EVENT_LINE = re.compile(
    r"^(?:ort|uhrzeit|beginn|einlass|treffpunkt|veranstaltungsort|eintritt|anmeldung|time|where|venue|location|place|doors|lieu|heure"
    r"|lugar|hora|luogo|ora|miejsce|godzina)\b\s*:",
    re.I,
)
# A line with one of these is about something else than when the text was published.
_OTHER = re.compile(
    r"\b(?:geb(?:oren|\.)|gest(?:orben|\.)|verstorben|starb|born|died|birth\w*|geburt\w*|hochzeit|wedding|né|née|nacido"
    r"|termin\w*|veranstaltung\w*|konferenz|tagung|kongress|messe|konzert\w*|lesung|vortrag\w*|seminar\w*|workshop\w*|webinar\w*|einladung\w*"
    r"|fest|feier|premiere|ausstellung\w*|event\w*|conference\w*|concert\w*|lecture\w*|invitation\w*|festival\w*|exhibition\w*|meeting\w*"
    r"|save\s+the\s+date|frist\w*|deadline\w*|bewerbungsschluss|einsendeschluss|redaktionsschluss|anmeldeschluss|anmeldung\w*|due|expir\w+|valid"
    r"|gültig|läuft|in\s+kraft|effective|fällig|until|till|bis|ab|seit|since|from|zwischen|between"
    r"|updated?|last\s+(?:changed|modified|edited|revised|reviewed)|modified|revised|aktualisiert|aktualisierung|geändert|überarbeitet|bearbeitet"
    r"|accessed|retrieved|abgerufen|abruf|zugriff|zuletzt|erstellt|created|printed|gedruckt|ausgedruckt|downloaded|mis\s+à\s+jour|actualizado"
    r"|aggiornato|copyright|lieferdatum|rechnungsdatum|battle|schlacht|treaty|vertrag\s+von)\b|[†✝]",
    re.I,
)
_SET_APART = re.compile(r"^\s*(?:[-*•>†]\s|[>\"„“”»«‚‘'])")
_DOCUMENT = (
    r"(?:presse|medien)?(?:mitteilung|information)|pressemeldung|meldung|bericht|artikel|beitrag|newsletter|rundbrief|ausgabe|rede|erklärung"
    r"|stellungnahme|schreiben|brief|beschluss|urteil|rundschreiben|bekanntmachung|verordnung|fassung|interview|protokoll|drucksache|gutachten"
    r"|(?:press|news|media)\s+release|statement|report|article|letter|newsletter|speech|remarks|judgment|ruling|decision|memo|memorandum|minutes"
    r"|bulletin|briefing|communiqué|communique|comunicado|comunicato|komunikat"
)
_OF_THE_DAY = re.compile(
    rf"^(?:[^\W\d_]+\s+)?(?:{_DOCUMENT})\b(?:\s+\S+){{0,5}}\s+(?:vom|of|dated|du|del|van)$|^vom$", re.I
)
_AFTER_LABEL = re.compile(
    r"\s*(?:[.)]?$|[|·•–—;(/]|(?:,\s*)?(?:by|von|par|por|in|um|at|à|last|updated?|aktualisiert|zuletzt|geändert|\d)\b(?!.*[.!?]$))",
    re.I,
)
_BYLINE = re.compile(r"^(?:by|von|par|por|di|door|av|af|text|autor(?:in)?|author)\b:?\s", re.I)
_SMALL = {
    "&", "am", "an", "and", "at", "bei", "by", "da", "das", "de", "den", "der", "di", "die", "du", "e", "el", "et", "for", "für",
    "i", "im", "in", "la", "le", "of", "on", "the", "und", "van", "vom", "von", "y", "zu", "zur",
}  # fmt: skip
_TIME = re.compile(
    r"^[\s,|·–—-]*(?:T|um|at|à|kl\.?|,)?\s*\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:uhr|h|[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?(?:\s*[+-]\d{4})?",
    re.I,
)
_SPOKEN = re.compile(r"^\)?\s*(?:\([^)]{1,40}\)\s*)?(?:[–—:/]|--?\s|\.\s+(?=[^\W\d_]))\s*\S")
_APART = re.compile(r"^\s*[,|·•–—/-]\s*\S")
_YEAR_MARK = re.compile(r"^\s*(?:г\.|р\.|r\.|a\.\s?d\.|d\.|m\.)", re.I)
# Names that cameras, scanners and programs give, by the time at which they make a file.
_MACHINE = re.compile(
    r"^(?:img|dsc|scan\w*|screenshot|screen\s?shot|bildschirmfoto|whatsapp|signal|photo|foto|video|pxl|vid|backup|export|download|unbenannt|untitled"
    r"|document|dokument)(?![^\W\d_])",
    re.I,
)
_STAMP = re.compile(r"\d{14}|\d{8}[ _T-]?\d{6}(?!\d)|\d{4}-\d\d-\d\d[ _T-]\d{6}(?!\d)")
_EIGHT = re.compile(r"(?<![\d.])(\d{4})(\d\d)(\d\d)(?!\d|\.\d)")
_TOGETHER = re.compile(r"(?<=\d)_(?=\d)")
_HYPHENS = re.compile(r"_|(?<=[^\W\d])-|-(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class _Dateline:
    """A day in a place of a dateline; ``alone`` where the line says little more."""

    day: date
    alone: bool


def from_text(text: str, language: str, today: date) -> date | None:
    """The day of publication by the text's first lines, or by a line near its beginning or end that says so."""
    head = _lines(text[:_HEAD])[:_HEAD_LINES]
    tail = _lines(text[max(_HEAD, len(text) - _TAIL) :])[-_TAIL_LINES:]
    order = numeric_order([*head, *tail])
    for lines, weak in ((head, True), (tail, False)):
        for number, line in enumerate(lines):
            near_event = any(_EVENT_LINE.match(near) for near in lines[max(0, number - 4) : number + 5])
            if day := _labelled(line, language, order, today, weak=weak and not near_event):
                return day
    datelines = [
        dateline
        for line in head[:_DATELINES]
        if (dateline := _dateline(line, language, order)) and _in_time(dateline.day, today)
    ]
    return _one_of(datelines)


def from_name(name: str, language: str, today: date) -> date | None:
    """The one day that a file's name has, unless the name is that of a scan, a photograph, or an event."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    words = re.sub(r"_+", " ", stem)
    if _MACHINE.match(stem) or _STAMP.search(stem) or _OTHER.search(words):
        return None
    spaced = _HYPHENS.sub(" ", _TOGETHER.sub("-", stem))
    days = {written.day for written in dates_in(spaced, language)}
    for match in _EIGHT.finditer(stem):
        try:
            days.add(date(*map(int, match.groups())))
        except ValueError:  # a number that is no day
            continue
    days = {day for day in days if day.year >= _FIRST_FILE_YEAR}
    return next(iter(days)) if len(days) == 1 and _in_time(min(days), today) else None


def _lines(text: str) -> list[str]:
    return [stripped[:_LONGEST] for line in text.split("\n") if (stripped := " ".join(line.split()))]


def _in_time(day: date, today: date) -> bool:
    return day <= today + timedelta(days=DAYS_AHEAD)


def _labelled(line: str, language: str, order: bool | None, today: date, *, weak: bool) -> date | None:
    for written in dates_in(line, language, day_comes_first=order, short_years=True):
        before = _without_weekday(line[: written.start], language)
        said = _LABELLED.search(before) and _ends_there(before, line[written.end :])
        if (said or (weak and _WEAKLY.match(before))) and _in_time(written.day, today):
            return written.day
    return None


def _ends_there(before: str, after: str) -> bool:
    """Whether a label and its day are no beginning of a sentence, as "As of 14 March 2026 the fund holds" is."""
    after = _YEAR_MARK.sub("", after)
    return before.rstrip().endswith(":") or (len(after) <= 80 and bool(_AFTER_LABEL.match(after)))


def _dateline(line: str, language: str, order: bool | None) -> _Dateline | None:
    """The day of a dateline; None where the line is none."""
    if _SET_APART.match(line):
        return None
    for written in dates_in(line, language, day_comes_first=order)[:1]:
        before, after = _around(line, written, language)
        # What goes on as an article's first sentence may have such words, too: "Oban, 3 June 2026. The ferry will sail until …".
        goes_on = len(after) > _PROSE and before[-1:] in (",", "(") and _SPOKEN.match(after)
        if _OTHER.search(before if goes_on else line):
            return None
        if not before:
            return _beginning(written.day, after)
        ended = not after or (len(after) <= _PROSE and bool(_APART.match(after)) and not _SPOKEN.match(after))
        if _OF_THE_DAY.match(before):
            return _Dateline(written.day, True) if ended or after == "." else None
        place = before.rstrip(" ,(|·•–—-")
        parted = before[-1] in ",(|·•–—-"
        if parted and ended and before[-1] != "(" and len(place) <= 70 and _names_somebody(place):
            return _Dateline(written.day, True)
        if before[-1] in ",(" and len(place) <= 40 and _is_place(place) and _SPOKEN.match(after):
            return _Dateline(written.day, True)
    return None


def _around(line: str, written: WrittenDate, language: str) -> tuple[str, str]:
    """What stands before the day, without its weekday, and after it, without the time."""
    before = _without_weekday(line[: written.start], language).rstrip()
    before = re.sub(r"(?:^|(?<=,))\s*(?:den|der|the|le|el|il)$", "", before).rstrip()
    after = _YEAR_MARK.sub("", line[written.end :])
    after = _TIME.sub("", after).strip()
    return before, "" if after in (".", ",", ")", ":") else after


def _beginning(day: date, after: str) -> _Dateline | None:
    """Of a line that begins with the day."""
    if not after:
        return _Dateline(day, True)
    prose = len(after) > _PROSE or after.endswith((".", "!", "?"))
    if after[0] in "–—" and prose:
        return _Dateline(day, False)
    if _APART.match(after) and not prose and len(after.split()) <= 9:
        return _Dateline(day, False)
    return None


def _one_of(datelines: Sequence[_Dateline]) -> date | None:
    """The first one's day. Where there are several, as in a chronicle or a list of news, none is the text's own."""
    days = {dateline.day for dateline in datelines}
    listed = len(days) > 1 and not any(dateline.alone for dateline in datelines)
    return datelines[0].day if datelines and len(days) <= _MOST_DAYS and not listed else None


def _without_weekday(before: str, language: str) -> str:
    match = re.search(r"([^\W\d_]+)\.?,?\s*(?:the\s+|den\s+)?$", before)
    return before[: match.start()] if match and match[1].casefold() in weekdays(language) else before


def _names_somebody(words: str) -> bool:
    """Whether ``words`` are names of people or places, a byline, or the kind of document: no part of a sentence."""
    if _BYLINE.match(words):
        return len(words.split()) <= 9
    if re.search(rf"\b(?:{_DOCUMENT})\b", words, re.I):
        return len(words.split()) <= 6
    return len(words.split()) <= 8 and all(
        word[0].isupper() or not word[0].isalpha() or word.casefold() in _SMALL for word in words.split()
    )


def _is_place(words: str) -> bool:
    return 0 < len(words.split()) <= 4 and all(
        word[0].isupper() or word.casefold() in _SMALL for word in re.split(r"[\s/-]+", words) if word
    )
