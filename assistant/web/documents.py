"""The documents page: what there is, and adding, finding, opening and deleting it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.access.callers import may
from assistant.service import Service
from assistant.web import render, shelf, uploads
from assistant.web.html import NOTHING, Html, element, text
from assistant.web.page import Phrases, failure, head, index_of, must_edit, slot, words_of
from assistant.web.words import Words

# Ticking a box tells the server which are ticked now. After rows were exchanged, boxes must show what
# the server says, not what the boxes that stood there before were ticked to.
ON_LOAD = """const boxes = () => [...element.querySelectorAll('td input')]
element.addEventListener('change', (event) => {
  if (event.target.value === '') for (const box of boxes()) box.checked = event.target.checked
  trigger('input', { ids: boxes().filter((box) => box.checked).map((box) => box.value) })
})
watch('value', () => {
  for (const box of element.querySelectorAll('input')) box.checked = box.hasAttribute('checked')
})"""

Ids = tuple[str, ...]
Look = Callable[[str, Sequence[str], gr.Request], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What changes on the page when documents come, go, or are searched for; ``ids`` are those selected."""

    total: gr.HTML
    search: gr.Textbox
    table: gr.HTML
    delete: gr.Button
    sure: gr.Row
    question: gr.HTML
    confirm: gr.Button
    keep: gr.Button
    ids: gr.State

    @property
    def outputs(self) -> list[Any]:
        return [self.total, self.table, self.delete, self.sure, self.question, self.ids]


def documents(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page and wire it; call it within the page's context."""
    head(phrases, "documents")
    with gr.Column(elem_id="shelf"):
        with gr.Column(elem_id="adding") as box:
            adding = uploads.fields(phrases)
        rows = uploads.rows()
        parts = _parts(phrases)
    look = _looking(service)
    news = uploads.wire(page, service, adding, rows)
    gr.on(
        [page.load, news.change, parts.search.change],
        look,
        [parts.search, parts.ids],
        parts.outputs,
        show_progress="hidden",
        trigger_mode="always_last",  # while one search runs, only what was typed last is searched next
        api_visibility="private",
    )
    page.load(_for_editors, None, [box, parts.delete], show_progress="hidden", api_visibility="private")
    _wire_deleting(service, parts, look)


def _for_editors(request: gr.Request) -> tuple[Any, ...]:
    """What adds and deletes is there for those only who may."""
    shown = may(request, "editor")
    return gr.Column(visible=shown), gr.Button(visible=shown)


def _parts(phrases: Phrases) -> Parts:
    total = slot("total")
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
        delete = gr.Button(phrases("delete"), interactive=False, scale=0, min_width=180, elem_id="delete")
    with gr.Row(visible=False, elem_id="sure") as sure:
        question = slot("sure-question")
        confirm = gr.Button(
            phrases("delete_confirm"), variant="stop", scale=0, min_width=110, elem_id="confirm"
        )
        keep = gr.Button(phrases("keep"), scale=0, min_width=110, elem_id="keep")
    table = slot("table", on_load=ON_LOAD)
    return Parts(total, search, table, delete, sure, question, confirm, keep, gr.State(()))


def _looking(service: Service) -> Look:
    def look(search: str, selected: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        """What `Parts.outputs` shall be now; only what is seen can be selected."""
        said, index = words_of(request), index_of(service)
        hidden = gr.Row(visible=False)
        if index is None:
            return NOTHING, _waiting(service, said), _delete(()), hidden, NOTHING, ()
        records = index.records()
        found = shelf.matching(records, search)
        ids = tuple(record.id for record in found[: shelf.MOST] if record.id in selected)
        return (
            shelf.summary(records, said) if records else NOTHING,
            shelf.table(records, found, ids, said),
            _delete(ids),
            hidden,
            NOTHING,
            ids,
        )

    return look


def _waiting(service: Service, said: Words) -> Html:
    """Why there is no table yet, or none at all."""
    if service.state == "failed":
        return render.problem(failure(service, said))
    return render.status(said, "starting")


def _delete(ids: Sequence[str]) -> gr.Button:
    return gr.Button(interactive=bool(ids))


def _wire_deleting(service: Service, parts: Parts, look: Look) -> None:
    def select(event: gr.EventData) -> tuple[Any, ...]:
        ids = tuple(event.ids)
        return ids, _delete(ids), gr.Row(visible=False)

    def ask(ids: Ids, request: gr.Request) -> tuple[Any, ...]:
        said = words_of(request)
        return gr.Row(visible=True), element("p", text(said.count("delete_question", len(ids))))

    def delete(search: str, ids: Ids, request: gr.Request) -> tuple[Any, ...]:
        must_edit(request)
        service.remove(ids)
        return look(search, (), request)

    parts.table.input(
        select,
        None,
        [parts.ids, parts.delete, parts.sure],
        show_progress="hidden",
        api_visibility="private",
    )
    parts.delete.click(
        ask, parts.ids, [parts.sure, parts.question], show_progress="hidden", api_visibility="private"
    )
    parts.keep.click(
        lambda: gr.Row(visible=False), None, parts.sure, show_progress="hidden", api_visibility="private"
    )
    parts.confirm.click(
        delete, [parts.search, parts.ids], parts.outputs, show_progress="hidden", api_visibility="private"
    )
