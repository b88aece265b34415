"""The articles that come with this product, which a server can add and remove together."""

from __future__ import annotations

from importlib import resources

from assistant.service.jobs import Job
from assistant.service.worker import IngestWorker
from ingest.loaders import suffix_of
from ingest.store.index import Index
from ingest.types import Record

PREFIX = "samples/"  # what the sources of these articles begin with


def is_sample(record: Record) -> bool:
    """Whether a document is one of the articles that come with this product."""
    return record.source.startswith(PREFIX)


def sample_records(index: Index) -> list[Record]:
    """Those of these articles that are in an index."""
    return index.present.with_source_beginning(PREFIX)


def submit_samples(worker: IngestWorker) -> list[Job]:
    """Submit these articles; one that is indexed already stays as it is."""
    jobs = []
    folder = resources.files("assistant").joinpath("samples")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if suffix_of(entry.name) == ".md":
            with resources.as_file(entry) as path:
                jobs.append(worker.submit(entry.name, path, source=f"{PREFIX}{entry.name}"))
    return jobs
