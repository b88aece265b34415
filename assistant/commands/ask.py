"""``assistant ask``: one question answered at the terminal. Nothing is imported that only another process needs."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import get_args

from assistant import messages
from assistant.api.schemas.absence import absence_in_words
from assistant.api.schemas.answers import AnswerSchema, CitationSchema, DaysSchema
from assistant.client.asking import ask_once
from assistant.passports.types import ExportForm
from assistant.settings import Settings
from ingest.client.terminal import plain, say, say_json


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question")
    command.add_argument(
        "--translate", action="store_true", help="also translate quotes, by the configured language model"
    )
    command.add_argument(
        "--explain", action="store_true", help="where nothing answers, also say what was searched"
    )
    command.add_argument(
        "--timeline", action="store_true", help="sentences in the order of the days that they speak of"
    )
    command.add_argument(
        "--format",
        choices=[*get_args(ExportForm), "bibtex"],
        help="print the answer with the passports of its quotes in this form",
    )
    command.add_argument(
        "--export",
        type=Path,
        metavar="FILE",
        help="write it to a file; without --format its suffix tells the form",
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    if options.format or options.export:
        return _export(options, settings)
    answer = ask_once(
        settings, "assistant ask", options.question, translate=options.translate, timeline=options.timeline
    )
    if options.json:
        say_json(answer.model_dump(mode="json"))
        return 0
    notice = [answer.notice] if answer.notice else []
    possible = [
        f"{messages.say(messages.POSSIBLY, answer.language)}\n{_quoted(one)}" for one in answer.possible
    ]
    searched = ["\n".join(absence_in_words(answer.absence))] if options.explain and answer.absence else []
    quotes = [*map(_quoted, answer.citations), *possible]
    say("\n\n".join([answer.answer, *notice, *_doubts(answer), *quotes, *searched]))
    return 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    """The answer as a file, which takes the documents that it cites."""
    from assistant.client import open_client
    from assistant.commands.verify import export_form, give

    form = export_form(options)
    with closing(open_client(settings, "assistant ask")) as client:
        answer = client.ask(options.question, translate=options.translate, timeline=options.timeline)
        if form:
            give(client, answer, form, options)
    return 0


def _doubts(answer: AnswerSchema) -> list[str]:
    """The statements that their quotes do not support, each with the reason."""
    doubted = [statement for statement in answer.statements if statement.supported == "no"]
    return [f"Not supported: {plain(statement.text)}\n    {statement.reason}" for statement in doubted]


def _told(told: DaysSchema) -> str:
    """What "yesterday" and the like in a quote means, seen from the day of publication."""
    if told.how == "unresolved":
        return f"“{told.expression}”: which day is not known"
    days = "–".join(dict.fromkeys(str(day or "…") for day in (told.first, told.last)))
    return f"“{told.expression}” = {days}"


def _quoted(citation: CitationSchema) -> str:
    """A citation in two lines: the quote, and its document."""
    document = [citation.title, *([str(citation.published)] if citation.published else [])]
    document += [f"page {citation.page}"] if citation.page else [citation.time] if citation.time else []
    document += [f"{said.speaker}, {said.kind}"] if (said := citation.attribution) else []
    document += [_told(one) for one in citation.days if one.how != "written"]
    quote = " ".join(citation.quote.split())
    translation = f" (“{plain(citation.translation)}”)" if citation.translation else ""
    return "\n".join(
        [
            f"[{citation.number}] “{quote}”{translation}",
            f"    {plain(', '.join(document))} — {plain(citation.source)}",
            *(f"    also in {plain(copy.title)} — {plain(copy.source)}" for copy in citation.also_in),
        ]
    )
