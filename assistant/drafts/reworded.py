"""A draft's sentence for which nothing was found, compared once more by the claims that a language model has made of it.

The claims find sentences of the documents, and are compared with these by the same rules; what is told is of the draft's own words.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.checking.names import missing_name
from assistant.drafts.claims import BEFORE, ClaimWriter
from assistant.drafts.parts import DraftSentence, parts_of
from assistant.drafts.sentence_check import SentenceChecker
from assistant.drafts.types import CheckedQuotation, CheckedSentence, ClaimsAwaited, Draft, DraftDifference
from assistant.drafts.wording import reason
from assistant.errors import Outdated
from assistant.language.matching import match_score, vocabulary

_HAS = 0.6  # the least certainty with which a text has a word


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedCheck:
    """Checks by their claims the sentences of a draft that ``checker`` finds nowhere."""

    checker: SentenceChecker
    writer: ClaimWriter

    def check(
        self, number: int, found: CheckedSentence, quotations: Sequence[CheckedQuotation], mark: int
    ) -> Generator[ClaimsAwaited, None, CheckedSentence]:
        """The sentence of that number with its verdict, as it was ``found`` unless all of its claims are found.

        ``quotations`` are those of the draft: a sentence that has one is judged by that. So many places as ``mark`` were cited before it.
        """
        sentence = self.writer.sentences[number]
        inside = any(one.start < sentence.end and sentence.start < one.end for one in quotations)
        if found.verdict != "not_found" or found.failed or inside:
            return found
        claims = yield from self.writer.claims(number)
        cited = self.checker.cited
        own = cited.mark()
        try:
            checked = [self._checked(one, number) for one in claims]
            combined = self._combined(sentence, [one for one in checked if one])
        except Outdated:  # the documents change this moment
            checked, combined = [], None
        if combined is None or None in checked:
            cited.take_back(own)
            return found
        places = [cited.all[one - 1] for one in combined.citations]
        cited.take_back(mark)  # what was nearest to the sentence as it stands
        numbers = (cited.cite(one.document, one.start, one.end, one.also_in, one.passage) for one in places)
        return replace(combined, citations=tuple(numbers))

    def _checked(self, claim: str, number: int) -> CheckedSentence | None:
        """A claim with its verdict, as if it were a draft; None where it is no sentence that can be compared, or found of others."""
        sentence = self.writer.sentences[number]
        draft = Draft(name="", text=claim, language=self.checker.draft.language, sha256="")
        parts = parts_of(draft)
        if (
            len(parts.sentences) != 1
            or parts.quotations
            or bool(parts.sentences[0].told) != bool(sentence.told)
        ):
            return None
        found = replace(self.checker, draft=draft).check(parts.sentences[0])
        named_before = self._named_before(claim, number)
        if found.verdict == "not_found" or (named_before and not self._stands_beside(named_before, found)):
            return None
        return found

    def _named_before(self, claim: str, number: int) -> str:
        """The sentence before whose words a claim has in place of a pronoun, the nearest one; empty where it has its own words alone."""
        language, sentence = self.checker.draft.language, self.writer.sentences[number]
        own = vocabulary(sentence.text, language)
        words = self.checker.retriever.understand(claim, language).words
        taken = [word for word in words if match_score(word, own) < _HAS]
        before = [one.text for one in self.writer.sentences[max(0, number - BEFORE) : number]]
        having = (
            one
            for one in reversed(before)
            if any(match_score(word, vocabulary(one, language)) >= _HAS for word in taken)
        )
        return next(having, "") if taken else ""

    def _stands_beside(self, named_before: str, found: CheckedSentence) -> bool:
        """Whether what was found stands where all names are of the sentence that a pronoun refers to: it may mean any of these."""
        language = self.checker.draft.language
        for number in found.citations:
            one = self.checker.cited.all[number - 1]
            around = [one.document.title, one.passage.heading, one.passage.text]
            if missing_name(
                named_before, around, language, self.checker.lexicon, foreign=one.language != language
            ):
                return False
        return True

    def _combined(
        self, sentence: DraftSentence, checked: Sequence[CheckedSentence]
    ) -> CheckedSentence | None:
        """What the verdicts of all claims make that of their sentence; None where it cannot be told of the draft's own words."""
        if not checked:
            return None
        wrong = [one for one in checked if one.verdict == "differs"]
        said = [one for one in checked if one.verdict == "claim"]
        shown = (wrong or checked)[:1] if wrong else checked
        differences: list[DraftDifference] = []
        for one in wrong[:1]:
            placed = [_in_sentence(each, sentence) for each in one.differences]
            differences = [each for each in placed if each is not None]
            if not placed or len(differences) < len(placed):
                return None
        language = self.checker.draft.language
        why = [one.reason for one in wrong[:1] or said[:1]]
        return CheckedSentence(
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            verdict="differs" if wrong else "claim" if said else "supported",
            reason=" ".join([*why, reason("reworded", language)]),
            citations=tuple(dict.fromkeys(number for one in shown for number in one.citations)),
            differences=tuple(differences),
            claimed_by=said[0].claimed_by if said and not wrong else "",
        )


def _in_sentence(one: DraftDifference, sentence: DraftSentence) -> DraftDifference | None:
    """A difference at its place in the draft; None where its words do not stand there, or more than once."""
    if not one.written or sentence.text.count(one.written) != 1:
        return None
    start = sentence.start + sentence.text.index(one.written)
    return replace(one, start=start, end=start + len(one.written))
