"""Whether a question is about the collection itself, and what it asks of it. Pure.

A question is taken only where the whole of it is such a question, by the patterns of `grammar`: who asks about something in
the documents must never get a list of them instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.collection.grammar import GRAMMARS, TONGUES, Grammar, number_in
from assistant.collection.periods import MOMENT, PHRASE, Period, read_period
from assistant.types import CollectionAnswerKind

LONGEST = 300  # characters of a question that can be one about the collection
LONGEST_TOPIC = 9  # words
_ARTICLE = re.compile(r"^(?:the|an?|der|die|das|den|dem|des|eine?[nmrs]?) (?=\S)", re.I)
_QUOTES = "\"'“”„‚‘’«»‹› "
_TRAILING = re.compile(
    rf"(?P<topic>.+?),? (?:(?:that|which) )?(?:(?:are|were|was|is|die|sind|wurden) )?"
    rf"(?:published |written |dated |released |veröffentlicht )?(?P<period>{PHRASE})(?: (?:veröffentlicht|erschienen))?",
    re.I,
)
_FEW = 5  # of the newest, where no number is asked for
# "the articles on" before what they are on
_DOCUMENTS_ON = re.compile(
    r"^(?:(?:the|our|der|die|das|den|dem) )?(?:articles?|documents?|reports?|texts?|stories|coverage|artikeln?|dokumente?n?|berichte?n?|texte?n?)"
    r" (?:on|about|over|zu|zum|zur|über) ",
    re.I,
)
_SIDES_IN_TIME = re.compile(
    rf"(?P<before>.*?)\s*(?:(?:between|zwischen)(?: dem)? )?(?P<one>(?:(?:in|of|from|im|aus|von|vom)(?: dem| den)? )?{MOMENT})"
    rf" (?:and|with|to|versus|vs\.?|und|mit|gegenüber|gegen)(?: (?:that|those|dem|den|denen|der|die|das))?"
    rf" (?P<other>(?:(?:in|of|from|im|aus|von|vom)(?: dem)? )?{MOMENT})",
    re.I,
)
_SORT = re.compile(r"interview|report|bericht|press release|pressemitteilung", re.I)
_TITLED = re.compile(r"(?:[\w-]+ ){0,4}(?P<title>[\"“„«].+[\"”“»])")
_MENTIONS = re.compile(
    r"\b(?:mention|contain|occur|appear|erwähn|enthalt|genannt|nennen|vorkomm|kommt|auftauch)", re.I
)
_OLDEST = re.compile(r"oldest|earliest|first|älteste|früheste|erste", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRequest:
    """What is asked of the collection, in one of the languages of `grammar`.

    ``topic`` are words that the documents must have. ``spoken`` is the language that they must be in. ``limit`` is how many are
    asked for, None for all, and with ``oldest`` those that came first. ``sides`` are what a comparison compares: ``periods``
    of the same length where these are times. A request that is ``tentative`` is one only if the catalogue has something for it.
    ``singular`` asks for one document, ``ongoing`` for the one that the conversation is about; ``free`` are words to be summarised
    that need not be about a document. ``sort`` is the sort of document asked for, if a special one: "interview".
    """

    kind: CollectionAnswerKind
    language: str
    topic: str = ""
    about: bool = False
    author: str = ""
    period: Period | None = None
    written_period: str = ""
    spoken: str = ""
    limit: int | None = None
    oldest: bool = False
    ordered: bool = False
    sides: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    tentative: bool = False
    singular: bool = False
    ongoing: bool = False
    free: bool = False
    sort: str = ""


def recognise(question: str, today: date, before: Sequence[str] = ()) -> CollectionRequest | None:
    """What ``question`` asks of the collection; None where it is about anything else.

    ``before`` are the earlier questions of the conversation, which "And in March?" goes on with.
    """
    text = " ".join(question.replace("\N{NO-BREAK SPACE}", " ").split())
    if not text or len(text) > LONGEST:
        return None
    for grammar in GRAMMARS:
        request = _of(_plain(text, grammar), grammar, today) or _of(text.rstrip(" ?!."), grammar, today)
        if request:
            return request
    return _continued(text, today, before) if before else None


def _plain(text: str, grammar: Grammar) -> str:
    """The text without what is only polite."""
    text = text.rstrip(" ?!.")
    while lead := grammar.polite.match(text):
        text = text[lead.end() :].lstrip(" ,!:-–")
    return grammar.closing.sub("", text)


def _of(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    readers = (_asked, _count, _latest, _summary, _comparison, _happened, _list)
    return next((request for read in readers if (request := read(text, grammar, today))), None)


def _asked(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.asked, text):
        how = (match.groupdict().get("how") or "").lower()
        base = CollectionRequest(
            kind="count" if how.startswith(("how", "wie")) else "list", language=grammar.code
        )
        if request := _with_topic(base, match["topic"], grammar, today):
            return request
    return None


def _count(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.counts, text):
        asks = match.groupdict().get("asks")
        base = _of_kind(CollectionRequest(kind="count", language=grammar.code), match)
        if match["many"] and (match["rest"].strip() or not asks):
            request = _with_conditions(base, match["rest"], grammar, today)
            if request:
                return replace(request, limit=None)
    return None


def _list(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.lists, text):
        rest, groups = match["rest"].strip(), match.groupdict()
        base = _of_kind(CollectionRequest(kind="list", language=grammar.code), match)
        bare = "bare" in groups and not groups["bare"]
        if not rest and (
            groups.get("asks") or not match["many"] or (bare and not base.ordered and not base.spoken)
        ):
            continue
        if bare and not match["many"]:
            continue
        request = _with_conditions(base, rest, grammar, today)
        if request and (match["many"] or request.topic or request.period or request.author):
            # "What article was published in 1937?" may be about one that the documents speak of.
            return replace(request, tentative=request.tentative or (base.singular and not request.topic))
    return None


def _latest(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.latest, text):
        groups = match.groupdict()
        written = groups.get("order") or ""
        base = CollectionRequest(
            kind="list", language=grammar.code, ordered=True, oldest=bool(_OLDEST.match(written)), about=True
        )
        if groups.get("topic"):
            # Of what isn't said to be an article only the newest reports are worth a look; none is no answer either.
            if request := _with_topic(
                replace(base, limit=_FEW, tentative=True), groups["topic"], grammar, today
            ):
                return request
            continue
        if "rest" not in groups:
            return replace(base, limit=_FEW)
        wanted = number_in(groups.get("number") or groups.get("count") or "")
        one = not groups.get("many") or bool(re.search(r" (?:ist|is|was|erschien|wurde) ", text))
        base = replace(base, limit=wanted or (1 if one else _FEW), singular=one)
        if request := _with_conditions(base, groups["rest"] or "", grammar, today):
            return replace(request, limit=base.limit)
    return None


def _happened(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.happened, text):
        period = read_period(match["period"], grammar.code, today)
        if period:
            return CollectionRequest(
                kind="list",
                language=grammar.code,
                period=period,
                written_period=match["period"],
                tentative=True,
            )
    return None


def _summary(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.summaries, text):
        base = CollectionRequest(kind="summary", language=grammar.code)
        target = match["target"].strip(" ,")
        if request := _target(base, target, grammar, today):
            return request
        if titled := _TITLED.fullmatch(target):  # "the interview “Two views”"
            target = titled.group("title")
        quoted = len(target) > 2 and target[0] in _QUOTES and target[-1] in _QUOTES
        if quoted or "free" in match.groupdict():
            free = replace(base, free=not quoted, tentative=not quoted, singular=True)
            if request := _with_topic(free, target, grammar, today):
                return request
    return None


def _target(base: CollectionRequest, target: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    """What is to be summarised, where it is a document, several, or all of them."""
    if grammar.whole.fullmatch(target):
        return replace(base, ongoing=True)
    for match in _matches(grammar.documents, target):
        singular = not match["many"] or _speaks_of_one(target, grammar)
        described = _with_conditions(_of_kind(base, match), match["rest"], grammar, today)
        if described is None:
            continue
        named = bool(described.topic or described.period or described.ordered or described.author)
        limit = described.limit or (1 if singular and described.ordered else None)
        sort = _SORT.search(match["one"] or match["many"] or "")
        return replace(
            described,
            singular=singular and named,
            ongoing=singular and not named,
            limit=limit,
            sort=sort.group() if sort and singular and not named else "",
        )
    return None


def _speaks_of_one(target: str, grammar: Grammar) -> bool:
    """Whether a German noun that has no plural ending is one: "den Artikel", "des Artikels"."""
    return grammar.code == "de" and bool(
        re.match(
            r"(?:(?:in|von|aus|zu) )?(?:den|dem|des|diese[nms]|das|der|im|vom|zum|einen|einem|ein|mein(?:en|em)?) ",
            target,
            re.I,
        )
        and re.search(r"\b\w*(?:artikel|artikels|interview|interviews)\b", target, re.I)
    )


def _comparison(text: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    for match in _matches(grammar.compared, text):
        sides = match["sides"].strip(" ,")
        asked = (
            re.match(r"compare|contrast|a comp|give|show|make|vergl|ein", text, re.I)
            or "vergleich" in text.lower()
        )
        base = CollectionRequest(kind="comparison", language=grammar.code)
        if times := _SIDES_IN_TIME.fullmatch(sides):
            return _compared_times(base, times, grammar, today)
        if asked and (request := _compared_topics(base, sides, grammar)):
            return request
    return None


def _compared_times(
    base: CollectionRequest, match: re.Match[str], grammar: Grammar, today: date
) -> CollectionRequest | None:
    written = (match["one"], match["other"])
    periods = [read_period(side, grammar.code, today) for side in written]
    found = tuple(period for period in periods if period)
    lead = grammar.topic_before.fullmatch(match["before"].strip()) if match["before"].strip() else None
    topic = (lead["topic"] or "") if lead else match["before"].strip()
    if len(found) < len(written) or len(topic.split()) > LONGEST_TOPIC:
        return None
    return replace(base, topic=topic.strip(), about=True, periods=found, sides=written)


def _compared_topics(base: CollectionRequest, sides: str, grammar: Grammar) -> CollectionRequest | None:
    parts = [_DOCUMENTS_ON.sub("", part) for part in grammar.sides.split(sides)]
    if len(parts) == 2 and all(_is_topic(part, grammar) for part in parts):
        return replace(base, sides=tuple(_bare(part) for part in parts), tentative=True, about=True)
    return None


def _continued(text: str, today: date, before: Sequence[str]) -> CollectionRequest | None:
    """The request that the last question made, with another time or topic."""
    earlier = recognise(before[-1], today, before[:-1])
    if earlier is None or earlier.kind == "comparison":
        return None
    for grammar in GRAMMARS:
        match = grammar.goes_on.fullmatch(text.rstrip(" ?!."))
        if match is None:
            continue
        base = CollectionRequest(kind=earlier.kind, language=grammar.code)
        changed = _with_conditions(base, match["rest"], grammar, today)
        if changed is None and (period := read_period(match["rest"], grammar.code, today)):
            changed = replace(base, period=period, written_period=match["rest"])
        if changed is None and earlier.topic:
            changed = _with_topic(base, match["rest"], grammar, today)
        if changed:
            return _merged(earlier, changed)
    return None


def _merged(earlier: CollectionRequest, changed: CollectionRequest) -> CollectionRequest:
    return replace(
        earlier,
        language=changed.language,
        topic=changed.topic or earlier.topic,
        author=changed.author or earlier.author,
        spoken=changed.spoken or earlier.spoken,
        period=changed.period or earlier.period,
        written_period=changed.written_period or earlier.written_period,
        tentative=False,
    )


# -- what is said of the documents -------------------------------------------------------------


def _of_kind(base: CollectionRequest, match: re.Match[str]) -> CollectionRequest:
    """With what stands before the noun: "the five latest German articles"."""
    groups = match.groupdict()
    order, tongue = groups.get("order") or "", groups.get("tongue") or ""
    number = number_in(groups.get("number") or groups.get("count") or "")
    return replace(
        base,
        ordered=bool(order),
        oldest=bool(_OLDEST.match(order)),
        limit=number or (1 if order and not groups.get("many") else None),
        spoken=TONGUES.get(tongue.lower(), ""),
        singular=not groups.get("many"),
    )


def _with_conditions(
    base: CollectionRequest, rest: str, grammar: Grammar, today: date
) -> CollectionRequest | None:
    """The request with all that ``rest`` says of the documents; None where it says something else."""
    request = base
    while rest := rest.strip(" ,"):
        if match := grammar.dated.match(rest):
            period = _period_in(match.group(), grammar, today)
            if period is None or request.period:
                return None
            request = replace(request, period=period[1], written_period=period[0])
        elif match := grammar.spoken.match(rest):
            request = replace(request, spoken=TONGUES[match["tongue"].lower()])
        elif match := grammar.idle.match(rest):
            pass
        else:
            return _described(request, rest, grammar, today)
        rest = rest[match.end() :]
    return request


def _period_in(text: str, grammar: Grammar, today: date) -> tuple[str, Period] | None:
    """The stretch of time within a condition, as written and as days."""
    found = re.search(rf"(?<!\w)(?:{PHRASE}|{MOMENT})(?!\w)", text, re.I)
    period = read_period(found.group(), grammar.code, today) if found else None
    return (found.group(), period) if found and period else None


def _described(base: CollectionRequest, rest: str, grammar: Grammar, today: date) -> CollectionRequest | None:
    """The request with the topic or author that ``rest`` names."""
    for match in _matches(grammar.topics, rest):
        if match.groupdict().get("single") and not base.singular and grammar.code == "en":
            continue
        about = replace(base, about=not _MENTIONS.search(rest))
        if request := _with_topic(about, match["topic"], grammar, today):
            return request
    for match in _matches(grammar.authors, rest):
        if _is_topic(match["author"], grammar):
            return replace(base, author=_bare(match["author"]), tentative=True)
    return None


def _with_topic(
    base: CollectionRequest, topic: str, grammar: Grammar, today: date
) -> CollectionRequest | None:
    """The request with a topic, and with the time that stands behind it: "about the tram from 2024"."""
    if base.period is None and (trailing := _TRAILING.fullmatch(topic)):
        period = read_period(trailing["period"], grammar.code, today)
        if period:
            base = replace(base, period=period, written_period=trailing["period"])
            topic = trailing["topic"]
    if not _is_topic(topic, grammar):
        return None
    return replace(base, topic=_bare(topic))


def _is_topic(words: str, grammar: Grammar) -> bool:
    """Whether words name something and say nothing of it."""
    quoted = len(words) > 2 and words[0] in _QUOTES and words[-1] in _QUOTES
    return bool(_bare(words)) and (
        quoted or (len(words.split()) <= LONGEST_TOPIC and not grammar.no_topic.search(words))
    )


def _bare(words: str) -> str:
    """Words without the quotation marks around them and the article before them."""
    bare = words.strip(_QUOTES + ",")
    return bare if bare != words.strip(" ,") else _ARTICLE.sub("", bare, count=1)


def _matches(patterns: Sequence[re.Pattern[str]], text: str) -> list[re.Match[str]]:
    return [match for pattern in patterns if (match := pattern.fullmatch(text))]
