"""What can go wrong in ingestion. Every message says what to do.

IngestError
├── SourceError                 one source failed; the others go on
│   ├── SourceNotFound          no such file, or nothing readable in a folder
│   ├── UnsupportedFormat       no loader for it
│   ├── EmptySource             no text in it (0 bytes, blank, or a scan without a text layer)
│   ├── EncryptedSource         needs a password
│   ├── DamagedSource           cannot be parsed
│   ├── TooLarge                over a limit
│   └── FetchFailed             a URL that could not, or must not, be fetched
├── EmbeddingError              the embedding model is missing, damaged, or cannot run
├── StoreError                  the index cannot be used as it is
│   ├── StoreLocked             another process owns the data folder
│   ├── StoreUnreachable        the Chroma server does not answer
│   └── ModelMismatch           the index was made by another embedding model
├── WrongSetting                a setting has a wrong value or an unknown name
└── Cancelled                   the user stopped it
"""

from __future__ import annotations


class IngestError(Exception):
    """Root of all errors of this package."""


class SourceError(IngestError):
    """One source cannot be ingested. ``source`` names it, ``reason`` says why and what to do."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class SourceNotFound(SourceError):
    pass


class UnsupportedFormat(SourceError):
    pass


class EmptySource(SourceError):
    pass


class EncryptedSource(SourceError):
    pass


class DamagedSource(SourceError):
    pass


class TooLarge(SourceError):
    pass


class FetchFailed(SourceError):
    pass


class EmbeddingError(IngestError):
    pass


class StoreError(IngestError):
    pass


class StoreLocked(StoreError):
    pass


class StoreUnreachable(StoreError):
    pass


class ModelMismatch(StoreError):
    pass


class WrongSetting(IngestError):
    pass


class Cancelled(IngestError):
    pass
