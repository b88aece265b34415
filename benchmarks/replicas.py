"""Do three servers behind nginx, without sticky sessions, behave as one, and does a killed one lose anything?

    python -m benchmarks.replicas [--model MODEL] [--shared] [--only WORDS] [--json]

Starts a Chroma server, three replicas and nginx (deploy/nginx.conf, each request to the next replica; apt-get install
nginx-light), does with them what people do, asks each replica what it knows of that, and prints a table. With ``--shared``
they have a folder and a database in common as well, for which PostgreSQL has to be installed (apt-get install postgresql). In the rows that
begin with "killed" a replica ends by SIGKILL in the midst; it stays down until the row is done.
The exit status is 1 where a row does not behave as one.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.api.login import MOST_BY_NAME
from benchmarks import sessions
from tests.support.cluster import Cluster, ReplicaProcess, cluster
from tests.support.hook import Hook, hook
from tests.support.postgres import postgres
from tests.support.server import NO_TLS, Server
from tests.support.site import Served, Site, site

KEY = "a-key-for-this-benchmark-0123456789"
LIMITED = "a-key-that-is-limited-0123456789"
PASSWORD = "a long password of anna"  # noqa: S105  # of a server that lives for a minute
LIMIT = 1_500  # requests a minute, more than this script itself needs
PATIENCE = 60.0
TAKEN_OVER = 30.0  # seconds until what a killed replica had is taken over
_LOOK = 0.2


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a row has shown."""

    as_one: bool
    what: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the rows have to play with."""

    all: Cluster
    site: Site
    hook: Hook

    @property
    def any(self) -> Server:
        return self.all.any


Row = Callable[[Scene], Shown]


def count(scene: Scene, holds: Callable[[Server], bool], seconds: float = 5.0) -> Shown:
    """At how many replicas something holds, each being given so many seconds for it."""
    servers = scene.all.servers
    found = sum(eventually(lambda one=server: holds(one), seconds) for server in servers)
    return Shown(as_one=found == len(servers), what=f"{found} of {len(servers)} replicas")


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    until = time.monotonic() + seconds
    while not (there := _holds(holds)) and time.monotonic() < until:
        time.sleep(_LOOK)
    return there


def _holds(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except (httpx.HTTPError, KeyError, IndexError):  # a replica that was killed, or an error's body
        return False


def upload(server: Server, **texts: str) -> list[dict[str, Any]]:
    files = [("files", (f"{name}.md", text.encode())) for name, text in texts.items()]
    return list(server.call("POST", "/api/documents", files=files).raise_for_status().json()["jobs"])


def states(scene: Scene, jobs: list[dict[str, Any]]) -> list[str]:
    """The state of each job, asked of whichever replica is next; "unknown" where it knows none."""
    answers = [scene.any.call("GET", f"/api/jobs/{job['id']}") for job in jobs]
    return [answer.json()["state"] if answer.is_success else "unknown" for answer in answers]


def sources(server: Server) -> Counter[str]:
    listed = server.call("GET", "/api/documents", params={"limit": 1_000}).json()["documents"]
    return Counter(one["source"] for one in listed)


def added(scene: Scene, **texts: str) -> list[str]:
    """The ids of documents that every replica has by now."""
    first = scene.all.servers[0]
    jobs = [first.finished(job["id"], PATIENCE) for job in upload(first, **texts)]
    ids = [str(job["document_id"]) for job in jobs]
    for server in scene.all.servers:
        eventually(lambda one=server: {f"{name}.md" for name in texts} <= sources(one).keys())
    return ids


def article(name: str, sentences: int = 3) -> str:
    told = " ".join(f"Sentence {number} of {name} speaks of the river." for number in range(sentences))
    return f"# {name.title()}\n\nThe lighthouse of {name} was built in 1871. {told}"


# -- what people do ------------------------------------------------------------------------------


def questions(scene: Scene) -> Shown:
    added(scene, amrum=article("amrum"))
    asked = {"question": "When was the lighthouse of amrum built?"}
    return count(
        scene, lambda one: "1871" in str(one.call("POST", "/api/ask", json=asked).json()["citations"])
    )


def login(scene: Scene) -> Shown:
    with httpx.Client(verify=NO_TLS, trust_env=False) as browser:
        form = {"name": "anna", "password": PASSWORD, "next": "/"}
        origin = {"Origin": scene.any.url.removesuffix("/assistant")}
        answer = browser.post(f"{scene.any.url}/login", data=form, headers=origin)
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in answer.cookies.items())}
        return count(scene, lambda one: httpx.get(f"{one.url}/api/documents", headers=cookie).is_success)


def jobs_asked(scene: Scene) -> Shown:
    (job,) = upload(scene.any, borkum=article("borkum"))
    ended = eventually(lambda: set(states(scene, [job] * 3)) == {"done"}, 15)
    seen = count(scene, lambda one: one.call("GET", f"/api/jobs/{job['id']}").json()["state"] == "done", 1)
    return Shown(as_one=ended and seen.as_one, what=f"known to {seen.what}")


def jobs_cancelled(scene: Scene) -> Shown:
    """Uploads that wait behind a long one are cancelled through whichever replica is next."""
    jobs = upload(
        scene.any, long=article("long", 3_000), **{f"c{n}": article(f"c{n}", 100) for n in range(5)}
    )
    answers = [scene.any.call("DELETE", f"/api/jobs/{job['id']}").status_code for job in jobs[1:]]
    eventually(lambda: "running" not in states(scene, jobs[:1]) and "queued" not in states(scene, jobs[:1]))
    time.sleep(2)
    left = sum(f"c{n}.md" in sources(scene.all.servers[0]) for n in range(5))
    return Shown(
        as_one=answers == [200] * 5 and not left,
        what=f"{answers.count(200)} of 5 accepted, {left} stored all the same",
    )


def originals(scene: Scene) -> Shown:
    (document,) = added(scene, sylt=article("sylt"))
    path = f"/api/documents/{document}/original"
    return count(scene, lambda one: one.call("GET", path).content == article("sylt").encode(), 2)


def undo(scene: Scene) -> Shown:
    """A replaced document is put back by another replica than the one that has replaced it."""
    before, after = article("juist"), article("juist").replace("1871", "1999")
    added(scene, juist=before)
    first, *others = scene.all.servers
    job = first.finished(upload(first, juist=after)[0]["id"])
    listed = count(scene, lambda one: len(one.call("GET", "/api/removals").json()["removals"]) > 0, 2)
    answer = others[0].call("POST", f"/api/removals/{job['removal_id']}/undo")
    text = f"/api/documents/{job['document_id']}/text"
    back = count(scene, lambda one: "1871" in one.call("GET", text).json()["text"], 3)
    return Shown(
        as_one=listed.as_one and answer.is_success and back.as_one,
        what=f"listed by {listed.what}, undo through another: {answer.status_code}",
    )


def feedback(scene: Scene) -> Shown:
    """What is judged through each replica is printed by `assistant feedback` beside each."""
    for number, server in enumerate(scene.all.servers):
        judged = {
            "id": f"{number:016x}",
            "verdict": "up",
            "question": f"Question {number}?",
            "answer": "Yes.",
            "mode": "quoted",
            "model": None,
            "citations": [],
        }
        server.call("POST", "/embed/feedback", json=judged).raise_for_status()
    told = [len(feedback_lines(replica)) for replica in scene.all.replicas]
    return Shown(as_one=set(told) == {len(told)}, what=f"{told} of {len(told)} verdicts")


def feedback_lines(replica: ReplicaProcess) -> list[str]:
    """What the command prints with the data folder of a replica."""
    environment = {**os.environ, **replica.settings, "ASSISTANT_DATA_DIR": str(replica.folder / "data")}
    command = [sys.executable, "-m", "assistant", "feedback", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    return [line for line in done.stdout.splitlines() if line.startswith("{")]


def limits(scene: Scene) -> Shown:
    """A caller who may send `LIMIT` requests in a minute sends a third more; what comes within one second may be over it."""
    headers = {"Authorization": f"Bearer {LIMITED}"}
    address = f"{scene.any.url}/api/documents?limit=1"
    with httpx.Client(verify=NO_TLS, trust_env=False, headers=headers) as caller:
        codes = Counter(caller.get(address).status_code for _ in range(LIMIT * 4 // 3))
    return Shown(
        as_one=LIMIT <= codes[200] <= LIMIT * 6 // 5, what=f"{codes[200]} taken where {LIMIT} may be sent"
    )


def passwords(scene: Scene) -> Shown:
    """How many wrong passwords are looked at before there are too many."""
    with httpx.Client(verify=NO_TLS, trust_env=False) as guesser:
        origin = {"Origin": scene.any.url.removesuffix("/assistant")}
        form = {"name": "berta", "password": "wrong", "next": "/"}
        codes = Counter(
            guesser.post(f"{scene.any.url}/login", data=form, headers=origin).status_code for _ in range(30)
        )
    return Shown(
        as_one=codes[401] <= 2 * MOST_BY_NAME,
        what=f"{codes[401]} guesses looked at where {MOST_BY_NAME} may be",
    )


def standing(scene: Scene) -> Shown:
    """A question that is kept is seen everywhere, and what answers it is told once, whichever replica was given it."""
    asked = {"question": "When was the lighthouse of spiekeroog built?", "webhook": scene.hook.url}
    kept = scene.any.call("POST", "/api/questions", json=asked).raise_for_status().json()
    known = count(scene, lambda one: kept["id"] in one.call("GET", "/api/questions").text, 3)
    posted = len(scene.hook.posted)
    last = scene.all.servers[-1]
    last.finished(upload(last, spiekeroog=article("spiekeroog"))[0]["id"])
    eventually(lambda: len(scene.hook.posted) > posted, 20)
    time.sleep(3)
    told = len(scene.hook.posted) - posted
    return Shown(as_one=known.as_one and told == 1, what=f"kept at {known.what}, told {told} times")


def drafts(scene: Scene) -> Shown:
    checked = scene.any.call(
        "POST", "/api/check", json={"text": "The lighthouse of amrum was built in 1872."}
    )
    key = checked.json()["id"]
    return count(scene, lambda one: one.call("GET", f"/api/checks/{key}").is_success, 2)


def followed(scene: Scene) -> Shown:
    """A feed is listed everywhere, and visited by one replica only."""
    feed(scene.site, 1)
    source = {"source": f"{scene.site.origin}/feed"}
    scene.any.call("POST", "/api/followed", json=source).raise_for_status()
    listed = count(scene, lambda one: len(one.call("GET", "/api/followed").json()["followed"]) == 1, 3)
    again = scene.any.call("POST", "/api/followed", json=source).json()  # by another replica
    eventually(lambda: f"{scene.site.origin}/feed1" in sources(scene.any), 20)
    fetched = sum(path == "/feed1" for path, _ in scene.site.asked)
    return Shown(
        as_one=listed.as_one and fetched == 1 and bool(again),
        what=f"listed by {listed.what}, its page fetched {fetched} times",
    )


def feed(site: Site, pages: int, name: str = "feed") -> None:
    """The site has a feed of so many pages."""
    addresses = [f"/{name}{number}" for number in range(1, pages + 1)]
    for address in addresses:
        told = f"<h1>{address[1:].title()}</h1><p>{article(address[1:])}</p>"
        site.pages[address] = f"<html><body><article>{told}</article></body></html>"
    items = "".join(f"<item><link>{site.origin}{address}</link></item>" for address in addresses)
    rss = f"<rss version='2.0'><channel>{items}</channel></rss>"
    site.pages[f"/{name}"] = Served(body=rss.encode(), kind="application/rss+xml")


def chat(scene: Scene) -> Shown:
    """The chat page's own events, as a browser sends them."""
    answered = 0
    headers = {"Authorization": f"Bearer {KEY}", "Accept": "text/html, */*"}
    for number in range(6):
        told = ""
        with httpx.Client(base_url=scene.any.url, verify=NO_TLS, headers=headers, timeout=10) as browser:
            browser.get("/").raise_for_status()
            event = asking(browser)
            try:
                asked = "When was the lighthouse of amrum built?"
                for step in sessions.shown_steps(browser, event, f"session{number}", asked):
                    told += step
            except (httpx.HTTPError, RuntimeError):
                pass
            answered += "1871" in told
    return Shown(as_one=answered == 6, what=f"{answered} of 6 questions answered")


