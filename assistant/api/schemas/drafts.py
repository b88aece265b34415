"""The JSON of a draft that is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.api.schemas import examples
from assistant.api.schemas.answers import CitationSchema
from assistant.api.schemas.examples import shown
from assistant.api.schemas.requests import FiltersSchema
from assistant.drafts.drafting import LONGEST_DRAFT
from assistant.drafts.types import (
    CheckedQuotation,
    CheckedSentence,
    Draft,
    DraftCut,
    DraftDifferenceKind,
    QuotationChecked,
    QuotationVerdict,
    SentenceChecked,
    SentenceVerdict,
    SpeakerVerdict,
)
from assistant.service.checked_drafts import CheckSummary, KeptCheck
from assistant.service.draft_checks import CheckAsked

LONGEST_DRAFT_NAME = 300  # characters


class CheckRequest(FiltersSchema):
    """A text to be checked, or with `again` an earlier check whose text is taken where none is given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "The old bridge at Remagen was 300 metres long."}]},
    )
    text: str = Field("", max_length=LONGEST_DRAFT)
    name: str = Field("", max_length=LONGEST_DRAFT_NAME, description="What the draft is called in lists.")
    again: str = Field(
        "", max_length=64, description="The id of an earlier check: `changed` says what is new since that."
    )
    stream: bool = Field(
        False,
        description="Answer with server-sent events: draft, cutting (of a long one), sentence, quotation, done.",
    )

    @model_validator(mode="after")
    def _with_a_text(self) -> Self:
        if not (self.text.strip() or self.again):
            raise ValueError("text must not be empty: send the text that is to be checked.")
        return self

    def asked(self) -> CheckAsked:
        return CheckAsked(text=self.text, name=self.name, again=self.again, filters=self.filters())


class DraftDifferenceSchema(BaseModel):
    """What the draft has from `start` to `end`, and the cited document from `source_start` to `source_end`; either may be empty."""

    kind: DraftDifferenceKind
    start: int
    end: int
    written: str
    source_start: int
    source_end: int
    in_source: str


class CheckedSentenceSchema(BaseModel):
    """A sentence from `start` to `end` of the draft's text. `citations` are numbers, the best first, `nearest` those of what came closest.

    `claimed_by` says whose words a `claim` is; `failed` that an unexpected error kept it from being checked.
    """

    text: str
    start: int
    end: int
    verdict: SentenceVerdict
    reason: str
    citations: list[int]
    differences: list[DraftDifferenceSchema] = []
    claimed_by: str = ""
    nearest: list[int] = []
    failed: bool = False

    @classmethod
    def of(cls, one: CheckedSentence) -> Self:
        return cls.model_validate(asdict(one))


class CheckedQuotationSchema(BaseModel):
    """Words in quotation marks, without these. `speaker` is to whom the draft gives them, `said_by` to whom the source does.

    `citation` is the number of where they stand, or of what they were altered from; `also_in` are further places with the same words.
    """

    text: str
    start: int
    end: int
    verdict: QuotationVerdict
    reason: str
    citation: int | None
    also_in: list[int] = []
    differences: list[DraftDifferenceSchema] = []
    speaker: str
    said_by: str
    speaker_verdict: SpeakerVerdict
    failed: bool = False

    @classmethod
    def of(cls, one: CheckedQuotation) -> Self:
        return cls.model_validate(asdict(one))


class VerdictChangeSchema(BaseModel):
    """That the sentence or quotation at `start` had another verdict `before`; empty: the draft did not have it."""

    of: Literal["sentence", "quotation"]
    start: int
    end: int
    before: str


