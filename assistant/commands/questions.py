"""The command ``assistant questions``: questions that the running server keeps, and what is new to them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

from assistant.api.schemas.questions import QuestionFindingsSchema, StandingQuestionSchema
from assistant.errors import NotReady
from assistant.settings import Settings
from ingest.client.owners import lock_or_owner
from ingest.client.remote import Refused, Remote
from ingest.client.terminal import complain, plain, say, say_json
from ingest.store.lock import FolderLock

_PATH = "/api/questions"
_PAGE = 500  # questions


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "questions",
        nargs="*",
        metavar="QUESTION",
        help="keep these questions; without any, those that are kept are listed with what is new",
    )
    parser.add_argument(
        "--webhook", metavar="URL", default="", help="post what is new to the kept ones there"
    )
    parser.add_argument("--mail", metavar="ADDRESS", default="", help="mail it there")
    parser.add_argument("--seen", action="store_true", help="what is listed counts as looked at from then on")
    parser.add_argument("--remove", nargs="+", metavar="ID", default=[], help="keep these no longer")


def run(options: argparse.Namespace, settings: Settings) -> int:
    held = lock_or_owner(settings.data_dir, "assistant questions")
    if isinstance(held, FolderLock):
        held.release()
        raise NotReady("A running server keeps questions and asks them again. Start one: `assistant serve`.")
    with closing(Remote(held)) as remote:
        failed = [key for key in options.remove if not _removed(remote, key, options.json)]
        for question in options.questions:
            body = {"question": question, "webhook": options.webhook, "mail": options.mail}
            kept = StandingQuestionSchema.model_validate(remote.call("POST", _PATH, json=body))
            _report(kept, f"{kept.id}  kept: {plain(kept.question)}", options.json)
        if not options.questions and not options.remove:
            _list(remote, seen=options.seen, as_json=options.json)
    return 1 if failed else 0


def _removed(remote: Remote, question_id: str, as_json: bool) -> bool:
    try:
        known = remote.call("GET", f"{_PATH}/{question_id}", params={"limit": 1})["question"]
        remote.call("DELETE", f"{_PATH}/{question_id}")
    except Refused as error:
        complain(str(error))
        return False
    kept = StandingQuestionSchema.model_validate(known)
    _report(kept, f"No longer kept: {plain(kept.question)}", as_json)
    return True


def _list(remote: Remote, *, seen: bool, as_json: bool) -> None:
    listed = list(_kept(remote))
    for one in listed:
        found = QuestionFindingsSchema.model_validate(remote.call("GET", f"{_PATH}/{one['id']}"))
        say_json(found.model_dump(mode="json")) if as_json else say("\n".join(_lines(found)))
        if seen and found.question.new:
            remote.call("POST", f"{_PATH}/{one['id']}/seen", json={"up_to": found.findings[0].number})
    if not listed and not as_json:
        say('No question is kept yet. Keep one: `assistant questions "What is new about …?"`.')


def _kept(remote: Remote) -> Iterator[dict[str, Any]]:
    """All questions that are kept, page by page."""
    offset = 0
    while page := remote.call("GET", _PATH, params={"limit": _PAGE, "offset": offset})["questions"]:
        yield from page
        offset += len(page)


def _lines(found: QuestionFindingsSchema) -> Iterator[str]:
    """A question, and each finding that nobody has looked at."""
    question = found.question
    state = " (paused)" if question.paused else ""
    yield f"{question.id}  {plain(question.question)}{state}"
    yield f"    {question.new:,} new, {question.total:,} in all, kept since {_time(question.created)}"
    for one in found.findings:
        if one.new:
            yield f"    “{plain(' '.join(one.quote.split()))}”"
            yield f"        {plain(one.title)}  {one.published or ''}  {one.url}"
    for way, reason in question.troubles.items():
        yield f"    {way}: {plain(reason)}"


def _report(kept: StandingQuestionSchema, words: str, as_json: bool) -> None:
    say_json(kept.model_dump(mode="json")) if as_json else say(words)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
