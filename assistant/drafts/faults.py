"""What a sentence says that other sentences do not: figures, dates, names and denials, each with its place. Pure.

The checks of written answers find what is missing; here it is told where it stands, and what the source has in its stead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.checking.amounts import Amount, is_supported
from assistant.checking.check import missing_quantities
from assistant.checking.dates import DateOrTime
from assistant.checking.digits import without_list_marker
from assistant.checking.names import missing_names
from assistant.checking.negation import LANGUAGES, denials_in, polarity_change
from assistant.checking.quantities import quantities_of
from assistant.checking.told_as_fact import without_source
from assistant.drafts.renderings import denies_alike, is_rendered
from assistant.drafts.types import DraftDifferenceKind
from assistant.language.lexicon import Lexicon
from assistant.language.words import equivalents, is_function_word, lemma
from ingest.quotations.finding import grammar_of
from ingest.text.folding import fold
from ingest.text.wording import WrittenWord, words_in

_YEAR = re.compile(r"(?:1[2-9]|20)\d\d")
_LONGEST_COUNTERPART = 6  # words
# How much of a sentence must be as in its source for exchanged words to be told, how many words are exchanged at most, and how many
# letters words of one family have in common.
_SAME_WORDS, _MOST_EXCHANGED, _STEM = 0.7, 2, 5
# What makes another word of one, and no compound: "kauft" and "verkauft".
_PREFIXES = frozenset(
    fold(one) for one in ["un", "ver", "ent", "miss", "nicht", "il", "im", "in", "ir", "dis", "anti", "non"]
)

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is missing in the sources: its kind and words, and where it stands in its sentence; an empty place where that can't be told.

    ``beside`` is where the source has what stands in its stead, if that is known already; ``why`` the reason, if not that of its kind.
    """

    kind: DraftDifferenceKind
    written: str
    start: int
    end: int
    beside: Offsets | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceText:
    """A text and its language (ISO 639-1)."""

    text: str
    language: str

    @property
    def known(self) -> bool:
        """Whether number words and denials of its language are known."""
        return self.language.partition("-")[0] in LANGUAGES


def faults_of(
    stated: SentenceText, sources: Sequence[SentenceText], surroundings: Sequence[str], lexicon: Lexicon
) -> list[Fault]:
    """What a sentence has and its sources do not; ``surroundings`` are texts whose names and days count as well."""
    quotes = [source.text for source in sources]
    foreign = any(source.language != stated.language for source in sources)
    readable = stated.known and all(source.known for source in sources)
    plain = without_list_marker(stated.text)
    quantities = quantities_of(plain, stated.language if readable else "")
    found: list[tuple[DraftDifferenceKind, str]] = [
        (_kind(missing), missing.text) for missing in missing_quantities(quantities, quotes, surroundings)
    ]
    found += [
        ("name", name)
        for name in missing_names(plain, [*quotes, *surroundings], stated.language, lexicon, foreign=foreign)
        if not (foreign and is_rendered(name, plain, [*quotes, *surroundings], stated.language, lexicon))
    ]
    faults = [_placed(kind, written, stated.text) for kind, written in dict.fromkeys(found)]
    if readable:
        faults += _repeated(stated, sources)
        unsourced = without_list_marker(without_source(stated.text, stated.language))
        changed = polarity_change(unsourced, quotes, stated.language, lexicon, foreign=foreign)
        if changed and not (foreign and denies_alike(unsourced, quotes[0])):
            faults.append(_denial(stated.text, quotes[0]))
    return faults


def _repeated(stated: SentenceText, sources: Sequence[SentenceText]) -> Iterator[Fault]:
    """A figure that a sentence has more often than its sources do, where these have another that the sentence lacks."""
    plain = without_list_marker(stated.text)
    own = [amount for amount in quantities_of(plain, stated.language).amounts if amount.sure]
    theirs = [
        amount
        for source in sources
        for amount in quantities_of(source.text, source.language).amounts
        if amount.sure
    ]
    lacking = [amount for amount in theirs if not is_supported(amount, own)]
    for values in dict.fromkeys(amount.values for amount in own):
        same = [amount for amount in own if amount.values == values]
        held = sum(is_supported(same[0], [amount]) for amount in theirs)
        others = [amount for amount in lacking if (amount.unit is None) == (same[0].unit is None)]
        if len(same) > max(1, held) and others:
            measured = [n for n, amount in enumerate(same) if amount.unit == others[0].unit]
            number = measured[-1] if measured else len(same) - 1
            places = list(re.finditer(rf"(?<![\w.,]){re.escape(same[number].text)}(?!\w)", stated.text))
            if number < len(places):
                start, end = places[number].span()
                yield Fault(kind="figure", written=stated.text[start:end], start=start, end=end)


