"""What can go wrong in asking. Every message says what to do.

AssistantError
├── BadAccess           a user, key or role that does not exist or cannot exist
├── BadCorrection       a field's value that cannot be right
├── BadDraft            an empty text to be checked, or one too long
├── BadQuestion         an empty question, or one too long
├── BadQuestions        a file of questions that cannot be used
├── Busy                more questions are asked than can be answered in time
├── Conflict            the state of a document or job does not allow it
├── NotFound            no document or job has that id
├── NotReady            models are still loading
├── ModelFailed         the language model gave no answer
├── NotSignedIn         no credentials, or wrong ones
├── Outdated            documents keep changing while they are quoted
└── ReaderUnusable      the reader's weights are damaged
"""

from __future__ import annotations

from collections.abc import Mapping

# What is wrong with the value of a field; the pages' translations have each as ``wrong_…``.
WRONG_VALUES = {
    "empty": "It must not be empty.",
    "too_long": "It is too long.",
    "no_date": 'Write a day as in 2026-03-14, or "none".',
    "in_future": "This day is in the future.",
    "no_language": "Write a language code of two letters, as in de.",
    "no_ids": "Write ids of documents, as `assistant documents` lists them.",
    "nothing": "Say what is right, or what to withdraw: see --help.",
    "unknown_field": "Only title, published, authors, source, language and not_copies_of can be corrected.",
}


class AssistantError(Exception):
    """Root of all errors of this package."""


class BadAccess(AssistantError):
    pass


class BadCorrection(AssistantError):
    """``problems`` are keys of `WRONG_VALUES` by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {WRONG_VALUES[code]}" for name, code in problems.items()))
        self.problems = dict(problems)


class BadDraft(AssistantError):
    pass


class BadQuestion(AssistantError):
    pass


class BadQuestions(AssistantError):
    """The file of questions cannot be used."""


class Busy(AssistantError):
    """``seconds`` is after how long it is worth asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"More questions are being asked than can be answered in time. Ask again in {seconds} seconds."
        )
        self.seconds = seconds


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
