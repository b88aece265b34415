"""The page source by source: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, page_header, slot, words_of
from assistant.web.sources import source_rows

ON_LOAD = (
    "import(new URL('web/sources.js', document.baseURI)).then(({ start }) => watch('value', start(element)))"
)


def build_sources_page(page: gr.Blocks, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""
    page_header(page, phrases, "sources")
    with gr.Column(elem_id="by-source"):
        form = slot("source-table", on_load=ON_LOAD)
    page.load(_form, None, form, show_progress="hidden", api_visibility="private")


def _form(request: gr.Request) -> Html:
    return source_rows.form(words_of(request))
