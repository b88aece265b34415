"""What standing questions find is posted, signed, and mailed: to servers that fail, hang, lead elsewhere, or take it."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadQuestion
from assistant.service import host_pool, telling
from assistant.service.host_pool import HostPool
from assistant.service.mail import MailFailed, MailServer, checked_address, mail_server, send
from assistant.service.standing_file import NAME
from assistant.service.standing_list import QuestionChanges, StandingList
from assistant.service.standing_store import StandingStore
from assistant.service.telling import Messenger
from assistant.service.telling_places import telling_to
from assistant.settings import Settings, load_settings
from assistant.standing.types import NOWHERE, NewFinding, StandingQuestion
from ingest.errors import SourceError, WrongSetting
from tests.support import mail_server as support
from tests.support.hook import Hook, hook
from tests.support.mail_server import MailBox
from tests.support.waiting import wait_until

QUOTE = "The storks of Linum nest on a mast."
BASE = "https://articles.example.org"


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as there:
        yield there


@pytest.fixture
def box() -> Iterator[MailBox]:
    with support.mail_server() as box:
        yield box


class Told:
    """A list of questions, and what tells of them, without an index: what was found is put into the store."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.kept = StandingList(StandingStore(folder))
        self.messenger = Messenger(self.kept, Settings(data_dir=folder, **settings))  # type: ignore[arg-type]
        self.messenger.start()

    def keep(self, **places: str) -> StandingQuestion:
        return self.kept.add("Where?", "", telling=telling_to(NOWHERE, places, self.messenger, BASE)).question

    def find(self, question: StandingQuestion, quote: str = QUOTE) -> None:
        """Something arrives that answers the question."""
        self.kept.store.arrive([(f"id-{quote}", "v")], [], [], 0.0, asked=True)
        arrival = self.kept.store.next_arrival()
        assert arrival is not None
        finding = NewFinding(
            question_id=question.id,
            document_id=arrival.document_id,
            version="v",
            start=0,
            end=len(quote),
            quote=quote,
            title="Storks\r\nBcc: all@example.org",
            found=datetime.now(UTC),
            language="en",
        )
        self.kept.tell(arrival, question.id, [finding])
        self.kept.store.settle(arrival)

    def left(self, way: str = "webhook") -> int:
        return len(self.kept.store.deliveries.due(way, time.time() + 1e6, 100))

    def close(self) -> None:
        self.messenger.close()
        self.kept.close()


