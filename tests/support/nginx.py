"""nginx for one run, by a user without rights, around the file that deploy/ offers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.chroma_server import free_port
from tests.support.server import ROOT

_MAIN = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/assistant.conf;
}}
"""


def nginx_program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def nginx(program: str, folder: Path, ports: Sequence[int]) -> Iterator[int]:
    """The port where it listens, before the servers at these ``ports`` of this machine; its files lie in ``folder``."""
    port = free_port()
    servers = "\n    ".join(f"server 127.0.0.1:{one};" for one in ports)
    example = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("server 127.0.0.1:7860;", servers),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert example.count(old) == 1
        example = example.replace(old, new)
    (folder / "assistant.conf").write_text(example, "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user), "utf-8")
    process = subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
    try:
        _wait_for(port)
        yield port
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(30)
    assert "[emerg]" not in (folder / "error.log").read_text("utf-8")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nginx does not listen")
