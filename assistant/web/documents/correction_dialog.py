"""The dialogue in which editors correct what is known of a document: its form as HTML, and what happens on it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import gradio as gr

from assistant.access.callers import caller_of
from assistant.errors import AssistantError, BadCorrection
from assistant.service.corrections import differing, read_changes
from assistant.service.service import Service
from assistant.web.documents.table_state import PageState, UndoableCorrection
from assistant.web.kit.html import NOTHING, Html, element, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import must_edit, words_of
from ingest.errors import IngestError
from ingest.store.corrections import WRITTEN, reversal, value_of
from ingest.types import CorrectableField, Record

ON_LOAD = """import(new URL('web/correction.js', document.baseURI)).then(({ start }) => {
  watch('value', start(element, (kind, data) => trigger('input', data)))
})"""
_LANGUAGE = "language_"  # what the phrases for languages begin with


class CorrectionEvents:
    """The handler returns the dialogue, and how many corrections have been made on the page."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def act(self, state: PageState, made: int, event: gr.EventData, request: gr.Request) -> tuple[Html, int]:
        """Open the form for a document, or save it: it stays open, with what is wrong beside its fields, until all is right."""
        must_edit(request)
        words, values = words_of(request), dict(event.value)
        try:
            record = self._service.record(str(values.pop("id", "")))
            if event.act != "save":
                return form(record, written_of(record), {}, words), made
            withdrawn = tuple(values.pop("withdraw", ()))
            written = {str(name): str(value) for name, value in values.items()}
            try:
                changes = differing(record, read_changes(written, withdrawn))
            except BadCorrection as error:
                return form(record, written, error.problems, words, withdrawn), made
            caller = caller_of(request)
            corrected = self._service.correct(record.id, changes, caller.known_name if caller else "")
        except (AssistantError, IngestError) as error:
            raise gr.Error(str(error), print_exception=False) from error
        if corrected.version != record.version:
            state.correction = UndoableCorrection(
                document_id=record.id, title=corrected.title, back=reversal(record, corrected)
            )
        return NOTHING, made + 1


def written_of(record: Record) -> dict[str, str]:
    """The values of a document's fields as the form holds them."""
    return {name: _as_written(value_of(record, name)) for name in WRITTEN}


def form(
    record: Record,
    written: Mapping[str, str],
    problems: Mapping[str, str],
    words: Words,
    withdrawn: tuple[str, ...] = (),
) -> Html:
    """The dialogue with its form; every opening is new HTML, so that the page's script notices it."""
    fields = (
        _field(name, record, written.get(name, ""), problems.get(name, ""), name in withdrawn, words)
        for name in WRITTEN
    )
    heading = element("h2", text(words("correct_heading")), id="correct-heading")
    save = element("button", text(words("save")), type="submit", class_="save")
    cancel = element("button", text(words("cancel")), type="button", class_="cancel")
    body = element(
        "form",
        heading,
        element("input", type="hidden", name="id", value=record.id),
        *fields,
        element("div", cancel, save, class_="buttons"),
        novalidate=True,
    )
    return element(
        "dialog", body, class_="correct", aria_labelledby="correct-heading", data_opened=time.time_ns()
    )


def _field(
    name: CorrectableField, record: Record, value: str, problem: str, withdrawn: bool, words: Words
) -> Html:
    key = f"correct-{name}"
    described = [f"{key}-hint", *([f"{key}-wrong"] if problem else [])]
    attributes: dict[str, Any] = {
        "id": key,
        "name": name,
        "aria_describedby": " ".join(described),
        "aria_invalid": "true" if problem else None,
    }
    return element(
        "div",
        element("label", text(words(f"correct_{name}")), for_=key),
        _control(name, value, attributes, words),
        _wrong(key, problem, words) if problem else NOTHING,
        element("p", text(words(f"correct_{name}_hint")), class_="hint", id=f"{key}-hint"),
        _stated(name, record, withdrawn, words),
        class_="field",
    )


def _wrong(key: str, problem: str, words: Words) -> Html:
    return element("p", text(words(f"wrong_{problem}")), class_="wrong", id=f"{key}-wrong", role="alert")


def _control(name: CorrectableField, value: str, attributes: Mapping[str, Any], words: Words) -> Html:
    if name == "authors":
        return element("textarea", text(value), rows=2, **attributes)
    if name == "language":
        codes = sorted(key.removeprefix(_LANGUAGE) for key in words.phrases if key.startswith(_LANGUAGE))
        options = [
            element("option", text(_language(code, words)), value=code, selected=code == value)
            for code in dict.fromkeys(["", *([value] if value else []), *codes])
        ]
        return element("select", *options, **attributes)
    return element("input", type="date" if name == "published" else "text", value=value, **attributes)


def _stated(name: CorrectableField, record: Record, withdrawn: bool, words: Words) -> Html:
    """Of a field that has been corrected, what the file says, and a box to go back to that."""
    by = record.corrected_by(name)
    if by is None or record.stated is None:
        return NOTHING
    stated = record.source if name == "source" else getattr(record.stated, name)
    if name == "language":
        said = _language(str(stated), words)
    elif isinstance(stated, date):
        said = words.date(stated)
    else:
        said = _as_written(stated).replace("\n", ", ")
    box = element("input", type="checkbox", name="withdraw", value=name, checked=withdrawn)
    label = words("withdraw_by", name=by, value=said or "–") if by else words("withdraw", value=said or "–")
    return element("label", box, text(" " + label), class_="withdraw")


def _language(code: str, words: Words) -> str:
    return words.known("language", code) if code else words("no_language")


def _as_written(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else str(value or "")
