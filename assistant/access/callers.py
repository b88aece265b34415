"""Who is asking. A page's handler and an API route alike call `may(request, "editor")`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Role = Literal["reader", "editor", "admin"]
Via = Literal["open", "owner", "session", "key", "embed", "proxy"]

# Each role may do what those before it may.
ROLES: tuple[Role, ...] = ("reader", "editor", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Someone, or a program, that may use the server.

    ``via`` tells how they showed who they are: "open" where the server asks nobody, "owner" for the commands of
    the user it runs as. ``limited_as`` names whom requests are counted for; empty where they are not. An embed
    token may restrict its bearer to ``documents`` (none: all) and to pages of ``origin``.
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

    def sees(self, document_id: str) -> bool:
        return not self.documents or document_id in self.documents


EVERYONE = Caller(name="", role="admin", via="open")


class HasState(Protocol):
    """A request of Starlette's, or Gradio's wrapper around one."""

    @property
    def state(self) -> Any: ...


def caller_of(request: HasState) -> Caller | None:
    """Who sent the request; None where the server has not asked, as on the sign-in page."""
    found = getattr(request.state, "caller", None)
    return found if isinstance(found, Caller) else None


def may(request: HasState, role: Role) -> bool:
    """Whether who sent the request has that role; False for a request that nobody has checked."""
    caller = caller_of(request)
    return caller is not None and caller.may(role)
