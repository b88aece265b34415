"""The kind of answer that a question asks for, where its words say so: a number, a date, a duration, a length."""

from __future__ import annotations

import re
from typing import Literal

from assistant.language.lexicon import calendar

AnswerKind = Literal["number", "date", "duration", "length", "any"]

_WHY = (
    r"why|how come|for what reason|what for|warum|wieso|weshalb|weswegen|wozu|aus welchem grund|aus welchen gründen|pourquoi"
    r"|por qu[eéê]|perch[eé]|waarom|dlaczego|почему|зачем|чому|neden|niçin|varför|hvorfor|proč|miért|de ce|γιατί"
)
# Words that add nothing to the question: "Und warum ist das so?", "Why did he say that?"
_IDLE = (
    r"is|was|were|are|did|does|do|not|that|this|it|so|he|she|they|say|said|think|exactly|then|nicht|das|dies|denn|eigentlich"
    r"|ist|war|er|sie|es|dann|genau|sagt|sagte|sagt|meint|macht|tut|ça|cela|ciò|questo|eso|dat|är|det|to|это|це|bu"
)
_ONLY_WHY = re.compile(
    rf"\W*(?:(?:and|und|but|aber|also|so|ok|okay|aha|hm+|thanks|danke|et|e|y|en|i|и|но|а)\W+)*(?:{_WHY})(?:\W+(?:{_IDLE}))*\W*",
    re.I,
)
# Words on either side of a number or a date that tell what it counts or dates.
NEIGHBOURS = 3
_ASKS: tuple[tuple[AnswerKind, str], ...] = (
    # "How long is it" may ask for either, "how long did it" and "wie lange" only for a time.
    ("length", r"how long (?:is|are|was|were)(?! (?:it|there|he|she|they)\b)|wie lang(?!e\b)"),
    ("duration", r"how long|how many (?=hours|days|weeks|months|years)"),
    ("duration", r"wie lange|wie viele (?=stunden|tage|wochen|monate|jahre)"),
    ("number", r"how (?:many|much|high|tall|far|old|large|big|deep|fast|often|wide|heavy)"),
    ("number", r"what (?:percentage|number|share)(?: of)?"),
    ("number", r"wie (?:hoch|groß|weit|alt|oft|tief|schnell|teuer|schwer|breit|viele?n?)|wie ?viele?n?"),
    ("date", r"when|since when|(?:in |on )?(?:what|which) (?:year|month|day|date|century|decade)"),
    ("date", r"wann|seit wann|(?:in |an )?welche[mns]r? (?:jahr|monat|tag|datum|jahrhundert)"),
)
_NUMBER = (
    r"\d+|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w*zig|hundert|tausend|millionen?|milliarden?"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|thousand|millions?|billions?"
)
_UNIT = (
    r"sekund|minut|minüt|stund|stünd|tag|täg|woche|wöch|monat|jahr|jähr"
    r"|second|minute|hour|day|week|month|year|decade|centur"
)
_OF_LENGTH = r"(?:kilo|zenti|milli|centi|deci|dezi)?met(?:er|re|ers|res|ern)?|km|cm|mm|m|meilen?|miles?|fuß|feet|foot|ft|yards?|zoll|inch(?:es)?"
_CALENDAR = "|".join(name for language in ("de", "en") for name in calendar(language, short=False))
_OF_KIND: dict[AnswerKind, re.Pattern[str]] = {
    "duration": re.compile(rf"\b(?:{_NUMBER}|eine?r?n?|an?|one)[\s-]?(?:{_UNIT})\w*", re.I),
    "length": re.compile(
        rf"(?:\b(?:{_NUMBER})|\d[\d.,]*)[\s-]?(?:{_OF_LENGTH})\b|\b(?:{_NUMBER}|eine?r?n?|an?|one)[\s-]?(?:{_UNIT})\w*",
        re.I,
    ),
    "number": re.compile(rf"\b(?:{_NUMBER})\b|\d", re.I),
    "date": re.compile(rf"\b(?:1\d{{3}}|20\d\d|{_CALENDAR}|\d+\. jahrhundert|\d+th century)\b", re.I),
}
# "How long did it last" asks for no more than "how long was it".
_LASTING = re.compile(r"\b(?:last|lasts|lasted|take|takes|took|taken|dauer(?:n|t|te|ten)|gedauert)\b", re.I)
# The Greek question mark looks like a semicolon, and is often written as one.
_ASKING = re.compile(r"[?？؟\u037e][^\w?？؟]*$|(?<=[\u0370-\u03ff]);[^\w]*$")
_PATTERNS = tuple((kind, re.compile(rf"\b(?:{asks})\b", re.I)) for kind, asks in _ASKS)


def asks_only_why(question: str) -> bool:
    """Whether a question asks for a reason and does not say of what."""
    return bool(_ONLY_WHY.fullmatch(question))


def kind_of(question: str) -> AnswerKind:
    """What ``question`` asks for; "any" where its words do not say."""
    return next((kind for kind, asks in _PATTERNS if asks.search(question)), "any")


def is_question(sentence: str) -> bool:
    """Whether a sentence of a document asks: it ends with a question mark of any script, quotation marks and brackets aside."""
    return bool(_ASKING.search(sentence))


def occurrences(kind: AnswerKind, sentence: str) -> list[str]:
    """The parts of ``sentence`` that are of that kind, each with its neighbouring words; none for "any"."""
    matches = _OF_KIND[kind].finditer(sentence) if kind in _OF_KIND else ()
    return [_with_neighbours(sentence, *match.span()) for match in matches]


def _with_neighbours(sentence: str, start: int, end: int) -> str:
    before = sentence[:start].rsplit(maxsplit=NEIGHBOURS)[-NEIGHBOURS:]
    after = sentence[end:].split(maxsplit=NEIGHBOURS)[:NEIGHBOURS]
    return " ".join((*before, sentence[start:end], *after))


def without_interrogative(question: str) -> str:
    """The question without the words that only say what kind of answer it asks for."""
    for kind, asks in _PATTERNS:
        if asks.search(question):
            plain = asks.sub(" ", question, count=1)
            return _LASTING.sub(" ", plain) if kind in ("duration", "length") else plain
    return question
