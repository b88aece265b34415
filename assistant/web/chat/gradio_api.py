"""The one endpoint for programs that use Gradio's own client: a question, answered as at /api/ask."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.access.callers import caller_of
from assistant.api.schemas.answers import AnswerSchema
from assistant.asked_text import checked
from assistant.errors import AssistantError
from assistant.http.dependencies import narrowed
from assistant.service.service import Service
from assistant.types import DoneEvent, Filters
from ingest.errors import IngestError


def add_ask_endpoint(service: Service) -> None:
    """Add the endpoint ``ask``; call it within the page's context."""

    def ask(question: str, request: gr.Request) -> dict[str, Any]:
        """The answer, with its citations."""
        caller = caller_of(request)
        try:
            if caller is None:  # the access check has not admitted the request
                raise AssistantError("Sign in, or send an API key.")
            events = service.assistant.stream(checked(question), filters=narrowed(caller, Filters()))
            for event in service.questions.admit(events, caller.limited_as):
                if isinstance(event, DoneEvent):
                    return AnswerSchema.of(event.answer).model_dump(mode="json")
        except (AssistantError, IngestError) as error:
            raise gr.Error(str(error), print_exception=False) from error
        raise AssertionError("An answer ends with an event that has it.")

    gr.api(ask, api_name="ask")  # type: ignore[attr-defined]  # Gradio forgets to say that it exports it
