"""A question of the chat that is kept: what is new to it is told from then on."""

from __future__ import annotations

import gradio as gr

from assistant.access.callers import caller_of
from assistant.errors import AssistantError
from assistant.service.service import Service
from assistant.web.answer.conversations import Conversation
from assistant.web.kit.page import words_of
from ingest.errors import IngestError


def keep(service: Service, conversation: Conversation, turn: int, request: gr.Request) -> None:
    """Keep the question of an exchange, counted from 1, as it was searched for by itself, with the restrictions that are set."""
    exchange, words = conversation.exchanges[turn - 1], words_of(request)
    caller = caller_of(request)
    if caller is None:
        return
    standalone = exchange.reply.searched[:1] if exchange.reply and turn > 1 else ()
    try:
        service.standing.add((*standalone, exchange.question)[0], caller.owns, conversation.filters)
    except (AssistantError, IngestError) as error:
        gr.Warning(str(error))
        return
    gr.Info(words("question_kept"))
