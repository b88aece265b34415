"""What is slow or stuck is told, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import cli
from assistant.answering.timing import Clock
from assistant.http.metrics import Metrics
from assistant.service import condition
from assistant.service.condition import KINDS, Concern, condition_of, job_times
from assistant.service.jobs import Job, JobState
from assistant.service.question_times import QuestionTimes
from assistant.service.service import Service
from assistant.settings import Settings
from assistant.standing.types import NewFinding, Telling
from assistant.types import Answer
from assistant.web.documents.concern_list import concern_list
from assistant.web.kit.localisation import translations, words
from tests.support.server import KEYS, serving, wait_until_ready

NOW = 1_000_000.0


def answer(**timings_ms: float) -> Answer:
    return Answer(
        question="Where is Anna?",
        text="Here.",
        statements=(),
        citations=(),
        refused=False,
        mode="quoted",
        language="en",
        timings_ms=timings_ms,
    )


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """One that has not begun to load."""
    service = Service(Settings.model_validate({"data_dir": tmp_path / "data"}))
    yield service
    service.close()


def kinds(found: condition.Condition) -> list[str]:
    return [one.kind for one in found.concerns]


def test_a_server_at_rest_has_no_concerns(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "LEAST_FREE", 0.0)  # whatever the disk of the test has
    found = condition_of(service)
    assert kinds(found) == []
    assert found.disk > found.free > 0


def test_what_goes_on_failing_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "LEAST_SHARE", 1.1)
    monkeypatch.setattr(condition, "LEAST_FREE", 1e18)
    followed = service.following.add("https://example.org/feed", "", folders=False).source
    service.following.update(followed.id, lambda source: replace(source, failures=1))
    asked = service.standing.add("Where?", "", telling=Telling(webhook="https://x.org/")).question
    assert kinds(condition_of(service)) == ["disk_nearly_full"]  # one visit that fails is nothing
    service.following.update(followed.id, lambda source: replace(source, failures=2))
    _found_for(service, asked.id)
    deliveries = service.standing.store.deliveries
    deliveries.failed(deliveries.due("webhook", time.time() + 1, 10), "It does not answer.", time.time() + 60)
    found = condition_of(service)
    assert kinds(found) == ["deliveries_failing", "following_failing", "disk_nearly_full"]
    assert (found.deliveries_failing, found.following_failing) == (1, 1)
    service.following.pause(followed.id, True)
    deliveries.sent(deliveries.due("webhook", time.time() + 100, 10))
    assert kinds(condition_of(service)) == ["disk_nearly_full"]


def test_the_command_tells_what_the_server_does(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(condition, "LEAST_SHARE", 1.1)
    monkeypatch.setattr(condition, "LEAST_FREE", 1e18)
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", str(tiny_model))
    service = Service(Settings())
    service.question_times.took(answer(read=6_000.0, total=6_000.0))
    with serving(service) as server:
        service.lock.announce("assistant serve", server.url)
        wait_until_ready(server)
        assert cli.main(["status"]) == 0
    said = capsys.readouterr().out
    assert "slow or stuck           The disk with the data folder is nearly full" in said
    assert "slow or stuck           Questions of the last hour took long (1 of 1)" in said
    assert "6.0 s, most of it: read" in said


def test_a_database_that_is_away_is_told_and_hides_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "LEAST_SHARE", 1.1)
    monkeypatch.setattr(condition, "LEAST_FREE", 1e18)
    (tmp_path / "shared").mkdir()
    shared = {"shared_dir": tmp_path / "shared", "database_url": "postgresql://127.0.0.1:9/nowhere"}
    chosen = {"data_dir": tmp_path / "data", "chroma_url": "http://127.0.0.1:9", **shared}
    service = Service(Settings.model_validate(chosen))
    metrics = Metrics()
    metrics.watch(service)
    assert kinds(condition_of(service)) == ["database_away", "disk_nearly_full"]
    assert 'assistant_concern{kind="database_away"} 1.0' in metrics.text()[0].decode()
    service.close()


def test_readers_are_not_told_what_is_slow(tmp_path: Path, tiny_model: Path) -> None:
    keys = ",".join(f"{role}:{role}:{KEYS[role]}" for role in ("reader", "editor"))
    chosen = {"data_dir": tmp_path / "data", "embedding_model": str(tiny_model), "api_keys": keys}
    service = Service(Settings.model_validate(chosen))
    service.question_times.took(answer(read=6_000.0, total=6_000.0))
    with serving(service) as server:
        shown = {
            role: server.call("GET", "/api/status", headers={"Authorization": f"Bearer {KEYS[role]}"}).json()
            for role in ("reader", "editor")
        }
    assert (shown["reader"]["concerns"], shown["reader"]["slow_questions"]) == ([], [])
    assert len(shown["editor"]["slow_questions"]) == 1


def _found_for(service: Service, question_id: str) -> None:
    service.standing.store.arrive([("d", "v")], [], [], 0.0, asked=True)
    arrival = service.standing.store.next_arrival()
    assert arrival is not None
    finding = NewFinding(
        question_id=question_id,
        document_id="d",
        version="v",
        start=0,
        end=3,
        quote="Yes",
        title="T",
        found=datetime.now(UTC),
        language="en",
    )
    service.standing.tell(arrival, question_id, [finding])
    service.standing.store.settle(arrival)


def test_slow_questions_are_told_with_their_stage_and_without_their_words(service: Service) -> None:
    times = service.question_times
    for _ in range(30):
        times.took(answer(retrieve=20.0, read=30.0, total=50.0))
    times.took(answer(retrieve=100.0, model=20_000.0, total=20_100.0))  # models take their time
    assert not condition_of(service).slow_questions
    times.took(answer(retrieve=100.0, read=6_000.0, total=6_100.0))
    (slow,) = condition_of(service).slow_questions
    assert (slow.stage, round(slow.seconds, 1)) == ("read", 6.1)
    assert "questions_slow" not in kinds(condition_of(service))  # one of thirty is no concern
    times.took(answer(retrieve=9_000.0, read=10.0, total=9_010.0))
    assert "questions_slow" in kinds(condition_of(service))
    assert "Anna" not in repr(condition_of(service))


def test_slow_questions_are_forgotten_after_an_hour() -> None:
    now = [NOW]
    times = QuestionTimes(clock=lambda: now[0])
    times.took(answer(read=9_000.0, total=9_000.0))
    assert len(times.recent()) == 1
    now[0] += 3_700
    assert times.recent() == []


@pytest.mark.parametrize(
    ("jobs", "told"),
    [
        ([], []),
        ([Job(id="a", source="a", queued=NOW - 500)], []),
        ([Job(id="a", source="a", queued=NOW - 700)], ["jobs_waiting"]),
        ([Job(id="a", source="a", state="running", stage="embedding", began=NOW - 500, moved=NOW - 2)], []),
        (
            [Job(id="a", source="a", state="running", stage="embedding", began=NOW - 700, moved=NOW - 2)],
            ["job_slow"],
        ),
        (
            [Job(id="a", source="a", state="running", stage="reading", began=NOW - 400, moved=NOW - 400)],
            ["job_stuck"],
        ),
        # Of those that are done together one goes on; another batch, of another server, does not.
        (
            [
                Job(id="a", source="a", state="running", stage="waiting", began=NOW - 450, moved=NOW - 450),
                Job(id="b", source="b", state="running", stage="reading", began=NOW - 450, moved=NOW - 2),
            ],
            [],
        ),
        (
            [
                Job(id="a", source="a", state="running", stage="reading", began=NOW - 400, moved=NOW - 400),
                Job(id="b", source="b", state="running", stage="reading", began=NOW - 450, moved=NOW - 2),
            ],
            ["job_stuck"],
        ),
        # An earlier release has noted no times.
        ([Job(id="a", source="a"), Job(id="b", source="b", state="running")], []),
        # Where they usually take two minutes, twelve are not many.
        (
            [
                Job(id="a", source="a", state="running", stage="reading", began=NOW - 700, moved=NOW - 2),
                Job(id="b", source="b", state="done", began=NOW - 9_120, moved=NOW - 9_000),
            ],
            [],
        ),
    ],
)
def test_jobs_that_take_long_are_told_with_their_stage(jobs: list[Job], told: list[str]) -> None:
    found = list(condition._of_jobs(job_times(jobs, NOW), NOW))
    assert [one.kind for one in found] == told
    for one in found:
        assert one.since is not None
        assert one.kind == "jobs_waiting" or jobs[0].stage in one.words


states = st.sampled_from(get_args(JobState))
moments = st.floats(0, NOW, allow_nan=False)


@given(st.lists(st.tuples(states, moments, moments, moments), max_size=8))
def test_times_of_jobs_are_never_negative(drawn: list[tuple[JobState, float, float, float]]) -> None:
    jobs = [
        Job(id=str(number), source="x", state=state, queued=moment[0], began=moment[1], moved=moment[2])
        for number, (state, *given_moments) in enumerate(drawn)
        for moment in [sorted(given_moments)]
    ]
    times = job_times(jobs, NOW)
    assert min(times.oldest, times.running, times.silent, times.usual) >= 0
    assert times.waiting == sum(state == "queued" for state, *_ in drawn)
    assert times.silent <= max(times.running, times.silent)


def test_every_concern_has_words_in_each_language() -> None:
    values: dict[str, str | float] = {
        "n": 3,
        "of": 40,
        "minutes": 12,
        "stage": "embedding",
        "gigabytes": 1.5,
    }
    concerns = [Concern(kind=kind, values=values) for kind in KINDS]
    for one in concerns:
        assert one.words
        assert "{" not in one.words
    for language in translations():
        shown = concern_list(concerns, words(language))
        assert str(shown).count("<li>") == len(KINDS)
        assert "{" not in str(shown)
    assert not concern_list([], words("en"))


@given(st.lists(st.tuples(st.sampled_from(["retrieve", "read", "check"]), st.floats(0, 3)), max_size=20))
def test_the_stages_are_together_the_total(steps: list[tuple[str, float]]) -> None:
    now = [0.0]
    told: list[tuple[str, float, float]] = []
    clock = Clock(now=lambda: now[0], on_lap=lambda *lap: told.append(lap))
    for stage, seconds in steps:
        now[0] += seconds
        clock.lap(stage)
        clock.mark("first_token")
    laps = dict(clock.laps)
    total = laps.pop("total", 0.0)
    laps.pop("first_token", None)
    assert sum(laps.values()) == pytest.approx(total)
    assert total == pytest.approx(now[0] * 1000, abs=0.06)
    assert [stage for stage, _, _ in told] == [stage for stage, _ in steps]
