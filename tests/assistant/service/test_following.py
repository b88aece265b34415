"""Sources that a server follows: feeds, sitemaps, pages and folders of a real site, across restarts and failures."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.core import Assistant
from assistant.service.service import Service
from assistant.settings import Settings
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.store.index import Index
from tests.support.server import Server, problem, serving
from tests.support.site import Served, Site, site

TOPICS = {
    "ants": "Ants carry leaves to their nest all day long, and never rest.",
    "owls": "Owls turn their heads around to look at what is behind them.",
    "storks": "Storks nest on the roof of the town hall in Linum every year.",
    "bees": "Bees dance to tell the others where the flowers are.",
}


@pytest.fixture
def there() -> Iterator[Site]:
    with site() as there:
        for name, words in TOPICS.items():
            there.pages[f"/{name}"] = article(name, words)
        yield there


def article(name: str, words: str) -> str:
    return f"<html><body><article><h1>{name.title()}</h1><p>{words}</p></article></body></html>"


def feed(there: Site, *names: str, tag: str = "") -> Served:
    items = "".join(f"<item><link>{there.origin}/{name}</link></item>" for name in names)
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    return Served(body=body, kind="application/rss+xml", tag=tag)


def sitemap(there: Site, element: str, root: str, **names: str) -> bytes:
    """Pages or sitemaps by name, each with the day of its last change."""
    entries = "".join(
        f"<{element}><loc>{there.origin}/{name}</loc><lastmod>{day}</lastmod></{element}>"
        for name, day in names.items()
    )
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()


Open = Callable[[], Service]


@pytest.fixture
def opened(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> Open:
    """Opens a service on one data folder, as often as it is closed."""

    def open_index(settings: Settings, lock: Any) -> Assistant:
        index = Index.open(settings.data_dir, embedder, lock=lock)
        return Assistant(index, embedder, None)

    def opened() -> Service:
        settings = Settings(data_dir=tmp_path / "data", allow_private_urls=True)
        return Service(settings, opener=open_index)

    return opened


@pytest.fixture
def server(opened: Open) -> Iterator[Server]:
    with serving(opened()) as server:
        yield server


def settled(server: Server, key: str, visits_after: float = 0.0) -> dict[str, Any]:
    """The followed source once it has been visited, and nothing of it waits that can be brought in now."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        (one,) = [one for one in server.call("GET", "/api/followed").json()["followed"] if one["id"] == key]
        still = one["visiting"] or one["waiting"] or not one["last_visit"]
        if not still and moment(one, "last_visit") > visits_after:
            return dict(one)
        time.sleep(0.05)
    raise AssertionError(one)


def moment(one: dict[str, Any], name: str) -> float:
    return datetime.fromisoformat(one[name]).timestamp()


def visited_again(server: Server, key: str) -> dict[str, Any]:
    before = settled(server, key)
    assert server.call("POST", f"/api/followed/{key}/visit").status_code == 200
    return settled(server, key, moment(before, "last_visit"))


def follow(server: Server, source: str) -> dict[str, Any]:
    response = server.call("POST", "/api/followed", json={"source": source})
    assert response.status_code == 201, response.text
    return settled(server, response.json()["id"])


def sources(server: Server) -> set[str]:
    documents = server.call("GET", "/api/documents").json()["documents"]
    return {document["source"].rpartition("/")[2] for document in documents}


def test_a_feed_brings_what_is_new_at_each_visit(server: Server, there: Site) -> None:
    there.pages["/feed"] = feed(there, "ants", "owls", "gone", tag='"1"')
    first = follow(server, f"{there.origin}/feed#top")
    assert (first["kind"], first["brought"], first["last_found"], first["error"]) == ("feed", 2, 3, None)
    assert [page["source"] for page in first["failed"]] == [f"{there.origin}/gone"]
    assert sources(server) == {"ants", "owls"}
    assert visited_again(server, first["id"])["brought"] == 2
    assert there.asked.count(("/feed", 304)) == 1
    there.pages["/feed"] = feed(there, "storks", "ants", tag='"2"')
    third = visited_again(server, first["id"])
    assert (third["brought"], third["last_found"], third["waiting"]) == (3, 1, 0)
    assert sources(server) == {"ants", "owls", "storks"}
    assert [path for path, _ in there.asked].count("/ants") == 1
    assert server.call("DELETE", f"/api/followed/{first['id']}").status_code == 204
    assert server.call("GET", "/api/followed").json() == {"followed": []}
    assert len(sources(server)) == 3


