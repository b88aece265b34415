"""The recipe of ingestion: read, split, embed, store. One bad source never stops the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from ingest.embedding.types import Embedder, PassageVectors, SentenceVectors
from ingest.errors import Cancelled, IngestError, ReasonCode, SourceError, StoreError, reason
from ingest.files import file_sha256
from ingest.quotations import EDITION, with_quotations
from ingest.store.corrections import keeping
from ingest.store.index import Index
from ingest.store.records import Prepared
from ingest.text import publication_date
from ingest.text.chunking import EmbeddedText, embedded_texts, split
from ingest.text.languages import document_language
from ingest.text.table_rows import BAR
from ingest.tracing import span
from ingest.types import (
    Content,
    DateOrigin,
    Document,
    Item,
    Outcome,
    Passage,
    Record,
    Report,
    Result,
    document_id,
    former_ids,
)

# Passages embedded together: enough for the model to batch texts of one length, few enough to
# show progress and to lose little work when stopped.
BATCH_PASSAGES = 256
EMBED_AT_ONCE = 64

# Of these, earlier releases took the date of creation for that of publication.
_DATED_BY_FILES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)

_SHEETS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/csv",
    "text/tab-separated-values",
)

OnPage = Callable[[int, int], None]  # page n of m of a file is about to be recognised
Load = Callable[[Path, str, OnPage], Content]
OnProgress = Callable[["Progress"], None]
Storing = Callable[[Sequence[str]], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where an ingestion stands: the stage of a source, in [0, 1], or its result; ``known_as`` is what a page is known by once fetched.

    While a scan is recognised, it is at ``page`` of ``pages``; both are 0 at other stages.
    """

    source: str
    stage: str
    fraction: float = 0.0
    result: Result | None = None
    known_as: str = ""
    page: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A document and its passages, with the texts that are embedded for them."""

    document: Document
    passages: list[Passage]
    texts: list[EmbeddedText]


def ingest(
    items: Iterable[Item | SourceError],
    index: Index,
    embedder: Embedder,
    load: Load,
    *,
    on_progress: OnProgress = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    storing: Storing = lambda ids: nullcontext(),
    recognises: Callable[[], bool] = lambda: False,
) -> Report:
    """Bring ``items`` into ``index``; what failed and why stands in the report.

    ``on_progress`` is called at every stage; ``cancelled`` is asked between steps; documents are stored within the
    context that ``storing`` returns for their ids, which may raise an `IngestError` to prevent that. A document is
    stored wholly or not at all, and one whose bytes are unchanged is left as it is, unless it has pages that were not read
    and ``recognises`` says that scanned pages can be read by now.
    """
    with span("ingest") as trace:
        report = _ingest(items, index, embedder, load, on_progress, cancelled, storing, recognises)
        trace.note(documents=len(report.results))
    return report


def _ingest(
    items: Iterable[Item | SourceError],
    index: Index,
    embedder: Embedder,
    load: Load,
    on_progress: OnProgress,
    cancelled: Callable[[], bool],
    storing: Storing,
    recognises: Callable[[], bool],
) -> Report:
    began = time.monotonic()
    results: list[Result] = []
    waiting: list[Split] = []

    def finish(result: Result) -> None:
        results.append(result)
        on_progress(Progress(source=result.source, stage=result.outcome, fraction=1.0, result=result))

    def store_waiting() -> None:
        for result in _store(waiting, index, embedder, on_progress, cancelled, storing):
            finish(result)
        waiting.clear()

    def load_scan(path: Path, name: str, on_page: OnPage) -> Content:
        """What was read before a scan does not wait for the minutes or hours that its recognition takes."""

        def on_each(page: int, pages: int) -> None:
            if page == 1:
                store_waiting()
            on_page(page, pages)

        return load(path, name, on_each)

    for item in items:
        read = (
            _cancelled_result(item)
            if cancelled()
            else _read(item, index, embedder, load_scan, on_progress, cancelled, recognises)
        )
        if isinstance(read, Result):
            finish(read)
            continue
        if any(
            read.document.id == entry.document.id for entry in waiting
        ):  # one batch stores a document once
            store_waiting()
        waiting.append(read)
        full = sum(len(entry.passages) for entry in waiting) >= BATCH_PASSAGES
        if full or read.document.recognised_pages:
            store_waiting()
    store_waiting()
    return Report(results=tuple(results), seconds=time.monotonic() - began)


def split_document(document: Document, embedder: Embedder) -> Split:
    """A document's passages, none longer than the embedder reads."""
    document = replace(document, quotations_edition=EDITION)
    window = min(embedder.max_tokens, embedder.traits.passage_tokens)
    passages = with_quotations(document, split(document, embedder.count_tokens, window))
    texts = embedded_texts(document.title, passages, embedder.count_tokens, embedder.max_tokens)
    return Split(document=document, passages=passages, texts=texts)


