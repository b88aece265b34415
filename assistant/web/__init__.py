"""The web pages: chat and documents on Gradio, the source viewer beside them.

The modules:

    __init__  mounts all of it      chat, documents  the two pages        uploads  shared by both
    talking, welcoming  the events of the chat page, before and after a question; screen  what they change
    exchanges  a conversation       reply  an answer as it is shown       keeping  both, in the browser
    render, cards, acts, history, restriction, progress, shelf            HTML of all that; copying  text of it
    html  builds it, escaped        viewer  a document's whole text       words    in two languages
    ideas  suggested questions      early  the pages' head
    embed  the compact chat for frames of other sites, and the button that opens it; embed_page  its HTML
"""

from __future__ import annotations

import warnings
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.service.service import Service
from assistant.settings import Settings
from assistant.web.chat.chat_page import chat
from assistant.web.chat.endpoint import endpoint
from assistant.web.documents.documents_page import documents
from assistant.web.embed.routes import router as embed_router
from assistant.web.kit.head import HeadMiddleware
from assistant.web.kit.localisation import translations
from assistant.web.kit.page import product
from assistant.web.viewer.routes import router as viewer_router

# Questions answered at a time; more wait in line.
AT_ONCE = 8
# Gradio keeps what was uploaded for itself; the jobs have their own copy. In seconds: look, and age.
LEFTOVERS = (600, 3_600)
HEAD = (
    '<link rel="stylesheet" href="web/chat.css"><link rel="stylesheet" href="web/talk.css">'
    '<link rel="stylesheet" href="web/documents.css">'
    '<script src="web/settings.js"></script><script src="web/chat.js" defer></script>'
    '<script src="web/acts.js" defer></script><script src="web/history.js"></script>'
)
STATIC = Path(__file__).parent / "static"
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def mount(app: FastAPI, service: Service, settings: Settings) -> FastAPI:
    """Put the pages and the viewer on ``app``; what else it serves must be there already."""
    app.include_router(viewer_router(service))
    app.include_router(embed_router(settings))
    app.add_middleware(HeadMiddleware, head=HEAD)
    app.mount("/web", StaticFiles(directory=STATIC), name="web")
    i18n = gr.I18n(**translations())
    with warnings.catch_warnings():
        # Said of every mounted app with several pages, also where no server side rendering is wanted.
        warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
        gr.mount_gradio_app(
            app,
            pages(service, i18n),
            "/",
            server_name=settings.host,
            server_port=settings.port,
            root_path=settings.root_path or None,
            footer_links=[],
            run_history=False,
            show_error=False,
            max_file_size=f"{settings.max_upload_mb}mb",
            ssr_mode=False,
            enable_monitoring=False,
            mcp_server=False,
            i18n=i18n,
            theme=theme(),
        )
    return app


def pages(service: Service, i18n: gr.I18n) -> gr.Blocks:
    """The two pages."""
    blocks = gr.Blocks(title=product(), analytics_enabled=False, fill_width=True, delete_cache=LEFTOVERS)
    with blocks:
        endpoint(service)  # first, for the pages have a function of that name, too
        chat(blocks, service, i18n)
    with blocks.route("Documents", "/documents", show_in_navbar=False):
        documents(blocks, service, i18n)
    blocks.queue(default_concurrency_limit=AT_ONCE, api_open=False)
    return blocks


def theme() -> gr.themes.Base:
    """Gradio's plainest theme in the machine's own fonts, its contrasts raised to 4.5:1 and more."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_lg,
        font=SYSTEM_FONTS,
        font_mono=("ui-monospace", "monospace"),
    ).set(
        body_background_fill_dark="#0f1523",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_title_text_color="*neutral_700",
        block_label_text_color="*neutral_700",
        input_background_fill="white",
        input_background_fill_dark="#172033",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_500",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_600",
        button_secondary_background_fill="white",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_dark="#172033",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_600",
        button_border_width="1px",
        button_border_width_dark="1px",
        button_large_text_weight="500",
    )
