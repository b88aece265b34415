"""English expressions of time."""

from __future__ import annotations

from assistant.time_expressions.grammar import TimeWords
from ingest.text.months import months

_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SHORT = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DECADES = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]

_DAYPART = r"(?:morning|afternoon|evening|night|lunchtime)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"(?:to|and|until|till|through|[-–])"
_YEAR = r"(?:,?\s+(?:of\s+)?(?:(?P<year>{year})|(?P<year_of>{which})\s+year))"
_OF_YEAR = rf"{_YEAR}?"
_SINGLE = "week|weekend|month|quarter|year|decade|century"
_THIRD = r"(?:the\s+)?(?P<third>{third})(?:\s+of)?[\s-]+(?:the\s+)?"
_ABOUT = r"(?:(?:about|around|some|almost|nearly|roughly|more\s+than|less\s+than|over|just|only|exactly)\s+)?"
_IRREGULAR = (
    "was were had has have did said began became broke brought built bought came caught chose cut drew drove fell felt fought found flew gave"
    " got grew held hit kept knew left led lost made met paid put ran rose saw sent shot shut sold spent spoke stood stole struck swept sank"
    " sat told took thought threw tore went won wrote withdrew overtook underwent"
)
_AHEAD = (
    "starts begins opens reopens meets votes ends closes expires runs arrives returns speaks decides plays visits launches reports faces"
    " start begin open reopen meet vote end close expire run arrive return speak decide"
)

