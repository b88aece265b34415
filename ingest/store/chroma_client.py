"""Opening Chroma, in this process or on a server, with every failure told apart as an error that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.api.client import Client
from chromadb.auth import UserIdentity
from chromadb.config import Settings
from chromadb.errors import (
    AuthorizationError,
    BatchSizeExceededError,
    ChromaAuthError,
    DuplicateIDError,
    IDAlreadyExistsError,
    InvalidArgumentError,
    InvalidDimensionException,
    InvalidHTTPVersion,
    InvalidUUIDError,
    NotFoundError,
    QuotaError,
    RateLimitError,
    UniqueConstraintError,
    VersionMismatchError,
)

from ingest.errors import IngestError, StoreError, StoreUnreachable
from ingest.store.disk_space import lay_out

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
# How SQLite says that its file is no database, or that it may not be written.
_DAMAGED = ("malformed", "not a database", "corrupt", "(code: 11)", "(code: 26)")
_UNWRITABLE = ("readonly", "read-only", "permission denied", "unable to open", "(code: 8)", "(code: 14)")
# What a proxy answers that has no Chroma at hand.
_PROXY_STATUSES = (502, 503, 504)
_REFUSED = (
    BatchSizeExceededError,
    DuplicateIDError,
    IDAlreadyExistsError,
    InvalidArgumentError,
    InvalidDimensionException,
    InvalidHTTPVersion,
    InvalidUUIDError,
    UniqueConstraintError,
    VersionMismatchError,
)


def connect(folder: Path, url: str) -> Any:
    """Chroma on the server at ``url``, or, without one, in this process with its files under ``folder``."""
    return server_client(url) if url else local_client(folder / "chroma")


def local_client(folder: Path) -> Any:
    """Chroma in this process, stored under ``folder``; telemetry off."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lay_out(folder)
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except Exception as error:  # Chroma's own errors, SQLite's, and bare ones of its Rust half
        raise local_failure(folder, error) from error
    return _Translating(client, lambda: _local_failures(folder))


def server_client(url: str) -> Any:
    """Chroma on a server, ``http(s)://host[:port]``. Raises `StoreUnreachable` where none answers."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    settings = Settings(
        anonymized_telemetry=False,
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=parts.hostname or "localhost",
        chroma_server_http_port=parts.port or (443 if secure else 8000),
        chroma_server_ssl_enabled=secure,
    )
    with _server_failures(url):
        client = _PatientClient(settings=settings)
    return _Translating(client, lambda: _server_failures(url))


class _PatientClient(Client):
    """Chroma's client with limits to how long it waits for the server.

    Chroma waits for ever, and has no setting for it: a server that hangs would hang every request. It asks the server
    while it is being made, first for the identity and then, by another client inside, for tenant and database.
    """

    def get_user_identity(self) -> UserIdentity:
        _limit_waiting(self)
        return super().get_user_identity()

    def _validate_tenant_database(self, tenant: str, database: str) -> None:
        _limit_waiting(self._admin_client)
        super()._validate_tenant_database(tenant, database)


def _limit_waiting(client: Any) -> None:
    client._server._session.timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)


class _Translating:
    """A client or a collection of Chroma's whose failures are errors of this package."""

    def __init__(self, inner: Any, failures: Callable[[], AbstractContextManager[None]]) -> None:
        self._inner = inner
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*arguments: Any, **options: Any) -> Any:
            with self._failures():
                result = method(*arguments, **options)
            return _Translating(result, self._failures) if isinstance(result, chromadb.Collection) else result

        return call


@contextmanager
def _local_failures(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Chroma's own errors, SQLite's, and bare ones of its Rust half
        raise local_failure(folder, error) from error


@contextmanager
def _server_failures(url: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Chroma's own errors, those of the HTTP client below it, and bare ones
        raise server_failure(url, error) from error


def local_failure(folder: Path, error: Exception) -> StoreError:
    """What a failure of Chroma in this process means, and what to do."""
    text = str(error) or type(error).__name__
    if _is_disk_full(text):
        return StoreError(
            f"The disk is full: the index in {folder} cannot be written ({text}). Free some space."
        )
    if any(sign in text.lower() for sign in _DAMAGED):
        return StoreError(
            f"The index in {folder} is damaged ({text}). Restore the data folder from a backup."
        )
    if any(sign in text.lower() for sign in _UNWRITABLE):
        return StoreError(
            f"The index in {folder} cannot be written ({text}). Check whose the folder is, and its permissions."
        )
    return StoreError(f"The index in {folder} cannot be read or written: {text}")


def server_failure(url: str, error: Exception) -> StoreError:
    """What a failure of a Chroma server, or of the way to it, means, and what to do."""
    status = _status(error)
    text = str(error) or (f"HTTP {status}" if status else type(error).__name__)
    check = "Check ASSISTANT_CHROMA_URL, and that it is running."
    if isinstance(error, NotFoundError):
        return StoreError(
            f"The index at {url} is not the one that was opened: it was made anew, or for another embedding "
            "model. Restart this server."
        )
    if any(isinstance(each, (httpx.TimeoutException, TimeoutError)) for each in _origins(error)):
        return StoreUnreachable(f"The Chroma server at {url} does not answer in time ({text}). {check}")
    if isinstance(error, (httpx.TransportError, ConnectionError)) or "Could not connect to" in text:
        return StoreUnreachable(f"The Chroma server at {url} does not answer ({text}). {check}")
    if isinstance(error, (ChromaAuthError, AuthorizationError)):
        return StoreError(f"The Chroma server at {url} refuses access ({text}). Check its credentials.")
    if isinstance(error, (RateLimitError, QuotaError)):
        return StoreError(
            f"The Chroma server at {url} has reached a limit ({text}). Wait, or raise its limit."
        )
    if _is_disk_full(text):
        return StoreError(f"The disk of the Chroma server at {url} is full ({text}). Free some space there.")
    if any(sign in text.lower() for sign in _DAMAGED):
        return StoreError(f"The data of the Chroma server at {url} is damaged ({text}). Restore its backup.")
    if isinstance(error, _REFUSED):
        return StoreError(f"The Chroma server at {url} refuses the request ({text}). Check its version.")
    if status in _PROXY_STATUSES:  # what stands before a server that is starting, or has stopped
        return StoreUnreachable(f"The Chroma server at {url} does not answer ({text}). {check}")
    return StoreError(f"The Chroma server at {url} failed: {text}. Its log may say more.")


def _is_disk_full(text: str) -> bool:
    return any(sign in text.lower() for sign in ("disk is full", "no space left", "(code: 13)"))


def _origins(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised for: Chroma's client passes on HTTP errors as others, with their text."""
    while error is not None and not isinstance(error, IngestError):  # one that was dealt with before
        yield error
        error = error.__cause__ or error.__context__


def _status(error: Exception) -> int | None:
    """The HTTP status of the server's response; None if the error is another."""
    failed = (each for each in _origins(error) if isinstance(each, httpx.HTTPStatusError))
    return next((each.response.status_code for each in failed), None)
