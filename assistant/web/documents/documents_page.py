"""The documents page: its layout and its event handlers for adding, searching, sorting, deleting and undoing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from assistant.access.callers import caller_of, may
from assistant.errors import NotFound
from assistant.service.condition import condition_of
from assistant.service.edits import edited_articles
from assistant.service.hints import hint_for
from assistant.service.samples import sample_records
from assistant.service.service import Service
from assistant.web.answer import render
from assistant.web.documents import correction_dialog, documents_table, overview, text_search, undo_list
from assistant.web.documents.concern_list import concern_list
from assistant.web.documents.correction_dialog import CorrectionEvents
from assistant.web.documents.followed import build_followed
from assistant.web.documents.reindexing import build_reindexing
from assistant.web.documents.table_state import PageState, UndoableCorrection
from assistant.web.kit.html import NOTHING, Html, join
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import (
    Phrases,
    failure,
    filled_by,
    in_words,
    index_of,
    must_edit,
    page_header,
    slot,
    words_of,
)
from assistant.web.uploads import upload_form
from ingest.store.corrections import FieldChanges, reversal
from ingest.store.index import Index

# The ids of more documents would not fit into an address.
MOST_ASKED = 200
ON_LOAD = """import(new URL('web/documents_table.js', document.baseURI)).then(({ start }) => {
  watch('value', start(element, (kind, data) => trigger('input', data)))
})"""
# Screen readers announce what was removed.
ON_LOAD_UNDO = """element.setAttribute('role', 'status')
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[value]')
  if (button) trigger('input', { value: button.value })
})"""


@dataclass(frozen=True, slots=True)
class DocumentsComponents:
    """What the events update; ``state`` holds a `PageState`, ``corrections`` how many have been made."""

    overview: gr.HTML
    hint: gr.HTML
    undo_list: gr.HTML
    texts: gr.HTML
    ask: gr.Button
    delete: gr.Button
    correct: gr.Button
    samples: gr.Button
    table: gr.HTML
    state: gr.State
    dialog: gr.HTML
    corrections: gr.State

    @property
    def outputs(self) -> list[Any]:
        return [
            self.overview,
            self.hint,
            self.undo_list,
            self.ask,
            self.delete,
            self.correct,
            self.samples,
            self.table,
        ]


def build_documents_page(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page and connect its events; call it within the page's context."""
    page_header(page, phrases, "documents")
    with gr.Column(elem_id="shelf"):
        with gr.Column(elem_id="adding") as form:
            fields = upload_form.fields(phrases)
        rows = upload_form.rows()
        found = build_followed(page, service, phrases)
        components, switched = _components(page, service, phrases)
    documents_changed = upload_form.wire(page, service, fields, rows)
    _connect(page, DocumentsEvents(service), components, [documents_changed, found, switched])
    _connect_dialog(CorrectionEvents(service), components)
    page.load(_search_form, None, components.texts, show_progress="hidden", api_visibility="private")
    page.load(
        _for_editors,
        None,
        [form, components.delete, components.correct],
        show_progress="hidden",
        api_visibility="private",
    )


def _search_form(request: gr.Request) -> Html:
    return text_search.form(words_of(request))


def _for_editors(request: gr.Request) -> tuple[Any, ...]:
    """Only editors see the form to add documents and the buttons to delete and correct them."""
    editor = may(request, "editor")
    return gr.Column(visible=editor), gr.Button(visible=editor), gr.Button(visible=editor)


def _components(page: gr.Blocks, service: Service, phrases: Phrases) -> tuple[DocumentsComponents, gr.State]:
    """The components, and a state that changes once another embedding model is in use."""
    numbers, hint = slot("glance"), slot("advice")
    switched = build_reindexing(page, service, phrases)
    undo = slot("undo", on_load=ON_LOAD_UNDO)
    texts = slot("texts", on_load=filled_by("text_search"))
    with gr.Row(elem_id="tools"):
        gr.Textbox(  # the table's script listens to it
            label=phrases("search"),
            show_label=False,
            placeholder=phrases("search"),
            container=False,
            max_lines=1,
            scale=1,
            elem_id="search",
        )
        ask = gr.Button(phrases("ask_about"), interactive=False, scale=0, min_width=150, elem_id="ask-about")
        correct = gr.Button(phrases("correct"), interactive=False, scale=0, min_width=150, elem_id="correct")
        delete = gr.Button(phrases("delete"), interactive=False, scale=0, min_width=150, elem_id="delete")
    table = slot("table", on_load=ON_LOAD)
    samples = gr.Button(phrases("remove_samples"), visible=False, size="sm", elem_id="without-samples")
    dialog = slot("correction", on_load=correction_dialog.ON_LOAD)
    state, corrections = gr.State(PageState()), gr.State(0)
    components = DocumentsComponents(
        numbers, hint, undo, texts, ask, delete, correct, samples, table, state, dialog, corrections
    )
    return components, switched


def _connect(
    page: gr.Blocks,
    handlers: DocumentsEvents,
    components: DocumentsComponents,
    news: Sequence[gr.State],
) -> None:
    def on(triggers: Sequence[Any], handler: Callable[..., Any], inputs: list[Any]) -> None:
        gr.on(
            triggers,
            handler,
            inputs,
            components.outputs,
            show_progress="hidden",
            trigger_mode="multiple",
            api_visibility="private",
        )

    state = components.state
    changed = [page.load, components.corrections.change, *(state.change for state in news)]
    on(changed, handlers.refresh, [state])
    on([components.table.input], handlers.act, [state])
    on([components.undo_list.input], handlers.undo, [state])
    on([components.samples.click], handlers.remove_samples, [state])


