"""Archives, mails and lists of articles, made in the test, and what must become of them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
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
    if attachments:
        message.set_boundary("=-of-this-mail-=")  # else each time another, and other bytes
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


def outlook_mail(attachment: tuple[str, bytes] | None = None) -> bytes:
    """The mail of `mail` as Outlook saves it: a compound file whose streams are the properties of the message."""
    sent = (
        int((datetime(2026, 3, 17, 22, 30, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds())
        * 10**7
    )
    texts = {
        0x001A: "IPM.Note",
        0x0037: "The harbour",
        0x1000: HARBOUR,
        0x0C1A: "Ann Lee",
        0x0C1F: "ann@example.org",
    }
    entries = b"".join(_entry(key, 0x1F, len(text.encode("utf-16-le")) + 2) for key, text in texts.items())
    header = struct.pack("<8x4I8x", 0, int(attachment is not None), 0, int(attachment is not None))
    root: dict[str, object] = {
        "__properties_version1.0": header + entries + struct.pack("<IIQ", 0x00390040, 6, sent),
        "__nameid_version1.0": {
            "__substg1.0_00020102": b"",
            "__substg1.0_00030102": b"",
            "__substg1.0_00040102": b"",
        },
        **{f"__substg1.0_{key:04X}001F": text.encode("utf-16-le") for key, text in texts.items()},
    }
    if attachment:
        name, data = attachment
        about = (
            _entry(0x3707, 0x1F, 2 * len(name) + 2)
            + _entry(0x3701, 0x102, len(data))
            + struct.pack("<IIII", 0x37050003, 6, 1, 0)
        )
        root["__attach_version1.0_#00000000"] = {
            "__properties_version1.0": bytes(8) + about,
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": data,
        }
    return _compound(root)


def _entry(key: int, kind: int, size: int) -> bytes:
    return struct.pack("<IIII", key << 16 | kind, 6, size, 0)


def _compound(root: Mapping[str, object]) -> bytes:
    """A compound file (MS-CFB, version 3): each folder's entries are a chain of right siblings; streams in 512-byte sectors.

    Small streams lie in the mini stream, 64 bytes a sector, as the format wants it.
    """
    entries: list[list[object]] = [["Root Entry", 5, -1, b""]]  # name, kind, first child, data
    siblings: dict[int, int] = {}

    def add(folder: int, children: Mapping[str, object]) -> None:
        before = -1
        for name, value in sorted(children.items(), key=lambda child: (len(child[0]), child[0].upper())):
            number = len(entries)
            entries.append(
                [name, 2 if isinstance(value, bytes) else 1, -1, value if isinstance(value, bytes) else b""]
            )
            if before < 0:
                entries[folder][2] = number
            else:
                siblings[before] = number
            before = number
            if isinstance(value, Mapping):
                add(number, value)

    add(0, root)
    mini, mini_fat, starts = b"", list[int](), dict[int, int]()
    for number, (_, kind, _, data) in enumerate(entries):
        if kind == 2 and isinstance(data, bytes) and data:
            assert len(data) < 4096, "the mini stream is all that is written here"
            first, sectors = len(mini_fat), -(-len(data) // 64)
            starts[number] = first
            mini_fat += [*range(first + 1, first + sectors), 0xFFFFFFFE]
            mini += data.ljust(64 * sectors, b"\0")
    starts[0] = 0
    sizes = {0: len(mini), **{number: len(entries[number][3]) for number in starts if number}}  # type: ignore[arg-type]
    directory = b"".join(
        _directory(entry, starts.get(n, 0xFFFFFFFE if n == 0 else 0), siblings.get(n, -1), sizes.get(n, 0))
        for n, entry in enumerate(entries)
    )
    pieces = [mini, struct.pack(f"<{len(mini_fat)}I", *mini_fat), directory]
    fat, at, firsts = list[int](), 0, list[int]()
    for piece in pieces:
        sectors = -(-len(piece) // 512)
        firsts.append(at)
        fat += [*range(at + 1, at + sectors), 0xFFFFFFFE]
        at += sectors
    fat += [0xFFFFFFFD]
    assert len(fat) <= 128
    body = b"".join(
        piece.ljust(-(-len(piece) // 512) * 512, b"\0" if n != 1 else b"\xff")
        for n, piece in enumerate(pieces)
    )
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, firsts[2], 0, 4096, firsts[1], -(-len(pieces[1]) // 512), 0xFFFFFFFE, 0, at,
    )  # fmt: skip
    return head + b"\xff" * (512 - len(head)) + body + table


def _directory(entry: list[object], start: int, sibling: int, size: int) -> bytes:
    name, kind, child, _ = entry
    encoded = str(name).encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBiii16xI16xIQ", encoded, len(encoded), kind, 1, -1, sibling, child, 0, start, size
    )
