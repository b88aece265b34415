"""Words of a sentence that have changed places in its source, where nothing else has: who does it to whom, which figure is of which year. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Literal

from assistant.checking.amounts import Amount, is_supported
from assistant.checking.quantities import placed, quantities_of
from assistant.drafts.faults import Fault, SentenceText, is_year
from assistant.drafts.types import DraftDifferenceKind
from assistant.language.lexicon import Lexicon
from assistant.language.words import is_function_word, is_german_noun, lemma

UnitKind = Literal["year", "number", "capital", "word", "small"]

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’.&][^\W\d_]+)*")
_SHORT = 3  # letters of words that are compared as they are inflected: articles tell who does it to whom
_MOST_UNITS, _LONGEST_BLOCK = 120, 4
_LEAST_AGREEING = 0.5  # of the words that stand side by side
# What is so in both directions: "A met B", "A grenzt an B".
_MUTUAL = re.compile(
    r"(?:m[ae]et\w*|met|merg\w*|marr\w*|border\w*|negotiat\w*|talk\w*|spoke|speak\w*|discuss\w*|agree\w*|equal\w*|cooperat\w*|resembl\w*"
    r"|together|between|tr[aäe]f\w*|getroffen|fusion\w*|verschm\w*|heirat\w*|grenz\w*|verhand\w*|spr[aeiäo]ch\w*|gespr\w*|vereinbar\w*"
    r"|kooper\w*|gleich\w*|einig\w*|zusammen\w*|gemeinsam\w*|zwischen|ähnel\w*|verbind\w*|verbunden|connect\w*|link\w*|share\w*|teil\w*)$",
    re.I,
)
_JOINS = re.compile(r",|;|/|\b(?:und|oder|sowie|and|or|as well as|beziehungsweise|bzw)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextUnit:
    """A word, a figure, or several words with capital letters as one; ``key`` is what is compared."""

    key: str
    kind: UnitKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _YearsFigure:
    """A figure that is given for a year, and its place."""

    amount: Amount
    start: int
    end: int


_Pair = tuple[int, int]  # of units, in order


def swapped_words(stated: SentenceText, source: SentenceText, lexicon: Lexicon) -> Iterator[Fault]:
    """Words that stand for one another in a source in the same language, each as a fault with what stands there in its stead."""
    if stated.language != source.language:
        return
    mine, theirs = units_of(stated, lexicon), units_of(source, lexicon)
    offset = _offset(mine, theirs)
    pairs = _without_moved(list(_pairs(mine, theirs, offset))) if offset is not None else []
    for pair in pairs:
        if _says_otherwise(pair, mine, stated.text):
            for at in pair:
                own, other = mine[at], theirs[at + (offset or 0)]
                yield _fault(kind_of_fault(own, stated), stated.text, own, (other.start, other.end))
    blocks = None if pairs else _exchanged_blocks(mine, theirs)
    if blocks and _says_otherwise((blocks[0].stop - 1, blocks[1].start), mine, stated.text):
        first, last = (_joined_units(mine[block.start : block.stop]) for block in blocks[:2])
        theirs_first, theirs_last = (_joined_units(theirs[block.start : block.stop]) for block in blocks[2:])
        yield _fault("name", stated.text, first, (theirs_first.start, theirs_first.end))
        yield _fault("name", stated.text, last, (theirs_last.start, theirs_last.end))


def _exchanged_blocks(
    mine: Sequence[TextUnit], theirs: Sequence[TextUnit]
) -> tuple[range, range, range, range] | None:
    """Names or nouns of several units each that have changed places after the same beginning: two blocks of each, in order."""
    keys, others = [one.key for one in mine], [one.key for one in theirs]
    start = next(
        (at for at, pair in enumerate(zip(keys, others, strict=False)) if pair[0] != pair[1]), len(keys)
    )
    lengths = range(1, _LONGEST_BLOCK + 1)
    for first, last in product(lengths, lengths):
        if first == last == 1:
            continue  # these are compared one by one
        if not (_is_named(mine[start : start + first]) and _is_named(theirs[start : start + last])):
            continue
        for between in range(1, len(mine) - start - first - last + 1):
            end, their_end = start + first + between, start + last + between
            if (
                keys[start + first : end] == others[start + last : their_end]
                and keys[end : end + last] == others[start : start + last]
                and others[their_end : their_end + first] == keys[start : start + first]
            ):
                own = range(start, start + first), range(end, end + last)
                return *own, range(start, start + last), range(their_end, their_end + first)
    return None


def _is_named(block: Sequence[TextUnit]) -> bool:
    """Whether units are a name or noun with what belongs to it."""
    return any(one.kind == "capital" for one in block) and all(
        one.kind in ("capital", "word") for one in block
    )


def _joined_units(block: Sequence[TextUnit]) -> TextUnit:
    return replace(block[0], end=block[-1].end)


def of_another_year(stated: SentenceText, sources: Sequence[SentenceText]) -> Iterator[Fault]:
    """Figures of a sentence about one year that its sources give only for another: "2023 waren es 7" where these were of 2024."""
    years, figures = _counted(stated)
    if len(years) != 1:
        return
    (year,) = years
    counted = [_counted(source) for source in sources]
    for figure, place in figures.items():
        others = [one for its, one in counted if year in its and figure not in one and one]
        elsewhere = [its for its, one in counted if figure in one]
        if others and elsewhere and all(its and year not in its for its in elsewhere):
            start, end = place
            written = stated.text[start:end]
            yield Fault(kind="figure", written=written, start=start, end=end, why="swapped")


def of_exchanged_years(stated: SentenceText, sources: Sequence[SentenceText]) -> Iterator[Fault]:
    """Figures of a sentence that are each of another of its years in the sources, whatever the order: "5 in 2023 and 7 in 2024"."""
    own = _by_year(stated)
    theirs: dict[str, _YearsFigure] = {}
    for number, source in enumerate(sources):
        for year, figure in _by_year(source).items():
            theirs.setdefault(year, figure if number == 0 else replace(figure, start=0, end=0))
    if len(own) == 1 or not own.keys() <= theirs.keys():
        return
    wrong = [year for year, one in own.items() if not is_supported(one.amount, [theirs[year].amount])]
    elsewhere = [theirs[year].amount for year in wrong]
    if all(is_supported(own[year].amount, elsewhere) for year in wrong):
        for year in wrong:
            start, end, its = own[year].start, own[year].end, theirs[year]
            beside = (its.start, its.end) if its.end else None
            written = stated.text[start:end]
            yield Fault(kind="figure", written=written, start=start, end=end, beside=beside, why="swapped")


def _by_year(text: SentenceText) -> dict[str, _YearsFigure]:
    """Each year's figure, where years and figures stand in pairs throughout; none where one of them stands alone."""
    amounts, tokens = placed(text.text, text.language.partition("-")[0])
    found: list[_YearsFigure | re.Match[str]] = [
        _YearsFigure(amount=one, start=tokens[one.start].start, end=tokens[one.start].end)
        for one in amounts
        if one.sure and one.text[:1].isdigit() and not is_year(one.text)
    ]
    found += [match for match in _TOKEN.finditer(text.text) if is_year(match[0])]
    found.sort(key=lambda one: one.start if isinstance(one, _YearsFigure) else one.start())
    by_year: dict[str, _YearsFigure] = {}
    for pair in zip(found[::2], found[1::2], strict=False):
        for year in pair:
            for figure in pair:
                if isinstance(year, re.Match) and isinstance(figure, _YearsFigure):
                    by_year[year[0]] = figure
    return by_year if len(found) == 2 * len(by_year) else {}


