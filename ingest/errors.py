"""What can go wrong in ingestion. Every message says what to do.

IngestError
├── SourceError                 one source failed; the others go on
│   ├── SourceNotFound          no such file, or nothing readable in a folder
│   ├── UnsupportedFormat       no loader for it
│   ├── EmptySource             no text in it (0 bytes, blank, or a scan without a text layer)
│   ├── EncryptedSource         needs a password
│   ├── DamagedSource           cannot be parsed
│   ├── TooLarge                over a limit
│   └── FetchFailed             a URL that could not, or must not, be fetched
├── EmbeddingError              the embedding model is missing, damaged, or cannot run
├── StoreError                  the index cannot be used as it is
│   ├── StoreLocked             another process owns the data folder
│   ├── StoreUnreachable        the Chroma server does not answer
│   ├── ModelMismatch           the index was made by another embedding model
│   └── ModelSwitched           the documents have just been embedded with another model
├── WrongSetting                a setting has a wrong value or an unknown name
├── ReaderUnavailable           the process that reads files does not start
└── Cancelled                   the user stopped it
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

ReasonCode = Literal[
    "leads",
    "suffix",
    "no_suffix",
    "zero",
    "no_text",
    "is_pdf",
    "is_zip",
    "is_office",
    "is_rtf",
    "is_picture",
    "is_packed",
    "memory",
    "unreadable",
    "unreadable_now",
    "no_such_page",
    "damaged_page",
    "leads_on",
    "needs_script",
    "says_missing",
    "asks_human",
    "asks_consent",
    "asks_to_sign_in",
    "binary",
    "scan",
    "scan_pages",
    "scan_off",
    "scan_empty",
    "scan_long",
    "unrecognised",
    "encrypted",
    "pdf_damaged",
    "slow",
    "crashed",
    "reader",
    "unopened",
    "no_room",
    "not_stored",
    "given_up",
    "stopped",
    "misspelt",
    "scheme",
    "user_name",
    "host",
    "redirects",
    "answers_later",
    "answers_missing",
    "answers",
    "too_large",
    "packed",
    "sends",
    "sends_nothing",
    "feed_damaged",
    "feed_empty",
    "sitemap_long",
    "many_waiting",
    "asks_payment",
    "no_folder",
    "own_folder",
    "no_answer",
    "late",
    "unknown_host",
    "certificate",
    "arrived_damaged",
    "unsaved",
    "unfetched",
    "private",
    "old_doc",
    "word_damaged",
    "no_path",
    "no_file",
    "broken_link",
    "unreachable",
    "not_allowed",
    "device",
    "file_too_large",
    "none_readable",
    "nothing_there",
    "name_no_text",
    "no_collection",
    "newer_collection",
    "collection_entry",
    "name_twice",
    "unpacks_large",
    "office_damaged",
    "old_office",
    "is_named",
    "sheet_large",
    "csv_damaged",
    "copy_protected",
    "binary_workbook",
    "no_cues",
    "no_articles",
    "article_no_text",
    "json_damaged",
    "line_damaged",
    "no_mail",
    "archive_empty",
    "archive_damaged",
    "archive_large",
    "archive_many",
    "archive_deep",
    "archive_none_readable",
    "member_damaged",
    "packing",
    "bomb",
    "is_document",
    "holds_several",
    "members_failed",
]

# Why a source failed and what to do, by a stable code. Pages translate the code: see `assistant/web/uploads/reasons.py`.
REASONS: dict[ReasonCode, str] = {
    "leads": "leads to {address}, which {reason}",
    "suffix": "files ending in {suffix} cannot be read: convert it to one of {suffixes}",
    "no_suffix": "files without a suffix cannot be read: convert it to one of {suffixes}",
    "zero": "is empty (0 bytes): check that it was saved or downloaded completely",
    "no_text": "has no text in it",
    "is_pdf": "ends in {suffix} but is a PDF: rename it to end in .pdf",
    "is_zip": "ends in {suffix} but is a ZIP archive: rename it to end in .zip",
    "is_office": "ends in {suffix} but is an old Office file or a mail of Outlook: save it in a format of today, such as .docx, or rename it to end in .msg",
    "is_rtf": "ends in {suffix} but is an RTF file: rename it to end in .rtf",
    "is_picture": "ends in {suffix} but is a picture: add its text",
    "is_packed": "ends in {suffix} but is compressed: unpack it first",
    "memory": "needs more memory to read than is allowed: split it into smaller files",
    "unreadable": "cannot be read ({why}): open it, save it again and add that",
    "unreadable_now": "cannot be read ({why})",
    "no_such_page": "has {pages} pages: there is no page {page}",
    "damaged_page": "has a damaged page ({why}): open the original instead",
    "leads_on": "only leads on to {address}: add that address",
    "needs_script": "shows its text only with JavaScript: open it in a browser, save it and add the file",
    "says_missing": "says that there is no such page: check the address",
    "asks_human": "asks whether you are human before it shows an article: open it in a browser, save it and add the file",
    "asks_consent": "asks for consent before it shows an article: open it in a browser, agree, save it and add the file",
    "asks_payment": "shows the whole article to subscribers only: sign in in a browser, save it and add the file",
    "asks_to_sign_in": "asks to sign in before it shows an article: sign in in a browser, save the page and add the file",
    "binary": "holds binary data, not text: add the document it was made from",
    "scan": "was scanned and has no text: install Tesseract (apt-get install tesseract-ocr tesseract-ocr-deu, one package for each language) and add it again, or run ocrmypdf on it first",
    "scan_pages": "was scanned and has no text on its {pages} pages: run ocrmypdf on it first, or add its text",
    "scan_off": "was scanned and has no text, and recognition is turned off: set ASSISTANT_OCR=auto, or run ocrmypdf on it first",
    "scan_empty": "was scanned, and Tesseract finds no words in it: check that it is sharp and that the language is installed (tesseract --list-langs), or add its text",
    "scan_long": "has {pages} scanned pages, more than the {limit} that are recognised: split it, run ocrmypdf on it first, or raise ASSISTANT_OCR_PAGES",
    "unrecognised": "Tesseract cannot read page {page} ({why}): run ocrmypdf on it first, or add its text",
    "encrypted": "is encrypted: remove the password and add it again",
    "pdf_damaged": "is damaged or no PDF: download it again, or open it and save it anew",
    "slow": "took longer than {seconds} seconds to read: split it, or save it in a simpler format",
    "crashed": "the reader crashed ({status}): open it, save it again and add that",
    "reader": "the reader of files does not start ({how}): install the package again",
    "unopened": "cannot be opened ({why}): check its permissions",
    "no_room": "could not be kept ({why}): make room and try again",
    "not_stored": "could not be stored ({why})",
    "given_up": "was given up: the server stopped each time it was read. Split it, or add it alone",
    "stopped": "stopped before it was stored",
    "misspelt": "is no web address ({why}): check the spelling",
    "scheme": "is no web address: it must begin with https:// or http://",
    "user_name": "has a user name in it: take out what stands before the @",
    "host": "is no web address: check the host and the port",
    "redirects": "redirects more than {n} times: open it in a browser, save it and add the file",
    "answers_later": "answers {status}: try again later",
    "answers_missing": "answers {status}: check the address",
    "answers": "answers {status}: open it in a browser, save it and add the file",
    "too_large": "has more than the {limit} MB allowed: save it and split it",
    "packed": "is packed as {kind}, which cannot be unpacked: open it in a browser, save it and add the file",
    "sends": "sends {kind}: what can be read is {suffixes}",
    "sends_nothing": "does not say what it sends: what can be read is {suffixes}",
    "feed_damaged": "is a damaged feed ({why}): add its pages instead",
    "feed_empty": "is a feed without links to pages: add the pages instead",
    "many_waiting": "has {pages} pages that wait to be brought in: no more are looked for until some of them are",
    "sitemap_long": "lists more than the {pages} pages or {sitemaps} sitemaps that are read: name its other sitemaps singly",
    "own_folder": "has to do with the folder that the assistant keeps its own data in: follow another one",
    "no_folder": "is no folder, or it is gone: check the path",
    "no_answer": "does not answer: check the address, or try again later",
    "late": "did not arrive within {seconds} seconds: try again later",
    "unknown_host": "has a host that is not known: check the spelling and your connection",
    "certificate": "has no valid certificate ({why}): open it in a browser, save it and add the file",
    "arrived_damaged": "arrived damaged: try again later",
    "unsaved": "cannot be saved ({why}): check the disk and its permissions",
    "unfetched": "cannot be fetched ({why}): check the address, or try again later",
    "private": "is an address inside your network; set ASSISTANT_ALLOW_PRIVATE_URLS=true to allow it",
    "old_doc": "is an old .doc file: save it as .docx and add that",
    "word_damaged": "is damaged or no Word document: download it again, or save it anew",
    "no_path": "is no path: name a file, a folder or a pattern such as '*.pdf'",
    "no_file": "does not exist: check the path",
    "broken_link": "is a link to a file that does not exist: check the path",
    "unreachable": "cannot be opened ({why}): check the path and its permissions",
    "not_allowed": "cannot be opened (permission denied): allow reading it",
    "device": "is a device or pipe, not a file: name a file or a folder",
    "file_too_large": "has {size} MB, more than the {limit} MB allowed: split it",
    "none_readable": "none of its {n} files can be read: the formats are {suffixes}",
    "nothing_there": "no file was found there: the formats are {suffixes}",
    "name_no_text": "has a name that is no text: rename it",
    "no_cues": "has no times in it, so it is no transcript: save it as SRT or VTT, or rename it to end in .txt",
    "no_articles": 'holds no articles: each needs a text, as in {{"title": …, "text": …}}',
    "article_no_text": "is an article without text",
    "json_damaged": "is no valid JSON ({why}): export it again",
    "line_damaged": "is no JSON object: export it again",
    "no_mail": "is damaged or no mail: save it again from your mail program",
    "archive_empty": "is an empty archive",
    "archive_damaged": "is damaged or no ZIP archive: download it again, or pack it anew",
    "archive_large": "unpacks to {size} MB, more than the {limit} MB allowed: split it",
    "archive_many": "holds {n} files, more than the {limit} allowed: split it",
    "archive_deep": "lies in more than {limit} archives, one in the other: unpack it first",
    "archive_none_readable": "none of its {n} files can be read: the formats are {suffixes}",
    "member_damaged": "is damaged in the archive: pack it anew",
    "packing": "is packed in a way that cannot be read: pack it anew as an ordinary ZIP",
    "bomb": "unpacks to {size} MB, far more than files are packed: if it is wanted, unpack it first",
    "is_document": "ends in .zip but is a document: rename it to end in {suffix}",
    "holds_several": "holds several documents, which are read one by one: add the file itself",
    "members_failed": "none of its {n} documents could be added; {name}: {reason}",
    "no_collection": "is no file that `assistant documents export` has written, or is damaged: export the collection again",
    "newer_collection": "was written by a newer version of this program: update this one, then import it",
    "collection_entry": "does not fit together, so this document was passed over: export the collection again, or add its file",
    "name_twice": "has the same name as another file beside it, only coded in another way: rename one of them",
    "unpacks_large": "unpacks to more than a document holds: split it, or remove its pictures",
    "office_damaged": "is damaged or no {suffix} file: download it again, or save it anew",
    "old_office": "is an old {kind} file: save it as {suffix} and add that",
    "is_named": "ends in {suffix} but is a {kind} file: rename it to end in {kind}",
    "sheet_large": "has more than {cells} filled cells: split it into smaller files",
    "csv_damaged": "cannot be read from line {line} on: check its quotation marks, or save it anew",
    "copy_protected": "is protected against copying (DRM): add a copy without that protection",
    "binary_workbook": "is a binary workbook: save it as .xlsx and add that",
}
LED_TO = "led_to"  # the value that names where redirects led, if the failure is that address's; any code may have it


def reason(code: ReasonCode, values: Mapping[str, str]) -> str:
    """The English text of a reason, filled with its values. Raises `KeyError` for an unknown code or a missing value."""
    text = REASONS[code].format(**values)
    return REASONS["leads"].format(address=values[LED_TO], reason=text) if LED_TO in values else text


class IngestError(Exception):
    """Root of all errors of this package. ``code`` names a reason in `REASONS`; empty where the error has none."""

    code: ReasonCode | Literal[""] = ""
    values: Mapping[str, str] = MappingProxyType({})


class SourceError(IngestError):
    """One source cannot be ingested. ``source`` names it, ``reason`` says in English why and what to do.

    ``code`` is a key of `REASONS` and ``values`` fill its text.
    """

    code: ReasonCode

    def __init__(self, source: str, code: ReasonCode, /, **values: object) -> None:
        self.source = source
        self.code = code
        self.values = {name: str(value) for name, value in values.items()}
        self.reason = reason(code, self.values)
        super().__init__(f"{source}: {self.reason}")


class SourceNotFound(SourceError):
    pass


class UnsupportedFormat(SourceError):
    pass


class EmptySource(SourceError):
    pass


class EncryptedSource(SourceError):
    pass


class DamagedSource(SourceError):
    pass


class TooLarge(SourceError):
    pass


class FetchFailed(SourceError):
    pass


class EmbeddingError(IngestError):
    pass


class StoreError(IngestError):
    pass


class StoreLocked(StoreError):
    pass


class StoreUnreachable(StoreError):
    pass


class ModelMismatch(StoreError):
    pass


class ModelSwitched(StoreError):
    pass


class WrongSetting(IngestError):
    pass


class ReaderUnavailable(IngestError):
    """``how`` says how the process ended."""

    def __init__(self, how: str) -> None:
        self.code = "reader"
        self.values = {"how": how}
        super().__init__(reason(self.code, self.values))


class Cancelled(IngestError):
    pass
