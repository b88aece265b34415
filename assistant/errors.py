"""What can go wrong in asking. Every message says what to do.

AssistantError
├── BadAccess           a user, key or role that does not exist or cannot exist
├── BadQuestion         an empty question, or one too long
├── Conflict            the state of a document or job does not allow it
├── NotFound            no document or job has that id
├── NotReady            models are still loading
├── ModelFailed         the language model gave no answer
├── NotSignedIn         no credentials, or wrong ones
├── Outdated            documents keep changing while they are quoted
└── ReaderUnusable      the reader's weights are damaged
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
    """``why`` is a key of `messages.FAILURES`; the message has the details, for a log or a status."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(detail)
        self.why = why


class NotSignedIn(AssistantError):
    pass


class Outdated(AssistantError):
    pass


class ReaderUnusable(AssistantError):
    pass
