"""Goes on with what does not need the streams that failed."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import yaml
from dagster import DagsterEventType

from orchestration.alerting.configured import DEFS
from orchestration.jobs import PIPELINE_JOBS, REFRESH_JOB, UNFINISHED, any_run
from orchestration.selection import what_can_go_on

LOOK_BACK = timedelta(hours=2)
"""An older failure was overtaken by the next hourly run."""
GOES_ON_TAG = "pipeline/goes-on-from"


@dg.sensor(
    name="unaffected_assets",
    job_name=REFRESH_JOB,
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="After a run that failed in part, builds what needs nothing of what failed.",
)
def unaffected_assets(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    if any_run(context.instance, UNFINISHED):
        return dg.SkipReason("a run is going")
    record = _newest(context.instance)
    if record is None:
        return dg.SkipReason("there was no run lately")
    run = record.dagster_run
    if run.status is not dg.DagsterRunStatus.FAILURE or GOES_ON_TAG in run.tags:
        return dg.SkipReason("the newest run did not fail in part")
    assets = _assets_of(context.instance, run.run_id)
    # Without a step that says what failed the run broke off; it is started again as a whole.
    going = what_can_go_on(context.repository_def.asset_graph, *assets, _soft()) if assets[2] else set()
    if not going:
        return dg.SkipReason("nothing can go on without what failed")
    request = dg.RunRequest(
        run_key=f"go-on-{run.run_id}", asset_selection=sorted(going), tags={GOES_ON_TAG: run.run_id}
    )
    return dg.SensorResult(run_requests=[request])


def _newest(instance: dg.DagsterInstance):
    since = datetime.now(UTC) - LOOK_BACK
    records = [
        record
        for job in PIPELINE_JOBS
        for record in instance.get_run_records(dg.RunsFilter(job_name=job, updated_after=since), limit=1)
    ]
    return max(records, key=lambda record: record.storage_id, default=None)


def _assets_of(
    instance: dg.DagsterInstance, run_id: str
) -> tuple[set[dg.AssetKey], set[dg.AssetKey], set[dg.AssetKey]]:
    """The assets that a run planned, those that succeeded, and those that failed."""
    kinds = {
        DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
        DagsterEventType.ASSET_MATERIALIZATION,
        DagsterEventType.STEP_FAILURE,
    }
    events = [
        record.event_log_entry.dagster_event for record in instance.get_records_for_run(run_id, of_type=kinds).records
    ]
    planned = {
        event.asset_key: event.step_key
        for event in events
        if event.event_type is DagsterEventType.ASSET_MATERIALIZATION_PLANNED
    }
    done = {event.asset_key for event in events if event.event_type is DagsterEventType.ASSET_MATERIALIZATION}
    broken = {event.step_key for event in events if event.event_type is DagsterEventType.STEP_FAILURE}
    failed = {key for key, step in planned.items() if step in broken and key not in done}
    return set(planned), done, failed


def _soft() -> set[dg.AssetKey]:
    names = yaml.safe_load(DEFS.read_text())["attributes"].get("soft_assets", [])
    return {dg.AssetKey(name.split("/")) for name in names}
