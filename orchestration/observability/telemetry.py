"""Traces and metrics of a step by OpenTelemetry, when OTEL_EXPORTER_OTLP_ENDPOINT (or one of its kind) is set."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from orchestration.setting import text

logger = logging.getLogger("orchestration.telemetry")

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SERVICE = "sevdesk-data-platform"
NANOSECONDS = 1_000_000_000


@dataclass(frozen=True)
class Part:
    """A part of a step: a stream that was read, a table that was loaded, a model that was built.

    :ivar started_at: in unix seconds
    """

    name: str
    started_at: float
    seconds: float
    attributes: Mapping[str, str | int | float]


class StepTelemetry(Protocol):
    """Takes the parts of a step, and figures of it."""

    def parts(self, found: Iterable[Part]) -> None: ...

    def count(self, name: str, value: float, attributes: Mapping[str, str]) -> None: ...


class _Off:
    def parts(self, found: Iterable[Part]) -> None:
        """Nobody asked for traces."""

    def count(self, name: str, value: float, attributes: Mapping[str, str]) -> None:
        """Nobody asked for metrics."""


@contextmanager
def telemetry(step: str, run_id: str) -> Iterator[StepTelemetry]:
    """A span around a step. What it was given is sent when the step ends, however it ends; a collector that is down
    fails no step."""
    if not any(text(name) for name in ENDPOINTS):
        yield _Off()
        return
    # Loaded only where it is used: it takes a second.
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import set_span_in_context

    resource = Resource.create({"service.name": text("OTEL_SERVICE_NAME", SERVICE)})
    tracers = TracerProvider(resource=resource)
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource=resource)
    tracer, meter = tracers.get_tracer(SERVICE), meters.get_meter(SERVICE)

    class On:
        def __init__(self, span) -> None:
            self._within = set_span_in_context(span)

        def parts(self, found: Iterable[Part]) -> None:
            for part in found:
                start = int(part.started_at * NANOSECONDS)
                child = tracer.start_span(part.name, self._within, attributes=dict(part.attributes), start_time=start)
                child.end(start + int(part.seconds * NANOSECONDS))

        def count(self, name: str, value: float, attributes: Mapping[str, str]) -> None:
            meter.create_counter(name).add(value, dict(attributes))

    try:
        with tracer.start_as_current_span(step, attributes={"dagster.run_id": run_id, "dagster.step": step}) as span:
            yield On(span)
    finally:
        for provider in (tracers, meters):
            try:
                provider.shutdown()
            except Exception as error:
                logger.warning("telemetry could not be sent (%s)", type(error).__name__)
