"""A server that is killed at random moments amid what it is told to do, and a plain model of what must be there afterwards.

Every document says in each sentence which version of which document it is, so that a half, a mixture and a double show. What
was confirmed before the kill must be there; of what was not, the old or the new version, whole and once.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx

from tests.support import forked
from tests.support.containers import zipped
from tests.support.server import Server
from tests.support.site import Served, Site

UPLOADS = ("ants", "bees", "cats", "dogs")
MEMBERS = ("figs", "nuts", "pears")
FILES = ("iron", "lead", "zinc")
SENTENCES = 40
_SAID = re.compile(r"Version (\d+) of (\w+), sentence (\d+)")
_WORDS = ("harbour", "bridge", "council", "river", "market", "school")
_SETTINGS = {
    "ASSISTANT_ALLOW_PRIVATE_URLS": "true",
    "ASSISTANT_RATE_LIMIT": "1000000",
    "OMP_NUM_THREADS": "1",
}
_PATIENCE = 180.0
_GIVEN_UP = "was given up"

Act = Callable[[], object]


class _NotDone(Exception):
    """The command has failed: its server was killed."""


def article(name: str, version: int) -> str:
    sentences = (
        f"Version {version} of {name}, sentence {number} speaks of the {_WORDS[(version + number) % len(_WORDS)]}."
        for number in range(SENTENCES)
    )
    return " ".join(sentences)


def said(text: str) -> tuple[str, int] | None:
    """The document and the version that a text is, whole; None for anything else."""
    found = _SAID.findall(text)
    versions = {(name, int(version)) for version, name, _ in found}
    if len(versions) != 1 or [int(number) for _, _, number in found] != list(range(SENTENCES)):
        return None
    return versions.pop()


class KilledServer:
    """The server over ``folder``, and what must be there: of each document the versions that may be; 0 is none.

    ``site`` is where the feed is that it follows. What is known survives in ``folder``, so that a run can be gone on with.
    """

    def __init__(self, folder: Path, models: Sequence[Path], site: Site) -> None:
        self.folder = folder
        self._models = models
        self._site = site
        self._state = folder / "model.json"
        self._server: Server | None = None
        self._process: ForkServerProcess | None = None
        self.versions: dict[str, int] = {}
        self.allowed: dict[str, set[int]] = {}
        self.pages = 0
        self._first_page = 1  # of this run's feed: the address of an earlier run's is gone
        self.model = 0
        self.kills = 0
        if self._state.exists():
            self._restore(json.loads(self._state.read_text()))

    # -- what is done ------------------------------------------------------------------------

    def upload(self, names: Sequence[str], delay: float) -> str:
        """Upload documents, new ones or other versions."""
        texts = self._next(names)
        files = [("files", (f"{name}.txt", text.encode())) for name, text in texts.items()]
        return self._amid("upload", names, delay, lambda: self._post(files))

    def delete(self, name: str, delay: float) -> str:
        self._settle()
        listed = self._call("GET", "/api/documents", params={"limit": 1_000}).json()["documents"]
        found = next((one["id"] for one in listed if one["source"] == f"{name}.txt"), "")
        self.allowed.setdefault(name, {0}).add(0)
        return self._amid("delete", [name], delay, lambda: self._delete(found), gone=True)

    def pack(self, names: Sequence[str], delay: float) -> str:
        """Upload an archive; what was in the one before and is not in this one goes."""
        self._settle()
        texts = self._next(names)
        left = [name for name in MEMBERS if name not in names and self.allowed.get(name, {0}) != {0}]
        for name in left:
            self.allowed[name].add(0)
        files = [("files", ("pack.zip", zipped({f"{name}.txt": text for name, text in texts.items()})))]
        return self._amid("archive", names, delay, lambda: self._post(files), left=left)

    def sync(self, names: Sequence[str], delay: float) -> str:
        """Make the folder hold these documents, and `ingest --sync` it through the server."""
        self._settle()
        folder = self.folder / "synced"
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, text in self._next(names).items():
            (folder / f"{name}.txt").write_text(text)
        left = [name for name in FILES if name not in names and self.allowed.get(name, {0}) != {0}]
        for name in left:
            self.allowed[name].add(0)
        return self._amid("sync", names, delay, lambda: self._sync(folder), left=left)

    def follow(self, delay: float) -> str:
        """The feed that is followed lists one more page."""
        self.pages += 1
        name = f"page{self.pages}"
        self._serve_feed()
        self._next([name])
        return self._amid("follow", [name], delay, self._visit, confirmed=False)

    def reindex(self, delay: float) -> str:
        """Change to the other model."""
        self.model = 1 - self.model
        self._end(kill=False)
        self._started()
        return self._amid("reindex", [], delay, lambda: self._call("POST", "/api/reindex").raise_for_status())

    # -- what must hold ----------------------------------------------------------------------

    def check(self) -> None:
        """Once all is done that was begun: every document is there whole and once, in a version that may be."""
        self._settle()
        listed = self._call("GET", "/api/documents", params={"limit": 1_000}).json()["documents"]
        texts = [self._call("GET", f"/api/documents/{one['id']}/text").json()["text"] for one in listed]
        found = [said(text) for text in texts]
        halves = [one["source"] for one, what in zip(listed, found, strict=True) if what is None]
        assert not halves, f"not whole: {halves}"
        there = dict(what for what in found if what)
        doubled = [name for name, number in Counter(what[0] for what in found if what).items() if number > 1]
        assert not doubled, f"there twice: {doubled}"
        for name, versions in self.allowed.items():
            assert there.get(name, 0) in versions, f"{name}: {there.get(name, 0)}, not {sorted(versions)}"
        assert there.keys() <= self.allowed.keys()
        integrity = self._call("GET", "/api/integrity").json()
        assert integrity["whole"], integrity
        self.allowed = {name: {there.get(name, 0)} for name in self.allowed}
        self._answers(there)
        self._save()

    def _answers(self, there: dict[str, int]) -> None:
        if there:
            name, version = sorted(there.items())[0]
            query = {"query": f"Version {version} of {name}", "limit": 5}
            hits = self._call("POST", "/api/search", json=query).json()["hits"]
            assert any(name in hit["text"] for hit in hits), (name, version)

    def close(self) -> None:
        self._end(kill=False)

    # -- how ---------------------------------------------------------------------------------

    def _amid(
        self,
        what: str,
        names: Iterable[str],
        delay: float,
        act: Act,
        *,
        gone: bool = False,
        left: Sequence[str] = (),
        confirmed: bool = True,
    ) -> str:
        """Do it, kill the server after ``delay`` seconds, and start it again; says amid what it was killed."""
        self._running()
        done = threading.Event()

        def run() -> None:
            try:
                act()
                done.set()
            except (httpx.HTTPError, _NotDone):
                pass

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(delay)
        if not thread.is_alive():  # the queue is at work now
            time.sleep(delay / 2)
        amid = self._under_way()
        self._end(kill=True)
        self.kills += 1
        thread.join(_PATIENCE)
        if done.is_set() and confirmed:
            for name in names:
                self.allowed[name] = {0} if gone else {self.versions[name]}
            for name in left:
                self.allowed[name] = {0}
        self._started()
        self._look_at_failed()  # the next process knows nothing of these jobs any more
        self._save()
        return f"{what} {'confirmed' if done.is_set() else 'under way'}; {amid}"

    def _next(self, names: Sequence[str]) -> dict[str, str]:
        for name in names:
            self.versions[name] = self.versions.get(name, 0) + 1
            self.allowed.setdefault(name, {0}).add(self.versions[name])
        return {name: article(name, self.versions[name]) for name in names}

    def _post(self, files: list[tuple[str, tuple[str, bytes]]]) -> None:
        assert self._call("POST", "/api/documents", files=files).status_code == 202

    def _delete(self, document_id: str) -> None:
        if document_id:
            self._call("DELETE", f"/api/documents/{document_id}").raise_for_status()

    def _sync(self, folder: Path) -> None:
        if forked.ingest(self.folder / "data", "--sync", str(folder)):
            raise _NotDone

    def _followed(self) -> dict[str, Any] | None:
        listed: list[dict[str, Any]] = self._call("GET", "/api/followed").json()["followed"]
        return next((one for one in listed if one["source"] == f"{self._site.origin}/feed"), None)

    def _visit(self) -> None:
        followed = self._followed()
        if followed:
            self._call("POST", f"/api/followed/{followed['id']}/visit").raise_for_status()
        else:
            feed = {"source": f"{self._site.origin}/feed"}
            self._call("POST", "/api/followed", json=feed).raise_for_status()

    def _serve_feed(self) -> None:
        names = [f"page{number}" for number in range(self._first_page, self.pages + 1)]
        for name in names:
            body = f"<h1>{name.title()}</h1><p>{article(name, 1)}</p>"
            self._site.pages[f"/{name}"] = f"<html><body><article>{body}</article></body></html>"
        items = "".join(f"<item><link>{self._site.origin}/{name}</link></item>" for name in names)
        rss = f"<rss version='2.0'><channel>{items}</channel></rss>"
        self._site.pages["/feed"] = Served(body=rss.encode(), kind="application/rss+xml")

    def _settle(self) -> None:
        """Until nothing is under way; what is followed is visited once more, and brings all pages in."""
        if self.pages >= self._first_page:
            before = (self._followed() or {}).get("last_visit")
            self._visit()
            self._wait(lambda: (self._followed() or {}).get("last_visit") != before)
            self.allowed |= {f"page{number}": {1} for number in range(1, self.pages + 1)}
        self._wait(lambda: not self._busy())
        self._look_at_failed()

    def _look_at_failed(self) -> None:
        """A file that three processes have ended amid is given up, and named: no version of it is promised. Nothing else fails."""
        jobs = self._call("GET", "/api/jobs", params={"limit": 1_000}).json()["jobs"]
        failed = [job for job in jobs if job["state"] == "failed"]
        given_up = [job for job in failed if _GIVEN_UP in job["error"]]
        assert given_up == failed, failed
        for job in given_up:
            names = (
                MEMBERS
                if job["source"] == "pack.zip"
                else [job["source"].rpartition("/")[2].removesuffix(".txt")]
            )
            for name in names:
                self.allowed[name] = self.allowed.get(name, {0}) | {*range(self.versions.get(name, 0) + 1)}

    def _wait(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self._under_way()
            time.sleep(0.05)

    def _busy(self) -> bool:
        jobs = self._call("GET", "/api/jobs", params={"limit": 1_000}).json()["jobs"]
        followed = self._call("GET", "/api/followed").json()["followed"]
        state = self._call("GET", "/api/reindex").json()
        assert state["state"] != "failed", state
        return (
            any(job["state"] in ("queued", "running") for job in jobs)
            or any(one["visiting"] or one["waiting"] or not one["last_visit"] for one in followed)
            or state["state"] in ("running", "switching")
        )

    def _under_way(self) -> str:
        try:
            jobs: list[dict[str, Any]] = self._call("GET", "/api/jobs").json()["jobs"]
            state = self._call("GET", "/api/reindex").json()
        except httpx.HTTPError:
            return "not answering"
        stages = Counter(
            job["stage"] or job["state"] for job in jobs if job["state"] in ("queued", "running")
        )
        parts = [f"{number} {stage}" for stage, number in stages.items()]
        if state["state"] in ("running", "switching"):
            parts.append(f"reindex {state['state']} {state['documents']}/{state['of_documents']}")
        return ", ".join(parts) or "nothing in the queue"

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._running().call(method, path, **options)

    def _running(self) -> Server:
        return self._server or self._started()

    def _started(self) -> Server:
        model = self._models[self.model]
        self._server, self._process = forked.start(self.folder / "data", model, **_SETTINGS)
        return self._server

    def _end(self, *, kill: bool) -> None:
        if self._process is not None:
            forked.end(self._process, kill=kill)
        self._server = self._process = None

    def _save(self) -> None:
        known = {
            "versions": self.versions,
            "allowed": {name: sorted(versions) for name, versions in self.allowed.items()},
            "pages": self.pages,
            "model": self.model,
            "kills": self.kills,
        }
        self._state.write_text(json.dumps(known))

    def _restore(self, known: dict[str, Any]) -> None:
        self.versions, self.pages, self.model = known["versions"], known["pages"], known["model"]
        self.allowed = {name: set(versions) for name, versions in known["allowed"].items()}
        self.kills = known["kills"]
        self._first_page = self.pages + 1