def test_an_index_of_sitemaps_is_read_as_far_as_it_has_changed(server: Server, there: Site) -> None:
    there.pages["/old.xml"] = Served(
        body=sitemap(there, "url", "urlset", ants="2025-01-01", owls="2025-01-02"), kind="text/xml"
    )
    packed = gzip.compress(sitemap(there, "url", "urlset", storks="2026-03-14"))
    there.pages["/new.xml.gz"] = Served(body=packed, kind="application/gzip")
    parts = {"old.xml": "2025-01-02", "new.xml.gz": "2026-03-14", "missing.xml": "2024-01-01"}
    there.pages["/index.xml"] = Served(
        body=sitemap(there, "sitemap", "sitemapindex", **parts), kind="application/xml"
    )
    first = follow(server, f"{there.origin}/index.xml")
    assert (first["kind"], first["brought"]) == ("sitemap", 3)
    assert "answers 404" in first["error"]
    there.pages["/new.xml.gz"] = Served(
        body=sitemap(there, "url", "urlset", storks="2026-03-15", bees="2026-03-15"), kind="text/xml"
    )
    there.pages["/storks"] = article("storks", "Storks have left the roof of the town hall in Linum.")
    parts = {"old.xml": "2025-01-02", "new.xml.gz": "2026-03-15"}
    there.pages["/index.xml"] = Served(
        body=sitemap(there, "sitemap", "sitemapindex", **parts), kind="text/xml"
    )
    second = visited_again(server, first["id"])
    assert (second["brought"], second["error"]) == (5, None)
    asked = [path for path, _ in there.asked]
    assert (asked.count("/old.xml"), asked.count("/ants"), asked.count("/storks")) == (1, 1, 2)


def test_a_server_that_fails_is_visited_later_each_time(server: Server, there: Site) -> None:
    there.pages["/feed"] = Served(status=503)
    first = follow(server, f"{there.origin}/feed")
    assert "answers 503" in first["error"]
    second = visited_again(server, first["id"])
    waits = [moment(one, "next_visit") - moment(one, "last_visit") for one in (first, second)]
    assert waits[1] == pytest.approx(2 * waits[0]) == pytest.approx(3_600)
    there.pages["/feed"] = feed(there, "ants")
    third = visited_again(server, first["id"])
    assert (third["error"], third["brought"]) == (None, 1)


def test_what_cannot_be_followed_is_said(server: Server, tmp_path: Path) -> None:
    def refused(source: str, status: int, **headers: str) -> str:
        asked = server.call("POST", "/api/followed", json={"source": source}, headers=headers)
        return problem(asked, status)

    assert "begin with https://" in refused("feed.xml", 422)
    assert "user name" in refused("https://a:b@c.example/", 422)
    assert "is no folder" in refused(str(tmp_path / "none"), 422)
    assert "its own data" in refused(str(tmp_path), 422)
    # Through a proxy a request may come from anywhere.
    assert "assistant follow FOLDER" in refused(
        str(tmp_path / "none"), 403, **{"X-Forwarded-For": "192.0.2.1"}
    )
    assert "No source" in problem(server.call("POST", "/api/followed/0/visit"), 404)


