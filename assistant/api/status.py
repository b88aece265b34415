"""Everything under /api."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from assistant.api import (
    ask,
    check,
    collection,
    documents,
    followed,
    passports,
    questions,
    reindex,
    sources,
    statements,
    word_search,
)
from assistant.api.schemas.documents import (
    DocumentSchema,
    DocumentsSchema,
    EditedArticleSchema,
    EditedSchema,
    JobSchema,
    JobsSchema,
    MemberSchema,
    MembersSchema,
    PresentVersionsSchema,
    RemovalSchema,
    RemovalsSchema,
)
from assistant.api.schemas.status import (
    ConcernSchema,
    HealthSchema,
    IntegritySchema,
    SlowQuestionSchema,
    StatusSchema,
)
from assistant.errors import NotFound
from assistant.http import problems
from assistant.http.dependencies import CallerDependency, ServiceDependency
from assistant.service.condition import condition_of
from assistant.service.edits import edited_articles
from assistant.service.jobs import JobState

MOST_SLOW = 10  # slow questions that are told of

router = APIRouter(prefix="/api", responses=problems.DESCRIBED)
router.include_router(ask.router)
router.include_router(word_search.router)
router.include_router(sources.router)
router.include_router(statements.router)
router.include_router(check.router)
router.include_router(passports.router)
router.include_router(documents.router)
router.include_router(followed.router)
router.include_router(questions.router)
router.include_router(collection.router)
router.include_router(reindex.router)


@router.get("/health", tags=["server"])
async def health(service: ServiceDependency, ready: bool = False) -> HealthSchema:
    """Whether the server lives; 503 where the model or the index could not be loaded.

    With `ready` also while they are being loaded: for what sends questions only to servers that can answer them.
    """
    if service.state == "failed" or (ready and service.state == "loading"):
        raise HTTPException(503, service.message)
    return HealthSchema(status="ok" if service.state == "ready" else "loading")


@router.get("/status", tags=["server"])
def status(service: ServiceDependency, caller: CallerDependency, check: bool = False) -> StatusSchema:
    """How many documents there are, which models are in use, and, for editors, what is slow or stuck.

    With `check` the language model is asked to say one word, and `language_model_problem` says what is wrong with it.
    """
    assistant = service.assistant if service.state == "ready" else None
    # When others have asked something, and what fails, is for those who can do something about it.
    found = condition_of(service) if caller.may("editor") else None
    about: dict[str, object] = {
        "state": service.state,
        "message": service.message or service.away or service.standing.store.problem,
        "concerns": [ConcernSchema.of(one) for one in found.concerns] if found else [],
        "slow_questions": [SlowQuestionSchema.of(one) for one in found.slow_questions[:MOST_SLOW]]
        if found
        else [],
    }
    if check and assistant and assistant.model:
        about["language_model_problem"] = assistant.model.problem()
    return StatusSchema.of(service.settings, assistant.index if assistant else None, **about)


@router.get("/integrity", tags=["server"])
def integrity(service: ServiceDependency) -> IntegritySchema:
    """A look at all that is stored, which takes seconds: whether every document is whole and all is in step, and what takes room."""
    return IntegritySchema.of(service.assistant.index.integrity(), service.settings.data_dir)


@router.get("/versions", tags=["documents"])
def versions(
    service: ServiceDependency,
    caller: CallerDependency,
    document: Annotated[list[str], Query(max_length=200, description="Ids of documents.")],
) -> PresentVersionsSchema:
    """The version that each of some documents has now: whoever keeps citations sees which are of another one."""
    index = service.assistant.index
    records = {key: index.found(key) if caller.sees(key) else None for key in document}
    return PresentVersionsSchema(
        versions={key: index.texts.version_of(record) if record else None for key, record in records.items()}
    )


@router.get("/edits", tags=["documents"])
def edits(service: ServiceDependency) -> EditedSchema:
    """The articles whose text was edited after they were first stored from their addresses, newest first."""
    index = service.assistant.index
    counts = edited_articles(index, index.records())
    edited = [record for record in index.records() if record.id in counts]
    return EditedSchema(
        edited=[
            EditedArticleSchema(
                id=record.id, title=record.title, source=record.shown_source, versions=counts[record.id]
            )
            for record in edited
        ]
    )


@router.get("/jobs", tags=["jobs"])
def jobs(
    service: ServiceDependency,
    state: Annotated[JobState | None, Query(description="Only jobs in this state.")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> JobsSchema:
    """What is being added, and what became of what was, newest first."""
    matching = [job for job in service.jobs.list() if state in (None, job.state)]
    return JobsSchema(jobs=[JobSchema.of(job) for job in matching[offset : offset + limit]])


@router.get("/jobs/{job_id}", tags=["jobs"])
def job(job_id: str, service: ServiceDependency) -> JobSchema:
    """How one file or web page fares."""
    return JobSchema.of(service.jobs.get(job_id))


@router.get("/jobs/{job_id}/members", tags=["jobs"])
def members(job_id: str, service: ServiceDependency) -> MembersSchema:
    """What became of each document in the archive, mail or list of articles that a job has read; none for other files."""
    job = service.jobs.get(job_id)
    return MembersSchema(
        members=[MemberSchema.of(result) for result in (job.members.outcomes if job.members else ())]
    )


@router.delete("/jobs/{job_id}", tags=["jobs"])
def cancel(job_id: str, service: ServiceDependency) -> JobSchema:
    """Stop a job. What is stored already stays."""
    return JobSchema.of(service.jobs.cancel(job_id))


@router.post("/jobs/{job_id}/keep-both", tags=["jobs"])
def keep_both(job_id: str, service: ServiceDependency) -> JobSchema:
    """Let an upload that replaces a document of the same name be another document, and put the replaced one back."""
    return JobSchema.of(service.keep_both(job_id))


@router.get("/removals", tags=["documents"])
def removals(service: ServiceDependency) -> RemovalsSchema:
    """What was replaced, or deleted on the page, in the last ten minutes and can be put back, the latest first."""
    return RemovalsSchema(removals=[RemovalSchema.of(removal) for removal in service.trash.removals()])


@router.post("/removals/{removal_id}/undo", tags=["documents"])
def undo(removal_id: str, service: ServiceDependency) -> DocumentsSchema:
    """Put documents back. A removed one that was added anew since stays as it is."""
    records = service.undo(removal_id)
    if not records:
        raise NotFound(
            f"There is nothing to put back for {removal_id!r}. A removal can be undone for ten minutes."
        )
    return DocumentsSchema(total=len(records), documents=[DocumentSchema.of(record) for record in records])
