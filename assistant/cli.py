"""The command ``assistant``: serves the chat, or answers one question at the terminal.

Exit status: 0 all well, 1 something failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from assistant import evaluation
from assistant.access.commands import add_commands
from assistant.api.schemas.answers import AnswerSchema, CitationSchema
from assistant.errors import AssistantError, BadQuestion, NotFound
from assistant.service.feedback import FeedbackLog, as_json
from assistant.settings import Settings, load_settings
from ingest.client.terminal import ProgressBar, abandon_output, complain, plain, say, say_json, working
from ingest.errors import IngestError, WrongSetting
from ingest.privacy import quiet, silence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    try:
        options = _parser().parse_args(_with_command(sys.argv[1:] if argv is None else argv))
    except SystemExit as error:  # argparse has said what is wrong
        return int(error.code or 0)
    silence()
    try:
        given = {name: getattr(options, name, None) for name in ("host", "port", "root_path")}
        settings = load_settings(**given)
        quiet(*settings.local_models)
        command: Callable[[argparse.Namespace, Settings], int] = options.run
        return command(options, settings)
    except (WrongSetting, BadQuestion, evaluation.BadQuestions) as error:
        complain(str(error))
        return 2
    except (IngestError, AssistantError) as error:
        complain(str(error))
    except KeyboardInterrupt:
        complain("Stopped.")
    except BrokenPipeError:
        abandon_output()
    return 1


def _with_command(arguments: Sequence[str]) -> list[str]:
    """``assistant`` alone, or with options only, serves."""
    bare = not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help"))
    return ["serve", *arguments] if bare else list(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Answers questions about your articles with citations you can check. Without a command: serve.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace, Settings], int], what: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(run=run)
        if name not in ("serve", "mcp"):
            command.add_argument("--json", action="store_true", help="one JSON object per line")
        return command

    serve = add("serve", _serve, "Serve the web chat and the HTTP API.")
    serve.add_argument("--host", help="the address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help="the port to listen on (7860); 0 takes any that is free")
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
    add("documents", _documents, "List the documents.")
    add("remove", _remove, "Remove documents.").add_argument("ids", nargs="+", metavar="ID")
    add("status", _status, "Say how many documents there are, and which models are in use.")
    add("feedback", _feedback, "Print what readers thought of answers.")
    add("reindex", _reindex, "Embed all documents anew with the configured embedding model.")
    add("evaluate", _evaluate, "Say which share of a file's questions is answered right.").add_argument(
        "questions", type=Path, metavar="QUESTIONS.jsonl"
    )
    mcp = add(
        "mcp", _mcp, "Offer the documents as tools to another assistant, over standard input and output."
    )
    mcp.add_argument("--allow-add", action="store_true", help="offer a tool that adds documents, too")
    add_commands(commands)
    return parser


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.access.identification import asks_callers
    from assistant.server.app import is_loopback
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
    from assistant.client import open_door

    with closing(open_door(settings, "assistant ask")) as door:
        answer = door.ask(options.question, translate=options.translate)
    if options.json:
        say_json(answer.model_dump(mode="json"))
        return 0
    notice = [answer.notice] if answer.notice else []
    say("\n\n".join([answer.answer, *notice, *_doubts(answer), *map(_quoted, answer.citations)]))
    return 0


def _doubts(answer: AnswerSchema) -> list[str]:
    """The statements that their quotes do not bear out, each with the reason."""
    doubted = [one for one in answer.statements if one.supported == "no"]
    return [f"Not supported: {plain(one.text)}\n    {one.reason}" for one in doubted]


def _quoted(citation: CitationSchema) -> str:
    """A citation in two lines: the quote, and where it stands."""
    where = [citation.title, *([str(citation.published)] if citation.published else [])]
    where += [f"page {citation.page}"] if citation.page else []
    quote = " ".join(citation.quote.split())
    translation = f" (“{plain(citation.translation)}”)" if citation.translation else ""
    place = f"{plain(', '.join(where))} — {plain(citation.source)}"
    return f"[{citation.number}] “{quote}”{translation}\n    {place}"


def _documents(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_door

    with closing(open_door(settings, "assistant documents")) as door:
        for document in door.documents():
            if options.json:
                say_json(document.model_dump(mode="json"))
            else:
                published = document.published or " " * 10
                say(f"{document.id}  {published}  {plain(document.title)}  ({plain(document.source)})")
    return 0


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_door

    failed = False
    with closing(open_door(settings, "assistant remove")) as door:
        for document_id in dict.fromkeys(options.ids):
            try:
                door.remove(document_id)
            except NotFound as error:
                failed = True
                complain(str(error))
            else:
                _tell({"removed": document_id}, f"Removed {document_id}.", options)
    return 1 if failed else 0


def _status(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_door

    with closing(open_door(settings, "assistant status")) as door:
        status = door.status().model_dump(mode="json")
    if options.json:
        say_json(status)
        return 0
    if status["language_model_problem"] == "":
        status["language_model_problem"] = "none: it answers"
    languages = status.pop("languages") or {}
    for name, value in {
        **status,
        "languages": ", ".join(f"{key or '?'} {n}" for key, n in languages.items()),
    }.items():
        say(f"{name.replace('_', ' '):22}  {'-' if value in (None, '') else value}")
    say(f"{'data folder':22}  {settings.data_dir}")
    return 0


def _feedback(options: argparse.Namespace, settings: Settings) -> int:
    for judgement in FeedbackLog(settings.data_dir).all():
        if options.json:
            say_json(as_json(judgement))
        else:
            question = " ".join(judgement.question.split())
            note = f"  ({plain(judgement.note)})" if judgement.note else ""
            say(f"{judgement.time:%Y-%m-%d %H:%M}  {judgement.verdict:4}  {plain(question)}{note}")
    return 0


def _reindex(options: argparse.Namespace, settings: Settings) -> int:
    from ingest.embedding import SentenceTransformerEmbedder
    from ingest.pipeline import prepare
    from ingest.store.rebuild import reembed

    with working("Loading the embedding model…"):
        embedder = SentenceTransformerEmbedder(settings.embedding_model, settings.number_format)
    steps = reembed(
        settings.data_dir,
        embedder,
        lambda document: prepare(document, embedder),
        chroma_url=settings.chroma_url,
    )
    done = 0
    first = next(steps, None)
    if first is not None:
        with ProgressBar(first[1], "documents") as bar:
            for _ in itertools.chain([first], steps):
                bar.finished("")
        done = first[1]
    words = (
        f"{done:,} documents embedded anew." if done else "Nothing to do: the index was made by this model."
    )
    _tell({"embedded": done, "embedding_model": settings.embedding_model}, words, options)
    return 0


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_door

    expected = evaluation.read(options.questions)
    with (
        closing(open_door(settings, "assistant evaluate")) as door,
        ProgressBar(len(expected), "questions") as bar,
    ):
        verdicts = []
        for one in expected:
            verdicts.append(evaluation.judge(one, door.ask(one.question)))
            bar.finished(one.question)
    for line in evaluation.lines(verdicts) if options.json else ():
        say_json(line)
    if not options.json:
        for verdict in verdicts:
            if not verdict.right:
                say(f"wrong: {verdict.question}: {verdict.reason}")
        say(f"{evaluation.share_right(verdicts):.1%} of {len(verdicts):,} questions answered right.")
    return 0


def _mcp(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.mcp import transports
    from assistant.mcp.toolbox import open_toolbox

    with closing(open_toolbox(settings, "assistant mcp")) as toolbox:
        transports.serve(toolbox, may_add=options.allow_add)
    return 0


def _tell(data: dict[str, object], words: str, options: argparse.Namespace) -> None:
    """One thing done, in JSON or in words."""
    say_json(data) if options.json else say(words)


if __name__ == "__main__":
    raise SystemExit(main())
