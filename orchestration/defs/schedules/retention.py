"""Deletes runs that nobody looks at any more: the history would grow for ever."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.jobs import UNFINISHED
from orchestration.settings import run_retention_days

SUNDAY = "15 5 * * 0"
PAGE = 100


@dg.op
def delete_old_runs(context: dg.OpExecutionContext) -> None:
    """Deletes finished runs with their logs. What is known of assets stays."""
    context.log.info(f"deleted {forget_runs(context.instance, datetime.now(UTC), run_retention_days())} runs")


@dg.job(description="Deletes runs that are older than RUN_RETENTION_DAYS.", executor_def=dg.in_process_executor)
def forget_old_runs() -> None:
    delete_old_runs()


@dg.definitions
def defs() -> dg.Definitions:
    schedule = dg.ScheduleDefinition(
        name="weekly_forget_old_runs",
        job=forget_old_runs,
        cron_schedule=SUNDAY,
        execution_timezone="Europe/Berlin",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(jobs=[forget_old_runs], schedules=[schedule])


def forget_runs(instance: dg.DagsterInstance, now: datetime, days: int) -> int:
    """Returns how many runs were deleted; 0 days keep all."""
    if days == 0:
        return 0
    old = dg.RunsFilter(created_before=now - timedelta(days=days))
    deleted = 0
    while True:
        runs = [run for run in instance.get_runs(old, limit=PAGE) if run.status not in UNFINISHED]
        for run in runs:
            instance.delete_run(run.run_id)
        deleted += len(runs)
        if len(runs) < PAGE:
            return deleted
