"""Whether a caller administers this machine: only such a one may have the server read a folder of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from assistant.access.callers import Caller

# What reverse proxies add: a request that has one of these may come from anywhere.
_FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})


def is_local_admin(caller: Caller | None, host: str, peer: str, headers: Iterable[str]) -> bool:
    """A command of the user that the server runs as; or anyone at a server that asks nobody and that only this machine reaches.

    ``host`` is where the server listens, ``peer`` the address of the other end, ``headers`` are the names of the
    request's. An administrator who has signed in may be anywhere, and need not be one of the machine.
    """
    if caller is None:
        return False
    if caller.via == "owner":
        return True
    names = {name.lower() for name in headers}
    forwarded = _FORWARDED & names or any(name.startswith("x-forwarded") for name in names)
    return caller.via == "open" and is_loopback(host) and is_loopback(peer) and not forwarded


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what is bound to ``host``."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
