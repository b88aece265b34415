"""The documents page: what there is, and adding, finding, opening, asking about and deleting it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from assistant.access.callers import may
from assistant.service.hints import unread_language
from assistant.service.service import Service, is_sample
from assistant.web.answer import render
from assistant.web.documents import documents_table, overview, undo_list
from assistant.web.documents.documents_table import TableState
from assistant.web.kit.html import NOTHING, Html
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import Phrases, failure, head, index_of, must_edit, slot, words_of
from assistant.web.uploads import upload_form
from ingest.store.index import Index

# More would not fit into an address.
MOST_ASKED = 200
ON_LOAD = """import(new URL('web/documents.js', document.baseURI)).then(({ start }) => {
  watch('value', start(element, (kind, data) => trigger('input', data)))
})"""
# What was removed is said to those who do not see it.
ON_LOAD_UNDO = """element.setAttribute('role', 'status')
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[value]')
  if (button) trigger('input', { value: button.value })
})"""


@dataclass(slots=True)
class _PageState:
    """How a page looks at its documents. Its events run side by side and change it in place, so that none undoes another."""

    view: TableState = field(default_factory=TableState)


@dataclass(frozen=True, slots=True)
class DocumentsComponents:
    """What changes on the page when documents come, go, or are searched for; ``held`` holds a `_PageState`."""

    overview: gr.HTML
    hint: gr.HTML
    undo_list: gr.HTML
    search: gr.Textbox
    ask: gr.Button
    delete: gr.Button
    samples: gr.Button
    table: gr.HTML
    held: gr.State

    @property
    def outputs(self) -> list[Any]:
        return [
            self.overview,
            self.hint,
            self.undo_list,
            self.ask,
            self.delete,
            self.samples,
            self.table,
        ]


def documents(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page and wire it; call it within the page's context."""
    head(page, phrases, "documents")
    with gr.Column(elem_id="shelf"):
        with gr.Column(elem_id="adding") as box:
            adding = upload_form.fields(phrases)
        rows = upload_form.rows()
        parts = _parts(phrases)
    news = upload_form.wire(page, service, adding, rows)
    _wire(page, DocumentsEvents(service), parts, news)
    page.load(_for_editors, None, [box, parts.delete], show_progress="hidden", api_visibility="private")


def _for_editors(request: gr.Request) -> tuple[Any, ...]:
    """What adds and deletes is there for those only who may."""
    shown = may(request, "editor")
    return gr.Column(visible=shown), gr.Button(visible=shown)


def _parts(phrases: Phrases) -> DocumentsComponents:
    numbers, hint, undone = slot("glance"), slot("advice"), slot("undo", on_load=ON_LOAD_UNDO)
    with gr.Row(elem_id="tools"):
        search = gr.Textbox(
            label=phrases("search"),
            show_label=False,
            placeholder=phrases("search"),
            container=False,
            max_lines=1,
            scale=1,
            elem_id="search",
        )
        ask = gr.Button(phrases("ask_about"), interactive=False, scale=0, min_width=150, elem_id="ask-about")
        delete = gr.Button(phrases("delete"), interactive=False, scale=0, min_width=150, elem_id="delete")
    table = slot("table", on_load=ON_LOAD)
    samples = gr.Button(phrases("remove_samples"), visible=False, size="sm", elem_id="without-samples")
    return DocumentsComponents(
        numbers, hint, undone, search, ask, delete, samples, table, gr.State(_PageState())
    )


def _wire(page: gr.Blocks, events: DocumentsEvents, parts: DocumentsComponents, news: gr.State) -> None:
    def on(
        triggers: Sequence[Any], run: Callable[..., Any], inputs: list[Any], mode: Any = "multiple"
    ) -> None:
        gr.on(
            triggers,
            run,
            inputs,
            parts.outputs,
            show_progress="hidden",
            trigger_mode=mode,
            api_visibility="private",
        )

    on([page.load, news.change], events.look, [parts.held])
    # While one search runs, only what was typed last is searched next.
    on([parts.search.change], events.search, [parts.search, parts.held], "always_last")
    on([parts.table.input], events.act, [parts.held])
    on([parts.undo_list.input], events.undo, [parts.held])
    on([parts.samples.click], events.remove_samples, [parts.held])


class DocumentsEvents:
    """The events of the page; each returns what `Parts.outputs` shall be."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def look(self, held: _PageState, request: gr.Request) -> tuple[Any, ...]:
        said, index = words_of(request), index_of(self._service)
        if index is None:
            return NOTHING, NOTHING, NOTHING, *_chosen(()), _samples(False), self._waiting(said)
        records, view, editing = index.records(), held.view, may(request, "editor")
        shown = documents_table.show(records, view)
        removals = self._service.trash.removals() if editing else ()
        drawn = (
            overview.glance(records, index.languages, said) if records else NOTHING,
            self._advice(index, said),
            undo_list.undo(removals, datetime.now(UTC), said),
            *_chosen(shown.view.selected),
            _samples(editing and any(is_sample(record) for record in records)),
            documents_table.table(shown, said),
        )
        if held.view not in (view, shown.view):
            # Another event has changed it meanwhile, and may have been shown already.
            return self.look(held, request)
        held.view = shown.view
        return drawn

    def search(self, search: str, held: _PageState, request: gr.Request) -> tuple[Any, ...]:
        held.view = replace(held.view, search=search, page=0)
        return self.look(held, request)

    def act(self, held: _PageState, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """What the table's buttons and boxes ask for; ticking leaves the table alone, for it shows that already."""
        match event.act:
            case "sort":
                held.view = held.view.sorted_by(event.value)
            case "page":
                held.view = replace(held.view, page=int(event.value))
            case "delete":
                self._delete(held, event.value, request)
            case "tick":
                held.view = held.view.ticked(event.value["shown"], event.value["ticked"])
                return *(gr.skip(),) * 3, *_chosen(held.view.selected), gr.skip(), gr.skip()
        return self.look(held, request)

    def remove_samples(self, held: _PageState, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        self._service.remove_samples()
        return self.look(held, request)

    def undo(self, held: _PageState, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        self._service.undo(str(event.value))
        return self.look(held, request)

    def _delete(self, held: _PageState, ids: Sequence[str], request: gr.Request) -> None:
        must_edit(request)
        self._service.withdraw(tuple(ids))
        held.view = replace(held.view, selected=())

    def _advice(self, index: Index, said: Words) -> Html:
        model = self._service.settings.embedding_model
        language = unread_language(index.languages, model)
        return undo_list.language_hint(language, model, said) if language else NOTHING

    def _waiting(self, said: Words) -> Html:
        """Why there is no table yet, or none at all."""
        if wrong := failure(self._service, said):
            return render.problem(wrong)
        return render.status(said, "starting")


def _chosen(ids: Sequence[str]) -> tuple[gr.Button, gr.Button]:
    """The buttons for what is selected: asking about it, which is a link to the chat, and deleting it."""
    few = 0 < len(ids) <= MOST_ASKED
    link = f"./?documents={','.join(ids)}" if few else None
    return gr.Button(interactive=few, link=link), gr.Button(interactive=bool(ids))


def _samples(there: bool) -> gr.Button:
    return gr.Button(visible=there)