def test_a_folder_of_this_machine(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nNobody shall read this.")
    written(folder / "ants.md", TOPICS["ants"])
    (folder / "link.md").symlink_to(secret)
    first = follow(server, str(folder))
    assert (first["kind"], first["brought"]) == ("folder", 1)
    written(folder / "owls.md", TOPICS["owls"])
    written(folder / "ants.md", "Ants have left.")
    second = visited_again(server, first["id"])
    assert (second["brought"], second["failed"]) == (3, [])
    assert sources(server) == {"ants.md", "owls.md"}


def written(path: Path, text: str) -> None:
    """A file that nobody is still writing."""
    path.write_text(f"# {path.stem}\n\n{text}\n")
    past = time.time() - 60
    os.utime(path, (past, past))


def test_a_restart_goes_on_where_it_was(opened: Open, there: Site) -> None:
    there.pages["/feed"] = feed(there, *TOPICS, "gone")
    service = opened()  # it is never started: nothing is visited
    view = service.following.add(f"{there.origin}/feed", "ann", folders=False)
    service.close()
    with serving(opened()) as server:
        assert settled(server, view.source.id)["brought"] == 4
        server.call("PATCH", f"/api/followed/{view.source.id}", json={"paused": True})
    asked = len(there.asked)
    with serving(opened()) as server:
        (one,) = server.call("GET", "/api/followed").json()["followed"]
        assert (one["paused"], one["next_visit"], one["added_by"], one["brought"]) == (True, None, "ann", 4)
        assert len(there.asked) == asked


def test_an_edited_article_says_what_was_edited_and_when(server: Server, there: Site) -> None:
    there.pages["/feed"] = updated(there, "2026-03-14")
    first = follow(server, f"{there.origin}/feed")
    assert server.call("GET", "/api/edits").json() == {"edited": []}
    there.pages["/bees"] = article("bees", f"{TOPICS['bees']} They sleep at night.")
    there.pages["/feed"] = updated(there, "2026-03-15")
    visited_again(server, first["id"])
    (edited,) = server.call("GET", "/api/edits").json()["edited"]
    assert (edited["source"], edited["versions"]) == (f"{there.origin}/bees", 1)
    (edit,) = server.call("GET", f"/api/documents/{edited['id']}/edits").json()["edits"]
    assert edit["changes"] == [{"before": "", "now": "They sleep at night."}]


def updated(there: Site, day: str) -> Served:
    link = f'<link href="{there.origin}/bees"/>'
    entry = f"<entry>{link}<updated>{day}</updated></entry>"
    return Served(body=f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode(), kind="text/xml")


def test_a_moved_document_is_found_by_its_old_links(server: Server, opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    written(folder / "ants.md", TOPICS["ants"])
    follow(server, str(folder))
    (document,) = server.call("GET", "/api/documents").json()["documents"]
    version = server.call("GET", f"/api/documents/{document['id']}/versions").json()["version"]
    (folder / "ants.md").rename(folder / "beetles.md")
    headers = {"X-Owner-Token": json.loads((server.data / "owner.json").read_text("utf-8"))["token"]}
    body = {"source": str(folder / "beetles.md")}
    path = f"/api/documents/{document['id']}"
    assert "ingest --sync" in problem(server.call("POST", f"{path}/move", json=body), 403)
    moved = server.call("POST", f"{path}/move", json=body, headers=headers).json()
    assert moved["source"] == str(folder / "beetles.md")
    assert [one["id"] for one in server.call("GET", "/api/documents").json()["documents"]] == [moved["id"]]
    assert server.call("GET", path).json() == moved
    there = server.call("GET", "/api/versions", params={"document": document["id"]}).json()
    assert there == {"versions": {document["id"]: version}}


def test_the_command_follows_lists_and_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "articles"
    folder.mkdir()
    assert cli.main(["follow", "https://a.example/feed#x", str(folder)]) == 0
    assert "assistant serve" in capsys.readouterr().out
    assert cli.main(["follow", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["source"] for one in listed] == ["https://a.example/feed", str(folder)]
    assert cli.main(["follow", "--stop", listed[0]["id"], "none"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "No longer followed: https://a.example/feed\n"
    assert "No source 'none' is followed" in captured.err
    assert cli.main(["follow"]) == 0
    assert capsys.readouterr().out.startswith(f"{listed[1]['id']}  folder  {folder}")
    assert cli.main(["follow", str(tmp_path / "none")]) == 1
