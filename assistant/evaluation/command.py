"""``assistant evaluate``: questions with known answers asked and measured, or proposed from the documents."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import BadQuestions
from assistant.evaluation import comparing, reading, results
from assistant.evaluation.comparing import RunComparison
from assistant.evaluation.measures import measured, summary
from assistant.evaluation.reading import ExpectedAnswer
from assistant.evaluation.results import EvaluatedQuestion, EvaluationRun
from assistant.evaluation.wording import LANGUAGES, chance, interval, phrase, shown
from assistant.settings import Settings
from ingest.client.terminal import ProgressBar, complain, plain, say, say_json, stoppable
from ingest.errors import Cancelled

if TYPE_CHECKING:  # it imports what answers, which takes a second
    from assistant.client.interface import AssistantClient
    from assistant.evaluation.making import QuestionWriter

# So many questions in a row that cannot be asked at all end the run: no other would be either.
_GIVE_UP = 3
_MOST_MADE = 10_000


def add_options(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "questions", nargs="?", type=Path, metavar="QUESTIONS.jsonl", help="the questions, one a line"
    )
    what.add_argument(
        "--make",
        type=_whole_number,
        metavar="N",
        help="propose so many questions from the documents, as drafts to edit; by the language model where one is configured",
    )
    command.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write what came as JSON; with --make, add the questions to this file",
    )
    command.add_argument("--report", type=Path, metavar="FILE.html", help="write a report with plots")
    command.add_argument(
        "--compare", type=Path, metavar="OLD.json", help="say what is better and worse than in that --output"
    )
    command.add_argument(
        "--language", choices=LANGUAGES, default="en", help="the language of the report (en)"
    )


def _whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MOST_MADE:
        raise argparse.ArgumentTypeError(f"give a whole number from 1 to {_MOST_MADE}")
    return int(text)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Evaluate, or propose questions. Raises `BadQuestions`."""
    return _make(options, settings) if options.make else _evaluate(options, settings)


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Evaluate; the status is 1 where a question could not be asked, a quote is not what is stored, or it was stopped."""
    questions = reading.read(options.questions)
    before = results.load(options.compare) if options.compare else None
    done = evaluate(questions, options, settings)
    comparison = comparing.compared(before, done, options.compare.name) if before else None
    figures = summary(done.questions)
    if options.output:
        results.save(done, figures, options.output)
    if options.report:
        from assistant.evaluation.report import report

        results.put(options.report, report(done, comparison, options.language))
    if options.json:
        say_json({"summary": {**_counts(done), **figures}})
        if comparison:
            say_json({"comparison": comparing.as_json(comparison)})
    else:
        say("\n".join(in_words(done, comparison)))
    return _status(done)


def evaluate(
    questions: Sequence[ExpectedAnswer], options: argparse.Namespace, settings: Settings
) -> EvaluationRun:
    """Ask the questions that are no drafts; Ctrl-C ends the run with those that were answered."""
    from assistant.client import open_client
    from assistant.evaluation.asking import QuestionAsker

    asked = [one for one in questions if not one.is_draft]
    answered: list[EvaluatedQuestion] = []
    stopped = ""
    with closing(open_client(settings, "assistant evaluate")) as client:
        setup = _setup(client)
        with stoppable() as stop, ProgressBar(len(asked), "questions") as bar:
            asker = QuestionAsker(client, stop.is_set)
            if asked:
                asker.warm_up(asked[0], quotes=not setup["language_model"])
            for expected in asked:
                with suppress(Cancelled):
                    answered.append(asker.ask(expected))
                if stop.is_set():
                    stopped = f"Stopped after {len(answered):,} of {len(asked):,} questions."
                    break
                bar.finished(expected.question)
                if options.json:
                    say_json(results.question_line(answered[-1]))
                if len(answered) >= _GIVE_UP and all(one.error for one in answered[-_GIVE_UP:]):
                    stopped = (
                        f"Given up after {len(answered):,} of {len(asked):,} questions: {answered[-1].error}"
                    )
                    break
    return EvaluationRun(
        made=datetime.now(UTC).replace(microsecond=0),
        questions_file=options.questions.name,
        setup=setup,
        questions=tuple(answered),
        skipped=len(questions) - len(asked),
        stopped=stopped,
    )


def _make(options: argparse.Namespace, settings: Settings) -> int:
    """Propose questions; the status is 1 where the documents give none, or it was stopped."""
    from assistant.client import open_client
    from assistant.evaluation.making import QuestionMaker

    if options.report or options.compare:
        raise BadQuestions("--report and --compare go with a file of questions, not with --make.")
    with closing(open_client(settings, "assistant evaluate")) as client:
        writer = _writer(settings)
        with stoppable() as stop, ProgressBar(options.make, "questions") as bar:
            maker = QuestionMaker(client, writer, stop.is_set)
            made = maker.make(options.make, lambda one: bar.finished(one.question))
            stopped = stop.is_set()
    for one in made if options.json or not options.output else ():
        say_json(reading.as_line(one))
    if options.output:
        added = reading.add(options.output, made)
        if not options.json:
            say(f"{added:,} questions added to {options.output}. They are drafts: read and edit them.")
    if len(made) < options.make:
        complain(
            f"The documents give {len(made):,} questions of {options.make:,}." if not stopped else "Stopped."
        )
    return 0 if made and not stopped else 1


def _writer(settings: Settings) -> QuestionWriter | None:
    """The configured language model as a writer of questions."""
    if not settings.llm:
        return None
    from assistant.evaluation.writing import ModelQuestions
    from assistant.llm.model import open_model

    return ModelQuestions(model=open_model(settings))


def in_words(done: EvaluationRun, comparison: RunComparison | None) -> Iterator[str]:
    """What is printed of a run: what is wrong, the figures, what changed, and the share that is right."""
    for one in done.questions:
        if not one.right:
            yield f"wrong: {plain(one.question)}: {plain(one.reason)}"
    measures = measured(done.questions)
    for name, figure in measures.figures().items():
        if name != "right" and figure.value is not None:
            told = f"{shown(name, figure.value, 'en'):>9}  ({interval(name, figure, 'en')}; {figure.of:,})"
            yield f"{phrase(name, 'en'):26}{told}"
    yield from _changes_in_words(comparison) if comparison else ()
    missing = [one.id for one in done.questions if one.stored is False]
    if missing:
        yield f"In none of the documents looked at is what {len(missing):,} questions expect: {', '.join(missing[:10])}"
    if done.skipped:
        yield f"{done.skipped:,} drafts were skipped: they say nothing yet of what is right."
    right = measures.right
    if right.value is not None:
        yield (
            f"{right.value:.1%} of {right.of:,} questions answered right. "
            f"95% interval: {interval('right', right, 'en')}."
        )


def _changes_in_words(comparison: RunComparison) -> Iterator[str]:
    yield f"Compared with {plain(comparison.before_file)}, over {comparison.of:,} questions:"
    for name, (before, now) in comparison.setup.items():
        yield f"  {phrase(f'setup_{name}', 'en')}: {plain(before) or '-'} → {plain(now) or '-'}"
    for name, change in comparison.changes.items():
        if change.better or change.worse:
            told = "" if change.is_unlikely else ", which may be chance"
            yield (
                f"  {phrase(name, 'en'):26}{change.before:.1%} → {change.now:.1%}: {change.better:,} better, "
                f"{change.worse:,} worse (p {chance(change.chance, 'en')}{told})"
            )
    if not any(change.better or change.worse for change in comparison.changes.values()):
        yield "  No question is answered better or worse."
    for word, changed in (("better", comparison.better), ("worse", comparison.worse)):
        for one in changed:
            yield f"  {word}: {plain(one.question)}" + (f": {plain(one.reason)}" if word == "worse" else "")


def _counts(done: EvaluationRun) -> Mapping[str, Any]:
    """The counts of an earlier release, which scripts read."""
    right = sum(one.right for one in done.questions)
    share = round(right / max(len(done.questions), 1), 4)
    return {"questions": len(done.questions), "right": right, "share": share, "skipped": done.skipped}


def _setup(client: AssistantClient) -> dict[str, str | int | None]:
    """What answers. A language model that cannot be used is told at once, not after an hour of quotes."""
    status = client.status()
    if status.language_model_problem:
        complain(f"The language model does not answer: {status.language_model_problem}")
    return {
        "product": status.version,
        "embedding_model": status.embedding_model,
        "language_model": status.language_model,
        "documents": status.documents,
        "passages": status.passages,
        "server": client.url,
    }


def _status(done: EvaluationRun) -> int:
    """The exit status; what failed is named."""
    errors = [one for one in done.questions if one.error]
    invalid = [one for one in done.questions if one.citations_valid < one.citations]
    for one in errors:
        complain(f"{plain(one.question)}: {plain(one.error)}")
    for one in invalid:
        complain(f"{plain(one.question)}: a quote does not stand in its document as it is cited.")
    if done.stopped:
        complain(done.stopped)
    return 1 if errors or invalid or done.stopped else 0
