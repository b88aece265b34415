"""The command ``assistant``: serves the chat, or answers one question at the terminal.

Exit status: 0 all well, 1 something failed or was stopped, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, BadCorrection, BadDraft, BadQuestion, BadQuestions, NotFound
from assistant.settings import Settings, load_settings
from ingest.client.terminal import complain, plain, run_command, say, say_json
from ingest.privacy import quiet, silence

if TYPE_CHECKING:  # what only one command needs is imported by it
    from assistant.api.schemas.status import IntegritySchema

_Run = Callable[[argparse.Namespace, Settings], int]

_OPTIONS = ("host", "port", "root_path")  # those that go before the setting of the same name


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    arguments = _with_command(sys.argv[1:] if argv is None else argv)
    return run_command(
        _parser(arguments[0]),
        arguments,
        _run,
        wrong_usage=(BadQuestion, BadCorrection, BadDraft, BadQuestions),
        failures=(AssistantError,),
    )


def _run(options: argparse.Namespace) -> int:
    silence()
    settings = load_settings(**{name: getattr(options, name, None) for name in _OPTIONS})
    quiet(*settings.local_models)
    command: _Run = options.run
    return command(options, settings)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with ``serve`` in front where they name no command and ask for no help."""
    serves = not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help"))
    return ["serve", *arguments] if serves else list(arguments)


def _run_in(module: str, options: argparse.Namespace, settings: Settings) -> int:
    run: _Run = importlib.import_module(module).run
    return run(options, settings)


def _parser(command: str | None = None) -> argparse.ArgumentParser:
    """All commands; without ``command`` with all their options, else with those of this one: importing all takes seconds."""
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Answers questions about your articles with citations you can check. Without a command: serve.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, run: _Run, description: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=description, description=description)
        added.set_defaults(run=run)
        if name not in ("serve", "mcp"):
            added.add_argument("--json", action="store_true", help="one JSON object per line")
        return added

    def later(name: str, description: str, module: str, run: _Run | None = None) -> None:
        """Add the command of a module, which has `add_options` and `run`."""
        added = add(name, run or partial(_run_in, module), description)
        if command in (None, name):
            importlib.import_module(module).add_options(added)

    serve = add("serve", _serve, "Serve the web chat and the HTTP API.")
    serve.add_argument("--host", help="the address to listen on (127.0.0.1)")
    serve.add_argument("--port", help="the port to listen on (7860); 0 takes any that is free")
    serve.add_argument(
        "--samples", action="store_true", help="also index the articles that come with this product"
    )
    serve.add_argument("--root-path", help="the path under which a proxy offers the server, as in /assistant")
    serve.add_argument("--insecure", action="store_true", help="allow a host that other machines can reach")
    later("ask", "Answer one question.", "assistant.commands.ask")
    later(
        "documents",
        "List the documents, or move them all as one file.",
        "assistant.commands.collection",
        _documents,
    )
    add("remove", _remove, "Remove documents.").add_argument("ids", nargs="+", metavar="ID")
    later(
        "search",
        "Find words and phrases in the texts of the documents, word for word.",
        "assistant.commands.search",
    )
    later("statements", "Say who said what, by speaker, topic and day.", "assistant.commands.statements")
    later(
        "sources",
        "Ask a question of each document, outlet or story by itself: what it says, or that it is silent.",
        "assistant.commands.sources",
    )
    later(
        "check",
        "Check a draft: what the documents bear out or contradict, and whether its quotations stand in them.",
        "assistant.commands.check",
    )
    later(
        "verify",
        "Say whether the quotes in files that were exported still stand in the documents.",
        "assistant.commands.verify",
    )
    later(
        "correct",
        "Correct what is known of a document; new versions of its file keep that.",
        "assistant.commands.correct",
    )
    later(
        "follow",
        "Follow feeds, sitemaps, pages and folders: a running server brings in what is new.",
        "assistant.commands.follow",
    )
    later(
        "questions",
        "Keep questions: a running server says what new documents answer.",
        "assistant.commands.questions",
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
    later(
        "reindex",
        "Embed all documents anew with the configured embedding model; a running server answers meanwhile.",
        "assistant.commands.reindex",
    )
    later(
        "evaluate",
        "Say how well a file's questions are answered, or propose such questions.",
        "assistant.evaluation.command",
    )
    mcp = add(
        "mcp", _mcp, "Offer the documents as tools to another assistant, over standard input and output."
    )
    mcp.add_argument("--allow-add", action="store_true", help="offer a tool that adds documents, too")
    if command is None or command not in commands.choices:
        # The others need neither users nor keys, whose store may be a Chroma server.
        importlib.import_module("assistant.access.commands").add_commands(commands)
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
    concerns, slow = status.pop("concerns"), status.pop("slow_questions")
    counts = [f"{language or '?'} {count}" for language, count in (status.pop("languages") or {}).items()]
    for name, value in {**status, "languages": ", ".join(counts)}.items():
        say(f"{name.replace('_', ' '):22}  {'-' if value in (None, '') else value}")
    say(f"{'data folder':22}  {settings.data_dir}")
    for concern in concerns:
        since = f" (since {concern['since']})" if concern["since"] else ""
        say(f"{'slow or stuck':22}  {concern['text']}{since}")
    for one in slow:
        trace = f", trace {one['trace_id']}" if one["trace_id"] else ""
        say(
            f"{'slow question':22}  {one['at']}: {one['seconds']:.1f} s, most of it: {one['slowest_stage']}{trace}"
        )
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
    from assistant.service.feedback import as_json, open_feedback

    if options.questions:
        from assistant.evaluation.from_feedback import questions_of
        from assistant.evaluation.reading import add

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
