"""Files read in the sandbox, and what they have of scanned pages recognised, page by page, where Tesseract is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import DamagedSource, EmptySource, SourceError, TooLarge
from ingest.loaders import tesseract
from ingest.loaders.hocr import RecognisedPage
from ingest.loaders.sandbox import Sandbox
from ingest.loaders.tesseract import Tesseract
from ingest.settings import IngestSettings
from ingest.types import Content

# Called before page n of m is recognised; it may raise `Cancelled`.
OnPage = Callable[[int, int], None]

_PREFERRED = ("deu", "eng")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Whether scanned pages are recognised, how many of a file at most, and in which languages, as in "deu+eng"; empty: found out."""

    wanted: bool = True
    languages: str = ""
    most_pages: int = 500


def recognition(settings: IngestSettings) -> Recognition:
    return Recognition(
        wanted=settings.ocr == "auto", languages=settings.ocr_languages, most_pages=settings.ocr_pages
    )


def load(
    sandbox: Sandbox,
    path: Path,
    name: str,
    recognition: Recognition,
    on_page: OnPage = lambda page, pages: None,
) -> Content:
    """What the file at ``path`` holds; pages of a PDF that are pictures are recognised.

    Raises what `Sandbox.load` does, and what ``on_page`` does. Pages that cannot be read are named in the content.
    """
    content, pages = _read(sandbox, path, name)
    if not pages:
        return _required(content, EmptySource(name, "no_text"))
    program = tesseract.installed() if recognition.wanted else None
    if program is None:
        return _required(
            content, EmptySource(name, "scan" if recognition.wanted else "scan_off", pages=len(pages))
        )
    if content is None and len(pages) > recognition.most_pages:
        raise TooLarge(name, "scan_long", pages=len(pages), limit=recognition.most_pages)
    languages = recognition.languages or _languages(program)
    recognised: list[RecognisedPage] = []
    problem: SourceError = EmptySource(name, "scan_empty")
    within = pages[: recognition.most_pages]
    for number, page in enumerate(within, 1):
        on_page(number, len(within))
        try:
            recognised.append(sandbox.recognise(path, name, page, program.command, languages))
        except DamagedSource as error:  # one page does not lose the others
            problem = error
    if not any(page.letters for page in recognised):
        return _required(content, problem)
    return sandbox.load(path, name, recognised)


def _read(sandbox: Sandbox, path: Path, name: str) -> tuple[Content | None, Sequence[int]]:
    """What a file says without recognition, None where that is nothing, and which of its pages are pictures."""
    try:
        content = sandbox.load(path, name)
    except EmptySource as error:
        if error.code != "scan":
            raise
        return None, range(1, int(error.values["pages"]) + 1)
    return content, content.unread_pages


def _required(content: Content | None, error: SourceError) -> Content:
    if content is None:
        raise error
    return content


def _languages(program: Tesseract) -> str:
    preferred = [language for language in _PREFERRED if language in program.languages]
    return "+".join(preferred or program.languages[:3])
