"""Adding documents from a page: files, web addresses, samples, and rows that show how far each has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from assistant.access.callers import caller_of
from assistant.api.uploads import base_name
from assistant.errors import AssistantError
from assistant.service.jobs import Job
from assistant.service.service import Service
from assistant.web.answer import render
from assistant.web.kit.html import Html, element, showable, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import Phrases, in_words, index_of, must_edit, slot, words_of
from assistant.web.uploads import progress
from ingest.errors import StoreError
from ingest.loaders import SUFFIXES

EVERY = 0.7  # seconds between two looks at the jobs, while something runs
MOST_ROWS = 100
# The script takes files from anywhere on the page, and makes clicks on the rows' buttons events.
ON_LOAD = """import(new URL('web/uploads.js', document.baseURI)).then(({ start }) => {
  const told = start(element, (kind, data) => trigger('input', data), upload)
  watch('value', told)
})"""


@dataclass(frozen=True, slots=True)
class UploadFields:
    """Where a reader names documents to add."""

    files: gr.HTML
    address: gr.Textbox
    add: gr.Button
    samples: gr.Button


def fields(phrases: Phrases) -> UploadFields:
    """Lay out the fields; call it where they belong on the page."""
    files = slot("files")
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
    return UploadFields(files, address, add, samples)


def rows() -> gr.HTML:
    """The rows of what is being added; call it where they belong on the page."""
    return slot("jobs", on_load=ON_LOAD)


@dataclass(slots=True)
class _WatchedJobs:
    """The ids of the jobs that a page shows.

    The page's events run side by side and change it in place: of what they returned, one would overwrite the other's.
    """

    ids: set[str] = field(default_factory=set)


def shown(service: Service, watched: _WatchedJobs) -> tuple[Job, ...]:
    """The jobs to show: those shown already, and whatever else is under way, but for what followed sources bring."""
    jobs = [job for job in service.jobs.list() if job.id in watched.ids or not (job.finished or job.followed)]
    watched.ids.update(job.id for job in jobs)
    return tuple(jobs[:MOST_ROWS])


def wire(page: gr.Blocks, service: Service, where: UploadFields, listed: gr.HTML) -> gr.State:
    """Make the fields and the rows work; the state returned changes whenever the documents may have."""
    timer, watched, news = gr.Timer(EVERY, active=False), gr.State(_WatchedJobs()), gr.State("")
    look, adding = _looking(service), UploadEvents(service)
    outputs = [where.samples, listed, timer, news]

    def take_address(typed: str, watched: _WatchedJobs, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        with in_words():
            watched.ids.update(adding.addresses(typed, _name_of(request)))
        return "", *look(watched, request)

    def take_samples(watched: _WatchedJobs, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        with in_words():
            watched.ids.update(job.id for job in service.add_samples())
        return look(watched, request)

    def act(watched: _WatchedJobs, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        with in_words():
            adding.act(event.act, event.value, watched, _name_of(request))
        return look(watched, request)

    def greet(request: gr.Request) -> Html:
        return _drop_zone(service.settings.max_upload_mb, words_of(request))

    def on(triggers: Sequence[Any], run: Callable[..., Any], fields: list[Any]) -> None:
        gr.on(
            triggers,
            run,
            [*fields, watched],
            [*fields, *outputs],
            show_progress="hidden",
            trigger_mode="multiple",  # files that arrive one after the other are all wanted
            api_visibility="private",
        )

    page.load(greet, None, where.files, show_progress="hidden", api_visibility="private")
    on([page.load, timer.tick], look, [])
    on([where.add.click, where.address.submit], take_address, [where.address])
    on([where.samples.click], take_samples, [])
    on([listed.input], act, [])
    return news


class UploadEvents:
    """What a page may ask of the jobs."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def act(self, act: str, value: Any, watched: _WatchedJobs, added_by: str) -> None:
        """Do what a row's button or the script asks."""
        jobs = self._service.jobs
        match act:
            case "files":
                watched.ids.update(self.files(value, added_by))
            case "address":
                watched.ids.update(self.addresses(str(value), added_by))
            case "cancel" if value in watched.ids:
                jobs.cancel(value)
            case "retry" if value in watched.ids:
                jobs.retry(value)
            case "keep_both" if value in watched.ids:
                with suppress(AssistantError):  # too late, or it began to run this moment: the row says so
                    self._service.keep_both(value)
            case "clear":
                watched.ids.difference_update(job.id for job in jobs.list() if job.finished)

    def files(self, arrived: Sequence[dict[str, str]], added_by: str) -> list[str]:
        """Jobs for uploaded files, of which they have a copy: Gradio's is deleted, for others may read it."""
        jobs = []
        for file in arrived:
            if path := _uploaded(file["path"]):
                name = base_name(showable(file["name"])) or path.name
                jobs.append(self._service.jobs.submit(name, path, added_by=added_by).id)
                path.unlink(missing_ok=True)
        return jobs

    def addresses(self, typed: str, added_by: str) -> list[str]:
        """Jobs for the web addresses in what was typed or pasted."""
        submit = self._service.jobs.submit_url
        return [submit(url, added_by=added_by).id for url in showable(typed).split()]


def _name_of(request: gr.Request) -> str:
    """The name of whoever uses the page, empty where the server asks nobody."""
    caller = caller_of(request)
    return caller.known_name if caller else ""


def _uploaded(path: str) -> Path | None:
    """A file that was uploaded; None for any other, for whoever sends events may name what they like."""
    file = Path(path).resolve()
    inside = file.is_relative_to(Path(get_upload_folder()).resolve())
    return file if inside and file.is_file() else None


def _drop_zone(most_megabytes: int, words: Words) -> Html:
    """The field for files; the whole page takes them, which this says."""
    chooser = element("input", type="file", multiple=True, accept=",".join(SUFFIXES), class_="unseen")
    lead = element("span", text(words("files")), class_="lead-in")
    formats = words("formats_up_to", formats=words("formats"), n=words.number(most_megabytes))
    hint = element("span", text(formats), class_="hint")
    return element("label", chooser, lead, hint, class_="drop")


def _looking(service: Service) -> Callable[[_WatchedJobs, gr.Request], tuple[Any, ...]]:
    def look(watched: _WatchedJobs, request: gr.Request) -> tuple[Any, ...]:
        """Samples button, rows, timer and news as they shall be now; the timer runs only while needed."""
        try:
            jobs = shown(service, watched)
        except StoreError as error:  # several servers have their jobs in a database
            return gr.skip(), render.problem(str(error)), gr.Timer(active=True), gr.skip()
        index = index_of(service)
        empty = index is not None and not index.records()
        busy = service.state == "loading" or any(not job.finished for job in jobs)
        return (
            gr.Button(visible=empty and not busy),
            progress.rows(jobs, service.settings.max_upload_mb, words_of(request)),
            gr.Timer(active=busy),
            f"{service.state} {' '.join(job.version for job in jobs)} {sum(job.finished for job in jobs)}",
        )

    return look
