"""What standing questions have found is told: to an address of the web, signed, and by mail.

What is to be sent is in the store from the moment that it was found, and deleted once it has been taken. What fails is tried again after
growing pauses, and given up in the end. A message that is sent again, also by the next process, has the same id, so whoever gets it
knows it. One thread for each way: a web server that hangs keeps no mail waiting.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any
from urllib.parse import urlsplit

from assistant.citation_links import viewer_link
from assistant.service import mail
from assistant.service.deliveries import Delivery
from assistant.service.host_pool import HostPool
from assistant.service.standing_list import StandingList
from assistant.settings import Settings
from assistant.standing.types import NewFinding, StandingQuestion
from ingest.errors import IngestError, SourceError
from ingest.store.catalogue import Catalogue

WAYS = ("webhook", "mail")
# Seconds until what has failed is tried again; after the last it is given up.
PAUSES = (30.0, 120.0, 600.0, 3_600.0, 21_600.0, 86_400.0)
# Seconds between two mails about one question: what is found meanwhile comes in one.
MAIL_PAUSE = 600.0
MOST_TOLD = 50  # findings in one message; further ones come in the next
_AT_ONCE = 500  # of one question
_LONGEST_WAIT = 30.0
_PATIENCE = 12.0  # seconds that closing waits for what is being sent
_log = logging.getLogger(__name__)

_MAIL = {
    "en": {
        "subject": "New to your question: {question}",
        "test_subject": "Test: {question}",
        "lead": "There is something new to your question",
        "test": "This is a test. From here on you get a mail when something new answers your question",
        "end": "You get this because the question is kept. Remove it, or this address, on the page “Questions”.",
    },
    "de": {
        "subject": "Neues zu Ihrer Frage: {question}",
        "test_subject": "Probe: {question}",
        "lead": "Es gibt Neues zu Ihrer Frage",
        "test": "Dies ist eine Probe. Von nun an bekommen Sie eine Mail, wenn etwas Neues Ihre Frage beantwortet",
        "end": "Sie bekommen dies, weil die Frage gemerkt ist. Auf der Seite „Fragen“ können Sie sie oder diese Adresse entfernen.",
    },
}


class NotTaken(Exception):
    """A message was not taken; the words say why."""


class Messenger:
    """Sends what is due of the questions of ``kept``. Thread-safe."""

    def __init__(self, kept: StandingList, settings: Settings) -> None:
        self._kept = kept
        self._allow_private = settings.allow_private_urls
        self._server = mail.mail_server(settings)
        self._last_mail: dict[str, float] = {}
        self._wake = {way: threading.Event() for way in WAYS}
        self._hosts = HostPool("tell-host", self._wake["webhook"].set)
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, args=(way,), name=f"tell-{way}", daemon=True) for way in WAYS
        ]
        kept.on_found = self.wake

    @property
    def sends_mail(self) -> bool:
        return self._server is not None

    def start(self) -> None:
        for thread in self._threads:
            if thread.ident is None and not self._closing:
                thread.start()

    def wake(self) -> None:
        """There is something to send."""
        for event in self._wake.values():
            event.set()

    def stop(self) -> None:
        self._closing = True
        self.wake()

    def close(self) -> None:
        """Stop, and wait for what is being sent."""
        self.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_PATIENCE)
        self._hosts.close()

    def test(self, question: StandingQuestion, base: str) -> dict[str, str]:
        """Send a test on every way of a question; by way why it was not taken, empty where it was."""
        results = {}
        for way in question.telling.ways:
            try:
                self._send(way, question, [], f"{question.id}-test-{time.time_ns()}", base)
                results[way] = ""
            except NotTaken as error:
                results[way] = str(error)
        return results

    def _work(self, way: str) -> None:
        wake = self._wake[way]
        while not self._closing:
            try:
                pause = self._round(way)
            except IngestError as error:
                _log.warning("What standing questions have found waits: %s", error)
                pause = _LONGEST_WAIT
            except Exception:  # a thread's edge: the next round may fare better
                _log.exception("What standing questions have found could not be told")
                pause = _LONGEST_WAIT
            wake.wait(pause)
            wake.clear()

    def _round(self, way: str) -> float:
        """Send what is due; seconds until there is more."""
        now = time.time()
        busy = self._hosts.busy()  # before looking at what is due: what is under way is not to be begun twice
        messages: dict[tuple[str, float], list[Delivery]] = {}
        for one in self._kept.store.deliveries.due(way, now, _AT_ONCE):
            # What has failed, or was begun by a process that was killed, is sent again as the same message.
            messages.setdefault((one.question_id, one.due if one.tries else 0.0), []).append(one)
        waits = [_LONGEST_WAIT]
        for (question_id, _), deliveries in messages.items():
            if self._closing:
                break
            if way == "webhook":
                wait = self._begin(question_id, deliveries[:MOST_TOLD], busy)
            else:
                wait = self._last_mail.get(question_id, 0.0) + MAIL_PAUSE - now
                if wait <= 0 or deliveries[0].tries:
                    self._deliver(way, question_id, deliveries[:MOST_TOLD])
            if wait > 0:
                waits.append(wait)
        due = self._kept.store.deliveries.next_due(way)
        if due is not None and due > now:
            waits.append(due - now)
        return max(0.02, min(waits))

    def _begin(self, question_id: str, deliveries: Sequence[Delivery], busy: dict[str, float]) -> float:
        """Post these beside others, unless their host is ``busy``; in how many seconds that may be, infinite where there is a call."""
        question = self._kept.known(question_id)
        host = urlsplit(question.telling.webhook).netloc if question else ""
        if host not in busy:
            busy[host] = inf
            self._hosts.run(host, lambda: self._deliver("webhook", question_id, deliveries))
        return busy[host]

    def _deliver(self, way: str, question_id: str, deliveries: Sequence[Delivery]) -> bool:
        """Send these in one message; whether it was taken, or is not to be sent any more."""
        store, question = self._kept.store.deliveries, self._kept.known(question_id)
        found = self._kept.present(self._kept.store.by_number([one.finding for one in deliveries]))
        if (
            question is None
            or way not in question.telling.ways
            or not self._kept.may_ask(question.owner)
            or not found
        ):
            store.sent(deliveries)  # there is nobody to tell, or nothing any more
            return True
        store.begun(deliveries, time.time())
        try:
            self._send(way, question, found, deliveries[0].id, question.telling.base)
        except NotTaken as error:
            failed = max(0, deliveries[0].tries - 1)  # before this one
            again = time.time() + PAUSES[failed] if failed < len(PAUSES) else None
            store.failed(deliveries, str(error), again)
            _log.warning("What a standing question has found was not taken: %s", error)
            return False
        store.sent(deliveries)
        if way == "mail":
            self._last_mail[question_id] = time.time()
        return True

    def _send(
        self, way: str, question: StandingQuestion, found: Sequence[NewFinding], key: str, base: str
    ) -> None:
        if way == "webhook":
            self._post(question, found, key, base)
        else:
            self._mail(question, found, key, base)

    def _post(self, question: StandingQuestion, found: Sequence[NewFinding], key: str, base: str) -> None:
        from ingest.fetch.posting import post

        records = self._kept.records()
        body = json.dumps(message_of(question, found, records, key, base), ensure_ascii=False).encode(
            "utf-8", "replace"
        )
        try:
            post(
                question.telling.webhook,
                body,
                signed(body, question.telling.secret, int(time.time()), key),
                allow_private=self._allow_private,
            )
        except SourceError as error:
            raise NotTaken(error.reason) from error

    def _mail(self, question: StandingQuestion, found: Sequence[NewFinding], key: str, base: str) -> None:
        if self._server is None:
            raise NotTaken("No mail server is configured: ASSISTANT_SMTP_URL and ASSISTANT_MAIL_FROM.")
        subject, text = mail_of(question, found, base)
        try:
            mail.send(self._server, question.telling.mail, subject, text, key)
        except mail.MailFailed as error:
            raise NotTaken(str(error)) from error


def message_of(
    question: StandingQuestion, found: Sequence[NewFinding], catalogue: Catalogue | None, key: str, base: str
) -> dict[str, Any]:
    """What is posted; a test has no findings."""
    return {
        "type": "findings" if found else "test",
        "delivery": key,
        "question": {"id": question.id, "question": question.question},
        "findings": [_told(one, catalogue, base) for one in found],
    }


def _told(finding: NewFinding, catalogue: Catalogue | None, base: str) -> dict[str, Any]:
    record = catalogue.by_id.get(finding.document_id) if catalogue else None
    return {
        "number": finding.number,
        "quote": finding.quote,
        "document_id": finding.document_id,
        "title": finding.title,
        "source": record.shown_source if record else "",
        "published": record.published.isoformat() if record and record.published else None,
        "start": finding.start,
        "end": finding.end,
        "version": finding.version,
        "found": finding.found.isoformat(timespec="seconds"),
        "url": link_of(finding, base),
    }


def link_of(finding: NewFinding, base: str = "") -> str:
    """Where the words stand in the viewer, below ``base``, which is this server's address or its path."""
    link = viewer_link(finding.document_id, finding.start, finding.end, finding.version, finding.quote)
    return f"{base}/{link}"


def signed(body: bytes, secret: str, timestamp: int, key: str) -> Mapping[str, str]:
    """The headers of a message: the signature is the HMAC-SHA-256 of the timestamp, a full stop and the body."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Assistant-Delivery": key,
        "X-Assistant-Timestamp": str(timestamp),
        "X-Assistant-Signature": f"sha256={digest}",
    }


def mail_of(question: StandingQuestion, found: Sequence[NewFinding], base: str) -> tuple[str, str]:
    """Subject and text of a mail; a test has no findings."""
    words = _MAIL[question.telling.language]
    asked = " ".join(question.question.split())
    subject = words["subject" if found else "test_subject"].format(question=asked[:120])
    parts = [f"{words['lead' if found else 'test']}:\n{asked}"]
    for one in found:
        quote = "\n".join(f"> {line}" for line in one.quote.splitlines() if line.strip())
        parts.append(f"{quote}\n{' '.join(one.title.split())}\n{link_of(one, base)}")
    return subject, "\n\n".join([*parts, words["end"]]) + "\n"
