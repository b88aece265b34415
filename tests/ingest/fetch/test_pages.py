"""Fetching from a real server on this machine, and from hostile addresses, servers and feeds."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedSource, EmptySource, FetchFailed, SourceError, TooLarge
from ingest.fetch import feeds, listings, network, pages
from ingest.fetch.listed_pages import parsed
from ingest.loaders import LOADERS, load, suffix_of
from ingest.settings import PREFIX, IngestSettings
from ingest.types import Item

INSIDE = "is an address inside your network; set ASSISTANT_ALLOW_PRIVATE_URLS=true to allow it"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = b"<html><body><h1>Bees</h1><p>Bees dance to tell where flowers are.</p></body></html>"


@dataclass
class Site:
    """A server on 127.0.0.1: what it answers by path, and the headers of the requests that it got."""

    port: int = 0
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: bytes = PAGE, status: int = 200, **headers: str) -> str:
        """Answer ``path`` in this way; the headers' names are written with _ for -."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.url(path)

    def redirect(self, path: str, to: str, **headers: str) -> str:
        return self.put(path, b"", 302, Location=to, **headers)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append((self.path, dict(self.headers)))
            try:
                site.answers[self.path](self)
            except OSError:  # the client has gone, as it should
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """The address of a server that answers its one request with these very bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(raw)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            thread.join()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Sequence[str]]:
    """The name server: the addresses of each host; others are not known."""
    known: dict[str, Sequence[str]] = {}
    system = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in known[host]]
        with suppress(OSError):  # 127.1 and 0x7f000001, as the system's look-up reads them
            host = socket.inet_ntoa(socket.inet_aton(host))
        kwargs["flags"] = socket.AI_NUMERICHOST
        return system(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def fetch(url: str, folder: Path, **options: Any) -> Item:
    return pages.fetch(url, folder, allow_private=True, **options)


def refusal(url: str, folder: Path, **options: Any) -> str:
    """Why ``url`` is not fetched; nothing of it is left behind."""
    with pytest.raises(FetchFailed) as caught:
        pages.fetch(url, folder, **options)
    assert caught.value.source == url
    assert not list(folder.iterdir())
    return caught.value.reason


# Addresses


@pytest.mark.parametrize(
    "url", ["https://a.de/b", "HTTP://a", " http://a", "ftp://a/b", "file:///etc/passwd"]
)
def test_is_url(url: str) -> None:
    assert pages.is_url(url)


@pytest.mark.parametrize(
    "path", ["", "a.pdf", "/a/b.md", "a/b://c", "C:\\a.txt", "C://a.txt", "~/x", "mailto:a@b.de", "www.a.de"]
)
def test_a_path_is_no_url(path: str) -> None:
    assert not pages.is_url(path)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://EXAMPLE.com:443#top", "https://example.com/"),
        ("http://example.com.:80/a/./c/../b?q=1&r#x", "http://example.com/a/b?q=1&r"),
        (" http://bücher.de/ä b?q=ü\n", "http://xn--bcher-kva.de/%C3%A4%20b?q=%C3%BC"),
        ("http://[2001:4860::1]:81/%7Ea%2Fb", "http://[2001:4860::1]:81/%7Ea%2Fb"),
    ],
)
def test_normalised(url: str, normal: str) -> None:
    assert str(pages.normalised(url)) == normal


@given(st.text() | st.text("htps:/.@[]%#?0127x ab\\").map(lambda rest: "http://" + rest))
def test_normalising_is_done_at_once_or_refused(url: str) -> None:
    with suppress(FetchFailed):
        once = pages.normalised(url)
        assert pages.normalised(str(once)) == once
        assert pages.is_url(url)
        assert once.raw_host
        assert not once.userinfo
        assert "#" not in str(once)


@pytest.mark.parametrize(
    "address",
    [
        "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.0.192",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::10.0.0.1",
        "64:ff9b:1::808:808", "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:a00:1::", "2002:808:808::1", "2002:7f00:1::1",
        "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1",
        "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_is_not_public(address: str) -> None:
    assert not network.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "223.255.255.255", "2001:200::1",
        "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ],
)  # fmt: skip
def test_is_public(address: str) -> None:
    assert network.is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_ipv6_address_is_as_public_as_the_ipv4_address_inside(inner: ipaddress.IPv4Address) -> None:
    for outer in (0xFFFF << 32 | int(inner), 0x64FF9B << 96 | int(inner)):
        assert network.is_public(ipaddress.IPv6Address(outer)) == network.is_public(inner)


@given(st.ip_addresses())
def test_no_public_address_has_a_special_purpose(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    near = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    assert not (network.is_public(address) and (near or not address.is_global))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0",
        "000.0x0", "127。0。0。1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "10.0.0.1", "192.168.0.1", "100.64.0.1",
        "224.0.0.1", "[fd00:ec2::254]", "[fe80::1]", "nas", "metadata.google.internal",
    ],
)  # fmt: skip
def test_refuses_hosts_inside(host: str, site: Site, tmp_path: Path, names: dict[str, Sequence[str]]) -> None:
    names["nas"] = ["192.168.1.2"]
    names["metadata.google.internal"] = ["169.254.169.254"]
    assert refusal(f"http://{host}:{site.port}/", tmp_path) == INSIDE
    with pytest.raises(FetchFailed, match="inside your network"):
        listings.pages_of(f"http://{host}:{site.port}/")
    assert not site.requests


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("ftp://example.com/a", "must begin with"),
        ("gopher://example.com/_GET", "must begin with"),
        ("//example.com/a", "must begin with"),
        ("example.com", "must begin with"),
        ("http://user:secret@example.com/", "has a user name in it"),
        ("http://example.com\\@127.0.0.1/", "has a user name in it"),
        ("http:///a", "check the host"),
        ("http://./", "check the host"),
        ("http://example.com:0/", "check the host and the port"),
        ("http://example.com:99999/", "check the host and the port"),
        ("http://example.com:x/", "check the spelling"),
        ("http://[::1/", "check the spelling"),
        ("http://0177.0.0.1/", "check the spelling"),
        ("http://①②⑦.0.0.1/", "check the spelling"),
        ("http://１２７.0.0.1/", "check the spelling"),
        ("http://example.com/\x00", "check the spelling"),
        ("http://\ud800/", "check the spelling"),
        ("http://nowhere.example/", "has a host that is not known"),
        ("http://" + "a" * 64 + ".example/", "has a host that is not known"),
        ("http://a..example/", "has a host that is not known"),
        ("http://%6cocalhost/", "has a host that is not known"),
    ],
)
@pytest.mark.usefixtures("names")
def test_refuses_what_is_no_address_of_the_web(url: str, says: str, tmp_path: Path) -> None:
    assert says in refusal(url, tmp_path)
    assert says in refusal(url, tmp_path, allow_private=True)


def test_the_message_names_a_setting_that_exists() -> None:
    names = {PREFIX + name.upper() for name in IngestSettings.model_fields}
    assert INSIDE.split()[-4].partition("=")[0] in names


def test_one_address_inside_is_enough_to_refuse(tmp_path: Path, names: dict[str, Sequence[str]]) -> None:
    names["both.example"] = ["8.8.8.8", "127.0.0.1"]
    assert refusal("http://both.example/", tmp_path) == INSIDE


def test_connects_to_the_address_that_was_checked(
    tmp_path: Path, names: dict[str, Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers differently the second time is not asked a second time."""
    names["rebinding.example"] = ["8.8.8.8", "9.9.9.9"]
    tried: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        tried.append(address)
        names["rebinding.example"] = ["127.0.0.1"]
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    assert "refused" in refusal("http://rebinding.example/", tmp_path)
    assert tried == [("8.8.8.8", 80), ("9.9.9.9", 80)]


