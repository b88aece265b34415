"""What can go wrong in asking. Every message says what to do.

AssistantError
├── BadAccess           a user, key or role that there is not or cannot be
├── BadQuestion         an empty question, or one too long
├── Conflict            it is in a state in which that cannot be done
├── NotFound            no document or job of that id
├── NotReady            models are still loading
├── ModelFailed         the language model gave no answer
├── NotSignedIn         nobody has shown who they are, or not well enough
└── Outdated            documents keep changing while they are quoted
"""

from __future__ import annotations


class AssistantError(Exception):
    """Root of all errors of this package."""


class BadAccess(AssistantError):
    pass


class BadQuestion(AssistantError):
    pass


class Conflict(AssistantError):
    pass


class NotFound(AssistantError):
    pass


class NotReady(AssistantError):
    pass


class ModelFailed(AssistantError):
    """``why`` is a key of `phrases.FAILURES`; the message has the details, for a log or a status."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(detail)
        self.why = why


class NotSignedIn(AssistantError):
    pass


class Outdated(AssistantError):
    pass
