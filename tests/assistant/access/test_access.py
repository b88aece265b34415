"""Showing who one is: passwords, keys, tokens, a proxy's word, and how often one may."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant import cli
from assistant.access import accounts_from_settings, administration, embed_tokens, passwords
from assistant.access.callers import Caller
from assistant.access.embed_tokens import EmbedToken
from assistant.access.identification import Authenticator, Credentials
from assistant.access.local import is_local_admin
from assistant.access.rate_limits import ConcurrencyLimit, RateLimit
from assistant.access.store import FileStore, Store, open_store
from assistant.api.login import local_path
from assistant.core import Assistant
from assistant.errors import BadAccess, NotSignedIn
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.types import DeltaEvent
from ingest.embedding.models import SentenceTransformerEmbedder
from ingest.errors import StoreUnreachable, WrongSetting
from ingest.store.index import Index
from ingest.store.lock import FolderLock
from ingest.store.notes import Notes
from tests.support.chroma_server import Chroma, free_port
from tests.support.server import INTRANET, KEYS, NO_TLS, PASSWORD, Server, problem, serving

SECRET = "a-secret-of-more-than-twenty-letters"  # noqa: S105  # made up
PROXY = "127.0.0.2"  # whose word the guarded server takes


@pytest.fixture
def anyone(guarded: Server) -> Server:
    """The guarded server for a caller who shows nothing."""
    return replace(guarded, key="")


@pytest.fixture
def embed(guarded: Server) -> dict[str, Any]:
    """An embed token, restricted to the document about the bridge."""
    (document,) = guarded.call("GET", "/api/documents", params={"query": "Remagen"}).json()["documents"]
    body = {"origin": INTRANET, "documents": [document["id"]], "minutes": 5}
    response = replace(guarded, key=KEYS["reader"]).call("POST", "/api/embed-tokens", json=body)
    assert response.status_code == 201, response.text
    return dict(response.json())


# The sign-in page


def sign_in(server: Server, name: str, password: str, **more: str) -> httpx.Response:
    return server.call("POST", "/login", data={"name": name, "password": password, **more})


def cookie_of(response: httpx.Response) -> dict[str, str]:
    return {"Cookie": response.headers["set-cookie"].partition(";")[0]}


def test_signing_in_and_out(anyone: Server) -> None:
    sent = anyone.call("GET", "/documents?x=1", headers={"Accept": "text/html"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/documents%3Fx%3D1")
    response = sign_in(anyone, "eddi", PASSWORD, next="/documents?x=1")
    assert (response.status_code, response.headers["location"]) == (303, "/documents?x=1")
    cookie = response.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age="))
    assert "Secure" not in cookie
    session = cookie_of(response)
    assert anyone.call("GET", "/api/jobs", headers=session).status_code == 200
    page = anyone.call("GET", "/login", headers={**session, "Accept-Language": "de-DE"}).text
    assert "Sie sind als eddi angemeldet" in page
    out = anyone.call("POST", "/logout", headers=session)
    assert (out.status_code, out.headers["location"]) == (303, "/login")
    assert "session has ended" in problem(anyone.call("GET", "/api/jobs", headers=session), 401)


def test_a_session_has_the_users_role(anyone: Server) -> None:
    session = cookie_of(sign_in(anyone, "rita", PASSWORD))
    assert anyone.call("GET", "/api/status", headers=session).status_code == 200
    refused = anyone.call("DELETE", "/api/documents/x", headers=session)
    assert "needs the role editor" in problem(refused, 403)


def test_a_page_of_another_site_gains_nothing_by_the_cookie(anyone: Server) -> None:
    session = cookie_of(sign_in(anyone, "rita", PASSWORD))
    for origin in ("http://evil.example", INTRANET):
        headers = {**session, "Origin": origin}
        assert anyone.call("GET", "/api/status", headers=headers).status_code == 401
        assert anyone.call("POST", "/api/ask", json={"question": "x"}, headers=headers).status_code in (
            401,
            403,
        )
        assert anyone.call("POST", "/login", data={}, headers={"Origin": origin}).status_code != 303
    assert "may not" in problem(anyone.call("POST", "/logout", headers={"Origin": "null"}), 403)


@pytest.mark.parametrize(
    ("language", "title"), [("de-DE,en", "Anmelden"), ("fr", "Sign in"), ("", "Sign in")]
)
def test_the_page_needs_no_script(anyone: Server, language: str, title: str) -> None:
    response = anyone.call("GET", '/login?next="><script>', headers={"Accept-Language": language})
    assert f"<h1>{title}</h1>" in response.text
    assert "<script" not in response.text
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["cache-control"] == "no-store"


def test_guessing_is_slowed_down(anyone: Server) -> None:
    for password in ("wrong", "", "wrong again", PASSWORD + " ", "x" * 900):
        response = sign_in(anyone, "mallory", password)
        assert response.status_code == 401
        assert "do not belong together" in response.text
        assert "set-cookie" not in response.headers
    response = sign_in(anyone, "mallory", PASSWORD)
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 60
    assert sign_in(anyone, "rita", PASSWORD).status_code == 303  # others are not locked out


@given(st.text())
def test_signing_in_leads_nowhere_else(wanted: str) -> None:
    for address in (wanted, f"/{wanted}", f"//{wanted}", f"/\\{wanted}", f"https://{wanted}"):
        onward = local_path(address)
        assert onward.startswith("/")
        assert not onward.startswith(("//", "/\\"))
        assert "\n" not in onward


# A proxy


def by_proxy(server: Server, path: str, address: str = PROXY, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(transport=httpx.HTTPTransport(verify=NO_TLS, local_address=address)) as client:
        return client.get(server.url + path, headers=sent)


def test_a_trusted_proxy_says_who_it_is(anyone: Server) -> None:
    assert by_proxy(anyone, "/api/status", X_Remote_User="someone").status_code == 200
    assert by_proxy(anyone, "/api/jobs", X_Remote_User="someone").status_code == 403
    assert by_proxy(anyone, "/api/jobs", X_Remote_User="eddi").status_code == 200
    assert by_proxy(anyone, "/api/status").status_code == 401
    foreign = by_proxy(anyone, "/api/status", X_Remote_User="someone", Origin="http://evil.example")
    assert foreign.status_code == 401


def test_nobody_else_is_believed(anyone: Server) -> None:
    for address in ("127.0.0.1", "127.0.0.3"):
        assert by_proxy(anyone, "/api/status", address, X_Remote_User="eddi").status_code == 401
    twice = [("X-Remote-User", "someone"), ("X-Remote-User", "eddi")]
    with httpx.Client(transport=httpx.HTTPTransport(verify=NO_TLS, local_address=PROXY)) as client:
        assert client.get(f"{anyone.url}/api/status", headers=twice).status_code == 401


def test_cookies_stay_on_encrypted_connections(anyone: Server) -> None:
    for address, secure in ((PROXY, True), ("127.0.0.1", False)):
        with httpx.Client(transport=httpx.HTTPTransport(verify=NO_TLS, local_address=address)) as client:
            form = {"name": "rita", "password": PASSWORD}
            response = client.post(f"{anyone.url}/login", data=form, headers={"X-Forwarded-Proto": "https"})
        assert ("Secure" in response.headers["set-cookie"]) is secure


# Embed tokens


def test_an_embed_token_opens_what_it_says(anyone: Server, guarded: Server, embed: dict[str, Any]) -> None:
    (bridge,) = embed["documents"]
    (other,) = guarded.add(stork="# Storks\n\nThe stork Adele nests on the roof of the town hall of Linum.")
    headers = {"Authorization": f"Bearer {embed['token']}", "Origin": INTRANET}

    def ask(question: str, **more: Any) -> httpx.Response:
        return anyone.call("POST", "/api/ask", json={"question": question, **more}, headers=headers)

    answer = ask("How many metres long was the bridge at Remagen?")
    assert answer.json()["citations"][0]["document_id"] == bridge
    assert answer.headers["access-control-allow-origin"] == INTRANET
    hidden = ask("Where does the stork Adele nest?").json()
    assert {hit["document_id"] for hit in hidden["citations"] + hidden["nearest"]} <= {bridge}
    refused = ask("Where does the stork Adele nest?", documents=[other["document_id"]])
    assert "does not open" in problem(refused, 403)
    listed = anyone.call("GET", "/api/documents", headers=headers).json()
    assert [one["id"] for one in listed["documents"]] == [bridge]
    for path in ("/api/documents/{}", "/api/documents/{}/text", "/documents/{}"):
        by_cookie = anyone.call(
            "GET", path.format(bridge), headers={"Cookie": f"assistant_embed={embed['token']}"}
        )
        assert by_cookie.status_code in (200, 503)  # pages may still be loading
        by_address = anyone.call("GET", path.format(bridge), params={"token": embed["token"]})
        assert by_address.status_code == 401  # addresses end up in logs
        assert anyone.call("GET", path.format(other["document_id"]), headers=headers).status_code == 404


def test_an_embed_token_is_for_one_site(anyone: Server, embed: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {embed['token']}", "Origin": "http://other.example"}
    assert "is for pages of" in problem(anyone.call("GET", "/api/documents", headers=headers), 401)
    forged = embed["token"][:-2] + ("AA" if embed["token"][-2:] != "AA" else "BB")
    response = anyone.call("GET", "/api/documents", headers={"Authorization": f"Bearer {forged}"})
    assert "no such API key" in problem(response, 401)
    assert anyone.call("POST", "/api/search?token=" + embed["token"], json={"query": "x"}).status_code == 401


def test_who_may_ask_for_embed_tokens(guarded: Server, anyone: Server, embed: dict[str, Any]) -> None:
    other = guarded.call("POST", "/api/embed-tokens", json={"origin": "https://other.example"})
    assert "ASSISTANT_EMBED_ORIGINS" in problem(other, 403)
    session = cookie_of(sign_in(anyone, "rita", PASSWORD))
    for headers in (session, {"Authorization": f"Bearer {embed['token']}"}):
        response = anyone.call("POST", "/api/embed-tokens", json={"origin": INTRANET}, headers=headers)
        assert problem(response, 403)


def test_browsers_are_told_who_may_embed(anyone: Server) -> None:
    def preflight(origin: str, path: str, method: str) -> httpx.Response:
        headers = {"Origin": origin, "Access-Control-Request-Method": method}
        return anyone.call("OPTIONS", path, headers=headers)

    allowed = preflight(INTRANET, "/api/ask", "POST")
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, INTRANET)
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in allowed.headers
    for origin, path, method in (
        ("http://evil.example", "/api/ask", "POST"),
        (INTRANET, "/api/documents/x", "DELETE"),
        (INTRANET, "/gradio_api/queue/join", "POST"),
    ):
        assert "access-control-allow-origin" not in preflight(origin, path, method).headers


def test_a_token_ends_with_its_time_and_its_key(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "access.sqlite3")
    access = Authenticator(Settings.model_validate({"data_dir": tmp_path}), lambda token: False, store)
    key, secret = administration.create_key(store, "site", "editor", None)
    caller = access.identify(Credentials(key=secret))
    assert (caller.name, caller.role, caller.via) == ("site", "editor", "key")
    token, _ = access.embed_token(caller, INTRANET, (), 60)
    embedded = access.identify(Credentials(token=token, origin=INTRANET))
    assert (embedded.role, embedded.via, embedded.origin) == ("reader", "embed", INTRANET)
    fingerprint = passwords.digest(secret)
    old = embed_tokens.signed(
        EmbedToken(key=fingerprint, origin=INTRANET, expires=time.time() - 1),
        str((store.get("secret", "tokens") or {})["secret"]),
    )
    with pytest.raises(NotSignedIn, match="has expired"):
        access.identify(Credentials(token=old))
    administration.revoke_key(store, key.id)
    with pytest.raises(NotSignedIn, match="no longer good"):
        access.identify(Credentials(token=token))
    with pytest.raises(NotSignedIn, match="is revoked"):
        access.identify(Credentials(key=secret))


@pytest.mark.parametrize("name", ["hashed", "plain", "stored", "nobody"])
def test_every_attempt_to_sign_in_costs_the_same(name: str, tmp_path: Path) -> None:
    """One Argon2 hash of the same parameters, whatever the name: the time says nothing of who exists."""
    checked = list[str]()

    def verify(password: str, stored: str) -> bool:
        checked.append(stored)
        return passwords.verify(password, stored)

    users = f"hashed:reader:{passwords.hashed(PASSWORD)}, plain:reader:{PASSWORD}"
    settings = Settings.model_validate({"data_dir": tmp_path, "users": users})
    store = open_store(settings)
    administration.add_user(store, "stored", "reader", PASSWORD)
    access = Authenticator(settings, lambda token: False, store, verify)
    with pytest.raises(NotSignedIn):
        access.sign_in(name, "a wrong password")
    if name != "nobody":
        assert access.identify(Credentials(session=access.sign_in(name, PASSWORD))).name == name
    cost = passwords.hashed("any").rpartition("$")[0].rpartition("$")[0]  # without salt and hash
    assert cost.startswith("$argon2id$")
    assert {stored.rpartition("$")[0].rpartition("$")[0] for stored in checked} == {cost}
    assert len(checked) == (1 if name == "nobody" else 2)


def test_a_session_of_a_user_in_the_settings_outlasts_a_restart(tmp_path: Path) -> None:
    def server(password: str) -> Authenticator:
        settings = Settings.model_validate({"data_dir": tmp_path, "users": f"rita:reader:{password}"})
        return Authenticator(settings, lambda token: False)

    session = Credentials(session=server(PASSWORD).sign_in("rita", PASSWORD))
    assert server(PASSWORD).identify(session).name == "rita"
    with pytest.raises(NotSignedIn, match="password has changed"):
        server(f"{PASSWORD}!").identify(session)


# How often, how many at a time


def test_a_key_asks_so_often_and_so_many_at_a_time(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    go = threading.Event()

    class Slow(Assistant):
        def stream(self, *asked: Any, **more: Any) -> Iterator[Any]:
            yield DeltaEvent(text="wait ")
            go.wait(60)
            yield from super().stream(*asked, **more)

    def opener(chosen: Settings, lock: FolderLock) -> Assistant:
        return Slow(Index.open(chosen.data_dir, embedder, lock=lock), embedder)

    chosen = Settings.model_validate(
        {"data_dir": tmp_path / "data", "api_keys": f"one:reader:{SECRET}", "rate_limit": 6, "at_once": 1}
    )
    with serving(Service(chosen, opener=opener)) as server:
        while server.call("GET", "/api/health").json()["status"] == "loading":
            time.sleep(0.05)
        mine = replace(server, key=SECRET)
        body = {"question": "Why?", "stream": True}
        headers = {"Authorization": f"Bearer {SECRET}"}
        with httpx.stream(
            "POST", f"{server.url}/api/ask", json=body, headers=headers, trust_env=False
        ) as held:
            chunks = held.iter_bytes()
            next(chunks)
            busy = mine.call("POST", "/api/ask", json={"question": "Why?"})
            assert "at the same time" in problem(busy, 429)
            assert busy.headers["retry-after"] == "1"
            assert mine.call("GET", "/api/status").status_code == 200  # costs nothing
            as_openai = mine.call("POST", "/v1/chat/completions", json={}).json()
            assert as_openai["error"]["type"] == "rate_limit_error"
            go.set()
            assert b"event: done" in b"".join(chunks)
        while mine.call("POST", "/api/ask", json={"question": ""}).status_code == 429:
            pass  # the sixth may come before the first has been put away: then the minute is full
        many = [mine.call("GET", "/api/status") for _ in range(6)]
        assert many[-1].status_code == 429
        assert 1 <= int(many[-1].headers["retry-after"]) <= 60


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5), st.floats(1, 50))
def test_no_window_holds_more_than_allowed(gaps: list[float], most: int, seconds: float) -> None:
    now, let_in = [0.0], list[float]()
    window = RateLimit(most, seconds, lambda: now[0])
    for gap in gaps:
        now[0] += gap
        wait = window.wait("a")
        assert 0 <= wait <= seconds + 1e-9
        if not wait:
            window.count("a")
            let_in.append(now[0])
        assert window.wait("b") == 0
    for first, beyond in zip(let_in, let_in[most:], strict=False):
        assert beyond - first >= seconds - 1e-9


def test_places_are_given_back() -> None:
    places = ConcurrencyLimit(1)
    with places.place("a") as first, places.place("a") as second, places.place("b") as other:
        assert (first, second, other) == (True, False, True)
    with places.place("a") as again:
        assert again


# Where it is kept


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server."""
    with Chroma(tmp_path_factory.mktemp("chroma"), free_port()) as server:
        yield server.url


