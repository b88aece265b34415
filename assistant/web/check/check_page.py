"""The page on which a draft is checked: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.service.service import Service
from assistant.web.check import check_form
from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, index_of, scripted_page, words_of


def build_check_page(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""

    def form(request: gr.Request) -> Html:
        index = index_of(service)
        return check_form.form(words_of(request), len(index.records()) if index else None)

    scripted_page(page, phrases, "check", "checking", "check", form)