def test_tries_all_addresses_of_a_host(site: Site, tmp_path: Path, names: dict[str, Sequence[str]]) -> None:
    names["site.example"] = ["127.0.0.2", "127.0.0.1"]
    site.put("/", Content_Type="text/html")
    assert fetch(f"http://site.example:{site.port}/", tmp_path).path.read_bytes() == PAGE
    assert site.requests[0][1]["Host"] == f"site.example:{site.port}"


def test_a_slow_name_server_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server answers only after the refusal, so that waiting for it would never end."""
    refused, answered = threading.Event(), []

    def look_up(*args: object, **kwargs: object) -> list[object]:
        answered.append(refused.wait(60))
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    try:
        assert "within 0.2 seconds" in refusal("http://a.example/", tmp_path, timeout=0.2)
        assert answered == []
    finally:
        refused.set()


# Redirects


def test_follows_redirects_with_cookies(site: Site, tmp_path: Path) -> None:
    site.redirect("/0", "/1", Set_Cookie="seen=yes")
    for number in range(1, pages.MAX_REDIRECTS):
        site.redirect(f"/{number}", site.url(f"/{number + 1}"))
    site.put(f"/{pages.MAX_REDIRECTS}", Content_Type="text/html")
    item = fetch(site.url("/0#part"), tmp_path)
    assert item.source == site.url(f"/{pages.MAX_REDIRECTS}")
    assert site.requests[-1][1]["Cookie"] == "seen=yes"


def test_gives_up_going_round(site: Site, tmp_path: Path) -> None:
    reason = refusal(site.redirect("/", "/"), tmp_path, allow_private=True)
    assert "redirects more than 5 times" in reason
    assert len(site.requests) == pages.MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "//2130706434:{port}/", "http://nas:{port}/"]
)
def test_checks_where_a_redirect_leads(
    to: str, site: Site, tmp_path: Path, names: dict[str, Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server stands for one outside.
    monkeypatch.setattr(network, "is_public", lambda address: str(address) == "127.0.0.1")
    names["nas"] = ["192.168.1.2"]
    reason = refusal(site.redirect("/", to.format(port=site.port)), tmp_path)
    assert reason.startswith("leads to http://")
    assert reason.endswith(f", which {INSIDE}")
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://a/b", "http://u:p@127.0.0.1/", "http://[", "http://a:x/"]
)
def test_redirects_lead_to_the_web_only(to: str, site: Site, tmp_path: Path) -> None:
    assert refusal(site.redirect("/", to), tmp_path, allow_private=True)
    assert len(site.requests) == 1


# What arrives


@pytest.mark.parametrize(
    ("path", "kind", "body", "name"),
    [
        ("/", "text/html; charset=utf-8", PAGE, "127.0.0.1.html"),
        ("/bees.html", "TEXT/HTML", PAGE, "bees.html"),
        ("/bees.htm", "text/html", PAGE, "bees.htm"),
        ("/bees.php?id=1", "application/xhtml+xml", PAGE, "bees.php.html"),
        ("/README.md", "text/html", PAGE, "README.md.html"),
        ("/README.md", "text/plain", b"# Bees", "README.md"),
        ("/notes", "text/plain", b"Bees", "notes.txt"),
        ("/notes", "text/markdown", b"# Bees", "notes.md"),
        ("/pdf/2401.00001", "application/pdf", b"%PDF-1.7", "2401.00001.pdf"),
        ("/download", "application/octet-stream", b"%PDF-1.7", "download.pdf"),
        ("/a.html", "text/html", b"%PDF-1.7", "a.html.pdf"),
        ("/a.DOCX", "application/octet-stream", b"PK", "a.DOCX"),
        ("/a", DOCX, b"PK", "a.docx"),
        ("/%C3%84pfel%20%26%20Birnen.txt", "", "Äpfel".encode(), "Äpfel & Birnen.txt"),
        ("/..%2F..%2Fetc%2F.x%00%5C%3A", "text/plain", b"x", "x.txt"),
        ("/%E2%80%AE/%2E%2E%2E", "text/html", PAGE, "page.html"),
        ("/" + "a" * 300, "text/html", PAGE, "a" * 100 + ".html"),
    ],
)
def test_names_what_it_fetched(
    path: str, kind: str, body: bytes, name: str, site: Site, tmp_path: Path
) -> None:
    item = fetch(site.put(path, body, Content_Type=kind), tmp_path / "new")
    assert item.name == name
    assert item.source == site.url(path)
    assert item.path.parent == tmp_path / "new"
    assert item.path.read_bytes() == body
    assert LOADERS[suffix_of(str(item.path))] is LOADERS[suffix_of(item.name)]


def test_what_it_fetched_can_be_loaded(site: Site, tmp_path: Path) -> None:
    item = fetch(site.put("/bees", Content_Type="text/html"), tmp_path)
    assert "Bees dance" in load(item.path.read_bytes(), item.name).text


def test_sources_of_one_name_are_kept_apart(site: Site, tmp_path: Path) -> None:
    one = fetch(site.put("/a/index.html", b"one", Content_Type="text/html"), tmp_path)
    two = fetch(site.put("/b/index.html", b"two", Content_Type="text/html"), tmp_path)
    assert (one.path.read_bytes(), two.path.read_bytes()) == (b"one", b"two")


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/a", "audio/mpeg", "sends audio/mpeg: what can be read is .txt"),
        ("/a.pdf", "image/png", "sends image/png"),
        ("/a.zip", "application/zip", "sends application/zip"),
        ("/a", "", "does not say what it sends"),
    ],
)
def test_refuses_what_cannot_be_read(path: str, kind: str, says: str, site: Site, tmp_path: Path) -> None:
    reason = refusal(site.put(path, b"\x00\x01", Content_Type=kind), tmp_path, allow_private=True)
    assert reason.startswith(says)
    assert ".docx" in reason


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "answers 401 Unauthorized: open it in a browser, save it and add the file"),
        (404, "answers 404 Not Found: check the address"),
        (429, "answers 429 Too Many Requests: try again later"),
        (503, "answers 503 Service Unavailable: try again later"),
        (599, "answers 599: try again later"),
        (300, "answers 300 Multiple Choices: open it in a browser, save it and add the file"),
    ],
)
def test_says_the_status_in_words(status: int, says: str, site: Site, tmp_path: Path) -> None:
    url = site.put("/", status=status, Content_Type="text/html")
    assert refusal(url, tmp_path, allow_private=True) == says
    moved = site.redirect("/old", "/")
    assert refusal(moved, tmp_path, allow_private=True) == f"leads to {url}, which {says}"


def test_says_who_asks_and_follows_no_proxy(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetch(site.put("/", Content_Type="text/html"), tmp_path)
    [(_, headers)] = site.requests
    assert headers["User-Agent"] == "article-assistant"
    assert headers["Accept-Encoding"] == "gzip"
    assert not {"Authorization", "Cookie", "Referer"} & headers.keys()


def test_says_that_nobody_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "refused" in refusal(f"http://127.0.0.1:{port}/", tmp_path, allow_private=True)


def test_says_that_it_cannot_save(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FetchFailed, match="cannot be saved"):
        fetch(site.put("/", Content_Type="text/html"), tmp_path / "file")


# Limits


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("more", [0, 1])
def test_the_size_limit(announced: bool, more: int, site: Site, tmp_path: Path) -> None:
    body = b"a" * (200_000 + more)
    url = site.put("/a.txt", body, Content_Length=str(len(body))) if announced else site.put("/a.txt", body)
    if not more:
        assert fetch(url, tmp_path, max_bytes=200_000).path.read_bytes() == body
        return
    with pytest.raises(TooLarge, match=r"has more than the 0.2 MB allowed") as caught:
        fetch(url, tmp_path, max_bytes=200_000)
    assert caught.value.source == url
    assert not list(tmp_path.iterdir())


def test_what_is_announced_too_large_is_not_downloaded(site: Site, tmp_path: Path) -> None:
    url = site.put("/a.txt", b"a", Content_Length="1000000000")
    with pytest.raises(TooLarge):
        fetch(url, tmp_path)


def drip(handler: BaseHTTPRequestHandler, start: bytes, drop: bytes, over: threading.Event) -> None:
    handler.wfile.write(start)
    while not over.wait(0.05):
        handler.wfile.write(drop)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["body", "headers", "informational", "silence"],
)
def test_a_slow_drip_ends_at_the_deadline(start: bytes, drop: bytes, site: Site, tmp_path: Path) -> None:
    over = threading.Event()  # it never ends by itself
    site.answers["/"] = lambda handler: drip(handler, start, drop, over)
    try:
        assert "did not arrive within 0.4 seconds" in refusal(
            site.url("/"), tmp_path, allow_private=True, timeout=0.4
        )
    finally:
        over.set()


def test_redirects_do_not_prolong_the_time(site: Site, tmp_path: Path) -> None:
    def later(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.2)
        handler.send_response(302)
        handler.send_header("Location", "/")
        handler.end_headers()

    site.answers["/"] = later
    reason = refusal(site.url("/"), tmp_path, allow_private=True, timeout=0.5)
    assert "did not arrive within 0.5 seconds" in reason


def test_a_gzip_bomb_does_not_burst(site: Site, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(300_000_000), compresslevel=9)
    url = site.put("/", bomb, Content_Type="text/html", Content_Encoding="gzip")
    fetch(site.put("/first", Content_Type="text/html"), tmp_path / "first")  # imports, caches
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            fetch(url, tmp_path / "bomb", max_bytes=100_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert not list((tmp_path / "bomb").iterdir())


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "deflate"])
def test_refuses_encodings_it_did_not_ask_for(encoding: str, site: Site, tmp_path: Path) -> None:
    url = site.put("/", Content_Type="text/html", Content_Encoding=encoding)
    assert f"is packed as {encoding}" in refusal(url, tmp_path, allow_private=True)


@pytest.mark.parametrize(
    "packed", [gzip.compress(PAGE, mtime=0)[:-9], gzip.compress(PAGE, mtime=0)[:-1] + b"?", PAGE, b""]
)
def test_says_that_gzip_is_damaged(packed: bytes, site: Site, tmp_path: Path) -> None:
    url = site.put("/", packed, Content_Type="text/html", Content_Encoding="gzip")
    assert "arrived damaged" in refusal(url, tmp_path, allow_private=True)


@given(st.binary(), st.integers(0, 20_000), st.integers(0, 20_000))
def test_unpacks_what_was_packed(piece: bytes, often: int, zeros: int) -> None:
    data = piece * often + bytes(zeros) + piece
    for body, encoding in (
        (gzip.compress(data), "gzip"),
        (gzip.compress(data) + b"rest", "X-GZIP"),
        (data, ""),
    ):
        response = httpx.Response(200, headers={"Content-Encoding": encoding}, stream=httpx.ByteStream(body))
        assert b"".join(pages.limited(pages.unpacked(response), len(data))) == data


@pytest.mark.usefixtures("names")
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(st.binary(max_size=200), st.binary(max_size=50))
@example(b"Content-Length: 5", b"abc")
@example(b"Content-Length: -1", b"abc")
@example(b"Content-Length: 1\r\nContent-Length: 2", b"abc")
@example(b"Transfer-Encoding: chunked", b"zz\r\n")
@example(b"Transfer-Encoding: chunked\r\nContent-Length: x", b"")
@example(b"Content-Type: \xff\xfe", b"")
@example(b"Set-Cookie: \xff=\xff; expires=\xff", b"")
def test_a_mad_server_is_a_source_error(tmp_path: Path, headers: bytes, body: bytes) -> None:
    for status in (b"200 OK", b"302 Found\r\nLocation: http://" + body, body):
        raw = b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\n\r\n" + body
        with suppress(SourceError), answering(raw) as url:
            assert fetch(url, tmp_path, timeout=60).source == url


def test_half_a_page_is_none(site: Site, tmp_path: Path) -> None:
    url = site.put("/", Content_Type="text/html", Content_Length="1000")
    assert "peer closed connection" in refusal(url, tmp_path, allow_private=True)


# Certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for site.example that nobody has signed, with its key."""
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=site.example -keyout key.pem -out c.pem"
    )
    name = ["-addext", "subjectAltName=DNS:site.example"]
    subprocess.run([*command.split(), *name], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(certificate: Path, names: dict[str, Sequence[str]]) -> Iterator[Site]:
    names["site.example"] = names["other.example"] = ["127.0.0.1"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "c.pem", certificate / "key.pem")
    with serving(context) as site:
        site.put("/", Content_Type="text/html")
        yield site


def test_refuses_certificates_of_nobody(secure: Site, tmp_path: Path) -> None:
    reason = refusal(f"https://site.example:{secure.port}/", tmp_path, allow_private=True)
    assert reason.startswith("has no valid certificate (self-signed certificate)")


def test_checks_the_certificate_of_the_host_not_of_its_address(
    secure: Site, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "c.pem"))
    monkeypatch.setattr(network, "_trusted", lambda: trusting)
    reason = refusal(f"https://other.example:{secure.port}/", tmp_path, allow_private=True)
    assert "Hostname mismatch" in reason
    assert "has no valid certificate" in refusal(
        secure.url("/").replace("http", "https"), tmp_path, allow_private=True
    )
    assert fetch(f"https://site.example.:{secure.port}/", tmp_path).path.read_bytes() == PAGE


