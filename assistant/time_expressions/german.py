"""German expressions of time."""

from __future__ import annotations

from assistant.time_expressions.grammar import TimeWords, Which
from ingest.text.months import months

_WEEKDAYS = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
_ENDINGS = ("e", "en", "em", "er", "es")
_WHICH: dict[str, Which] = {
    "vorletzt": "before last",
    "übernächst": "after next",
    "dies": "this",
    "laufend": "this",
}
_WHICH |= dict.fromkeys(("letzt", "vergangen", "vorig", "zurückliegend"), "last")
_WHICH |= dict.fromkeys(("kommend", "nächst"), "next")
_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_ORDINALS = ["erste", "zweite", "dritte", "vierte"]
_NUMBERS = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
]

_SINGLE = "woche|wochenendes?|monats?|jahr(?:es)?|quartals?|halbjahr(?:es)?|jahrzehnts?|jahrhunderts?"
_DAYPART = r"(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)"
_DAY = r"\d{1,2}\."
_YEAR = r"(?:(?:des\s+Jahres\s+)?(?P<year>{year})|(?:des\s+)?(?P<year_of>{which})\s+Jahres)"
_MONTH_OF_YEAR = rf"(?P<month>{{month}})(?:\s+{_YEAR})?"
_SINCE_THEN = r"(?:\s+(?:an|zum|zur))?"
_ABOUT = r"(?:(?:rund|etwa|gut|knapp|fast|ungefähr|über|mehr\s+als|weniger\s+als|genau|erst|nur)\s+)?"
_ARTICLE = r"(?:(?:der|dem|den|des|das)\s+)?"
_OF = r"(?:(?:der|des|den)\s+)?"

# Forms of verbs in the past that end in no -te, without their prefixes.
_STRONG = (
    "kam ging fand begann traf sprach starb brach fiel lief stieg sank gab nahm trat schloss gewann verlor stand lag blieb hielt ließ zog"
    " schrieb sah rief wies lieh bot warf fuhr flog trug schlug wuchs half bat riet schied wich stahl schoss floh gelang drang zwang"
    " geschah schwand schien hieß saß las griff litt schnitt strich riss goss floss schob schuf entstand erschien verschwand"
)
_PREFIXES = "be|ver|er|ent|zer|unter|über|ab|an|auf|aus|ein|vor|zu|zurück|um|mit|nach|wider"
# Verbs of what is on a programme: in the present they tell of days to come.
_AHEAD = (
    "beginnt beginnen startet starten endet enden öffnet öffnen schließt tritt treten tagt tagen findet finden trifft treffen entscheidet"
    " entscheiden stimmt stimmen läuft laufen feiert feiern reist reisen spricht sprechen steht stehen folgt folgen kommt kommen geht gehen"
    " erscheint fährt fahren spielt spielen empfängt wählt wählen jährt"
)