@pytest.fixture
def told(tmp_path: Path, box: MailBox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setattr(telling, "PAUSES", (0.05, 0.1))
    monkeypatch.setattr(telling, "MAIL_PAUSE", 0.0)
    told = Told(
        tmp_path,
        allow_private_urls=True,
        smtp_url=f"smtp://anna:p%40ss@127.0.0.1:{box.port}",
        mail_from="desk@example.org",
    )
    yield told
    told.close()


def test_what_is_found_is_posted_once_and_signed(told: Told, there: Hook) -> None:
    question = told.keep(webhook=there.url)
    told.find(question)
    wait_until(lambda: there.posted and not told.left())
    (posted,) = there.posted
    message = posted.json
    assert (message["type"], message["question"]["question"]) == ("findings", "Where?")
    (finding,) = message["findings"]
    assert finding["quote"] == QUOTE
    assert finding["url"].startswith(f"{BASE}/documents/")
    signed = f"{posted.headers['X-Assistant-Timestamp']}.".encode() + posted.body
    expected = hmac.new(question.telling.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert posted.headers["X-Assistant-Signature"] == f"sha256={expected}"
    assert abs(int(posted.headers["X-Assistant-Timestamp"]) - time.time()) < 60


def test_one_that_fails_is_tried_again_as_the_same_message_and_given_up(told: Told, there: Hook) -> None:
    question = told.keep(webhook=there.url)
    there.answers = [500, 503]
    told.find(question)
    wait_until(lambda: len(there.posted) == 3 and not told.left())
    assert len({(one.headers["X-Assistant-Delivery"], one.body) for one in there.posted}) == 1
    assert told.kept.get(question.id, "").troubles == {}
    there.answers = [500] * 10
    told.find(question, "Others nest on a barn.")
    wait_until(lambda: not told.left())
    assert len(there.posted) == 6
    assert "500" in told.kept.get(question.id, "").troubles["webhook"]


def test_nothing_is_sent_where_a_redirect_leads(told: Told, there: Hook) -> None:
    with hook() as other:
        question = told.keep(webhook=there.url)
        there.answers = [other.url] * 10
        told.find(question)
        wait_until(lambda: not told.left())
        assert len(there.posted) == 3
        assert other.posted == []
    assert "307" in told.kept.get(question.id, "").troubles["webhook"]


def test_a_private_address_is_not_posted_to(
    tmp_path: Path, there: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PAUSES", (0.02,))
    told = Told(tmp_path)
    try:
        question = told.keep(webhook=there.url)
        told.find(question)
        wait_until(lambda: not told.left())
        assert there.posted == []
        assert "inside your network" in told.kept.get(question.id, "").troubles["webhook"]
    finally:
        told.close()


def test_one_that_hangs_keeps_no_mail_waiting(
    told: Told, there: Hook, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.hangs.set()
    question = told.keep(webhook=there.url, mail="ben@example.org")
    told.find(question)
    wait_until(lambda: there.posted and box.mails)
    there.goes_on.set()
    wait_until(lambda: not told.left() and not told.left("mail"))


def test_one_that_hangs_keeps_no_other_server_waiting(told: Told, there: Hook) -> None:
    there.hangs.set()
    with hook() as other:
        hanging = told.keep(webhook=there.url)
        more = told.kept.add("When?", "", telling=hanging.telling).question
        reached = told.kept.add("Who?", "", telling=replace(hanging.telling, webhook=other.url)).question
        for question in (hanging, more, reached):
            told.find(question, f"They nest on mast {question.id}.")
        wait_until(lambda: there.posted and other.posted)
        assert len(there.posted) == 1  # one message at a time for each
        there.goes_on.set()
        wait_until(lambda: not told.left())
    assert len(there.posted) == 2


def test_a_host_that_has_kept_one_waiting_in_vain_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host_pool, "SLOW", 0.0)
    done = threading.Semaphore(0)
    pool = HostPool("test", done.release)
    pool.run("slow", lambda: False)
    pool.run("fast", lambda: True)
    for _ in range(2):
        assert done.acquire(timeout=10)
    assert pool.busy().keys() == {"slow"}
    pool.close()


def test_what_was_not_sent_is_sent_by_the_next_process(
    tmp_path: Path, there: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PAUSES", (1e5,))
    there.answers = [500]
    told = Told(tmp_path, allow_private_urls=True)
    question = told.keep(webhook=there.url)
    told.find(question)
    wait_until(lambda: "webhook" in told.kept.get(question.id, "").troubles)
    told.kept.store.deliveries.failed(
        told.kept.store.deliveries.due("webhook", time.time() + 1e6, 9), "", time.time()
    )
    told.close()
    told = Told(tmp_path, allow_private_urls=True)
    try:
        wait_until(lambda: len(there.posted) == 2 and not told.left())
    finally:
        told.close()


@pytest.mark.parametrize("data", ["{", "[]", '{"id": "x"}'])
def test_a_damaged_question_is_left_out_and_said_to_be(tmp_path: Path, data: str) -> None:
    store = StandingStore(tmp_path)
    kept = StandingList(store)
    damaged, whole = kept.add("Where?", "").question, kept.add("When?", "").question
    store.close()
    with closing(sqlite3.connect(tmp_path / NAME)) as file, file:
        file.execute("UPDATE questions SET data = ? WHERE id = ?", (data, damaged.id))
    store = StandingStore(tmp_path)
    assert [view.question for view in StandingList(store).of("")] == [whole]
    assert "left out: 1." in store.problem
    store.close()


@pytest.mark.parametrize("place", [0, 4096 + 8])
def test_a_damaged_file_is_set_aside(tmp_path: Path, place: int) -> None:
    store = StandingStore(tmp_path)
    StandingList(store).add("Where?", "")
    store.close()
    content = bytearray((tmp_path / NAME).read_bytes())
    content[place : place + 200] = b"\xff" * 200
    (tmp_path / NAME).write_bytes(content)
    store = StandingStore(tmp_path)
    assert store.questions() == []
    (aside,) = tmp_path.glob("standing.damaged-*.sqlite3")
    assert aside.read_bytes() == content
    assert aside.name in store.problem
    StandingList(store).add("Where?", "")
    store.close()
    store = StandingStore(tmp_path)
    assert (len(store.questions()), store.problem) == (1, "")
    store.close()


def test_a_message_that_was_under_way_when_the_process_ended_comes_again_as_it_was(
    tmp_path: Path, there: Hook
) -> None:
    before = Told(tmp_path, allow_private_urls=True)
    before.messenger.close()
    question = before.keep(webhook=there.url)
    before.find(question)
    (under_way,) = before.kept.store.deliveries.due("webhook", time.time(), 100)
    before.kept.store.deliveries.begun([under_way], time.time())
    before.find(question, "Another pair nests on the church.")
    before.close()
    after = Told(tmp_path, allow_private_urls=True)
    wait_until(lambda: len(there.posted) == 2 and not after.left())
    first, second = (posted.json for posted in there.posted)
    # Who has the first already knows it by its id, and must miss nothing.
    assert first["delivery"] == under_way.id
    assert [one["quote"] for one in first["findings"]] == [QUOTE]
    assert [one["quote"] for one in second["findings"]] == ["Another pair nests on the church."]
    after.close()


def test_a_question_with_much_that_is_new_keeps_no_other_waiting(
    told: Told, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MAIL_PAUSE", 60.0)
    monkeypatch.setattr(telling, "MOST_TOLD", 2)
    monkeypatch.setattr(telling, "_AT_ONCE", 4)
    much, little = told.keep(mail="much@example.org"), told.kept.add("When?", "").question
    told.kept.change(little.id, "", QuestionChanges(telling=replace(much.telling, mail="little@example.org")))
    for number in range(12):
        told.find(much, f"Pair {number} nests on a mast.")
    wait_until(lambda: box.mails)
    told.find(little, "They leave in August.")
    wait_until(lambda: "little@example.org" in {recipient for recipient, _ in box.mails})


def test_a_mail_says_what_is_new_and_has_one_recipient(told: Told, box: MailBox) -> None:
    question = told.keep(mail="ben@example.org", language="de")
    told.find(question)
    wait_until(lambda: box.mails and not told.left("mail"))
    ((recipient, mail),) = box.mails
    assert recipient == "ben@example.org"
    assert (mail["To"], mail["From"], mail["Bcc"]) == ("ben@example.org", "desk@example.org", None)
    assert "Where?" in str(mail["Subject"])
    assert mail["Message-ID"].startswith(f"<{question.id}-")
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert f"> {QUOTE}" in text
    assert f"{BASE}/documents/" in text
    assert "Es gibt Neues" in text
    assert len(box.logins) == 1


def test_mails_of_one_question_come_together(
    told: Told, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MAIL_PAUSE", 600.0)
    question = told.keep(mail="ben@example.org")
    for number in range(4):
        told.find(question, f"Storks nest on {number} masts.")
        if not number:
            wait_until(lambda: box.mails)
    monkeypatch.setattr(telling, "MAIL_PAUSE", 0.0)  # it is over
    told.messenger.wake()
    wait_until(lambda: not told.left("mail"))
    assert len(box.mails) == 2


def test_a_refused_mail_is_said_to_be(told: Told, box: MailBox) -> None:
    box.refusal = "550 no such box"
    question = told.keep(mail="ben@example.org")
    told.find(question)
    wait_until(lambda: not told.left("mail"))
    assert "no such box" in told.kept.get(question.id, "").troubles["mail"]
    assert box.mails == []


def test_a_test_says_what_was_taken(told: Told, there: Hook, box: MailBox) -> None:
    question = told.keep(mail="ben@example.org", webhook=there.url)
    box.refusal = "550 no"
    results = told.messenger.test(question, BASE)
    assert results["webhook"] == ""
    assert "550 no" in results["mail"]
    assert there.posted[0].json["type"] == "test"


def test_places_that_are_taken_away_get_nothing_more(told: Told, there: Hook) -> None:
    question = told.keep(webhook=there.url)
    there.answers = [500]
    told.find(question)
    wait_until(lambda: there.posted)
    nowhere = telling_to(question.telling, {"webhook": ""}, told.messenger, BASE)
    told.kept.change(question.id, "", QuestionChanges(telling=nowhere))
    assert told.left() == 0
    assert nowhere.secret == ""


@pytest.mark.parametrize(
    "webhook", ["ftp://example.org", "javascript:alert(1)", "//example.org", "http://a:b@example.org"]
)
def test_a_webhook_is_an_address_of_the_web(told: Told, webhook: str) -> None:
    with pytest.raises(SourceError):
        told.keep(webhook=webhook)


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.sampled_from("\r\n\0,;<> \"'():@[]"))
def test_nothing_but_one_address_is_taken(written: str, sign: str) -> None:
    with pytest.raises(BadQuestion):
        checked_address(f"anna{sign}{written}\nBcc: all@example.org")
    with pytest.raises(BadQuestion):
        checked_address(f"anna@example.org, {written}")


def test_a_password_goes_over_no_open_connection(monkeypatch: pytest.MonkeyPatch, box: MailBox) -> None:
    server = MailServer(
        host="127.0.0.1",
        port=box.port,
        tls=False,
        sender="a@example.org",
        user="anna",
        password="p",  # noqa: S106
    )
    monkeypatch.setattr("assistant.service.mail._is_here", lambda host: False)
    with pytest.raises(MailFailed, match="no encryption"):
        send(server, "ben@example.org", "Hello", "text", "key")
    assert box.logins == []


@pytest.mark.parametrize(
    "url",
    [
        "anna:p4ss@mail.example.org",
        "http://a:p4ss@mail.example.org",
        "smtp://",
        "smtp://a:p4ss@mail.example.org:0",
    ],
)
def test_a_wrong_mail_server_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_SMTP_URL", url)
    with pytest.raises(WrongSetting, match="ASSISTANT_SMTP_URL is wrong") as raised:
        load_settings(mail_from="a@example.org")
    assert "p4ss" not in str(raised.value)


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(WrongSetting, match="MAIL_FROM"):
        load_settings(smtp_url="smtps://mail.example.org")
    server = mail_server(load_settings(smtp_url="smtps://mail.example.org", mail_from="a@example.org"))
    assert server is not None
    assert (server.port, server.tls) == (465, True)
