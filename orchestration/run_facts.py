"""Reads what the alerts need to know about a run from Dagster's instance."""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.dagster_run import RunRecord
from dagster_shared.error import SerializableErrorInfo

from orchestration.alerting.cause import Cause
from orchestration.alerting.fault import Fault
from orchestration.alerting.redact import redact
from orchestration.alerting.run_alerts import Ended, RunFacts, StepRetry
from orchestration.settings import dagster_url

WRAPPERS = {"RetryRequested", "RetryRequestedFromPolicy", "DagsterExecutionStepExecutionError"}
"""What Dagster wraps an op's exception in."""
WILL_RETRY_TAG = "dagster/will_retry"
TAG_IS_SET_WITHIN_SECONDS = 30
ENDS = {
    dg.DagsterRunStatus.SUCCESS: Ended.SUCCESS,
    dg.DagsterRunStatus.FAILURE: Ended.FAILURE,
    dg.DagsterRunStatus.CANCELED: Ended.CANCELED,
}


def read_run(instance: dg.DagsterInstance, record: RunRecord) -> RunFacts | None:
    """The facts of a run, texts redacted; None while it is not decided yet whether a failed run is retried."""
    run = record.dagster_run
    ended = ENDS.get(run.status)
    ended_at = record.end_time or record.update_timestamp.timestamp()
    undecided = ended is Ended.FAILURE and instance.run_retries_enabled and WILL_RETRY_TAG not in run.tags
    if undecided and time.time() - ended_at < TAG_IS_SET_WITHIN_SECONDS:
        return None
    wanted = {
        DagsterEventType.STEP_UP_FOR_RETRY,
        DagsterEventType.STEP_FAILURE,
        DagsterEventType.RUN_FAILURE,
        DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
        DagsterEventType.ASSET_MATERIALIZATION,
    }
    events = [entry.event_log_entry for entry in instance.get_records_for_run(run.run_id, of_type=wanted).records]
    planned: dict[str, list[str]] = {}
    for event in events:
        if event.dagster_event.event_type is DagsterEventType.ASSET_MATERIALIZATION_PLANNED:
            key = event.dagster_event.asset_key
            planned.setdefault(event.dagster_event.step_key or "", []).append(key.to_user_string())
    succeeded = {
        event.dagster_event.asset_key.to_user_string()
        for event in events
        if event.dagster_event.event_type is DagsterEventType.ASSET_MATERIALIZATION
    }
    failures = [event for event in events if event.dagster_event.event_type is DagsterEventType.STEP_FAILURE]
    faults = [_fault(event, planned, succeeded) for event in failures]
    if ended is Ended.FAILURE and not failures:
        last = [event for event in events if event.dagster_event.event_type is DagsterEventType.RUN_FAILURE][-1:]
        message = redact(last[0].dagster_event.message or "") if last else ""
        missing = [asset for assets in planned.values() for asset in assets if asset not in succeeded]
        faults = [Fault(Cause.BROKE_OFF, tuple(missing) or (run.job_name,), message)]
    return RunFacts(
        run_id=run.run_id,
        job=run.job_name,
        link=f"{dagster_url()}/runs/{run.run_id}",
        started_at=record.start_time or record.create_timestamp.timestamp(),
        retries=tuple(_retries(events, planned)),
        ended=ended,
        ended_at=ended_at,
        will_retry=run.tags.get(WILL_RETRY_TAG) == "true",
        faults=tuple(faults),
        succeeded=tuple(sorted(succeeded)),
    )


def _retries(events: Sequence[dg.EventLogEntry], planned: Mapping[str, list[str]]) -> list[StepRetry]:
    numbers: Counter[str] = Counter()
    retries = []
    for event in events:
        if event.dagster_event.event_type is not DagsterEventType.STEP_UP_FOR_RETRY:
            continue
        step = event.dagster_event.step_key or "?"
        numbers[step] += 1
        data = event.dagster_event.step_retry_data
        error = _message(data.error)
        wait = float(data.seconds_to_wait) if data.seconds_to_wait else None
        # Those that the message names come first: an alert lists a few only.
        assets = sorted(planned.get(step, ()), key=lambda asset, error=error: asset not in error)
        retries.append(StepRetry(step, numbers[step], event.timestamp, error, tuple(assets), wait))
    return retries


def _fault(event: dg.EventLogEntry, planned: Mapping[str, list[str]], succeeded: Collection[str]) -> Fault:
    """What a failed step says: the class of cause, the service, and the assets that are concerned."""
    step = event.dagster_event.step_key or "?"
    data = event.dagster_event.step_failure_data
    told = data.user_failure_data
    metadata = told.metadata if told else {}

    def said(name: str, default: Any = "") -> Any:
        return metadata[name].value if name in metadata else default

    message = redact((told.description if told else None) or _message(data.error))
    missing = [asset for asset in planned.get(step, ()) if asset not in succeeded]
    assets = tuple(dict.fromkeys(said("failed_assets", []) or missing))
    fault = Fault.of(str(said("reason")), message, assets, subject=step, detail=str(said("detail")))
    cause = said("cause")
    return replace(fault, cause=Cause(cause)) if cause else fault


def _message(error: SerializableErrorInfo | None) -> str:
    """What the step itself raised, without the name of its class."""
    while error is not None and error.cause is not None and error.cls_name in WRAPPERS:
        error = error.cause
    if error is None:
        return ""
    message = error.message.strip()
    head, separator, rest = message.partition(": ")
    return redact(rest if separator and " " not in head else message)