class CheckedDraftSchema(BaseModel):
    """A draft checked: offsets are into `text`. `id` is that under which it is kept, empty where it could not be.

    `changed` is what is new since `earlier`, the time of the check that it is compared with. `word_file` says that the file was a
    Word document, which is exported with comments.
    """

    model_config = shown(examples.CHECKED_DRAFT)
    id: str
    name: str
    text: str
    language: str
    sha256: str
    checked_at: datetime
    sentences: list[CheckedSentenceSchema]
    quotations: list[CheckedQuotationSchema]
    citations: list[CitationSchema]
    counts: Mapping[str, int]
    quotation_counts: Mapping[str, int]
    documents: int
    revision: str
    complete: bool = True
    earlier: datetime | None = None
    changed: list[VerdictChangeSchema] = []
    word_file: bool = False

    @classmethod
    def from_kept(cls, kept: KeptCheck, root: str = "") -> Self:
        """``root`` is the path under which the server is reached, as in ``/assistant``."""
        checked, summary = kept.checked, kept.summary
        return cls(
            id=kept.id,
            name=checked.draft.name,
            text=checked.draft.text,
            language=checked.draft.language,
            sha256=checked.draft.sha256,
            checked_at=kept.checked_at,
            sentences=[CheckedSentenceSchema.of(one) for one in checked.sentences],
            quotations=[CheckedQuotationSchema.of(one) for one in checked.quotations],
            citations=[CitationSchema.of(one, root) for one in checked.citations],
            counts=summary.counts,
            quotation_counts=summary.quotation_counts,
            documents=checked.documents,
            revision=checked.revision,
            complete=checked.complete,
            earlier=kept.earlier,
            changed=[VerdictChangeSchema(**asdict(change)) for change in kept.changed],
            word_file=kept.word_file,
        )


class DraftSchema(BaseModel):
    """The text that is being checked: the first event of a stream."""

    name: str
    text: str
    language: str
    sha256: str

    @classmethod
    def of(cls, draft: Draft) -> Self:
        return cls(**asdict(draft))


class CuttingEventSchema(BaseModel):
    """How far a long draft has been cut into sentences and quotations: `done` of `total`."""

    done: int
    total: int

    @classmethod
    def of(cls, event: DraftCut) -> Self:
        return cls(done=event.done, total=event.total)


class SentenceEventSchema(BaseModel):
    """One more sentence, of `total` sentences and quotations `done`; `citations` are those that are new."""

    sentence: CheckedSentenceSchema
    citations: list[CitationSchema]
    done: int
    total: int

    @classmethod
    def of(cls, event: SentenceChecked, root: str = "") -> Self:
        return cls(
            sentence=CheckedSentenceSchema.of(event.sentence),
            citations=[CitationSchema.of(one, root) for one in event.citations],
            done=event.done,
            total=event.total,
        )


class QuotationEventSchema(BaseModel):
    """One more quotation, as for sentences."""

    quotation: CheckedQuotationSchema
    citations: list[CitationSchema]
    done: int
    total: int

    @classmethod
    def of(cls, event: QuotationChecked, root: str = "") -> Self:
        return cls(
            quotation=CheckedQuotationSchema.of(event.quotation),
            citations=[CitationSchema.of(one, root) for one in event.citations],
            done=event.done,
            total=event.total,
        )


class CheckSummarySchema(BaseModel):
    """A check that is kept: how the draft begins, how many of its sentences and quotations have which verdict, and how many `changed`."""

    id: str
    name: str
    sha256: str
    beginning: str
    characters: int
    checked_at: datetime
    counts: Mapping[str, int]
    quotation_counts: Mapping[str, int]
    changed: int

    @classmethod
    def of(cls, one: CheckSummary) -> Self:
        return cls.model_validate(asdict(one))


class ChecksSchema(BaseModel):
    """The checks that are kept for whoever asks, the newest first."""

    model_config = shown(examples.CHECKS)
    checks: list[CheckSummarySchema]


def told(checked: CheckedDraftSchema) -> str:
    """A check in lines for a reader of text: verdict, words, reason, and what the documents have; what claims nothing is left out."""
    by_number = {citation.number: citation for citation in checked.citations}
    lines = []
    both: list[CheckedSentenceSchema | CheckedQuotationSchema] = [*checked.sentences, *checked.quotations]
    for one in sorted(both, key=lambda one: one.start):
        if one.verdict == "no_claim":
            continue
        quotation = isinstance(one, CheckedQuotationSchema)
        numbers = (
            [one.citation] if isinstance(one, CheckedQuotationSchema) else [*one.citations, *one.nearest]
        )
        lines.append(f"{'quotation ' if quotation else ''}{one.verdict}: {' '.join(one.text.split())}")
        lines += [f"    {one.reason}"] if one.reason else []
        for citation in (by_number[number] for number in numbers if number in by_number):
            quote = " ".join(citation.quote.split())
            lines.append(f"    [{citation.number}] “{quote}” {citation.title} {citation.url}")
    return "\n".join(lines) or "There is no sentence that claims something, and no quotation."
