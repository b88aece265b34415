"""What programs may ask of the pages by Gradio's own client: one question, as at /api/ask."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.access.callers import caller_of
from assistant.api.schemas.answers import AnswerSchema
from assistant.core import checked
from assistant.errors import AssistantError
from assistant.http.dependencies import narrowed
from assistant.service.service import Service
from assistant.types import Filters
from ingest.errors import IngestError


def endpoint(service: Service) -> None:
    """Offer it as ``ask``; call it within the page's context."""

    def ask(question: str, request: gr.Request) -> dict[str, Any]:
        """The answer, with its citations."""
        caller = caller_of(request)
        try:
            if caller is None:  # no rule has let the request in
                raise AssistantError("Sign in, or send an API key.")
            answer = service.assistant.ask(checked(question), filters=narrowed(caller, Filters()))
        except (AssistantError, IngestError) as error:
            raise gr.Error(str(error), print_exception=False) from error
        return AnswerSchema.of(answer).model_dump(mode="json")

    gr.api(ask, api_name="ask")  # type: ignore[attr-defined]  # Gradio forgets to say that it exports it