# Feeds

RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<link>http://a.example/</link><atom:link rel="self" href="http://a.example/feed"/>
<item><title>1</title><link>http://a.example/1</link></item>
<item><atom:link rel="self" href="/no"/><link><![CDATA[ http://a.example/2?a&b#c ]]></link></item>
<item><link>/3</link></item><item><link>http://a.example/1</link></item>
<item><link>javascript:alert(1)</link></item><item><link>http://[</link></item><item><link/></item><item/>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/blog/">
<link rel="self" href="http://a.example/feed"/>
<entry><link rel="enclosure" href="/x.mp3"/><link rel="alternate" href="1"/><link href="other"/></entry>
<entry><link href="http://b.example/2"/></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel/><item><link>https://a.example/1</link></item></rdf:RDF>"""
LAUGHS = (
    b"<!DOCTYPE rss [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12))
    + b"]><rss><item><link>http://a.example/1</link><title>&a11;</title></item></rss>"
)
OUTSIDE = (
    b"<!DOCTYPE rss [<!ENTITY x SYSTEM '%s'>]>"
    b"<rss><item><link>http://a.example/1</link></item><item><link>&x;</link></item></rss>"
)


def expand(url: str, **options: Any) -> list[str]:
    return list(listings.pages_of(url, allow_private=True, **options))


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "text/xml; charset=utf-8", "text/html", "text/plain", ""]
)
def test_expands_rss(kind: str, site: Site) -> None:
    url = site.redirect("/old", site.put("/feed", RSS, Content_Type=kind))
    assert expand(url) == ["http://a.example/1", "http://a.example/2?a&b", site.url("/3")]


