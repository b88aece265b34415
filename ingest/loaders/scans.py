"""Files read in the sandbox, and what they have of scanned pages recognised, page by page, where Tesseract is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import DamagedSource, EmptySource, SourceError, TooLarge
from ingest.loaders import tesseract
from ingest.loaders.hocr import RecognisedPage
from ingest.loaders.sandbox import Sandbox
from ingest.loaders.tesseract import Tesseract
from ingest.settings import IngestSettings
from ingest.text.languages import detect_surely
from ingest.types import Content

# Called before page n of m is recognised; it may raise `Cancelled`.
OnPage = Callable[[int, int], None]

_PREFERRED = ("deu", "eng")
_TOGETHER = 3  # languages that are looked for at once
_MOST_GROUPS = 4
_TRIES = 3  # pages at most from which the language is found out
_ENOUGH = 100  # letters that tell it
# Tesseract's codes by those of ISO 639-1.
_CODES = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa",
    "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun",
    "hy": "hye", "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat", "ko": "kor", "lt": "lit", "lv": "lav", "mk": "mkd",
    "mt": "mlt", "nb": "nor", "nl": "nld", "nn": "nor", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus",
    "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd",
    "vi": "vie", "zh": "chi_sim",
}  # fmt: skip


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


def available(recognition: Recognition) -> bool:
    """Whether scanned pages can be recognised here now."""
    return recognition.wanted and tesseract.installed() is not None


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
    if not recognition.wanted:
        return _required(content, EmptySource(name, "scan_off"))
    program = tesseract.installed()
    if program is None:
        return _required(content, EmptySource(name, "scan"))
    if content is None and len(pages) > recognition.most_pages:
        raise TooLarge(name, "scan_long", pages=len(pages), limit=recognition.most_pages)
    recogniser = _Recogniser(sandbox, path, name, program, recognition.languages)
    recognised: list[RecognisedPage] = []
    problem: SourceError = EmptySource(name, "scan_empty")
    within = pages[: recognition.most_pages]
    for number, page in enumerate(within, 1):
        on_page(number, len(within))
        try:
            recognised.append(recogniser.page(page))
        except (DamagedSource, TooLarge) as error:  # one page does not lose the others
            problem = error
    if not recognised or (content is None and not any(page.letters for page in recognised)):
        return _required(content, problem)
    try:
        return replace(sandbox.load(path, name, recognised), recognition_tried=True)
    except EmptySource:  # all that was read are the numbers of pages
        raise EmptySource(name, "scan_empty") from None


def _read(sandbox: Sandbox, path: Path, name: str) -> tuple[Content | None, Sequence[int]]:
    """What a file says without recognition, None where that is nothing, and which of its pages are pictures."""
    try:
        content = sandbox.load(path, name)
    except EmptySource as error:
        if error.code != "scan_pages":
            raise
        return None, range(1, int(error.values["pages"]) + 1)
    return content, content.unread_pages


def _required(content: Content | None, error: SourceError) -> Content:
    if content is None:
        raise error
    return content


class _Recogniser:
    """Reads the pages of one file in the languages that its first pages turn out to be in, unless ``languages`` are given."""

    def __init__(self, sandbox: Sandbox, path: Path, name: str, program: Tesseract, languages: str) -> None:
        self._sandbox = sandbox
        self._path = path
        self._name = name
        self._program = program
        self._tries = 0 if languages else _TRIES
        self._languages = languages or _usual(program)

    def page(self, number: int) -> RecognisedPage:
        """Page ``number``, counted from 1. Raises what `Sandbox.load` does."""
        best = self._read(number, self._languages)
        if not self._tries or best.letters + best.left_out < _ENOUGH:
            return best
        self._tries -= 1
        for languages in _others(self._program, self._languages, best):
            try:
                other = self._read(number, languages)
            except (DamagedSource, TooLarge):  # what was read stays
                continue
            if other.letters - other.left_out >= best.letters - best.left_out:
                best, self._languages = other, languages
        if best.letters > best.left_out:
            self._tries = 0
        return best

    def _read(self, number: int, languages: str) -> RecognisedPage:
        return self._sandbox.recognise(self._path, self._name, number, self._program, languages)


def _usual(program: Tesseract) -> str:
    preferred = [language for language in _PREFERRED if language in program.languages]
    return "+".join(preferred or program.languages[:_TOGETHER])


def _others(program: Tesseract, used: str, page: RecognisedPage) -> list[str]:
    """Installed languages that a page may be in, in groups: the one that it seems to be in, or all where hardly a word was read."""
    left = [language for language in program.languages if language not in used.split("+")]
    if page.left_out > page.letters:
        groups = ["+".join(left[at : at + _TOGETHER]) for at in range(0, len(left), _TOGETHER)]
        return groups[:_MOST_GROUPS]
    code = _CODES.get(detect_surely(page.text), "")
    return [code] if code in left else []
