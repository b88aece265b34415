"""A message to an address of the web: over the same checked connections as pages are fetched, and to that very address only."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.errors import FetchFailed, SourceError
from ingest.fetch import network
from ingest.fetch.pages import check_status, normalised

SECONDS = 10.0


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool = False,
    timeout: float = SECONDS,
) -> None:
    """Send ``body``; what is answered is not read. Raises `FetchFailed` unless it is a success: a redirect is none.

    ``timeout`` is in seconds, for everything together.
    """
    address = normalised(url)
    with network.client_for(allow_private, timeout) as client:
        try:
            with client.stream("POST", address, content=body, headers=headers) as response:
                check_status(response)
        except (SourceError, *network.FAILURES) as error:
            failure = error if isinstance(error, SourceError) else network.failure(error, timeout)
            raise FetchFailed(url, failure.code, **failure.values) from error
