"""What a standing question has found as an Atom feed (RFC 4287), for feed readers, which cannot sign in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from assistant.service.telling import link_of
from assistant.standing.types import NewFinding, StandingQuestion

MEDIA_TYPE = "application/atom+xml"
MOST = 100  # entries
_TITLE = 120  # characters
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(question: StandingQuestion, findings: Sequence[NewFinding], base: str, address: str) -> str:
    """The feed of ``findings``, the newest first; links begin with ``base``, and ``address`` is the feed's own."""
    updated = findings[0].found if findings else question.created
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>urn:assistant:question:{_text(question.id)}</id>",
        f"<title>{_text(_line(question.question))}</title>",
        f"<updated>{_moment(updated)}</updated>",
        f"<link rel={quoteattr('self')} href={_attribute(address)}/>",
        f"<link rel={quoteattr('alternate')} href={_attribute(f'{base}/questions')}/>",
        "<author><name>Article assistant</name></author>",
        *(_entry(question, one, base) for one in findings[:MOST]),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(question: StandingQuestion, finding: NewFinding, base: str) -> str:
    quote = _line(finding.quote)
    title = quote if len(quote) <= _TITLE else quote[:_TITLE].rpartition(" ")[0] + " …"
    return "\n".join(
        (
            "<entry>",
            f"<id>urn:assistant:question:{_text(question.id)}:{finding.number}</id>",
            f"<title>{_text(title)}</title>",
            f"<updated>{_moment(finding.found)}</updated>",
            f"<link href={_attribute(link_of(finding, base))}/>",
            f'<content type="text">{_text(finding.quote)}</content>',
            f"<source><title>{_text(_line(finding.title))}</title></source>",
            "</entry>",
        )
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("\ufffd", text))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
