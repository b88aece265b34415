"""What a forked server imports beforehand, and runs."""

from __future__ import annotations

import gc
import signal
import socket
from datetime import date
from multiprocessing.connection import Connection
from types import FrameType

import uvicorn

import ingest.embedding.sentence_transformer
import ingest.store.index  # noqa: F401  # forked servers find it imported
from assistant.answering.asked_days import asked_days
from assistant.language.lexicon import shipped
from assistant.retrieval.query import understand
from assistant.server.app import create_app
from assistant.service.service import COMMAND, Service
from assistant.settings import load_settings
from ingest.privacy import quiet, silence
from ingest.store.lock import FolderLock

# The tables that every server reads before its first answer are read once, before it is forked.
for language, question in (("de", "Was sagte gestern jeder?"), ("en", "What did they all say yesterday?")):
    understand(question, ("de", "en"), shipped())
    asked_days(question, language, date.today())
# What is there by now is never garbage: servers need not look through it, which takes each half a second.
gc.freeze()


def serve(told: Connection) -> None:
    """Serve until a signal comes; the address is sent first."""
    silence()
    settings = load_settings()
    quiet(*settings.local_models)
    lock = FolderLock(settings.data_dir, COMMAND)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    lock.announce(COMMAND, address)
    service = Service(settings, lock=lock)
    config = uvicorn.Config(create_app(service, settings, pages=False), log_level="critical")
    server = uvicorn.Server(config)
    told.send(address)
    told.close()

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    signal.signal(signal.SIGTERM, stop)
    server.run(sockets=[listener])
    service.close()
    raise SystemExit(0)
