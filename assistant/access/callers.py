"""The caller of a request and what their role allows. Pages' handlers and API routes call `may(request, "editor")`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Role = Literal["reader", "editor", "admin"]
Via = Literal["open", "owner", "session", "key", "embed", "proxy"]

# Each role may do what those before it may.
ROLES: tuple[Role, ...] = ("reader", "editor", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person or a program that may use the server.

    ``via`` is the kind of credentials: "open" where the server asks for none, "owner" for the commands of the user
    that it runs as. Requests in a minute are counted under ``limited_as``; empty: not counted. An embed token may
    restrict its bearer to ``documents`` (none: all) and to pages of ``origin``.
    """

    name: str
    role: Role
    via: Via
    limited_as: str = ""
    documents: tuple[str, ...] = ()
    origin: str = ""

    def may(self, role: Role) -> bool:
        """Whether this caller's role includes ``role``."""
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def known_name(self) -> str:
        """The name that others may see beside what this caller adds; empty for the commands of this machine's user."""
        return "" if self.via == "owner" else self.name

    @property
    def owns(self) -> str:
        """The name under which what this caller keeps is theirs: empty where nobody has to sign in, and for the commands of this
        machine's user. A key has another one than a user of its name."""
        if self.via in ("open", "owner"):
            return ""
        return f"key:{self.name}" if self.via == "key" else self.name

    def sees(self, document_id: str) -> bool:
        return not self.documents or document_id in self.documents


EVERYONE = Caller(name="", role="admin", via="open")


class HasState(Protocol):
    """A request of Starlette's, or Gradio's wrapper around one."""

    @property
    def state(self) -> Any: ...


def caller_of(request: HasState) -> Caller | None:
    """The sender of the request; None where the route needs no sign-in, as on the sign-in page."""
    caller = getattr(request.state, "caller", None)
    return caller if isinstance(caller, Caller) else None


def may(request: HasState, role: Role) -> bool:
    """Whether the sender of the request has that role; False where the sender was not identified."""
    caller = caller_of(request)
    return caller is not None and caller.may(role)
