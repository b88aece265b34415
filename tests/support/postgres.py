"""A PostgreSQL server of its own, for what several servers share; it runs as another user where these tests run as root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.chroma_server import free_port
from tests.support.waiting import wait_until

MISSING = "PostgreSQL is missing: apt-get install postgresql"
_USER = "postgres"  # Debian's package makes it


def postgres_programs() -> Path | None:
    """The folder of its programs; Debian has them in none of the usual ones."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    programs = postgres_programs()
    assert programs, MISSING
    data, port = folder / "postgres", free_port()
    data.mkdir()
    # It refuses to run as root; in a session of its own no signal of a terminal reaches it, or comes from it.
    started: dict[str, Any] = {"cwd": "/", "start_new_session": True, "stdin": subprocess.DEVNULL}
    if os.geteuid() == 0:
        started |= {"user": _USER, "group": _USER, "extra_groups": []}
        shutil.chown(data, _USER, _USER)
        for parent in [folder, *folder.parents]:  # the folders of tests are for their user alone
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    make = [programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "--no-sync", "-E", "UTF8"]
    subprocess.run(make, check=True, capture_output=True, **{**started, "stdin": None})
    options = ["-p", str(port), "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"]
    process = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", data, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **started,
    )
    try:
        ready = [programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        wait_until(lambda: subprocess.run(ready, capture_output=True).returncode == 0)
        yield f"postgresql://{_USER}@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGQUIT)  # at once, whoever is connected: nothing of it is kept
        process.wait(30)
