"""A draft checked against the documents, sentence by sentence and quotation by quotation, in the order of its text."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from assistant.drafts.cited import CitedPlaces
from assistant.drafts.parts import DraftQuotation, DraftSentence, parts_of
from assistant.drafts.quotation_check import QuotationChecker
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
from assistant.types import Filters
from ingest.embedding.types import Embedder
from ingest.store.index import Index

_TRIES = 3  # where documents are replaced or removed while they are compared
_log = logging.getLogger(__name__)

Part = TypeVar("Part", CheckedSentence, CheckedQuotation)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChecker:
    """Checks drafts against the documents of an index. Thread-safe."""

    index: Index
    embedder: Embedder
    retriever: Retriever
    lexicon: Lexicon

    def check(self, draft: Draft, filters: Filters) -> Generator[DraftEvent, None, CheckedDraft]:
        """The events of checking; the last one is `DraftDone`. Closing the generator stops it.

        What fails with an unexpected error counts as not found and says so; the rest is checked all the same.
        """
        documents, revision = len(self.index.records()), str(self.index.replica.revision)
        cited = CitedPlaces(self.index)
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
        parts = parts_of(draft)
        total = len(parts.sentences) + len(parts.quotations)
        sentences: list[CheckedSentence] = []
        quotations: list[CheckedQuotation] = []
        for done, part in enumerate(parts.in_order(), 1):
            mark = cited.mark()
            if isinstance(part, DraftSentence):
                sentences.append(_checked(part, sentence_check.check, _failed_sentence, cited, draft))
                yield SentenceChecked(
                    sentence=sentences[-1], citations=cited.since(mark), done=done, total=total
                )
            else:
                quotations.append(_checked(part, quotation_check.check, _failed_quotation, cited, draft))
                yield QuotationChecked(
                    quotation=quotations[-1], citations=cited.since(mark), done=done, total=total
                )
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


Own = TypeVar("Own", DraftSentence, DraftQuotation)


def _checked(
    part: Own,
    check: Callable[[Own], Part],
    failed: Callable[[Own, str], Part],
    cited: CitedPlaces,
    draft: Draft,
) -> Part:
    """A part with its verdict: searched again where documents change meanwhile, as failed where something unexpected happens."""
    mark = cited.mark()
    for _ in range(_TRIES):
        try:
            return check(part)
        except Outdated:
            cited.take_back(mark)
        except Exception:  # one part that cannot be checked must not stop the rest
            cited.take_back(mark)
            _log.exception("A part of a draft could not be checked")
            break
    return failed(part, reason("failed", draft.language))


def _failed_sentence(part: DraftSentence, why: str) -> CheckedSentence:
    return CheckedSentence(
        text=part.text, start=part.start, end=part.end, verdict="not_found", reason=why, failed=True
    )


def _failed_quotation(part: DraftQuotation, why: str) -> CheckedQuotation:
    return CheckedQuotation(
        text=part.text,
        start=part.start,
        end=part.end,
        verdict="not_found",
        reason=why,
        speaker=part.speaker,
        failed=True,
    )
