"""The program Tesseract, which reads the words in a picture, where it is installed.

It is called with limits of time, memory and threads, gets the picture by its standard input and answers by its standard output,
so that it needs no files. How to install it: ``apt-get install tesseract-ocr tesseract-ocr-deu``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

AS_IT_IS, TURNED = 3, 1  # page segmentation modes: the page stands upright, or how it stands is found out
_SECONDS = 60  # of a processor that reading a page once may take
_LISTING = 10.0  # seconds that naming its languages may take
_NICE = 10  # answering questions goes before
_NO_LANGUAGES = ("osd", "equ", "snum")  # tell how a page is turned, and read formulas
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "SYSTEMROOT", "TEMP", "TMP")
_WINDOWS = Path("C:/Program Files/Tesseract-OCR/tesseract.exe")

_running: subprocess.Popen[bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tesseract:
    """Where the program is and which languages it has, in its own codes, such as "deu"; ``turned``: it can tell how a page is turned."""

    command: str
    languages: tuple[str, ...]
    turned: bool = False


class TesseractFailed(Exception):
    """It took too long, ended with an error, or does not start."""


def installed() -> Tesseract | None:
    """The program that is installed here now; None where there is none, or none that has a language."""
    command = shutil.which("tesseract") or (str(_WINDOWS) if _WINDOWS.is_file() else "")
    if not command:
        return None
    try:
        listed = subprocess.run(  # noqa: S603  # the program that is installed
            [command, "--list-langs"], capture_output=True, timeout=_LISTING, env=_environment(), check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    names = listed.stdout.decode("utf-8", "replace").splitlines()[1:]  # below a heading
    languages = tuple(name for line in names if (name := line.strip()) and name not in _NO_LANGUAGES)
    has_turning = any(line.strip() == "osd" for line in names)
    return Tesseract(command=command, languages=languages, turned=has_turning) if languages else None


def read(command: str, languages: str, png: bytes, dots: int, *, seconds: float, mode: int = AS_IT_IS) -> str:
    """What is written in a picture with so many dots per inch, as hOCR, if that takes no more than ``seconds``.

    Raises `TesseractFailed`, and `MemoryError` where there is too little memory to start it.
    """
    options = ["--dpi", str(dots), "--psm", str(mode), "-c", "tessedit_create_hocr=1"]
    return _run([command, "stdin", "stdout", "-l", languages, *options], png, seconds)


def end() -> None:
    """Kill the program if it runs."""
    if _running is not None:
        with suppress(OSError):
            _running.kill()


def _run(command: list[str], given: bytes, seconds: float) -> str:
    global _running  # so that it ends with this process, whatever thread ends that
    try:
        process = subprocess.Popen(  # noqa: S603  # the program that is installed
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
    except OSError as error:
        raise TesseractFailed(str(error.strerror)) from error
    with process:
        _running = process
        try:
            _limit(process.pid)
            output, complaint = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise TesseractFailed(f"more than {seconds:.0f} seconds") from error
        finally:
            process.kill()
            _running = None
    if process.returncode:
        said = complaint.decode("utf-8", "replace").strip().splitlines()
        raise TesseractFailed(said[-1][:200] if said else f"status {process.returncode}")
    return output.decode("utf-8", "replace")


def _limit(process: int) -> None:
    """Little of the processor, should this process be unable to watch the clock; memory and files are limited as here."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process, _NICE)
    if sys.platform == "linux":
        import resource

        with suppress(OSError, ValueError):
            resource.prlimit(process, resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed | {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
