"""What can go wrong in asking. Every message says what to do.

AssistantError
├── BadAccess           a user, key or role that there is not or cannot be
├── BadQuestion         an empty question, or one too long
├── NotFound            no document or job of that id
├── NotReady            models are still loading
└── NotSignedIn         nobody has shown who they are, or not well enough
"""

from __future__ import annotations


class AssistantError(Exception):
    """Root of all errors of this package."""


class BadAccess(AssistantError):
    pass


class BadQuestion(AssistantError):
    pass


class NotFound(AssistantError):
    pass


class NotReady(AssistantError):
    pass


class NotSignedIn(AssistantError):
    pass