def is_year(text: str) -> bool:
    return _YEAR.fullmatch(text) is not None


def _kind(missing: Amount | DateOrTime) -> DraftDifferenceKind:
    if isinstance(missing, DateOrTime):
        return "date"
    return "date" if missing.unit is None and is_year(missing.text) else "figure"


def _placed(kind: DraftDifferenceKind, written: str, text: str) -> Fault:
    place = place_of(written, text)
    return Fault(
        kind=kind,
        written=text[slice(*place)] if place[1] > place[0] else written,
        start=place[0],
        end=place[1],
    )


def place_of(written: str, text: str) -> Offsets:
    """Where words stand in a text, whatever stands between them; (0, 0) where they don't, as they are read."""
    parts = [re.escape(part) for part in re.findall(r"\w+|[^\w\s]", written)]
    between = r"[\s'’.,–-]{0,3}(?:(?:of|the|de|von|van|der|la|du)\s+){0,2}"
    match = re.search(rf"(?<!\w){between.join(parts)}(?!\w)", text) if parts else None
    match = match or (re.search(between.join(parts), text) if parts else None)
    return match.span() if match else (0, 0)


def _denial(stated: str, source: str) -> Fault:
    """The word that denies, where the sentence has one that the source lacks; else its words that stand where the source denies."""
    mine, theirs = denials_in(stated), [word.lower() for word in denials_in(source)]
    own = next(
        (word for word in mine if word.lower() not in theirs), mine[0] if len(mine) > len(theirs) else ""
    )
    return _placed("negation", own, stated) if own else Fault(kind="negation", written="", start=0, end=0)


def exchanged_words(
    stated: SentenceText, source: SentenceText, lexicon: Lexicon, *, framed: bool = False
) -> Iterator[Fault]:
    """Words that stand where the source, which has the same words around them, has others of another meaning.

    In a sentence that is ``framed`` by who says it, verbs of saying do not count: "sagte" for "warf ihm vor".
    """
    mine, theirs = words_in(stated.text), words_in(source.text)
    grammar = grammar_of(stated.language)
    saying = grammar.verbs.keys() if grammar and framed else frozenset[str]()
    blocks = _blocks(mine, theirs, stated.language)
    same = sum(b - a for tag, a, b, _, _ in blocks if tag == "equal")
    if same < _SAME_WORDS * len(mine):
        return
    for number, (tag, a, b, c, d) in enumerate(blocks):
        if number == len(blocks) - 1 and b - a == 1:
            d = min(d, c + 1)  # the sentence ends there, and its source goes on
        if tag != "replace" or max(b - a, d - c) > _MOST_EXCHANGED:
            continue
        beside = [blocks[at] for at in (number - 1, number + 1) if 0 <= at < len(blocks)]
        if any(block[0] != "equal" for block in beside) or max(e - f for _, f, e, *_ in beside) < 2:
            continue
        own = [word.text for word in mine[a:b] if _tells(word.text, stated.language, lexicon)]
        others = [word.text for word in theirs[c:d] if _tells(word.text, source.language, lexicon)]
        frame = any(word.text.lower() in saying for word in (*mine[a:b], *theirs[c:d]))
        alike = any(_alike(one, other, stated.language, lexicon) for one in own for other in others)
        if own and others and not frame and not alike:
            start, end = mine[a].start, mine[b - 1].end
            yield Fault(kind="wording", written=stated.text[start:end], start=start, end=end)


def _tells(word: str, language: str, lexicon: Lexicon) -> bool:
    return word.isalpha() and len(word) > 2 and not is_function_word(word, language, lexicon)


def _alike(one: str, other: str, language: str, lexicon: Lexicon) -> bool:
    """Whether two words are of one family, or may mean the same: they have a translation in common."""
    first, second = fold(one), fold(other)
    if lemma(one, language) == lemma(other, language) or first[:_STEM] == second[:_STEM]:
        return True
    short, long = sorted((first, second), key=len)
    if long.endswith(short) and long.removesuffix(short) not in _PREFIXES:
        return True  # "Strecke" and "Bahnstrecke"
    targets = [target for source, target in lexicon.pairs if source == language]
    meanings = [
        {
            form
            for target in targets
            for form in equivalents(word, lemma(word, language), language, target, lexicon)
        }
        for word in (one, other)
    ]
    return not meanings[0].isdisjoint(meanings[1])


