"""``assistant statements``: who said what, by speaker, topic and day."""

from __future__ import annotations

import argparse
from contextlib import closing

from assistant.api.schemas.statements import (
    SpeakerSchema,
    SpokenStatementSchema,
    SpokenStatementsSchema,
    StatementsRequest,
)
from assistant.asked_text import LONGEST_QUESTION
from assistant.commands.arguments import at_most, day, number
from assistant.errors import BadQuestion
from assistant.settings import Settings
from ingest.client.terminal import plain, say, say_json

_SHOWN_SPELLINGS = 6


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--speaker",
        default="",
        metavar="NAME",
        type=at_most(300),
        help="who speaks, in any spelling; a surname is enough",
    )
    command.add_argument(
        "--about", default="", metavar="WORDS", type=at_most(LONGEST_QUESTION), help="a topic in words"
    )
    command.add_argument("--from", dest="since", metavar="DAY", type=day, help="published then or later")
    command.add_argument("--to", dest="until", metavar="DAY", type=day, help="published then or earlier")
    command.add_argument(
        "--undated", action="store_true", help="with --from or --to: also in documents without a date"
    )
    command.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=["direct", "indirect", "reported"],
        help="only direct or indirect speech, or what is reported of somebody's words; may be repeated",
    )
    command.add_argument(
        "--document", action="append", default=[], metavar="ID", help="only this document; may be repeated"
    )
    command.add_argument(
        "--order",
        default="",
        choices=["newest", "oldest", "fit"],
        help="by day, or by how well they fit the topic, as is usual with --about",
    )
    command.add_argument(
        "--limit", type=number(1, 100), default=20, metavar="N", help="how many to print (20, at most 100)"
    )
    command.add_argument(
        "--offset", type=number(0, 10_000), default=0, metavar="N", help="how many to pass over first"
    )
    command.add_argument(
        "--speakers", action="store_true", help="list those who speak, by all spellings, and no statements"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the statements and how many there are; the status is 0 also where there are none. Raises `BadQuestion`."""
    from assistant.client import open_client

    if options.since and options.until and options.since > options.until:
        raise BadQuestion("The day of --from is after that of --to: the first day comes first.")
    names = ("speaker", "about", "since", "until", "undated", "kind", "document", "order", "limit", "offset")
    with closing(open_client(settings, "assistant statements")) as client:
        if options.speakers:
            page = client.speakers(options.speaker, options.limit, options.offset)
            for speaker in page.speakers:
                say_json(speaker.model_dump(mode="json")) if options.json else say(_speaker(speaker))
            return 0
        found = client.statements(StatementsRequest(**{name: getattr(options, name) for name in names}))
    if options.json:
        for statement in found.statements:
            say_json(statement.model_dump(mode="json"))
        say_json(found.model_dump(mode="json", exclude={"statements"}))
        return 0
    say("\n\n".join([*map(in_words, found.statements), counted(found, options.offset)]))
    return 0


def in_words(statement: SpokenStatementSchema) -> str:
    """A statement in two lines: the words, and who says them where."""
    who = plain(statement.speaker) or "not named"
    place = [plain(statement.title), *([str(statement.published)] if statement.published else [])]
    place += [f"page {statement.page}"] if statement.page else [statement.time] if statement.time else []
    place += [f"also in {len(statement.also_in)} copies"] if statement.also_in else []
    return (
        f"{plain(' '.join(statement.quote.split()))}\n"
        f"    {who} ({statement.kind}): {', '.join(place)} — {plain(statement.source)} ({statement.document_id})"
    )


def counted(found: SpokenStatementsSchema, offset: int) -> str:
    """How many there are, which of them these are, whom the name means, and what was left out."""
    last = offset + len(found.statements)
    said = f"{found.total:,} {'statement' if found.total == 1 else 'statements'}"
    said += "." if last - offset == found.total else f"; these are {offset + 1:,} to {last:,}."
    if not found.total:
        said = "No statements."
    if found.speakers:
        said += f" Of {'; '.join(map(_speaker, found.speakers[:10]))}."
    if found.others:
        said += f" The name fits too: {', '.join(plain(other.name) for other in found.others[:10])}."
    if found.undated_left_out:
        said += f" Documents without a date were left out: {found.undated_left_out:,} (--undated)."
    if found.unread:
        said += (
            f" Documents that an earlier release has stored, still to be read for statements: {found.unread:,}. A running server "
            "does that by itself, `assistant reindex` at once."
        )
    return said


def _speaker(speaker: SpeakerSchema) -> str:
    others = [one.name for one in speaker.spellings if one.name != speaker.name]
    spelled = f", also {', '.join(map(plain, others[:_SHOWN_SPELLINGS]))}" if others else ""
    return f"{plain(speaker.name)} ({speaker.quotations:,}{spelled})"
