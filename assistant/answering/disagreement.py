"""Where sentences that answer one question disagree: which, in what, and which of them a later article supersedes.

Only sentences of different stories are compared, of those that may answer as well as the best. A figure or a date is superseded
where another document, published at least a day later, gives another one; nothing is said of which is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.evidence import Sentence
from assistant.checking.claims import AskedFor, Claim
from assistant.checking.contradiction import Difference, difference
from assistant.checking.names import names
from assistant.checking.units import unit
from assistant.language.lexicon import Lexicon
from assistant.retrieval.query import Query
from assistant.retrieval.question_type import kind_of
from assistant.speech import told_by

# Which sentences are compared: the first so many, whose probability is at least so much, and at least this share of the best one's.
COMPARED, LEAST, NEAR = 10, 0.02, 0.03
NEAR_BY_SCORE = 0.35  # the share of the best score where there are no probabilities
MOST_SIDES = 4

_CURRENCIES = frozenset(("euro", "dollar", "pound", "franc", "yen"))
_SIZES = _CURRENCIES | {"length", "mass", "share", ""}
# What questions that name nothing to be counted ask the measure of.
_MEASURES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"how long|wie lang", frozenset(("length",))),
    (r"how (?:far|tall|deep|wide)|wie (?:weit|tief|breit)", frozenset(("length",))),
    (r"how heavy|wie schwer", frozenset(("mass",))),
    (r"how old|wie alt", frozenset(("time",))),
    (
        r"wie teuer|wie ?viele? (?:geld|euro|dollar)|how (?:much money|many (?:euros?|dollars?|pounds?))",
        _CURRENCIES | {""},
    ),
    (
        r"what (?:percentage|share)|wie ?viele? prozent|how many percent|welche[rn]? anteil",
        frozenset(("share",)),
    ),
    (r"how (?:much|high|large|big)|wie (?:hoch|groß|stark|viel)\b|wieviel\b", _SIZES),
)
_COSTS = re.compile(r"\b(?:costs?|price|fee|earn\w*|kostet\w*|kosten|preis|verdien\w*|fares?)\b", re.I)
_COUNTS = re.compile(
    r"\b(?:how many|what number of|wie ?vielen?)\s+(?P<noun>[^\W\d_]+)(?:\s+(?P<next>[^\W\d_]+))?", re.I
)
_POLAR = re.compile(
    r"^\W*(?:is|are|was|were|does|do|did|has|have|had|will|would|can|could|should"
    r"|ist|sind|war|waren|hat|haben|hatte|hatten|wird|werden|wurde|wurden|kann|können|darf|dürfen|soll|sollen|muss|müssen|gibt"
    r"|gab|enthält|bleibt|bekommt|gilt|kommt|nimmt|steht|geht|macht|[a-zäöü]+t)\b",
    re.I,
)


def asked_for(query: Query) -> AskedFor:
    """What the question asks for that sentences may disagree in."""
    text, kind = query.text, kind_of(query.text)
    names_asked = tuple(word for word in query.words if word.proper and not word.text[0].isdigit())
    plain = tuple(word for word in query.words if word not in names_asked)
    asked = AskedFor(kind="", text=text, words=plain, names=names_asked)
    counts = _COUNTS.search(text)
    if kind == "date":
        return replace(asked, kind="dates")
    if kind == "duration":
        return replace(asked, kind="figures", measures=frozenset(("time",)))
    measures = next(
        (measured for asks, measured in _MEASURES if re.search(rf"\b(?:{asks})", text, re.I)), None
    )
    if counts and not (
        measures and counts["noun"].lower() in ("prozent", "percent", "euro", "dollar", "pounds", "geld")
    ):
        noun = next((word for word in query.words if word.text in (counts["noun"], counts["next"])), None)
        return replace(asked, kind="figures", counted=noun) if noun and unit(noun.text) is None else asked
    if _COSTS.search(text):
        return replace(asked, kind="figures", measures=_CURRENCIES | {""})
    if kind in ("number", "length") or (
        measures and kind == "any" and re.match(r"\W*(?:how|wie|what|für wie)\b", text, re.I)
    ):
        return replace(asked, kind="figures", measures=measures or _SIZES)
    return replace(asked, kind="polarity") if _POLAR.search(text) else asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ContraryPair:
    """Two sentences that disagree, and where they do so."""

    one: Sentence
    other: Sentence
    found: Difference


def contrary(
    query: Query, ranked: Sequence[Sentence], story_of: Callable[[str], str], lexicon: Lexicon
) -> list[ContraryPair]:
    """The pairs of sentences that disagree, the best first; ``story_of`` names the story of a document."""
    asked = asked_for(query)
    if not asked.kind:
        return []
    compared = list(_worth_comparing(ranked))
    claims = [(sentence, story_of(sentence.hit.document.id)) for sentence in compared]
    if len({story for _, story in claims}) < 2:
        return []
    return [
        ContraryPair(one=one, other=other, found=found)
        for number, (other, story) in enumerate(claims)
        for one, its_story in claims[:number]
        if story != its_story
        for found in [difference(claim_of(one, lexicon), claim_of(other, lexicon), asked, lexicon)]
        if found
    ]


def _worth_comparing(ranked: Sequence[Sentence]) -> Iterator[Sentence]:
    for sentence in ranked[:COMPARED]:
        best = ranked[0]
        if sentence.probability is not None and best.probability is not None:
            if sentence.probability >= max(LEAST, NEAR * best.probability):
                yield sentence
        elif sentence.score >= NEAR_BY_SCORE * best.score > 0:
            yield sentence


def claim_of(sentence: Sentence, lexicon: Lexicon) -> Claim:
    """The sentence with what tells of what it speaks."""
    passage, document = sentence.hit.passage, sentence.hit.document
    language = sentence.hit.language
    said = told_by(passage, sentence.start, sentence.end)
    return Claim(
        text=sentence.text,
        language=language,
        around=f"{document.title}\n{passage.section}\n{passage.text}",
        title=document.title,
        published=document.published,
        speaker=said.speaker if said else "",
        names=_proper(f"{document.title}. {passage.text}", language, lexicon),
        title_names=_proper(document.title, language, lexicon),
    )


@lru_cache(maxsize=2_000)
def _proper(text: str, language: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of names in a text that mean nothing else."""
    found = (part.text for name in names(text, language, lexicon) for part in name if not part.common)
    return tuple(dict.fromkeys(found))
