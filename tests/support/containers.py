"""Archives, mails and lists of articles, made in the test, and what must become of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

HARBOUR = "The harbour gate will be widened to eighty metres by 2031, the council decided."
MAY = "In May the council of Lindau sold the old mill to the widow Adele Brandt."
QUERY = "Who bought the old mill?"


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP archive of files by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def mail(subject: str = "The harbour", body: str = HARBOUR, **attachments: bytes) -> bytes:
    """A mail of Ann Lee; attachments by name, "__" for the dot before the suffix."""
    message = EmailMessage()
    message["From"] = "Ann Lee <ann@example.org>"
    message["To"] = "bo@example.org"
    message["Subject"] = subject
    message["Date"] = "Tue, 17 Mar 2026 23:30:00 +0100"
    message.set_content(body)
    for name, data in attachments.items():
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name.replace("__", ".")
        )
    return message.as_bytes()


def lines(*articles: object) -> bytes:
    """JSON Lines; a text is a line as it is."""
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in articles).encode()


def archive() -> bytes:
    """Documents of many kinds, one in the other, with one that is damaged and one that is no document."""
    return zipped(
        {
            "minutes/may.txt": MAY,
            "../../secret.txt": "A path that would lead out of the archive.",
            "mail.eml": mail(report__md=b"# A report\n\nThe report says that bees dance."),
            "feed.jsonl": lines(
                {
                    "title": "First",
                    "text": "The first article is about gulls.",
                    "url": "https://example.org/gulls",
                },
                {"headline": "Second", "body": "<p>The <b>second</b> one.</p><p>It has two.</p>"},
            ),
            "damaged.pdf": b"This is no PDF.",
            "logo.png": b"\x89PNG\r\n\x1a\n",
            "__MACOSX/minutes/._may.txt": b"\0\0",
        }
    )


# The documents of `archive` as `archive.zip`.
FOUND = {
    "archive.zip/minutes/may.txt",
    "archive.zip/secret.txt",
    "archive.zip/mail.eml",
    "archive.zip/mail.eml/report.md",
    "https://example.org/gulls",
    "archive.zip/feed.jsonl#2",
}
