"""Mail as Outlook saves it (MSG), through python-oxmsg: what `mail` reads of EML files."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from ingest.errors import DamagedSource
from ingest.loaders import mail, metadata
from ingest.loaders.blocks import one_line
from ingest.loaders.mail import MailText
from ingest.loaders.members import Contents, Member, OpenContainer, safe_path, unique
from ingest.types import Content


def load(data: bytes, name: str) -> Content:
    """Headers and body, dated by its header. Raises `DamagedSource` for what is no mail of Outlook."""
    message = _message(data, name)
    told = {key.lower(): one_line(str(value)) for key, value in message.message_headers.items()}
    sent = message.sent_date
    written = told.get("date") or (f"{sent:%Y-%m-%d %H:%M} UTC" if sent else "")
    sender, subject = _person(one_line(message.sender or "")), one_line(message.subject)
    headers = (
        ("From", sender),
        ("To", told.get("to", "") or _recipients(message)),
        ("Cc", told.get("cc", "")),
        ("Date", written),
        ("Subject", subject),
    )
    return mail.mail_content(
        MailText(
            headers=headers,
            body=_body(message),
            subject=subject,
            sender=sender,
            sent=metadata.mail_day(told.get("date", "")) or metadata.day(sent),
            media_type="application/vnd.ms-outlook",
        ),
        name,
    )


def open_mail(data: bytes, name: str) -> OpenContainer:
    """The attachments of a mail, which is a document itself; a mail attached as such is none of its files."""
    files = [attachment for attachment in _message(data, name).attachments if attachment.file_bytes]
    payloads = [bytes(attachment.file_bytes) for attachment in files]
    names = unique(safe_path(attachment.file_name or "attachment").replace("/", "_") for attachment in files)
    members = tuple(
        Member(name=label, suffix="", size=len(payload))
        for label, payload in zip(names, payloads, strict=True)
    )
    return OpenContainer(contents=Contents(own=True, members=members), read=lambda number: payloads[number])


def _message(data: bytes, name: str) -> Any:
    from oxmsg import Message

    try:
        return Message.load(data)
    except Exception as error:  # olefile raises many, and some of no class of its own
        raise DamagedSource(name, "no_mail") from error


def _person(written: str) -> str:
    """A name and an address without the quotation marks that they come in."""
    name, address = parseaddr(written)
    return f"{name} <{address}>" if name and address else written


def _recipients(message: Any) -> str:
    people = (f"{person.name} <{person.email_address}>" for person in message.recipients)
    return one_line(", ".join(people))


def _body(message: Any) -> str:
    if said := str(message.body or "").strip():
        return said
    page = str(message.html_body or "")
    return mail.page_text(page.encode("utf-8", "replace")) if page.strip() else ""
