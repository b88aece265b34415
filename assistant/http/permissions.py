"""Who may use which route, and how long a request's body may be there: one table, from which the documentation is made.

A route without a line here is answered with 404, even where a library serves it. A role includes those before it:
reader, editor, admin; "anyone" need not sign in; "nobody" closes a route that comes with Gradio and is not needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from starlette.routing import compile_path

from assistant.access.callers import Role

Audience = Literal["anyone", "nobody"] | Role
BodySize = Literal[
    "form", "json", "text", "upload", "draft", "collection"
]  # `body_limits.SIZES` has the bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``embed``: the bearer of an embed token may use it too. ``costly``: one caller may have only few under way."""

    methods: tuple[str, ...]
    path: str
    who: Audience
    embed: bool = False
    costly: bool = False
    body: BodySize = "json"


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """The rule for a request, None where there is none, and the ``document_id`` in its path, empty where there is none.

    ``methods`` are those that the path has rules for.
    """

    rule: Rule | None
    document_id: str = ""
    methods: tuple[str, ...] = ()


def _rules(
    who: Audience, *lines: str, embed: bool = False, costly: bool = False, body: BodySize = "json"
) -> Iterator[Rule]:
    for line in lines:
        methods, path = line.split(" ", 1)
        yield Rule(
            methods=tuple(methods.split(",")), path=path, who=who, embed=embed, costly=costly, body=body
        )


