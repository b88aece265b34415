"""The metrics that Prometheus reads at /metrics. Each application has a registry of its own."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from assistant.answering.timing import STAGES
from assistant.service.condition import KINDS, Condition, condition_of
from assistant.service.service import Service
from assistant.types import Answer
from ingest.tracing import trace_id

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """Thread-safe."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # its memory and processor time, on Linux
        self._requests = Counter(
            "assistant_requests",
            "HTTP requests, by the route they went to.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._request_seconds = Histogram(
            "assistant_request_seconds",
            "Time from a request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._questions = Counter(
            "assistant_questions",
            "Questions answered, by how (quoted or generated).",
            ["mode"],
            registry=self._registry,
        )
        self._refusals = Counter(
            "assistant_refusals", "Questions that the documents do not answer.", registry=self._registry
        )
        self._question_seconds = Histogram(
            "assistant_question_seconds",
            "Time from a question to its whole answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stage_seconds = Histogram(
            "assistant_stage_seconds",
            "Time that a stage of an answer took.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._tokens = Counter(
            "assistant_model_tokens",
            "Tokens that the language model read (input) and wrote (output).",
            ["kind"],
            registry=self._registry,
        )

    def watch(self, service: Service) -> None:
        """Report also what ``service`` holds."""
        self._registry.register(_ServiceGauges(service))

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """All metrics and their media type: OpenMetrics for whoever accepts that, else Prometheus' text format.

        OpenMetrics has an exemplar for times of requests and questions that are traced: the id of the trace.
        """
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds, exemplar())

    def answered(self, answer: Answer) -> None:
        self._questions.labels(answer.mode).inc()
        if answer.refused:
            self._refusals.inc()
        self._question_seconds.observe(answer.timings_ms.get("total", 0.0) / 1000, exemplar())
        for stage in STAGES:
            if stage in answer.timings_ms:
                self._stage_seconds.labels(stage).observe(answer.timings_ms[stage] / 1000)
        self._tokens.labels("input").inc(answer.usage.input_tokens)
        self._tokens.labels("output").inc(answer.usage.output_tokens)


def exemplar() -> dict[str, str] | None:
    """What leads from a measured time to the trace that it is of."""
    trace = trace_id()
    return {"trace_id": trace} if trace else None


class _ServiceGauges(Collector):
    """What the service holds, read when /metrics is requested."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        index = self._service.assistant.index if self._service.state == "ready" else None
        yield GaugeMetricFamily(
            "assistant_ready", "Whether questions can be answered.", 1.0 if index else 0.0
        )
        yield GaugeMetricFamily(
            "assistant_documents", "Documents.", index.present.tally.documents if index else 0
        )
        yield GaugeMetricFamily("assistant_passages", "Passages.", index.catalogue.passages if index else 0)
        found = condition_of(self._service)
        jobs = GaugeMetricFamily("assistant_jobs", "Jobs remembered, by state.", labels=["state"])
        for state, number in found.job_states.items():
            jobs.add_metric([state], number)
        yield jobs
        yield from _condition_gauges(found)
        yield from _of_standing_questions(self._service)


def _of_standing_questions(service: Service) -> Iterator[Metric]:
    kept = GaugeMetricFamily(
        "assistant_standing_questions", "Standing questions, by state.", labels=["state"]
    )
    states = Tally("paused" if one.paused else "active" for one in service.standing.questions())
    for state in ("active", "paused"):
        kept.add_metric([state], states[state])
    yield kept
    counts = service.standing_counts
    counters = {
        "standing_arrivals": ("Documents looked through for standing questions.", counts.arrivals),
        "standing_asked": ("Standing questions asked because a document may answer them.", counts.asked),
        "standing_told": ("Findings told of standing questions.", counts.told),
    }
    for name, (help_text, value) in counters.items():
        yield CounterMetricFamily(f"assistant_{name}", help_text, value)


def _condition_gauges(found: Condition) -> Iterator[Metric]:
    gauges = {
        "oldest_waiting_job_seconds": ("How long the oldest job has waited.", found.jobs.oldest),
        "running_job_seconds": ("How long the longest job has been running.", found.jobs.running),
        "silent_job_seconds": ("How long a running job has not gone on.", found.jobs.silent),
        "disk_free_bytes": ("Free where the data folder lies.", found.free),
        "disk_bytes": ("Size of the disk on which the data folder lies.", found.disk),
        "deliveries_failing": ("Standing questions whose messages cannot be sent.", found.deliveries_failing),
        "followed_failing": ("Followed sources that cannot be visited.", found.following_failing),
        "arrivals_waiting": ("Documents not looked through for standing questions.", found.arrivals_waiting),
        "slow_questions": ("Questions of the last hour that took long.", len(found.slow_questions)),
    }
    for name, (help_text, value) in gauges.items():
        yield GaugeMetricFamily(f"assistant_{name}", help_text, value)
    concerns = GaugeMetricFamily(
        "assistant_concern", "Whether something is slow or stuck, by what.", labels=["kind"]
    )
    present = {one.kind for one in found.concerns}
    for kind in KINDS:
        concerns.add_metric([kind], float(kind in present))
    yield concerns
