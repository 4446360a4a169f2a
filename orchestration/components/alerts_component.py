"""Alerts as configuration: who is told what."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState
from pydantic import Field

from orchestration.alerting.channel import ChannelError
from orchestration.alerting.freshness_alerts import Freshness, observe_freshness
from orchestration.alerting.heartbeat import beat
from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.reminders import ReminderPolicy, remind
from orchestration.alerting.routes import channels_from_env, router
from orchestration.alerting.run_alerts import Telling, observe_run
from orchestration.dashboard import DASHBOARD_KEY, known_data_as_of
from orchestration.jobs import UNFINISHED, last_success
from orchestration.paths import state_dir
from orchestration.platform_pulse import note_pulse
from orchestration.run_facts import read_run
from orchestration.settings import (
    alert_escalate_seconds,
    alert_language,
    alert_repeat_seconds,
    dagster_url,
    heartbeat_url,
    max_age_seconds,
    runbook_url,
)

FIRST_LOOK_BACK = timedelta(hours=1)
OVERLAP = timedelta(minutes=5)
"""Runs that changed shortly before the last look are looked at again; what was seen is not told twice."""


class RouteModel(dg.Model, dg.Resolvable):
    """Alerts of these kinds go to these channels."""

    kinds: Sequence[str]
    channels: Sequence[str]


class AlertsComponent(dg.Component, dg.Model, dg.Resolvable):
    """Three sensors: one sees what happens to runs, one how old the dashboard is, one delivers.

    Alerts go into a durable outbox first. A channel that is down fails no run and loses no alert: delivery is tried
    again until it is taken. Channels exist when their settings do (SLACK_*, SMTP_*).
    """

    routes: list[RouteModel]
    assets: list[str] = Field(default_factory=list, description="What is named in alerts about the dashboard's age")
    escalation: list[str] = Field(default_factory=list, description="Channels that are told what nobody fixes")
    soft_assets: list[str] = Field(default_factory=list, description="What others go on without")
    interval_seconds: int = 15

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        routes = [(route.kinds, route.channels) for route in self.routes]
        # What is wrong is told when the code location loads, not when something is on fire.
        router([*routes, ((), self.escalation)], ())
        dagster_url()
        alert_language()
        named = tuple([DASHBOARD_KEY.to_user_string(), *self.assets])

        def outbox() -> Outbox:
            channels = [channel.name for channel in channels_from_env()]
            return Outbox(state_dir() / "alert-outbox.sqlite", router(routes, channels))

        def telling() -> Telling:
            return Telling(alert_language(), tuple(self.soft_assets), runbook_url())

        def policy() -> ReminderPolicy:
            present = [channel.name for channel in channels_from_env() if channel.name in self.escalation]
            return ReminderPolicy(alert_repeat_seconds(), alert_escalate_seconds(), present)

        def sensor(name: str, description: str):
            return dg.sensor(
                name=name,
                description=description,
                minimum_interval_seconds=self.interval_seconds,
                default_status=dg.DefaultSensorStatus.RUNNING,
                # These start no runs; without a target Dagster knows that.
            )

        @sensor("run_alerts", "Notices runs that fail, are retried, or succeed again.")
        def run_alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
            now = datetime.now(UTC)
            since = datetime.fromisoformat(context.cursor) if context.cursor else now - FIRST_LOOK_BACK
            box, as_of = outbox(), known_data_as_of(context.instance)
            now_seconds, undecided = time.time(), 0
            found = []
            records = {
                record.dagster_run.run_id: record
                for filters in (dg.RunsFilter(updated_after=since - OVERLAP), dg.RunsFilter(statuses=UNFINISHED))
                for record in context.instance.get_run_records(filters)
            }
            for record in sorted(records.values(), key=lambda record: record.storage_id):
                facts = read_run(context.instance, record)
                if facts is None:
                    undecided += 1
                else:
                    found.append(facts)
            # In the order in which they ended: a later success is not to be taken back by an earlier failure.
            for facts in sorted(found, key=lambda facts: facts.ended_at if facts.ended else now_seconds):
                observe_run(box, facts, as_of, now_seconds, telling())
            remind(box, policy(), as_of, now_seconds, alert_language())
            context.update_cursor(now.isoformat())
            return dg.SkipReason(f"looked at {len(records)} runs, {undecided} of them undecided")

        @sensor("dashboard_freshness", "Notices when the dashboard gets outdated, and when it is fresh again.")
        def dashboard_freshness(context: dg.SensorEvaluationContext) -> dg.SkipReason:
            event = context.instance.get_latest_materialization_event(DASHBOARD_KEY)
            state = context.instance.get_freshness_state_records([DASHBOARD_KEY]).get(DASHBOARD_KEY)
            freshness = Freshness(
                data_as_of=known_data_as_of(context.instance),
                built_at=event.timestamp if event else None,
                overdue_by_dagster=state is not None and state.freshness_state is FreshnessState.FAIL,
            )
            link = f"{dagster_url()}/assets/{'/'.join(DASHBOARD_KEY.path)}"
            found = observe_freshness(outbox(), freshness, named, max_age_seconds(), link, time.time(), telling())
            return dg.SkipReason(f"the dashboard is {found}")

        @sensor("alert_delivery", "Delivers alerts, and tries again what a channel did not take.")
        def alert_delivery(context: dg.SensorEvaluationContext) -> dg.SkipReason:
            note_pulse(state_dir())
            box = outbox()
            _heartbeat(context)
            channels = channels_from_env()
            if not channels:
                return dg.SkipReason(
                    "no channel is configured: set SLACK_WEBHOOK_URL, or SLACK_BOT_TOKEN, or SMTP_HOST"
                )
            attempts = deliver(box, channels, time.time())
            for attempt in attempts:
                if attempt.error:
                    context.log.warning(f"{attempt.channel}: {attempt.error}; it will be retried")
            waiting = ", ".join(f"{count} for {channel} ({error})" for channel, count, error in box.undelivered())
            delivered = sum(attempt.delivered for attempt in attempts)
            return dg.SkipReason(f"delivered {delivered}" + (f"; waiting: {waiting}" if waiting else ""))

        return dg.Definitions(sensors=[run_alerts, dashboard_freshness, alert_delivery])


def _heartbeat(context: dg.SensorEvaluationContext) -> None:
    """Calls the dead man's switch once for each good run; when it does not answer, with the next tick again."""
    url = heartbeat_url()
    success = last_success(context.instance) if url else None
    if success is None or context.cursor == success.run_id:
        return
    try:
        beat(url)
        context.update_cursor(success.run_id)
    except ChannelError as error:
        context.log.warning(str(error))
