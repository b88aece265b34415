"""What several commands take as arguments: days, texts of a length, numbers of a range."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date


def day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write it as in 2026-03-14") from None


def at_most(longest: int) -> Callable[[str], str]:
    def text(written: str) -> str:
        if len(written) > longest:
            raise argparse.ArgumentTypeError(f"longer than {longest:,} characters")
        return written

    return text


def number(least: int, most: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        if not written.isascii() or not written.isdigit() or not least <= int(written) <= most:
            raise argparse.ArgumentTypeError(f"{written!r} is no number from {least} to {most:,}")
        return int(written)

    return read
