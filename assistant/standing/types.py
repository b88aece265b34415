"""The nouns of standing questions: frozen, keyword-only, typed.

arrival of a document ──candidates──▶ questions that it may answer ──findings──▶ NewFinding
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from assistant.types import EVERYTHING, Filters

TellingLanguage = Literal["en", "de"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Where what is new is told besides the page; empty: nowhere else.

    ``secret`` signs what is sent to the ``webhook``; mails are in ``language``; ``base`` is the server's address that links begin with.
    """

    webhook: str = ""
    secret: str = field(default="", repr=False)
    mail: str = ""
    language: TellingLanguage = "en"
    base: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        return tuple(name for name, place in (("webhook", self.webhook), ("mail", self.mail)) if place)


NOWHERE = Telling()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingQuestion:
    """A question that is kept by ``owner``, whose name is empty where nobody has to sign in.

    It counts what arrives after the coming or going of number ``after``; findings up to number ``seen`` have been looked at, which was last
    done at ``looked``. Whoever has the ``token`` may read its feed.
    """

    id: str
    question: str
    owner: str
    created: datetime
    after: int
    token: str = field(repr=False)
    filters: Filters = EVERYTHING
    seen: int = 0
    looked: datetime | None = None
    paused: bool = False
    telling: Telling = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """That a text of a document has come into the collection, the ``number``-th of all.

    ``since`` is 0, or where the same text was here before and had gone, the number of its going: questions kept before that know it.
    Comings and goings are counted together.
    """

    number: int
    document_id: str
    version: str
    since: int = 0

    def concerns(self, question: StandingQuestion) -> bool:
        """Whether the text was not there when the question was last asked."""
        return not question.paused and self.since <= question.after < self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What answers a standing question and was not there before: ``quote`` is the document's text of that ``version`` from ``start``
    to ``end``, verbatim.

    ``number`` counts the findings of all questions; 0 until it is stored.
    """

    question_id: str
    document_id: str
    version: str
    start: int
    end: int
    quote: str
    title: str
    found: datetime
    language: str = ""
    number: int = 0
