"""Every route of the application has a rule, and a running server lets in whom the rules name, nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.http.permissions import RULES, Rule, find, table
from assistant.server.app import create_app
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.web.mounting import mount
from tests.support.forked_command import CONTEXT, completed
from tests.support.server import INTRANET, KEYS, ROOT, Server, environment


def walked(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of included routers and of mounted applications too."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from walked([*route.effective_candidates(), *route.effective_low_priority_routes()], prefix)
            continue
        path = prefix + route.path
        if inner := getattr(route, "routes", None):
            yield from walked(inner, path)
        else:
            tail = "/{path:path}" if type(route).__name__ == "Mount" else ""
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield method, path + tail


def tell_routes(told: Connection, folder: Path) -> None:
    """What `routes` has another process do: Gradio leaves event loops open in the one that mounts its pages."""
    settings = Settings.model_validate({"data_dir": folder})
    service = Service(settings)
    app = create_app(service, settings, pages=False)
    mount(app, service, settings)
    told.send([*walked(app.routes)])
    service.close()


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Method and path of every route, as the application itself has them."""
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=tell_routes, args=(there, tmp_path_factory.mktemp("routes")))
    process.start()
    there.close()
    found: list[tuple[str, str]] = here.recv()
    process.join()
    here.close()
    return found


def test_every_route_has_a_rule(routes: list[tuple[str, str]]) -> None:
    assert ("POST", "/gradio_api/queue/join") in routes
    assert ("POST", "/v1/chat/completions") in routes
    without = [(method, path) for method, path in routes if find(method, example(path)).rule is None]
    assert without == [], "name these in assistant/http/permissions.py"


def test_every_rule_has_a_route(routes: list[tuple[str, str]]) -> None:
    there = {path.rstrip("/") or "/" for _, path in routes}
    special = {"/gradio_api/file=http{rest:path}"}  # a part of a route
    assert {rule.path for rule in RULES} - there - special == set()


def test_the_documentation_has_the_table() -> None:
    assert table() in (ROOT / "docs" / "api.md").read_text("utf-8")


def test_what_has_no_rule_is_not_there() -> None:
    for path in (
        "/api/new",
        "/gradio_api/new",
        "/api/documents/x/y",
        "/gradio_api/file=https://example.org/",
    ):
        rule = find("GET", path).rule
        assert rule is None or rule.who == "nobody"
    assert find("PUT", "/api/ask").rule is None
    assert find("PUT", "/api/ask").methods == ("POST",)
    assert find("HEAD", "/api/documents/").rule == find("GET", "/api/documents").rule


def example(path: str) -> str:
    """An address of that route; the static files are there or not."""
    return re.sub(r"\{[^}]*\}", "x", path.replace("/web/{path:path}", "/web/chat.css"))


# Callers, and what each may use.


@pytest.fixture(scope="module")
def callers(guarded: Server) -> dict[str, dict[str, str]]:
    """The headers that each kind of caller sends."""
    reader = replace(guarded, key=KEYS["reader"])
    token = reader.call("POST", "/api/embed-tokens", json={"origin": INTRANET}).json()["token"]
    return {
        "nobody": {},
        "reader": bearer(KEYS["reader"]),
        "editor": bearer(KEYS["editor"]),
        "admin": bearer(KEYS["admin"]),
        "expired key": bearer(KEYS["expired"]),
        "revoked key": bearer(revoked(guarded.data)),
        "embed token": bearer(token),
    }


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def revoked(data: Path) -> str:
    """A key that was created and revoked, while the server ran."""

    def keys(*arguments: str) -> str:
        settings = environment(ASSISTANT_DATA_DIR=str(data))
        run = completed("assistant", "keys", *arguments, environment=settings)
        run.check_returncode()
        return run.stdout

    key = str(json.loads(keys("create", "short-lived", "--role", "admin", "--json"))["key"])
    assert "Revoked short-lived" in keys("revoke", "short-lived")
    return key


def outcome(rule: Rule, caller: str) -> str:
    """What the documentation promises: "allowed", "sign in" (401), "refused" (403) or "not there" (404)."""
    if rule.who == "nobody":
        return "not there"
    if rule.who == "anyone":
        return "allowed"
    if caller in ("nobody", "expired key", "revoked key"):
        return "sign in"
    if caller == "embed token":
        return "allowed" if rule.embed and rule.who == "reader" else "refused"
    order = ("reader", "editor", "admin")
    return "allowed" if order.index(caller) >= order.index(rule.who) else "refused"


def seen(server: Server, client: httpx.Client, method: str, path: str, headers: dict[str, str]) -> str:
    """What came of it; only the head of an answer is read, for some never end."""
    with client.stream(method, server.url + path, headers=headers) as response:
        refused = response.headers.get("content-type", "").startswith("application/problem+json")
        if "/v1/" in path and response.status_code in (401, 403):
            refused = True
        if response.status_code == 404 and refused:
            return "not there" if "There is nothing at" in response.read().decode() else "allowed"
        if response.status_code == 401:
            return "sign in" if "www-authenticate" in response.headers else "allowed"
        return {403: "refused" if refused else "allowed"}.get(response.status_code, "allowed")


def requests(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, str, str]]:
    for rule in rules:
        for method in rule.methods:
            if (method, rule.path) != ("GET", "/mcp"):  # a stream without a head as long as nothing happens
                yield rule, method, example(rule.path)


def test_everyone_gets_what_the_table_says(guarded: Server, callers: dict[str, dict[str, str]]) -> None:
    wrong = []
    with httpx.Client(timeout=60, trust_env=False) as client:
        for rule, method, path in requests(RULES):
            for caller, headers in callers.items():
                got = seen(guarded, client, method, path, headers)
                if got != outcome(rule, caller):
                    wrong.append(f"{method} {path}: {caller}: {got}, not {outcome(rule, caller)}")
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=..%2f..%2f..%2fetc%2fpasswd",
        "/gradio_api/file={data}/access.sqlite3",
        "/gradio_api/file={data}/owner.json",
        "/gradio_api/file=http://127.0.0.1:9/",
        "/gradio_api/proxy=http://127.0.0.1:9/",
        "/web/..%2f..%2fsettings.py",
        "/web/%2e%2e/__init__.py",
        "/static/..%2f..%2froutes.py",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/api/documents/..%2f..%2fowner.json/original",
        "/documents/..%2f..%2fowner.json",
    ],
)
def test_no_path_leads_out(guarded: Server, path: str) -> None:
    response = guarded.call("GET", path.replace("{data}", str(guarded.data)))
    assert response.status_code in (400, 403, 404), response.text[:200]
    assert "root:" not in response.text
    assert "token" not in response.text
