"""Who a caller is, from their credentials: a key, a session, an embed token, or the name that a proxy has signed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.access import accounts_from_settings, embed_tokens, passwords
from assistant.access.accounts import ApiKey, User, now
from assistant.access.callers import EVERYONE, Caller
from assistant.access.embed_tokens import EmbedToken
from assistant.access.store import Store, open_store
from assistant.errors import BadAccess, NotSignedIn
from assistant.settings import Settings

SESSION = 12 * 3_600  # seconds that a session lasts
_RECHECK = 2.0  # seconds between two checks whether there are users by now, as long as there are none
_OWNER = Caller(name="owner", role="admin", via="owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The credentials in a request; empty strings for those that it does not have.

    ``token`` is an embed token from a cookie of the viewer; ``proxy_user`` is set only by a trusted proxy;
    ``origin`` is the site of the page that sent the request, where that is not this server's own.
    """

    owner: str = ""
    key: str = ""
    session: str = ""
    token: str = ""
    proxy_user: str = ""
    origin: str = ""


class Authenticator:
    """Who may use a server. As long as there are no users and no keys, everyone may. Thread-safe.

    ``trusts`` says whether a token is that of the data folder's owner; ``verify`` checks a password against a hash.
    Every method raises `StoreError` where users and keys cannot be read.
    """

    def __init__(
        self,
        settings: Settings,
        trusts: Callable[[str], bool],
        store: Store | None = None,
        verify: Callable[[str, str], bool] = passwords.verify,
    ) -> None:
        self._store = store or open_store(settings)
        self._trusts = trusts
        self._verify = verify
        # Hashed here, and the decoy too: an attempt to sign in always checks one hash, whatever the name.
        users = accounts_from_settings.users(settings.users)
        self._users = {name: accounts_from_settings.hashed(user) for name, user in users.items()}
        self._decoy = passwords.decoy_hash()
        self._keys = accounts_from_settings.keys(settings.api_keys)
        self._behind_proxy = bool(settings.proxy_header)
        self._required = bool(self._users or self._keys or settings.proxy_header)
        self._checked = -_RECHECK

    def required(self) -> bool:
        """Whether callers must show who they are. Once they must, they must until the server ends."""
        if not self._required and time.monotonic() - self._checked >= _RECHECK:
            self._required = anyone(self._store)
            self._checked = time.monotonic()
        return self._required

    def identify(self, credentials: Credentials) -> Caller:
        """Raises `NotSignedIn` with what to do, unless everyone may use the server."""
        if credentials.owner and self._trusts(credentials.owner):
            return _OWNER
        if not self.required():
            return EVERYONE
        if credentials.key:
            return self._by_key(credentials.key, credentials.origin)
        if credentials.proxy_user:
            return self._by_proxy(credentials.proxy_user)
        if credentials.session:
            return self._by_session(credentials.session)
        if credentials.token:
            return self._by_token(credentials.token, credentials.origin)
        raise NotSignedIn(
            "Sign in at /login, or send an API key as 'Authorization: Bearer …' "
            "(`assistant keys create` makes one)."
        )

    # -- signing in and out ------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> str:
        """The secret of a new session. Raises `NotSignedIn`, which does not say whether there is such a user."""
        user = self.user(name)
        correct = self._verify(password, user.password if user else self._decoy)
        if user is None or not correct:
            raise NotSignedIn("Name and password do not belong together.")
        self._forget_old_sessions()
        secret = passwords.new_secret()
        session = {
            "user": user.name,
            "password": passwords.digest(user.password),
            "expires": time.time() + SESSION,
        }
        self._store.put("session", passwords.digest(secret), session)
        return secret

    def sign_out(self, session: str) -> None:
        """End a session, if it is one."""
        self._store.delete("session", passwords.digest(session))

    def user(self, name: str) -> User | None:
        if name in self._users:
            return self._users[name]
        data = self._store.get("user", name)
        return User.of(data) if data else None

    def _forget_old_sessions(self) -> None:
        for name, session in self._store.all("session").items():
            if session["expires"] <= time.time():
                self._store.delete("session", name)

    def owner_exists(self, owner: str) -> bool:
        """Whether somebody may still use the server under that name, as `Caller.owns` has it; True where that can't be told."""
        if not owner:
            return True
        if owner.startswith("key:"):
            stored = [ApiKey.of(data) for data in self._store.all("key").values()]
            every = [*self._keys.values(), *stored]
            return any(
                key.name == owner.removeprefix("key:") and key.state(now()) == "active" for key in every
            )
        return bool(self.user(owner)) or self._behind_proxy

    # -- embedding ---------------------------------------------------------------------------

    def embed_token(
        self, caller: Caller, origin: str, documents: tuple[str, ...], seconds: float
    ) -> tuple[str, datetime]:
        """A token for pages of ``origin``, and when it ends. Raises `BadAccess` unless the caller has sent a key."""
        if caller.via != "key":
            raise BadAccess("Only an API key may ask for embed tokens: `assistant keys create` makes one.")
        token = EmbedToken(
            key=caller.limited_as, origin=origin, expires=time.time() + seconds, documents=documents
        )
        return embed_tokens.signed(token, self._secret()), datetime.fromtimestamp(round(token.expires), UTC)

    def _secret(self) -> str:
        """The secret that signs tokens, the same for all servers that share the store."""
        stored = self._store.get("secret", "tokens")
        if stored is None:
            stored = self._store.add("secret", "tokens", {"secret": passwords.new_secret()})
        return str(stored["secret"])

    # -- finding the caller ---------------------------------------------------------------------------

    def _by_key(self, secret: str, origin: str) -> Caller:
        fingerprint = passwords.digest(secret)
        key = self._key(fingerprint)
        if key is None:
            return self._by_token(secret, origin)
        state = key.state(now())
        if state != "active":
            raise NotSignedIn(f"The API key {key.name!r} is {state}. Ask for a new one.")
        return Caller(name=key.name, role=key.role, via="key", limited_as=fingerprint)

    def _by_token(self, text: str, origin: str) -> Caller:
        token = embed_tokens.read(text, self._secret())
        if token is None:
            raise NotSignedIn("There is no such API key. `assistant keys create` makes one.")
        if embed_tokens.expired(token):
            raise NotSignedIn(
                "The embed token has expired. The page that shows this chat must ask for a new one."
            )
        key = self._key(token.key)
        if key is None or key.state(now()) != "active":
            raise NotSignedIn("The API key that this embed token came from is no longer good.")
        if origin and origin != token.origin:
            raise NotSignedIn(f"This embed token is for pages of {token.origin}, not of {origin}.")
        return Caller(
            name=f"embedded by {key.name}",
            role="reader",
            via="embed",
            limited_as=passwords.digest(text),
            documents=token.documents,
            origin=token.origin,
        )

    def _by_session(self, secret: str) -> Caller:
        session = self._store.get("session", passwords.digest(secret))
        user = self.user(str(session["user"])) if session else None
        if session is None or user is None or session["expires"] <= time.time():
            raise NotSignedIn("Your session has ended. Sign in again.")
        if session["password"] != passwords.digest(user.password):
            raise NotSignedIn("Your password has changed. Sign in again.")
        return Caller(name=user.name, role=user.role, via="session")

    def _by_proxy(self, name: str) -> Caller:
        """Whom the proxy has signed in: a reader, unless a user of that name has another role here."""
        user = self.user(name)
        return Caller(name=name, role=user.role if user else "reader", via="proxy")

    def _key(self, fingerprint: str) -> ApiKey | None:
        if fingerprint in self._keys:
            return self._keys[fingerprint]
        data = self._store.get("key", fingerprint)
        return ApiKey.of(data) if data else None


def anyone(store: Store) -> bool:
    """Whether there are users or keys, so that a server must ask callers who they are."""
    return bool(store.all("user") or store.all("key"))


def asks_callers(settings: Settings) -> bool:
    """Whether a server with these settings would ask callers who they are. Raises `WrongSetting`, `StoreError`."""
    in_settings = accounts_from_settings.users(settings.users) or accounts_from_settings.keys(
        settings.api_keys
    )
    return bool(in_settings or settings.proxy_header) or anyone(open_store(settings))
