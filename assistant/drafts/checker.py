"""A draft checked against the documents, sentence by sentence and quotation by quotation, in the order of its text."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.drafts.cited import CitedPlaces
from assistant.drafts.claims import ClaimWriter
from assistant.drafts.parts import DraftQuotation, DraftSentence, cut
from assistant.drafts.quotation_check import QuotationChecker
from assistant.drafts.quoted_sentences import QuotedSentence
from assistant.drafts.reworded import ClaimedCheck
from assistant.drafts.sentence_check import SentenceChecker
from assistant.drafts.types import (
    CheckedDraft,
    CheckedQuotation,
    CheckedSentence,
    Draft,
    DraftDone,
    DraftEvent,
    QuotationChecked,
    SentenceChecked,
)
from assistant.drafts.wording import reason
from assistant.errors import Outdated
from assistant.language.lexicon import Lexicon
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.search import allowed_documents
from assistant.types import Filters
from ingest.embedding.types import Embedder
from ingest.errors import IngestError
from ingest.store.index import Index

if TYPE_CHECKING:  # LangChain takes seconds to import
    from assistant.llm.model import ChatModel

_TRIES = 3  # where documents are replaced or removed while they are compared
_FAILURES = 3  # in a row by the index: it cannot be read at all then
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChecker:
    """Checks drafts against the documents of an index. Thread-safe."""

    index: Index
    embedder: Embedder
    retriever: Retriever
    lexicon: Lexicon
    model: ChatModel | None = None

    def check(self, draft: Draft, filters: Filters) -> Generator[DraftEvent, None, CheckedDraft]:
        """The events of checking; the last one is `DraftDone`. Closing the generator stops it.

        What fails with an unexpected error counts as not found and says so; the rest is checked all the same. Raises an
        `IngestError` where the index fails again and again.
        """
        allowed, revision = allowed_documents(self.index, filters), str(self.index.replica.revision)
        documents = len(self.index.records()) if allowed is None else len(allowed)
        cited = CitedPlaces(self.index, filters)
        sentence_check = SentenceChecker(
            index=self.index,
            embedder=self.embedder,
            retriever=self.retriever,
            lexicon=self.lexicon,
            draft=draft,
            filters=filters,
            cited=cited,
        )
        quotation_check = QuotationChecker(
            index=self.index, retriever=self.retriever, draft=draft, filters=filters, cited=cited
        )
        parts = yield from cut(draft)
        by_claims = self._by_claims(sentence_check, parts.sentences, draft)
        total = len(parts.sentences) + len(parts.quotations)
        sentences: list[CheckedSentence] = []
        quotations: list[CheckedQuotation] = []
        failed = 0
        for done, part in enumerate(parts.in_order(), 1):
            mark = cited.mark()
            found: CheckedSentence | CheckedQuotation
            try:
                found = _checked(part, quotations, sentence_check, quotation_check)
                if by_claims and isinstance(found, CheckedSentence):
                    found = yield from by_claims.check(len(sentences), found, quotations, mark)
                failed = 0
            except Exception as error:  # one part that cannot be checked must not stop the rest
                cited.take_back(mark)
                failed += 1
                if isinstance(error, IngestError) and failed == _FAILURES:
                    raise
                _log.exception("A part of a draft could not be checked")
                found = _failed(part, reason("failed", draft.language))
            if isinstance(found, CheckedSentence):
                sentences.append(found)
                yield SentenceChecked(sentence=found, citations=cited.since(mark), done=done, total=total)
            else:
                quotations.append(found)
                yield QuotationChecked(quotation=found, citations=cited.since(mark), done=done, total=total)
        checked = CheckedDraft(
            draft=draft,
            sentences=tuple(sentences),
            quotations=tuple(quotations),
            citations=cited.all,
            documents=documents,
            revision=revision,
        )
        yield DraftDone(checked=checked)
        return checked

    def _by_claims(
        self, sentence_check: SentenceChecker, sentences: Sequence[DraftSentence], draft: Draft
    ) -> ClaimedCheck | None:
        """What asks the language model for claims; None where there is no model."""
        if self.model is None:
            return None
        writer = ClaimWriter(
            model=self.model,
            retriever=self.retriever,
            lexicon=self.lexicon,
            sentences=sentences,
            language=draft.language,
        )
        return ClaimedCheck(checker=sentence_check, writer=writer)


def _checked(
    part: DraftSentence | DraftQuotation,
    quotations: Sequence[CheckedQuotation],
    sentence_check: SentenceChecker,
    quotation_check: QuotationChecker,
) -> CheckedSentence | CheckedQuotation:
    """A part with its verdict, searched again where documents change meanwhile. Raises `Outdated` where they keep changing.

    ``quotations`` are those that were checked before.
    """
    cited = sentence_check.cited
    mark = cited.mark()

    def check() -> CheckedSentence | CheckedQuotation:
        if isinstance(part, DraftQuotation):
            return quotation_check.check(part)
        found = sentence_check.check(part)
        inside = [one for one in quotations if one.start < part.end and part.start < one.end]
        if not inside:
            return found
        return QuotedSentence(
            index=sentence_check.index,
            draft=sentence_check.draft,
            cited=cited,
            part=part,
            found=found,
            quotations=inside,
            words=sentence_check.words_of(part),
        ).verdict()

    for _ in range(_TRIES - 1):
        try:
            return check()
        except Outdated:
            cited.take_back(mark)
    return check()


def _failed(part: DraftSentence | DraftQuotation, why: str) -> CheckedSentence | CheckedQuotation:
    """A part that could not be checked."""
    if isinstance(part, DraftSentence):
        return CheckedSentence(
            text=part.text, start=part.start, end=part.end, verdict="not_found", reason=why, failed=True
        )
    return CheckedQuotation(
        text=part.text,
        start=part.start,
        end=part.end,
        verdict="not_found",
        reason=why,
        speaker=part.speaker,
        failed=True,
    )
