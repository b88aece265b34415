"""Coroutines in tests that a browser may share the process with: Playwright leaves a loop running in the tests' thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Returned = TypeVar("Returned")


def run_apart(coroutine: Coroutine[Any, Any, Returned]) -> Returned:
    """What the coroutine returns or raises, run by a loop of its own in another thread."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()
