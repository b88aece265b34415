"""Spans of what takes time, for OpenTelemetry: off, and its libraries not imported, unless somebody says where they go.

The spans go to a collector by OTLP, in the background; one that does not answer keeps nobody waiting. They say which stage took how
long, how much it was for, and what kind of error ended it: never a question, a document's text, a name or an address. The provider
is this module's own: what libraries would tell to a global one, with what they were asked, goes nowhere.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ingest.settings import IngestSettings, traces_protocol

_SERVICE = "article-assistant"
_GRACE = 2.0  # seconds for what is left to be sent when the process ends
_lock = threading.Lock()
_tracer: Any = None  # an OpenTelemetry tracer once tracing is on
_last: _LastSpans | None = None

Attribute = str | int | float | bool


def begin(settings: IngestSettings) -> None:
    """Send spans from here on, if settings or the environment say where; once in a process."""
    global _tracer, _last
    protocol = traces_protocol(settings)
    with _lock:
        if not protocol or _tracer is not None:
            return
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(_exporter(protocol, settings.traces_url)))
        _tracer, _last = provider.get_tracer(_SERVICE), _LastSpans(provider)
        atexit.register(end)


def end() -> None:
    """Send what is left, for two seconds at most, and no more after it."""
    global _tracer, _last
    with _lock:
        last, _tracer, _last = _last, None, None
    if last is not None:
        last.send()


class _LastSpans:
    """Sends what is left when the process ends, in a thread: a collector that does not answer would be waited for for longer than anybody
    waits for a stop. The thread is there from the beginning, for none can be started while Python ends (since 3.12)."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._work, name="traces", daemon=True)
        self._thread.start()

    def send(self) -> None:
        """Returns once it is done, or after two seconds."""
        self._wanted.set()
        self._thread.join(_GRACE)

    def _work(self) -> None:
        self._wanted.wait()
        self._provider.shutdown()


def is_on() -> bool:
    return _tracer is not None


def _exporter(protocol: str, url: str) -> Any:
    """The exporter of OpenTelemetry, which reads the OTEL_EXPORTER_OTLP_* variables too."""
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as Exporter
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as Exporter
    if not url:
        return Exporter()
    return Exporter(endpoint=url if protocol == "grpc" else f"{url.rstrip('/')}/v1/traces")


def _resource() -> Any:
    """The name of this service, unless the environment gives another, and its version."""
    from opentelemetry.sdk.resources import Resource

    given = Resource.create()
    unnamed = str(given.attributes.get("service.name", "")).startswith("unknown_service")
    names = {"service.name": _SERVICE} if unnamed else {}
    with suppress(PackageNotFoundError):  # run from a checkout that is not installed
        names["service.version"] = version(_SERVICE)
    return given.merge(Resource(names))


# -- spans -----------------------------------------------------------------------------------


class Trace:
    """A span, or nothing where tracing is off."""

    def __init__(self, span: Any = None) -> None:
        self._span = span
        self._clock = time.time_ns() - time.perf_counter_ns()

    @property
    def id(self) -> str:
        """The id of the whole trace, in 32 hexadecimal digits; empty where it is not recorded."""
        if self._span is None or not self._span.is_recording():
            return ""
        return f"{self._span.get_span_context().trace_id:032x}"

    def note(self, **attributes: Attribute) -> None:
        """Say how much it was for. Nothing that people have written goes in here."""
        if self._span is not None:
            self._span.set_attributes(_named(attributes))

    def stage(self, name: str, began: float, ended: float) -> None:
        """A part of it that has ended, between two moments of `time.perf_counter`."""
        if self._span is not None and _tracer is not None:
            from opentelemetry.trace import set_span_in_context

            began_ns, ended_ns = (self._clock + round(moment * 1e9) for moment in (began, ended))
            part = _tracer.start_span(name, context=set_span_in_context(self._span), start_time=began_ns)
            part.end(ended_ns)

    @contextmanager
    def current(self) -> Iterator[None]:
        """What is begun within is part of it. Not to be left by a generator that yields."""
        if self._span is None:
            yield
            return
        from opentelemetry.trace import use_span

        with use_span(self._span, record_exception=False, set_status_on_exception=False):
            yield

    def failed(self, error: BaseException) -> None:
        """It was ended by an error, whose kind is said; its message may have words of documents."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR)
            self._span.set_attribute("error.type", type(error).__name__)

    def end(self) -> None:
        if self._span is not None:
            self._span.end()


_NOTHING = Trace()


@contextmanager
def traced(name: str, **attributes: Attribute) -> Iterator[Trace]:
    """A span whose stages are told by `Trace.stage`: for generators, each step of which may run in another context."""
    if _tracer is None:
        yield _NOTHING
        return
    trace = Trace(_tracer.start_span(name, attributes=_named(attributes)))
    try:
        yield trace
    except GeneratorExit:
        trace.note(abandoned=True)
        raise
    except BaseException as error:
        trace.failed(error)
        raise
    finally:
        trace.end()


@contextmanager
def span(
    name: str, *, carrier: Mapping[str, str] | None = None, links: Sequence[str] = (), **attributes: Attribute
) -> Iterator[Trace]:
    """A span that what is begun within is part of; itself part of the current one, or of that which ``carrier`` names.

    ``carrier`` has the headers of a request, whose ``traceparent`` counts. With ``links`` it belongs to other traces
    too, without being part of them: each is a ``traceparent``.
    """
    if _tracer is None:
        yield _NOTHING
        return
    from opentelemetry.trace import Link, SpanKind

    trace = Trace(
        _tracer.start_span(
            name,
            context=_remote(carrier) if carrier is not None else None,
            kind=SpanKind.SERVER if carrier is not None else SpanKind.INTERNAL,
            links=[Link(context) for one in links if (context := _span_context(one))],
            attributes=_named(attributes),
        )
    )
    try:
        with trace.current():
            yield trace
    except BaseException as error:
        trace.failed(error)
        raise
    finally:
        trace.end()


def trace_id() -> str:
    """The id of the trace that the caller is part of; empty where there is none."""
    if _tracer is None:
        return ""
    from opentelemetry.trace import get_current_span

    return Trace(get_current_span()).id


def traceparent() -> str:
    """The current span as W3C's header names it; empty where there is none."""
    if _tracer is None:
        return ""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent", "")


def _remote(carrier: Mapping[str, str]) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract(dict(carrier), context=Context())


def _span_context(parent: str) -> Any:
    from opentelemetry.trace import get_current_span

    found = get_current_span(_remote({"traceparent": parent})).get_span_context() if parent else None
    return found if found is not None and found.is_valid else None


def _named(attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """Attributes under names of this product; those that OpenTelemetry has names for are written with a full stop."""
    return {name if "." in name else f"assistant.{name}": value for name, value in attributes.items()}