def asking(browser: httpx.Client) -> int:
    """The number of the event by which the page asks."""
    config = browser.get("/config").raise_for_status().json()
    parts = {part["id"]: part.get("props", {}).get("elem_id") for part in config["components"]}
    for event in config["dependencies"]:
        if {parts.get(target) for target, _ in event["targets"]} == {"question", "send"}:
            return int(event["id"])
    raise SystemExit("The page has no box to ask in that this script knows.")


# -- a replica is killed --------------------------------------------------------------------------


@contextmanager
def killed(scene: Scene, replica: ReplicaProcess) -> Iterator[None]:
    """It is down within the context."""
    replica.kill()
    try:
        yield
    finally:
        scene.all.start_dead()


def killed_amid_uploads(scene: Scene) -> Shown:
    """Everything that was accepted is stored, once, though the replica that took it is gone."""
    first = scene.all.replicas[0]
    names = [f"k{number}" for number in range(30)]
    jobs = upload(first.server, **{name: article(name, 60) for name in names})
    time.sleep(0.5)
    with killed(scene, first):
        wanted = {f"{name}.md" for name in names}
        eventually(lambda: wanted <= sources(scene.all.servers[0]).keys())
        there = sources(scene.all.servers[0])
        known = sum(state in ("done", "unchanged") for state in states(scene, jobs))
        stored, twice = len(wanted & there.keys()), sum(there[name] > 1 for name in wanted)
    return Shown(
        as_one=stored == known == len(names) and not twice,
        what=f"{stored} of {len(names)} stored while it was down, {known} jobs known, {twice} twice",
    )


