"""Half an emoji at every door for text: no server error, nothing internal in what is said. And files of the same name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from assistant.service.service import Service
from assistant.settings import load_settings
from benchmarks.fault_checks import Checked
from tests.support.server import BRIDGE, Server, serving, wait_until_ready

HALVES, NAMES = "half characters", "names"
_HALVES = ("\\ud83d", "\\udc80 at the end \\ud83d", "\\ude00\\ud83d")  # as JSON writes them
_ASK = '{"question": "How long was the bridge%s?"'
# Where a text of a request may have one: method, path, and body.
_DOORS = (
    ("/api/ask", _ASK + "}"), ("/api/ask", _ASK + ', "stream": true}'), ("/api/search", '{"query": "bridge %s"}'),
    ("/api/ask", '{"question": "And why?", "history": [{"question": "%s", "answer": "x"}]}'),
    ("/api/ask", '{"question": "And why?", "history": [{"question": "x", "answer": "%s"}], "stream": true}'),
    ("/api/ask", '{"question": "Why?", "documents": ["%s"]}'), ("/api/search", '{"query": "bridge", "documents": ["%s"]}'),
    ("/v1/chat/completions", '{"model": "assistant", "messages": [{"role": "user", "content": "%s"}]}'),
    ("/v1/chat/completions", '{"model": "assistant", "stream": true, "messages": [{"role": "user", "content": "bridge %s"}]}'),
    ("/v1/chat/completions", '{"model": "assistant", "messages": [{"role": "system", "content": "%s"}, {"role": "user", "content": "x"}]}'),
    ("/v1/chat/completions", '{"model": "%s", "messages": [{"role": "user", "content": "x"}]}'),
    ("/api/documents", '{"url": "http://localhost:1/%s"}'), ("/api/ask", '{"%s": "x", "question": "Why?"}'),
    ("/mcp", '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "bridge %s"}}}'),
    ("/mcp", '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "bridge %s"}}}'),
)  # fmt: skip
_INTERNAL = ("TextEncodeInput", "surrogates", "Traceback", "codec can't", "UnicodeEncodeError")
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
# Names of two files, and whether they are two names.
_PAIRS = (
    ("Zürich.md", unicodedata.normalize("NFD", "Zürich.md"), False), ("Café.txt", unicodedata.normalize("NFD", "Café.txt"), False),
    ("ångström.md", unicodedata.normalize("NFD", "ångström.md"), False), ("Report.md", "report.md", True), ("REPORT.md", "report.md", True),
    ("Straße.md", "STRASSE.md", True), ("a.md", "a.txt", True), ("bericht.md", "bericht.md", False), ("x y.md", "x  y.md", True),
    ("a" * 300 + "1.md", "a" * 300 + "2.md", True), ("ü" * 200 + "1.md", "ü" * 200 + "2.md", True), ("lang" * 70 + ".md", "lang" * 70 + ".md", False),
    ("中文" * 60 + "1.txt", "中文" * 60 + "2.txt", True), ("\U0001f600" * 70 + "a.md", "\U0001f600" * 70 + "b.md", True),
    ("ohne.md", "ordner/ohne.md", False), ("ﬁnale.md", "finale.md", True),
)  # fmt: skip


def checks(work: Path) -> Iterator[Checked]:
    """A server in this process over the data folder configured; the embedding model is the one configured too."""
    service = Service(load_settings())
    service.start()
    with serving(service) as server:
        wait_until_ready(server)
        server.add(bridge=BRIDGE)
        for half in _HALVES:
            for path, body in _DOORS:
                yield _knock(server, path, body % half)
        for number, (one, two, different) in enumerate(_PAIRS):
            for at_once in (True, False):
                yield _sent(server, (one, two), different, f"{number}{at_once:d}", at_once)


def _knock(server: Server, path: str, body: str) -> Checked:
    answer = server.call("POST", path, content=body, headers=_HEADERS)
    said = answer.text
    right = answer.status_code < 500 and not any(word in said for word in _INTERNAL)
    return Checked(
        kind=HALVES, name=f"{path} {body}", right=right and "event: error" not in said, seen=said[:200]
    )


def _sent(server: Server, names: tuple[str, str], different: bool, mark: str, at_once: bool) -> Checked:
    """Two files with other texts: both are kept, or the second says what it replaces and how that is undone."""
    parts = [
        (
            "files",
            (
                f"{mark}-{name}" if "/" not in name else f"x/{mark}-{name[7:]}",
                f"Text {number} of pair {mark}.".encode(),
            ),
        )
        for number, name in enumerate(names)
    ]
    jobs = []
    for batch in [parts] if at_once else [parts[:1], parts[1:]]:
        sent = server.call("POST", "/api/documents", files=batch).json()
        if "jobs" not in sent:
            return Checked(kind=NAMES, name=f"{names} at once: {at_once}", right=False, seen=str(sent)[:200])
        jobs += [server.finished(job["id"]) for job in sent["jobs"]]
    ids = {job["document_id"] for job in jobs}
    told = bool(jobs[-1].get("replaces") and jobs[-1].get("removal_id"))
    states = [job["state"] for job in jobs]
    right = states == ["done", "done"] and (len(ids) == 2 or (not different and told))
    return Checked(kind=NAMES, name=f"{names} at once: {at_once}", right=right, seen=str(jobs)[:300])