ENGLISH = TimeWords(
    months={name: number for name, number in months("en").items() if len(name) > 2},
    weekdays={name: number for number, name in enumerate(_WEEKDAYS)} | {name: number for number, name in enumerate(_SHORT)},
    offsets={
        "the day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0,
        "this afternoon": 0, "this evening": 0, "earlier today": 0, "tomorrow": 1, "the day after tomorrow": 2,
    },
    units={
        "day": "day", "days": "day", "week": "week", "weeks": "week", "weekend": "weekend", "weekends": "weekend", "month": "month",
        "months": "month", "quarter": "quarter", "quarters": "quarter", "year": "year", "years": "year", "decade": "decade",
        "decades": "decade", "century": "century", "centuries": "century",
    },
    which={
        "last": "last", "past": "last", "previous": "last", "this past": "last", "this": "this", "the current": "this", "current": "this",
        "next": "next", "coming": "next", "this coming": "next",
    },
    thirds={
        "early": "early", "the beginning": "early", "beginning": "early", "the start": "early", "start": "early", "mid": "mid",
        "middle": "mid", "the middle": "mid", "late": "late", "the end": "late", "end": "late",
    },
    seasons={"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"},
    feasts={
        "christmas eve": "christmas eve", "christmas": "christmas", "new year's eve": "new year's eve", "new year’s eve": "new year's eve",
        "new year's day": "new year", "new year’s day": "new year", "easter": "easter", "pentecost": "whitsun", "whitsun": "whitsun",
    },
    numbers={word: number for number, word in enumerate(_NUMBERS)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
    | {"a": 1, "an": 1, "a couple of": 2, "a hundred": 100, "a dozen": 12},
    ordinals={"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4},
    decades={name: 10 * number for number, name in enumerate(_DECADES, 2)}
    | {f"{sign}{number}0s": 10 * number for number in range(2, 10) for sign in ("", "'", "’")},
    lead=(
        r"(?:since|until|till|by|before|after|from|between|in|on|at|during|of|for|over|through|throughout|to|and|or|around|about|as\s+of|within)"
        r"(?:\s+the)?(?:\s+year)?|the|said"
    ),
    bounds={
        "since": "since", "as of": "since", "from": "from", "until": "until", "till": "until", "by": "until", "before": "before", "after": "after",
    },
    opens=frozenset(("from", "between")),
    joins=frozenset(("to", "and", "until", "till", "through")),
    free=(
        rf"(?P<offset>{{offset}})(?:\s+{_DAYPART})?",
        rf"(?P<which>{{which}})\s+(?P<weekday>{{weekday}})(?:\s+{_DAYPART})?",
        rf"(?P<weekday>{{weekday}})\s+{_DAYPART}",
        # "Police said Wednesday", "The fire broke out Tuesday."
        r"(?<=[a-z]\s)(?<!\bthe\s)(?<!\bevery\s)(?<!\beach\s)(?<!\ba\s)(?<!\bof\s)(?<!\bgood\s)(?P<weekday>{weekday})(?=[.,;:]|\s+(?-i:[a-z])|\s*$)",
        rf"(?:(?P<weekday>{{weekday}}),?\s+(?:the\s+)?)?(?P<day>{_DAY})(?:\s+of)?\s+(?P<month>{{month}}){_OF_YEAR}",
        rf"(?:(?P<weekday>{{weekday}}),?\s+(?:the\s+)?)?(?P<month>{{month}})\.?\s+(?:the\s+)?(?P<day>{_DAY})(?!\d|[.,]\d|:\d|\s*%|\s+(?:percent|per)){_OF_YEAR}",
        rf"(?P<day>{_DAY})\s*{_TO}\s*(?:the\s+)?(?P<day2>{_DAY})(?:\s+of)?\s+(?P<month>{{month}}){_OF_YEAR}",
        rf"(?P<month>{{month}})\s+(?P<day>{_DAY})\s*{_TO}\s*(?P<day2>{_DAY})(?!\d|[.,]\d){_OF_YEAR}",
        rf"{_THIRD}(?P<month>{{month}}){_OF_YEAR}",
        rf"{_THIRD}(?P<year>{{year}})",
        rf"{_THIRD}(?P<decade>(?:1[5-9]|20)\d0s|{{decade}})",
        rf"{_THIRD}(?P<century>\d{{1,2}})(?:st|nd|rd|th)[\s-]century",
        rf"{_THIRD}(?P<which>{{which}})\s+(?P<unit>{{single}})",
        r"(?:the\s+)?(?P<third>end|beginning|start|middle)\s+of\s+the\s+(?P<unit>{single})",
        rf"(?P<month>{{month}}){_YEAR}",
        rf"(?P<month>{{month}})\s*{_TO}\s*(?P<month2>{{month}}),?\s+(?P<year>{{year}})",
        rf"(?P<season>{{season}}){_YEAR}(?:[/–-]\d{{2,4}})?",
        rf"(?P<weekday>{{weekday}})(?:\s+{_DAYPART})?\s+(?:of\s+)?(?P<week_of>{{which}})\s+week",
        r"(?P<which>{which})\s+(?P<season>{season})",
        r"(?P<which>{which})\s+(?P<month>{month})",
        r"(?P<which>{which})\s+(?P<unit>{single})(?!\s+of\b)",
        rf"(?P<quarter>{{ordinal}})[\s-]quarter{_YEAR}?",
        r"Q(?P<quarter>[1-4])[\s/]\s?(?P<year>{year})",
        rf"(?P<half>{{ordinal}})\s+half(?:\s+of\s+the\s+year)?{_YEAR}",
        r"(?:the\s+)?(?P<decade>(?:1[5-9]|20)\d0s)",
        r"the\s+(?P<decade>{decade})",
        r"the\s+(?P<century>\d{1,2})(?:st|nd|rd|th)[\s-]century",
        rf"(?P<since>since)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})\s+ago",
        rf"{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})\s+(?P<ago>ago)",
        rf"{_ABOUT}a\s+(?P<fortnight>fortnight)\s+(?P<ago>ago)",
        rf"{_ABOUT}(?P<count>{{number}})\s+(?P<hours>hours?|minutes?)\s+(?P<ago>ago)",
        rf"{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})\s+(?P<ahead>from\s+(?:now|today))",
        rf"(?P<ahead>in)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})(?:['’]s?\s+time)?(?!\s+(?:of|in)\b)",
        rf"(?:(?:in|over|during|within|for)\s+)?the\s+(?P<gone>last|past|previous)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})",
        r"(?:in|over|during|within|for)\s+the\s+(?P<gone>past|last)\s+(?P<unit>{single})(?!\s+of\b)",
        rf"(?:(?:in|over|during|within|for)\s+)?the\s+(?P<coming>next|coming)\s+{_ABOUT}(?P<count>{{number}})\s+(?P<unit>{{unit}})",
        r"(?<=[(])(?P<year>{year})(?=[)])",
    ),
    led=(
        r"(?<!\bthe\s)(?P<weekday>{weekday})",
        r"(?:(?<=\bon\s)|(?<=\bsince\s)|(?<=\buntil\s))(?P<weekday>{any_weekday})",
        r"(?<!\bthe\s)(?P<month>{month})(?!\s+\d)",
        # A small letter is no name but after such a word: "march" and "may" are others.
        r"(?:(?<=\bin\s)|(?<=\bsince\s)|(?<=\bduring\s)|(?<=\buntil\s))(?P<month>{any_month})(?!\s+\d)",
        r"(?P<season>{season})(?!\s+(?:of\s+)?\d)",
        r"(?P<feast>{feast})(?:\s+(?P<year>{year}))?",
        r"(?P<unit>weekend)",
        r"(?P<year>{year})[/–-](?P<year2>\d\d)(?!\d)",
        r"(?P<year>{year})(?![.,]\d|[–-]\d|\s*[€$£%]|\s+(?:people|men|women|children|votes|tons?|tonnes|miles|metres|meters|euros|dollars|pounds|members|jobs)\b)",
    ),
    past=rf"says|say|{'|'.join(_IRREGULAR.split())}|(?!need|feed|speed|indeed)[a-z]{{2,}}ed",
    future=(
        r"(?:will|[’']ll|shall|won['’]t|(?:is|are|was|were)\s+(?:due|set|scheduled|expected|planned|likely|to)\b"
        r"|(?:due|set|scheduled|planned|expected|plan|plans|planning|hope|hopes|hoping|want|wants|wanted|intends?|agreed|agree|promised|vowed|pledged"
        r"|likely|aims?|going|wants)\s+(?:to|for)|would|can|should|could|may|might|must"
        rf"|takes?\s+(?:place|effect)|(?:is|are)(?=\s+(?:on|in|at)\b)|{'|'.join(_AHEAD.split())})"
        # The participle is the future's: "will be closed".
        r"(?:\s+(?:not|also|only|again))*(?:\s+(?:be|have|been|get)\s+[a-z]+|\s+[a-z]+ed\b)?"
    ),
    named={"single": _SINGLE},
    events=(
        r"talks?|negotiations?|meeting|summit|elections?|vote|war|strike|fire|attack|accident|crash|trial|verdict|storm|floods?|earthquake|referendum"
        r"|closure|opening|resignation|death|merger|ceasefire|truce|invasion|coup|conference|hearing|ruling|agreement|deal|session|visit|bankruptcy"
    ),
    ends_clause="that|because|when|while|after|before|if|which|who",
)  # fmt: skip