def prepare(document: Document, embedder: Embedder) -> Prepared:
    """A document split and embedded."""
    entry = split_document(document, embedder)
    return _prepared(entry, _embed_texts(entry.texts, embedder))


def prepare_all(
    documents: Sequence[Document], embedder: Embedder, cancelled: Callable[[], bool] = lambda: False
) -> list[Prepared]:
    """Documents split and embedded together. Raises `Cancelled` once ``cancelled()``."""
    entries = [split_document(document, embedder) for document in documents]
    vectors = _embed(entries, embedder, lambda progress: None, cancelled)
    return [_prepared(entry, rows) for entry, rows in zip(entries, vectors, strict=True)]


def retitled(prepared: Prepared, embedder: Embedder) -> Prepared:
    """A document whose title has changed, with vectors for it: the title is embedded with every passage."""
    texts = embedded_texts(
        prepared.document.title, prepared.passages, embedder.count_tokens, embedder.max_tokens
    )
    vectors = _embed_texts(texts, embedder)
    return replace(prepared, vectors=vectors.vectors, sentences=vectors.sentences)


def _prepared(entry: Split, vectors: PassageVectors) -> Prepared:
    return Prepared(
        document=entry.document,
        passages=entry.passages,
        vectors=vectors.vectors,
        sentences=vectors.sentences,
    )


def _embed_texts(texts: Sequence[EmbeddedText], embedder: Embedder) -> PassageVectors:
    return embedder.embed_with_sentences([text.text for text in texts], [text.sentences for text in texts])


def _read(
    item: Item | SourceError,
    index: Index,
    embedder: Embedder,
    load: Load,
    on_progress: OnProgress,
    cancelled: Callable[[], bool],
    recognises: Callable[[], bool],
) -> Split | Result:
    """A source read and split, or a result where there is nothing to store."""
    if isinstance(item, SourceError):
        return _failed(item.source, item)

    def on_page(page: int, pages: int) -> None:
        if cancelled():
            raise Cancelled("Stopped between two pages.")
        done = 0.1 * (page - 1) / pages
        on_progress(Progress(source=item.source, stage="recognising", fraction=done, page=page, pages=pages))

    try:
        on_progress(Progress(source=item.source, stage="reading"))
        sha256 = file_sha256(item.path)
        index.replica.mend()  # else a document that could not be made searchable would be unchanged
        known = _known(index, item.source)
        same = known if known is not None and known.sha256 == sha256 else None
        dated = same is not None and _is_dated_by_its_file(same)
        if same is not None and not dated and not (_has_pictures(same) and recognises()):
            return _unchanged(item, same)
        with span("ingest.read", bytes=item.path.stat().st_size) as trace:
            content = load(item.path, item.name, on_page)
            # The format, and not the suffix of a name: "Notes on Dr. Weber" ends in " Weber".
            trace.note(
                format=content.media_type, characters=len(content.text), pages=len(content.page_starts)
            )
        if same is not None and not dated and not content.recognition_tried:
            return _unchanged(item, same)
        on_progress(Progress(source=item.source, stage="splitting", fraction=0.1))
        with span("ingest.split") as trace:
            entry = split_document(_document(item, content, sha256, known), embedder)
            trace.note(passages=len(entry.passages))
        return entry
    except Cancelled:
        return _cancelled_result(item)
    except (SourceError, StoreError) as error:
        return _failed(item.source, error)
    except OSError as error:
        return _failed(item.source, SourceError(item.source, "unreadable_now", why=error.strerror))


def _unchanged(item: Item, known: Record) -> Result:
    return Result(
        source=item.source,
        outcome="unchanged",
        document_id=known.id,
        title=known.title,
        passages=known.passages,
    )


def _is_dated_by_its_file(record: Record) -> bool:
    """Whether an earlier release has taken the day on which a file was made for that of its publication: it is read anew."""
    return record.published is not None and not record.published_from and record.media_type in _DATED_BY_FILES


def _has_pictures(record: Record) -> bool:
    """Whether pages were left unread for want of the program that recognises them."""
    return bool(record.unread_pages) and not record.recognition_tried


def _known(index: Index, source: str) -> Record | None:
    """The record of the document that came from ``source``, also one that an earlier release has stored."""
    ids = (document_id(source), *former_ids(source))
    return next((record for one in ids if (record := index.record(one))), None)


