"""Figures, traces and lineage as those who collect them get them; collectors are loopback stand-ins."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration.alerting.channel import ChannelError
from orchestration.alerting.heartbeat import beat
from orchestration.alerting.outbox import Outbox
from orchestration.observability.lineage import Move, emit
from orchestration.observability.metrics import note_run_figures, prometheus_text
from orchestration.observability.telemetry import Part, telemetry
from orchestration.webhook.inbox import Delivery, Inbox


class Collector:
    """Keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.status = 200
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                collector.sent.append((self.path, body))
                self.send_response(collector.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.headers["Content-Length"] = "0"
                self.do_POST()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.sent]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    found.stop()


PART = Part("tap-sevdesk invoices", 1_764_060_000.0, 2.5, {"stream": "invoices"})


def test_a_step_leaves_a_trace_and_metrics(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    with telemetry("tap-sevdesk", "run-1") as sink:
        sink.parts([PART])
        sink.count("target.rows_loaded", 7, {"stream": "invoices"})
    assert set(collector.paths()) == {"/v1/traces", "/v1/metrics"}
    traces = next(body for path, body in collector.sent if path == "/v1/traces")
    assert b"tap-sevdesk invoices" in traces
    assert b"run-1" in traces
    assert b"target.rows_loaded" in next(body for path, body in collector.sent if path == "/v1/metrics")


def test_without_a_collector_nothing_is_sent_and_one_that_refuses_fails_no_step(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    with telemetry("tap-sevdesk", "run-1") as sink:
        sink.parts([PART])
    assert emit("run-1", [Move("a", ["sevdesk"], ["RAW/INVOICES"])]) == 0
    collector.status = 400
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OPENLINEAGE_URL", collector.url)
    with telemetry("tap-sevdesk", "run-1") as sink:
        sink.parts([PART])
    assert emit("run-1", [Move("a", ["sevdesk"], ["RAW/INVOICES"]), Move("b", [], [])]) == 0


def test_lineage_names_tables_as_openlineage_does(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLINEAGE_URL", collector.url)
    monkeypatch.setenv("SNOWFLAKE_ACCOUNT", "org-account")
    moves = [Move("dbt.enriched", ["STAGING/INVOICES_STG"], ["DBT/ENRICHED"]), Move("x", ["sevdesk"], [], False)]
    assert emit("run-1", moves) == 2
    [event, failed] = [json.loads(body) for _, body in collector.sent]
    assert event["eventType"] == "COMPLETE"
    assert (event["inputs"][0]["namespace"], event["inputs"][0]["name"]) == (
        "snowflake://org-account",
        "SEVDESK.STAGING.INVOICES_STG",
    )
    assert event["outputs"][0]["name"] == "SEVDESK.DBT.ENRICHED"
    assert failed["eventType"] == "FAIL"


def test_prometheus_gets_each_metric_once_with_all_its_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    inbox = Inbox(tmp_path / "inbox.sqlite")
    inbox.receive([Delivery("msg_1", "", 1.0, None)])
    (tmp_path / "platform").mkdir()
    note_run_figures(tmp_path / "platform", {'rows_loaded/stream="invoices"': 3})
    note_run_figures(tmp_path / "platform", {'rows_loaded/stream="orders"': 0, "dbt_execution_seconds": 1.5})
    text = prometheus_text(inbox, Outbox(tmp_path / "outbox.sqlite", lambda _: []))
    lines = text.splitlines()
    assert "sevdesk_platform_webhook_events_waiting 1" in lines
    assert 'sevdesk_platform_rows_loaded{stream="invoices"} 3' in lines
    assert 'sevdesk_platform_rows_loaded{stream="orders"} 0' in lines
    assert "sevdesk_platform_dbt_execution_seconds 1.5" in lines
    kinds = [line for line in lines if line.startswith("# TYPE")]
    assert len(kinds) == len(set(kinds))


def test_a_heartbeat_that_is_not_answered_is_told_without_its_address(collector: Collector) -> None:
    beat(f"{collector.url}/a-secret-id")
    collector.status = 500
    with pytest.raises(ChannelError, match="500") as caught:
        beat(f"{collector.url}/a-secret-id")
    assert "secret" not in str(caught.value)
