"""Mail (EML): headers and body as a document, attachments as documents of their own."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr

from ingest.errors import DamagedSource, EmptySource
from ingest.loaders import html, metadata, text
from ingest.loaders.blocks import clean, one_line
from ingest.loaders.members import Contents, Member, OpenContainer, safe_path, unique
from ingest.types import Content

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_HEADER = re.compile(rb"\A(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_KNOWN = re.compile(rb"^(?:from|to|subject|date|received|message-id|mime-version|return-path):", re.I | re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """What a mail says: its headers, as names and values, and its body."""

    headers: tuple[tuple[str, str], ...]
    body: str
    subject: str
    sender: str
    sent: date | None
    media_type: str


def load(data: bytes, name: str) -> Content:
    """Headers and body, dated by its header. Raises `DamagedSource` for what is no mail."""
    message = _message(data, name)
    sent = _header(message, "Date")
    return mail_content(
        MailText(
            headers=tuple((key, _header(message, key)) for key in _SHOWN),
            body=_body(message, name),
            subject=_header(message, "Subject"),
            sender=_header(message, "From"),
            sent=metadata.mail_day(sent),
            media_type="message/rfc822",
        ),
        name,
    )


def mail_content(mail: MailText, name: str) -> Content:
    """A mail as a document: a line for each header that it has, and its body."""
    lines = [f"{key}: {value}" for key, value in mail.headers if value]
    body = clean(mail.body)
    if not body and not mail.subject:
        raise EmptySource(name, "no_text")
    return Content(
        text=clean("\n".join(lines) + "\n\n" + body),
        media_type=mail.media_type,
        title=one_line(mail.subject) or metadata.from_name(name),
        published=mail.sent,
        published_from="mail" if mail.sent else "",
        authors=metadata.names([parseaddr(mail.sender)[0]]),
    )


def open_mail(data: bytes, name: str) -> OpenContainer:
    """The attachments of a mail, which is a document itself."""
    parts = list(_attachments(_message(data, name)))
    names = unique(safe_path(_attachment_name(part)).replace("/", "_") for part in parts)
    payloads = [_payload(part) for part in parts]
    members = tuple(
        Member(name=label, suffix="", size=len(payload))
        for label, payload in zip(names, payloads, strict=True)
    )
    return OpenContainer(contents=Contents(own=True, members=members), read=lambda number: payloads[number])


def _message(data: bytes, name: str) -> EmailMessage:
    data = data.lstrip(b"\r\n \t").replace(b"\r\n", b"\n") if b"\r\n" not in data[:2000] else data
    head = _HEADER.match(data.replace(b"\r\n", b"\n")[:200_000])
    if head is None or not _KNOWN.search(head[0]):
        raise DamagedSource(name, "no_mail")
    try:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise DamagedSource(name, "no_mail") from error


def _header(message: EmailMessage, key: str) -> str:
    try:
        return one_line(str(message.get(key, "")))
    except (
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        TypeError,
    ):  # headers that the parser stumbles over
        return ""


def _attachments(message: EmailMessage) -> Iterator[MIMEPart]:
    """The parts that are files: named ones, attached ones, and mails in the mail; not what a reader sees as the body."""
    for part in _leaves(message):
        if part is message:
            continue
        if part.get_content_type() == "message/rfc822" or _file_name(part) or _is_attached(part):
            yield part


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    if part.get_content_type() != "message/rfc822" and part.is_multipart():
        for child in part.iter_parts():
            yield from _leaves(child)
    else:
        yield part


def _is_attached(part: MIMEPart) -> bool:
    return part.get_content_disposition() == "attachment"


def _file_name(part: MIMEPart) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, AttributeError):
        return ""


def _attachment_name(part: MIMEPart) -> str:
    """The name of an attachment; one without, or without a suffix, gets that of its type."""
    name = _file_name(part)
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        subject = _header(inner, "Subject") if isinstance(inner, EmailMessage) else ""
        name = name or subject.replace("/", "_").replace("\\", "_") or "mail"
        return name if name.lower().endswith(".eml") else f"{name}.eml"
    suffix = mimetypes.guess_extension(part.get_content_type()) or ""
    return name if "." in name else f"{name or 'attachment'}{suffix}"


def _payload(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        return inner.as_bytes(policy=policy.compat32) if isinstance(inner, EmailMessage) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _body(message: EmailMessage, name: str) -> str:
    """What a reader sees: each part of text, of alternatives the plain one, where it says something."""
    return "\n\n".join(said for part in _body_parts(message) if (said := _read(part, name).strip()))


def _body_parts(part: MIMEPart) -> Iterator[MIMEPart]:
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        yield from _best([list(_body_parts(child)) for child in part.iter_parts()])
    elif part.is_multipart() and kind != "message/rfc822":
        for child in part.iter_parts():
            yield from _body_parts(child)
    elif kind in ("text/plain", "text/html") and not _file_name(part) and not _is_attached(part):
        yield part


def _best(alternatives: Sequence[list[MIMEPart]]) -> list[MIMEPart]:
    """Plain text where it is more than a scrap, else the last alternative, which is the richest."""
    told = [parts for parts in alternatives if parts]
    plain = next((parts for parts in told if parts[0].get_content_type() == "text/plain"), None)
    if plain and len(_payload(plain[0]).strip()) >= 40:
        return plain
    return told[-1] if told else []


def _read(part: MIMEPart, name: str) -> str:
    data = _payload(part)
    if part.get_content_type() == "text/html":
        return page_text(_decoded(part, data, name).encode("utf-8", "replace"))
    said = _decoded(part, data, name)
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    return _unflowed(said, delete=str(part.get_param("delsp", "")).lower() == "yes") if flowed else said


def _decoded(part: MIMEPart, data: bytes, name: str) -> str:
    charset = part.get_content_charset()
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            pass
    return text.decode(data, name) if data else ""


def page_text(page: bytes) -> str:
    """The text of a mail that is a web page: all of it, since there is no page around an article."""
    from ingest.loaders import html_hidden, html_tree  # they need lxml
    from ingest.loaders.blocks import compose

    root = html_tree.parse(clean(html.decode(page, "mail.html")))
    return compose(html_tree.body_blocks(html_hidden.shown(root)))[0]


def _unflowed(said: str, *, delete: bool) -> str:
    """Lines that a program has wrapped, which end in a space, joined (RFC 3676)."""
    lines: list[str] = []
    for line in said.replace("\r\n", "\n").split("\n"):
        stuffed = line.removeprefix(" ")
        if lines and lines[-1].endswith(" ") and lines[-1] != "-- ":
            lines[-1] = (lines[-1][:-1] if delete else lines[-1]) + stuffed
        else:
            lines.append(stuffed)
    return "\n".join(lines)
