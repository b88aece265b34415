"""The page of standing questions: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, page_header, slot, words_of
from assistant.web.questions import question_list

ON_LOAD = "import(new URL('web/questions.js', document.baseURI)).then(({ start }) => watch('value', start(element)))"


def build_questions_page(page: gr.Blocks, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""
    page_header(page, phrases, "questions")
    with gr.Column(elem_id="kept"):
        form = slot("questions", on_load=ON_LOAD)
    page.load(_form, None, form, show_progress="hidden", api_visibility="private")


def _form(request: gr.Request) -> Html:
    return question_list.form(words_of(request))
