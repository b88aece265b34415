"""A server that nobody asks anything leaves the machine alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.server import Server
from tests.support.waiting import wait_until

STATUS = Path("/proc/self/status")


def woken(process_id: int) -> int:
    """How often all threads of a process have waited for something and gone on."""
    switches = "voluntary_ctxt_switches:"
    files = Path(f"/proc/{process_id}/task").glob("*/status")
    return sum(
        int(line.removeprefix(switches))
        for file in files
        for line in file.read_text().splitlines()
        if line.startswith(switches)
    )


@pytest.mark.skipif(not STATUS.exists(), reason="Linux counts it there")
def test_an_idle_server_is_seldom_woken(guarded: Server) -> None:
    assert guarded.call("GET", "/").status_code in (200, 303)  # the pages are there

    def idle() -> bool:
        before, began = woken(guarded.process.pid), time.monotonic()
        time.sleep(1)
        return woken(guarded.process.pid) - before < 250 * (time.monotonic() - began)

    wait_until(idle)  # it may still have something to do for an earlier test
