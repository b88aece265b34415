"""A PostgreSQL server of its own, for what several servers share; it runs as another user where these tests run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.chroma_server import free_port

MISSING = "PostgreSQL is missing: apt-get install postgresql"


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
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(data, "postgres")
        for parent in [folder, *folder.parents]:  # the folders of tests are for their user alone
            if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    made = [
        *user,
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-sync",
        "-E",
        "UTF8",
    ]
    subprocess.run(made, check=True, capture_output=True, cwd="/")
    options = ["-p", str(port), "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"]
    command = [*user, programs / "postgres", "-D", data, "-k", data, *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        ready = [programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-t", "20"]
        for _ in range(200):
            if subprocess.run(ready, capture_output=True).returncode == 0:
                break
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        stop = [*user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, capture_output=True, cwd="/")
        process.wait(30)
