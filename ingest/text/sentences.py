"""Sentence boundaries, by sentencex, with line breaks and quotations understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import sentencex

from ingest.text import folding, table_rows

_LINE = re.compile(r"[^\n]*\n*")
_TERMINAL = re.compile(r"[.!?…:;][\"'”“»«›‹’)\]]*$")
_SPEECH = re.compile(r"^\s*[\"'”“»«›‹’]*,?\s*(?:[a-zäöüß])")
# German writes "29." for "29th". Before a month it always is that; before another noun only after a word that
# asks for one, and if what follows is no word that sentences begin with.
_ORDINAL = re.compile(r"(?<![\d.,:])\d{1,2}\.\s*$")
_NUMBER = re.compile(r"\d{1,2}\.")
_MONTH = re.compile(
    r"\s*(?:Jänner|Januar|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|(?:Jan|Jän|Febr?|Mär|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\.)(?!\w)"
)
_AWAITING = re.compile(
    r"\b(?:am|im|ins|vom|beim|zum|zur|der|die|das|dem|den|des|(?:ihr|sein|mein|unser|jed|kein|ein)(?:e[mnrs]?)?)"
    r"\s+(?:\d{1,2}\.,?\s+(?:(?:und|oder|bis|auf|zum|zur|der|die|das|dem|den)\s+){0,2})?\d{1,2}\.\s*$",
    re.I,
)
# Where sentencex sees an abbreviation or an ordinal and a sentence ends all the same. "May." is none. In German no word that only
# opens sentences is written large within them ("3 Mio. Die Stadt …"). Where ordinals have a full stop, what comes before a number
# ("… Gefahr. 41 Betriebe") is an abbreviation if it is short, unless that is a word of its own, and seldom if it is long.
_OPENING = (
    "Aber Als Am An Auch Auf Bei Beim Da Dabei Damit Danach Dann Das Dazu Denn Der Deshalb Die Dies Diese Dieser Dieses Doch Dort Ein Eine "
    "Er Es Im In Ist Jetzt Man Mit Nach Noch Nun Nur So Und Unter Vor Was Wegen Weil Wenn Wer Wie Wir Wo Zu Zudem Zuletzt Zum Zur Zwar"
).replace(" ", "|")
_LONG_ABBREVIATION = r"\w*(?:nr|str|gl|schl|bes|tl|kl|ziff|abschn|mind|fußn|anm|aufl|sept|febr|aug|lfd|evtl)"
_SHORT_WORD = (
    "ab an auf aus da ein es gab hat her hin ihm ihn ihr ist kam los mit nun sah sei sie so tot tun um vor war weg wird zu"
).replace(" ", "|")
_BEFORE_NUMBER = rf"(?:\b(?:(?!(?i:{_LONG_ABBREVIATION})\.)[^\W\d_]{{4,}}|{{}}(?:19|20)\d\d)\.|[)%“\"]\.|[.!?][“\"])\s+(?=\d)"
_MISSED_END = {
    "en": re.compile(r"\bMay\.\s+(?=[\"“‘'(]?[A-Z])"),
    "de": re.compile(
        rf"[\w.]{{2}}\.\s+(?=(?:{_OPENING})\s)|" + _BEFORE_NUMBER.replace("{}", f"(?:{_SHORT_WORD})|")
    ),
    **dict.fromkeys(("cs", "da", "fi", "sk"), re.compile(_BEFORE_NUMBER.replace("{}", ""))),
}
_NOUN = re.compile(r"\s*([A-ZÄÖÜ]\w+)")
_LONGEST = 10_000
_BEGINNING = frozenset(
    folding.words(
        "aber als am an auch auf aus bei beim bis da dabei damit danach dann das dass dem den denn der deren des deshalb "
        "dessen die dies diese dieser dieses doch dort durch ein eine einen einer eines er es etwa für gegen gestern heute "
        "hier ich ihm ihn ihr ihre im in ins ist jede jeder jedes jetzt kein keine man mehr mit nach nachdem nicht noch "
        "nun nur ob oder ohne schon sein seine seit sie so sowohl trotz um und unser unsere unter viele vom von vor war "
        "warum was weil weiter wenn wer wie wir wo während zu zudem zuletzt zum zur zwar zwischen über"
    )
)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int


def sentence_spans(text: str, language: str = "") -> list[Span]:
    """The sentences of ``text`` as spans that partition it (a sentence keeps the space after it)."""
    spans: list[Span] = []
    for block in blocks(text):
        if table_rows.cells_of(text[block.start : block.end]):
            spans.append(block)
            continue
        spans.extend(_sentences(text, block, language or "en"))
    return spans


def trimmed(text: str, span: Span) -> Span:
    """The span without the white space around it."""
    piece = text[span.start : span.end]
    left = len(piece) - len(piece.lstrip())
    return Span(span.start + left, span.start + max(left, len(piece.rstrip())))


@lru_cache(maxsize=8_000)
def trimmed_sentences(text: str, language: str) -> tuple[Span, ...]:
    """The sentences of a passage without the white space around them, blank ones left out.

    They are cached, for the same passages are retrieved by one question after another.
    """
    spans = (trimmed(text, span) for span in sentence_spans(text, language))
    return tuple(span for span in spans if span.end > span.start)


def blocks(text: str) -> Iterator[Span]:
    """Lines, except where a line is only wrapped: then it belongs to the one before."""
    wrapped = _is_wrapped(text)
    start = end = last = 0  # of the block, and where its last line with words begins
    for match in _LINE.finditer(text):
        if match.group().strip():
            if end > start and not _continues(text[last:end], match.group(), wrapped):
                yield Span(start, end)
                start = end
            last = match.start()
        end = match.end()
    if end > start:
        yield Span(start, end)


def _is_wrapped(text: str) -> bool:
    """Whether lines were broken at a fixed width: nearly none is long, and many are full."""
    lengths = [len(line) for line in text.split("\n") if line.strip()]
    full = sum(50 <= length <= 110 for length in lengths)
    return (
        len(lengths) > 2
        and sum(length > 110 for length in lengths) <= len(lengths) // 50
        and full * 2 > len(lengths)
    )


def _continues(before: str, line: str, wrapped: bool) -> bool:
    """Whether ``line``, which has words, goes on with the sentence of the line ``before`` and the blank ones after that.

    In text that is not wrapped only a small letter says so; a line without a full stop is a headline.
    """
    if not before.strip():
        return True
    if table_rows.BAR in line or table_rows.BAR in before.rstrip("\n").rsplit("\n", 1)[-1]:
        return False
    if before.endswith("\n\n"):
        return False
    if _ORDINAL.search(before) and _MONTH.match(line):
        return True
    last = before.rstrip("\n").rsplit("\n", 1)[-1].rstrip()
    if line.lstrip()[:1].islower():
        return not _TERMINAL.search(last)
    return wrapped and len(last) > 45 and not _TERMINAL.search(last)


def _sentences(text: str, block: Span, language: str) -> Iterator[Span]:
    start = position = block.start
    pieces = [
        piece
        for part in _parts(text[block.start : block.end])
        for whole in sentencex.segment(language, part)
        for piece in _parted(whole, language)
    ]
    for index, piece in enumerate(pieces):
        position += len(piece)
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        if _joins(piece, following) or (language == "de" and _goes_on(piece, following)):
            continue
        yield Span(start, position)
        start = position
    if start < block.end:
        yield Span(start, block.end)


def _parts(line: str) -> Iterator[str]:
    """A line in parts of at most `_LONGEST` characters, cut behind a full stop or at white space where there is one.

    sentencex takes time with the square of the quotation marks in a line, which is minutes for a megabyte without line breaks.
    """
    start = 0
    while len(line) - start > _LONGEST:
        end = start + _LONGEST
        stop = max(line.rfind(mark, start + _LONGEST // 2, end) for mark in (". ", "! ", "? "))
        cut = stop + 1 if stop > 0 else line.rfind(" ", start + _LONGEST // 2, end)
        end = cut + 1 if cut > 0 else end
        yield line[start:end]
        start = end
    yield line[start:]


def _parted(piece: str, language: str) -> Iterator[str]:
    """A piece at the ends of sentences that were taken for abbreviations."""
    start = 0
    ends = _MISSED_END.get(language)
    for match in ends.finditer(piece) if ends else ():
        if _is_within(piece[: match.end()]):
            continue
        yield piece[start : match.end()]
        start = match.end()
    yield piece[start:]


def _is_within(before: str) -> bool:
    """Whether what follows may stand in the quotation marks or brackets that came before."""
    opened = any(before.count(mark) > before.count(closing) for mark, closing in ("()", "„“", "[]"))
    return opened or before.count('"') % 2 == 1 or any(mark in before for mark in "«»‹›")


def _joins(piece: str, following: str) -> bool:
    """Whether a boundary found is none: blank pieces, the number of what follows, and speech that goes on after its quotation."""
    if not following:
        return False
    if not piece.strip() or not following.strip() or _NUMBER.fullmatch(piece.strip()):
        return True
    return bool(_SPEECH.match(following)) and piece.rstrip()[-1:] in "\"'”“»«›‹’!?"


def _goes_on(piece: str, following: str) -> bool:
    """Whether a German piece ends with an ordinal number whose noun begins what follows: "am 29. | November"."""
    if not _ORDINAL.search(piece):
        return False
    noun = _NOUN.match(following)
    awaited = _AWAITING.search(piece) and noun and noun[1].lower() not in _BEGINNING
    return bool(_MONTH.match(following) or awaited)
