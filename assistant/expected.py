"""What kind of answer a question asks for, where its first words say so: a number, a date, a duration."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["number", "date", "duration", "any"]

_NUMBER_WORDS = (
    r"\d+|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend|million\w*|milliard\w*|dutzend"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred\w*|thousand\w*|billion\w*|dozen\w*"
)
_UNITS = (
    r"sekunden?|minuten?|stunden?|stündig\w*|minütig\w*|tagen?|tage|tägig\w*|wochen?|wöchig\w*|monaten?|monate|monatig\w*"
    r"|jahren?|jahre|jährig\w*|jahrhundert\w*|jahrzehnt\w*|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?"
    r"|centur(?:y|ies)|long|lang"
)
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("duration", re.compile(r"\b(how long|how many (?:hours|days|weeks|months|years)|wie lange?|wie viele (?:stunden|tage|wochen|monate|jahre))\b", re.I)),
    ("number", re.compile(r"\b(how (?:many|much|high|tall|far|old|large|big|deep|fast|often)|what (?:percentage|number|share)|wie ?viele?n?|wie (?:hoch|groß|weit|alt|oft|tief|schnell|teuer|schwer)|wieviel prozent)\b", re.I)),
    ("date", re.compile(r"\b(when|(?:in )?(?:what|which) (?:year|month|day|date|century|decade)|since when|wann|seit wann|(?:in )?welche[mns]r? (?:jahr|monat|tag|datum|jahrhundert))\b", re.I)),
)  # fmt: skip
_SHOWS: dict[Kind, re.Pattern[str]] = {
    "duration": re.compile(rf"\b(?:{_NUMBER_WORDS}|einer?n?|an?|one)[\s-]?(?:{_UNITS})\b", re.I),
    "number": re.compile(rf"\b(?:{_NUMBER_WORDS})\b", re.I),
    "date": re.compile(
        r"\b(?:1\d{3}|20\d{2}|\d{1,2}\. (?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
        r"|January|February|March|April|May|June|July|August|September|October|November|December"
        r"|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
        r"|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d+\. Jahrhundert|\d+th century)"
    ),
}


def kind_of(question: str) -> Kind:
    """What ``question`` asks for; "any" where its words do not say."""
    return next((kind for kind, asks in _ASKS if asks.search(question)), "any")


def shows(kind: Kind, sentence: str) -> bool:
    """Whether ``sentence`` has something of that kind; nothing can be asked of "any"."""
    return kind in _SHOWS and _SHOWS[kind].search(sentence) is not None