def killed_with_originals(scene: Scene) -> Shown:
    first = scene.all.replicas[0]
    job = first.server.finished(upload(first.server, baltrum=article("baltrum"))[0]["id"])
    others = [one.server for one in scene.all.replicas[1:]]
    eventually(lambda: "baltrum.md" in sources(others[0]))
    with killed(scene, first):
        path = f"/api/documents/{job['document_id']}/original"
        return count(scene, lambda one: one.call("GET", path).is_success, 2)


def killed_amid_undo(scene: Scene) -> Shown:
    """What a replica has replaced is put back while it is down."""
    added(scene, norderney=article("norderney"))
    first = scene.all.replicas[0]
    after = article("norderney").replace("1871", "1999")
    job = first.server.finished(upload(first.server, norderney=after)[0]["id"])
    with killed(scene, first):
        answer = scene.all.servers[0].call("POST", f"/api/removals/{job['removal_id']}/undo")
    return Shown(as_one=answer.is_success, what=f"undo while it is down: {answer.status_code}")


def killed_with_followed(scene: Scene) -> Shown:
    """A feed that a replica was asked to follow goes on being visited while it is down."""
    first, others = scene.all.replicas[0], scene.all.replicas[1:]
    feed(scene.site, 1, "late")
    address = f"{scene.site.origin}/late"
    first.server.call("POST", "/api/followed", json={"source": address}).raise_for_status()
    eventually(lambda: f"{address}1" in sources(first.server), 20)
    feed(scene.site, 2, "late")
    with killed(scene, first):
        time.sleep(TAKEN_OVER)
        for one in others:
            for source in one.server.call("GET", "/api/followed").json()["followed"]:
                one.server.call("POST", f"/api/followed/{source['id']}/visit")
        there = eventually(lambda: f"{address}2" in sources(others[0].server), 20)
    return Shown(as_one=there, what="its new page is there" if there else "nobody visits it while it is down")


