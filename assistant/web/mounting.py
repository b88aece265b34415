"""Mounts the web pages on a FastAPI app: routes, static files, Gradio with its theme, and the pages' head."""

from __future__ import annotations

import warnings
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.service.admission import MOST_QUESTIONS
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.web.chat.chat_page import build_chat_page
from assistant.web.chat.gradio_api import add_ask_endpoint
from assistant.web.check.check_page import build_check_page
from assistant.web.check.routes import router as check_router
from assistant.web.documents.documents_page import build_documents_page
from assistant.web.documents.routes import router as find_router
from assistant.web.embed.routes import router as embed_router
from assistant.web.kit.head_middleware import HeadMiddleware
from assistant.web.kit.localisation import translations
from assistant.web.kit.page import product_name
from assistant.web.kit.thrifty_blocks import ThriftyBlocks
from assistant.web.questions.questions_page import build_questions_page
from assistant.web.questions.routes import router as questions_router
from assistant.web.sources.routes import router as sources_router
from assistant.web.sources.sources_page import build_sources_page
from assistant.web.statements.routes import router as statements_router
from assistant.web.statements.statements_page import build_statements_page
from assistant.web.verify.routes import router as verify_router
from assistant.web.verify.verify_page import build_verify_page
from assistant.web.viewer.routes import router as viewer_router

# Runs of an event at a time; further ones wait in Gradio's queue. Questions wait elsewhere, and are refused there: see `Admission`.
MOST_OF_AN_EVENT = 8
# Threads for all events. Gradio's usual ones are those that every route shares, and a question that waits keeps its own.
MOST_THREADS = MOST_QUESTIONS + 40
# Seconds between Gradio's looks for events. It would look a thousand times a second for as long as the server runs,
# which takes some hundredths of a core from whoever leaves it running.
EVENT_POLL = 0.02
# Gradio keeps its copy of an upload, though jobs have their own. Seconds between clean-ups, and the age of what they delete.
UPLOAD_CLEANUP = (600, 3_600)
HEAD = (
    '<link rel="stylesheet" href="web/chat.css"><link rel="stylesheet" href="web/documents.css">'
    '<link rel="stylesheet" href="web/statements.css"><link rel="stylesheet" href="web/sources.css"><link rel="stylesheet" href="web/check.css">'
    '<link rel="stylesheet" href="web/export.css"><link rel="stylesheet" href="web/verify.css">'
    '<link rel="stylesheet" href="web/questions.css"><script src="web/questions_badge.js" defer></script>'
    '<script src="web/header_menu.js" defer></script>'
    '<link rel="stylesheet" href="web/gloss.css"><script src="web/gloss.js" defer></script>'
    '<script src="web/settings.js"></script><script src="web/gradio.js"></script><script src="web/citations.js" defer></script>'
    '<script src="web/actions.js" defer></script><script src="web/export.js"></script><script src="web/source_panel.js"></script>'
    '<script src="web/conversation_history.js"></script>'
)
STATIC = Path(__file__).parent / "static"
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def mount(app: FastAPI, service: Service, settings: Settings) -> FastAPI:
    """Add the pages, the viewer and the embedded chat to ``app``, after its other routes: Gradio takes every path left."""
    app.include_router(viewer_router(service))
    app.include_router(find_router(service))
    app.include_router(statements_router(service))
    app.include_router(sources_router(service))
    app.include_router(questions_router(service))
    app.include_router(check_router(service))
    app.include_router(verify_router(service))
    app.include_router(embed_router(settings))
    app.add_middleware(HeadMiddleware, head=HEAD)
    app.mount("/web", StaticFiles(directory=STATIC), name="web")
    i18n = gr.I18n(**translations())
    with warnings.catch_warnings():
        # Gradio warns about every mounted app with several pages, even with ssr_mode=False.
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
    """The chat, the documents, statements, source by source, drafts, standing questions, and quotes that are verified."""
    blocks = ThriftyBlocks(
        title=product_name(), analytics_enabled=False, fill_width=True, delete_cache=UPLOAD_CLEANUP
    )
    with blocks:
        add_ask_endpoint(service)  # first: the chat page has an event of the same name
        build_chat_page(blocks, service, i18n)
    with blocks.route("Documents", "/documents", show_in_navbar=False):
        build_documents_page(blocks, service, i18n)
    with blocks.route("Statements", "/statements", show_in_navbar=False):
        build_statements_page(blocks, i18n)
    with blocks.route("Sources", "/sources", show_in_navbar=False):
        build_sources_page(blocks, i18n)
    with blocks.route("Questions", "/questions", show_in_navbar=False):
        build_questions_page(blocks, i18n)
    with blocks.route("Check", "/check", show_in_navbar=False):
        build_check_page(blocks, service, i18n)
    with blocks.route("Verify", "/verify", show_in_navbar=False):
        build_verify_page(blocks, i18n)
    blocks.max_threads = MOST_THREADS
    blocks.queue(default_concurrency_limit=MOST_OF_AN_EVENT, api_open=False)
    blocks._queue.sleep_when_free = EVENT_POLL
    blocks._queue.progress_update_sleep_when_free = 0.1  # nothing here reports progress through Gradio
    return blocks


def theme() -> gr.themes.Base:
    """Gradio's plainest theme in system fonts, with contrasts of at least 4.5:1."""
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