def _counted(text: SentenceText) -> tuple[set[str], dict[str, tuple[int, int]]]:
    """The years of a text, and its other figures in digits with their places."""
    amounts = quantities_of(text.text, text.language).amounts
    sure = {amount.text for amount in amounts if amount.sure}
    years, figures = set[str](), dict[str, tuple[int, int]]()
    for match in _TOKEN.finditer(text.text):
        if is_year(match[0]):
            years.add(match[0])
        elif match[0] in sure and match[0][0].isdigit():
            figures[match[0]] = match.span()
    return years, figures


def units_of(text: SentenceText, lexicon: Lexicon) -> list[TextUnit]:
    found: list[TextUnit] = []
    for match in _TOKEN.finditer(text.text):
        unit = _unit(match, text.language, lexicon)
        before = found[-1] if found else None
        if (
            before
            and before.kind == unit.kind == "capital"
            and not text.text[before.end : unit.start].strip(" ")
        ):
            found[-1] = TextUnit(
                key=f"{before.key} {unit.key}", kind="capital", start=before.start, end=unit.end
            )
        else:
            found.append(unit)
    return found[:_MOST_UNITS]


def _unit(match: re.Match[str], language: str, lexicon: Lexicon) -> TextUnit:
    word, lower = match[0], match[0].lower()
    kind: UnitKind = "word"
    if word[0].isdigit():
        kind = "year" if is_year(word) else "number"
    elif is_function_word(word, language, lexicon):
        kind = "small"
    elif word[0].isupper():
        kind = "capital"
    by_form = kind in ("word", "small") and len(word) > _SHORT
    return TextUnit(
        key=lemma(lower, language) if by_form else lower, kind=kind, start=match.start(), end=match.end()
    )


