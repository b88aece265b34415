"""The page of statements: its header and the place that its script fills."""

from __future__ import annotations

import gradio as gr

from assistant.web.kit.html import Html
from assistant.web.kit.page import Phrases, scripted_page, words_of
from assistant.web.statements import statement_list


def build_statements_page(page: gr.Blocks, phrases: Phrases) -> None:
    """Lay out the page; call it within the page's context."""
    scripted_page(page, phrases, "statements", "said", "statements", _form)


def _form(request: gr.Request) -> Html:
    return statement_list.form(words_of(request))
