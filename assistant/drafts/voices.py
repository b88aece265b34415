"""Who does it to whom where one of two sentences is in the passive: "A was sued by B" where the source has "A sued B". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.drafts.faults import Fault, SentenceText
from assistant.drafts.swapped import TextUnit, kind_of_fault, units_of
from assistant.language.lexicon import Lexicon
from assistant.language.words import is_german_noun, is_listed, lemma

_PASSIVE = {
    "en": frozenset(["is", "are", "was", "were", "be", "been", "being"]),
    "de": frozenset(["wird", "werden", "wurde", "wurden", "worden"]),
}
_AGENT = {"en": frozenset(["by"]), "de": frozenset(["von", "vom", "durch"])}
_PERFECT = frozenset(["hat", "haben", "habe", "hatte", "hatten", "hätte", "hätten"])
# German articles and pronouns by which an object stands before its verb, or a subject after it.
_OBJECT = frozenset(
    [
        "den",
        "einen",
        "dem",
        "einem",
        "diesen",
        "diesem",
        "keinen",
        "keinem",
        "seinen",
        "seinem",
        "ihren",
        "ihrem",
        "ihn",
        "ihm",
    ]
)
_SUBJECT = frozenset(["der", "ein", "er", "man", "ich", "wir", "dieser", "jeder", "kein", "sein", "ihr"])
_ARTICLES = frozenset(
    [
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "dieser",
        "diese",
        "dieses",
        "kein",
        "keine",
        "sein",
        "seine",
        "ihr",
        "ihre",
        "er",
        "sie",
        "es",
        "wir",
        "ich",
    ]
)
_STEM = 4  # letters that forms of one verb have in common: "kritisierte", "kritisiert"
# After a time, too, the verb comes first: "Anfang Mai kaufte die Stadt das Haus".
_TIME = re.compile(
    r"(?:\w*(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s?|januar|februar|märz|april|mai|juni|juli|august|september|oktober"
    r"|november|dezember|jahr\w*|monate?s?|wochen?|wochenende|tage?s?|nacht|abend|morgen|mittag|stunden?|minuten?|uhr|sommer|herbst|winter"
    r"|frühjahr|frühling|anfang|mitte|ende|mal)$"
)
_CLAUSE = re.compile(r"[,;:–—]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """Units of a sentence: its verb, those who act, all others that carry content, and what introduces the agent of a passive."""

    verb: TextUnit
    doers: tuple[TextUnit, ...]
    others: tuple[TextUnit, ...]
    agents: frozenset[str]


def turned_voice(stated: SentenceText, source: SentenceText, lexicon: Lexicon) -> Iterator[Fault]:
    """Who acts in a sentence and is acted upon in its source, while another one acts there, as a fault."""
    language = stated.language
    if language != source.language or language not in _PASSIVE:
        return
    mine, theirs = units_of(stated, lexicon), units_of(source, lexicon)
    own, other = _passive(stated, mine), _passive(source, theirs)
    if (own is None) == (other is None):
        return  # of one voice: `swapped` compares what stands where
    own = own or _active(stated, mine, other)
    other = other or _active(source, theirs, own)
    if own is None or other is None:
        return
    does, done_to = _words(own.doers, language), _words(own.others, language)
    their_does, their_done_to = _words(other.doers, language), _words(other.others, language)
    both = (does & done_to) | (their_does & their_done_to)  # "the firm Lechbau took over the firm Hochtal"
    does, their_does = does - both, their_does - both
    # What stands after "by" in both is a place or a means.
    if does & their_done_to and their_does & done_to and not (does & their_does or own.agents & other.agents):
        doer = next(one for one in own.doers if _words([one], language) & does)
        theirs_doer = other.doers[-1]
        yield Fault(
            kind=kind_of_fault(doer, stated),
            written=stated.text[doer.start : doer.end],
            start=doer.start,
            end=doer.end,
            beside=(theirs_doer.start, theirs_doer.end),
            why="swapped",
        )


def _passive(text: SentenceText, units: Sequence[TextUnit]) -> _Voice | None:
    """A sentence in the passive that says who acts; None for others."""
    language = text.language
    lower = [text.text[one.start : one.end].lower() for one in units]
    at = next((number for number, word in enumerate(lower) if word in _PASSIVE[language]), None)
    by = [number for number, word in enumerate(lower) if word in _AGENT[language]]
    by = [number for number in by if at is not None and (language == "de" or number > at)]
    if at is None or not by:
        return None
    place = by[0] if language == "en" else min(by, key=lambda number: abs(number - at))
    agent = _agent(units, place + 1, language)
    if language == "en":
        verbs = [one for one in units[at + 1 : place] if one.kind == "word" and not one.key.endswith("ly")][
            :1
        ]
    else:
        boundary = _CLAUSE.search(text.text, units[at].end)
        end = boundary.start() if boundary else len(text.text)
        verbs = [one for one in units[at + 1 :] if one.kind == "word" and one.start < end][-1:]
    if not agent or not verbs or verbs[0] in agent:
        return None
    others = tuple(one for one in units if one.kind in ("capital", "word") and one not in (*agent, verbs[0]))
    return _Voice(verb=verbs[0], doers=agent, others=others, agents=_agents(text, units))


def _agent(units: Sequence[TextUnit], start: int, language: str) -> tuple[TextUnit, ...]:
    """Who acts, after "by" and its article; nobody where a figure or a year stands there."""
    found: list[TextUnit] = []
    for one in units[start : start + 6]:
        if one.kind in ("number", "year"):
            break
        if one.kind == "small":
            if found:
                break
            continue
        found.append(one)
        if language == "de" and one.kind == "capital":
            break
    return tuple(found)


def _agents(text: SentenceText, units: Sequence[TextUnit]) -> frozenset[str]:
    """The words after each "by"."""
    introduced = [
        one
        for number, unit in enumerate(units)
        if text.text[unit.start : unit.end].lower() in _AGENT[text.language]
        for one in _agent(units, number + 1, text.language)
    ]
    return frozenset(_words(introduced, text.language))


def _active(text: SentenceText, units: Sequence[TextUnit], passive: _Voice | None) -> _Voice | None:
    """A sentence in the active with the verb of one in the passive; None where it cannot be told who acts."""
    if passive is None:
        return None
    language = text.language
    verbs = [n for n, one in enumerate(units) if one.kind == "word" and _is_same(one, passive.verb, language)]
    if len(verbs) != 1:
        return None
    (at,) = verbs
    verb = units[at]
    if language == "de":
        perfect = [
            number for number in range(at) if units[number].key in _PERFECT or units[number].key == "haben"
        ]
        at = perfect[0] if perfect else at
        before = {word for one in units[:at] for word in one.key.split()}
        after = [one.key for one in units[at + 1 : at + 2]]
        if (
            before & _OBJECT
            or any(map(_TIME.match, before))
            or _SUBJECT.intersection(after)
            or not _begins_with_subject(units)
        ):
            return None
    content = [
        (number, one) for number, one in enumerate(units) if one.kind in ("capital", "word") and one != verb
    ]
    return _Voice(
        verb=verb,
        doers=tuple(one for number, one in content if number < at),
        others=tuple(one for number, one in content if number > at),
        agents=_agents(text, units),
    )


def _begins_with_subject(units: Sequence[TextUnit]) -> bool:
    """Whether a German sentence may begin with who acts: not with "gestern" or "am Freitag", after which the verb comes first."""
    first, word = units[0], units[0].key.split()[0]
    if first.kind == "small":
        return word in _ARTICLES
    return is_german_noun(word) or not is_listed(word, "de")


def _is_same(one: TextUnit, other: TextUnit, language: str) -> bool:
    """Whether two words are forms of one verb."""
    mine, yours = (unit.key.removeprefix("ge") if language == "de" else unit.key for unit in (one, other))
    return one.key == other.key or (min(len(mine), len(yours)) >= _STEM and mine[:_STEM] == yours[:_STEM])


def _words(units: Sequence[TextUnit], language: str) -> set[str]:
    return {lemma(word, language) for one in units for word in one.key.split()}
