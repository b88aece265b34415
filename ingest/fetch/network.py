"""The gate to the network: connections only to addresses that were checked, each redirect again."""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLCertVerificationError, SSLContext
from typing import Any

import httpcore
import httpx

from ingest.errors import FetchFailed

_CONNECT_SECONDS = 10.0  # for one of a host's addresses, so that there is time for the next
_HEADERS = {
    "User-Agent": "article-assistant",
    "Accept": "text/html, application/xhtml+xml, application/pdf, text/markdown, text/plain, */*;q=0.5",
    "Accept-Encoding": "gzip",  # the one that is unpacked here
}

# Unicast addresses of the Internet are given out from 2000::/3 only.
_INTERNET_IPV6 = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_IN_NO_PRIVATE_RANGE_BUT_NEAR = (
    ip_network("192.0.0.0/24"),  # protocol assignments: the next router
    ip_network("192.88.99.0/24"),  # the next 6to4 relay
    ip_network("224.0.0.0/4"),  # multicast
    ip_network("168.63.129.16/32"),  # the host of a virtual machine in Azure
    ip_network("2001::/23"),  # protocol assignments, with Teredo
    ip_network("2001:db8::/32"),  # examples
    ip_network("2002::/16"),  # the next 6to4 relay
    ip_network("3fff::/20"),  # examples
)

# What httpx, httpcore, zlib and the disk raise while a page is fetched; `failure` says what each of them means.
FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpx.HTTPError,
    httpx.InvalidURL,
    UnicodeError,  # httpx's of cookies and redirects that are not ASCII
    zlib.error,
    OSError,
)


def failure(error: Exception, timeout: float) -> FetchFailed:
    """One of `FAILURES` as an error that names no source; ``timeout`` is the limit in seconds."""
    match error, error.__context__:  # httpcore cuts the cause off
        case httpcore.ConnectTimeout(), _:
            return FetchFailed("", "no_answer")
        case httpcore.TimeoutException(), _:
            return FetchFailed("", "late", seconds=f"{timeout:g}")
        case _, socket.gaierror() | UnicodeError():
            return FetchFailed("", "unknown_host")
        case _, SSLCertVerificationError() as cause:
            return FetchFailed("", "certificate", why=cause.verify_message)
        case zlib.error(), _:
            return FetchFailed("", "arrived_damaged")
        case OSError() as failed, _:
            return FetchFailed("", "unsaved", why=failed.strerror)
    return FetchFailed("", "unfetched", why=error or type(error).__name__)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether ``address``, and the IPv4 address inside it if there is one, lies on the public Internet."""
    if any(address in network for network in _IN_NO_PRIVATE_RANGE_BUT_NEAR):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global
    if address.ipv4_mapped or address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _INTERNET_IPV6


def client_for(allow_private: bool, timeout: float) -> httpx.Client:
    """An httpx client that reaches public addresses only, and ends after ``timeout`` seconds."""
    transport = _Transport(_Gate(allow_private, timeout))
    return httpx.Client(transport=transport, trust_env=False, headers=_HEADERS, timeout=timeout)


class _Gate(httpcore.SyncBackend):
    """Connects to no host but by an address that it has checked: there is no second look-up to lie to."""

    def __init__(self, allow_private: bool, timeout: float) -> None:
        self._allow_private = allow_private
        self._deadline = time.monotonic() + timeout

    def left(self) -> float:
        """Seconds until the deadline; raises `httpcore.ReadTimeout` after it."""
        if (seconds := self._deadline - time.monotonic()) <= 0:
            raise httpcore.ReadTimeout
        return seconds

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        addresses = _addresses(host, self.left())
        if not (self._allow_private or all(is_public(ip_address(address)) for address in addresses)):
            raise FetchFailed("", "private")
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._connected(address, port)
        return self._connected(addresses[-1], port)

    def _connected(self, address: str, port: int) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(address, port, min(_CONNECT_SECONDS, self.left())), self)


class _Stream(httpcore.NetworkStream):
    """A connection on which every wait ends at the deadline, however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, gate: _Gate) -> None:
        self._stream = stream
        self._gate = gate

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._gate.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._gate.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._gate.left()), self._gate)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """Carries httpx's requests over the connections of a `_Gate`."""

    def __init__(self, gate: _Gate) -> None:
        self._pool = httpcore.ConnectionPool(_trusted(), network_backend=gate)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(request.method, target, headers=request.headers.raw, content=request.stream)
        response = self._pool.handle_request(sent)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@cache
def _trusted() -> SSLContext:
    """The authorities whose certificates are valid; reading them takes longer than many a fetch."""
    return httpx.create_ssl_context(trust_env=False)


def _addresses(host: str, seconds: float) -> list[str]:
    """The addresses of ``host``; the system's look-up knows no time limit, so it runs aside."""
    aside = ThreadPoolExecutor(1)
    try:
        found = aside.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM).result(seconds)
        return list(dict.fromkeys(str(place[0]) for *_, place in found))
    except TimeoutError as error:
        raise httpcore.ReadTimeout from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    finally:
        aside.shutdown(wait=False)
