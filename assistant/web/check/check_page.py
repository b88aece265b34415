"""The page on which a draft is checked: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.service.service import Service
from assistant.web.check import check_form
from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, index_of, page_header, slot, words_of

ON_LOAD = (
    "import(new URL('web/check.js', document.baseURI)).then(({ start }) => watch('value', start(element)))"
)


def build_check_page(page: gr.Blocks, service: Service, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""
    page_header(page, phrases, "check")
    with gr.Column(elem_id="checking"):
        form = slot("check", on_load=ON_LOAD)

    def shown(request: gr.Request) -> Html:
        index = index_of(service)
        return check_form.form(words_of(request), len(index.records()) if index else None)

    page.load(shown, None, form, show_progress="hidden", api_visibility="private")
