"""The jobs, and how to tell whether one is going."""

import time
from dataclasses import dataclass

import dagster as dg

REFRESH_JOB = "sevdesk_refresh"
FULL_SYNC_JOB = "sevdesk_full_sync"
PIPELINE_JOBS = (REFRESH_JOB, FULL_SYNC_JOB)
COMPLETE_TAG = "pipeline/complete"
"""On runs that read everything in sevDesk, although they may leave out what cannot have changed."""
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED]
LOOK_BACK_RUNS = 20
RETRY_IS_MADE_WITHIN_SECONDS = 300
"""After that long without the retry the daemon does not make it, and nothing waits for it any more."""


def any_run(instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus]) -> bool:
    """Whether a run of the pipeline is in one of these states, or failed and is about to be retried."""
    return any(
        instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=statuses)) > 0 for job in PIPELINE_JOBS
    ) or _retry_is_coming(instance)


def _retry_is_coming(instance: dg.DagsterInstance) -> bool:
    """Whether the newest run failed, will be retried, and the retry has not been made yet."""
    for job in PIPELINE_JOBS:
        # Only the newest matters: an older one was overtaken, and a retry is newer than what it retries.
        for record in instance.get_run_records(dg.RunsFilter(job_name=job), limit=1):
            run = record.dagster_run
            failed = run.status is dg.DagsterRunStatus.FAILURE and run.tags.get("dagster/will_retry") == "true"
            if failed and time.time() - (record.end_time or 0) < RETRY_IS_MADE_WITHIN_SECONDS:
                return True
    return False


@dataclass(frozen=True)
class Success:
    """A successful run of the whole pipeline, and when it started."""

    run_id: str
    started_at: float


def last_success(instance: dg.DagsterInstance) -> Success | None:
    """The newest successful run of the whole pipeline.

    A retry took over what its parents had done before it, so it counts from when the first of them started.
    """
    newest: Success | None = None
    for job in PIPELINE_JOBS:
        filters = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.SUCCESS])
        for record in instance.get_run_records(filters, limit=LOOK_BACK_RUNS):
            run = record.dagster_run
            if run.asset_selection and COMPLETE_TAG not in run.tags:
                continue
            root = record.dagster_run.root_run_id
            first = instance.get_run_record_by_id(root) if root else record
            started = (first or record).start_time
            if started is not None and (newest is None or started > newest.started_at):
                newest = Success(record.dagster_run.run_id, started)
            break
    return newest


def last_start(instance: dg.DagsterInstance) -> float:
    """When the newest run of the pipeline was made, in unix seconds; 0 before the first."""
    newest = [
        record.create_timestamp.timestamp()
        for job in PIPELINE_JOBS
        for record in instance.get_run_records(dg.RunsFilter(job_name=job), limit=1)
    ]
    return max(newest, default=0.0)