RULES: tuple[Rule, ...] = (
    *_rules(
        "anyone",
        "GET /api/health",
        "GET /web/{path:path}",
        "GET /embed",
        "GET /widget.js",
        embed=True,
    ),
    *_rules("anyone", "GET,POST /login", "POST /logout", embed=True, body="form"),
    # The form holds a token, which the document's own page then checks.
    *_rules("anyone", "POST /embed/documents/{document_id}", body="form"),
    *_rules(
        "reader",
        "POST /api/ask",
        "GET,POST /api/search",
        "GET /api/statements",
        "GET /api/sources",
        "GET /api/sources.csv",
        "GET /api/speakers",
        "GET /api/speakers/profile",
        "POST /embed/ask",
        embed=True,
        costly=True,
    ),
    # A whole conversation, or a file.
    *_rules("reader", "POST /api/export", "POST /api/verify", embed=True, costly=True, body="text"),
    *_rules("reader", "POST /embed/feedback", embed=True, body="text"),
    # Clients of this protocol send the whole conversation with every question.
    *_rules("reader", "POST /v1/chat/completions", embed=True, costly=True, body="text"),
    *_rules(
        "reader",
        "GET /api/documents",
        "GET /api/documents/{document_id}",
        "GET /api/documents/{document_id}/text",
        "GET /api/documents/{document_id}/versions",
        "GET /api/versions",
        "GET /api/documents/{document_id}/original",
        "GET /documents/{document_id}",
        "GET /documents/{document_id}/parts/{number}",
        "GET /documents/{document_id}/find",
        "GET /documents/{document_id}/pages/{number}.png",
        "GET /documents/{document_id}/pages/{number}/places",
        "GET /v1/models",
        "GET /v1/models/{model}",
        embed=True,
    ),
    *_rules("reader", "GET /by-source", costly=True),
    # Versions of a text are compared sentence by sentence.
    *_rules(
        "reader",
        "GET /api/documents/{document_id}/edits",
        "GET /documents/{document_id}/edits",
        embed=True,
        costly=True,
    ),
    *_rules(
        "reader",
        "GET /api/status",
        "GET /api/edits",
        "POST /api/embed-tokens",
        "GET /docs",
        "GET /openapi.json",
        "GET /metrics",
    ),
    # A check takes minutes, so its caller has few at a time: see `assistant.api.check`.
    *_rules("reader", "POST /api/check", "POST /checked", costly=True, body="draft"),
    *_rules(
        "reader",
        "GET /api/checks",
        "GET,DELETE /api/checks/{check_id}",
        "GET /api/checks/{check_id}/report.{form}",
    ),
    # A client may keep its GET open for events: that is no question. A tool adds texts.
    *_rules("reader", "GET,DELETE /mcp"),
    *_rules("reader", "POST /mcp", costly=True, body="text"),
    *_rules(
        "editor",
        "GET /api/jobs",
        "GET,DELETE /api/jobs/{job_id}",
        "GET /api/jobs/{job_id}/members",
        "POST /api/jobs/{job_id}/keep-both",
        "GET /api/removals",
        "POST /api/removals/{removal_id}/undo",
        "PATCH,DELETE /api/documents/{document_id}",
        "POST /api/documents/{document_id}/move",
        "GET,POST /api/followed",
        "PATCH,DELETE /api/followed/{followed_id}",
        "POST /api/followed/{followed_id}/visit",
    ),
    *_rules("editor", "POST /api/documents", costly=True, body="upload"),
    *_rules("admin", "GET,POST /api/keys", "DELETE /api/keys/{key_id}"),
    *_rules("admin", "GET /api/integrity"),
    *_rules("admin", "GET,POST,DELETE /api/reindex"),
    *_rules("admin", "GET,POST /api/collection", body="collection"),
    # The pages, which Gradio serves, and what they need of it.
    *_rules(
        "anyone",
        "GET /assets/{path:path}",
        "GET /static/{path:path}",
        "GET /svelte/{path:path}",
        "GET /favicon.ico",
        "GET /theme.css",
        "GET /gradio_api/theme.css",
        "GET /manifest.json",
        "GET /pwa_icon",
        "GET /pwa_icon/{size}",
        "GET /robots.txt",
        embed=True,
    ),
    *_rules(
        "reader",
        "GET /",
        "GET /documents",
        "GET /find",
        "GET /statements",
        "GET /said",
        "GET /sources",
        "GET /check",
        "GET /verify",
        "GET /config",
        "GET /gradio_api/app_id",
        "GET /gradio_api/heartbeat/{session_hash}",
        "GET /gradio_api/info",
        "GET /gradio_api/login_check",
        "GET /gradio_api/queue/data",
        "GET /gradio_api/queue/status",
        "GET /gradio_api/startup-events",
        "GET /gradio_api/user",
        "POST /gradio_api/cancel",
        "POST /gradio_api/reset",
        "POST /gradio_api/stream/{event_id}",
        "POST /gradio_api/stream/{event_id}/close",
    ),
    *_rules("reader", "POST /verified", costly=True, body="text"),
    # The page sends a whole conversation when the browser restores one.
    *_rules("reader", "POST /gradio_api/queue/join", body="text"),
    *_rules("editor", "POST /gradio_api/upload", body="upload"),
    *_rules("editor", "GET /gradio_api/upload_progress"),
    *_rules(
        "nobody",
        # It would fetch addresses for whoever asks.
        "GET /gradio_api/file=http{rest:path}",
        "GET /gradio_api/proxy={url_path:path}",
    ),
    *_rules("reader", "GET /gradio_api/file={path_or_url:path}"),
    *_rules(
        "nobody",
        "GET /gradio_api/call/v2/{api_name}/{event_id}",
        "GET /gradio_api/call/{api_name}/{event_id}",
        "GET /gradio_api/custom_component/{id}/{environment}/{type}/{file_name}",
        "GET /gradio_api/deep_link",
        "GET /gradio_api/dev/reload",
        "GET /gradio_api/file/{path:path}",
        "GET /gradio_api/openapi.json",
        "GET /gradio_api/runs",
        "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file",
        "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
        "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
        "GET /gradio_api/token",
        "GET /logout",
        "GET /monitoring",
        "GET /monitoring/summary",
        "GET /monitoring/{key}",
        "GET,POST /gradio_api/vibe-code",
        "POST /gradio_api/api/{api_name}",
        "POST /gradio_api/call/v2/{api_name}",
        "POST /gradio_api/call/{api_name}",
        "POST /gradio_api/component_server",
        "POST /gradio_api/process_recording",
        "POST /gradio_api/run/{api_name}",
        "POST /gradio_api/undo-vibe-edit",
        "POST /gradio_api/vibe-edit",
        "POST /gradio_api/vibe-starter-queries",
    ),
)


def find(method: str, path: str) -> MatchedRule:
    """The first rule that matches a request. HEAD counts as GET, and a slash at the end of the path does not count."""
    method = "GET" if method == "HEAD" else method
    trimmed = path.rstrip("/") or "/"
    allowed: tuple[str, ...] = ()
    for pattern, rule in _compiled():
        match = pattern.match(trimmed)
        if match and method in rule.methods:
            return MatchedRule(rule, _document(match.groupdict()), rule.methods)
        if match and rule.who != "nobody":
            allowed += rule.methods
    return MatchedRule(None, "", tuple(dict.fromkeys(allowed)))


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], Rule], ...]:
    return tuple((compile_path(rule.path)[0], rule) for rule in RULES)


def _document(parameters: Mapping[str, Any]) -> str:
    return str(parameters.get("document_id", ""))


def table(rules: Iterable[Rule] = RULES) -> str:
    """The rules that are open to somebody, as a table in Markdown."""
    rows = [
        f"| {', '.join(rule.methods)} | `{rule.path}` | {rule.who} | {'yes' if rule.embed else ''} |"
        for rule in rules
        if rule.who != "nobody"
    ]
    return "\n".join(["| method | path | role | embed token |", "|---|---|---|---|", *rows])
