"""``assistant search``: where words and phrases stand in the texts of the documents, word for word."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing

from assistant.api.schemas.requests import WordSearchRequest
from assistant.api.schemas.words import WordHitSchema, WordHitsSchema, in_one_line
from assistant.asked_text import LONGEST_QUESTION
from assistant.commands.arguments import at_most, day, number
from assistant.errors import BadQuestion
from assistant.settings import Settings
from ingest.client.terminal import plain, say, say_json

_QUOTES = '"“”„«»'


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "words",
        nargs="+",
        metavar="WORDS",
        help="words, all of which a document must have; several in one argument are a phrase, as in 'eighty metres'",
    )
    command.add_argument(
        "--from", dest="published_from", metavar="DAY", type=day, help="published then or later"
    )
    command.add_argument(
        "--to", dest="published_to", metavar="DAY", type=day, help="published then or earlier"
    )
    command.add_argument(
        "--undated", action="store_true", help="with --from or --to: also documents without a date"
    )
    command.add_argument(
        "--source",
        default="",
        metavar="WORDS",
        type=at_most(1_000),
        help="words of the documents' titles or sources",
    )
    command.add_argument(
        "--language", default="", metavar="CODE", type=at_most(10), help="the documents' language, as in de"
    )
    command.add_argument(
        "--document", action="append", default=[], metavar="ID", help="only this document; may be repeated"
    )
    command.add_argument(
        "--limit",
        type=number(1, 100),
        default=20,
        metavar="N",
        help="how many hits to print (20, at most 100)",
    )
    command.add_argument(
        "--offset", type=number(0, 10_000), default=0, metavar="N", help="how many hits to pass over first"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the hits and how many there are; the status is 0 also where there are none. Raises `BadQuestion`."""
    from assistant.client import open_client

    asked = _request(options)
    with closing(open_client(settings, "assistant search")) as client:
        found = client.search_words(asked)
    if options.json:
        for hit in found.hits:
            say_json(hit.model_dump(mode="json"))
        say_json(found.model_dump(mode="json", exclude={"hits"}))
        return 0
    say("\n\n".join([*map(_in_words, found.hits), _count(found, asked.offset)]))
    return 0


def query_of(arguments: Sequence[str]) -> str:
    """The query that arguments are: those of several words, without quotation marks of their own, are phrases.

    >>> query_of(["eighty metres", "dredging"])
    '"eighty metres" dredging'
    """
    return " ".join(
        f'"{argument}"' if len(argument.split()) > 1 and not set(argument) & set(_QUOTES) else argument
        for argument in arguments
    )


def _request(options: argparse.Namespace) -> WordSearchRequest:
    if options.published_from and options.published_to and options.published_from > options.published_to:
        raise BadQuestion("The day of --from is after that of --to: the first day comes first.")
    query = query_of(options.words)
    if len(query) > LONGEST_QUESTION:
        raise BadQuestion(f"Look for at most {LONGEST_QUESTION:,} characters; these are {len(query):,}.")
    return WordSearchRequest(
        query=query,
        documents=options.document,
        published_from=options.published_from,
        published_to=options.published_to,
        include_undated=options.undated,
        source=options.source,
        language=options.language,
        limit=options.limit,
        offset=options.offset,
    )


def _in_words(hit: WordHitSchema) -> str:
    """A hit in two lines: the words in brackets with what stands around them, and where."""
    place = [plain(hit.title), *([str(hit.published)] if hit.published else [])]
    place += [f"page {hit.page}"] if hit.page else [hit.time] if hit.time else []
    return (
        f"{plain(in_one_line(hit, ('[', ']')))}\n"
        f"    {', '.join(place)} — {plain(hit.source)} ({hit.document_id})"
    )


def _count(found: WordHitsSchema, offset: int) -> str:
    """How many hits there are, which of them these are, and what was left out."""
    if not found.total:
        said = "Nowhere in the texts, word for word. `assistant ask` finds also what is said in other words."
    else:
        places = f"{found.total:,} {'place' if found.total == 1 else 'places'}"
        documents = f"{found.documents:,} {'document' if found.documents == 1 else 'documents'}"
        said = f"{'' if found.counted else 'More than '}{places} in {documents}"
        last = offset + len(found.hits)
        said += "." if last - offset == found.total else f"; these are {offset + 1:,} to {last:,}."
    if found.undated_left_out:
        said += f" Documents without a date were left out: {found.undated_left_out:,} (--undated)."
    return said
