"""Statements that say that something else happened, and true ones in other words: made by rule, and written by hand.

By rule a predicate (what follows the first auxiliary verb of a sentence up to the end of the clause) is exchanged for one of another
article behind the same auxiliary, or a participle for another. None brings a figure, a name or a negation along, so that
the other checks have nothing to go by. By hand (``training/rewordings.jsonl``): a sentence of the texts that the reader learned
from, what it says in other words, and another event with the same people, in German and English.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REWORDINGS = Path(__file__).resolve().parent.parent / "training" / "rewordings.jsonl"
_CLAUSE_END = re.compile(r"[,;:()–—\"“”„]|\.$|$| and | und | or | oder ")
_DENIAL = re.compile(r"\b(?:not|no|never|none|nicht|kein\w*|nie|niemals|ohne|without)\b|n['’]t\b", re.I)
_LEAST_WORDS = 2  # of four letters, in a predicate
_LONG_WORD = re.compile(r"\w{4,}")
_PARTICIPLES = {
    "en": re.compile(r"\b(?:is|are|was|were|be|been|has|have|had) (\w{3,}ed)\b"),
    "de": re.compile(
        r"\b((?:\w{2,5})?ge[a-zäöü]{3,}(?:t|en)|(?:ver|be|er|ent|zer)[a-zäöü]{3,}(?:t|en))"
        r"(?= (?:wurden?|worden|hat|hatten?|haben|ist|sind|war|waren|werden|wird)\b|[.,;])"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """Behind an auxiliary verb, from ``start`` to ``end``; which ``article`` has it."""

    auxiliary: str
    text: str
    start: int
    end: int
    article: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """A sentence, and by language what it says in other words (``true``) and another event (``invented``)."""

    quote: str
    language: str
    true: dict[str, str]
    invented: dict[str, str]


class Exchanges:
    """Exchanges predicates and participles for those of other ``texts``, which come with the number of their article.

    ``has_name`` tells which texts have names.
    """

    def __init__(
        self,
        texts: Sequence[tuple[int, str]],
        language: str,
        auxiliaries: str,
        has_name: Callable[[str], bool],
    ) -> None:
        self._auxiliaries, self._participles = re.compile(auxiliaries), _PARTICIPLES[language]
        self._predicates: defaultdict[str, list[Predicate]] = defaultdict(list)
        for article, text in texts:
            found = self._predicate(text, article)
            plain = found and not re.search(r"\d", found.text) and not _DENIAL.search(found.text)
            if found and plain and not has_name(found.text):
                self._predicates[found.auxiliary].append(found)
        self._known = sorted({match[1] for _, text in texts for match in self._participles.finditer(text)})

    def predicate(self, text: str, article: int, dice: random.Random) -> str | None:
        """The text with its first predicate exchanged."""
        own = self._predicate(text, article)
        others = [one for one in self._predicates[own.auxiliary] if one.article != article] if own else []
        return text[: own.start] + dice.choice(others).text + text[own.end :] if own and others else None

    def participle(self, text: str, dice: random.Random) -> str | None:
        """The text with one participle exchanged for one with the same ending."""
        found = list(self._participles.finditer(text))
        if not found:
            return None
        match = dice.choice(found)
        others = [word for word in self._known if word != match[1] and word[-1] == match[1][-1]]
        return text[: match.start(1)] + dice.choice(others) + text[match.end(1) :] if others else None

    def _predicate(self, text: str, article: int) -> Predicate | None:
        match = self._auxiliaries.search(text)
        end = _CLAUSE_END.search(text, match.end()) if match else None
        if not match or not end:
            return None
        predicate = text[match.end() : end.start()]
        if len(_LONG_WORD.findall(predicate)) < _LEAST_WORDS:
            return None
        return Predicate(
            auxiliary=match[0], text=predicate, start=match.end(), end=end.start(), article=article
        )


def rewordings() -> Iterator[Rewording]:
    """Those written by hand."""
    for line in REWORDINGS.read_text("utf-8").splitlines():
        yield Rewording(**json.loads(line))