def _connect_dialog(handlers: CorrectionEvents, components: DocumentsComponents) -> None:
    components.dialog.input(
        handlers.act,
        [components.state, components.corrections],
        [components.dialog, components.corrections],
        show_progress="hidden",
        trigger_mode="multiple",
        api_visibility="private",
    )


class DocumentsEvents:
    """Each handler returns values for `DocumentsComponents.outputs`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def refresh(self, state: PageState, request: gr.Request) -> tuple[Any, ...]:
        words, index = words_of(request), index_of(self._service)
        if index is None:
            return (
                NOTHING,
                NOTHING,
                NOTHING,
                *_selection_buttons(()),
                _samples_button(False),
                self._unready(words),
            )
        records, view, editing = index.records(), state.view, may(request, "editor")
        page = documents_table.table_page(records, view, index.stories)
        page = replace(page, edited=edited_articles(index, page.rows))
        removals = self._service.trash.removals() if editing else ()
        outputs = (
            overview.overview(index.present.tally, words, index.stories) if records else NOTHING,
            join([self._concerns(words) if editing else NOTHING, self._hint(index, words)]),
            undo_list.undo(removals, datetime.now(UTC), words, state.correction),
            *_selection_buttons(page.view.selected),
            _samples_button(editing and bool(sample_records(index))),
            documents_table.table(page, words, editing=editing),
        )
        if state.view not in (view, page.view):
            # Another event has changed the view meanwhile, and its table may be on the page already.
            return self.refresh(state, request)
        state.view = page.view
        return outputs

    def act(self, state: PageState, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """The search, a button or a box of the table; ticking does not update the table, which shows the tick already."""
        match event.act:
            case "search":
                state.view = state.view.searched(str(event.value))
            case "sort":
                state.view = state.view.sorted_by(event.value)
            case "page":
                state.view = replace(state.view, page=int(event.value))
            case "fold":
                state.view = replace(state.view, folded=not state.view.folded, page=0)
            case "story":
                state.view = state.view.opening(str(event.value))
            case "apart":
                self._tell_apart(state, str(event.value), request)
            case "delete":
                self._delete(state, event.value, request)
            case "tick":
                state.view = state.view.ticked(event.value["shown"], event.value["ticked"])
                return *(gr.skip(),) * 3, *_selection_buttons(state.view.selected), gr.skip(), gr.skip()
        return self.refresh(state, request)

    def remove_samples(self, state: PageState, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        with in_words():
            self._service.remove_samples()
        return self.refresh(state, request)

    def undo(self, state: PageState, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        correction = state.correction
        if correction and event.value == undo_list.CORRECTION:
            state.correction = None
            caller = caller_of(request)
            with in_words(), suppress(NotFound):  # it has been deleted since
                self._service.correct(
                    correction.document_id, correction.back, caller.known_name if caller else ""
                )
        else:
            with in_words():
                self._service.undo(str(event.value))
        return self.refresh(state, request)

    def _delete(self, state: PageState, ids: Sequence[str], request: gr.Request) -> None:
        must_edit(request)
        with in_words():
            self._service.withdraw(tuple(ids))
        state.view = replace(state.view, selected=())

    def _tell_apart(self, state: PageState, ids: str, request: gr.Request) -> None:
        """A document tells no other story's copy: of two ids the first is of no story that the second is of."""
        must_edit(request)
        caller = caller_of(request)
        with in_words(), suppress(NotFound):  # one has been deleted since
            key, _, other = ids.partition(" ")
            record = self._service.record(key)
            story = self._service.assistant.index.stories.of(other)
            others = {copy.id for copy in story if copy.id != key}
            apart = (*record.not_copies_of, *sorted(others - {*record.not_copies_of}))
            changes = FieldChanges(values={"not_copies_of": apart})
            changed = self._service.correct(key, changes, caller.known_name if caller else "")
            state.correction = UndoableCorrection(
                document_id=key, title=changed.title, back=reversal(record, changed)
            )

    def _concerns(self, words: Words) -> Html:
        """What is slow or stuck, for those who can do something about it."""
        return concern_list(condition_of(self._service).concerns, words)

    def _hint(self, index: Index, words: Words) -> Html:
        hint = hint_for(index.catalogue.languages, index.model, self._service.settings.embedding_model)
        return undo_list.model_hint(hint, words) if hint and index.catalogue.passages else NOTHING

    def _unready(self, words: Words) -> Html:
        """Why there is no table yet, or why it cannot be shown."""
        if problem := failure(self._service, words):
            return render.problem(problem)
        return render.status(words, "starting")


def _selection_buttons(ids: Sequence[str]) -> tuple[gr.Button, gr.Button, gr.Button]:
    """The buttons for the selected documents: to ask about them, a link to the chat, to delete them, to correct a single one."""
    few = 0 < len(ids) <= MOST_ASKED
    link = f"./?documents={','.join(ids)}" if few else None
    one = gr.Button(interactive=len(ids) == 1)
    return gr.Button(interactive=few, link=link), gr.Button(interactive=bool(ids)), one


def _samples_button(visible: bool) -> gr.Button:
    return gr.Button(visible=visible)
