"""What a browser is shown where nobody can tell who may come in, for users and keys cannot be read: why, in words."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>Not available</title><body style="font: 1.1rem system-ui; margin: 20vh auto; max-width: 40rem; padding: 0 1rem">
<p>Not available for the moment. This page tries again by itself.</p><p>{detail}</p></body></html>
"""


def page(detail: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(detail=escape(detail)), 503, {"Cache-Control": "no-store"})
