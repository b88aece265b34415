"""A draft's sentences as claims that stand alone, written by a language model: to find and compare by, never to be shown.

What a model writes is taken only where it says what the sentence does, no more and no less, as far as words, figures, names and denials
tell; so a wrong or hostile one leaves a verdict as it is without it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.answering.context import tokens_of
from assistant.answering.output import visible
from assistant.checking.check import check
from assistant.drafts.parts import DraftSentence
from assistant.drafts.types import ClaimsAwaited
from assistant.language.lexicon import Lexicon, language_name
from assistant.language.matching import match_score, vocabulary
from assistant.language.words import Word
from assistant.llm.prompts import filled, inert
from assistant.llm.reply import collected
from assistant.retrieval.retriever import Retriever
from ingest.text.folding import fold, tokens

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

AHEAD = 8  # sentences that are asked for together
BEFORE = 3  # sentences before one that may say whom it speaks of
MOST_CLAIMS = 6
LONGEST_REPLY = 12_000  # characters
_LONGER = 2  # times the length of the sentence, and as many characters as a name may have
_NAME = 120
_SHARE = 3  # the sentences may fill a third of the window
_FAILURES = 2  # in a row, after which no more is asked
_HAS = 0.6  # the least certainty with which a text has a word
_LINE = re.compile(r"^\s*\[(\d{1,4})\][ \t]*(\S.*)$", re.MULTILINE)
# What holds a sentence together whose halves may both be true and the whole not.
_BOUND = re.compile(
    r"\b(?:because|since|due to|owing to|therefore|hence|thus|thereby|so that|as a result|if|unless|whether|provided|although|though|despite"
    r"|before|after|until|while|when|than|caus(?:ed?|ing)|led to|result(?:ed|s|ing)? in"
    r"|weil|denn|da|wegen|aufgrund|deshalb|deswegen|darum|daher|dadurch|damit|so ?dass|indem|wenn|falls|sofern|ob|obwohl|obgleich|trotz"
    r"|bevor|nachdem|bis|während|als|sobald|solange|führte|führten|verursacht\w*|infolge)\b",
    re.I,
)


@dataclass(slots=True, kw_only=True)
class ClaimWriter:
    """Asks ``model`` for the claims of a draft's ``sentences``, some at a time, in ``language``."""

    model: ChatModel
    retriever: Retriever
    lexicon: Lexicon
    sentences: Sequence[DraftSentence]
    language: str
    _claims: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _failures: int = 0

    def claims(self, number: int) -> Generator[ClaimsAwaited, None, tuple[str, ...]]:
        """The claims of the sentence of that number; none where the model gave none that say what it does."""
        if number not in self._claims and self._failures < _FAILURES:
            wanted = self._ahead(number)
            written = yield from self._written(wanted)
            self._failures = 0 if written else self._failures + 1
            self._claims |= dict.fromkeys(wanted, ()) | {one: written.get(one, ()) for one in wanted}
        claims = self._claims.get(number, ())
        return claims if claims and self._says_the_same(number, claims) else ()

    def _ahead(self, number: int) -> list[int]:
        """The sentence and those behind it that claim something and fit into one request."""
        claiming = [one for one in range(number, len(self.sentences)) if self.sentences[one].claims]
        left = self.model.window // _SHARE
        fitting: list[int] = []
        for one in claiming[:AHEAD]:
            left -= tokens_of(self.sentences[one].text)
            if fitting and left < 0:
                break
            fitting.append(one)
        return fitting

    def _written(self, wanted: Sequence[int]) -> Generator[ClaimsAwaited, None, dict[int, tuple[str, ...]]]:
        """What the model writes for these sentences; nothing where it fails."""
        lines: list[str] = []
        for one in range(max(0, wanted[0] - BEFORE), wanted[-1] + 1):
            begins = f"[{one + 1}]" if one in wanted else "-"
            lines.append(f"{begins} {inert(self.sentences[one].text)}")
        name = inert(language_name(self.language))
        numbers = ", ".join(str(one + 1) for one in wanted)
        prompt = filled("claims", sentences="\n".join(lines), language=name, numbers=numbers)
        reply = collected(self.model.reply(filled("claims.system"), prompt), "answering", LONGEST_REPLY)
        while True:
            try:
                next(reply)
            except StopIteration as ended:
                text: str = ended.value
                break
            except GeneratorExit:
                reply.close()
                raise
            yield ClaimsAwaited()
        written: dict[int, tuple[str, ...]] = {}
        for found, words in _LINE.findall(visible(text)):
            key = int(found) - 1
            if key in wanted:
                written[key] = (*written.get(key, ()), " ".join(words.split()))
        return written

    def _says_the_same(self, number: int, claims: Sequence[str]) -> bool:
        """Whether claims hold what their sentence does, with the names of those before it at most, and nothing of it is lost."""
        sentence = self.sentences[number]
        before = [one.text for one in self.sentences[max(0, number - BEFORE) : number]]
        longest = _LONGER * len(sentence.text) + _NAME
        if len(claims) > MOST_CLAIMS or any(len(one) > longest for one in claims):
            return False
        if len(claims) > 1 and (sentence.told or _BOUND.search(sentence.text)):
            return False
        together = " ".join(claims)
        return (
            all(self._has_words([sentence.text, *before], one) for one in claims)
            and self._has_words([together], sentence.text)
            and self._keep_order(sentence.text, claims)
            and all(self._is_borne_out(one, [sentence.text], before) for one in claims)
            and self._is_borne_out(sentence.text, claims, before)
        )

    def _has_words(self, texts: Sequence[str], text: str) -> bool:
        """Whether ``texts`` have every word of a text that carries content."""
        held = vocabulary("\n".join(texts), self.language)
        return all(match_score(word, held) >= _HAS for word in self._words(text))

    def _keep_order(self, text: str, claims: Sequence[str]) -> bool:
        """Whether each claim has the sentence's words in their order, and what is one claim's alone stands apart from what is another's.

        Else who did it to whom, or which figure belongs to which year, could be exchanged.
        """
        places: dict[str, int] = {}
        telling = {fold(part) for word in self._words(text) for part in tokens(word.text)}
        for number, token in enumerate(map(fold, tokens(text))):
            if token in telling:
                places.setdefault(token, number)
        found = [
            [places[token] for token in dict.fromkeys(map(fold, tokens(one))) if token in places]
            for one in claims
        ]
        if any(own != sorted(own) for own in found):
            return False
        if len(claims) == 1:
            return True
        shared = set.intersection(*map(set, found))
        alone = sorted([place for place in one if place not in shared] for one in found)
        return bool(alone[0]) and all(one[-1] < other[0] for one, other in pairwise(alone))

    def _words(self, text: str) -> Sequence[Word]:
        return self.retriever.understand(text, self.language).words

    def _is_borne_out(self, text: str, by: Sequence[str], around: Sequence[str]) -> bool:
        result = check(text, by, around, language=self.language, lexicon=self.lexicon)
        return result.supported != "no"
