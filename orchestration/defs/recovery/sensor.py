"""Fails runs whose process is gone, so that they are tried again and free the pool."""

import json

import dagster as dg

from orchestration.recovery import fail_runs, stranded_runs


@dg.sensor(
    name="stranded_runs",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Fails runs whose process is gone. The code location notices most itself; not those of one before it.",
)
def stranded(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    suspected = set(json.loads(context.cursor or "[]"))
    found = stranded_runs(context.instance)
    confirmed = [run for run in found if run.run_id in suspected]
    fail_runs(context.instance, confirmed)
    context.update_cursor(json.dumps([run.run_id for run in found if run not in confirmed]))
    return dg.SkipReason(f"marked {len(confirmed)} runs as failed, because their process is gone")