def _offset(mine: Sequence[TextUnit], theirs: Sequence[TextUnit]) -> int | None:
    """By how many units the source is shifted where most of both agree; None where too few do."""
    agreeing = {
        offset: sum(mine[at].key == theirs[at + offset].key for at in _overlap(mine, theirs, offset))
        for offset in range(1 - len(mine), len(theirs))
    }
    best = max(agreeing, key=lambda offset: (agreeing[offset], -abs(offset)), default=None)
    if best is None or agreeing[best] < _LEAST_AGREEING * len(_overlap(mine, theirs, best)):
        return _exchanged_whole(mine, theirs)
    return best


def _exchanged_whole(mine: Sequence[TextUnit], theirs: Sequence[TextUnit]) -> int | None:
    """No shift where a short sentence has all words of the source's beginning: "Nord bought Süd" and "Süd bought Nord"."""
    first = theirs[: len(mine)]
    return 0 if sorted(one.key for one in mine) == sorted(one.key for one in first) else None


def _overlap(mine: Sequence[TextUnit], theirs: Sequence[TextUnit], offset: int) -> range:
    return range(max(0, -offset), min(len(mine), len(theirs) - offset))


def _pairs(mine: Sequence[TextUnit], theirs: Sequence[TextUnit], offset: int) -> Iterator[_Pair]:
    """The units that stand for one another, with the same words between them."""
    overlap = _overlap(mine, theirs, offset)
    differing = [at for at in overlap if mine[at].key != theirs[at + offset].key]
    for first, last in combinations(differing, 2):
        exchanged = (
            mine[first].key == theirs[last + offset].key and mine[last].key == theirs[first + offset].key
        )
        kinds = {mine[first].kind, mine[last].kind, theirs[first + offset].kind, theirs[last + offset].kind}
        if exchanged and len(kinds) == 1:
            yield first, last


def _without_moved(pairs: Sequence[_Pair]) -> list[_Pair]:
    """The pairs, where no others have changed places just as far: these are clauses in another order, which say the same."""
    distances = [last - first for first, last in pairs]
    places = [at for pair in pairs for at in pair]
    alone = len(set(places)) == len(places)
    return [
        pair
        for pair, distance in zip(pairs, distances, strict=True)
        if alone and distances.count(distance) == 1
    ]


def _says_otherwise(pair: _Pair, units: Sequence[TextUnit], text: str) -> bool:
    """Whether it makes a difference which of two units stands where: not in lists, about what is mutual, or beside "is" alone."""
    first, last = (units[at] for at in pair)
    between = [one for one in units[pair[0] + 1 : pair[1]] if one.kind != "small"]
    counted = first.kind in ("year", "number")
    mutual = not counted and any(_MUTUAL.match(text[one.start : one.end]) for one in units)
    if first.kind == "small" or not between or mutual:
        return False
    alike = all(one.kind == first.kind for one in between)
    return not (alike and _JOINS.search(text[first.end : last.start]))


def kind_of_fault(unit: TextUnit, text: SentenceText) -> DraftDifferenceKind:
    if unit.kind in ("year", "number"):
        return "date" if unit.kind == "year" else "figure"
    common = unit.kind == "word" or (text.language == "de" and is_german_noun(unit.key))
    return "wording" if common else "name"


def _fault(kind: DraftDifferenceKind, text: str, unit: TextUnit, beside: tuple[int, int]) -> Fault:
    written = text[unit.start : unit.end]
    return Fault(kind=kind, written=written, start=unit.start, end=unit.end, beside=beside, why="swapped")
