"""Figures about the platform in Prometheus' text format, from what it keeps on disk. Imports no Dagster."""

import json
from collections.abc import Iterable
from pathlib import Path

from orchestration.alerting.outbox import Outbox
from orchestration.paths import state_dir
from orchestration.platform_pulse import pulse_at
from orchestration.webhook.inbox import Inbox

RUN_FIGURES = "run-figures.json"


def prometheus_text(inbox: Inbox, outbox: Outbox) -> str:
    """What `/metrics` answers: events, alerts, what is wrong, the pulse, and the figures of the newest runs."""
    waiting, received = inbox.counts()
    undelivered = sum(count for _, count, _ in outbox.undelivered())
    with outbox.incidents() as incidents:
        wrong = len(incidents.open())
    figures = [
        ("webhook_events_waiting", "gauge", "Events that no run has served yet", [("", waiting)]),
        ("webhook_events_remembered", "gauge", "Events received in the last week", [("", received)]),
        ("alerts_undelivered", "gauge", "Alerts that a channel has not taken yet", [("", undelivered)]),
        ("incidents_open", "gauge", "Faults that are not over", [("", wrong)]),
        ("daemon_pulse_timestamp_seconds", "gauge", "When a sensor last ticked", [("", pulse_at(state_dir()) or 0)]),
        *_run_figures(state_dir()),
    ]
    return "".join(_render(*figure) for figure in figures)


def note_run_figures(folder: Path, figures: dict[str, float]) -> None:
    """Keeps figures of the newest run for `/metrics`; others stay as they were."""
    path = folder / RUN_FIGURES
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps({**_read(path), **figures}))
    partial.replace(path)


def _run_figures(folder: Path) -> Iterable[tuple[str, str, str, list[tuple[str, float]]]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for name, value in sorted(_read(folder / RUN_FIGURES).items()):
        metric, _, label = name.partition("/")
        found.setdefault(metric, []).append((label, value))
    for metric, values in found.items():
        yield metric, "gauge", "Of the newest run", values


def _read(path: Path) -> dict[str, float]:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def _render(name: str, kind: str, help_text: str, values: list[tuple[str, float]]) -> str:
    lines = [f"# HELP sevdesk_platform_{name} {help_text}", f"# TYPE sevdesk_platform_{name} {kind}"]
    lines += [f"sevdesk_platform_{name}{f'{{{label}}}' if label else ''} {value}" for label, value in values]
    return "\n".join(lines) + "\n"
