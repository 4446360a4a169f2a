"""Runs that end well or badly, and a channel that keeps what it would send."""

from orchestration.alerting.alert import Kind
from orchestration.alerting.channel import ChannelError
from orchestration.alerting.run_alerts import Ended, RunFacts, StepRetry

NOW = 1_764_060_000.0  # 25 November 2025, 09:40 in Berlin
HOUR = 3600.0
ALL = [(list(Kind), ["slack", "email"])]


class Recorder:
    """Keeps what a channel would send."""

    def __init__(self, name: str = "slack") -> None:
        self.name = name
        self.sent: list[tuple[str, str]] = []
        self.error: ChannelError | None = None

    def send(self, headline: str, body: str) -> None:
        if self.error:
            raise self.error
        self.sent.append((headline, body))


def run(number: int, **facts: object) -> RunFacts:
    fields = {
        "run_id": f"run-{number}",
        "job": "sevdesk_refresh",
        "link": f"http://dagster/runs/run-{number}",
        "started_at": NOW + number * HOUR,
        "ended_at": NOW + number * HOUR + 60,
        **facts,
    }
    return RunFacts(**fields)


def failed(number: int, reason: str = "the extractor failed", **facts: object) -> RunFacts:
    fields = {"error": "tap-sevdesk: sevDesk answered 503", "failed_assets": ("RAW/INVOICES",), **facts}
    return run(number, ended=Ended.FAILURE, reason=reason, **fields)


def good(number: int, **facts: object) -> RunFacts:
    return run(number, ended=Ended.SUCCESS, **facts)


def retry(number: int, at: float = NOW) -> StepRetry:
    return StepRetry("tap_sevdesk", number, at, "tap-sevdesk: sevDesk answered 503", ("RAW/INVOICES",), 120)
