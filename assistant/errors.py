"""What can go wrong in asking. Every message says what to do.

AssistantError
├── BadQuestion         an empty question, or one too long
├── NotFound            no document or job of that id
└── NotReady            models are still loading
"""

from __future__ import annotations


class AssistantError(Exception):
    """Root of all errors of this package."""


class BadQuestion(AssistantError):
    pass


class NotFound(AssistantError):
    pass


class NotReady(AssistantError):
    pass
