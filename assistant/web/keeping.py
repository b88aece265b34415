"""A conversation as the browser keeps it: to JSON and back.

What comes back is the browser's word: it is checked for its shape, and rendered like any other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter, ValidationError

from assistant.types import Filters
from assistant.web import copying
from assistant.web.exchanges import STOPPED, Conversation, Exchange
from assistant.web.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A conversation and what restricted it; ``markdown`` is what its export says below its name."""

    id: str
    exchanges: tuple[Exchange, ...]
    filters: Filters
    markdown: str = ""


_KEPT = TypeAdapter(Kept)
_DATE = TypeAdapter(date | None)


def as_json(conversation: Conversation, base: str, said: Words) -> str:
    """What the browser keeps; ``base`` is where the links of the export begin."""
    kept = Kept(
        id=conversation.id,
        exchanges=conversation.exchanges,
        filters=conversation.filters,
        markdown=copying.conversation(conversation.exchanges, base, said),
    )
    return _KEPT.dump_json(kept).decode()


def restored(text: object, interrupted: str) -> Kept | None:
    """What the browser kept, or None where it is nothing of ours; an answer that was cut off says so."""
    try:
        kept = _KEPT.validate_json(str(text))
    except ValidationError:
        return None
    if not all(one.reply is None or one.reply.consistent for one in kept.exchanges):
        return None
    return replace(kept, exchanges=tuple(_ended(one, interrupted) for one in kept.exchanges))


def _ended(one: Exchange, interrupted: str) -> Exchange:
    return replace(one, problem=interrupted, stage=STOPPED) if one.pending else one


def filters_of(documents: Sequence[object], published_from: object, published_to: object) -> Filters:
    """Filters as a page or an address gives them; a date that is none restricts nothing."""
    ids = (str(document) for document in documents)
    return Filters(
        documents=tuple(dict.fromkeys(one for one in ids if one)),
        published_from=_day(published_from),
        published_to=_day(published_to),
    )


def _day(value: object) -> date | None:
    try:
        return _DATE.validate_python(value or None)
    except ValidationError:
        return None
