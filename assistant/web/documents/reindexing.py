"""Changing the embedding model on the documents page: a button, how far it has come, and what came of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePath
from typing import Any

import gradio as gr

from assistant.access.callers import may
from assistant.errors import Conflict, NotReady
from assistant.service.reindexing import ReindexView
from assistant.service.service import Service
from assistant.web.kit.html import NOTHING, Html, element, join, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import Phrases, slot, words_of
from ingest.errors import IngestError

OFTEN, SELDOM = 1.0, 30.0  # seconds between two looks while it is under way, and else
START, CANCEL = "start", "cancel"
# Screen readers are told what came of it, not every step.
ON_LOAD = """element.addEventListener('click', (event) => {
  const button = event.target.closest('button[value]')
  if (button) trigger('input', { value: button.value })
})"""


def build_reindexing(page: gr.Blocks, service: Service, phrases: Phrases) -> gr.State:
    """Lay the section out and connect its events; the state returned changes once another model is in use."""
    shown = slot("reindexing", on_load=ON_LOAD)
    timer, news = gr.Timer(SELDOM, active=False), gr.State("")
    handlers = ReindexingEvents(service)
    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(handlers.look, None, [shown, timer, news], **quietly)
    timer.tick(handlers.look, None, [shown, timer, news], **quietly)
    shown.input(handlers.act, None, [shown, timer, news], **quietly)
    return news


class ReindexingEvents:
    """Each handler returns the section, the timer and the model in use."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def look(self, request: gr.Request) -> tuple[Any, ...]:
        if not may(request, "editor"):
            return NOTHING, gr.Timer(active=False), ""
        try:
            view, model = self._service.reindexing.view(), self._service.assistant.index.model
            left = self._service.reading_again.left()
        except (NotReady, IngestError):
            return NOTHING, gr.Timer(OFTEN, active=True), ""
        html = reindexing(view, words_of(request), may_change=may(request, "admin"), left=left)
        return html, gr.Timer(OFTEN if view.under_way else SELDOM, active=True), f"{model} {view.state}"

    def act(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        if not may(request, "admin"):
            raise gr.Error(words_of(request)("not_allowed"), print_exception=False)
        with suppress(NotReady, IngestError, Conflict):  # the next look says how it stands
            if event.value == START:
                self._service.reindexing.start()
            elif event.value == CANCEL:
                self._service.reindexing.cancel()
        return self.look(request)


def reindexing(view: ReindexView, words: Words, *, may_change: bool, left: int = 0) -> Html:
    """What can be done, how far it has come, or what came of it; nothing where there is nothing to do.

    ``left`` is the number of documents that are still to be read again by newer rules.
    """
    model = _short(view.model or view.wanted)
    parts: list[Html] = []
    match view.state:
        case "running" | "switching":
            parts = _progress(view, model, words)
        case "failed":
            parts = [_line(words("reindex_failed", reason=view.error), "wrong")]
        case "cancelled":
            parts = [_line(words("reindex_cancelled"))]
        case "done":
            parts = [_line(words.count("reindex_done", view.of_documents, model=model))]
    if may_change:
        parts += _buttons(view, words)
        if view.state == "none" and parts:
            parts.append(_line(words("reindex_meanwhile"), "hint"))
    if left and not view.under_way:
        parts.append(_line(words.count("read_again_left", left), "hint"))
    said = "off" if view.under_way else "polite"
    return element("div", *parts, class_="reindexing", aria_live=said) if parts else NOTHING


def _progress(view: ReindexView, model: str, words: Words) -> list[Html]:
    if view.state == "switching":
        return [_line(words("reindex_switching"))]
    if not view.of_documents:
        return [_line(words("reindex_loading", model=model)), _line(words("reindex_meanwhile"), "hint")]
    done = words.count("reindex_running", view.of_documents, done=words.number(view.documents), model=model)
    bar = element("progress", text(""), value=view.documents, max=max(1, view.of_documents), aria_label=done)
    return [
        _line(f"{done} {_left(view.seconds_left, words)}".strip()),
        bar,
        _line(words("reindex_meanwhile"), "hint"),
    ]


def _left(seconds: int | None, words: Words) -> str:
    if seconds is None:
        return ""
    return words.count("reindex_left", max(1, round(seconds / 60)))


def _buttons(view: ReindexView, words: Words) -> list[Html]:
    buttons: list[Html] = []
    if view.state in ("none", "cancelled", "failed", "done") and view.wanted:
        key = "reindex_go_on" if view.state == "failed" else "reindex"
        label = text(words(key, model=_short(view.wanted)))
        buttons.append(element("button", label, type="button", value=START, class_="primary"))
    if view.state in ("running", "failed"):
        buttons.append(element("button", text(words("reindex_cancel")), type="button", value=CANCEL))
    return [element("p", join(buttons), class_="acts")] if buttons else []


def _line(said: str, kind: str = "") -> Html:
    return element("p", text(said), class_=kind) if kind else element("p", text(said))


def _short(model: str) -> str:
    """A model's name; of a folder the last part."""
    path = PurePath(model)
    return path.name if path.is_absolute() else model
