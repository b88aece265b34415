"""The command ``assistant``: serves the chat, or answers one question at the terminal.

Exit status: 0 all well, 1 something failed or was stopped, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from assistant import messages
from assistant.access.commands import add_commands
from assistant.api.schemas.absence import absence_in_words
from assistant.api.schemas.answers import AnswerSchema, CitationSchema, DaysSchema
from assistant.api.schemas.status import IntegritySchema
from assistant.commands import (
    check,
    collection,
    correct,
    follow,
    questions,
    reindex,
    search,
    sources,
    statements,
    verify,
)
from assistant.errors import AssistantError, BadCorrection, BadDraft, BadQuestion, NotFound
from assistant.evaluation import BadQuestions
from assistant.evaluation import command as evaluation_command
from assistant.evaluation.from_feedback import questions_of
from assistant.evaluation.reading import add
from assistant.service.feedback import as_json, open_feedback
from assistant.settings import Settings, load_settings
from ingest.client.terminal import complain, plain, run_command, say, say_json
from ingest.privacy import quiet, silence

_OPTIONS = ("host", "port", "root_path")  # those that go before the setting of the same name


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(
        _parser(),
        _with_command(sys.argv[1:] if argv is None else argv),
        _run,
        wrong_usage=(BadQuestion, BadCorrection, BadDraft, BadQuestions),
        failures=(AssistantError,),
    )


def _run(options: argparse.Namespace) -> int:
    silence()
    settings = load_settings(**{name: getattr(options, name, None) for name in _OPTIONS})
    quiet(*settings.local_models)
    command: Callable[[argparse.Namespace, Settings], int] = options.run
    return command(options, settings)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with ``serve`` in front where they name no command and ask for no help."""
    serves = not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help"))
    return ["serve", *arguments] if serves else list(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Answers questions about your articles with citations you can check. Without a command: serve.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace, Settings], int], description: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=description, description=description)
        command.set_defaults(run=run)
        if name not in ("serve", "mcp"):
            command.add_argument("--json", action="store_true", help="one JSON object per line")
        return command

    serve = add("serve", _serve, "Serve the web chat and the HTTP API.")
    serve.add_argument("--host", help="the address to listen on (127.0.0.1)")
    serve.add_argument("--port", help="the port to listen on (7860); 0 takes any that is free")
    serve.add_argument(
        "--samples", action="store_true", help="also index the articles that come with this product"
    )
    serve.add_argument("--root-path", help="the path under which a proxy offers the server, as in /assistant")
    serve.add_argument("--insecure", action="store_true", help="allow a host that other machines can reach")
    ask = add("ask", _ask, "Answer one question.")
    ask.add_argument("question")
    ask.add_argument(
        "--translate", action="store_true", help="also translate quotes, by the configured language model"
    )
    ask.add_argument(
        "--explain", action="store_true", help="where nothing answers, also say what was searched"
    )
    ask.add_argument(
        "--timeline", action="store_true", help="sentences in the order of the days that they speak of"
    )
    verify.add_export_options(ask)
    collection.add_options(add("documents", _documents, "List the documents, or move them all as one file."))
    add("remove", _remove, "Remove documents.").add_argument("ids", nargs="+", metavar="ID")
    search.add_options(
        add(
            "search",
            search.run,
            "Find words and phrases in the texts of the documents, word for word.",
        )
    )
    statements.add_options(add("statements", statements.run, "Say who said what, by speaker, topic and day."))
    sources.add_options(
        add(
            "sources",
            sources.run,
            "Ask a question of each document, outlet or story by itself: what it says, or that it is silent.",
        )
    )
    check.add_options(
        add(
            "check",
            check.run,
            "Check a draft: what the documents bear out or contradict, and whether its quotations stand in them.",
        )
    )
    verify.add_options(
        add(
            "verify",
            verify.run,
            "Say whether the quotes in files that were exported still stand in the documents.",
        )
    )
    correct.add_options(
        add(
            "correct",
            correct.run,
            "Correct what is known of a document; new versions of its file keep that.",
        )
    )
    follow.add_options(
        add(
            "follow",
            follow.run,
            "Follow feeds, sitemaps, pages and folders: a running server brings in what is new.",
        )
    )
    questions.add_options(
        add(
            "questions",
            questions.run,
            "Keep questions: a running server says what new documents answer.",
        )
    )
    status = add("status", _status, "Say how many documents there are, and which models are in use.")
    status.add_argument(
        "--verify",
        action="store_true",
        help="also look whether all that is stored fits together, and what takes room",
    )
    add("feedback", _feedback, "Print what readers thought of answers.").add_argument(
        "--questions",
        type=Path,
        metavar="FILE.jsonl",
        help="add what readers judged to a file of questions for `assistant evaluate`",
    )
    reindex.add_options(
        add(
            "reindex",
            reindex.run,
            "Embed all documents anew with the configured embedding model; a running server answers meanwhile.",
        )
    )
    evaluation_command.add_options(
        add(
            "evaluate",
            evaluation_command.run,
            "Say how well a file's questions are answered, or propose such questions.",
        )
    )
    mcp = add(
        "mcp", _mcp, "Offer the documents as tools to another assistant, over standard input and output."
    )
    mcp.add_argument("--allow-add", action="store_true", help="offer a tool that adds documents, too")
    add_commands(commands)
    return parser


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.access.identification import asks_callers
    from assistant.access.local import is_loopback
    from assistant.server.run import serve

    if not (is_loopback(settings.host) or options.insecure or asks_callers(settings)):
        complain(
            f"With --host {settings.host} every machine that reaches this one could read, add and remove documents. "
            "Add users (`assistant users add`) or keys (`assistant keys create`) first, "
            "or add --insecure if that is wanted."
        )
        return 2
    try:
        serve(
            settings,
            samples=options.samples,
            on_open=lambda url: say(f"The assistant is at {url} (Ctrl-C stops it)"),
        )
    except KeyboardInterrupt:
        complain("Stopped.")
    except SystemExit as stop:
        return 1 if stop.code else 0
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_client

    form = verify.export_form(options)
    with closing(open_client(settings, "assistant ask")) as client:
        answer = client.ask(options.question, translate=options.translate, timeline=options.timeline)
        if form:
            verify.give(client, answer, form, options)
            return 0
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