def counterparts(
    faults: Sequence[Fault], stated: SentenceText, source: SentenceText, lexicon: Lexicon
) -> Iterator[tuple[Offsets, Offsets]]:
    """For each fault its place in the sentence, and that of what the source has in its stead, which may be empty."""
    contrary = [] if not faults else faults_of(source, [stated], [], lexicon)
    used: set[Offsets] = set()
    for fault in faults:
        mine = (fault.start, fault.end)
        if fault.beside:
            yield mine, fault.beside
            continue
        theirs = _beside(mine, stated, source) if source.language == stated.language else None
        if fault.kind == "negation":
            yield _denied(mine, stated, source)
            continue
        if theirs is None or theirs[0] == theirs[1]:
            places = (
                (one.start, one.end) for one in contrary if one.kind == fault.kind and one.end > one.start
            )
            others = [place for place in places if place not in used]
            likest = [_likeness(mine, place, stated, source, lexicon) for place in others]
            theirs = others[likest.index(max(likest))] if others else theirs or (0, 0)
        used.add(theirs)
        yield (
            _without_shared(mine, theirs, stated.text, source.text)
            if fault.kind == "name"
            else (mine, theirs)
        )


def _likeness(
    mine: Offsets, theirs: Offsets, stated: SentenceText, source: SentenceText, lexicon: Lexicon
) -> tuple[bool, bool]:
    """Whether what follows the one means what follows the other ("36 Schüler", "63 pupils"), and whether both are written alike."""
    after = [words_in(text.text, at[1])[:1] for text, at in ((stated, mine), (source, theirs))]
    own, others = ([word.text for word in words] for words in after)
    counted = any(
        _mean_the_same(one, stated.language, other, source.language, lexicon)
        for one in own
        for other in others
    )
    digits = [stated.text[slice(*mine)][:1].isdigit(), source.text[slice(*theirs)][:1].isdigit()]
    return counted, digits[0] == digits[1]


def _mean_the_same(one: str, language: str, other: str, target: str, lexicon: Lexicon) -> bool:
    if language == target:
        return lemma(one, language) == lemma(other, language)
    meanings = equivalents(one, lemma(one, language), language, target, lexicon)
    return bool({other.lower(), lemma(other, target).lower()} & {meaning.lower() for meaning in meanings})


def _without_shared(mine: Offsets, theirs: Offsets, stated: str, source: str) -> tuple[Offsets, Offsets]:
    """Two names without the words that both begin or end with: "Stadt Lindau" and "Stadt Bregenz"."""
    own, others = words_in(stated, *mine), words_in(source, *theirs)
    while min(len(own), len(others)) > 1 and own[0].text == others[0].text:
        own, others = own[1:], others[1:]
    while min(len(own), len(others)) > 1 and own[-1].text == others[-1].text:
        own, others = own[:-1], others[:-1]
    if not own or not others:
        return mine, theirs
    return (own[0].start, own[-1].end), (others[0].start, others[-1].end)


def _denied(mine: Offsets, stated: SentenceText, source: SentenceText) -> tuple[Offsets, Offsets]:
    """The denial on the side that has it; on the other the place where it would stand, as far as words of one language tell."""
    if mine[1] > mine[0]:
        return mine, (_beside(mine, stated, source) or (0, 0)) if stated.language == source.language else (
            0,
            0,
        )
    theirs = _denial(source.text, stated.text)
    place = (theirs.start, theirs.end)
    if stated.language != source.language or place[0] == place[1]:
        return (0, 0), place
    return _beside(place, source, stated) or (0, 0), place


def _beside(place: Offsets, stated: SentenceText, source: SentenceText) -> Offsets | None:
    """The words of a source that stand where those at ``place`` do, empty where it has none; None where too much differs to tell."""
    mine, theirs = words_in(stated.text), words_in(source.text)
    touched = [at for at, word in enumerate(mine) if word.start < place[1] and place[0] < word.end]
    if not touched:
        return None
    first, last = touched[0], touched[-1] + 1
    ranges = [_mapped(block, first, last) for block in _blocks(mine, theirs, stated.language)]
    found = [each for each in ranges if each]
    begin, end = min(found)[0], max(each[1] for each in found)
    if end - begin > _LONGEST_COUNTERPART:
        return None
    if end > begin:
        return theirs[begin].start, theirs[end - 1].end
    at = theirs[begin - 1].end if begin else 0
    return at, at


def _blocks(
    mine: Sequence[WrittenWord], theirs: Sequence[WrittenWord], language: str
) -> list[tuple[str, int, int, int, int]]:
    """How the words of two sentences in one language correspond, however they are inflected."""
    own, others = ([lemma(word.text, language).lower() for word in words] for words in (mine, theirs))
    return list(SequenceMatcher(None, own, others, autojunk=False).get_opcodes())


def _mapped(block: tuple[str, int, int, int, int], first: int, last: int) -> Offsets | None:
    """The words of the other side that a block has for those from ``first`` to ``last``; None where it has none of these."""
    tag, a, b, c, d = block
    if tag == "insert" or b <= first or a >= last:
        return None
    if tag == "equal":
        return c + max(0, first - a), d - max(0, b - last)
    return c, d
