"""``assistant verify``: whether the quotes in files still stand; and answers of ``assistant ask`` as files."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from assistant.api.schemas.answers import AnswerSchema
from assistant.api.schemas.passports import (
    ExportRequest,
    ToldAnswerSchema,
    VerificationSchema,
    VerifiedQuoteSchema,
)
from assistant.client.interface import AssistantClient
from assistant.errors import BadQuestion
from assistant.passports.exporting import FORMS, LANGUAGES
from assistant.passports.types import ExportForm
from assistant.settings import Settings
from ingest.client.terminal import complain, plain, say, say_json
from ingest.files import write_whole

_VERDICTS = {
    "stands": "stands",
    "moved": "stands elsewhere in the text",
    "earlier": "stood in an earlier version only",
    "gone": "the document was deleted, and can still be put back",
    "never": "no version that is kept has these words",
    "unknown": "there is no such document",
    "doubtful": "the words stand there, but what the file says of them does not fit together",
}
_METADATA = {
    "title": "the title is now",
    "published": "the day of publication is now",
    "authors": "the authors are now",
    "outlet": "the outlet is now",
    "speaker": "the speaker is now",
}
_CONTRADICTIONS = {
    "document": "two documents are named",
    "offsets": "the offsets are others",
    "hash": "the hash is of no text that is known",
    "words": "its link holds other words",
}


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="Markdown, HTML, Word, CSL-JSON, RIS or BibTeX as exported here, or the JSON of an answer",
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print a verdict for each quote; the status is 1 where one does not stand, or a file has none or cannot be read."""
    from assistant.client import open_client

    standing = True
    with closing(open_client(settings, "assistant verify")) as client:
        for path in options.files:
            try:
                data = path.read_bytes()
            except OSError as error:
                raise BadQuestion(f"{path} cannot be read: {error.strerror or error}.") from error
            found = client.verify(data, path.name)
            standing = standing and 0 < found.total == found.standing
            _print(path, found, options)
    return 0 if standing else 1


def _print(path: Path, found: VerificationSchema, options: argparse.Namespace) -> None:
    for one in found.quotes:
        if options.json:
            say_json({"file": str(path), **one.model_dump(mode="json")})
        else:
            say(in_words(one))
    if not found.total:
        complain(f"{path}: there are no quotes with a link, or a note, that says where they are from.")
    elif not options.json:
        say(f"{plain(str(path))}: {found.standing:,} of {found.total:,} quotes stand.")


def in_words(found: VerifiedQuoteSchema) -> str:
    """A verdict in some lines: the quote, what has become of it, what differs, and where."""
    said = _VERDICTS[found.verdict]
    said += f" (until {found.replaced:%Y-%m-%d %H:%M} UTC)" if found.replaced else ""
    said += "; the text has changed since, these words have not" if found.changed else ""
    said += "; the same text is there as another document" if found.same_text else ""
    said += "".join(f"; {_CONTRADICTIONS[one]}" for one in found.contradictions)
    words = plain(" ".join(found.quote.split())) or "(no words)"
    lines = [f"“{words}”", f"    {said}"]
    for one in found.metadata:
        now = f"“{plain(one.now)}”" if one.now else "not given"
        lines.append(f"    {_METADATA[one.field]} {now} (in the file: “{plain(one.written)}”)")
    if found.nearest:
        lines.append(f"    nearest: {plain(_compared(found))}")
    if found.title:
        lines.append(
            f"    {plain(found.title)} ({found.document_id})" + (f" — {found.url}" if found.url else "")
        )
    return "\n".join(lines)


def _compared(found: VerifiedQuoteSchema) -> str:
    """Both texts in one: [-what only the file has-]{+what only the document has+}."""
    pieces = []
    for one in found.nearest:
        if one.written == one.in_source:
            pieces.append(one.written)
        else:
            pieces += [f"[-{one.written}-]"] if one.written else []
            pieces += [f"{{+{one.in_source}+}}"] if one.in_source else []
    return "".join(pieces)


def export_form(options: argparse.Namespace) -> ExportForm | None:
    """The form that is asked for; None where none is. Raises `BadQuestion` for a file of another suffix."""
    if options.format:
        return "bib" if options.format == "bibtex" else options.format
    if options.export is None:
        return None
    suffix = options.export.suffix.lower()
    form = next((form for form, (known, _) in FORMS.items() if known == suffix), None)
    if form is None:
        known = ", ".join(suffix for suffix, _ in FORMS.values())
        raise BadQuestion(f"{options.export}: give it one of the suffixes {known}, or say --format.")
    return form


def give(
    client: AssistantClient, answer: AnswerSchema, form: ExportForm, options: argparse.Namespace
) -> None:
    """Write the answer with its passports to the file that is named, or print it."""
    told = ToldAnswerSchema.model_validate(answer.model_dump())
    asked = ExportRequest(
        form=form,
        citations=[],
        answers=[told],
        title=answer.question[:300],
        language="de" if answer.language == "de" and "de" in LANGUAGES else "en",
    )
    content = client.export(asked)
    if options.export is None:
        sys.stdout.buffer.write(content)
        return
    try:
        write_whole(options.export, [content])
    except OSError as error:
        raise BadQuestion(f"{options.export} cannot be written: {error.strerror or error}.") from error
    say(f"Wrote {plain(str(options.export))}.")
