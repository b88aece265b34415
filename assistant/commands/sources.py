"""``assistant sources``: what each document, outlet or story says to a question."""

from __future__ import annotations

import argparse
from contextlib import closing

from assistant.api.schemas.sources import (
    MOST_ROWS,
    SourcesRequest,
    SourceTableSchema,
    row_in_words,
    sources_csv,
)
from assistant.asked_text import checked
from assistant.commands.arguments import day, number
from assistant.errors import BadQuestion
from assistant.settings import Settings
from ingest.client.terminal import say, say_json

_USUAL = 50  # rows printed


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question")
    command.add_argument(
        "--by", default="document", choices=["document", "outlet", "story"], help="what a row is (document)"
    )
    command.add_argument(
        "--order",
        default="best",
        choices=["best", "newest", "oldest", "outlet"],
        help="those that say something first (best), by day, or by outlet",
    )
    command.add_argument("--csv", action="store_true", help="print a table for spreadsheets")
    command.add_argument("--from", dest="since", metavar="DAY", type=day, help="published then or later")
    command.add_argument("--to", dest="until", metavar="DAY", type=day, help="published then or earlier")
    command.add_argument(
        "--undated", action="store_true", help="with --from or --to: also documents without a date"
    )
    command.add_argument(
        "--document", action="append", default=[], metavar="ID", help="only this document; may be repeated"
    )
    command.add_argument(
        "--limit", type=number(1, MOST_ROWS), metavar="N", help="how many rows to print (50; with --csv all)"
    )
    command.add_argument(
        "--offset", type=number(0, 1_000_000), default=0, metavar="N", help="how many to pass over first"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the rows and how many there are; the status is 0 also where all are silent. Raises `BadQuestion`."""
    from assistant.client import open_client

    if options.since and options.until and options.since > options.until:
        raise BadQuestion("The day of --from is after that of --to: the first day comes first.")
    names = ("by", "order", "since", "until", "undated", "document", "offset")
    limit = options.limit or (MOST_ROWS if options.csv else _USUAL)
    asked = SourcesRequest(
        question=checked(options.question),
        limit=limit,
        **{name: getattr(options, name) for name in names},
    )
    with closing(open_client(settings, "assistant sources")) as client:
        found, base = client.sources(asked), client.url
        while options.csv and not options.limit and options.offset + len(found.rows) < found.total:
            more = client.sources(asked.model_copy(update={"offset": options.offset + len(found.rows)}))
            if not more.rows:  # documents have gone meanwhile
                break
            found.rows.extend(more.rows)
    if options.csv:
        say(sources_csv(found.rows, base).replace("\r\n", "\n").removesuffix("\n"))
    elif options.json:
        for row in found.rows:
            say_json(row.model_dump(mode="json"))
        say_json(found.model_dump(mode="json", exclude={"rows"}))
    else:
        say("\n\n".join([*map(row_in_words, found.rows), counted(found, options.offset)]))
    return 0


def counted(found: SourceTableSchema, offset: int) -> str:
    """How many rows there are, how many of them say something, and what was searched."""
    noun = {"document": "documents", "outlet": "outlets", "story": "stories"}[found.by]
    last = offset + len(found.rows)
    shown = f" These are {offset + 1:,} to {last:,}." if 0 < len(found.rows) < found.total else ""
    left_out = (
        f" Documents without a date were left out: {found.undated_left_out:,} (--undated)."
        if found.undated_left_out
        else ""
    )
    return f"{found.saying:,} of {found.total:,} {noun} say something; {found.searched:,} documents searched.{shown}{left_out}"
