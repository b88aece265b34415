"""Documents on their way into the index as rows of HTML: name, stage in words, bar, outcome, cancel."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.board import Job
from assistant.web.html import NOTHING, Html, element, text
from assistant.web.sources import viewer_link
from assistant.web.words import Words


def rows(jobs: Sequence[Job], words: Words) -> Html:
    """A row for every job; nothing where there is none."""
    if not jobs:
        return NOTHING
    return element("ul", *(_row(job, words) for job in jobs), class_="jobs", aria_label=words("jobs"))


def _row(job: Job, words: Words) -> Html:
    parts = [
        element("span", _name(job), class_="name"),
        element("span", text(_state(job, words)), class_="state"),
    ]
    if not job.finished:
        parts += [_bar(job), _cancel(job, words)]
    if job.error and job.state == "failed":
        parts.append(element("span", text(job.error), class_="reason"))
    return element("li", *parts, class_=f"job {job.state}")


def _name(job: Job) -> Html:
    """What was added by its title once that is known, a link once it can be opened."""
    name = element("bdi", text(job.title or job.source))
    if job.document_id is None or job.state not in ("done", "unchanged"):
        return name
    return element("a", name, href=viewer_link(job.document_id), target="_blank", title=job.source)


def _state(job: Job, words: Words) -> str:
    if job.state == "running":
        return words.known("job_stage", job.stage)
    return words.known("state", "replaced" if job.state == "done" and job.replaced else job.state)


def _bar(job: Job) -> Html:
    return element("progress", max=1, value=round(job.progress, 2), aria_label=job.source)


def _cancel(job: Job, words: Words) -> Html:
    label = words("cancel_of", name=job.source)
    return element("button", text(words("cancel")), type="button", value=job.id, aria_label=label)
