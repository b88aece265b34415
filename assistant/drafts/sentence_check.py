"""A draft's sentences compared with what the documents say."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.copies import told_once
from assistant.answering.evidence import Sentence, rank
from assistant.answering.extractive import needs_the_one_before
from assistant.checking.check import check
from assistant.drafts.cited import CitedPlaces
from assistant.drafts.parts import DraftSentence
from assistant.drafts.types import CheckedSentence, Draft, SentenceVerdict
from assistant.drafts.wording import reason
from assistant.language.lexicon import Lexicon
from assistant.language.matching import coverage, vocabulary
from assistant.retrieval.retriever import HITS, Retriever
from assistant.retrieval.search import sentence_vectors
from assistant.types import Filters
from ingest.embedding.types import Embedder
from ingest.store.index import Index

NEAREST = 3
_SAME_EVENT, _SAME_EVENT_FOREIGN = 0.6, 0.4
_COMPARED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceChecker:
    """Checks the sentences of one draft."""

    index: Index
    embedder: Embedder
    retriever: Retriever
    lexicon: Lexicon
    draft: Draft
    filters: Filters
    cited: CitedPlaces

    def check(self, sentence: DraftSentence) -> CheckedSentence:
        """The sentence with its verdict. Raises `Outdated` where a document goes meanwhile."""
        if not sentence.claims:
            return CheckedSentence(
                text=sentence.text, start=sentence.start, end=sentence.end, verdict="no_claim"
            )
        asked = sentence.text
        if sentence.before and needs_the_one_before(sentence.text):
            asked = f"{sentence.before} {sentence.text}"
        query = self.retriever.understand(asked, self.draft.language)
        probes, hits = self.retriever.search(query, self.filters, HITS)
        vectors = sentence_vectors(hits, self.index, self.embedder)
        ranked = told_once(rank(query, probes, hits, vectors), self.index, self.filters)[:_COMPARED]
        for candidate in ranked:
            foreign = candidate.hit.language != self.draft.language
            share = coverage(query.words, vocabulary(candidate.text, candidate.hit.language))
            if share < (_SAME_EVENT_FOREIGN if foreign else _SAME_EVENT):
                continue
            result = check(
                sentence.text,
                [candidate.text],
                [candidate.hit.document.title, candidate.before, candidate.after],
                language=self.draft.language,
                lexicon=self.lexicon,
                quoted_in=candidate.hit.language,
            )
            verdict: SentenceVerdict = "differs" if result.supported == "no" else "supported"
            return CheckedSentence(
                text=sentence.text,
                start=sentence.start,
                end=sentence.end,
                verdict=verdict,
                reason=result.reason if verdict == "differs" else "",
                citations=(self._cite(candidate),),
            )
        return CheckedSentence(
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            verdict="not_found",
            reason=reason("near_only" if ranked else "nothing_near", self.draft.language),
            nearest=tuple(self._cite(candidate) for candidate in ranked[:NEAREST]),
        )

    def _cite(self, sentence: Sentence) -> int:
        return self.cited.cite(
            sentence.hit.document, sentence.start, sentence.end, passage=sentence.hit.passage
        )
