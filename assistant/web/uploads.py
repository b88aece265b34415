"""Adding documents from a page: files, a web address, samples, and rows that show how far each has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.board import Job
from assistant.service import Service
from assistant.web import progress
from assistant.web.html import showable
from assistant.web.page import Phrases, index_of, must_edit, slot, words_of
from ingest.loaders import SUFFIXES

EVERY = 0.7  # seconds between two looks at the jobs, while something runs
MOST_ROWS = 100
# A click on a row's button becomes an event that carries the id of the row's job.
ON_LOAD = """element.addEventListener('click', (event) => {
  const button = event.target.closest('button[value]')
  if (button) trigger('input', { job: button.value })
})"""


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a reader names documents to add."""

    files: gr.File
    address: gr.Textbox
    add: gr.Button
    samples: gr.Button


def fields(phrases: Phrases) -> Fields:
    """Lay out the fields; call it where they belong on the page."""
    files = gr.File(
        label=phrases("files"),
        show_label=False,
        file_count="multiple",
        file_types=list(SUFFIXES),
        height=130,
        elem_id="files",
    )
    gr.Markdown(phrases("formats"), elem_id="formats")
    with gr.Row(elem_id="by-address"):
        address = gr.Textbox(
            label=phrases("address"),
            show_label=False,
            placeholder=phrases("address_placeholder"),
            container=False,
            max_lines=1,
            scale=1,
            elem_id="address",
        )
        add = gr.Button(phrases("add_address"), scale=0, min_width=130, elem_id="add-address")
    samples = gr.Button(phrases("add_samples"), visible=False, elem_id="samples")
    return Fields(files, address, add, samples)


def rows() -> gr.HTML:
    """The rows of what is being added; call it where they belong on the page."""
    return slot("jobs", on_load=ON_LOAD)


def shown(service: Service, ids: Sequence[str]) -> tuple[Job, ...]:
    """The jobs to show: those shown already, and whatever else is under way."""
    jobs = [job for job in service.jobs.list() if job.id in ids or not job.finished]
    return tuple(jobs[:MOST_ROWS])


def wire(page: gr.Blocks, service: Service, where: Fields, listed: gr.HTML) -> gr.State:
    """Make the fields and the rows work; the state returned changes whenever the documents may have."""
    timer, ids, news = gr.Timer(EVERY, active=False), gr.State(()), gr.State("")
    look = _looking(service)
    outputs = [where.samples, listed, timer, ids, news]

    def take_files(paths: list[str] | None, ids: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        new = [_submitted(service, Path(path)) for path in paths or ()]
        return None, *look((*ids, *new), request)

    def take_address(url: str, ids: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        new = [service.jobs.submit_url(showable(url).strip()).id] if url.strip() else []
        return "", *look((*ids, *new), request)

    def take_samples(ids: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        add_samples = getattr(service, "add_samples", None)
        new = [job.id for job in add_samples()] if add_samples else []
        return look((*ids, *new), request)

    def cancel(ids: Sequence[str], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        if event.job in ids:
            service.jobs.cancel(event.job)
        return look(ids, request)

    def on(triggers: Sequence[Any], act: Callable[..., Any], field: list[Any]) -> None:
        gr.on(
            triggers,
            act,
            [*field, ids],
            [*field, *outputs],
            show_progress="hidden",
            api_visibility="private",
        )

    on([page.load, timer.tick], look, [])
    on([where.files.upload], take_files, [where.files])
    on([where.add.click, where.address.submit], take_address, [where.address])
    on([where.samples.click], take_samples, [])
    on([listed.input], cancel, [])
    return news


def _submitted(service: Service, path: Path) -> str:
    """The id of a job for an uploaded file, of which the jobs have a copy: Gradio's is deleted, for others may read it."""
    job = service.jobs.submit(path.name, path)
    path.unlink(missing_ok=True)
    return job.id


def _looking(service: Service) -> Callable[[Sequence[str], gr.Request], tuple[Any, ...]]:
    def look(ids: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        """Samples button, rows, timer, ids and news as they shall be now; the timer runs only while needed."""
        jobs = shown(service, ids)
        index = index_of(service)
        empty = index is not None and not index.records()
        busy = service.state == "loading" or any(not job.finished for job in jobs)
        return (
            gr.Button(visible=empty and not busy and hasattr(service, "add_samples")),
            progress.rows(jobs, words_of(request)),
            gr.Timer(active=busy),
            tuple(job.id for job in jobs),
            f"{service.state} {sum(job.finished for job in jobs)}",
        )

    return look
