"""The commands ``assistant users`` and ``assistant keys``. They take effect at once, also on a running server."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from assistant.access import administration, passwords
from assistant.access.accounts import ApiKey, now
from assistant.access.callers import ROLES
from assistant.access.store import Store, open_store
from assistant.errors import BadAccess
from assistant.settings import Settings
from ingest.client.terminal import complain, say, say_json

LONGEST = 3_650  # days that a key may last


class _Subparsers(Protocol):
    """What `argparse` returns for adding commands to a parser, whose class is private there."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser: ...


_Action = Callable[[argparse.Namespace, Store], None]


@dataclass(frozen=True, slots=True)
class _Command:
    """A command over the store, to be called by ``assistant`` with its options and settings."""

    action: _Action

    def __call__(self, options: argparse.Namespace, settings: Settings) -> int:
        self.action(options, open_store(settings))
        return 0


def add_commands(commands: _Subparsers) -> None:
    """Add both commands to those of a parser."""
    users = _group(commands, "users", "Add, list and remove users, who sign in with a password.")
    add = _leaf(
        users, "add", _add_user, "Add a user. The password is asked for, or read from standard input."
    )
    add.add_argument("name")
    _role(add)
    add.add_argument(
        "--print",
        action="store_true",
        dest="print_only",
        help="store nothing: print the entry for ASSISTANT_USERS, the password as a hash",
    )
    _leaf(users, "list", _list_users, "List the users.")
    _leaf(users, "remove", _remove_user, "Remove a user, whose sessions end.").add_argument("name")
    _leaf(users, "passwd", _passwd, "Give a user another password, which ends their sessions.").add_argument(
        "name"
    )
    keys = _group(commands, "keys", "Create, list and revoke API keys, one for each tool.")
    create = _leaf(keys, "create", _create_key, "Create a key and show it, once.")
    create.add_argument("name")
    _role(create)
    create.add_argument("--days", type=_days, help="how long it is good (until it is revoked)")
    _leaf(keys, "list", _list_keys, "List the keys, without their secrets.")
    _leaf(keys, "revoke", _revoke_key, "Revoke a key.").add_argument("key", help="its name or id")


def _group(commands: _Subparsers, name: str, description: str) -> _Subparsers:
    group = commands.add_parser(name, help=description, description=description)
    return group.add_subparsers(metavar="COMMAND", required=True)


def _leaf(group: _Subparsers, name: str, action: _Action, description: str) -> argparse.ArgumentParser:
    command = group.add_parser(name, help=description, description=description)
    command.set_defaults(run=_Command(action))
    command.add_argument("--json", action="store_true", help="one JSON object per line")
    return command


def _role(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--role",
        choices=ROLES,
        default="reader",
        help="reader asks; editor also adds and removes documents; admin also makes keys (reader)",
    )


def _days(value: str) -> int:
    days = int(value)
    if not 1 <= days <= LONGEST:
        raise argparse.ArgumentTypeError(f"from 1 to {LONGEST:,} days")
    return days


def _add_user(options: argparse.Namespace, store: Store) -> None:
    if options.print_only:
        say(f"{options.name}:{options.role}:{administration.hashed(_password())}")
        return
    user = administration.add_user(store, options.name, options.role, _password())
    _report({"name": user.name, "role": user.role}, f"Added {user.name} as {user.role}.", options)


def _list_users(options: argparse.Namespace, store: Store) -> None:
    for user in administration.users(store):
        _report({"name": user.name, "role": user.role}, f"{user.name:24}  {user.role}", options)


def _remove_user(options: argparse.Namespace, store: Store) -> None:
    administration.remove_user(store, options.name)
    _report({"removed": options.name}, f"Removed {options.name}.", options)


def _passwd(options: argparse.Namespace, store: Store) -> None:
    administration.set_password(store, options.name, _password())
    _report({"changed": options.name}, f"{options.name} has a new password.", options)


def _create_key(options: argparse.Namespace, store: Store) -> None:
    expires = now() + timedelta(days=options.days) if options.days else None
    key, secret = administration.create_key(store, options.name, options.role, expires)
    if options.json:
        say_json({**_as_json(key), "key": secret})
        return
    say(secret)
    complain("This is shown once: store it where the tool finds it. Send it as 'Authorization: Bearer …'.")


def _list_keys(options: argparse.Namespace, store: Store) -> None:
    for key in administration.keys(store):
        until = f"until {key.expires:%Y-%m-%d}" if key.expires else ""
        words = f"{key.id}  {key.name:24}  {key.role:8}  {key.state(now()):8}  {until}"
        _report(_as_json(key), words.rstrip(), options)


def _revoke_key(options: argparse.Namespace, store: Store) -> None:
    key = administration.revoke_key(store, options.key)
    _report({"revoked": key.id}, f"Revoked {key.name} ({key.id}).", options)


def _as_json(key: ApiKey) -> dict[str, object]:
    return {**key.record(), "state": key.state(datetime.now(UTC))}


def _password() -> str:
    """Typed twice at a terminal, which does not show it; otherwise one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password (at least {passwords.SHORTEST} characters): ")
    if getpass.getpass("Once more: ") != password:
        raise BadAccess("The two were not the same. Nothing was changed.")
    return password


def _report(data: dict[str, object], words: str, options: argparse.Namespace) -> None:
    say_json(data) if options.json else say(words)
