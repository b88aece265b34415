"""The followed sources on the documents page: the form, each source with its visits, finds and errors, and what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from assistant.access.callers import caller_of, may
from assistant.access.local import is_local_admin
from assistant.errors import BadAccess, Conflict, NotFound
from assistant.service.follow_list import MOST_FOLLOWED, FollowedView
from assistant.service.service import Service
from assistant.web.kit.html import NOTHING, Html, element, join, showable, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import Phrases, must_edit, slot, words_of
from assistant.web.uploads.reasons import in_words
from ingest.errors import IngestError, SourceError
from ingest.following import Trouble

OFTEN, SELDOM = 2.0, 30.0  # seconds between two looks while something is under way, and else
LONGEST = 4_000
ON_LOAD = """import(new URL('web/followed.js', document.baseURI)).then(({ start }) => {
  watch('value', start(element, (kind, data) => trigger('input', data)))
})"""

# What is sent before the script has come waits for it; without this the form would load the page anew.
ON_LOAD_FORM = """element.addEventListener('submit', (event) => {
  event.preventDefault()
  element.dataset.early = ''
})"""


def build_followed(page: gr.Blocks, service: Service, phrases: Phrases) -> gr.State:
    """Lay the section out and connect its events; the state returned changes whenever documents may have come in."""
    with gr.Accordion(phrases("followed"), open=False, visible=False, elem_id="followed") as section:
        fields = slot("follow-form", on_load=ON_LOAD_FORM)
        listed = slot("follow-list", on_load=ON_LOAD)
    timer, news = gr.Timer(SELDOM, active=False), gr.State("")
    handlers = FollowedEvents(service)
    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(handlers.greet, None, [section, fields, listed, timer, news], **quietly)
    timer.tick(handlers.look, None, [listed, timer, news], **quietly)
    listed.input(handlers.act, None, [listed, timer, news], trigger_mode="multiple", **quietly)
    return news


class FollowedEvents:
    """Each handler returns the list, the timer and the news; only editors see the section."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def greet(self, request: gr.Request) -> tuple[Any, ...]:
        """The section, open where something is followed, and its form first."""
        editor = may(request, "editor")
        section = gr.Accordion(visible=editor, open=bool(self._service.following.all()))
        form = follow_form(words_of(request)) if editor else NOTHING
        return section, form, *self.look(request)

    def look(self, request: gr.Request, problem: str = "") -> tuple[Any, ...]:
        if not may(request, "editor"):
            return NOTHING, gr.Timer(active=False), ""
        views = self._service.following.all()
        busy = any(view.visiting or view.waiting or not view.source.last_visit for view in views)
        timer = gr.Timer(OFTEN if busy else SELDOM, active=bool(views))
        news = " ".join(f"{view.source.id}{view.source.brought}" for view in views)
        return followed_list(views, problem, words_of(request)), timer, news

    def act(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """What the form or a source's button asks for; one that is gone meanwhile is no longer in the list."""
        must_edit(request)
        problem, key = "", str(event.value)
        try:
            match event.act:
                case "follow":
                    self._follow(showable(key).strip(), request)
                case "visit":
                    self._service.following.visit(key)
                case "pause" | "go_on":
                    self._service.following.pause(key, event.act == "pause")
                case "stop_following":
                    self._service.following.stop(key)
        except NotFound:
            pass
        except (BadAccess, Conflict, IngestError) as error:
            problem = _problem(error, words_of(request))
        return self.look(request, problem)

    def _follow(self, source: str, request: gr.Request) -> None:
        caller = caller_of(request)
        peer = request.client.host if request.client else ""
        host = self._service.settings.host
        local = is_local_admin(caller, host, peer, dict(request.headers or {}))
        if source:
            name = caller.known_name if caller else ""
            self._service.following.add(source[:LONGEST], name, folders=local)


def follow_form(words: Words) -> Html:
    field = element(
        "input",
        type="text",
        name="source",
        maxlength=LONGEST,
        autocomplete="off",
        spellcheck="false",
        placeholder=words("follow_placeholder"),
        aria_label=words("follow_label"),
    )
    button = element("button", text(words("follow")), type="submit")
    return element("form", element("div", field, button, class_="line"))


def followed_list(views: Sequence[FollowedView], problem: str, words: Words) -> Html:
    """What is wrong with what was asked for, and the sources, or what following them would do."""
    wrong = element("p", text(problem), class_="wrong", role="alert") if problem else NOTHING
    if not views:
        return join([wrong, element("p", text(words("followed_none")), class_="hint")])
    rows = (_source(view, words) for view in views)
    return join([wrong, element("ul", *rows, data_language=words.language)])


def _source(view: FollowedView, words: Words) -> Html:
    source = view.source
    name = element("bdi", text(source.source), class_="name")
    kind = element("span", text(words.known("followed", source.kind or "new")), class_="kind")
    return element(
        "li",
        element("p", name, text(" "), kind),
        element("p", *_visits(view, words), class_="facts"),
        _trouble(view, words),
        _failed(view, words),
        element("p", *_buttons(view, words), class_="acts"),
    )


def _visits(view: FollowedView, words: Words) -> list[Html]:
    """When it was visited and will be, what came of it, and who follows it."""
    source = view.source
    parts: list[Html] = []
    if source.last_visit:
        parts.append(_at("last_visit", source.last_visit, words))
    if view.visiting or not source.last_visit:
        parts.append(text(words("visiting")))
    elif source.paused:
        parts.append(text(words("paused")))
    else:
        parts.append(_at("next_visit", source.next_visit, words))
    parts.append(text(words.count("brought", source.brought)))
    if source.found_at:
        parts.append(_at("last_find", source.found_at, words))
    if view.waiting:
        parts.append(text(words.count("pages_wait", view.waiting)))
    if source.added_by:
        parts.append(text(words("followed_by", name=source.added_by)))
    return [element("span", part) for part in parts]


def _at(key: str, seconds: float, words: Words) -> Html:
    """A phrase and a moment; the script shows it in the reader's time zone."""
    moment = datetime.fromtimestamp(seconds, UTC)
    shown = f"{words.date(moment.date())}, {moment:%H:%M} UTC"
    return join([text(f"{words(key)} "), element("time", text(shown), datetime=moment.isoformat())])


def _trouble(view: FollowedView, words: Words) -> Html:
    trouble = view.source.trouble
    if trouble is None:
        return NOTHING
    return element("p", text(words("visit_failed", reason=_reason(trouble, words))), class_="wrong")


def _failed(view: FollowedView, words: Words) -> Html:
    failed = view.source.failed
    if not failed:
        return NOTHING
    lines = (
        element("li", element("bdi", text(page)), text(f" {_reason(trouble, words)}"))
        for page, trouble in reversed(list(failed.items()))
    )
    summary = element("summary", text(words.count("pages_failed", len(failed))))
    return element("details", summary, element("ul", *lines), data_key=f"failed-{view.source.id}")


def _buttons(view: FollowedView, words: Words) -> list[Html]:
    acts = ("visit", "go_on" if view.source.paused else "pause", "stop_following")
    return [
        element(
            "button",
            text(words(act)),
            type="button",
            data_act=act,
            value=view.source.id,
            aria_label=words("act_on", act=words(act), name=view.source.source),
        )
        for act in acts
    ]


def _reason(trouble: Trouble, words: Words) -> str:
    return in_words(trouble.error, trouble.code, trouble.values, words)


def _problem(error: Exception, words: Words) -> str:
    if isinstance(error, SourceError):
        return f"{error.source} {in_words(error.reason, error.code, error.values, words)}"
    if isinstance(error, BadAccess):
        return words("follow_not_here")
    if isinstance(error, Conflict):
        return words("follow_too_many", n=MOST_FOLLOWED)
    return str(error)
