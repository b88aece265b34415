"""A sentence's verdict with what its quotations were found to be: it does not hold where these are altered or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.drafts.cited import CitedPlaces
from assistant.drafts.parts import DraftSentence
from assistant.drafts.speakers import named_at
from assistant.drafts.types import CheckedQuotation, CheckedSentence, Draft, DraftDifference
from assistant.drafts.wording import reason
from assistant.language.words import Word
from assistant.types import Citation
from ingest.quotations.finding import grammar_of
from ingest.store.index import Index
from ingest.text.folding import tokens

_NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedSentence:
    """A sentence that was checked by itself, and the ``quotations`` that have words in it; ``words`` are its content words."""

    index: Index
    draft: Draft
    cited: CitedPlaces
    part: DraftSentence
    found: CheckedSentence
    quotations: Sequence[CheckedQuotation]
    words: Sequence[Word]

    def verdict(self) -> CheckedSentence:
        """The sentence, "differs" where a quotation does; where nothing was found but a quotation word for word, that is said."""
        if self.found.verdict == "no_claim" or self.found.failed:
            return self.found
        wrong = [one for one in self.quotations if one.citation is not None and _is_wrong(one)]
        if wrong:
            return self._differing(wrong)
        held = [one for one in self.quotations if one.citation is not None and one.verdict == "verbatim"]
        return self._quoted(held) if held and self.found.verdict == "not_found" else self.found

    def _differing(self, wrong: Sequence[CheckedQuotation]) -> CheckedSentence:
        """What the sentence's own source has otherwise, and what the quotations' has, as far as that is the same document."""
        own = self.found if self.found.verdict == "differs" else None
        numbers = [one.citation for one in wrong if one.citation is not None]
        citations = tuple(dict.fromkeys([*(own.citations if own else ()), *numbers]))
        document = self._cited(citations[0]).document
        differences = list(own.differences if own else ())
        why = [own.reason] if own else []
        for quotation, number in zip(wrong, numbers, strict=True):
            cited = self._cited(number)
            if cited.document == document:
                differences += [one for one in self._of(quotation, cited) if not _is_there(one, differences)]
            why += self._reasons(quotation)
        return replace(
            self.found,
            verdict="differs",
            reason=" ".join(dict.fromkeys(filter(None, why))),
            citations=citations,
            differences=tuple(sorted(differences, key=lambda one: one.start)),
            claimed_by="",
            nearest=(),
        )

    def _of(self, quotation: CheckedQuotation, cited: Citation) -> Iterator[DraftDifference]:
        """What of a quotation differs within the sentence, and to whom it is given."""
        yield from (one for one in quotation.differences if self._is_within(one.start, one.end))
        if quotation.speaker_verdict != "wrong":
            return
        given = self._given(quotation)
        place = named_at(cited.passage, cited.start, cited.end, quotation.said_by)
        yield DraftDifference(
            kind="attribution",
            start=given[0],
            end=given[1],
            written=self.draft.text[slice(*given)],
            source_start=place[0],
            source_end=place[1],
            in_source=self.index.texts.of(cited.document)[slice(*place)],
        )

    def _given(self, quotation: CheckedQuotation) -> tuple[int, int]:
        """Where the sentence names to whom it gives a quotation; the place before the words where another sentence does."""
        for told in self.part.told:
            speaker = told.speaker
            overlap = told.start < quotation.end and quotation.start < told.end
            if told.kind == "direct" and overlap and speaker and self._is_within(speaker.start, speaker.end):
                return speaker.start, speaker.end
        at = max(quotation.start, self.part.start)
        return at, at

    def _reasons(self, quotation: CheckedQuotation) -> Iterator[str]:
        if quotation.verdict == "altered":
            yield quotation.reason
        if quotation.speaker_verdict == "wrong":
            yield reason("attribution", self.draft.language, quotation.said_by, quotation.speaker)

    def _quoted(self, held: Sequence[CheckedQuotation]) -> CheckedSentence:
        """A sentence of which a quotation stands word for word: borne out where it says no more than that."""
        numbers = [one.citation for one in held if one.citation is not None]
        if not self._has_more(held):
            return replace(
                self.found,
                verdict="supported",
                reason="",
                citations=tuple(dict.fromkeys(numbers)),
                nearest=(),
            )
        nearest = tuple(dict.fromkeys([*numbers, *self.found.nearest]))[:_NEAREST]
        return replace(self.found, reason=reason("rest_not_found", self.draft.language), nearest=nearest)

    def _has_more(self, held: Sequence[CheckedQuotation]) -> bool:
        """Whether the sentence says something beside the quotations and who says them."""
        text, start = self.draft.text, self.part.start
        inside = [range(one.start, one.end) for one in held]
        outside = "".join(
            " " if any(at in each for each in inside) else text[at] for at in range(start, self.part.end)
        )
        grammar = grammar_of(self.draft.language)
        frame = set(grammar.verbs) if grammar else set[str]()
        right = (one.speaker for one in held if one.speaker_verdict == "right")
        frame |= {word.lower() for name in right for word in tokens(name)}
        return any(
            word.text.lower() not in frame and re.search(rf"(?<!\w){re.escape(word.text)}(?!\w)", outside)
            for word in self.words
        )

    def _cited(self, number: int) -> Citation:
        return self.cited.all[number - 1]

    def _is_within(self, start: int, end: int) -> bool:
        return self.part.start <= start <= end <= self.part.end


def _is_wrong(quotation: CheckedQuotation) -> bool:
    return quotation.verdict == "altered" or quotation.speaker_verdict == "wrong"


def _is_there(one: DraftDifference, others: Iterable[DraftDifference]) -> bool:
    """Whether a difference is told already: of the same words, or of who speaks."""
    return any(
        (one.start < other.end and other.start < one.end)
        or (one.start, one.end) == (other.start, other.end)
        or one.kind == other.kind == "attribution"
        for other in others
    )
