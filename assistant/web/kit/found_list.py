"""What pages that look for something in the texts have in common: days from their fields, and pieces of HTML for their scripts.

Their scripts share ``static/found_list.js``.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from starlette.responses import HTMLResponse

from assistant.service.service import Service
from assistant.types import Filters
from assistant.web.kit.html import Html, element, text
from assistant.web.kit.localisation import Words
from assistant.web.kit.page import failure

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def in_days(since: str, until: str, undated: str) -> Filters:
    """Reversed days are swapped, and what is no day restricts nothing."""
    first, last = _day(since), _day(until)
    if first and last and first > last:
        first, last = last, first
    return Filters(published_from=first, published_to=last, include_undated=bool(undated))


def fragment(html: Html) -> HTMLResponse:
    """A piece of HTML that a page's script fetches."""
    return HTMLResponse(html, 200, _HEADERS)


def message(said: str, again: bool = False) -> Html:
    """Why nothing is shown; with ``again`` the page's script asks again in a moment."""
    return element("p", text(said), class_="count" if again else "count problem", data_again=again)


def starting(service: Service, words: Words) -> Html:
    """Why there is no index to look in: it is being opened, or could not be."""
    problem = failure(service, words)
    return message(problem or words("starting_lead"), again=not problem)


def _day(written: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(written)
    return None
