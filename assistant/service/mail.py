"""Mail by the SMTP server of the settings, over TLS where the server offers it; passwords go over nothing else."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from assistant.errors import BadQuestion
from assistant.settings import Settings

SECONDS = 20.0
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_LONGEST = 254


class MailFailed(Exception):
    """A mail could not be sent; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in; ``tls`` is whether the connection begins with it (smtps) rather than changing to it."""

    host: str
    port: int
    tls: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(settings: Settings) -> MailServer | None:
    """The server of the settings; None where there is none."""
    url = settings.smtp_url.get_secret_value()
    if not url:
        return None
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or (465 if tls else 587),
        tls=tls,
        sender=settings.mail_from,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def checked_address(written: str) -> str:
    """One mail address, without a name. Raises `BadQuestion` for anything else."""
    address = written.strip()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise BadQuestion(f"{address[:60]!r} is no mail address. Write one address, as in anna@example.org.")
    return address


def send(server: MailServer, to: str, subject: str, text: str, key: str) -> None:
    """Hand a mail in; one that is sent again has the same ``key``. Raises `MailFailed`."""
    try:
        _hand_in(server, _message(server, to, subject, text, key))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailFailed(f"The mail server {server.host} did not take it: {_why(error)}") from error


def _message(server: MailServer, to: str, subject: str, text: str, key: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(addr_spec=server.sender)
    message["To"] = Address(addr_spec=checked_address(to))
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = f"<{key}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _hand_in(server: MailServer, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    if server.tls:
        with smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context) as connection:
            _send(connection, server, message)
        return
    with smtplib.SMTP(server.host, server.port, timeout=SECONDS) as connection:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        elif server.user and not _is_here(server.host):
            raise MailFailed(
                f"The mail server {server.host} offers no encryption, so the password is not sent to it."
            )
        _send(connection, server, message)


def _send(connection: smtplib.SMTP, server: MailServer, message: EmailMessage) -> None:
    if server.user:
        connection.login(server.user, server.password)
    connection.send_message(message)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = smtplib.SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        said = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        return f"{error.smtp_code} {said}"
    return str(error) or type(error).__name__
