"""All groups of checks by name, each with what it needs; those to which the embedding model does not matter have a tiny one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks.fault_checks import (
    Checked,
    addresses,
    doors,
    folder_cases,
    folders,
    followups,
    hidden,
    languages,
    lengths,
    matter,
)
from tests.support.tiny_model import write_tiny_model

_Checks = Callable[[Path], Iterator[Checked]]
# By the name that ``--only`` takes.
_PLAIN: dict[str, _Checks] = {
    "hidden": hidden.checks,
    "front matter": matter.checks,
    "lengths": lengths.checks,
    "languages": languages.checks,
    "follow-ups": followups.checks,
}
_WITH_TINY_MODEL: dict[str, _Checks] = {
    "folders": folders.checks,
    "addresses": addresses.checks,
    "doors": doors.checks,
}
NAMES = (*_PLAIN, *_WITH_TINY_MODEL, "cases")


def tried(only: Iterable[str], work: Path, cases: Path | None) -> Iterator[Checked]:
    """The checks of the groups ``only``, of all where it is empty; indexes lie in ``work``."""
    chosen = set(only) or set(NAMES)
    for name, checks in _PLAIN.items():
        if name in chosen:
            yield from checks(work)
    if chosen.intersection(_WITH_TINY_MODEL):
        yield from _with_tiny_model([name for name in _WITH_TINY_MODEL if name in chosen])
    if cases and "cases" in chosen:
        yield from folder_cases.checks(work, cases)


def _with_tiny_model(names: Iterable[str]) -> Iterator[Checked]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        before = dict(os.environ)
        os.environ["ASSISTANT_EMBEDDING_MODEL"] = str(write_tiny_model(root))
        os.environ["ASSISTANT_ALLOW_PRIVATE_URLS"] = "true"
        try:
            for name in names:
                os.environ["ASSISTANT_DATA_DIR"] = str(root / f"data of {name}")
                yield from _WITH_TINY_MODEL[name](root / name)
        finally:
            os.environ.clear()
            os.environ.update(before)


def rows(found: Iterable[Checked], before: dict[str, float]) -> Iterator[str]:
    """A line of a table for each kind and language; with the share that was right ``before`` where that is known."""
    by_row: dict[str, list[Checked]] = {}
    for one in found:
        apart = one.language in ("de", "en")
        by_row.setdefault(f"{one.kind}, {one.language}" if apart else one.kind, []).append(one)
    for name, some in by_row.items():
        share = sum(one.right for one in some) / len(some)
        earlier = f"{before[name]:.2f}" if name in before else ""
        yield f"| {name} | {len(some)} | {earlier} | {share:.2f} |"


def shares(lines: Iterable[str]) -> dict[str, float]:
    """The shares in the last column of the rows that an earlier run has printed, by the name of the row."""
    found = {}
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and cells[1].isdecimal():
            found[cells[0]] = float(cells[3])
    return found