def killed_with_standing(scene: Scene) -> Shown:
    """A question kept by a replica that is down is answered by what others are given."""
    first = scene.all.replicas[0]
    asked = {"question": "When was the lighthouse of wangerooge built?", "webhook": scene.hook.url}
    first.server.call("POST", "/api/questions", json=asked).raise_for_status()
    posted = len(scene.hook.posted)
    with killed(scene, first):
        server = scene.all.servers[0]
        server.finished(upload(server, wangerooge=article("wangerooge"))[0]["id"])
        eventually(lambda: len(scene.hook.posted) > posted, 45)
        told = len(scene.hook.posted) - posted
    return Shown(as_one=told == 1, what=f"told {told} times while it was down")


ROWS: dict[str, Row] = {
    "questions about what one replica was given": questions,
    "signing in": login,
    "a job asked about": jobs_asked,
    "jobs cancelled": jobs_cancelled,
    "originals": originals,
    "undoing a replacement": undo,
    "verdicts on answers": feedback,
    "requests in a minute": limits,
    "guesses of passwords": passwords,
    "standing questions": standing,
    "checked drafts": drafts,
    "followed sources": followed,
    "the chat page": chat,
    "killed amid uploads": killed_amid_uploads,
    "killed: its originals": killed_with_originals,
    "killed: its undo": killed_amid_undo,
    "killed: its followed sources": killed_with_followed,
    "killed: its standing questions": killed_with_standing,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="", help="the embedding model (the default one)")
    parser.add_argument("--shared", action="store_true", help="with a folder and a database in common")
    parser.add_argument("--only", default="", help="only rows with these words")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = {
        "ASSISTANT_API_KEYS": f"bench:admin:{KEY},limited:reader:{LIMITED}",
        "ASSISTANT_USERS": f"anna:editor:{PASSWORD}",
        "ASSISTANT_RATE_LIMIT": str(LIMIT),
        "ASSISTANT_ALLOW_PRIVATE_URLS": "true",
    }
    fine = True
    with tempfile.TemporaryDirectory() as name, site() as there, hook() as posts, ExitStack() as stack:
        folder = Path(name)
        if options.shared:
            settings["ASSISTANT_SHARED_DIR"] = str(folder / "shared")
            settings["ASSISTANT_DATABASE_URL"] = stack.enter_context(postgres(folder))
        with cluster(folder, options.model, key=KEY, **settings) as made:
            scene = Scene(all=made, site=there, hook=posts)
            for title, row in ROWS.items():
                if options.only and not re.search(options.only, title):
                    continue
                seen = outcome(row, scene)
                fine &= seen.as_one
                if options.json:
                    print(json.dumps({"row": title, "as_one": seen.as_one, "seen": seen.what}), flush=True)
                else:
                    print(f"| {title} | {'as one' if seen.as_one else 'not'} | {seen.what} |", flush=True)
    return 0 if fine else 1


def outcome(row: Row, scene: Scene) -> Shown:
    try:
        return row(scene)
    except (httpx.HTTPError, AssertionError, KeyError) as error:
        return Shown(as_one=False, what=f"{type(error).__name__}: {str(error)[:120]}")


if __name__ == "__main__":
    sys.exit(main())