@pytest.mark.parametrize(
    ("feed", "links"),
    [
        (ATOM, ["http://a.example/blog/1", "http://b.example/2"]),
        (RDF, ["https://a.example/1"]),
        (ATOM.decode().encode("utf-16"), ["http://a.example/blog/1", "http://b.example/2"]),
    ],
    ids=["Atom", "RSS 1.0", "UTF-16"],
)
def test_expands_feeds(feed: bytes, links: list[str], site: Site) -> None:
    assert expand(site.put("/", feed, Content_Type="application/xml")) == links


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", PAGE),
        ("text/html", b"<p>An RSS feed begins with <rss version='2.0'>"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html><p>&nbsp;</html>"),
        ("application/xml", b"<book><item><link>http://a.example/</link></item></book>"),
        ("application/pdf", b"%PDF-1.7"),
        ("text/plain", b""),
    ],
)
def test_a_page_is_no_feed(kind: str, body: bytes, site: Site) -> None:
    url = site.put("/", body, Content_Type=kind)
    assert expand(url) == [url]


@pytest.mark.parametrize(
    ("feed", "days"),
    [
        (
            b"<rss><item><link>/1</link><pubDate>Sat, 14 Mar 2026 23:30:00 -0500</pubDate></item></rss>",
            ["2026-03-14"],
        ),
        (
            b"<rss><item><link>/1</link><pubDate>some day</pubDate></item><item><link>/2</link></item></rss>",
            [None, None],
        ),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/><updated>2026-03-15T10:00:00Z</updated>'
            b"<published>2026-03-14T10:00:00Z</published></entry><entry><link href='/2'/><updated>2026-03-15</updated></entry></feed>",
            ["2026-03-14", None],
        ),
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
            b' xmlns:dc="http://purl.org/dc/elements/1.1/"><item><link>/1</link><dc:date>2026-03-14</dc:date></item></rdf:RDF>',
            ["2026-03-14"],
        ),
        (b"<rss><item><link>/1</link><pubDate>Sat, 14 Mar 2999 10:00:00 GMT</pubDate></item></rss>", [None]),
    ],
)
def test_a_feed_says_when_its_entries_were_published(feed: bytes, days: list[str | None]) -> None:
    listed = feeds.feed_pages(parsed(feed, "http://a.example/"), "http://a.example/")
    assert [page.published and page.published.isoformat() for page in listed] == days


