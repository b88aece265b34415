"""The command ``assistant correct``: what is known of a document, put right."""

from __future__ import annotations

import argparse
from contextlib import closing

from assistant.api.schemas.documents import DocumentSchema
from assistant.errors import BadCorrection
from assistant.settings import Settings
from ingest.client.terminal import plain, say, say_json
from ingest.store.corrections import FIELDS


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID")
    command.add_argument("--title")
    command.add_argument("--published", metavar="DAY", help='as in 2026-03-14, or "none"')
    command.add_argument("--author", action="append", dest="authors", help="may be given several times")
    command.add_argument(
        "--no-authors", action="store_const", const=[], dest="authors", help="nobody is named"
    )
    command.add_argument("--source", help="the name or address to show; the document stays the same")
    command.add_argument("--language", help='a code of two letters, as in de; "" where it is not known')
    command.add_argument(
        "--not-copy-of",
        action="append",
        dest="not_copies_of",
        metavar="ID",
        help="a document that tells another story; may be given several times",
    )
    command.add_argument(
        "--withdraw",
        action="append",
        default=[],
        metavar="FIELD",
        choices=FIELDS,
        help=f"back to what the file says: {', '.join(FIELDS)}",
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Raises `BadCorrection` where nothing is to be changed, or to something that cannot be right."""
    from assistant.client import open_client

    given = {name: getattr(options, name) for name in FIELDS if getattr(options, name) is not None}
    if not given and not options.withdraw:
        raise BadCorrection({"correct": "nothing"})
    written = {
        str(name): "\n".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }
    with closing(open_client(settings, "assistant correct")) as client:
        document = client.correct(options.id, written, options.withdraw)
    if options.json:
        say_json(document.model_dump(mode="json"))
    else:
        say("\n".join([f"{document.id}  {plain(document.title)}", *_fields(document)]))
    return 0


def _fields(document: DocumentSchema) -> list[str]:
    """The fields below the title, each in a line, and which are corrected."""
    values = {
        "published": str(document.published or "none"),
        "authors": ", ".join(document.authors) or "none",
        "source": document.source,
        "language": document.language or "unknown",
    }
    if document.not_copies_of:
        values["not_copies_of"] = " ".join(document.not_copies_of)
    corrected = {correction.field for correction in document.corrections}
    return [
        f"  {name:10} {plain(value)}{'  (corrected)' if name in corrected else ''}"
        for name, value in values.items()
    ]
