"""What the pages make of an exchange once it has ended, made once: it stays as it is while its conversation goes on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar

from assistant.web.answer.conversations import Exchange

# Of the latest exchanges; an answer's HTML takes some twenty kilobytes.
MOST_KEPT = 256

Rest = ParamSpec("Rest")
Made = TypeVar("Made")


def made_once(
    make: Callable[Concatenate[Exchange, Rest], Made],
) -> Callable[Concatenate[Exchange, Rest], Made]:
    """``make``, whose result for an exchange that has ended is kept. Thread-safe.

    It must depend on its arguments and the day alone, and all but the exchange must be hashable. Exchanges are told apart as objects:
    they are never changed, and to compare all that an answer holds would cost as much as to make it.
    """
    kept: OrderedDict[tuple[object, ...], tuple[Exchange, Made]] = OrderedDict()
    lock = Lock()

    def made(exchange: Exchange, /, *rest: Rest.args, **named: Rest.kwargs) -> Made:
        if exchange.pending:
            return make(exchange, *rest, **named)
        key = (id(exchange), date.today(), *rest, *sorted(named.items()))
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key][1]
        result = make(exchange, *rest, **named)
        with lock:
            kept[key] = exchange, result  # with the exchange itself: no other one gets its id meanwhile
            while len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return result

    return made
