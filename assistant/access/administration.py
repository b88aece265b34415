"""Adding and removing users and keys, as `assistant users` and `assistant keys` do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assistant.access import passwords
from assistant.access.accounts import ApiKey, User, checked_name, now
from assistant.access.callers import Role
from assistant.access.store import Store
from assistant.errors import BadAccess

KEY_PREFIX = "aak_"  # so that a leaked key can be recognised as one


def users(store: Store) -> list[User]:
    return [User.of(data) for data in store.all("user").values()]


def add_user(store: Store, name: str, role: Role, password: str) -> User:
    """Raises `BadAccess` for a name that is taken, or a password that is too short."""
    if store.get("user", checked_name(name)):
        raise BadAccess(
            f"There is a user {name!r} already. `assistant users passwd {name}` changes the password."
        )
    user = User(name=name, role=role, password=hashed(password))
    store.put("user", name, user.record())
    return user


def set_password(store: Store, name: str, password: str) -> User:
    """Give a user another password, which ends their sessions. Raises `BadAccess` where there is none."""
    user = replace(_user(store, name), password=hashed(password))
    store.put("user", name, user.record())
    return user


def remove_user(store: Store, name: str) -> None:
    """Raises `BadAccess` where there is none."""
    store.delete("user", _user(store, name).name)


def keys(store: Store) -> list[ApiKey]:
    """All keys, the expired and revoked ones too, the oldest first."""
    stored = [ApiKey.of(data) for data in store.all("key").values()]
    return sorted(stored, key=lambda key: key.created or now())


def create_key(store: Store, name: str, role: Role, expires: datetime | None) -> tuple[ApiKey, str]:
    """A new key and its secret, which is stored nowhere. Raises `BadAccess` for a name that is taken."""
    if any(key.name == name and not key.revoked for key in keys(store)):
        raise BadAccess(
            f"There is a key {checked_name(name)!r} already. Revoke it first, or use another name."
        )
    secret = passwords.new_secret(KEY_PREFIX)
    fingerprint = passwords.digest(secret)
    key = ApiKey(id=fingerprint[:12], name=checked_name(name), role=role, created=now(), expires=expires)
    store.put("key", fingerprint, key.record())
    return key, secret


def revoke_key(store: Store, name_or_id: str) -> ApiKey:
    """Revoke the key of that id, or of that name. Raises `BadAccess` where there is none that is not revoked."""
    for fingerprint, data in store.all("key").items():
        key = ApiKey.of(data)
        if name_or_id in (key.id, key.name) and not key.revoked:
            revoked = replace(key, revoked=now())
            store.put("key", fingerprint, revoked.record())
            return revoked
    raise BadAccess(f"There is no key {name_or_id!r} to revoke. `assistant keys list` lists them.")


def _user(store: Store, name: str) -> User:
    data = store.get("user", name)
    if data is None:
        raise BadAccess(f"There is no user {name!r}. `assistant users list` lists them.")
    return User.of(data)


def hashed(password: str) -> str:
    """The hash to store. Raises `BadAccess` for a password that is too short."""
    if len(password) < passwords.SHORTEST:
        raise BadAccess(f"The password has less than {passwords.SHORTEST} characters.")
    return passwords.hashed(password)