@pytest.mark.parametrize("kind", ["file", "chroma"])
def test_what_one_server_stores_the_others_see(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("chroma") if kind == "chroma" else ""
    settings = Settings.model_validate({"data_dir": tmp_path / "one", "chroma_url": url})
    elsewhere = settings.model_copy(update={"data_dir": tmp_path / ("two" if url else "one")})
    store, other = open_store(settings), open_store(elsewhere)
    assert other.get("user", "anna") is None
    assert other.all("user") == {}
    here, there = (Authenticator(chosen, lambda token: False) for chosen in (settings, elsewhere))
    assert not here.required()
    administration.add_user(store, "anna", "editor", PASSWORD)
    assert [user.name for user in administration.users(other)] == ["anna"]
    deadline = time.monotonic() + 30
    while not (here.required() and there.required()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    session = here.sign_in("anna", PASSWORD)
    assert there.identify(Credentials(session=session)).role == "editor"
    _, secret = administration.create_key(store, "crm", "reader", None)
    token, _ = here.embed_token(here.identify(Credentials(key=secret)), INTRANET, (), 60)
    assert there.identify(Credentials(token=token)).via == "embed"
    assert store.add("secret", "x", {"n": 1}) == other.add("secret", "x", {"n": 2}) == {"n": 1}
    administration.set_password(other, "anna", f"{PASSWORD}!")
    with pytest.raises(NotSignedIn, match="password has changed"):
        here.identify(Credentials(session=session))
    administration.remove_user(other, "anna")
    with pytest.raises(NotSignedIn):
        here.sign_in("anna", PASSWORD)


def test_a_store_that_is_away_is_told() -> None:
    store: Store = Notes("http://127.0.0.1:9", "access")
    with pytest.raises(StoreUnreachable, match="ASSISTANT_CHROMA_URL"):
        store.get("user", "anna")


def test_the_file_is_private(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "new" / "access.sqlite3")
    assert store.all("user") == {}
    assert not (tmp_path / "new").exists()
    administration.create_key(store, "crm", "reader", None)
    assert (tmp_path / "new" / "access.sqlite3").stat().st_mode & 0o777 == 0o600


# The commands and settings


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        import io

        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = cli.main(arguments)
        return status, *capsys.readouterr()

    return run


def test_users_come_and_go(run: Any, tmp_path: Path) -> None:
    assert run("users", "list") == (0, "", "")
    assert run("users", "add", "anna", "--role", "admin", typed=f"{PASSWORD}\n")[0] == 0
    assert run("users", "list", "--json")[1] == '{"name": "anna", "role": "admin"}\n'
    assert PASSWORD.encode() not in (tmp_path / "data" / "access.sqlite3").read_bytes()
    for arguments, typed, says in (
        (("users", "add", "anna"), PASSWORD, "is a user 'anna' already"),
        (("users", "add", "a b"), PASSWORD, "is no name"),
        (("users", "add", "bob"), "short", "less than 8"),
        (("users", "remove", "bob"), "", "no user 'bob'"),
        (("keys", "revoke", "crm"), "", "no key 'crm'"),
    ):
        status, _, errors = run(*arguments, typed=typed)
        assert status == 1
        assert says in errors
    assert run("users", "passwd", "anna", typed="another password\n")[0] == 0
    assert run("users", "remove", "anna")[0] == 0
    assert run("users", "add", "x", "--role", "king")[0] == 2


def test_a_printed_user_is_one_for_the_settings(run: Any) -> None:
    printed = run("users", "add", "anna", "--role", "editor", "--print", typed=PASSWORD)[1].strip()
    (anna,) = accounts_from_settings.users(SecretStr(f"{printed}")).values()
    assert (anna.name, anna.role) == ("anna", "editor")
    assert passwords.verify(PASSWORD, anna.password)
    assert not passwords.verify(PASSWORD + "!", anna.password)
    assert run("users", "list")[1] == ""


def test_a_key_is_shown_once(run: Any, tmp_path: Path) -> None:
    created = json.loads(run("keys", "create", "crm", "--days", "3", "--json")[1])
    assert created["key"].startswith("aak_")
    assert created["key"].encode() not in (tmp_path / "data" / "access.sqlite3").read_bytes()
    listed = run("keys", "list")[1]
    assert created["id"] in listed
    assert "active" in listed
    assert created["key"] not in listed
    assert "already" in run("keys", "create", "crm")[2]
    assert run("keys", "revoke", created["id"])[0] == 0
    assert "revoked" in run("keys", "list")[1]
    assert run("keys", "create", "crm", "--days", "0")[0] == 2


def test_admins_make_keys_over_http(guarded: Server, anyone: Server) -> None:
    created = guarded.call("POST", "/api/keys", json={"name": "wiki", "role": "editor", "days": 1})
    assert created.status_code == 201
    key = created.json()
    assert anyone.call("GET", "/api/jobs", headers={"X-API-Key": key["key"]}).status_code == 200
    assert "already" in problem(guarded.call("POST", "/api/keys", json={"name": "wiki"}), 409)
    (listed,) = [one for one in guarded.call("GET", "/api/keys").json()["keys"] if one["name"] == "wiki"]
    assert listed == {name: value for name, value in key.items() if name != "key"}
    assert guarded.call("DELETE", f"/api/keys/{key['id']}").json()["state"] == "revoked"
    assert anyone.call("GET", "/api/jobs", headers={"X-API-Key": key["key"]}).status_code == 401
    assert "no key" in problem(guarded.call("DELETE", f"/api/keys/{key['id']}"), 404)


def test_other_machines_are_let_in_once_there_is_a_user(run: Any) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104  # so that nothing is served
        arguments = ("serve", "--host", "0.0.0.0", "--port", str(taken.getsockname()[1]))  # noqa: S104  # likewise
        status, _, errors = run(*arguments)
        assert (status, "--insecure" in errors) == (2, True)
        assert run("users", "add", "anna", typed=PASSWORD)[0] == 0
        assert "is taken by another program" in run(*arguments)[2]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("users", "anna:king:secret-secret", "entry 1 is not name:role:secret"),
        ("users", "anna:reader:secret-secret,bob", "less than 8|entry 2|name:role"),
        ("users", "anna:reader:shorty", "'anna' has less than 8"),
        ("users", "anna:reader:$argon2id$v=19$cut-off", "the hash of 'anna' is incomplete"),
        ("api_keys", "crm:reader:secret-secret", "'crm' has less than 20"),
        ("api_keys", f"crm:reader:{SECRET}:2026-02-31", "no day of the calendar"),
    ],
)
def test_wrong_users_and_keys_are_named_and_not_shown(name: str, value: str, says: str) -> None:
    read = accounts_from_settings.users if name == "users" else accounts_from_settings.keys
    if value.endswith(",bob"):  # what follows a comma belongs to the password unless it is an entry
        assert next(iter(read(SecretStr(value)).values())).password == "secret-secret,bob"  # type: ignore[union-attr]  # noqa: S105  # made up
        return
    with pytest.raises(WrongSetting, match=says) as error:
        read(SecretStr(value))
    assert "secret-secret" not in str(error.value)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSISTANT_EMBED_ORIGINS", "intranet.example.org"),
        ("ASSISTANT_EMBED_ORIGINS", "https://*.example.org"),
        ("ASSISTANT_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("ASSISTANT_PROXY_HEADER", "X-Remote-User"),
    ],
)
def test_wrong_access_settings(run: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    status, _, errors = run("status")
    assert status == 2
    assert name in errors


def test_only_keys_ask_for_tokens(tmp_path: Path) -> None:
    access = Authenticator(Settings.model_validate({"data_dir": tmp_path}), lambda token: False)
    with pytest.raises(BadAccess):
        access.embed_token(Caller(name="anna", role="admin", via="session"), INTRANET, (), 60)


@pytest.mark.parametrize(
    ("header", "local"),
    [("Accept", True), ("X-Forwarded-Proto", False), ("X-Client-IP", False), ("CF-Connecting-IP", False)],
)
def test_what_came_through_a_proxy_is_not_of_this_machine(header: str, local: bool) -> None:
    caller = Caller(name="", role="admin", via="open")
    assert is_local_admin(caller, "127.0.0.1", "127.0.0.1", [header]) is local