def _documents(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_client

    with closing(open_client(settings, "assistant documents")) as client:
        for document in client.all_documents():
            if options.json:
                say_json(document.model_dump(mode="json"))
            else:
                published = document.published or " " * 10
                say(f"{document.id}  {published}  {plain(document.title)}  ({plain(document.source)})")
    return 0


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_client

    failed = False
    with closing(open_client(settings, "assistant remove")) as client:
        for document_id in dict.fromkeys(options.ids):
            try:
                client.remove(document_id)
            except NotFound as error:
                failed = True
                complain(str(error))
            else:
                _report({"removed": document_id}, f"Removed {document_id}.", options)
    return 1 if failed else 0


def _status(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_client

    with closing(open_client(settings, "assistant status")) as client:
        status = client.status().model_dump(mode="json")
        found = client.integrity() if options.verify else None
    if options.json:
        say_json(status if found is None else {**status, "integrity": found.model_dump(mode="json")})
        return 0 if found is None or found.whole else 1
    if status["language_model_problem"] == "":
        status["language_model_problem"] = "none: it answers"
    counts = [f"{language or '?'} {count}" for language, count in (status.pop("languages") or {}).items()]
    for name, value in {**status, "languages": ", ".join(counts)}.items():
        say(f"{name.replace('_', ' '):22}  {'-' if value in (None, '') else value}")
    say(f"{'data folder':22}  {settings.data_dir}")
    if found is None:
        return 0
    for part, size in found.bytes.items():
        say(f"{part.replace('_', ' '):22}  {size / 1e6:,.1f} MB")
    say(f"{'fits together':22}  {'yes' if found.whole else _not_whole(found)}")
    return 0 if found.whole else 1


def _not_whole(found: IntegritySchema) -> str:
    """What is wrong with what is stored, and what to do."""
    wrong = [
        f"{found.left_over:,} passages are left over" if found.left_over else "",
        f"{found.out_of_step:,} documents are not found by their words" if found.out_of_step else "",
        f"passages are missing of {', '.join(found.incomplete)}: add these again" if found.incomplete else "",
    ]
    return f"no: {'; '.join(filter(None, wrong))}. Restart the server: that mends what can be mended."


def _feedback(options: argparse.Namespace, settings: Settings) -> int:
    if options.questions:
        questions = questions_of(open_feedback(settings).all())
        added = add(options.questions, questions)
        drafts = sum(one.is_draft for one in questions)
        words = f"{added:,} questions added to {options.questions}; of all {len(questions):,}, {drafts:,} are to be completed."
        _report({"added": added, "questions": len(questions), "to_complete": drafts}, words, options)
        return 0
    for judgement in open_feedback(settings).all():
        if options.json:
            say_json(as_json(judgement))
        else:
            question = " ".join(judgement.question.split())
            note = f"  ({plain(judgement.note)})" if judgement.note else ""
            say(f"{judgement.time:%Y-%m-%d %H:%M}  {judgement.verdict:4}  {plain(question)}{note}")
    return 0


def _mcp(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_client
    from assistant.mcp import transports

    with closing(open_client(settings, "assistant mcp", serving=True)) as client:
        transports.serve(client, may_add=options.allow_add)
    return 0


def _report(data: dict[str, object], words: str, options: argparse.Namespace) -> None:
    """Print what was done, as JSON or in words."""
    say_json(data) if options.json else say(words)


if __name__ == "__main__":
    raise SystemExit(main())
