"""The page source by source: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, scripted_page, words_of
from assistant.web.sources import source_rows


def build_sources_page(page: gr.Blocks, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""
    scripted_page(page, phrases, "sources", "by-source", "source-table", _form)


def _form(request: gr.Request) -> Html:
    return source_rows.form(words_of(request))
