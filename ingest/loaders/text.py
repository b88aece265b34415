"""Plain text in any common encoding."""

from __future__ import annotations

import codecs
import re

from ingest.errors import UnsupportedFormat
from ingest.loaders.blocks import clean
from ingest.loaders.metadata import title
from ingest.types import Content

# UTF-32 before UTF-16, whose little-endian mark it begins with.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_LEGACY = [
    "cp1252", "cp1254", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp866", "cp1253", "iso8859_7", "cp1255",
    "cp1256", "iso8859_6", "cp1257", "cp932", "euc_jp", "gb18030", "big5", "cp949", "mac_roman", "cp850",
]  # fmt: skip

_SAMPLE = 65_536
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LINE_BEYOND_ASCII = re.compile(rb"[^\n]{0,200}[\x80-\xff][^\n]{0,200}")

_LETTERS = "äöüÄÖÜßàâçéèêëîïôùûœæÿñáíóúÁÉÍÓÚÑåÅøØÆÀÈÊÇŒãÃìòÌÒÙ"
_SIGNS = "„“‚«»‹›€§°©®¿¡½¼²³µ£™†×"
_WESTERN = re.compile(f"(?:[\0-\x7f{_LETTERS}{_SIGNS}”‘’–—…·•´\xa0]|õ(?=e))*")
_WESTERN_WORD = re.compile(f"[A-Za-z{_LETTERS}]*[{_LETTERS}][A-Za-z{_LETTERS}]*")
# A sign between two letters is a letter of another alphabet, misread.
_MISREAD = re.compile(f"[A-Za-z{_LETTERS}][¹ª{_SIGNS}][a-z{_LETTERS}]")


def load(data: bytes, name: str) -> Content:
    text = clean(decode(data, name))
    return Content(text=text, media_type="text/plain", title=title("", "", text, name))


def decode(data: bytes, name: str) -> str:
    """The text in ``data``: by byte order mark, UTF-8, UTF-16/32, or the legacy encoding that fits best.

    Raises ``UnsupportedFormat`` for binary data.
    """
    if (marked := _by_mark(data)) is not None:
        return marked
    if b"\0" in data and (wide := _by_zeros(data)) is not None:
        return wide
    sample = data[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > 0.02 * len(sample):
        raise UnsupportedFormat(name, "binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _nearly_utf8(data, error) or _legacy(data)


def _nearly_utf8(data: bytes, error: UnicodeDecodeError) -> str:
    """UTF-8 cut off at its end, or with a few broken bytes; empty where it is something else."""
    if error.reason == "unexpected end of data" and not data[: error.start].isascii():
        return data[: error.start].decode("utf-8")
    text = data.decode("utf-8", "replace")
    beyond_ascii = len(data) - sum(map(len, re.findall(rb"[\0-\x7f]+", data)))
    return text if 10 * text.count("\ufffd") <= beyond_ascii / 2 else ""


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark) and (len(data) % 4 == 0 or "32" not in encoding):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _by_zeros(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: the reading in which a sample is printable and partly ASCII."""
    for encoding in _WIDE:
        sample = data[: min(4096, len(data) - len(data) % 4)].decode(encoding, "replace")
        printable = sum(char.isprintable() or char in "\t\r\n\f" for char in sample)
        ascii_share = sum(char < "\x80" for char in sample) / max(1, len(sample))
        if printable >= 0.99 * len(sample) and ascii_share >= 0.05 and "\ufffd" not in sample:
            return data.decode(encoding, "replace")
    return None


def _legacy(data: bytes) -> str:
    """One byte or two per letter: Western European if it reads so, else what charset-normalizer says."""
    sample = b"\n".join(match[0] for match in _LINE_BEYOND_ASCII.finditer(data[: 64 * _SAMPLE]))[:_SAMPLE]
    sample = sample or data[-_SAMPLE:]
    western = sample.decode("cp1252", "replace")
    encoding = "cp1252" if _is_western(western) else _guess(sample, misread=bool(_MISREAD.search(western)))
    return data.decode(encoding, "replace")


def _is_western(text: str) -> bool:
    """Is this German, French, Spanish, English or Nordic, rather than another alphabet misread as cp1252?"""
    if not _WESTERN.fullmatch(text) or _MISREAD.search(text):
        return False
    words = "".join(_WESTERN_WORD.findall(text))
    return 2 * sum(map(str.isascii, words)) >= len(words)


def _guess(sample: bytes, *, misread: bool) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LEGACY[2:] if misread else _LEGACY).best()
    return best.encoding if best else "cp1252"
