"""The command ``assistant follow``: what the server visits again and again for what is new."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from datetime import datetime

from assistant.api.schemas.followed import FollowedSchema
from assistant.errors import NotFound
from assistant.settings import Settings
from ingest.client.terminal import complain, plain, say, say_json


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a feed, a sitemap, a page or a folder; without any, what is followed is listed",
    )
    parser.add_argument(
        "--stop", nargs="+", metavar="ID", default=[], help="follow these no longer; their documents stay"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.client import open_client
    from ingest.fetch.pages import is_url

    failed = False
    with closing(open_client(settings, "assistant follow")) as client:
        for followed_id in options.stop:
            try:
                stopped = client.unfollow(followed_id)
            except NotFound as error:
                failed = True
                complain(str(error))
                continue
            _report(stopped, f"No longer followed: {plain(stopped.source)}", options.json)
        for source in options.sources:
            path = os.path.abspath(os.path.expanduser(source))
            _report_added(client.follow(source if is_url(source) else path), options.json)
        if not options.stop and not options.sources:
            _list(client.followed(), options.json)
        elif options.sources and not client.url and not options.json:
            say("A running server visits what is followed: `assistant serve`.")
    return 1 if failed else 0


def _report_added(followed: FollowedSchema, as_json: bool) -> None:
    _report(followed, f"{followed.id}  followed: {plain(followed.source)}", as_json)


def _report(followed: FollowedSchema, words: str, as_json: bool) -> None:
    say_json(followed.model_dump(mode="json")) if as_json else say(words)


def _list(sources: list[FollowedSchema], as_json: bool) -> None:
    for source in sources:
        _report(source, "\n".join(_lines(source)), as_json)
    if not sources and not as_json:
        say("Nothing is followed yet. Follow a feed, a sitemap or a folder: `assistant follow SOURCE`.")


def _lines(source: FollowedSchema) -> list[str]:
    """A source in two lines, and one for each of its errors."""
    state = "paused" if source.paused else f"next visit {_time(source.next_visit)}"
    lines = [
        f"{source.id}  {source.kind or 'new'}  {plain(source.source)}",
        f"    last visit {_time(source.last_visit)}, {state}; {source.brought:,} brought in, {source.waiting:,} waiting",
    ]
    lines += [f"    {plain(source.error)}"] if source.error else []
    return lines + [f"    {plain(page.source)} {plain(page.error)}" for page in source.failed]


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "-"
