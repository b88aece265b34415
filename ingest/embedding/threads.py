"""How many threads models compute with."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from ingest.settings import omp_threads

# Less text than this is embedded by one thread. Several gain little on it when the machine is idle, and beside
# other work they wait for each other: a question took three to six times as long.
FEW_CHARACTERS = 8_000
SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"


@cache
def most_threads() -> int:
    """As many as OMP_NUM_THREADS says, else as there are cores that this process may use."""
    return omp_threads() or _cores()


def compute_with(characters: int) -> None:
    """Sets how many threads torch computes with, in the whole process, by how much text it is given."""
    import torch

    torch.set_num_threads(1 if characters < FEW_CHARACTERS else most_threads())


def _cores() -> int:
    """Cores, not the two threads that some run: these get in each other's way."""
    try:
        return len({Path(SIBLINGS.format(number)).read_text("ascii") for number in os.sched_getaffinity(0)})
    except (AttributeError, OSError):  # Linux alone tells
        return os.cpu_count() or 1
