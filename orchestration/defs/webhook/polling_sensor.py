"""Starts a run between the hours when sevDesk shows a change."""

import hashlib
import time
from datetime import datetime

import dagster as dg

from orchestration.jobs import REFRESH_JOB, UNFINISHED, any_run, last_start
from orchestration.meltano.project import MeltanoProject
from orchestration.paths import REPOSITORY
from orchestration.polling.change_check import CheckFailed, SignInRefused, find_change
from orchestration.refresh import refresh_of
from orchestration.selection import executable_keys
from orchestration.setting import text
from orchestration.settings import poll_min_seconds, poll_seconds, polling_on

WATCHED = dg.AssetKey(["RAW", "INVOICES"])
STREAMS_OF = {
    "Invoice": ("INVOICES", "INVOICE_POSITIONS", "CREDIT_NOTES", "ORDERS"),
    "Contact": ("CONTACTS", "CONTACT_ADDRESSES", "ACCOUNTING_CONTACTS", "COMMUNICATION_WAYS"),
}
"""What changes together with what the endpoint shows; an invoice's positions have no time of change of their own."""


@dg.definitions
def defs() -> dg.Definitions:
    @dg.sensor(
        name="sevdesk_changes",
        job_name=REFRESH_JOB,
        minimum_interval_seconds=poll_seconds(),
        default_status=dg.DefaultSensorStatus.RUNNING if polling_on() else dg.DefaultSensorStatus.STOPPED,
        description="Asks sevDesk every five minutes, with two small requests, whether anything changed.",
    )
    def sevdesk_changes(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if any_run(context.instance, UNFINISHED):
            return dg.SkipReason("a run is going")
        wait = poll_min_seconds() - (time.time() - last_start(context.instance))
        if wait > 0:
            return dg.SkipReason(f"the last run started a short while ago; the next look is in {int(wait)} s")
        loaded_until = _loaded_until(context.instance)
        if loaded_until is None:
            return dg.SkipReason("nothing was loaded yet; the first scheduled run does it")
        api_url, api_key = _connection()
        if not api_key:
            return dg.SkipReason("there is no API key: set SEVDESK_API_KEY")
        # A refused token is not tried again until it changes. The cursor keeps a digest of it, never the token.
        digest = hashlib.sha256(api_key.encode()).hexdigest()[:16]
        if context.cursor == f"refused {digest}":
            return dg.SkipReason("sevDesk refused this API key: set a new SEVDESK_API_KEY and restart the services")
        try:
            change = find_change(api_url, api_key, loaded_until)
        except SignInRefused:
            context.update_cursor(f"refused {digest}")
            return dg.SkipReason("sevDesk refused the API key: set a new SEVDESK_API_KEY and restart the services")
        except CheckFailed as error:
            return dg.SkipReason(str(error))
        if change is None:
            return dg.SkipReason("nothing changed")
        graph = context.repository_def.asset_graph
        changed = {dg.AssetKey(["RAW", stream]) for stream in STREAMS_OF[change.endpoint]} & executable_keys(graph)
        key = f"poll-{change.endpoint}-{int(change.updated_at)}"
        return dg.SensorResult(run_requests=[refresh_of(graph, changed, key)])

    return dg.Definitions(sensors=[sevdesk_changes])


def _loaded_until(instance: dg.DagsterInstance) -> float | None:
    event = instance.get_latest_materialization_event(WATCHED)
    materialization = event.asset_materialization if event else None
    bookmark = materialization.metadata.get("bookmark") if materialization else None
    try:
        return datetime.fromisoformat(str(bookmark.value)).timestamp() if bookmark else None
    except ValueError:
        return None


def _connection() -> tuple[str, str]:
    """The address and key that the tap uses in this environment."""
    project = MeltanoProject(REPOSITORY)
    config = project.extractor_config("tap-sevdesk", text("MELTANO_ENVIRONMENT", "local"))
    api_key = text("TAP_SEVDESK_API_KEY") or str(config.get("api_key") or "")
    return text("TAP_SEVDESK_API_URL") or str(config.get("api_url") or ""), _expand(api_key)


def _expand(value: str) -> str:
    """`$NAME` in meltano.yml stands for an environment variable."""
    return text(value[1:]) if value.startswith("$") else value
