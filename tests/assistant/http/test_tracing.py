"""Spans of a question and of an ingestion, as a collector gets them by OTLP: in this process, with the small model."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from assistant.answering.timing import STAGES
from assistant.http.metrics import Metrics
from assistant.server.app import recorder
from assistant.service.service import Service
from assistant.settings import Settings
from ingest import tracing
from ingest.settings import IngestSettings, traces_protocol
from tests.support.collector import Collector, ReceivedSpan, collector
from tests.support.server import BRIDGE, ROOT, Server, environment, serving, wait_until_ready
from tests.support.waiting import wait_until

QUESTION = "How many metres long was the old railway bridge at Remagen?"
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OPEN_METRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}


@contextmanager
def served(folder: Path, model: Path, **options: str) -> Iterator[Server]:
    chosen = Settings.model_validate({"data_dir": folder / "data", "embedding_model": str(model), **options})
    metrics = Metrics()
    service = Service(chosen, on_answer=recorder(metrics, chosen))
    with serving(service, metrics=metrics) as server:
        wait_until_ready(server)
        yield server


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[tuple[Collector, str]]:
    """What a collector gets of an upload and a question, and the metrics after them."""
    with collector() as found:
        with served(tmp_path_factory.mktemp("traced"), tiny_model, traces_url=found.url) as server:
            (job,) = server.add(bridge=BRIDGE)
            assert job["state"] == "done"
            answer = server.call(
                "POST", "/api/ask", json={"question": QUESTION}, headers={"traceparent": CALLER}
            ).json()
            assert answer["citations"]
            server.call("GET", "/api/documents/nowhere")
            measured = server.call("GET", "/metrics", headers=OPEN_METRICS)
            assert measured.headers["content-type"].startswith("application/openmetrics-text")
        tracing.end()  # what the process would do at its end
        assert not tracing.is_on()
        yield found, measured.text


def only(found: Collector, name: str) -> ReceivedSpan:
    (one,) = found.named(name)
    return one


def test_a_question_is_part_of_its_request_and_made_of_its_stages(traced: tuple[Collector, str]) -> None:
    found, _ = traced
    request, answer = only(found, "POST /api/ask"), only(found, "answer")
    assert (request.trace, request.parent) == tuple(CALLER.split("-")[1:3])
    assert request.attributes["http.route"] == "/api/ask"
    assert request.attributes["http.response.status_code"] == 200
    assert (answer.trace, answer.parent) == (request.trace, request.id)
    assert answer.attributes["assistant.mode"] == "quoted"
    stages = sorted(
        (one for one in found.spans if one.parent == answer.id), key=lambda one: (one.began, one.ended)
    )
    assert {one.name for one in stages} <= {f"answer.{stage}" for stage in STAGES}
    assert {"answer.retrieve", "answer.read", "answer.check"} <= {one.name for one in stages}
    for one, later in zip(stages, [*stages[1:], None], strict=True):
        assert answer.began <= one.began <= one.ended <= answer.ended
        assert later is None or one.ended <= later.began
    assert found.services == {"article-assistant"}


def test_an_ingestion_is_made_of_its_stages_and_names_its_request(traced: tuple[Collector, str]) -> None:
    found, _ = traced
    upload, jobs, ingestion = only(found, "POST /api/documents"), only(found, "jobs"), only(found, "ingest")
    assert jobs.parent == ""
    assert jobs.links == (upload.id,)
    assert (ingestion.trace, ingestion.parent) == (jobs.trace, jobs.id)
    assert {"ingest.read", "ingest.split", "ingest.embed", "ingest.store"} <= found.below(ingestion)
    assert found.below(only(found, "ingest.store")) == {
        "store.record",
        "store.words",
        "store.stories",
        "store.quotations",
    }
    assert only(found, "ingest.embed").attributes["assistant.passages"] >= 1
    assert only(found, "ingest.read").attributes["assistant.format"] == "text/markdown"


def test_no_words_of_people_are_sent(traced: tuple[Collector, str]) -> None:
    found, _ = traced
    sent = b" ".join(found.bodies).lower()
    for word in set(re.findall(r"[a-z]{6,}", f"{QUESTION} {BRIDGE}".lower())) | {"nowhere", "bridge.md"}:
        assert word.encode() not in sent, word


def test_a_slow_question_leads_to_its_trace(traced: tuple[Collector, str]) -> None:
    """OpenMetrics has exemplars; the older text format, which is given to whoever asks for nothing else, has none."""
    found, text = traced
    families = {family.name: family for family in text_string_to_metric_families(text)}
    exemplars = [
        sample.exemplar.labels["trace_id"]
        for sample in families["assistant_question_seconds"].samples
        if sample.exemplar
    ]
    assert exemplars == [only(found, "answer").trace]


def test_nothing_is_sent_unless_somebody_says_where(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
        with served(tmp_path, tiny_model) as server:
            server.add(bridge=BRIDGE)
            server.call("POST", "/api/ask", json={"question": QUESTION})
            assert "trace_id" not in server.call("GET", "/metrics", headers=OPEN_METRICS).text
        assert not tracing.is_on()
        assert found.requests == 0
        # With the standard variable alone they are.
        monkeypatch.delenv("OTEL_SDK_DISABLED")
        tracing.begin(IngestSettings())
        with tracing.span("some"), tracing.span("part"):
            pass
        tracing.end()
        wait_until(lambda: len(found.spans) == 2, 10)


@pytest.mark.parametrize(
    ("variables", "protocol"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, "http"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1/v1/traces"}, "http"),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc",
            },
            "grpc",
        ),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"ASSISTANT_TRACES_URL": "http://127.0.0.1:1"}, "http"),
    ],
)
def test_the_standard_variables_decide(
    variables: dict[str, str], protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert traces_protocol(IngestSettings()) == protocol


# Since Python 3.12 no thread can be started while the process ends.
ENDING = """
import threading
from ingest import tracing
from ingest.settings import IngestSettings
tracing.begin(IngestSettings())
with tracing.span("a"):
    pass
def refuse(thread):
    raise RuntimeError("can't create new thread at interpreter shutdown")
threading.Thread.start = refuse
"""


def test_a_process_sends_what_is_left_when_it_ends() -> None:
    with collector() as found:
        done = _ends(found.url)
        assert (done.stderr, [one.name for one in found.spans]) == ("", ["a"])


def test_a_collector_that_does_not_answer_keeps_nobody_waiting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, and says nothing
        began = time.monotonic()
        done = _ends(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert time.monotonic() - began < 9  # the exporter alone would wait for ten seconds
    assert "RuntimeError" not in done.stderr


def _ends(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ENDING],
        env=environment(ASSISTANT_TRACES_URL=url),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=True,
    )


def test_off_it_imports_nothing() -> None:
    script = (
        "import sys; from ingest import tracing; from ingest.settings import IngestSettings\n"
        "tracing.begin(IngestSettings())\n"
        "with tracing.span('a', links=['b']), tracing.traced('c') as trace: trace.stage('d', 0, 1)\n"
        "assert not tracing.trace_id() and not tracing.traceparent(); tracing.end()\n"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", script], env=environment(), cwd=ROOT, timeout=60, check=True)
