"""Hourly, and a full sync each night, by Berlin's clock."""

import dagster as dg

from orchestration.jobs import FULL_SYNC_JOB, REFRESH_JOB, WAITING, any_run
from orchestration.refresh import whole_refresh
from orchestration.settings import schedules_on

TIMEZONE = "Europe/Berlin"
HOURLY = "0 * * * *"
NIGHTLY = "30 3 * * *"
"""Not between two and three: that hour is missing in March and there twice in October."""


@dg.definitions
def defs() -> dg.Definitions:
    everything = dg.AssetSelection.all()
    refresh = dg.define_asset_job(
        REFRESH_JOB,
        selection=everything,
        executor_def=dg.in_process_executor,
        description="Loads what changed, builds the models, tests them, and asks for the age of the numbers.",
    )
    full_sync = dg.define_asset_job(
        FULL_SYNC_JOB,
        selection=everything,
        executor_def=dg.in_process_executor,
        config={"ops": {"tap_sevdesk": {"config": {"full_sync": True}}}},
        description="The same after reading everything again, so that deletions in sevDesk arrive.",
    )
    status = dg.DefaultScheduleStatus.RUNNING if schedules_on() else dg.DefaultScheduleStatus.STOPPED

    @dg.schedule(
        name="hourly",
        job=refresh,
        cron_schedule=HOURLY,
        execution_timezone=TIMEZONE,
        default_status=status,
        description="Each full hour.",
    )
    def hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        return _request(context)

    @dg.schedule(
        name="nightly_full_sync",
        job=full_sync,
        cron_schedule=NIGHTLY,
        execution_timezone=TIMEZONE,
        default_status=status,
        description="Each night at half past three.",
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        # Never skipped: no hourly run does its work.
        return dg.RunRequest(run_key=_tick(context))

    return dg.Definitions(jobs=[refresh, full_sync], schedules=[hourly, nightly])


def _request(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One waiting run is enough: after a long one, or a night without the daemon, ticks do not pile up."""
    if any_run(context.instance, WAITING):
        return dg.SkipReason("a run is waiting already; it will do the same")
    now = context.scheduled_execution_time
    return whole_refresh(context.instance, context.repository_def.asset_graph, _tick(context), now)


def _tick(context: dg.ScheduleEvaluationContext) -> str:
    return context.scheduled_execution_time.isoformat()
