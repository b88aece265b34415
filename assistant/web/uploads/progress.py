"""Documents on their way into the index as rows of HTML: name, stage in words, bar, outcome, cancel, retry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.citation_links import viewer_link
from assistant.service.jobs import Job, JobMembers
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.uploads.reasons import of_member, translated

_MOST_NAMED = 5  # documents of a container whose failure is told
# What jobs come to beside failing, in the order in which it is said.
_GOOD = ("done", "replaced", "unchanged", "removed", "cancelled", "under_way")


def rows(jobs: Sequence[Job], most_megabytes: int, words: Words) -> Html:
    """A row for every job, and the words and the limit that ``uploads.js`` needs."""
    return join([_list(jobs, words), _sending(most_megabytes, words)])


def _list(jobs: Sequence[Job], words: Words) -> Html:
    if not jobs:
        return NOTHING
    rows = (_row(job, words) for job in _in_order(jobs))
    lines = element("ul", *rows, class_="jobs", aria_label=words("jobs"))
    if not any(job.finished for job in jobs):
        return lines
    clear = element("button", text(words("clear_jobs")), type="button", data_act="clear", class_="clear")
    return join([_summary(jobs, words), lines, clear])


def _in_order(jobs: Sequence[Job]) -> Sequence[Job]:
    """As they were given; once all have ended, those that failed stand below, so that their reasons push nothing away."""
    if not all(job.finished for job in jobs):
        return jobs
    return sorted(jobs, key=lambda job: job.state == "failed")


def _summary(jobs: Sequence[Job], words: Words) -> Html:
    """How many documents have ended in which way: "3 added, 6 failed"; the script adds the files that never arrived."""
    counts = Counter(outcome for job in jobs for outcome in _outcomes(job))
    good = [words(f"sum_{name}", n=words.number(counts[name])) for name in _GOOD if counts[name]]
    bad = [words("sum_failed", n=words.number(counts["failed"]))] if counts["failed"] else []
    return element(
        "p",
        text(", ".join([*good, *bad])),
        class_="summary",
        hidden=len(jobs) == 1,
        data_good=", ".join(good),
        data_failed=counts["failed"],
    )


def _outcomes(job: Job) -> Iterator[str]:
    """How each document of a job has ended; a job counts once while it goes on, and where it was cancelled."""
    if job.members and job.finished and job.state != "cancelled":
        names = {"added": "done"}
        yield from (names.get(result.outcome, result.outcome) for result in job.members.outcomes)
    else:
        yield _outcome(job)


def _outcome(job: Job) -> str:
    """How a job has ended, as phrases call it, or that it goes on."""
    if job.state == "done" and job.replaced:
        return "replaced"
    return job.state if job.finished else "under_way"


def _sending(most_megabytes: int, words: Words) -> Html:
    size = words.number(most_megabytes)
    return element(
        "span",
        id="sending",
        hidden=True,
        data_most=most_megabytes * 1_000_000,
        data_drop=words("drop_here"),
        data_waiting=words("state_queued"),
        data_sending=words("state_sending"),
        data_failed=words("state_failed"),
        data_sum_failed=words("sum_failed", n="%1"),
        data_lost=words("sending_lost"),
        data_too_large=words("sending_too_large", n=size),
        data_cancel=words("cancel"),
        data_cancel_of=words("cancel_of", name="%1"),
        data_dismiss=words("dismiss"),
        data_dismiss_of=words("dismiss_of", name="%1"),
    )


def _row(job: Job, words: Words) -> Html:
    state = _state(job, words)
    parts = [element("span", _name(job), class_="name"), element("span", text(state), class_="state")]
    replaces = _replaces(job, words)
    if replaces:
        parts.append(element("span", text(replaces), class_="replaces"))
        if job.state == "queued" or (job.state == "done" and job.removal_id):
            parts.append(_button("keep_both", job, words))
    if not job.finished:
        parts += [_bar(job), _button("cancel", job, words)]
    reason = translated(job, words) if job.state == "failed" else ""
    if job.members and job.state != "failed":
        parts += _failures(job, job.members, words)
    if reason:
        parts.append(element("span", text(reason), class_="reason"))
    if job.retryable:
        parts.append(_button("retry", job, words))
    summary = ": ".join(part for part in (job.title or job.source, state, replaces, reason) if part)
    return element("li", *parts, class_=f"job {job.state}", data_job=job.id, data_told=summary)


def _failures(job: Job, members: JobMembers, words: Words) -> list[Html]:
    """The documents of a container that could not be added, each with its reason."""
    named = [
        element(
            "span",
            element("bdi", text(f"{_short(result.source, job.source)}:")),
            text(f" {of_member(result, words)}"),
            class_="reason",
        )
        for result in members.failed[:_MOST_NAMED]
    ]
    more = len(members.failed) - _MOST_NAMED
    return named + (
        [element("span", text(words.count("more_failed", more)), class_="reason")] if more > 0 else []
    )


def _short(source: str, container: str) -> str:
    """Where a document is in its container."""
    return source.removeprefix(container).lstrip("/") or source


def _of_members(members: JobMembers, words: Words) -> str:
    """How the documents of a container fared: "7 added, 1 failed"."""
    counts = (
        ("done", members.count("added")),
        ("replaced", members.count("replaced")),
        ("unchanged", members.count("unchanged")),
        ("removed", members.count("removed")),
        ("failed", members.count("failed")),
    )
    told = [words(f"sum_{name}", n=words.number(count)) for name, count in counts if count]
    skipped = [words.count("sum_skipped", len(members.skipped))] if members.skipped else []
    return ", ".join(told + skipped)


def _replaces(job: Job, words: Words) -> str:
    """Which document the upload replaces or has replaced; empty where none."""
    if job.replaces is None or job.state in ("failed", "cancelled", "unchanged"):
        return ""
    values = {"title": job.replaces.title, "date": words.date(job.replaces.added.date())}
    if job.replaces.added_by:
        return words("replaces_by", name=job.replaces.added_by, **values)
    return words("replaces", **values)


def _name(job: Job) -> Html:
    """What was added by its title once that is known, a link once it can be opened."""
    name = element("bdi", text(job.title or job.source))
    if job.document_id is None or job.state not in ("done", "unchanged"):
        return name
    return element("a", name, href=viewer_link(job.document_id), target="_blank", title=job.source)


def _state(job: Job, words: Words) -> str:
    if job.state == "running" and job.pages:
        return words("job_stage_recognising", n=words.number(job.page), total=words.number(job.pages))
    if job.state == "running":
        return words.known("job_stage", job.stage)
    if job.articles:
        return words.count("feed_articles", job.articles)
    if job.members and job.state != "cancelled":
        return _of_members(job.members, words)
    return words.known("state", "replaced" if job.state == "done" and job.replaced else job.state)


def _bar(job: Job) -> Html:
    return element("progress", max=1, value=round(job.progress, 2), aria_label=job.source)


def _button(act: str, job: Job, words: Words) -> Html:
    label = words(f"{act}_of", name=job.title or job.source)
    return element("button", text(words(act)), type="button", data_act=act, value=job.id, aria_label=label)
