"""Where what standing questions find may be told: addresses and mail addresses, checked when somebody enters them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from assistant.errors import BadQuestion
from assistant.service.mail import checked_address
from assistant.service.telling import Messenger
from assistant.standing.types import Telling, TellingLanguage


def telling_to(known: Telling, wanted: Mapping[str, str | None], messenger: Messenger, base: str) -> Telling:
    """What is ``known`` with the places that are ``wanted``; None leaves one as it is, and empty is nowhere.

    Another webhook gets another secret. ``base`` is the server's address as the one who enters them knows it. Raises `BadQuestion`, and
    `SourceError` for an address that is none of the web's.
    """
    from ingest.fetch.pages import normalised

    webhook, mail = wanted.get("webhook"), wanted.get("mail")
    changed = known
    if webhook is not None and webhook.strip() != known.webhook:
        address = str(normalised(webhook)) if webhook.strip() else ""
        changed = replace(changed, webhook=address, secret=secrets.token_urlsafe(32) if address else "")
    if mail is not None and mail.strip() != known.mail:
        if mail.strip() and not messenger.sends_mail:
            raise BadQuestion(
                "No mail server is configured: set ASSISTANT_SMTP_URL and ASSISTANT_MAIL_FROM, or leave the mail address out."
            )
        changed = replace(changed, mail=checked_address(mail) if mail.strip() else "")
    if language := wanted.get("language"):
        changed = replace(changed, language=cast("TellingLanguage", language))
    return replace(changed, base=base)
