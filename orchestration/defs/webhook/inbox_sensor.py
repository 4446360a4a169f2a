"""Starts one run for the events that the listener took."""

import time
from datetime import UTC, datetime

import dagster as dg

from orchestration.jobs import REFRESH_JOB, UNFINISHED, any_run, last_success
from orchestration.paths import state_dir
from orchestration.refresh import whole_refresh
from orchestration.settings import debounce_seconds, max_wait_seconds
from orchestration.webhook.decision import Runs, decide
from orchestration.webhook.inbox import Inbox


@dg.sensor(
    name="webhook_inbox",
    job_name=REFRESH_JOB,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts one run for the webhook events that came, after a short quiet time.",
)
def webhook_inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    inbox = Inbox(state_dir() / "webhook-inbox.sqlite")
    events = inbox.waiting()
    if not events:
        return dg.SkipReason("no events are waiting")
    success = last_success(context.instance)
    runs = Runs(
        unfinished=any_run(context.instance, UNFINISHED),
        last_success_started_at=success.started_at if success else None,
        last_success_id=success.run_id if success else None,
    )
    decision = decide(events, runs, time.time(), debounce_seconds(), max_wait_seconds())
    if decision.served and success:
        inbox.mark_handled(decision.served, f"run {success.run_id}")
    if not decision.start:
        return dg.SkipReason(decision.reason)
    # The events stay waiting until a run that started after them has succeeded, so that a run that fails or a daemon
    # that dies loses none of them. The run key keeps them from starting a second run meanwhile.
    newest = decision.start[-1]
    key = f"webhook-{newest.id}"
    tags = _clean({"webhook/events": str(len(decision.start)), "webhook/newest": newest.delivery_id[:60]})
    graph = context.repository_def.asset_graph
    return dg.SensorResult(run_requests=[whole_refresh(context.instance, graph, key, datetime.now(UTC), tags)])


def _clean(tags: dict[str, str]) -> dict[str, str]:
    """Tag values without anything that Dagster does not take or that a sender made up."""
    return {name: "".join(c for c in value if c.isalnum() or c in "-_.") or "none" for name, value in tags.items()}
