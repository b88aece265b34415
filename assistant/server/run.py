"""Serving until stopped: the port, the announcement to other processes, uvicorn."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import uvicorn
from threadpoolctl import threadpool_limits

from assistant.errors import AssistantError
from assistant.http import logs
from assistant.http.metrics import Metrics
from assistant.server.app import create_app, recorder
from assistant.service.service import COMMAND, Service
from assistant.settings import Settings
from ingest.store.lock import FolderLock

_GRACE = 2  # seconds that open connections get at the end


def serve(settings: Settings, *, samples: bool, on_open: Callable[[str], None]) -> None:
    """Serve until interrupted; ``on_open`` is given the address as soon as browsers can open it.

    Raises `StoreLocked` where another process has the data folder, `AssistantError` where the port is taken.
    """
    lock = FolderLock(settings.data_dir, COMMAND)
    try:
        listener = _listen(settings.host, settings.port)
        lock.announce(COMMAND, url_of(settings.host, listener))
        metrics = Metrics()
        # A question's products of matrices are small: further threads wait for one another, most of all while others ask.
        threadpool_limits(1, user_api="blas")
        service = Service(settings, samples=samples, lock=lock, on_answer=recorder(metrics, settings))
        try:
            _serve(service, metrics, settings, listener, on_open)
        finally:
            service.close()
    finally:
        lock.release()


def url_of(host: str, listener: socket.socket) -> str:
    """Where this machine reaches the server."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # compared, not bound
    name = everywhere.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise AssistantError(_unusable(host, port, error)) from error
    return listener


def _unusable(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Choose another, e.g. --port {port + 1}, or 0 for any."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one above 1023, e.g. --port 7860."
    return f"This machine cannot listen on {host}, port {port} ({error.strerror or error}). Check --host."


class _Server(uvicorn.Server):
    """uvicorn that calls ``on_open`` once it answers."""

    def __init__(self, config: uvicorn.Config, on_open: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_open = on_open

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Pages keep a connection open. Closing it at the end is no error and needs no traceback.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _serve(
    service: Service,
    metrics: Metrics,
    settings: Settings,
    listener: socket.socket,
    on_open: Callable[[str], None],
) -> None:
    if settings.log == "json":
        logs.configure()
    config = uvicorn.Config(
        create_app(service, settings, metrics=metrics),
        log_level="warning",
        log_config=None if settings.log == "json" else uvicorn.config.LOGGING_CONFIG,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `authentication.Proxies` reads them, from trusted proxies only
        timeout_graceful_shutdown=_GRACE,
    )
    logging.getLogger("uvicorn.error").addFilter(logs.left_page)
    address = url_of(settings.host, listener)
    # uvicorn sends itself the signal again when it ends: SIGTERM would then leave the folder announced.
    signal.signal(signal.SIGTERM, _terminated)
    _Server(config, lambda: on_open(address)).run(sockets=[listener])


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
