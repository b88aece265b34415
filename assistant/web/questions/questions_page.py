"""The page of standing questions: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, scripted_page, words_of
from assistant.web.questions import question_list


def build_questions_page(page: gr.Blocks, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""
    scripted_page(page, phrases, "questions", "kept", "questions", _form)


def _form(request: gr.Request) -> Html:
    return question_list.form(words_of(request))