def test_a_billion_laughs_are_not_laughed(site: Site) -> None:
    with suppress(DamagedSource):  # by some versions of libxml2
        assert expand(site.put("/", LAUGHS, Content_Type="application/xml")) == ["http://a.example/1"]


def test_a_large_file_is_no_feed(site: Site) -> None:
    url = site.put(
        "/a.pdf", b"%PDF-" + bytes(1_000_000), Content_Type="application/pdf", Content_Length="1000005"
    )
    assert expand(url, max_bytes=10) == [url]


def test_feeds_load_nothing(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("http://a.example/secret", encoding="utf-8")
    for place in (secret.as_uri(), site.url("/entity")):
        url = site.put("/feed", OUTSIDE % place.encode(), Content_Type="application/xml")
        assert expand(url) == ["http://a.example/1"]
    assert {path for path, _ in site.requests} == {"/feed"}


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"<rss><channel>", DamagedSource, "is a damaged feed"),
        (b"<rss>" + b"<a>" * 100_000, DamagedSource, "is a damaged feed"),
        (b"<rss><channel><item/></channel></rss>", EmptySource, "without links"),
        (b"<rss>" + b" " * 1_000_000, TooLarge, "more than the 0.9 MB"),
        (RSS.replace(b"<item>", b"<item>&undefined;"), DamagedSource, "is a damaged feed"),
    ],
)
def test_says_what_is_wrong_with_a_feed(body: bytes, error: type[SourceError], says: str, site: Site) -> None:
    url = site.put("/", body, Content_Type="text/html")
    with pytest.raises(error, match=says) as caught:
        expand(url, max_bytes=900_000)
    assert caught.value.source == url


