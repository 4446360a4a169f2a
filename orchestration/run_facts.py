"""Reads what the alerts need to know about a run from Dagster's instance."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.dagster_run import RunRecord
from dagster_shared.error import SerializableErrorInfo

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
ADVICE: Mapping[str, str] = {
    "the sign-in was refused": "Set a new API key or key pair (docs/operations.md, Changing keys).",
    "the configuration is wrong": "Correct the setting that the message names and restart the services.",
    "the data failed a test": "See the failed test in the run; the tables behind it keep their last good state.",
    "dbt could not build a model": "See the model's error in the run.",
    "another run of the same pipeline is going": "Wait for it, or see who runs Meltano by hand.",
}
DEFAULT_ADVICE = "See the run's log. The next scheduled run tries again."


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
    }
    events = [entry.event_log_entry for entry in instance.get_records_for_run(run.run_id, of_type=wanted).records]
    planned: dict[str, list[str]] = {}
    for event in events:
        if event.dagster_event.event_type is DagsterEventType.ASSET_MATERIALIZATION_PLANNED:
            key = event.dagster_event.asset_key
            planned.setdefault(event.dagster_event.step_key or "", []).append(key.to_user_string())
    failures = [event for event in events if event.dagster_event.event_type is DagsterEventType.STEP_FAILURE]
    reason, error, assets = _failure(failures, planned)
    if ended is Ended.FAILURE and not failures:
        last = [event for event in events if event.dagster_event.event_type is DagsterEventType.RUN_FAILURE][-1:]
        reason, error = "the run broke off", redact(last[0].dagster_event.message or "") if last else ""
    return RunFacts(
        run_id=run.run_id,
        job=run.job_name,
        link=f"{dagster_url()}/runs/{run.run_id}",
        started_at=record.start_time or record.create_timestamp.timestamp(),
        retries=tuple(_retries(events, planned)),
        ended=ended,
        ended_at=ended_at,
        will_retry=run.tags.get(WILL_RETRY_TAG) == "true",
        reason=reason,
        error=error,
        failed_assets=assets,
        advice=ADVICE.get(reason, DEFAULT_ADVICE),
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


def _failure(
    failures: Sequence[dg.EventLogEntry], planned: Mapping[str, list[str]]
) -> tuple[str, str, tuple[str, ...]]:
    """Why the run failed (few words), the first failed step's message, and the assets that are concerned."""
    if not failures:
        return "", "", ()
    event = failures[0].dagster_event
    data = event.step_failure_data
    metadata = data.user_failure_data.metadata if data.user_failure_data else {}
    reason = str(metadata["reason"].value) if "reason" in metadata else f"step {event.step_key} failed"
    named = metadata["failed_assets"].value if "failed_assets" in metadata else []
    assets = named or [key for failure in failures for key in planned.get(failure.dagster_event.step_key or "", [])]
    message = (data.user_failure_data.description if data.user_failure_data else None) or _message(data.error)
    return reason, redact(message), tuple(dict.fromkeys(assets))


def _message(error: SerializableErrorInfo | None) -> str:
    """What the step itself raised, without the name of its class."""
    while error is not None and error.cause is not None and error.cls_name in WRAPPERS:
        error = error.cause
    if error is None:
        return ""
    message = error.message.strip()
    head, separator, rest = message.partition(": ")
    return redact(rest if separator and " " not in head else message)
