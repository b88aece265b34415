"""What a sentence has of its source, and turns: figures in another sense, "only" for "not only", a name by another letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from assistant.checking.amounts import Amount, is_supported
from assistant.checking.names import names
from assistant.checking.quantities import placed
from assistant.checking.spelling import is_one_letter_apart
from assistant.drafts.faults import Fault, SentenceText
from assistant.drafts.types import DraftDifferenceKind
from assistant.drafts.verbatim import key_of
from assistant.language.lexicon import Lexicon
from ingest.text.wording import words_in

# What stands before a figure: by how much something changes, from what, and to what.
_SENSES = {"um": "by", "by": "by", "von": "from", "from": "from", "auf": "to", "to": "to"}
_ROUGHLY = (
    "rund",
    "etwa",
    "ca",
    ".",
    "gut",
    "fast",
    "knapp",
    "circa",
    "about",
    "around",
    "nearly",
    "almost",
    "some",
)
_CHANGES = re.compile(
    r"\b(?:\w*(?:steig|stieg|sink|sank|sunk|wachs|wuchs|fall|fiel|erhöh|senk|kürz|schrumpf|klettert)\w*|zunahm\w*|zugenommen|abgenommen"
    r"|nahm\w*|legt\w* zu|rise\w*|rose|risen|rising|fell|fallen|gr[eo]w\w*|increas\w*|decreas\w*|dropp?\w*|climb\w*|cut\w*|reduc\w*|declin\w*"
    r"|rais\w*|shr[aiu]nk\w*|slump\w*|jump\w*|soar\w*|up|down)\b",
    re.I,
)
_MORE = ("über", "mehr als", "more than", "over", "above", "at least", "mindestens")
_LESS = (
    "fast",
    "knapp",
    "beinahe",
    "annähernd",
    "unter",
    "weniger als",
    "almost",
    "nearly",
    "under",
    "below",
    "less than",
    "fewer than",
    "höchstens",
    "at most",
)
_THOUSANDS = {"de": re.compile(r"\d{1,3}(?:\.\d{3})+"), "en": re.compile(r"\d{1,3}(?:,\d{3})+")}
_NOT_ONLY = re.compile(r"\b(?:nicht\s+(?:nur|bloß|allein)|not\s+(?:only|just|merely))\b", re.I)
_ONLY = re.compile(r"\b(?:nur|ausschließlich|lediglich|bloß|only|solely|merely|exclusively)\b", re.I)
_SHORTEST_NAME = 4
_NAME_ENDINGS = ("s", "es", "n", "en", "r", "er", "ern", "in", "s’", "s'")
# Names that are written in several ways where their language has other letters.
_TRANSCRIBED = re.compile(r"(?:s[kc][iy][jy]?|skyy|[oie][wv]|jew|yev|off|[eia][jiy])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _PlacedFigure:
    """A figure and where it stands with what gives it its ``sense``; ``points`` says whether it counts percentage points.

    ``bound`` is "more" or "less" for what is above or below it; empty for what is exact.
    """

    amount: Amount
    sense: str
    bound: str
    points: bool
    start: int
    end: int


def turned_faults(
    stated: SentenceText, sources: Sequence[SentenceText], surroundings: Sequence[str], lexicon: Lexicon
) -> Iterator[Fault]:
    """The places of a sentence that have what its sources have, but for the sense."""
    if stated.known and all(source.known for source in sources):
        yield from _figures(stated, sources)
    if any(source.language != stated.language for source in sources):
        return
    yield from _restrictions(stated, sources)
    yield from _misspelt(stated, sources, surroundings, lexicon)


def _figures(stated: SentenceText, sources: Sequence[SentenceText]) -> Iterator[Fault]:
    quoted = [figure for source in sources for figure in _placed_figures(source)]
    foreign = any(source.language != stated.language for source in sources)
    changes = all(_CHANGES.search(text.text) for text in (stated, sources[0]))
    for figure in _placed_figures(stated):
        same = [other for other in quoted if is_supported(figure.amount, [other.amount])]
        in_digits = figure.amount.text[:1].isdigit()
        other_value = (
            not same and in_digits and any(_may_mean(figure.amount, other.amount) for other in quoted)
        )
        other_share = bool(same) and all(_is_share(other) and other.points != figure.points for other in same)
        other_sense = (
            changes
            and bool(same and figure.sense)
            and all(other.sense and other.sense != figure.sense for other in same)
        )
        # Above what the source gives as exact or below, or the other way round; "more than 2,400" may be told as 2,400.
        # In another language a verb may say it ("exceeds"), so that only the contrary counts.
        other_bound = bool(same and figure.bound) and all(
            other.bound != figure.bound and (other.bound or not foreign) for other in same
        )
        if other_value or other_bound or (other_share and _is_share(figure)) or other_sense:
            yield _fault("figure", stated.text, figure.start, figure.end)


def _placed_figures(text: SentenceText) -> list[_PlacedFigure]:
    language = text.language.partition("-")[0]
    amounts, tokens = placed(text.text, language)
    lower = [token.text.lower() for token in tokens]
    found: list[_PlacedFigure] = []
    for amount in amounts:
        if not amount.sure or amount.end > len(tokens):
            continue
        before = amount.start - 1
        while before >= 0 and lower[before] in _ROUGHLY:
            before -= 1
        sense = _SENSES.get(lower[before], "") if before >= 0 else ""
        after = lower[amount.end : amount.end + 2]
        points = bool(after) and (after[0].startswith("prozentpunkt") or after[1:] in (["point"], ["points"]))
        found.append(
            _PlacedFigure(
                amount=_as_written(amount, language),
                sense=sense if amount.unit or sense != "to" else "",
                bound=_bound(" ".join(lower[max(0, amount.start - 2) : amount.start])),
                points=points,
                start=tokens[before if sense else amount.start].start,
                end=tokens[amount.end if points and amount.end < len(tokens) else amount.end - 1].end,
            )
        )
    return _without_single_origins(found)


def _bound(before: str) -> str:
    words = f" {before}"
    if words.endswith(tuple(f" {word}" for word in _MORE)):
        return "more"
    return "less" if words.endswith(tuple(f" {word}" for word in _LESS)) else ""


def _without_single_origins(figures: Sequence[_PlacedFigure]) -> list[_PlacedFigure]:
    """The figures; "from" is the sense of one only where the next says to what: "Ausgaben von 3 Millionen" are none from 3 millions on."""
    following = [(one, other.sense) for one, other in pairwise(figures)] + [(one, "") for one in figures[-1:]]
    return [
        replace(one, sense="") if one.sense == "from" and after != "to" else one for one, after in following
    ]


def _as_written(amount: Amount, language: str) -> Amount:
    """The amount, where a thousand is written as its language does only as that: "52.000" is no 52 in German."""
    thousands = _THOUSANDS.get(language)
    if thousands is None or not thousands.fullmatch(amount.text):
        return amount
    return replace(amount, values=frozenset({Fraction(re.sub(r"\D", "", amount.text))}))


def _may_mean(one: Amount, other: Amount) -> bool:
    """Whether two figures differ only in a mark of thousands or decimals: "52.000" and "52"."""
    mine, yours = (re.sub(r"\D", "", amount.text).rstrip("0") for amount in (one, other))
    return bool(mine) and mine == yours and one.unit == other.unit


def _is_share(figure: _PlacedFigure) -> bool:
    return figure.amount.unit is not None and figure.amount.unit.measures == "share"


def _restrictions(stated: SentenceText, sources: Sequence[SentenceText]) -> Iterator[Fault]:
    """What says "only" where the sources say "not only"."""
    quoted = [source.text for source in sources]
    only = _ONLY.search(_NOT_ONLY.sub(lambda match: "\0" * len(match[0]), stated.text))
    if (
        only
        and any(map(_NOT_ONLY.search, quoted))
        and not any(_ONLY.search(_NOT_ONLY.sub(" ", one)) for one in quoted)
    ):
        yield _fault("negation", stated.text, *only.span())


def _misspelt(
    stated: SentenceText, sources: Sequence[SentenceText], surroundings: Sequence[str], lexicon: Lexicon
) -> Iterator[Fault]:
    """Names that the sources write with another letter, where these have not the name itself: "Meyer" for "Meier"."""
    quoted = [word.text for source in sources for word in words_in(source.text)]
    around = [key_of(word.text) for text in surroundings for word in words_in(text)]
    keys = [key_of(word) for word in quoted]
    for name in names(stated.text, stated.language, lexicon):
        for number, part in enumerate(name):
            own = key_of(part.text)
            if part.common or len(own) < _SHORTEST_NAME or any(_is_same_name(own, key) for key in keys):
                continue
            before = key_of(name[number - 1].text) if number else ""
            for at, key in enumerate(keys):
                if not (quoted[at][:1].isupper() and _is_other_letter(own, key)):
                    continue
                beside = bool(before) and at > 0 and keys[at - 1] == before
                place = re.search(rf"(?<!\w){re.escape(part.text)}", stated.text)
                if place and (beside or not any(_is_same_name(own, key) for key in around)):
                    yield _fault("name", stated.text, *place.span())
                    break


def _is_same_name(one: str, other: str) -> bool:
    """Whether two names are one, inflected or not."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and (long == short or long[len(short) :] in _NAME_ENDINGS)


def _is_other_letter(one: str, other: str) -> bool:
    """Whether two names differ by one letter that is no ending and no transcription."""
    if one[:1] != other[:1] or not is_one_letter_apart(one, other):
        return False
    if one[:-1] == other[:-1] or (_TRANSCRIBED.search(one) and _TRANSCRIBED.search(other)):
        return False
    return not _is_same_name(one, other)


def _fault(kind: DraftDifferenceKind, text: str, start: int, end: int) -> Fault:
    return Fault(kind=kind, written=text[start:end], start=start, end=end)