@given(st.binary() | st.text("<>/!&;[]'\" rsfedlinktm:=?", min_size=1).map(str.encode))
def test_any_xml_is_read_or_refused(body: bytes) -> None:
    with suppress(DamagedSource, EmptySource):
        url = "http://a/"
        listed = feeds.feed_pages(parsed(b"<rss><item>" + body + b"</item></rss>", url), url)
        assert all(str(pages.normalised(page.url)) == page.url for page in listed)


def article(link: str = "", base: str = "") -> bytes:
    return f"<html><head>{base}{link}</head><body><h1>Bees</h1><p>Bees dance.</p></body></html>".encode()


@pytest.mark.parametrize(
    ("path", "canonical", "source"),
    [
        ("/bees?page=1", '<link rel="canonical" href="/bees">', "/bees"),
        ("/bees?print=1", "<link href=bees rel='nofollow Canonical'>", "/bees"),
        ("/amp/bees", '<base href="/all/"><link rel=canonical href="bees#top"/>', "/all/bees"),
        ("/bees?a=1", '<link rel="canonical" href="/bees?utm_source=feed">', "/bees"),
        ("/bees", '<link rel="canonical" href="http://other.example/bees">', "/bees"),
        ("/bees", '<link rel="canonical" href="/">', "/bees"),
        ("/bees", '<link rel="canonical" href="javascript:alert(1)">', "/bees"),
        ("/bees", '<link rel="canonical" href="http://[">', "/bees"),
        ("/bees", '<link rel="alternate" href="/feed">', "/bees"),
        ("/bees", '</head><body><link rel="canonical" href="/wasps">', "/bees"),
        ("/bees", "<![x <!x>", "/bees"),
    ],
)
def test_a_page_is_known_by_the_address_that_it_gives_as_its_own(
    site: Site, tmp_path: Path, path: str, canonical: str, source: str
) -> None:
    address = site.put(path, article(canonical), Content_Type="text/html")
    assert pages.fetch(address, tmp_path, allow_private=True).source == site.url(source)


@pytest.mark.parametrize(
    ("address", "fetched"),
    [
        ("http://a.example/b?utm_source=x&utm_medium=y", "http://a.example/b"),
        ("http://a.example/b?id=3&fbclid=x&p=%C3%A4#c", "http://a.example/b?id=3&p=%C3%A4"),
        ("http://a.example/b?gclid=1&wt_mc=2&mc_cid=3&at_medium=4", "http://a.example/b"),
        ("http://a.example/b?futm_source=x&ref=y", "http://a.example/b?futm_source=x&ref=y"),
        ("http://a.example/b?a&b=", "http://a.example/b?a&b="),
    ],
)
def test_what_only_counts_readers_is_no_part_of_an_address(address: str, fetched: str) -> None:
    assert str(pages.normalised(address)) == fetched
