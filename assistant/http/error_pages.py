"""Errors as small pages for people: who opens an address in a browser reads words and finds a way back.

Programs get problem details as before, below /api and /v1 everyone does. The middleware stands outside of all that answers.
"""

from __future__ import annotations

import json
import re
from html import escape
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http.urls import root_of, route_path

_FOR_PROGRAMS = ("/api/", "/v1/", "/mcp", "/gradio_api/", "/metrics", "/openapi.json")
_JSON = ("application/json", "application/problem+json")
_LANGUAGE = re.compile(r"[a-z]{2}")
_STYLE = """
:root { color-scheme: light dark; --paper: #f8fafc; --card: #fff; --ink: #1e293b; --soft: #526077; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --paper: #0f1523; --card: #172033; --ink: #e5eaf2;
  --soft: #a3b0c4; --link: #93b8ff; } }
:root[data-theme="dark"] { color-scheme: dark; --paper: #0f1523; --card: #172033; --ink: #e5eaf2; --soft: #a3b0c4; --link: #93b8ff; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
main { width: min(32rem, calc(100vw - 2rem)); padding: 2rem; background: var(--card); border-radius: 1rem; box-shadow: 0 1px 3px #0003; }
h1 { margin: 0 0 1rem; font-size: 1.35rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.detail { font-size: .875rem; color: var(--soft); }
"""
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>{title}</title><style>{style}</style><script src="{root}/web/settings.js" data-viewer></script></head>
<body><main><h1>{title}</h1>
<p>{words}</p>
{detail}<p><a href="{root}/">{home}</a></p>
</main></body></html>
"""
_HOME = {"en": "To the chat", "de": "Zum Chat"}
_DETAIL = {"en": "In detail:", "de": "Genauer (auf Englisch):"}
# The title and the words by status; those of 400 and of 500 stand for others like them.
WORDS: dict[str, dict[int, tuple[str, str]]] = {
    "en": {
        400: ("That did not work", "The server cannot make sense of this request."),
        401: ("Please sign in", "This is open to those who have signed in."),
        403: ("This is not open to you", "Your role does not allow this, or it is not allowed from here."),
        404: ("There is nothing here", "The link may be wrong, or what was here has gone."),
        405: ("This cannot be opened", "This address is for programs: it cannot be opened like a page."),
        413: ("That is too large", "More was sent than the server takes."),
        429: ("Too many requests", "Please wait a little, then try again."),
        500: (
            "Something went wrong",
            "This is not your fault. Please try again; the details are in the server’s log.",
        ),
        503: (
            "One moment",
            "The assistant is not ready or cannot reach its documents. Please try again soon.",
        ),
    },
    "de": {
        400: ("Das hat nicht geklappt", "Der Server kann mit dieser Anfrage nichts anfangen."),
        401: ("Bitte melden Sie sich an", "Das ist für Angemeldete zugänglich."),
        403: (
            "Das ist Ihnen nicht zugänglich",
            "Ihre Rolle erlaubt das nicht, oder es ist von hier aus nicht erlaubt.",
        ),
        404: ("Hier ist nichts", "Vielleicht stimmt der Link nicht, oder was hier war, gibt es nicht mehr."),
        405: (
            "Das lässt sich nicht öffnen",
            "Diese Adresse ist für Programme: Sie lässt sich nicht wie eine Seite öffnen.",
        ),
        413: ("Das ist zu groß", "Es wurde mehr geschickt, als der Server annimmt."),
        429: ("Zu viele Anfragen", "Bitte warten Sie etwas und versuchen Sie es dann noch einmal."),
        500: (
            "Etwas ist schiefgegangen",
            "Das liegt nicht an Ihnen. Bitte versuchen Sie es noch einmal; Genaueres steht im Protokoll des Servers.",
        ),
        503: (
            "Einen Moment",
            "Der Assistent ist noch nicht bereit oder erreicht seine Dokumente nicht. Bitte versuchen Sie es gleich noch einmal.",
        ),
    },
}


class ErrorPageMiddleware:
    """ASGI middleware that makes a page of an error that a browser is about to show as JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        started: Message | None = None
        body, root = b"", root_of(scope)  # what is mounted changes the scope

        async def send_page(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start" and _is_json_error(message):
                started = message
            elif started is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = error_page(Headers(scope=scope), root, started["status"], _detail(body)).encode()
                    headers = MutableHeaders(scope=started)
                    headers["content-type"] = "text/html; charset=utf-8"
                    headers["content-length"] = str(len(page))
                    await send(started)
                    await send(
                        {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else page}
                    )

        await self._app(scope, receive, send_page)


def error_page(headers: Headers, root: str, status: int, detail: str = "") -> str:
    """The page for an error, in the language of the reader, with what is known in ``detail``, which is English."""
    language = _language(headers)
    title, words = WORDS[language].get(status) or WORDS[language][400 if status < 500 else 500]
    more = (
        f'<p class="detail">{_DETAIL[language]} <span lang="en">{escape(detail)}</span></p>\n'
        if detail
        else ""
    )
    return _PAGE.format(
        language=language,
        title=escape(title),
        style=_STYLE,
        words=escape(words),
        detail=more,
        home=_HOME[language],
        root=escape(root),
    )


def _wants_page(scope: Scope) -> bool:
    """Whether a browser opens the address: programs and scripts of pages accept anything, or JSON."""
    return "text/html" in Headers(scope=scope).get("accept", "") and not route_path(scope).startswith(
        _FOR_PROGRAMS
    )


def _is_json_error(start: Message) -> bool:
    content = MutableHeaders(scope=start).get("content-type", "").partition(";")[0]
    return bool(start["status"] >= 400 and content in _JSON)


def _detail(body: bytes) -> str:
    """What a problem says; nothing where it says no more than its status."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(problem, dict) or problem.get("status") in (None, 404, 405, 500):
        return ""
    return str(problem.get("detail", ""))


def _language(headers: Headers) -> str:
    """The language that the reader has chosen, else the browser's first, as on the other pages."""
    try:
        chosen = SimpleCookie(headers.get("cookie", "")).get("language")
    except CookieError:
        chosen = None
    wanted = chosen.value if chosen else headers.get("accept-language", "")
    found = _LANGUAGE.match(wanted.lower())
    return found[0] if found and found[0] in WORDS else "en"
