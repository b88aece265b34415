"""What an answer about the collection says around its quotes, and both put together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering import extractive
from assistant.answering.citations import numbered, without_markers
from assistant.collection import wording
from assistant.collection.recognise import CollectionRequest
from assistant.types import Answer, Citation, CollectionAnswerKind, Filters, Listing, Statement, Turn
from ingest.text.months import language_name

Quoted = tuple[list[Statement], list[Citation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfCollection:
    """A question with what it asks of the collection, in its conversation and within a restriction."""

    question: str
    history: Sequence[Turn]
    filters: Filters
    request: CollectionRequest


def listing_answer(
    asked: AskedOfCollection, quoted: Quoted, kind: CollectionAnswerKind, lead: str, more: str
) -> Answer:
    return of_listing(asked, quoted, Listing(kind=kind, lead=lead, more=more))


def of_listing(asked: AskedOfCollection, quoted: Quoted, listing: Listing) -> Answer:
    """The answer, its quotes numbered in order; the sides of a comparison with their labels."""
    language = asked.request.language
    statements, citations = numbered(*quoted)
    parts = [listing.lead]
    if listing.groups:
        by_number = {one.citations[0]: one for one in statements}
        for group in listing.groups:
            own = [by_number[number] for number in group.citations if number in by_number]
            text = (
                extractive.rendered(own, citations, language)
                if own
                else wording.say("nothing_here", language)
            )
            parts.append(f"{without_markers(group.label)}:\n{text}")
    elif statements:
        parts.append(extractive.rendered(statements, citations, language))
    if listing.more:
        parts.append(without_markers(listing.more))
    return Answer(
        question=asked.question,
        text="\n\n".join(parts),
        statements=statements,
        citations=citations,
        refused=False,
        mode="quoted",
        language=language,
        listing=listing,
    )


def lead_of(asked: AskedOfCollection, count: int, *, complete: bool, listed: bool) -> str:
    """What a list or a count says of itself, with its filter."""
    request, language = asked.request, asked.request.language
    documents = wording.documents(count, language, complete=complete) + filter_of(request)
    if request.ordered and request.limit and request.limit < count:
        documents = wording.documents(count, language, complete=complete, of=True) + filter_of(request)
        which = "oldest" if request.oldest else "newest"
        key = f"{which}_of" if request.topic else which
        number = request.limit
        text = wording.say(key, language, count=number, n=number, documents=documents, topic=request.topic)
        return text + restricted(asked)
    if request.topic:
        key = "speak" if request.about else "mention"
    else:
        key = "are" if filter_of(request) else "there_are"
    text = wording.say(key, language, count=count, documents=documents, topic=request.topic)
    if listed and count > 1 and not request.oldest:
        text += wording.say("by_day", language)
    if listed and count > 1 and not request.topic:
        text += wording.say("first_sentences", language)
    return text + restricted(asked)


def filter_of(request: CollectionRequest) -> str:
    """What the documents were chosen by, but for their topic: " in German dated 2024"."""
    language = request.language
    parts = []
    if request.spoken:
        parts.append(
            wording.say("spoken", language, tongue=language_name(request.spoken, language) or request.spoken)
        )
    if request.author:
        parts.append(wording.say("by", language, author=request.author))
    if request.period:
        parts.append(wording.say("dated", language, period=wording.in_period(request.period, language)))
    return "".join(parts)


def restricted(asked: AskedOfCollection) -> str:
    restricted = asked.filters.documents or asked.filters.in_days
    return wording.say("restricted", asked.request.language) if restricted else ""


def more_of(language: str, left: int, undated: int, copies: int = 0) -> str:
    """What is left out, in words: further documents, copies of stories that are listed, those without a date."""
    told = [wording.say("copies", language, count=copies, n=copies)] if copies else []
    more = [wording.say("more_documents", language, count=left, n=left)] if left > 0 else []
    return " · ".join([*told, *more, *([undated_of(language, undated)] if undated else [])])


def undated_of(language: str, number: int, before: str = "") -> str:
    return before + wording.say("undated", language, count=number, n=number) if number else ""