GERMAN = TimeWords(
    months={name: number for name, number in months("de").items() if len(name) > 2},
    weekdays={name: number for number, name in enumerate(_WEEKDAYS)} | {"sonnabend": 5},
    offsets={"vorvorgestern": -3, "vorgestern": -2, "gestern": -1, "heute": 0, "übermorgen": 2},
    units={
        "tag": "day", "tage": "day", "tagen": "day", "woche": "week", "wochen": "week", "wochenende": "weekend",
        "wochenendes": "weekend", "monat": "month", "monats": "month", "monate": "month", "monaten": "month", "jahr": "year",
        "jahres": "year", "jahre": "year", "jahren": "year", "quartal": "quarter", "quartals": "quarter", "halbjahr": "half",
        "halbjahres": "half", "jahrzehnt": "decade", "jahrzehnts": "decade", "jahrzehnte": "decade", "jahrzehnten": "decade",
        "jahrhundert": "century", "jahrhunderts": "century", "jahrhunderten": "century",
    },
    which={f"{stem}{ending}": meant for stem, meant in _WHICH.items() for ending in _ENDINGS},
    thirds={"anfang": "early", "beginn": "early", "mitte": "mid", "ende": "late"},
    seasons={
        "frühling": "spring", "frühlings": "spring", "frühjahr": "spring", "frühjahrs": "spring", "sommer": "summer", "sommers": "summer",
        "herbst": "autumn", "herbstes": "autumn", "herbsts": "autumn", "winter": "winter", "winters": "winter",
    },
    feasts={
        "heiligabend": "christmas eve", "weihnachten": "christmas", "silvester": "new year's eve", "neujahr": "new year",
        "ostern": "easter", "pfingsten": "whitsun",
    },
    numbers={word: number for number, word in enumerate(_NUMBERS)}
    | {f"ein{ending}": 1 for ending in _ENDINGS}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
    | {"hundert": 100, "dutzend": 12},
    ordinals={f"{word}{ending}": number for number, word in enumerate(_ORDINALS, 1) for ending in ("", "n", "s", "r", "m")}
    | {f"{number}.": number for number in range(1, 5)},
    decades={
        f"{word}{ending}": decade
        for number, name in enumerate(_TENS, 2)
        for decade in (10 * number,)
        for word in (f"{name}er", f"{decade}er")
        for ending in ("", "n")
    },
    lead=(
        r"(?:seit|ab|bis|vor|nach|im|in|am|an|zu|vom|von|zum|zur|zwischen|während|um|gegen|für|auf|und|oder|den|dem|des|der|das|schon|noch)"
        r"(?:\s+(?:zum|zur|dem|der|den|das|des|ins|in))?(?:\s+(?:Jahre?|Monat))?"
    ),
    bounds={"seit": "since", "ab": "since", "bis": "until", "vor": "before", "nach": "after"},
    opens=frozenset(("von", "vom", "zwischen", "ab")),
    joins=frozenset(("bis", "und")),
    free=(
        rf"(?P<offset>{{offset}})(?:\s+{_DAYPART})?",
        # "morgen" is a day where it is written small, or begins a sentence with its verb.
        rf"(?<!\bam\s)(?<!\bguten\s)(?P<tomorrow>(?-i:morgen))(?:\s+{_DAYPART})?",
        r"(?<![a-zäöüß,]\s)(?P<tomorrow>(?-i:Morgen))(?=\s+(?:wird|werden|will|wollen|soll|sollen|kommt|beginnt|startet|ist|geht|tritt|öffnet|entscheidet)\b)",
        rf"(?P<weekday>{{weekday}})(?:{_DAYPART}|\s+{_DAYPART})",
        rf"(?P<which>{{which}})\s+(?P<weekday>{{weekday}})(?:{_DAYPART})?",
        r"Nacht\s+(?:zum|auf|zu)\s+(?:den\s+)?(?P<night>{weekday})",
        rf"(?:(?P<weekday>{{weekday}}),?\s+(?:(?:dem|den|der)\s+)?)?(?P<day>{_DAY})\s*{_MONTH_OF_YEAR}",
        rf"(?P<day>{_DAY})\s*(?:bis(?:\s+zum)?|[-–/])\s*(?P<day2>{_DAY})\s*{_MONTH_OF_YEAR}",
        rf"(?:zwischen|vom|von)\s+(?:dem\s+)?(?P<day>{_DAY})\s*(?:und|bis)(?:\s+(?:dem|zum))?\s+(?P<day2>{_DAY})\s*{_MONTH_OF_YEAR}",
        rf"(?P<third>{{third}})\s+(?:des\s+Monats\s+)?{_MONTH_OF_YEAR}",
        rf"(?P<month>{{month}})\s+{_YEAR}",
        r"(?P<month>{month})\s*(?:bis|[-–])\s*(?P<month2>{month})\s+(?P<year>{year})",
        r"(?P<third>{third})\s+(?:des\s+Jahres\s+)?(?P<year>{year})",
        r"(?P<third>{third})\s+(?P<which>{which})\s+(?P<unit>{single})",
        rf"(?P<third>{{third}})\s+{_OF}(?P<which>{{which}})\s+(?P<unit>{{single}})",
        r"(?P<third>{third})\s+(?:der|des)\s+(?P<unit>{single})",
        rf"(?P<third>{{third}})\s+{_OF}(?P<decade>(?:1[5-9]|20)?\d0er|{{decade}})[-\s]?Jahren?",
        r"(?P<third>{third})\s+(?:des\s+)?(?P<century>\d{1,2})\.\s+Jahrhunderts?",
        rf"(?P<season>{{season}})\s+{_YEAR}(?:/\d{{2,4}})?",
        rf"(?P<weekday>{{weekday}})(?:{_DAYPART})?\s+(?:in\s+)?(?:der\s+)?(?P<week_of>{{which}})\s+Woche",
        r"(?P<which>{which})\s+(?P<season>{season})",
        r"(?P<which>{which})\s+(?P<month>{month})",
        r"(?P<which>{which})\s+(?P<unit>{single})",
        r"(?P<previous>Vorjahr|Vorjahres|Vormonat|Vormonats|Vorwoche)",
        r"(?P<current>heuer)",
        rf"(?P<quarter>{{ordinal}})\s+Quartals?(?:\s+{_YEAR})?",
        r"Q(?P<quarter>[1-4])[\s/]\s?(?P<year>{year})",
        rf"(?P<half>{{ordinal}})\s+(?:Halbjahre?s?|Jahreshälfte)(?:\s+{_YEAR})?",
        r"(?P<decade>(?:1[5-9]|20)\d0er)[-\s]?(?:Jahren?)?",
        r"(?P<decade>{decade})[-\s]?Jahren?",
        r"(?P<century>\d{1,2})\.\s+Jahrhunderts?",
        rf"(?P<since>seit)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})",
        rf"(?P<ago>vor)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})",
        rf"(?P<ago>vor)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<hours>Stunden?|Minuten?)",
        rf"(?P<ahead>in)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})(?!\s+(?:lang|Haft|Arbeit))",
        rf"(?:in|während|innerhalb|binnen)\s+(?:den|der)\s+(?P<gone>letzten|vergangenen|zurückliegenden)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})",
        rf"(?:in|während|innerhalb)\s+(?:den|der)\s+(?P<coming>kommenden|nächsten)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})",
        r"(?<=[(])(?P<year>{year})(?=[)])",
        # A number that may be a year is one beside a verb, not before a noun, and not where it is round.
        r"(?!\d\d00)(?P<year>{year})(?=[.,;:?!)]?(?:\s+(?-i:[a-zäöü])|\s*$|[.,;:?!)](?:\s|$)))(?!\s+(?:mal|prozent)\b)",
    ),
    led=(
        rf"(?P<weekday>{{weekday}})(?:{_DAYPART})?",
        # "von August Sommer" is somebody's.
        r"(?<!\bvon\s)(?P<month>{any_month})",
        r"(?<=\bvon\s)(?P<month>{any_month})(?!\s+(?-i:[A-ZÄÖÜ]))",
        rf"(?P<day>{_DAY})\s?(?P<mon>\d{{1,2}})\.(?!\s?\d)",
        r"(?P<season>{season})",
        r"(?P<feast>{feast})(?:\s+(?P<year>{year}))?",
        r"(?P<unit>Wochenende)",
        r"(?P<year>{year})(?!\s+(?-i:[A-ZÄÖÜ])|[.,]?\d|\s*[€$%]|[–-]\d)",
        r"(?P<year>{year})[/–-](?P<year2>\d\d)(?!\d)",
        r"(?<=Jahr\s)(?P<year>{year})",
        r"(?<=Jahre\s)(?P<year>{year})",
        r"(?<=seit\s)(?P<year>{year})(?!\s*[€$%])",
        r"(?P<decade>\d0ern)",
    ),
    past=(
        r"hat|haben|hatten?|habe|hätten|erklärt|sagt|meint|teilt|berichtet|betont|heißt es|war|waren|wurden?|worden|gewesen|gab|starb"
        rf"|(?:{_PREFIXES})?(?:{'|'.join(_STRONG.split())})(?:en)?"
        r"|(?!\w*(?:sollt|könnt|müsst|dürft|möcht|wollt|würd)en?)(?!(?:ge|letzt|erst|zweit|dritt|recht|alt|gut|spät|nächst|heut|bekannt|verletzt)\w*)"
        r"[a-zäöüß]{2,}te(?:n|t|st)?"
    ),
    future=(
        r"wird|werden|werde|will|wollen|wolle|soll|sollen|solle|sollten?|könnten?|würden?|dürften?|möchten?|plant|planen|geplant|muss|müssen"
        rf"|vorgesehen|bevorsteht|zu\s+[a-zäöüß]+en|(?:ist|sind)(?=\s+(?:am|im)\b)|\w+zu[a-zäöüß]{{2,}}en|{'|'.join(_AHEAD.split())}"
    ),
    named={"single": _SINGLE},
    events=(
        r"\w*(?:gespräche?n?|verhandlung(?:en)?|treffens?|gipfels?|wahl(?:en)?|abstimmung|krieg(?:es)?|streiks?|brand(?:es)?|angriffs?|anschlags?"
        r"|unfalls?|unglücks?|absturz(?:es)?|prozess(?:es)?|urteils?|sturms?|flut|hochwassers?|beben|erdbebens?|referendums?|schließung|eröffnung"
        r"|rücktritts?|tod(?:es)?|fusion|waffenruhe|konferenz|anhörung|einigung|abkommens?|sitzung|besuchs?|einmarschs?|putschs?|insolvenz)"
    ),
    ends_clause="dass|weil|wenn|nachdem|bevor|ob|während",
)  # fmt: skip