def _document(item: Item, content: Content, sha256: str, known: Record | None) -> Document:
    """The document that a file makes; what has been corrected of ``known``, its earlier version, stays so."""
    language = document_language(content.text, content.language)
    published, origin = _published(item, content, language)
    document = Document(
        id=known.id if known else document_id(item.source),
        source=item.source,
        title=content.title or Path(item.name).stem,
        text=content.text,
        published=published,
        published_from=origin,
        authors=content.authors,
        language=language,
        media_type=content.media_type,
        sha256=sha256,
        page_starts=content.page_starts,
        doubtful_pages=content.doubtful_pages,
        recognised_pages=content.recognised_pages,
        unread_pages=content.unread_pages,
        recognition_tried=content.recognition_tried,
        headings=content.headings,
        added_by=item.added_by,
        time_starts=content.time_starts,
        container=item.container,
    )
    return keeping(document, known)


def _published(item: Item, content: Content, language: str) -> tuple[date | None, DateOrigin]:
    """When it was published, and what says so: the page, the feed that led to it, its text, or the name of its file."""
    today = date.today()
    if content.published:
        return content.published, content.published_from
    if item.published:
        return item.published, "feed"
    if day := publication_date.from_text(_said(content), language, today):
        return day, "text"
    day = publication_date.from_name(item.name, language, today)
    return day, "file name" if day else ""


def _said(content: Content) -> str:
    """The text that may say when it was published: days in the rows of a sheet are values like the others."""
    if content.media_type not in _SHEETS:
        return content.text
    return "\n".join(line for line in content.text.split("\n") if BAR not in line)


def _store(
    waiting: Sequence[Split],
    index: Index,
    embedder: Embedder,
    on_progress: OnProgress,
    cancelled: Callable[[], bool],
    storing: Storing,
) -> list[Result]:
    """Embed and commit documents together: all of a batch, or, when cancelled, none."""
    if not waiting:
        return []
    try:
        with span("ingest.embed", documents=len(waiting)) as trace:
            trace.note(passages=sum(len(entry.passages) for entry in waiting))
            vectors = _embed(waiting, embedder, on_progress, cancelled)
        with span("ingest.store", documents=len(waiting)), storing([entry.document.id for entry in waiting]):
            outcomes: list[Outcome] = [
                "replaced" if index.record(entry.document.id) else "added" for entry in waiting
            ]
            index.put([_prepared(entry, rows) for entry, rows in zip(waiting, vectors, strict=True)])
    except Cancelled:
        return [_cancelled_result(entry.document) for entry in waiting]
    except IngestError as error:
        return [_failed(entry.document.source, error) for entry in waiting]
    return [
        Result(
            source=entry.document.source,
            outcome=outcome,
            document_id=entry.document.id,
            title=entry.document.title,
            passages=len(entry.passages),
        )
        for entry, outcome in zip(waiting, outcomes, strict=True)
    ]


def _embed(
    waiting: Sequence[Split], embedder: Embedder, on_progress: OnProgress, cancelled: Callable[[], bool]
) -> list[PassageVectors]:
    """The vectors of each document's passages; texts of one length are embedded side by side."""
    texts = [text for entry in waiting for text in entry.texts]
    order = sorted(range(len(texts)), key=lambda number: len(texts[number].text))
    vectors = np.zeros((len(texts), embedder.dimensions), dtype=np.float32)
    sentences: dict[int, SentenceVectors] = {}
    for first in range(0, len(order), EMBED_AT_ONCE):
        if cancelled():
            raise Cancelled("Stopped before anything of it was stored.")
        rows = order[first : first + EMBED_AT_ONCE]
        embedded = _embed_texts([texts[row] for row in rows], embedder)
        vectors[rows] = embedded.vectors
        sentences |= zip(rows, embedded.sentences, strict=True)
        for entry in waiting:
            fraction = 0.1 + 0.8 * (first + len(rows)) / len(order)
            on_progress(Progress(source=entry.document.source, stage="embedding", fraction=fraction))
    ends = np.cumsum([len(entry.passages) for entry in waiting]).tolist()
    return [
        PassageVectors(vectors=vectors[start:end], sentences=[sentences[row] for row in range(start, end)])
        for start, end in zip([0, *ends], ends, strict=False)
    ]


def _cancelled_result(item: Item | SourceError | Document) -> Result:
    code: ReasonCode = "stopped"
    return Result(source=item.source, outcome="cancelled", error=reason(code, {}), code=code)


def _failed(source: str, error: IngestError) -> Result:
    text = error.reason if isinstance(error, SourceError) else str(error)
    return Result(source=source, outcome="failed", error=text, code=error.code, values=error.values)
