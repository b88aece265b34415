"""The reader's feedback on an answer, as a change of its exchange and as the record that the feedback log stores."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from assistant.service.feedback import LONGEST_NOTE, Judgement, RatedCitation, Rating, now
from assistant.web.answer.conversations import Exchange
from assistant.web.kit.html import showable

_VERDICTS = ("up", "down", "none")


def with_verdict(exchange: Exchange, verdict: str, note: str) -> Exchange | None:
    """The exchange with the reader's verdict and note; None if it has no reply or the verdict is unknown."""
    if exchange.reply is None or verdict not in _VERDICTS:
        return None
    shortened = showable(note).strip()[:LONGEST_NOTE] if verdict != "none" else ""
    return replace(exchange, verdict=cast("Rating", verdict), note=shortened)


def judgement(exchange: Exchange) -> Judgement:
    """The record for the feedback log; the exchange must have a reply."""
    reply = exchange.reply
    assert reply is not None  # noqa: S101  # its callers have looked
    citations = (
        RatedCitation(document_id=source.document_id, title=source.title, quote=source.quote)
        for source in reply.sources
    )
    return Judgement(
        id=exchange.id,
        time=now(),
        verdict=exchange.verdict,
        note=exchange.note,
        question=exchange.question,
        answer=reply.text,
        mode=reply.mode,
        model=reply.model,
        citations=tuple(citations),
    )
