"""What is raised in the stream of a page that somebody has left is no error in the server's log; all else is."""

from __future__ import annotations

import logging
import sys
from asyncio import CancelledError

import pytest
from starlette.exceptions import HTTPException

from assistant.http.logs import left_page


@pytest.mark.parametrize(
    ("error", "cause", "logged"),
    [
        (RuntimeError("response already started"), HTTPException(404), False),
        (RuntimeError("response already started"), HTTPException(500), True),
        (RuntimeError("broken"), None, True),
        (ValueError("broken"), HTTPException(404), True),
        (KeyError("session"), CancelledError(), False),
        (KeyError("session"), None, True),
        (KeyError("session"), ValueError("broken"), True),
    ],
)
def test_only_the_end_of_a_left_page_is_no_error(
    error: Exception, cause: BaseException | None, logged: bool
) -> None:
    try:
        raise error from cause
    except Exception:
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application", (), sys.exc_info()
        )
    assert left_page(record) is logged


def test_a_record_without_an_exception_is_logged() -> None:
    assert left_page(logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "no", (), None))
