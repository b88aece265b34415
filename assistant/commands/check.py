"""``assistant check``: a draft against the documents, sentence by sentence and quotation by quotation."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.api.schemas.drafts import CheckedDraftSchema, CheckedQuotationSchema, CheckedSentenceSchema
from assistant.drafts.report_wording import say as worded
from assistant.errors import BadDraft
from assistant.service.draft_checks import CheckAsked, CheckStage, ReportForm
from assistant.settings import Settings
from assistant.types import Filters
from ingest.client.terminal import ProgressBar, complain, plain, say, say_json, stoppable
from ingest.errors import SourceError
from ingest.files import write_whole

if TYPE_CHECKING:  # it imports what takes long
    from assistant.client.interface import AssistantClient

_STDIN = "-"
_MARKS = {"supported": "+", "verbatim": "+", "differs": "!", "altered": "!", "claim": "~", "no_claim": " "}
_LANGUAGES = ("de", "en")


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FILE", help="the draft: text, Markdown, Word, HTML, PDF …; - reads standard input"
    )
    command.add_argument("--html", type=Path, metavar="OUT", help="also write the check as one HTML file")
    command.add_argument(
        "--docx",
        type=Path,
        metavar="OUT",
        help="also write a Word document with comments at the places: the draft itself, where it is one",
    )
    command.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="ID",
        help="only against this document; may be repeated",
    )
    command.add_argument(
        "--language", choices=_LANGUAGES, default="", help="of the words around the draft; else the draft's"
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="print all sentences, also those that are borne out or claim nothing",
    )
    command.add_argument(
        "--strict",
        action="store_true",
        help="exit status 1 also where nothing is found for a sentence, or it is only somebody's claim",
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Check the draft; the status is 1 where something in it differs from the documents. Raises `BadDraft` where it cannot be read."""
    from assistant.client import open_client

    asked = _asked(options)
    with closing(open_client(settings, "assistant check")) as client:
        checked = _checked(client, asked)
        language = options.language or checked.language
        targets: tuple[tuple[ReportForm, Path | None], ...] = (("html", options.html), ("docx", options.docx))
        for form, target in targets:
            if target is not None:
                _write(target, client.check_report(checked.id, form, language))
    if options.json:
        say_json(checked.model_dump(mode="json"))
    else:
        say("\n\n".join([*_lines(checked, options.all, language), _summed(checked, language)]))
    return 1 if any(wrong(one, options.strict) for one in _both(checked)) else 0


def _checked(client: AssistantClient, asked: CheckAsked) -> CheckedDraftSchema:
    """The check, with a progress bar. Raises `BadDraft` for a file that cannot be read, `Cancelled` on Ctrl-C."""
    with stoppable() as stop, ProgressBar(1, "places") as bar:

        def progress(stage: CheckStage, done: int, total: int) -> None:
            if stage == "cutting":
                bar.part(asked.name, done / total)
            else:
                bar.part(asked.name, 0.0)
                bar.set(done, total, asked.name)

        try:
            return client.check(asked, progress, stop.is_set)
        except SourceError as error:
            raise BadDraft(str(error)) from error


def wrong(one: CheckedSentenceSchema | CheckedQuotationSchema, strict: bool) -> bool:
    """Whether a sentence differs from the documents, or a quotation is not theirs; what failed was not checked."""
    if isinstance(one, CheckedQuotationSchema):
        return one.failed or one.verdict != "verbatim" or one.speaker_verdict == "wrong"
    return one.failed or one.verdict == "differs" or (strict and one.verdict not in ("supported", "no_claim"))


def _asked(options: argparse.Namespace) -> CheckAsked:
    filters = Filters(documents=tuple(options.document))
    if options.file == _STDIN:
        return CheckAsked(file=sys.stdin.buffer.read(), name="draft.txt", filters=filters)
    path = Path(options.file)
    try:
        return CheckAsked(file=path.read_bytes(), name=path.name, filters=filters)
    except OSError as error:
        raise BadDraft(f"{path} cannot be read ({error.strerror}).") from error


def _write(target: Path, data: bytes) -> None:
    try:
        write_whole(target, [data])
    except OSError as error:
        raise BadDraft(f"{target} cannot be written ({error.strerror}).") from error
    complain(f"Written: {target}")


def _lines(checked: CheckedDraftSchema, everything: bool, language: str) -> list[str]:
    shown = [
        one
        for one in _both(checked)
        if everything or one.verdict not in ("supported", "no_claim", "verbatim")
    ]
    shown += [one for one in checked.quotations if one not in shown and one.speaker_verdict == "wrong"]
    return [_in_words(one, checked, language) for one in sorted(shown, key=lambda one: one.start)]


def _both(checked: CheckedDraftSchema) -> list[CheckedSentenceSchema | CheckedQuotationSchema]:
    return [*checked.sentences, *checked.quotations]


def _in_words(
    one: CheckedSentenceSchema | CheckedQuotationSchema, checked: CheckedDraftSchema, language: str
) -> str:
    """A place of the draft: its line, its verdict and its words, then why, and what the documents have."""
    line = checked.text.count("\n", 0, one.start) + 1
    if isinstance(one, CheckedQuotationSchema):
        given_to_another = one.verdict == "verbatim" and one.speaker_verdict == "wrong"
        key = "misattributed" if given_to_another else f"quotation_{one.verdict}"
        numbers = [*([one.citation] if one.citation else []), *one.also_in]
    else:
        key, numbers = f"sentence_{one.verdict}", [*one.citations, *one.nearest]
    mark = "!" if key == "misattributed" else _MARKS.get(one.verdict, "?")
    lines = [f"{mark} {line}: {worded(key, language)}: {plain(' '.join(one.text.split()))}"]
    lines += [f"    {plain(one.reason)}"] if one.reason else []
    for difference in one.differences:
        kind = worded(difference.kind, language)
        lines.append(f"    {kind}: “{plain(difference.written)}” / “{plain(difference.in_source)}”")
    for citation in (found for found in checked.citations if found.number in numbers):
        quote = plain(" ".join(citation.quote.split()))
        lines.append(f"    “{quote}” — {plain(citation.title)} ({plain(citation.source)})")
    return "\n".join(lines)


def _summed(checked: CheckedDraftSchema, language: str) -> str:
    counted = [f"{worded(f'sentence_{key}', language)}: {n}" for key, n in checked.counts.items()]
    counted += [f"{worded(f'quotation_{key}', language)}: {n}" for key, n in checked.quotation_counts.items()]
    searched = worded("searched", language, count=checked.documents)
    changed = [worded("changed", language, count=len(checked.changed))] if checked.changed else []
    return " ".join(["; ".join(counted) + ".", searched, *changed])
